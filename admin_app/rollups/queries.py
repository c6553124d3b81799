"""Reading the figures of a part of the tree; every answer starts from a ``Place`` within a reach.

Above, what is kept is looked up (``kept``); from first-level units downwards the few things there
are counted (``live``). Either way an answer costs what the place's own size makes of it, never
what the province's does.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import count_up_to, within
from admin_app.hierarchy.rules import ids_along
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.migration.blockers import Blocker
from admin_app.migration.counts import Counted, Figures
from admin_app.migration.rules import Standing
from admin_app.migration.vocabulary import AccountState
from admin_app.policy.reach import Reach
from admin_app.rollups import kept, live
from admin_app.rollups.divisions import region_name
from admin_app.rollups.levers import levers as greatest_levers
from admin_app.rollups.models import UnitTotal
from admin_app.rollups.rules import SETTLED, region_of, stage_of, way_of
from admin_app.rollups.vocabulary import (
    AGE_BANDS,
    ALL_REGIONS,
    BlockerCount,
    DayFigures,
    Headline,
    Lever,
    Narrowed,
    NoSuchPlace,
    Part,
    Parts,
    Place,
    PlaceKind,
    Stage,
    StageCount,
)

_PLACE_KINDS = {
    UnitKind.DEPARTMENT: PlaceKind.DEPARTMENT,
    UnitKind.FIRST_LEVEL: PlaceKind.FIRST_LEVEL,
    UnitKind.SECONDARY: PlaceKind.SECONDARY,
}
_IS_KEPT = (PlaceKind.EVERYTHING, PlaceKind.DEPARTMENT)
EVERYTHING = Place(None, "", PlaceKind.EVERYTHING, "")


def place_of(session: Session, reach: Reach, unit_id: int | None) -> Place:
    """The place with a unit's number; without one the whole of the reach.

    Raises:
        NoSuchPlace: not there, or out of reach.
    """
    if unit_id is None:
        if reach.is_everywhere:
            return EVERYTHING
        condition = Unit.path == reach.top
    else:
        condition = Unit.id == unit_id
    unit = session.scalar(select(Unit).where(condition, within(reach)))
    if unit is None:
        raise NoSuchPlace
    return _place(unit)


def way_to(session: Session, reach: Reach, place: Place) -> Sequence[Place]:
    """The places above a place that lie within the reach, the uppermost first, and itself last."""
    above = select(Unit).where(
        Unit.id.in_(ids_along(place.path)), Unit.path != place.path, within(reach)
    )
    way = [_place(unit) for unit in session.scalars(above.order_by(Unit.path))]
    if reach.is_everywhere and place.unit_id is not None:
        way.insert(0, EVERYTHING)
    return [*way, place]


def figures_of(session: Session, at: Narrowed, counted: Counted) -> Figures:
    """How many of a kind stand where now."""
    figures = Figures()
    for state, blocker, number in _standings(session, at, counted.value):
        figures.add(_standing(state, blocker), number)
    return figures


def headlines(session: Session, at: Narrowed, since: date, today: date) -> list[Headline]:
    """The figures of each kind now, and their change since the end of the day ``since``."""
    found = []
    for counted in Counted:
        figures = figures_of(session, at, counted)
        change: Counter[AccountState] = Counter(dict.fromkeys(AccountState, 0))
        for day, state, number in _flows(session, at, counted.value, since):
            change[state] += number if day <= today else 0
        found.append(Headline(counted, figures, dict(change)))
    return found


def funnel(session: Session, at: Narrowed, counted: Counted) -> list[StageCount]:
    """How many have reached each stage: persons, or enterprises (also for those who hold them)."""
    of_persons = counted is Counted.NATURAL_PERSONS
    kind = counted if of_persons else Counted.ENTERPRISES
    reached: Counter[Stage] = Counter()
    for state, blocker, number in _standings(session, at, kind.value):
        reached[stage_of(_standing(state, blocker), of_enterprises=not of_persons)] += number
    if not of_persons:
        migrated = AccountState.MIGRATED.value
        settled = sum(n for s, _, n in _standings(session, at, SETTLED) if s == migrated)
        reached[Stage.ADMINISTRATOR_APPOINTED] += settled
        reached[Stage.ACCOUNT_BOUND] -= settled
    way = way_of(counted)
    return [
        StageCount(stage, sum(reached[later] for later in way[place:]))
        for place, stage in enumerate(way)
    ]


def blockers(session: Session, at: Narrowed, counted: Counted, today: date) -> list[BlockerCount]:
    """What holds people up, the most frequent first."""
    by_age: dict[str, Counter[int]] = {}
    oldest: dict[str, date] = {}
    for blocker, since, number in _stuck_since(session, at, counted.value):
        age = max((today - since).days, 0)
        by_age.setdefault(blocker, Counter())[_band(age)] += number
        oldest[blocker] = min(since, oldest.get(blocker, since))
    found = [
        BlockerCount(
            Blocker(name),
            bands.total(),
            oldest[name],
            tuple(bands[n] for n in range(len(AGE_BANDS))),
        )
        for name, bands in by_age.items()
    ]
    order = list(Blocker)
    return sorted(found, key=lambda each: (-each.number, order.index(each.blocker)))


def days(
    session: Session, at: Narrowed, counted: Counted, first: date, last: date
) -> list[DayFigures]:
    """How many stood where at the end of each day from ``first`` to ``last``."""
    numbers: Counter[AccountState] = Counter(dict.fromkeys(AccountState, 0))
    for state, _, number in _standings(session, at, counted.value):
        numbers[AccountState(state)] += number
    changed: dict[date, Counter[AccountState]] = {}
    for day, to, number in _flows(session, at, counted.value, first):
        if day > last:
            numbers[to] -= number
        else:
            changed.setdefault(day, Counter())[to] += number
    found = []
    day = last
    while day >= first:
        found.append(DayFigures(day, dict(numbers)))
        for to, number in changed.get(day, Counter()).items():
            numbers[to] -= number
        day -= timedelta(days=1)
    return found[::-1]


def parts(session: Session, at: Narrowed, counted: Counted, most: int) -> Parts:
    """The largest units directly below a place (those of a department may be many)."""
    if at.place.kind not in _IS_KEPT:
        return _live_parts(session, at, counted, most)
    shown = _kept_parts(session, at, counted, most)
    whole = kept.totals(session, at).get(counted.value, dict.fromkeys(AccountState, 0))
    left = {
        state: whole[state] - sum(part.by_state[state] for part in shown) for state in AccountState
    }
    number = 0
    if len(shown) == most:
        all_parts = select(UnitTotal.unit_id).where(
            UnitTotal.parent_id == kept.node_of(at),
            UnitTotal.region == at.region,
            UnitTotal.kind == counted.value,
            UnitTotal.total > 0,
        )
        number = count_up_to(session, all_parts).number - len(shown)
    return Parts(shown, Part("", left) if any(left.values()) else None, number)


def departments(session: Session, at: Narrowed, counted: Counted, most: int) -> list[Part]:
    """The departments directly below a place, the largest first."""
    if at.place.kind not in _IS_KEPT:
        return []
    return list(_kept_parts(session, at, counted, most, departments_only=True))


def regions(session: Session, at: Narrowed, counted: Counted) -> list[Part]:
    """The regions of a place."""
    if at.place.kind not in _IS_KEPT:
        return []
    return [
        Part(region_name(region), by_state, region=region)
        for region, by_state in kept.regions(session, at, counted.value)
        if at.region in (ALL_REGIONS, region)
    ]


def levers(session: Session, at: Narrowed, most: int) -> list[Lever]:
    """Where help now releases the most, the most first."""
    return greatest_levers(session, at, most)


def _place(unit: Unit) -> Place:
    return Place(unit.id, unit.path, _PLACE_KINDS[unit.kind], unit.name)


def _standing(state: str, blocker: str) -> Standing:
    return Standing(AccountState(state), Blocker(blocker) if blocker else None)


def _band(age: int) -> int:
    return next(n for n, (_, last) in enumerate(AGE_BANDS) if last is None or age <= last)


def _standings(session: Session, at: Narrowed, kind: str) -> list[tuple[str, str, int]]:
    if at.place.kind in _IS_KEPT:
        return kept.standings(session, at, kind)
    return live.standings(session, at.place, kind) if _is_here(session, at) else []


def _stuck_since(session: Session, at: Narrowed, kind: str) -> list[tuple[str, date, int]]:
    if at.place.kind in _IS_KEPT:
        return list(kept.stuck_since(session, at, kind))
    return list(live.stuck_since(session, at.place, kind)) if _is_here(session, at) else []


def _flows(
    session: Session, at: Narrowed, kind: str, after: date
) -> list[tuple[date, AccountState, int]]:
    if at.place.kind in _IS_KEPT:
        return kept.flows(session, at, kind, after)
    return live.flows(session, at.place, kind, after) if _is_here(session, at) else []


def _is_here(session: Session, at: Narrowed) -> bool:
    """A first-level unit and all below it are in one region: that of its credit code."""
    if at.region == ALL_REGIONS:
        return True
    code = session.scalar(
        select(Unit.uscc).where(
            Unit.id.in_(ids_along(at.place.path)), Unit.kind == UnitKind.FIRST_LEVEL
        )
    )
    return region_of(code) == at.region


def _kept_parts(
    session: Session, at: Narrowed, counted: Counted, most: int, *, departments_only: bool = False
) -> tuple[Part, ...]:
    rows = kept.parts(session, at, counted.value, most, departments_only=departments_only)
    return tuple(
        Part(
            row[1],
            dict(zip(AccountState, row[3:], strict=True)),
            unit_id=row[0],
            kind=_PLACE_KINDS[row[2]],
            has_parts=True,
        )
        for row in rows
    )


def _live_parts(session: Session, at: Narrowed, counted: Counted, most: int) -> Parts:
    if not _is_here(session, at):
        return Parts(())
    below = live.parts(session, at.place, counted.value)
    ranked = sorted(below, key=lambda number: (-below[number].total(), number))
    names = dict(
        session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(ranked[:most]))).all()
    )
    shown = tuple(
        Part(
            names[number],
            {state: below[number][state] for state in AccountState},
            unit_id=number,
            kind=PlaceKind.SECONDARY,
            has_parts=True,
        )
        for number in ranked[:most]
    )
    whole: Counter[AccountState] = Counter()
    for state, _, number in live.standings(session, at.place, counted.value):
        whole[AccountState(state)] += number
    left = {s: whole[s] - sum(part.by_state[s] for part in shown) for s in AccountState}
    others = Part("", left) if any(left.values()) else None
    return Parts(shown, others, max(len(ranked) - most, 0))
