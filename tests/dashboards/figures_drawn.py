"""Data for figures, drawn at random: whatever rollups may hand out, and names that try it on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from types import ModuleType
from typing import Any

from hypothesis import strategies as st

from admin_app.migration.blockers import Blocker
from admin_app.migration.counts import Counted, Figures
from admin_app.migration.vocabulary import AccountState
from admin_app.rollups.vocabulary import (
    BlockerCount,
    DayFigures,
    Headline,
    Lever,
    LeverKind,
    Part,
    Parts,
    Place,
    PlaceKind,
    Stage,
    StageCount,
)
from admin_app.service_desk.case_figures import CaseCount, DepartmentCount, DeskFigures
from admin_app.service_desk.form_vocabulary import CASE_KINDS
from dashboards.figures import (
    blockers,
    burnup,
    cases,
    comparison,
    funnel,
    headlines,
    levers,
    parts,
    ranking,
)
from dashboards.figures.ranking import Ranked
from dashboards.values import Look

TODAY = date(2026, 11, 25)
NASTY = "<b>x</b> %{x} & %{customdata}<br>"

looks = st.builds(
    Look, language=st.sampled_from(["zh", "en"]), dark=st.booleans(), narrow=st.booleans()
)
counted = st.sampled_from(Counted)
_numbers = st.one_of(st.just(0), st.integers(0, 20), st.integers(0, 3_000_000))
standings = st.fixed_dictionaries(dict.fromkeys(AccountState, _numbers))
names = st.sampled_from(
    [NASTY, "济南市科学技术局", "青岛市科学技术局", "Institute of Oceanology", "山东大学", "省"]
) | st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)
unit_parts = st.builds(Part, name=names, by_state=standings, unit_id=st.integers(1, 10**6))


@st.composite
def _headlines(draw: st.DrawFn) -> headlines.Headlines:
    shown = []
    for kind in draw(st.lists(counted, unique=True)):
        standing = draw(standings)
        # Before, there were as many in each state as the change takes away, never less than none.
        change = {state: draw(st.integers(-50, value)) for state, value in standing.items()}
        shown.append(Headline(kind, Figures(standing), change))
    return headlines.Headlines(shown, draw(counted))


@st.composite
def _funnel(draw: st.DrawFn) -> funnel.Funnel:
    falling = sorted(draw(st.lists(_numbers, min_size=6, max_size=6)), reverse=True)
    stages = [StageCount(stage, n) for stage, n in zip(Stage, falling, strict=True)]
    return funnel.Funnel(draw(counted), draw(st.sampled_from([stages, stages[:5], []])))


@st.composite
def _blockers(draw: st.DrawFn) -> blockers.Blockers:
    shown = []
    for blocker in draw(st.lists(st.sampled_from(Blocker), unique=True)):
        bands = tuple(draw(st.lists(st.integers(0, 9_999), min_size=4, max_size=4)))
        if sum(bands):
            oldest = TODAY - timedelta(days=draw(st.integers(0, 500)))
            shown.append(BlockerCount(blocker, sum(bands), oldest, bands))
    return blockers.Blockers(draw(counted), sorted(shown, key=lambda b: -b.number), TODAY)


@st.composite
def _burnup(draw: st.DrawFn) -> burnup.Burnup:
    length = draw(st.integers(0, 60))
    total, chance = draw(st.integers(0, 100_000)), draw(st.floats(0, 0.2))
    migrated, days = 0, []
    for at in range(length):
        migrated += int((total - migrated) * chance)
        standing = {**dict.fromkeys(AccountState, 0), AccountState.MIGRATED: migrated}
        standing[AccountState.NOT_STARTED] = total - migrated
        days.append(DayFigures(TODAY - timedelta(days=length - 1 - at), standing))
    deadline = draw(st.none() | st.dates(TODAY - timedelta(days=40), TODAY + timedelta(days=200)))
    first = draw(st.none() | st.just(TODAY - timedelta(days=20)))
    return burnup.burnup(
        draw(counted), days, deadline, first, draw(st.sampled_from([0.6, 0.95, 1]))
    )


@st.composite
def _icicle(draw: st.DrawFn) -> parts.Icicle:
    shown = tuple(draw(st.lists(unit_parts, max_size=14, unique_by=lambda p: p.unit_id)))
    others = draw(st.none() | st.builds(Part, name=st.just(""), by_state=standings))
    place = Place(1, "p", PlaceKind.DEPARTMENT, draw(names | st.just("")))
    return parts.Icicle(
        draw(counted), place, Parts(shown, others, draw(st.integers(1, 400)) if others else 0)
    )


_ranking = st.builds(
    ranking.Ranking,
    counted=counted,
    by=st.sampled_from(Ranked),
    parts=st.lists(unit_parts, max_size=14, unique_by=lambda p: p.unit_id),
)
_levers = st.lists(
    st.builds(
        Lever,
        kind=st.sampled_from(LeverKind),
        unit_id=st.integers(1, 10**6),
        unit_name=names,
        enterprises=st.integers(0, 99),
        secondary_units=st.integers(0, 99),
        blocker=st.none() | st.sampled_from(Blocker),
    ),
    max_size=8,
).flatmap(
    lambda shown: st.builds(
        levers.Levers,
        st.just(shown),
        enterprises=st.integers(*_held_together([each.enterprises for each in shown])),
        secondary_units=st.integers(*_held_together([each.secondary_units for each in shown])),
        urged=st.dictionaries(
            st.sampled_from([each.unit_id for each in shown] or [1]), st.dates(), max_size=3
        ),
    )
)


def _held_together(numbers: list[int]) -> tuple[int, int]:
    """What some hold up, each counted once: as many as the first holds, or as all do."""
    return max(numbers, default=0), sum(numbers)


@st.composite
def _case_counts(draw: st.DrawFn) -> CaseCount:
    opened, decided = draw(_numbers), draw(_numbers)
    times = st.integers(0, 80).map(lambda half: half / 2)
    return CaseCount(
        opened, draw(st.integers(0, opened)), decided, draw(times) if decided else None
    )


@st.composite
def _cases(draw: st.DrawFn) -> cases.Cases:
    some = _case_counts().filter(lambda each: not each.is_nothing)
    kinds = draw(st.dictionaries(st.sampled_from(CASE_KINDS), some, max_size=6))
    whole = CaseCount(
        sum(each.open for each in kinds.values()),
        sum(each.overdue for each in kinds.values()),
        sum(each.decided for each in kinds.values()),
        3.5 if any(each.decided for each in kinds.values()) else None,
    )
    departments = st.lists(
        st.builds(DepartmentCount, st.integers(1, 10**6), names, some),
        max_size=12,
        unique_by=lambda each: each.unit_id,
    )
    below = tuple(draw(departments)) if kinds else ()
    chosen = draw(counted)
    is_about = not whole.is_nothing and draw(st.booleans())
    abouts = draw(st.dictionaries(counted.filter(lambda each: each is not chosen), some))
    if is_about:
        abouts[chosen] = whole
    elif not abouts:
        kinds, below = {}, ()
    desk = DeskFigures(
        whole if is_about else CaseCount(), kinds, below, abouts, chosen if is_about else None
    )
    return cases.Cases(chosen, desk, TODAY - timedelta(days=29), TODAY)


_comparison = st.builds(
    comparison.Comparison,
    counted=counted,
    earlier=st.none() | st.builds(DayFigures, day=st.just(date(2025, 12, 31)), by_state=standings),
    later=st.none() | st.builds(DayFigures, day=st.just(TODAY), by_state=standings),
)


@dataclass(frozen=True)
class Chart:
    """A figure's module, data for it, and the data of nothing at all."""

    module: ModuleType
    data: st.SearchStrategy[Any]
    nothing: Callable[[], Any]

    @property
    def name(self) -> str:
        return self.module.__name__.rsplit(".", 1)[1]


CHARTS = [
    Chart(headlines, _headlines(), lambda: headlines.Headlines([])),
    Chart(funnel, _funnel(), lambda: funnel.Funnel(Counted.ENTERPRISES, [])),
    Chart(blockers, _blockers(), lambda: blockers.Blockers(Counted.ENTERPRISES, [], TODAY)),
    Chart(burnup, _burnup(), lambda: burnup.burnup(Counted.ENTERPRISES, [])),
    Chart(
        parts,
        _icicle(),
        lambda: parts.Icicle(
            Counted.ENTERPRISES, Place(1, "p", PlaceKind.DEPARTMENT, "省"), Parts(())
        ),
    ),
    Chart(ranking, _ranking, lambda: ranking.Ranking(Counted.ENTERPRISES, Ranked.REGIONS, [])),
    Chart(levers, _levers, lambda: levers.Levers([])),
    Chart(cases, _cases(), lambda: cases.Cases(Counted.ENTERPRISES, DeskFigures(), TODAY, TODAY)),
    Chart(comparison, _comparison, lambda: comparison.Comparison(Counted.ENTERPRISES, None, None)),
]
