"""Reading the figures of a part of the tree; every answer starts from a ``Place`` within a reach.

Of departments and large units what is kept is looked up (``kept``); of other units the few things
there are counted (``live``). Either way an answer costs what the place's own size makes of it,
never what the province's does.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import exists, select
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
from admin_app.rollups import kept, live, sources
from admin_app.rollups.divisions import region_name
from admin_app.rollups.levers import levers as greatest_levers
from admin_app.rollups.models import LargeUnit, UnitTotal
from admin_app.rollups.rules import SETTLED, stage_of, way_of
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
_IS_LARGE = exists().where(LargeUnit.unit_id == Unit.id).correlate(Unit)
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
    found = session.execute(select(Unit, _IS_LARGE).where(condition, within(reach))).first()
    if found is None:
        raise NoSuchPlace
    return _place(*found)


def way_to(session: Session, reach: Reach, place: Place) -> Sequence[Place]:
    """The places above a place that lie within the reach, the uppermost first, and itself last."""
    above = select(Unit, _IS_LARGE).where(
        Unit.id.in_(ids_along(place.path)), Unit.path != place.path, within(reach)
    )
    way = [_place(*row) for row in session.execute(above.order_by(Unit.path))]
    if reach.is_everywhere and place.unit_id is not None:
        way.insert(0, EVERYTHING)
    return [*way, place]


def figures_of(session: Session, at: Narrowed, counted: Counted) -> Figures:
    """How many of a kind stand where now."""
    figures = Figures()
    for _, state, blocker, number in sources.standings(session, at, counted.value):
        figures.add(_standing(state, blocker), number)
    return figures


def headlines(session: Session, at: Narrowed, since: date, today: date) -> list[Headline]:
    """The figures of each kind now, and their change since the end of the day ``since``."""
    kinds = [counted.value for counted in Counted]
    figures = {kind: Figures() for kind in kinds}
    for kind, state, blocker, number in sources.standings(session, at, *kinds):
        figures[kind].add(_standing(state, blocker), number)
    change = {kind: Counter(dict.fromkeys(AccountState, 0)) for kind in kinds}
    for kind, day, to, number in sources.flows(session, at, since, *kinds):
        change[kind][to] += number if day <= today else 0
    return [Headline(each, figures[each.value], dict(change[each.value])) for each in Counted]


def funnel(session: Session, at: Narrowed, counted: Counted) -> list[StageCount]:
    """How many have reached each stage: persons, or enterprises (also for those who hold them)."""
    of_persons = counted is Counted.NATURAL_PERSONS
    kinds = [counted.value] if of_persons else [Counted.ENTERPRISES.value, SETTLED]
    reached: Counter[Stage] = Counter()
    for kind, state, blocker, number in sources.standings(session, at, *kinds):
        if kind != SETTLED:
            reached[stage_of(_standing(state, blocker), of_enterprises=not of_persons)] += number
        elif state == AccountState.MIGRATED.value:
            reached[Stage.ADMINISTRATOR_APPOINTED] += number
            reached[Stage.ACCOUNT_BOUND] -= number
    way = way_of(counted)
    return [
        StageCount(stage, sum(reached[later] for later in way[place:]))
        for place, stage in enumerate(way)
    ]


def blockers(session: Session, at: Narrowed, counted: Counted, today: date) -> list[BlockerCount]:
    """What holds people up, the most frequent first."""
    by_age: dict[str, Counter[int]] = {}
    oldest: dict[str, date] = {}
    for blocker, since, number in sources.stuck_since(session, at, counted.value):
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
    for _, state, _, number in sources.standings(session, at, counted.value):
        numbers[AccountState(state)] += number
    changed: dict[date, Counter[AccountState]] = {}
    for _, day, to, number in sources.flows(session, at, first, counted.value):
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
    if not sources.is_here(session, at):
        return Parts(())
    stored = sources.kept_at(at)
    if stored is None:
        return _live_parts(session, at.place, counted, most)
    shown = _kept_parts(session, stored, counted, most)
    whole = kept.totals(session, stored).get(counted.value, dict.fromkeys(AccountState, 0))
    left = {
        state: whole[state] - sum(part.by_state[state] for part in shown) for state in AccountState
    }
    number = 0
    if len(shown) == most:
        all_parts = select(UnitTotal.unit_id).where(
            UnitTotal.parent_id == kept.node_of(stored),
            UnitTotal.region == stored.region,
            UnitTotal.kind == counted.value,
            UnitTotal.total > 0,
        )
        number = count_up_to(session, all_parts).number - len(shown)
    return Parts(shown, Part("", left) if any(left.values()) else None, number)


def departments(session: Session, at: Narrowed, counted: Counted, most: int) -> list[Part]:
    """The departments directly below a place, the largest first."""
    if at.place.kind not in sources.OF_MANY:
        return []
    return list(_kept_parts(session, at, counted, most, departments_only=True))


def regions(session: Session, at: Narrowed, counted: Counted) -> list[Part]:
    """The regions of a place."""
    if at.place.kind not in sources.OF_MANY:
        return []
    return [
        Part(region_name(region), by_state, region=region)
        for region, by_state in kept.regions(session, at, counted.value)
        if at.region in (ALL_REGIONS, region)
    ]


def levers(session: Session, at: Narrowed, most: int) -> list[Lever]:
    """Where help now releases the most, the most first."""
    return greatest_levers(session, at, most)


def _place(unit: Unit, is_large: bool) -> Place:
    return Place(unit.id, unit.path, _PLACE_KINDS[unit.kind], unit.name, is_large)


def _standing(state: str, blocker: str) -> Standing:
    return Standing(AccountState(state), Blocker(blocker) if blocker else None)


def _band(age: int) -> int:
    return next(n for n, (_, last) in enumerate(AGE_BANDS) if last is None or age <= last)


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


def _live_parts(session: Session, place: Place, counted: Counted, most: int) -> Parts:
    below = live.parts(session, place, counted.value)
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
    for _, state, _, number in live.standings(session, place, [counted.value]):
        whole[AccountState(state)] += number
    left = {s: whole[s] - sum(part.by_state[s] for part in shown) for s in AccountState}
    others = Part("", left) if any(left.values()) else None
    return Parts(shown, others, max(len(ranked) - most, 0))
