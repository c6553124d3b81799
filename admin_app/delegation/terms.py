"""How an office begins, waits, lapses and ends: the steps that the verbs are made of.

The unit is locked by the caller; its count of administrators changes here and nowhere else.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.audit.act import PLATFORM, Act
from admin_app.audit.operations import announce, record
from admin_app.audit.vocabulary import Event
from admin_app.delegation.candidates import Identified
from admin_app.delegation.models import Appointment
from admin_app.delegation.rules import waits_for
from admin_app.delegation.vocabulary import AppointmentState, Ending, Waiting
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.vocabulary import UnitStatus
from admin_app.identity.models import Person
from admin_app.identity.names import same_name


def put_down(
    act: Act, unit: Unit, who: Identified, replaces: Appointment | None = None
) -> Appointment:
    """Write an appointment down, pending for now."""
    actor = act.actor
    appointment = Appointment(
        unit_id=unit.id,
        state=AppointmentState.PENDING,
        name=who.name,
        id_type=who.id_type,
        id_sealed=act.sealer.seal(who.id_number),
        id_index=who.index,
        appointed_at=act.at,
        appointed_by=actor.name,
        appointed_as=actor.capacity.value,
        appointed_from=actor.office.unit_name if actor.office else "",
        reason=act.reason,
        expires_at=act.at + timedelta(days=act.limits.pending_days),
        replaces_id=replaces.id if replaces else None,
    )
    act.session.add(appointment)
    act.session.flush()
    return appointment


def begin(act: Act, appointment: Appointment, unit: Unit, person: Person) -> None:
    """From pending to current."""
    appointment.state = AppointmentState.CURRENT
    appointment.person_id = person.id
    appointment.since = act.at
    appointment.waiting = None
    unit.administrators += 1
    act.session.flush()
    tell(act, "appointment.began", appointment)


def end_office(act: Act, appointment: Appointment, unit: Unit, ending: Ending) -> None:
    """From current to ended."""
    appointment.state = AppointmentState.ENDED
    appointment.until = act.at
    appointment.ending = ending
    appointment.ended_by = act.actor.name
    appointment.ended_as = act.actor.capacity.value
    appointment.end_reason = act.reason
    unit.administrators -= 1
    act.session.flush()
    tell(act, "appointment.ended", appointment, ending=ending.value)


def void(act: Act, appointment: Appointment, state: AppointmentState) -> None:
    """From pending to withdrawn or expired."""
    appointment.state = state
    appointment.until = act.at
    appointment.ended_by = act.actor.name
    appointment.ended_as = act.actor.capacity.value
    appointment.end_reason = act.reason
    act.session.flush()
    tell(act, "appointment.void", appointment, state=state.value)


def take_office(act: Act, appointment: Appointment, unit: Unit, person: Person) -> bool:
    """Let a pending appointment take effect if nothing stands against it any more.

    The unit is locked. Otherwise the appointment goes on waiting and says for what.
    """
    former = former_of(act.session, appointment)
    leaving = 1 if former else 0
    waiting = waits_for(
        level=person.assurance_level,
        name_matches=same_name(person.name, appointment.name),
        unit_in_use=unit.status is UnitStatus.ACTIVE,
        room=unit.administrators - leaving < act.limits.administrators_per_unit,
    )
    if waiting is not None:
        if appointment.waiting is not waiting:
            appointment.waiting = waiting
            record(
                act, Event.APPOINTMENT_HELD_UP, **about(appointment, unit), waiting=waiting.value
            )
        return False
    if former:
        end_office(act, former, unit, Ending.REASSIGNED)
    begin(act, appointment, unit, person)
    return True


def lapse(act: Act, appointment: Appointment, unit: Unit) -> Appointment:
    """End an office with the verification level it needs; it waits for the level to come back."""
    end_office(act, appointment, unit, Ending.LAPSED)
    again = Appointment(
        unit_id=unit.id,
        state=AppointmentState.PENDING,
        name=appointment.name,
        id_type=appointment.id_type,
        id_sealed=appointment.id_sealed,
        id_index=appointment.id_index,
        appointed_at=act.at,
        appointed_by=appointment.appointed_by,
        appointed_as=appointment.appointed_as,
        appointed_from=appointment.appointed_from,
        reason=appointment.reason,
        expires_at=act.at + timedelta(days=act.limits.pending_days),
        waiting=Waiting.VERIFICATION,
    )
    act.session.add(again)
    act.session.flush()
    record(act, Event.ADMINISTRATOR_LAPSED, **about(appointment, unit))
    return again


def expire_pending(act: Act, unit: Unit) -> None:
    """Void the unit's pending appointments whose time is over; the unit is locked."""
    for appointment in act.session.scalars(
        select(Appointment).where(
            Appointment.unit_id == unit.id,
            Appointment.state == AppointmentState.PENDING,
            Appointment.expires_at <= act.at,
        )
    ):
        void(act, appointment, AppointmentState.EXPIRED)
        record(_by_platform(act), Event.APPOINTMENT_EXPIRED, **about(appointment, unit))


def former_of(session: Session, appointment: Appointment) -> Appointment | None:
    """The office a successor takes over, if it still lasts."""
    if appointment.replaces_id is None:
        return None
    former = session.get(Appointment, appointment.replaces_id, populate_existing=True)
    return former if former and former.state is AppointmentState.CURRENT else None


def is_last(session: Session, appointment: Appointment, unit: Unit) -> bool:
    """Whether nobody would be left, in office or pending, without this appointment."""
    return all(other.id == appointment.id for other in open_appointments(session, unit))


def open_appointments(session: Session, unit: Unit) -> Sequence[Appointment]:
    """A unit's current and pending appointments."""
    return session.scalars(
        select(Appointment)
        .where(
            Appointment.unit_id == unit.id,
            Appointment.state.in_([AppointmentState.CURRENT, AppointmentState.PENDING]),
        )
        .order_by(Appointment.id)
    ).all()


def about(appointment: Appointment, unit: Unit) -> dict[str, Any]:
    """What an audit entry says an appointment is."""
    return {
        "unit_id": unit.id,
        "person_id": appointment.person_id,
        "subject": f"{appointment.name} · {unit.name}",
        "appointment_id": appointment.id,
    }


def tell(act: Act, topic: str, appointment: Appointment, **details: Any) -> None:
    """Announce what became of an appointment; whom it is about may not be known yet."""
    announce(
        act,
        topic,
        appointment_id=appointment.id,
        unit_id=appointment.unit_id,
        person_id=appointment.person_id,
        by=act.actor.name,
        by_person_id=act.actor.person_id,
        **details,
    )


def _by_platform(act: Act) -> Act:
    return Act(act.session, PLATFORM, act.at, act.sealer, "", act.limits)
