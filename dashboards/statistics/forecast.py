"""When a share will have moved in, from the figures of each day, with an interval that holds.

Method (docs/decisions/0006-forecast.md). Of those who remain, a part comes and a part never does.
Each day, everybody who is still to come does so with the same chance, times a factor for the day of
the week: the pace falls as fewer are left. How many will come and how great the chance is isn't
known, so every pair on a grid is weighed by how well it explains the days of late (quasi-Poisson
likelihood, recent days counting more), and the forecast is the mixture of what the pairs foretell.
The future also differs from the past in ways no figure shows (a campaign, a holiday): that spread
is measured by back-testing (``python -m benchmarks.forecast``), not derived.

Nothing is drawn at random: the same figures give the same forecast.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from math import ceil
from typing import NamedTuple

from dashboards.statistics.pace import daily_factors, paces
from dashboards.statistics.quantiles import Cloud, share_reached, spread_at

LEAST_DAYS = 10  # of moving in, before anything can be said
LEAST_MIGRATED = 20
HORIZON = 365  # days; nobody can tell what happens later
SURENESS = 0.8
_LOW, _HIGH = (1 - SURENESS) / 2, (1 + SURENESS) / 2
_FIRST_DAYS_SHOWN, _STEPS = 14, 16


class Outlook(Enum):
    """What can be said."""

    TOO_LITTLE = "too_little"  # cannot say yet
    REACHED = "reached"
    EXPECTED = "expected"
    UNLIKELY = "unlikely"  # rather not within the horizon


class DayCount(NamedTuple):
    """How many there were at the end of a day, and how many of them had moved in."""

    day: date
    migrated: int
    total: int


class FanDay(NamedTuple):
    """Between ``low`` and ``high`` lies the number of that day, eight times out of ten."""

    day: date
    low: int
    middle: int
    high: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """``first`` to ``last`` holds the day on which ``goal`` is reached eight times out of ten.

    None: not within the horizon.
    """

    outlook: Outlook
    goal: int
    first: date | None = None
    middle: date | None = None
    last: date | None = None
    fan: tuple[FanDay, ...] = ()
    by_deadline: float | None = None  # how probable it is that the goal is reached in time


def goal_of(total: int, share: float) -> int:
    """How many a share of a total is; at least that share."""
    return min(total, ceil(round(total * share, 6)))


def forecast(
    days: Sequence[DayCount],
    share: float = 0.95,
    deadline: date | None = None,
    until: date | None = None,
) -> Forecast:
    """Foretell from the days so far, oldest first, when a share of all will have moved in.

    The fan reaches to ``until``, or as far as is of interest.
    """
    if not days or days[-1].total == 0:
        return Forecast(Outlook.TOO_LITTLE, 0)
    now = days[-1]
    goal = goal_of(now.total, share)
    if now.migrated >= goal:
        reached = next(day.day for day in days if day.migrated >= goal)
        return Forecast(Outlook.REACHED, goal, reached, reached, reached)
    if not _enough(days):
        return Forecast(Outlook.TOO_LITTLE, goal)
    factors = daily_factors(days)
    pairs, unrest = paces(days, factors)
    if not pairs:
        return Forecast(Outlook.TOO_LITTLE, goal)
    cloud = Cloud(now.migrated, now.total, pairs, unrest)
    return _foretell(now, goal, cloud, factors, deadline, until)


def _enough(days: Sequence[DayCount]) -> bool:
    """Ten days since the first moved in, with twenty moved in meanwhile."""
    moving = [day for day in days if day.migrated > 0]
    return (
        len(moving) >= LEAST_DAYS
        and moving[-1].migrated - moving[0].migrated >= LEAST_MIGRATED
        and len(days) > LEAST_DAYS
    )


def _foretell(
    now: DayCount,
    goal: int,
    cloud: Cloud,
    factors: Sequence[float],
    deadline: date | None,
    until: date | None,
) -> Forecast:
    quantiles: list[date | None] = []
    ahead, strides = 1, _strides(now.day, factors)
    for probability in (_LOW, 0.5, _HIGH):
        ahead = bisect_left(
            range(HORIZON),
            probability,
            lo=ahead,
            key=lambda later: share_reached(cloud, strides[later], goal),
        )
        quantiles.append(now.day + timedelta(days=ahead) if ahead < HORIZON else None)
    first, middle, last = quantiles
    by_deadline = None
    if deadline is not None:
        left = min(max((deadline - now.day).days, 0), HORIZON)
        by_deadline = share_reached(cloud, strides[left], goal)
    end = until or _of_interest(now.day, middle, last, deadline)
    return Forecast(
        Outlook.EXPECTED if middle is not None else Outlook.UNLIKELY,
        goal,
        first,
        middle,
        last,
        tuple(_fan(cloud, strides, now.day, end)),
        by_deadline,
    )


def _strides(today: date, factors: Sequence[float]) -> list[float]:
    """For each day ahead the ordinary days that have gone by; a Sunday may be a third of one."""
    strides = [0.0]
    for ahead in range(1, HORIZON + 1):
        strides.append(strides[-1] + factors[(today + timedelta(days=ahead)).weekday()])
    return strides


def _of_interest(
    today: date, middle: date | None, last: date | None, deadline: date | None
) -> date:
    wanted = [today + timedelta(days=30), *(day for day in (middle, last, deadline) if day)]
    return min(max(wanted), today + timedelta(days=180))


def _fan(cloud: Cloud, strides: Sequence[float], today: date, end: date) -> list[FanDay]:
    length = min(max((end - today).days, 1), HORIZON)
    near = range(1, min(length, _FIRST_DAYS_SHOWN) + 1)
    step = max(1, ceil((length - len(near)) / _STEPS))
    shown = sorted({*near, *range(len(near), length, step), length})
    fan = [FanDay(today, cloud.migrated, cloud.migrated, cloud.migrated)]
    for ahead in shown:
        found = spread_at(cloud, strides[ahead], (_LOW, 0.5, _HIGH))
        # What was reached stays reached; rounding must not take a person back.
        low, middle, high = (max(a, b) for a, b in zip(found, fan[-1][1:], strict=True))
        fan.append(FanDay(today + timedelta(days=ahead), low, middle, high))
    return fan
