"""Reading persons, whom they represent, and staff accounts."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from admin_app.errors import NotFound
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.id_numbers import mask_id_number
from admin_app.identity.models import Person, PortalSubject, Representation, StaffAccount
from admin_app.identity.names import username_key
from admin_app.identity.vocabulary import IdType
from admin_app.sealing import Sealer


def find_person(session: Session, sealer: Sealer, id_type: IdType, id_number: str) -> Person | None:
    """The person with a cleaned ID number; people are never browsed."""
    index = sealer.index(id_type.value, id_number)
    return session.scalar(select(Person).where(Person.id_index == index))


def get_person(session: Session, person_id: int) -> Person:
    """One person.

    Raises:
        NotFound
    """
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound
    return person


def person_id_number_masked(sealer: Sealer, person: Person) -> str:
    """A person's ID number as it may be shown."""
    return mask_id_number(sealer.open(person.id_sealed))


def subjects_of(session: Session, person_id: int) -> Sequence[PortalSubject]:
    """The portal's own numbers of a person, as many as anybody could look through."""
    return session.scalars(
        select(PortalSubject)
        .where(PortalSubject.person_id == person_id)
        .order_by(PortalSubject.created_at, PortalSubject.subject)
        .limit(20)
    ).all()


def representations_of(
    session: Session, person_id: int
) -> Sequence[tuple[Representation, Unit | None]]:
    """Whom a person represents now, each with its unit, or None: not on the platform."""
    rows = session.execute(
        select(Representation, Unit)
        .outerjoin(Unit, and_(Unit.uscc == Representation.uscc, Unit.kind == UnitKind.FIRST_LEVEL))
        .where(Representation.person_id == person_id, Representation.until.is_(None))
        .order_by(Representation.id)
    )
    return [(representation, unit) for representation, unit in rows]


class Former(NamedTuple):
    """An enterprise that somebody represented until a day, and whether another does now."""

    representation: Representation
    is_taken_over: bool


def formerly_represented(session: Session, person_id: int, most: int = 50) -> list[Former]:
    """Whom a person represented before and doesn't now, the latest first; each once."""
    own = select(Representation).where(Representation.person_id == person_id)
    ended = session.scalars(
        own.where(Representation.until.is_not(None))
        .order_by(Representation.until.desc(), Representation.id.desc())
        .limit(most)
    )
    latest: dict[str, Representation] = {}
    for each in ended:
        latest.setdefault(each.uscc, each)
    current = session.scalars(
        select(Representation).where(
            Representation.uscc.in_(latest.keys()), Representation.until.is_(None)
        )
    )
    now = {each.uscc: each.person_id for each in current}
    return [
        Former(each, uscc in now) for uscc, each in latest.items() if now.get(uscc) != person_id
    ]


def representative_of(session: Session, unit: Unit) -> Person | None:
    """Who represents a first-level unit now."""
    if unit.kind is not UnitKind.FIRST_LEVEL or unit.uscc is None:
        return None
    return session.scalar(
        select(Person)
        .join(Representation, Representation.person_id == Person.id)
        .where(Representation.uscc == unit.uscc, Representation.until.is_(None))
    )


def find_staff(session: Session, username: str) -> StaffAccount | None:
    """The staff account with a user name, however it was typed."""
    return session.scalar(
        select(StaffAccount).where(StaffAccount.username == username_key(username))
    )
