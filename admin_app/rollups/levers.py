"""Where help now releases the most: the people and units that hold up others."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, false, func, select
from sqlalchemy.orm import Session, aliased

from admin_app.database import among
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import within
from admin_app.hierarchy.vocabulary import UnitKind, UnitStatus
from admin_app.migration.blockers import Blocker
from admin_app.migration.counts import Counted
from admin_app.policy.reach import AFTER_ALL, Reach
from admin_app.rollups import kept
from admin_app.rollups.holders import (
    blocked_below,
    by_holder,
    vacant_below,
    waiting_at,
    waiting_on,
)
from admin_app.rollups.models import OF_FIRST_LEVELS, Holder, UnitStanding, UnitTotal
from admin_app.rollups.vocabulary import ALL_REGIONS, Lever, LeverKind, Narrowed, PlaceKind

# Up to so many first-level units a place is looked at whole; beyond, from the greatest downwards.
FEW = 1_000
_LOOKED_AT_MOST = 2_000


def levers(session: Session, at: Narrowed, most: int) -> list[Lever]:
    """Where help now releases the most, the most first."""
    here = _units_of(at)
    if _are_few(session, at):
        here = (*here, *_found_by_region(at))
        people = _people(session, by_holder(waiting_at(session, *here)))
        units = _vacant(session, session.scalars(select(Unit.id).where(*here)).all())
    else:
        here = _units_of(at, searched=False)
        people = _greatest_people(session, here, most)
        units = _greatest_vacant(session, here, most)
    found = sorted((*people, *units), key=lambda lever: (-lever.releases, lever.unit_id))
    return _with_names(session, found[:most])


def _are_few(session: Session, at: Narrowed) -> bool:
    """Whether a place has few enterprises; how many a department has is kept."""
    if at.place.kind not in (PlaceKind.EVERYTHING, PlaceKind.DEPARTMENT):
        return True
    found = kept.totals(session, at).get(Counted.ENTERPRISES.value)
    return found is None or sum(found.values()) <= FEW


def _found_by_region(at: Narrowed) -> tuple[ColumnElement[bool], ...]:
    """The few of a region found by their totals, department by department."""
    if at.region == ALL_REGIONS or at.place.kind not in (
        PlaceKind.EVERYTHING,
        PlaceKind.DEPARTMENT,
    ):
        return ()
    above = aliased(Unit)
    of_region = (
        select(UnitTotal.unit_id)
        .join(above, above.id == UnitTotal.parent_id)
        .where(
            above.kind == UnitKind.DEPARTMENT,
            above.path >= at.place.path,
            above.path < at.place.path + AFTER_ALL,
            UnitTotal.region == at.region,
            UnitTotal.kind == Counted.ENTERPRISES.value,
            UnitTotal.is_department == false(),
        )
    )
    return (Unit.id.in_(of_region),)


def _units_of(at: Narrowed, *, searched: bool = True) -> tuple[ColumnElement[bool], ...]:
    conditions = (
        Unit.kind == UnitKind.FIRST_LEVEL,
        Unit.status == UnitStatus.ACTIVE,
        within(Reach(at.place.path), searched=searched),
    )
    if at.region == ALL_REGIONS:
        return conditions
    return (*conditions, func.substr(Unit.uscc, 3, 4) == at.region)


def _greatest_people(
    session: Session, here: tuple[ColumnElement[bool], ...], most: int
) -> list[Lever]:
    """From the one most wait on downwards, until nobody further down can be among the first."""
    found: list[Lever] = []
    ranked = session.execute(
        select(Holder.id_index, Holder.waiting)
        .order_by(Holder.waiting.desc(), Holder.id_index.desc())
        .limit(_LOOKED_AT_MOST)
    ).all()
    for some in _growing(ranked, 2 * most):
        if len(found) >= most and found[most - 1].releases >= some[0].waiting:
            break
        waiting = waiting_on(session, [holder for holder, _ in some])
        inside = _inside(session, {pair.unit_id for pair in waiting}, here)
        found += _people(session, by_holder(pair for pair in waiting if pair.unit_id in inside))
        found.sort(key=lambda lever: -lever.releases)
    return found[:most]


def _greatest_vacant(
    session: Session, here: tuple[ColumnElement[bool], ...], most: int
) -> list[Lever]:
    ranked = session.scalars(
        select(UnitTotal.unit_id)
        .where(OF_FIRST_LEVELS, UnitTotal.stuck > 0)
        .order_by(UnitTotal.stuck.desc(), UnitTotal.unit_id.desc())
        .limit(_LOOKED_AT_MOST)
    ).all()
    found: list[int] = []
    for some in _growing(ranked, 2 * most):
        inside = _inside(session, some, here)
        found += [number for number in some if number in inside]
        if len(found) >= 2 * most:
            break
    return _vacant(session, found)


def _growing(ranked: Sequence[Any], first: int) -> Iterator[Sequence[Any]]:
    """Twice as many each time: near the root the first few will do, in a small part few are in."""
    start = 0
    while start < len(ranked):
        yield ranked[start : start + first]
        start, first = start + first, 2 * first


def _inside(
    session: Session, unit_ids: Collection[int], here: tuple[ColumnElement[bool], ...]
) -> set[int]:
    statement = select(Unit.id).where(among(session, Unit.id, list(unit_ids)), *here)
    return set(session.scalars(statement)) if unit_ids else set()


def _people(session: Session, waiting: dict[bytes, list[int]]) -> Iterable[Lever]:
    units = {number for numbers in waiting.values() for number in numbers}
    lower = blocked_below(session, units)
    for numbers in waiting.values():
        largest = min(numbers, key=lambda number: (-lower[number], number))
        yield Lever(
            LeverKind.PERSON,
            largest,
            "",
            enterprises=len(numbers),
            secondary_units=sum(lower[number] for number in numbers),
        )


def _vacant(session: Session, unit_ids: Collection[int]) -> list[Lever]:
    lower = vacant_below(session, unit_ids)
    return [
        Lever(
            LeverKind.UNIT,
            number,
            "",
            enterprises=0,
            secondary_units=lower[number],
            blocker=Blocker.UNIT_WITHOUT_ADMINISTRATOR,
        )
        for number in unit_ids
        if lower[number] > 0
    ]


def _with_names(session: Session, found: list[Lever]) -> list[Lever]:
    """With the name of the unit and, for people, what holds up their (largest) enterprise."""
    numbers = [lever.unit_id for lever in found]
    rows: Any = session.execute(
        select(Unit.id, Unit.name, UnitStanding.blocker)
        .outerjoin(
            UnitStanding,
            (UnitStanding.unit_id == Unit.id) & (UnitStanding.kind == Counted.ENTERPRISES.value),
        )
        .where(Unit.id.in_(numbers))
    )
    known = {row.id: row for row in rows}
    named = []
    for lever in found:
        row = known[lever.unit_id]
        held = Blocker(row.blocker) if row.blocker else None
        named.append(
            Lever(
                lever.kind,
                lever.unit_id,
                row.name,
                lever.enterprises,
                lever.secondary_units,
                lever.blocker or held,
            )
        )
    return named
