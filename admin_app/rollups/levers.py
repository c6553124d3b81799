"""Where help now releases the most: the people and units that hold up others."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from admin_app.database import among, unindexed
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import within
from admin_app.hierarchy.vocabulary import UnitKind, UnitStatus
from admin_app.migration.blockers import Blocker
from admin_app.migration.counts import Counted
from admin_app.migration.vocabulary import AccountState
from admin_app.policy.reach import AFTER_ALL, Reach
from admin_app.rollups import kept
from admin_app.rollups.holders import (
    ENTERPRISES,
    blocked_below,
    by_holder,
    vacant_below,
    waiting_at,
    waiting_on,
)
from admin_app.rollups.models import ADMINISTERED, Holder, UnitStanding, UnitTotal
from admin_app.rollups.places import registered_in
from admin_app.rollups.vocabulary import ALL_REGIONS, Lever, LeverKind, Narrowed, PlaceKind

# Where no more enterprises are left than this, each may be looked at, so that whoever holds up but
# one is found too.
FEW = 2_000
_AT_ONCE = 100
_OF_MANY = (PlaceKind.EVERYTHING, PlaceKind.DEPARTMENT)


def levers(session: Session, at: Narrowed, most: int) -> list[Lever]:
    """Where help now releases the most, the most first."""
    left, all_there = _numbers(session, at)
    here = _units_of(at)
    holding: dict[bytes, list[int]] = {}
    if at.place.kind in _OF_MANY:
        holding = _greatest(session, at, here, most)
    if left <= FEW:
        holding |= _others(session, at, here, holding.keys(), most - len(holding))
    people = _people(session, holding)
    found = [*people, *_vacant(session, at, most, along_tree=all_there <= FEW)]
    found.sort(key=_rank)
    return _with_names(session, found[:most])


def held_up(session: Session, found: Collection[Lever]) -> tuple[int, int]:
    """How many enterprises and secondary units some levers hold up together, each counted once.

    Two people may share an enterprise, so the levers' own numbers can't be added up.
    """
    enterprises = {number for lever in found for number in lever.enterprise_ids}
    vacant = {lever.unit_id for lever in found if lever.kind is LeverKind.UNIT}
    lower = blocked_below(session, enterprises).total() + vacant_below(session, vacant).total()
    return len(enterprises), lower


def _rank(lever: Lever) -> tuple[int, int, str]:
    return -lever.releases, lever.unit_id, lever.kind.value


def _numbers(session: Session, at: Narrowed) -> tuple[int, int]:
    """How many enterprises are left in a place, and how many there are."""
    if at.place.kind in (PlaceKind.FIRST_LEVEL, PlaceKind.SECONDARY):
        return 1, 1
    by_state = kept.totals(session, at).get(ENTERPRISES, {})
    all_there = sum(by_state.values())
    return all_there - by_state.get(AccountState.MIGRATED, 0), all_there


def _left(
    session: Session, at: Narrowed, here: tuple[ColumnElement[bool], ...], after: str
) -> Sequence[Any]:
    """Some enterprises of a place that haven't migrated, with their paths, in the order of these.

    Found along the tree: it ends with as many as are wanted, however many there are.
    """
    path = UnitStanding.path
    statement = (
        select(UnitStanding.unit_id, path)
        .join(Unit, Unit.id == UnitStanding.unit_id)
        .where(UnitStanding.kind == ENTERPRISES, path < at.place.path + AFTER_ALL)
        .where(unindexed(UnitStanding.state) != AccountState.MIGRATED.value, *here)
        .order_by(path)
        .limit(_AT_ONCE)
    )
    return session.execute(statement.where(path > after if after else path >= at.place.path)).all()


def _units_of(at: Narrowed, *, searched: bool = False) -> tuple[ColumnElement[bool], ...]:
    """The first-level units of a place: to be searched along the tree, or only checked."""
    kind = Unit.kind if searched else unindexed(Unit.kind)
    inside = within(Reach(at.place.path), searched=searched)
    if at.place.kind is PlaceKind.FIRST_LEVEL:
        inside = Unit.id == at.place.unit_id  # by its path PostgreSQL expects thousands
    conditions = kind == UnitKind.FIRST_LEVEL, Unit.status == UnitStatus.ACTIVE, inside
    if at.region == ALL_REGIONS:
        return conditions
    return (*conditions, registered_in(at.region))


def _greatest(
    session: Session, at: Narrowed, here: tuple[ColumnElement[bool], ...], most: int
) -> dict[bytes, list[int]]:
    """Those on whom most waits; whoever holds up a single enterprise isn't among them."""
    holders = session.scalars(
        select(Holder.id_index)
        .where(Holder.unit_id == kept.node_of(at), Holder.region == at.region)
        .order_by(Holder.waiting.desc(), Holder.id_index.desc())
        .limit(most)
    ).all()
    waiting = waiting_on(session, holders)
    inside = _inside(session, {pair.unit_id for pair in waiting}, here)
    return by_holder(pair for pair in waiting if pair.unit_id in inside)


def _others(
    session: Session,
    at: Narrowed,
    here: tuple[ColumnElement[bool], ...],
    known: Collection[bytes],
    most: int,
) -> dict[bytes, list[int]]:
    """So many others on whom enterprises of a place wait, the first along the tree.

    Beside the greatest nobody holds up more than one, so that it doesn't matter which.
    """
    found: dict[bytes, list[int]] = {}
    last = ""
    while len(found) < most and (left := _left(session, at, here, last)):
        some = among(session, Unit.id, [row.unit_id for row in left])
        found |= by_holder(pair for pair in waiting_at(session, some) if pair.holder not in known)
        last = left[-1].path
        if len(left) < _AT_ONCE:
            break
    return found


def _inside(
    session: Session, unit_ids: Collection[int], here: tuple[ColumnElement[bool], ...]
) -> set[int]:
    statement = select(Unit.id).where(among(session, Unit.id, list(unit_ids)), *here)
    return set(session.scalars(statement)) if unit_ids else set()


def _people(session: Session, waiting: dict[bytes, list[int]]) -> list[Lever]:
    units = {number for numbers in waiting.values() for number in numbers}
    lower = blocked_below(session, units)
    return [
        Lever(
            LeverKind.PERSON,
            min(numbers, key=lambda number: (-lower[number], number)),  # the largest
            "",
            enterprises=len(numbers),
            secondary_units=sum(lower[number] for number in numbers),
            enterprise_ids=tuple(sorted(numbers)),
        )
        for numbers in waiting.values()
    ]


def _vacant(session: Session, at: Narrowed, most: int, *, along_tree: bool) -> list[Lever]:
    """The first-level units that leave most secondary units without an administrator.

    Found by a number that may have the unit itself in it, so the last may be one off its place.
    """
    ranked = _ranked_vacant(session, at, 2 * most, along_tree=along_tree)
    lower = vacant_below(session, ranked)
    return [
        Lever(
            LeverKind.UNIT,
            number,
            "",
            enterprises=0,
            secondary_units=lower[number],
            blocker=Blocker.UNIT_WITHOUT_ADMINISTRATOR,
        )
        for number in ranked
        if lower[number] > 0
    ]


def _ranked_vacant(session: Session, at: Narrowed, most: int, *, along_tree: bool) -> list[int]:
    region = at.region if at.place.kind in _OF_MANY else ALL_REGIONS
    statement = (
        select(UnitTotal.unit_id)
        .where(ADMINISTERED, UnitTotal.region == region, UnitTotal.stuck > 0)
        .order_by(UnitTotal.stuck.desc(), UnitTotal.unit_id.desc())
    )
    if along_tree:
        here = statement.join(Unit, Unit.id == UnitTotal.unit_id).where(
            *_units_of(at, searched=True)
        )
        return list(session.scalars(here.limit(most)))
    # In two steps, the place checked afterwards: in one PostgreSQL goes through all units.
    found: list[int] = []
    done, size = 0, 4 * most
    while len(found) < most:
        ranked = session.scalars(statement.offset(done).limit(size)).all()
        inside = _inside(session, ranked, _units_of(at))
        found += [number for number in ranked if number in inside]
        if len(ranked) < size:
            break
        done, size = done + size, 2 * size
    return found[:most]


def _with_names(session: Session, found: list[Lever]) -> list[Lever]:
    """With the name of the unit and, for people, what holds up their (largest) enterprise."""
    rows: Any = session.execute(
        select(Unit.id, Unit.name, UnitStanding.blocker)
        .outerjoin(
            UnitStanding,
            (UnitStanding.unit_id == Unit.id) & (UnitStanding.kind == Counted.ENTERPRISES.value),
        )
        .where(Unit.id.in_([lever.unit_id for lever in found]))
    )
    known = {row.id: row for row in rows}
    named = []
    for lever in found:
        row = known[lever.unit_id]
        held = Blocker(row.blocker) if row.blocker else None
        named.append(replace(lever, unit_name=row.name, blocker=lever.blocker or held))
    return named
