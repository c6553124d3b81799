"""Where help now releases the most: the people and units that hold up others."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from admin_app.database import among
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import count_up_to, within
from admin_app.hierarchy.vocabulary import UnitKind, UnitStatus
from admin_app.migration.blockers import Blocker
from admin_app.migration.counts import Counted
from admin_app.policy.reach import Reach
from admin_app.rollups.holders import (
    ADMINISTRATORS,
    blocked_below,
    by_holder,
    vacant_below,
    waiting_at,
    waiting_on,
)
from admin_app.rollups.models import Holder, UnitStanding, UnitTotal
from admin_app.rollups.vocabulary import ALL_REGIONS, Lever, LeverKind, Narrowed

# Up to so many first-level units a place is looked at whole; beyond, from the greatest downwards.
FEW = 1_000
_AT_A_TIME = 200
_LOOKED_AT_MOST = 2_000


def levers(session: Session, at: Narrowed, most: int) -> list[Lever]:
    """Where help now releases the most, the most first."""
    here = _units_of(at)
    few = count_up_to(session, select(Unit.id).where(*here), FEW).exact
    if few:
        people = _people(session, by_holder(waiting_at(session, *here)))
        units = _vacant(session, session.scalars(select(Unit.id).where(*here)).all())
    else:
        people = _greatest_people(session, here, most)
        units = _greatest_vacant(session, here, most)
    found = sorted((*people, *units), key=lambda lever: (-lever.releases, lever.unit_id))
    return _with_names(session, found[:most])


def _units_of(at: Narrowed) -> tuple[ColumnElement[bool], ...]:
    conditions = (
        Unit.kind == UnitKind.FIRST_LEVEL,
        Unit.status == UnitStatus.ACTIVE,
        within(Reach(at.place.path)),
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
    for start in range(0, len(ranked), _AT_A_TIME):
        some = ranked[start : start + _AT_A_TIME]
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
        .where(
            UnitTotal.kind == ADMINISTRATORS,
            UnitTotal.region == ALL_REGIONS,
            UnitTotal.is_department.is_(False),
        )
        .order_by(UnitTotal.stuck.desc(), UnitTotal.unit_id)
        .limit(_LOOKED_AT_MOST)
    ).all()
    inside = _inside(session, ranked, here)
    return _vacant(session, [number for number in ranked if number in inside][: 2 * most])


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
