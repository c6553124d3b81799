"""Which charts the page shows, in order, and what feeds each."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from types import ModuleType
from typing import Any

from admin_app.policy.vocabulary import Permission
from admin_app.rollups import queries
from admin_app.rollups.levers import held_up
from admin_app.rollups.rules import day_of
from admin_app.service_desk.case_figures import desk_figures
from admin_app.service_desk.urging_queries import last_urgings
from admin_app.web.gate import permits
from admin_app.wording import Text
from dashboards.choice import period_of
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
from dashboards.links import urging
from dashboards.reading import Reading, whole
from dashboards.words import name_of_region

PARTS_MOST = 30
RANKED_MOST = 12
LEVERS_MOST = 10
WEEK = timedelta(days=7)
LEARNT_FROM = timedelta(days=60)


@dataclass(frozen=True)
class Panel:
    """A chart: its figure's module, and the reading of its data."""

    name: str
    figure: ModuleType
    read: Callable[[Reading], Any]
    is_wide: bool = False
    is_cards: bool = False  # shown as the headline row rather than as a chart
    is_shown: Callable[[Reading], bool] | None = None  # always, unless this says otherwise
    goes_without: bool = False  # nothing to show isn't worth a word
    nothing: Callable[[Any], Text] | None = None  # or is worth one of its own
    named: Text | None = None
    onward: Callable[[Reading], tuple[Text, str] | None] = lambda _reading: None  # where to act

    @property
    def heading(self) -> Text:
        heading: Text = self.named or self.figure.HEADING
        return heading


def _headlines(reading: Reading) -> headlines.Headlines:
    since = reading.today - WEEK
    found = queries.headlines(reading.session, reading.at, since, reading.today)
    return headlines.Headlines(found, reading.choice.counted, WEEK.days)


def _funnel(reading: Reading) -> funnel.Funnel:
    counted = reading.choice.counted
    return funnel.Funnel(counted, queries.funnel(reading.session, reading.at, counted))


def _blockers(reading: Reading) -> blockers.Blockers:
    counted = reading.choice.counted
    found = queries.blockers(reading.session, reading.at, counted, reading.today)
    return blockers.Blockers(counted, found, reading.today)


def _burnup(reading: Reading) -> burnup.Burnup:
    """All that is known teaches the forecast; the chosen period is what is drawn."""
    counted = reading.choice.counted
    first, last = period_of(reading.choice, reading.today)
    known = min(first, last - LEARNT_FROM)
    days = queries.days(reading.session, reading.at, counted, known, last)
    return burnup.burnup(counted, days, deadline=reading.deadline, first=first)


def _parts(reading: Reading) -> parts.Icicle:
    counted = reading.choice.counted
    found = queries.parts(reading.session, reading.at, counted, PARTS_MOST)
    return parts.Icicle(counted, reading.place, found)


def _departments(reading: Reading) -> ranking.Ranking:
    counted = reading.choice.counted
    found = queries.departments(reading.session, reading.at, counted, RANKED_MOST)
    return ranking.Ranking(counted, ranking.Ranked.DEPARTMENTS, found)


def _regions(reading: Reading) -> ranking.Ranking:
    counted = reading.choice.counted
    regions = queries.regions(reading.session, whole(reading), counted)
    found = [replace(part, name=name_of_region(part.region)) for part in regions]
    return ranking.Ranking(counted, ranking.Ranked.REGIONS, found)


def _levers(reading: Reading) -> levers.Levers:
    found = queries.levers(reading.session, reading.at, LEVERS_MOST)
    urged = {}
    if permits(Permission.LEVER_VIEW):
        last = last_urgings(reading.session, {lever.unit_id for lever in found})
        urged = {unit_id: day_of(urging.at) for unit_id, urging in last.items()}
    return levers.Levers(found, *held_up(reading.session, found), urged)


def _cases(reading: Reading) -> cases.Cases:
    first, last = period_of(reading.choice, reading.today)
    counted = reading.choice.counted
    found = desk_figures(reading.session, reading.at, counted, first, last, reading.today)
    return cases.Cases(counted, found, first, last)


def _comparison(reading: Reading) -> comparison.Comparison:
    """The last day shown beside the other one, the earlier first."""
    _first, last = period_of(reading.choice, reading.today)
    days = sorted({reading.choice.compared_with or last, last})
    found = [
        queries.days(reading.session, reading.at, reading.choice.counted, day, day)[0]
        for day in days
    ]
    return comparison.Comparison(reading.choice.counted, found[0], found[-1])


PANELS: dict[str, Panel] = {
    panel.name: panel
    for panel in (
        Panel("headlines", headlines, _headlines, is_wide=True, is_cards=True),
        Panel("funnel", funnel, _funnel),
        Panel("blockers", blockers, _blockers),
        Panel("burnup", burnup, _burnup, is_wide=True),
        Panel("parts", parts, _parts, is_wide=True),
        Panel("levers", levers, _levers, onward=lambda reading: urging(reading.choice)),
        Panel("cases", cases, _cases, nothing=cases.finding),
        Panel(
            "departments",
            ranking,
            _departments,
            goes_without=True,
            named=Text("主管部门，同规模比一比", "Departments within the same size"),
        ),
        Panel(
            "regions",
            ranking,
            _regions,
            goes_without=True,
            named=Text("地区，同规模比一比", "Regions within the same size"),
        ),
        Panel(
            "comparison",
            comparison,
            _comparison,
            is_shown=lambda reading: reading.choice.compared_with is not None,
        ),
    )
}
