"""The life of an appointment: appoint, reassign, end, resign, withdraw, expire.

Each verb locks the unit before it reads who is in office, so that of two people acting at once
one wins and the other is told. Nothing here commits. ``by`` is the right something is done by: the
desk has its own, on a change form.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.audit.operations import record
from admin_app.audit.vocabulary import Event
from admin_app.delegation.candidates import Candidate, Identified, identify, known_person
from admin_app.delegation.facts import facts_of
from admin_app.delegation.models import Appointment
from admin_app.delegation.rules import has_room, waits_for
from admin_app.delegation.terms import (
    about,
    begin,
    end_office,
    expire_pending,
    former_of,
    is_last,
    open_appointments,
    put_down,
    tell,
    void,
)
from admin_app.delegation.vocabulary import (
    AlreadyAdministrator,
    AlreadyPending,
    AppointmentOver,
    AppointmentState,
    Ending,
    LastAdministrator,
    NotPending,
    ReplacedBySamePerson,
    SuccessorPending,
    UnitFull,
    UnitNotInUse,
)
from admin_app.errors import NotFound
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.operations import archive_unit
from admin_app.hierarchy.rows import lock_unit
from admin_app.hierarchy.vocabulary import UnitStatus
from admin_app.identity.models import Person
from admin_app.policy.rules import Decision, require
from admin_app.policy.vocabulary import Permission


def appoint(
    act: Act,
    unit_id: int,
    candidate: Candidate,
    *,
    by: Permission = Permission.ADMINISTRATOR_APPOINT,
) -> Appointment:
    """Give somebody office at a unit: at once if known and verified, else pending.

    Raises:
        NotFound, Refused, UnitNotInUse, UnitFull, AlreadyAdministrator, AlreadyPending,
        NameAndNumberDiffer, PersonNameMissing, IdNumberMalformed, IdNumberCheckWrong,
        PassportNotVerifiable
    """
    who = identify(act, candidate)
    unit = lock_unit(act.session, unit_id)
    decision = _require(act, by, unit)
    expire_pending(act, unit)
    _require_not_there(act.session, unit, who)
    _require_room(act, unit)
    appointment = put_down(act, unit, who)
    event = _begin_or_wait(act, appointment, unit, known_person(act, who))
    record(act, event, **about(appointment, unit), decision=decision)
    return appointment


def reassign(
    act: Act,
    appointment_id: int,
    successor: Candidate,
    *,
    by: Permission = Permission.ADMINISTRATOR_REASSIGN,
) -> Appointment:
    """Put somebody else in the place of a current administrator, without a gap.

    A successor who can't take office yet is pending; the one in office stays until then.

    Raises:
        as ``appoint``, and AppointmentOver, ReplacedBySamePerson, SuccessorPending
    """
    who = identify(act, successor)
    former, unit = _lock(act.session, appointment_id)
    decision = _require(act, by, unit)
    _require_current(former)
    if who.index == former.id_index:
        raise ReplacedBySamePerson(field="id_number")
    expire_pending(act, unit)
    _require_not_there(act.session, unit, who)
    _require_no_successor(act.session, former, unit)
    appointment = put_down(act, unit, who, replaces=former)
    event = _begin_or_wait(act, appointment, unit, known_person(act, who))
    if event is Event.ADMINISTRATOR_APPOINTED:
        event = Event.ADMINISTRATOR_REASSIGNED
    record(act, event, **about(appointment, unit), decision=decision, former=former.name)
    return appointment


def end(
    act: Act,
    appointment_id: int,
    *,
    confirmed_last: bool = False,
    by: Permission = Permission.ADMINISTRATOR_END,
) -> Appointment:
    """End a current administrator's office.

    Raises:
        NotFound, Refused, AppointmentOver, LastAdministrator
    """
    appointment, unit = _lock(act.session, appointment_id)
    decision = _require(act, by, unit)
    _require_current(appointment)
    _require_not_last(act.session, appointment, unit, confirmed_last)
    end_office(act, appointment, unit, Ending.ENDED)
    record(act, Event.ADMINISTRATOR_ENDED, **about(appointment, unit), decision=decision)
    return appointment


def resign(act: Act, appointment_id: int, *, confirmed_last: bool = False) -> Appointment:
    """Give up one's own office.

    Raises:
        NotFound: somebody else's. AppointmentOver, LastAdministrator
    """
    appointment, unit = _lock(act.session, appointment_id)
    if appointment.person_id is None or appointment.person_id != act.actor.person_id:
        raise NotFound
    _require_current(appointment)
    _require_not_last(act.session, appointment, unit, confirmed_last)
    end_office(act, appointment, unit, Ending.RESIGNED)
    record(act, Event.ADMINISTRATOR_RESIGNED, **about(appointment, unit))
    return appointment


def withdraw(act: Act, appointment_id: int) -> Appointment:
    """Take back a pending appointment before it takes effect.

    Raises:
        NotFound, Refused, NotPending
    """
    appointment, unit = _lock(act.session, appointment_id)
    decision = _require(act, Permission.ADMINISTRATOR_END, unit)
    if appointment.state is not AppointmentState.PENDING:
        raise NotPending(state=appointment.state.label)
    void(act, appointment, AppointmentState.WITHDRAWN)
    record(act, Event.APPOINTMENT_WITHDRAWN, **about(appointment, unit), decision=decision)
    return appointment


def acknowledge(act: Act, appointment_id: int) -> None:
    """Close the notice that tells a person of their own new office.

    Raises:
        NotFound: somebody else's.
    """
    appointment = act.session.get(Appointment, appointment_id)
    if appointment is None or act.actor.person_id is None:
        raise NotFound
    if appointment.person_id != act.actor.person_id:
        raise NotFound
    appointment.told_at = appointment.told_at or act.at


def close_unit(act: Act, unit_id: int, version: int) -> Unit:
    """Archive a unit and end the offices at it.

    Raises:
        as ``hierarchy.operations.archive_unit``
    """
    unit = archive_unit(act, facts_of, unit_id, version)
    for appointment in open_appointments(act.session, unit):
        if appointment.state is AppointmentState.CURRENT:
            end_office(act, appointment, unit, Ending.UNIT_ARCHIVED)
            record(
                act,
                Event.ADMINISTRATOR_ENDED,
                **about(appointment, unit),
                ending=Ending.UNIT_ARCHIVED.value,
            )
        else:
            void(act, appointment, AppointmentState.WITHDRAWN)
            record(act, Event.APPOINTMENT_WITHDRAWN, **about(appointment, unit))
    return unit


def _require(act: Act, permission: Permission, unit: Unit) -> Decision:
    facts = facts_of(act.session, unit)
    return require(act.actor, permission, facts, act.reason, act.involved)


def _require_not_there(session: Session, unit: Unit, who: Identified) -> None:
    if unit.status is UnitStatus.ARCHIVED:
        raise UnitNotInUse(unit=unit.name)
    for appointment in open_appointments(session, unit):
        if appointment.id_index == who.index:
            if appointment.state is AppointmentState.PENDING:
                raise AlreadyPending(field="id_number", unit=unit.name)
            raise AlreadyAdministrator(field="id_number", unit=unit.name, name=who.name)


def _require_no_successor(session: Session, former: Appointment, unit: Unit) -> None:
    for appointment in open_appointments(session, unit):
        if appointment.replaces_id == former.id:
            raise SuccessorPending(successor=appointment.name, name=former.name)


def _require_room(act: Act, unit: Unit) -> None:
    limit = act.limits.administrators_per_unit
    pending = act.session.scalar(
        select(func.count()).where(
            Appointment.unit_id == unit.id,
            Appointment.state == AppointmentState.PENDING,
            Appointment.replaces_id.is_(None),
        )
    )
    if not has_room(current=unit.administrators, pending=pending or 0, limit=limit):
        raise UnitFull(unit=unit.name, most=limit)


def _require_current(appointment: Appointment) -> None:
    if appointment.state is AppointmentState.CURRENT:
        return
    what = appointment.ending.label if appointment.ending else appointment.state.label
    raise AppointmentOver(name=appointment.name, what=what, by=appointment.ended_by or "—")


def _require_not_last(
    session: Session, appointment: Appointment, unit: Unit, confirmed: bool
) -> None:
    if not confirmed and is_last(session, appointment, unit):
        raise LastAdministrator(field="confirmed", name=appointment.name, unit=unit.name)


def _begin_or_wait(act: Act, appointment: Appointment, unit: Unit, person: Person | None) -> Event:
    former = former_of(act.session, appointment)
    waiting = waits_for(
        level=person.assurance_level if person else None,
        name_matches=True,
        unit_in_use=True,
        room=True,
    )
    if waiting is not None or person is None:
        appointment.waiting = waiting
        tell(act, "appointment.waiting", appointment)
        return Event.ADMINISTRATOR_PENDING
    if former:
        end_office(act, former, unit, Ending.REASSIGNED)
    begin(act, appointment, unit, person)
    return Event.ADMINISTRATOR_APPOINTED


def _lock(session: Session, appointment_id: int) -> tuple[Appointment, Unit]:
    """Lock the unit first, then read the appointment as it is now."""
    unit_id = session.scalar(select(Appointment.unit_id).where(Appointment.id == appointment_id))
    if unit_id is None:
        raise NotFound
    unit = lock_unit(session, unit_id)
    appointment = session.get(Appointment, appointment_id, populate_existing=True)
    if appointment is None:
        raise NotFound
    return appointment, unit
