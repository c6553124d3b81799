"""Reading offices: a unit's administrators, who may administer it and why, a person's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from admin_app.delegation.facts import facts_of
from admin_app.delegation.models import Appointment
from admin_app.delegation.vocabulary import AppointmentState
from admin_app.errors import NotFound
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import ancestors, within
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.models import Person, Representation, StaffAccount
from admin_app.identity.vocabulary import StaffRole
from admin_app.policy.actor import Actor, Office
from admin_app.policy.reach import Reach
from admin_app.policy.rules import Decision, decide
from admin_app.policy.vocabulary import AssuranceLevel, Capacity, Permission

HISTORY_MOST = 50


def get_appointment(session: Session, reach: Reach, appointment_id: int) -> Appointment:
    """An appointment at a unit within reach.

    Raises:
        NotFound
    """
    appointment = session.scalar(
        select(Appointment)
        .join(Unit, Unit.id == Appointment.unit_id)
        .where(Appointment.id == appointment_id, within(reach))
        .options(joinedload(Appointment.unit))
    )
    if appointment is None:
        raise NotFound
    return appointment


def own_appointment(session: Session, actor: Actor, appointment_id: int) -> Appointment:
    """An appointment of the actor's own.

    Raises:
        NotFound
    """
    appointment = session.get(Appointment, appointment_id, options=[joinedload(Appointment.unit)])
    if appointment is None or actor.person_id is None or appointment.person_id != actor.person_id:
        raise NotFound
    return appointment


def administrators_of(session: Session, unit: Unit) -> Sequence[Appointment]:
    """A unit's current administrators and pending ones, in the order of appointing."""
    return session.scalars(
        select(Appointment)
        .where(
            Appointment.unit_id == unit.id,
            Appointment.state.in_([AppointmentState.CURRENT, AppointmentState.PENDING]),
        )
        .options(joinedload(Appointment.person))
        .order_by(Appointment.id)
    ).all()


def awaited_at(session: Session, units: Sequence[Unit], at: datetime) -> dict[int, list[str]]:
    """Who is appointed but hasn't arrived, by the number of the unit."""
    awaited: dict[int, list[str]] = {}
    for unit_id, name in session.execute(
        select(Appointment.unit_id, Appointment.name)
        .where(
            Appointment.unit_id.in_([unit.id for unit in units]),
            Appointment.state == AppointmentState.PENDING,
            Appointment.expires_at > at,
        )
        .order_by(Appointment.id)
    ):
        awaited.setdefault(unit_id, []).append(name)
    return awaited


def former_administrators_of(session: Session, unit: Unit) -> Sequence[Appointment]:
    """A unit's appointments that are over, latest first, as many as a page shows."""
    return session.scalars(
        select(Appointment)
        .where(
            Appointment.unit_id == unit.id,
            Appointment.state.not_in([AppointmentState.CURRENT, AppointmentState.PENDING]),
        )
        .order_by(Appointment.id.desc())
        .limit(HISTORY_MOST)
    ).all()


def appointments_of(session: Session, person_id: int) -> Sequence[Appointment]:
    """A person's own appointments, the current first, then the latest."""
    return session.scalars(
        select(Appointment)
        .where(Appointment.person_id == person_id)
        .options(joinedload(Appointment.unit))
        .order_by(Appointment.until.is_not(None), Appointment.id.desc())
        .limit(HISTORY_MOST)
    ).all()


def current_offices(session: Session, person_id: int) -> Sequence[Appointment]:
    """A person's current offices at units in use."""
    return session.scalars(
        select(Appointment)
        .where(Appointment.person_id == person_id, Appointment.state == AppointmentState.CURRENT)
        .options(joinedload(Appointment.unit))
        .order_by(Appointment.id)
    ).all()


def pending_within(reach: Reach) -> Select[Appointment]:
    """The pending appointments at units within reach."""
    return (
        select(Appointment)
        .join(Unit, Unit.id == Appointment.unit_id)
        .where(Appointment.state == AppointmentState.PENDING, within(reach))
    )


@dataclass(frozen=True, slots=True)
class Authority:
    """Somebody, or a department's staff, who may appoint a unit's administrators, and why.

    ``number`` counts the staff who share the office; for a person it is 1.
    """

    name: str
    capacity: Capacity
    office: Office
    decision: Decision
    number: int = 1


def authorities_over(session: Session, unit: Unit) -> list[Authority]:
    """Who may appoint this unit's administrators, and why, nearest first.

    Asks the one rule for everybody who holds office at the unit or above it.
    """
    facts = facts_of(session, unit)
    units = [unit, *reversed(ancestors(session, unit))]
    offices = {u.id: Office(u.id, u.path, u.name) for u in units}
    holders = [
        *_representatives(session, units, offices),
        *_administrators(session, offices),
        *_departments(session, offices),
    ]
    nearest_first = sorted(holders, key=lambda held: -len(held[0].office.path))  # type: ignore[union-attr]
    found = []
    for actor, number in nearest_first:
        decision = decide(actor, Permission.ADMINISTRATOR_APPOINT, facts)
        if decision and actor.office:
            found.append(Authority(actor.name, actor.capacity, actor.office, decision, number))
    return found


def _representatives(
    session: Session, units: Sequence[Unit], offices: dict[int, Office]
) -> list[tuple[Actor, int]]:
    by_code = {u.uscc: u for u in units if u.uscc and u.kind is UnitKind.FIRST_LEVEL}
    rows = session.execute(
        select(Representation.uscc, Person)
        .join(Person, Person.id == Representation.person_id)
        .where(Representation.uscc.in_(by_code), Representation.until.is_(None))
    )
    return [
        (_person(person, Capacity.LEGAL_REPRESENTATIVE, offices[by_code[uscc].id]), 1)
        for uscc, person in rows
    ]


def _administrators(session: Session, offices: dict[int, Office]) -> list[tuple[Actor, int]]:
    rows = session.execute(
        select(Appointment.unit_id, Person)
        .join(Person, Person.id == Appointment.person_id)
        .where(Appointment.unit_id.in_(offices), Appointment.state == AppointmentState.CURRENT)
        .order_by(Appointment.id)
    )
    return [
        (_person(person, Capacity.UNIT_ADMINISTRATOR, offices[unit_id]), 1)
        for unit_id, person in rows
    ]


def _departments(session: Session, offices: dict[int, Office]) -> list[tuple[Actor, int]]:
    rows = session.execute(
        select(StaffAccount.unit_id, func.count())
        .where(
            StaffAccount.unit_id.in_(offices),
            StaffAccount.role == StaffRole.DEPARTMENT_STAFF,
            StaffAccount.active,
        )
        .group_by(StaffAccount.unit_id)
    )
    return [
        (
            Actor(
                name=offices[unit_id].unit_name,
                capacity=Capacity.DEPARTMENT_STAFF,
                office=offices[unit_id],
            ),
            number,
        )
        for unit_id, number in rows
        if unit_id is not None
    ]


def _person(person: Person, capacity: Capacity, office: Office) -> Actor:
    return Actor(
        name=person.name,
        capacity=capacity,
        level=AssuranceLevel(person.level),
        office=office,
        person_id=person.id,
    )
