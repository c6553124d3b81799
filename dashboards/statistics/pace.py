"""Which paces explain the days of late: how many will come, and how fast, each pair weighed."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from math import exp, log, sqrt
from typing import NamedTuple, Protocol

WINDOW = 42  # days that are looked at
HALF_LIFE = 10.0  # days after which a day counts half
WEEK = 7
_PRIOR_DAYS = 2.0  # a weekday's factor starts as if two ordinary ones had been seen
_COMING = tuple((step + 0.5) / 24 for step in range(24))  # of those who remain
_CHANCES = tuple(exp(log(0.0005) + log(0.6 / 0.0005) * step / 27) for step in range(28))
_NEGLIGIBLE = 4e-4
_PAIRS_MOST = 64


class Counted(Protocol):
    @property
    def day(self) -> date: ...
    @property
    def migrated(self) -> int: ...
    @property
    def total(self) -> int: ...


class Pair(NamedTuple):
    """So many are still to come, each with this chance a day; ``scatter`` is the days' unrest."""

    coming: float
    chance: float
    weight: float
    scatter: float


class Paces(NamedTuple):
    """The weighed pairs, and how much the pace of whole weeks went up and down (0.3: by 30 %)."""

    pairs: list[Pair]
    unrest: float


class _Seen(NamedTuple):
    day: date
    before: int  # migrated when the day began
    new: int
    weight: float


def daily_factors(days: Sequence[Counted]) -> tuple[float, ...]:
    """How much of an ordinary day Monday to Sunday each are; all 1 with less than two weeks.

    A day is compared with the mean of the week around it, so that a falling pace isn't taken for a
    difference between weekdays.
    """
    new = [max(0, b.migrated - a.migrated) for a, b in pairwise(days)]
    new, dates = new[-WINDOW:], [day.day for day in days[1:]][-WINDOW:]
    if len(new) < 2 * WEEK:
        return (1.0,) * WEEK
    seen, meant = [0.0] * WEEK, [0.0] * WEEK
    for at, day in enumerate(dates):
        start = min(max(0, at - WEEK // 2), len(new) - WEEK)
        mean = sum(new[start : start + WEEK]) / WEEK
        seen[day.weekday()] += new[at]
        meant[day.weekday()] += mean
    ordinary = sum(new) / len(new) * _PRIOR_DAYS
    if ordinary == 0:
        return (1.0,) * WEEK
    raw = [(s + ordinary) / (m + ordinary) for s, m in zip(seen, meant, strict=True)]
    return tuple(factor * WEEK / sum(raw) for factor in raw)


def paces(days: Sequence[Counted], factors: Sequence[float]) -> Paces:
    """The pairs that explain the days, weighed; none if nobody came of late."""
    seen = _window(days)
    remaining = days[-1].total - days[-1].migrated
    if sum(each.new for each in seen) == 0 or remaining <= 0:
        return Paces([], 0.0)
    grid = [(share * remaining, chance) for share in _COMING for chance in _CHANCES]
    terms = [(each, factors[each.day.weekday()]) for each in seen]
    now = days[-1].migrated
    logs = [
        value
        for share in _COMING
        for value in _log_likelihoods(terms, now + share * remaining, _CHANCES)
    ]
    best = max(range(len(grid)), key=logs.__getitem__)
    scatter = _scatter(terms, now + grid[best][0], grid[best][1])
    weights = [exp((value - logs[best]) / scatter) for value in logs]
    total = sum(weights)
    pairs = [
        Pair(coming, chance, weight / total, scatter)
        for (coming, chance), weight in zip(grid, weights, strict=True)
        if weight / total > _NEGLIGIBLE
    ]
    return Paces(_fewer(pairs), _unrest(terms, now + grid[best][0], grid[best][1]))


def _fewer(pairs: list[Pair]) -> list[Pair]:
    """At most ``_PAIRS_MOST`` that stand for all: one at each equal step of the weight.

    Where little is known there are hundreds, and what they foretell is all the smoother.
    """
    if len(pairs) <= _PAIRS_MOST:
        return pairs
    step = sum(pair.weight for pair in pairs) / _PAIRS_MOST
    kept: list[Pair] = []
    reached, sought = 0.0, step / 2
    for pair in pairs:
        reached += pair.weight
        times = 0
        while sought <= reached:
            times, sought = times + 1, sought + step
        if times:
            kept.append(pair._replace(weight=times * step))
    return kept


def _window(days: Sequence[Counted]) -> list[_Seen]:
    start = next(at for at, day in enumerate(days) if day.migrated > 0)
    recent = days[max(start, len(days) - WINDOW - 1) :]
    length = len(recent) - 1
    return [
        _Seen(
            b.day, a.migrated, max(0, b.migrated - a.migrated), 0.5 ** ((length - at) / HALF_LIFE)
        )
        for at, (a, b) in enumerate(pairwise(recent), 1)
    ]


def _log_likelihoods(
    terms: list[tuple[_Seen, float]], coming: float, chances: Sequence[float]
) -> list[float]:
    """Of each chance. The days are gone through once: a chance is a factor of every day's mean."""
    seen = logs = expected = 0.0
    for each, factor in terms:
        mean = max(factor * (coming - each.before), 1e-9)
        seen += each.weight * each.new
        logs += each.weight * each.new * log(mean)
        expected += each.weight * mean
    return [seen * log(chance) + logs - chance * expected for chance in chances]


def _scatter(terms: list[tuple[_Seen, float]], coming: float, chance: float) -> float:
    """How much more the days differ from their means than chance alone would make them."""
    value = weights = 0.0
    for each, factor in terms:
        mean = max(chance * factor * (coming - each.before), 0.5)
        value += each.weight * (each.new - mean) ** 2 / mean
        weights += each.weight
    return max(1.0, value / max(weights * (1 - 2 / max(len(terms), 3)), 1.0))


def _unrest(terms: list[tuple[_Seen, float]], coming: float, chance: float) -> float:
    """Good and bad weeks that neither the falling pace nor chance explains."""
    above = means = 0.0
    for end in range(len(terms), WEEK - 1, -WEEK):
        week = terms[end - WEEK : end]
        new = sum(each.new for each, _ in week)
        mean = sum(max(chance * f * (coming - each.before), 0.0) for each, f in week)
        above += (new - mean) ** 2 - mean
        means += mean**2
    return sqrt(max(0.0, above / means)) if means else 0.0
