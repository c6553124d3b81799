"""Natural persons by where they stand in the tree, so that any reach lists its own at once.

A person stands at several units, and which those are follows from seven tables
(``migration.person_sql``): no index has them below a path. So it is kept, a row for each person
and unit, with how far the person's own account has come; who stands nowhere has one without a
path. Triggers note whom a change concerns (``schema.person_news``); before the same transaction
commits those are looked at anew.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Executable,
    ForeignKey,
    Index,
    Integer,
    ScalarSelect,
    Select,
    String,
    and_,
    case,
    delete,
    false,
    func,
    insert,
    join,
    literal_column,
    select,
    text,
    true,
    update,
)
from sqlalchemy.orm import Mapped, Session, aliased, foreign, mapped_column, relationship

from admin_app.database import Base, among, among_given, given, serialise_on, unindexed
from admin_app.hierarchy.models import Path, Unit
from admin_app.hierarchy.queries import within
from admin_app.identity.models import Person
from admin_app.migration.person_sql import person_standing, units_of
from admin_app.policy.reach import AFTER_ALL, Reach

CHUNK = 1_000
NOWHERE = ""  # the path of whoever stands at no unit
_AT_ONCE = 20_000
_TURNS = 64  # advisory locks, however many persons a transaction is about
_FEW = 2_000  # up to so many persons at units of a name are found by it
_HELD_UP = text("blocker <> ''")


class PersonNews(Base):
    """Something that a person's places or standing follow from has changed: written by triggers."""

    __tablename__ = "person_news"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    person_id: Mapped[int]


class PersonPlace(Base):
    """A person stands at a unit, or (without a path) at none; where their own account stands.

    ``state`` is empty for whoever has nothing to bind, ``blocker`` for whoever isn't stuck.
    """

    __tablename__ = "person_places"
    __table_args__ = (
        Index("uq_person_places_person_id_path", "person_id", "path", unique=True),
        Index("ix_person_places_path_person_id", "path", "person_id"),
        Index("ix_person_places_state_path_person_id", "state", "path", "person_id"),
        Index(
            "ix_person_places_blocker_path_person_id",
            "blocker",
            "path",
            "person_id",
            sqlite_where=_HELD_UP,
            postgresql_where=_HELD_UP,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    path: Mapped[str] = mapped_column(Path)  # the unit's, kept with it
    state: Mapped[str] = mapped_column(String(20))
    blocker: Mapped[str] = mapped_column(String(40))

    person: Mapped[Person] = relationship(viewonly=True)
    unit: Mapped[Unit | None] = relationship(
        primaryjoin=lambda: foreign(PersonPlace.path) == Unit.path, viewonly=True
    )


_OLDEST = select(PersonNews.id).order_by(PersonNews.id).limit(_AT_ONCE)
_TAKING = delete(PersonNews).where(PersonNews.id.in_(_OLDEST)).returning(PersonNews.person_id)


class _Stands(NamedTuple):
    """A person's standing at a path."""

    state: str
    blocker: str


_Places = dict[tuple[int, str], _Stands]


def persons_first_within(reach: Reach) -> ColumnElement[bool]:
    """Of each person within reach the first of their places there, in tree order."""
    other = aliased(PersonPlace)
    path = unindexed(other.path)  # a person's places are few, those along the tree are not
    earlier = _of_same_person(other).where(path >= (reach.top or ""), path < PersonPlace.path)
    if reach.strict:
        earlier = earlier.where(path > (reach.top or ""))
    is_first = case((_first_of(earlier).is_(None), 1), else_=0)
    # Of what differs from a number PostgreSQL expects most rows, which is what there are.
    return and_(_along(PersonPlace, reach), is_first != literal_column("0"))


def persons_at(session: Session, reach: Reach, named: ColumnElement[bool]) -> ColumnElement[bool]:
    """The persons at a unit within reach for which ``named`` holds."""
    other = aliased(PersonPlace)
    there = select(other.person_id).join(Unit, Unit.path == other.path).where(named)
    found = there.where(within(reach)).limit(_FEW + 1)
    people = session.scalars(found).all()
    if len(people) <= _FEW:
        return among(session, PersonPlace.person_id, set(people))
    way = join(other, Unit, Unit.path == other.path)
    at = _of_same_person(other).select_from(way).where(within(reach, searched=False), named)
    return and_(PersonPlace.path > NOWHERE, _first_of(at).is_not(None))


def _of_same_person(other: type[PersonPlace]) -> Select[int]:
    return select(other.id).where(other.person_id == PersonPlace.person_id)


def _first_of(places: Select[int]) -> ScalarSelect[int]:
    """A value and no EXISTS, for which PostgreSQL may read every place there is."""
    return places.limit(1).correlate(PersonPlace).scalar_subquery()


def held_by(blocker: str) -> ColumnElement[bool]:
    """Said in the words of the index, too, or neither database takes it."""
    return and_(literal_column("person_places.blocker <> ''"), PersonPlace.blocker == blocker)


def fold_persons(session: Session) -> int:
    """Look anew at everybody whom a change concerns.

    Returns:
        how many there were.
    """
    number, more = 0, True
    while more:
        notes = _take(session)
        people = sorted(set(notes))
        for chunk in _chunks(people):
            restate_persons(session, chunk)
        number += len(people)
        more = len(notes) == _AT_ONCE
    return number


def restate_persons(session: Session, people: Sequence[int]) -> int:
    """Keep where some persons stand as it follows from the facts.

    Returns:
        how many rows were wrong.
    """
    for turn in sorted({number % _TURNS for number in people}):
        serialise_on(session, b"person places %d" % turn)
    now, kept = _present(session, people), _kept(session, people)
    gone = [kept[key][0] for key in kept.keys() - now.keys()]
    come = [_row(key, its) for key, its in now.items() if key not in kept]
    changed = [
        {"id": kept[key][0], **its._asdict()}
        for key, its in now.items()
        if key in kept and kept[key][1] != its
    ]
    if gone:
        session.execute(delete(PersonPlace).where(among(session, PersonPlace.id, gone)))
    if come:
        session.execute(insert(PersonPlace), come)
    if changed:
        session.execute(update(PersonPlace), changed)
    return len(gone) + len(come) + len(changed)


def wrong_persons(session: Session) -> Iterator[list[int]]:
    """Those of whom it is kept wrongly where they stand, a stretch of numbers at a time."""
    last = 0
    while True:
        statement = select(Person.id).where(Person.id > last).order_by(Person.id).limit(CHUNK)
        people = session.scalars(statement).all()
        if not people:
            return
        now, kept = _present(session, people), _kept(session, people)
        differing = now.items() ^ {(key, its) for key, (_, its) in kept.items()}
        yield sorted({number for (number, _), _ in differing})
        last = people[-1]


def waiting_persons(session: Session) -> int:
    """How many notes wait to be folded."""
    return session.scalar(select(func.count()).select_from(PersonNews)) or 0


def _take(session: Session) -> Sequence[int]:
    return session.scalars(_TAKING, execution_options={"synchronize_session": False}).all()


def _present(session: Session, people: Sequence[int]) -> _Places:
    standing, places, _kept = _questions(_dialect(session), one=len(people) == 1)
    asked = given("people", people)
    stands = {
        number: _Stands(*(its.split("/") if its else ("", "")))
        for number, its in session.execute(standing, asked)
    }
    found = {(n, path): stands[n] for n, path in session.execute(places, asked)}
    nowhere = stands.keys() - {number for number, _ in found}
    return found | {(number, NOWHERE): stands[number] for number in nowhere}


def _kept(session: Session, people: Sequence[int]) -> dict[tuple[int, str], tuple[int, _Stands]]:
    *_, kept = _questions(_dialect(session), one=len(people) == 1)
    rows = session.execute(kept, given("people", people))
    return {(person, path): (key, _Stands(*its)) for key, person, path, *its in rows}


@cache
def _questions(dialect: str, *, one: bool) -> tuple[Executable, Executable, Executable]:
    """Where some persons stand, at which units, and what is kept of that.

    Put together once: that takes longer than the database needs to answer.
    """
    asked_for = among_given(dialect, "people", one=one)
    kept = (PersonPlace.id, PersonPlace.person_id, PersonPlace.path)
    return (
        select(Person.id, person_standing()).where(asked_for(Person.id)),
        units_of(asked_for),
        select(*kept, PersonPlace.state, PersonPlace.blocker).where(
            asked_for(PersonPlace.person_id)
        ),
    )


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


def _row(key: tuple[int, str], its: _Stands) -> dict[str, object]:
    return {"person_id": key[0], "path": key[1], **its._asdict()}


def _along(places: type[PersonPlace], reach: Reach) -> ColumnElement[bool]:
    """The reach as SQL over places."""
    if reach.top is None:
        return false()
    if reach.is_everywhere:
        return true()
    lowest = places.path > reach.top if reach.strict else places.path >= reach.top
    return and_(lowest, places.path < reach.top + AFTER_ALL)


def _chunks(people: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(people), CHUNK):
        yield people[start : start + CHUNK]
