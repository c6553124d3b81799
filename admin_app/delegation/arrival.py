"""What a sign-in through the portal sets off: the person is noted, offices begin or lapse."""

from dataclasses import dataclass

from sqlalchemy import select

from admin_app.audit.act import Act
from admin_app.audit.operations import record
from admin_app.audit.vocabulary import Event
from admin_app.database import serialise_on
from admin_app.delegation.models import Appointment
from admin_app.delegation.terms import expire_pending, lapse, take_office
from admin_app.delegation.vocabulary import AppointmentState
from admin_app.hierarchy.rows import lock_unit
from admin_app.identity.arrivals import note_arrival, note_refusal
from admin_app.identity.claims import PortalIdentity
from admin_app.identity.models import Person
from admin_app.identity.vocabulary import AssuranceLevel, VerificationTooLow


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a sign-in came out: a person let in, or a refusal that still has to be kept."""

    person: Person | None
    taken: tuple[Appointment, ...] = ()
    refused: VerificationTooLow | None = None


def arrive(act: Act, identity: PortalIdentity) -> Arrival:
    """Take note of whom the portal vouches for.

    At intermediate verification or above (R10, R22) pending appointments of the same ID number
    take effect; below it nobody enters, and offices held lapse until the level is back.
    """
    if identity.id_type and identity.id_number:
        serialise_on(act.session, act.sealer.index(identity.id_type.value, identity.id_number))
    if identity.level < AssuranceLevel.INTERMEDIATE:
        person = note_refusal(act, identity)
        if person is not None:
            _lapse_offices(act, person)
        return Arrival(None, refused=VerificationTooLow(level=identity.level.label))
    person = note_arrival(act, identity)
    return Arrival(person, taken=_take_offices(act, person))


def _take_offices(act: Act, person: Person) -> tuple[Appointment, ...]:
    taken = []
    for appointment in _open(act, person, AppointmentState.PENDING):
        unit = lock_unit(act.session, appointment.unit_id)
        act.session.refresh(appointment)
        expire_pending(act, unit)
        if appointment.state is AppointmentState.PENDING and take_office(
            act, appointment, unit, person
        ):
            taken.append(appointment)
            record(
                act,
                Event.ADMINISTRATOR_TOOK_OFFICE,
                unit_id=unit.id,
                person_id=person.id,
                subject=f"{person.name} · {unit.name}",
                appointment_id=appointment.id,
            )
    return tuple(taken)


def _lapse_offices(act: Act, person: Person) -> None:
    for appointment in _open(act, person, AppointmentState.CURRENT):
        unit = lock_unit(act.session, appointment.unit_id)
        act.session.refresh(appointment)
        if appointment.state is AppointmentState.CURRENT:
            lapse(act, appointment, unit)


def _open(act: Act, person: Person, state: AppointmentState) -> list[Appointment]:
    """By unit number, so that two arrivals lock units in the same order."""
    owner = (
        Appointment.id_index == person.id_index
        if state is AppointmentState.PENDING
        else Appointment.person_id == person.id
    )
    return list(
        act.session.scalars(
            select(Appointment)
            .where(owner, Appointment.state == state)
            .order_by(Appointment.unit_id)
        )
    )
