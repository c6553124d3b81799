"""How one change of standing spreads along the tree: pure sums, no database."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple

from admin_app.migration.blockers import Blocker
from admin_app.migration.counts import Counted
from admin_app.migration.rules import Standing
from admin_app.migration.vocabulary import AccountState
from admin_app.rollups.vocabulary import ALL_REGIONS, REGION_UNKNOWN, Stage

CHINA = timezone(timedelta(hours=8))  # one zone, no summer time: a day is what the office calls it

# What is kept beside the kinds that people ask for: migrated enterprises, by whether they have an
# administrator again. The last stage of the funnel.
SETTLED = "settled"
_REGION_AT = slice(2, 6)  # GB 32100-2015: positions 3 to 8 are a division code


def day_of(at: datetime) -> date:
    """The day a moment falls on, in China."""
    return at.astimezone(CHINA).date()


def end_of(day: date) -> datetime:
    """The moment a day is over in China."""
    return datetime(day.year, day.month, day.day, tzinfo=CHINA) + timedelta(days=1)


def region_of(uscc: str | None) -> str:
    """The region (province and prefecture, GB/T 2260) that registered a unit."""
    return uscc[_REGION_AT] if uscc and uscc[_REGION_AT].isdigit() else REGION_UNKNOWN


class Home(NamedTuple):
    """Where a thing counts: everything, the departments above its unit, its first-level unit.

    And on the way down from there the large units, and those with totals alone.
    """

    departments: tuple[int, ...]  # with node 0, everything
    first_level: int | None
    region: str
    large: tuple[int, ...] = ()  # the first-level unit may be one
    parts: tuple[int, ...] = ()  # below the first-level unit: large, or directly below a large one


class Change(NamedTuple):
    """So many more (or fewer) are in a standing, which they came to on one day, as of another."""

    home: Home
    kind: str
    state: str
    blocker: str
    since: date
    day: date
    number: int


@dataclass
class Sums:
    """By how much which rows of the figures change."""

    figures: Counter[tuple[int, str, str, str, str, date]] = field(default_factory=Counter)
    flows: Counter[tuple[int, str, str, date, str, str]] = field(default_factory=Counter)
    totals: Counter[tuple[int, str, str, str]] = field(default_factory=Counter)


def spread(changes: Iterable[Change]) -> Sums:
    """What changes at every node above; what cancels out is left out."""
    sums = Sums()
    for home, kind, state, blocker, since, day, number in changes:
        for region, also in ((ALL_REGIONS, home.large), (home.region, ())):
            for node in (*home.departments, *also):
                sums.figures[node, region, kind, state, blocker, since] += number
                sums.flows[node, region, kind, day, state, blocker] += number
            for node in home.departments:
                sums.totals[node, region, kind, state] += number
            if home.first_level is not None:
                sums.totals[home.first_level, region, kind, state] += number
        for node in home.parts:
            sums.totals[node, ALL_REGIONS, kind, state] += number
    for counter in (sums.figures, sums.flows, sums.totals):
        for key in [key for key, number in counter.items() if number == 0]:
            del counter[key]
    return sums


# --- The funnel --------------------------------------------------------------------------------

_WAY_OF_ENTERPRISES = tuple(Stage)
_WAY_OF_PERSONS = (Stage.IMPORTED, Stage.SIGNED_IN, Stage.VERIFIED, Stage.ACCOUNT_BOUND)
# A blocker that holds at a stage: whoever it holds has reached that one and no further.
_HELD_AT = {
    Blocker.NOT_SIGNED_IN: Stage.IMPORTED,
    Blocker.REGISTERED_BY_PASSPORT: Stage.IMPORTED,
    Blocker.ENTERPRISE_NOT_ON_PLATFORM: Stage.IMPORTED,
    Blocker.VERIFICATION_TOO_LOW: Stage.SIGNED_IN,
    Blocker.FOREIGNER_WITHOUT_CARD: Stage.SIGNED_IN,
    Blocker.ENTERPRISE_NOT_BOUND: Stage.VERIFIED,
    Blocker.NOT_THEIR_ENTERPRISE: Stage.VERIFIED,
}


def way_of(counted: Counted) -> tuple[Stage, ...]:
    """The stages that things of a kind go through."""
    return _WAY_OF_PERSONS if counted is Counted.NATURAL_PERSONS else _WAY_OF_ENTERPRISES


def stage_of(standing: Standing, *, of_enterprises: bool) -> Stage:
    """The furthest stage that a standing shows to have been reached."""
    if standing.state is AccountState.MIGRATED:
        return Stage.ACCOUNT_BOUND
    if standing.state is AccountState.NOT_STARTED:
        return Stage.IMPORTED
    furthest = Stage.ENTERPRISE_BOUND if of_enterprises else Stage.VERIFIED
    if standing.blocker is None:
        return furthest
    return _HELD_AT.get(standing.blocker, furthest)


def standings_at(stage: Stage, *, of_enterprises: bool) -> dict[AccountState, list[Blocker | None]]:
    """The states and blockers that show a stage to have been reached, and no later one."""
    found: dict[AccountState, list[Blocker | None]] = {}
    for state in AccountState:
        for blocker in (None, *Blocker):
            if stage_of(Standing(state, blocker), of_enterprises=of_enterprises) is stage:
                found.setdefault(state, []).append(blocker)
    return found
