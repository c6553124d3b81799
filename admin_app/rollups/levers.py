"""Where help now releases the most: the people and units that hold up others."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from admin_app.database import among, unindexed
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import within
from admin_app.hierarchy.rules import DEPTH_MOST
from admin_app.hierarchy.vocabulary import UnitKind, UnitStatus
from admin_app.migration.blockers import Blocker
from admin_app.migration.counts import Counted
from admin_app.migration.vocabulary import AccountState
from admin_app.policy.reach import AFTER_ALL, Reach
from admin_app.rollups import kept
from admin_app.rollups.holders import (
    ADMINISTRATORS,
    ENTERPRISES,
    blocked_below,
    by_holder,
    vacant_below,
    waiting_at,
    waiting_on,
)
from admin_app.rollups.models import (
    EVERYTHING,
    OF_ENTERPRISES,
    VACANT,
    Holder,
    UnitStanding,
    UnitTotal,
)
from admin_app.rollups.places import registered_in
from admin_app.rollups.vocabulary import ALL_REGIONS, Lever, LeverKind, Narrowed, PlaceKind

# Where no more enterprises are left than this, each may be looked at, so that whoever holds up but
# one is found too.
FEW = 2_000
ALONG = 10_000  # so many vacant units of a place are gone through sooner than the ranks of all
_OF_MANY = (PlaceKind.EVERYTHING, PlaceKind.DEPARTMENT)


def levers(session: Session, at: Narrowed, most: int) -> list[Lever]:
    """Where help now releases the most, the most first."""
    here, numbers = _units_of(at), _numbers(session, at)
    holding: dict[bytes, list[int]] = {}
    if at.place.kind in _OF_MANY:
        holding = _greatest(session, at, here, most)
    if 0 < numbers.left <= FEW:
        holding |= _others(session, at, holding.keys(), most - len(holding))
    found = _people(session, holding)
    if numbers.vacant:
        found += _vacant(session, at, numbers, most)
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


class _Numbers(NamedTuple):
    """How many enterprises there are in a place, how many left, and how many vacant units."""

    enterprises: int
    left: int
    vacant: int


def _numbers(session: Session, at: Narrowed) -> _Numbers:
    if at.place.kind not in _OF_MANY:
        return _Numbers(1, 1, 1)
    totals = kept.totals(session, at)
    by_state = totals.get(ENTERPRISES, {})
    number, migrated = sum(by_state.values()), by_state.get(AccountState.MIGRATED, 0)
    vacant = totals.get(ADMINISTRATORS, {}).get(AccountState.STUCK, 0)
    return _Numbers(number, number - migrated, vacant)


def _left(session: Session, at: Narrowed, after: str, most: int) -> Sequence[Any]:
    """Some enterprises of a place that haven't migrated, with their paths, in the order of these.

    Found along the tree: it ends with as many as are wanted, however many there are.
    """
    path = UnitTotal.path
    statement = select(UnitTotal.unit_id, path).where(
        OF_ENTERPRISES,
        UnitTotal.region == _region(at),
        path < at.place.path + AFTER_ALL,
        path > after if after else path >= at.place.path,
        UnitTotal.migrated < UnitTotal.total,
    )
    return session.execute(statement.order_by(path).limit(most)).all()


def _region(at: Narrowed) -> str:
    """The region whose totals are looked at; all of a unit is in one."""
    return at.region if at.place.kind in _OF_MANY else ALL_REGIONS


def _units_of(at: Narrowed) -> tuple[ColumnElement[bool], ...]:
    """The first-level units of a place, among units found by something else."""
    inside = within(Reach(at.place.path), searched=False)
    if at.place.kind is PlaceKind.FIRST_LEVEL:
        inside = Unit.id == at.place.unit_id  # by its path PostgreSQL expects thousands
    conditions = (
        unindexed(Unit.kind) == UnitKind.FIRST_LEVEL,
        Unit.status == UnitStatus.ACTIVE,
        inside,
    )
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
    return by_holder(waiting_on(session, holders, *here))


def _others(
    session: Session,
    at: Narrowed,
    known: Collection[bytes],
    most: int,
) -> dict[bytes, list[int]]:
    """So many others on whom enterprises of a place wait, the first along the tree.

    Beside the greatest nobody holds up more than one, so that it doesn't matter which.
    """
    found: dict[bytes, list[int]] = {}
    last, at_once = "", 2 * most  # on some nobody is known to be waited for
    while len(found) < most and (left := _left(session, at, last, at_once)):
        some = among(session, Unit.id, [row.unit_id for row in left])
        found |= by_holder(pair for pair in waiting_at(session, some) if pair.holder not in known)
        last = left[-1].path
        if len(left) < at_once:
            break
    return found


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


def _vacant(session: Session, at: Narrowed, numbers: _Numbers, most: int) -> list[Lever]:
    """The first-level units that leave most secondary units without an administrator.

    Found by a number that may have the unit itself in it, so the last may be one off its place.
    """
    ranked = _ranked_vacant(session, at, numbers, 2 * most)
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


def _ranked_vacant(session: Session, at: Narrowed, numbers: _Numbers, most: int) -> list[int]:
    region = _region(at)
    top, size = at.place.path, 2 * most
    vacant = select(UnitTotal.unit_id, UnitTotal.stuck, UnitTotal.path).where(
        VACANT, UnitTotal.region == region
    )
    if numbers.vacant <= ALONG:
        # All there are in the place, from the index.
        vacant = vacant.where(UnitTotal.path >= top, UnitTotal.path < top + AFTER_ALL)
        rank: ColumnElement[int] = unindexed(UnitTotal.stuck)
        everywhere = numbers.vacant
    else:
        # As many from the top as should have enough of this place among them: in one statement,
        # and without knowing how many, PostgreSQL goes through all units.
        rank, everywhere = UnitTotal.stuck.expression, _everywhere(session, region)
        size = most * -(-everywhere // max(numbers.enterprises, 1))
    while True:
        first = vacant.order_by(rank.desc(), UnitTotal.unit_id.desc()).limit(size).subquery()
        here = (
            select(first.c.unit_id)
            .join(Unit, Unit.id == first.c.unit_id)
            .where(first.c.path >= top, first.c.path < top + AFTER_ALL, *_units_of(at))
            .order_by(first.c.stuck.desc(), first.c.unit_id.desc())
            .limit(most)
        )
        found = list(session.scalars(here))
        # Parts of large units are among the ranked, at most so many for each that is looked for.
        if len(found) == most or size >= everywhere * DEPTH_MOST:
            return found
        size *= 4


def _everywhere(session: Session, region: str) -> int:
    """How many enterprises there are at all, or in a region."""
    return sum(kept.totals_at(session, EVERYTHING, region).get(ENTERPRISES, {}).values())


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
