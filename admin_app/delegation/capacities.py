"""In which capacities somebody may act, computed anew for each request and for each job."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from admin_app.delegation.queries import current_offices
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.vocabulary import UnitStatus
from admin_app.identity.models import Person, SignInSession, StaffAccount
from admin_app.identity.queries import representations_of
from admin_app.policy.actor import Actor, Office
from admin_app.policy.vocabulary import AssuranceLevel, Capacity


@dataclass(frozen=True, slots=True)
class CapacityChoice:
    """One capacity and the key under which a session remembers it."""

    key: str
    actor: Actor


def capacities_of(session: Session, signed_in: SignInSession) -> list[CapacityChoice]:
    """Everything the signed-in person or member of staff may act as, the widest first."""
    owner = signed_in.staff or signed_in.person
    return _capacities(session, owner) if owner is not None else []


def capacity_now(
    session: Session, *, person_id: int | None, staff_id: int | None, key: str
) -> CapacityChoice | None:
    """A capacity that somebody had when they asked for something, if they still have it."""
    owner: StaffAccount | Person | None
    if staff_id is not None:
        owner = session.get(StaffAccount, staff_id)
        if owner is not None and not owner.active:
            return None
    else:
        owner = session.get(Person, person_id)
    if owner is None:
        return None
    return next((each for each in _capacities(session, owner) if each.key == key), None)


def choose(choices: list[CapacityChoice], key: str) -> CapacityChoice:
    """The capacity chosen; if it has gone, or none was chosen, the first there is."""
    return next((choice for choice in choices if choice.key == key), choices[0])


def _capacities(session: Session, owner: Person | StaffAccount) -> list[CapacityChoice]:
    if isinstance(owner, StaffAccount):
        return [_staff(owner)]
    person = owner
    representing = [
        _person(person, Capacity.LEGAL_REPRESENTATIVE, unit)
        for _, unit in representations_of(session, person.id)
        if unit is not None and unit.status is UnitStatus.ACTIVE
    ]
    administering = [
        _person(person, Capacity.UNIT_ADMINISTRATOR, appointment.unit)
        for appointment in current_offices(session, person.id)
        if appointment.unit.status is UnitStatus.ACTIVE
    ]
    return [*representing, *administering, _person(person, Capacity.NATURAL_PERSON, None)]


def _person(person: Person, capacity: Capacity, unit: Unit | None) -> CapacityChoice:
    return CapacityChoice(
        key=f"{capacity.value}:{unit.id}" if unit else capacity.value,
        actor=Actor(
            name=person.name,
            capacity=capacity,
            level=AssuranceLevel(person.level),
            office=Office(unit.id, unit.path, unit.name) if unit else None,
            person_id=person.id,
        ),
    )


def _staff(staff: StaffAccount) -> CapacityChoice:
    unit = staff.unit
    return CapacityChoice(
        key=staff.role.value,
        actor=Actor(
            name=staff.name,
            capacity=staff.role.capacity,
            office=Office(unit.id, unit.path, unit.name) if unit else None,
            staff_id=staff.id,
        ),
    )
