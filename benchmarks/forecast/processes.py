"""Made-up ways in which a population moves in; each is a number of days with their counts."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from math import exp, sqrt

from admin_app.migration.rehearsal.script import Deed, Story, draw
from dashboards.statistics.forecast import DayCount

FIRST = date(2026, 3, 2)
LENGTH = 420  # days
_WEEKEND = 5

Chance = Callable[[int], float]

# Whoever binds and stays bound.
_COME_THROUGH = {
    Story.BINDS,
    Story.BINDS_AT_THE_SECOND_TRY,
    Story.BINDS_DAYS_LATER,
    Story.RISES,
    Story.LAPSES,
    Story.REPRESENTS,
}


def steady(rng: random.Random) -> list[DayCount]:
    """Everybody who will come has the same chance each working day."""
    chance = _some_chance(rng)
    return _days(rng, 20_000, [(rng.uniform(0.6, 1), _always(chance))])


def small(rng: random.Random) -> list[DayCount]:
    """The same in a unit of a few hundred."""
    chance = _some_chance(rng)
    return _days(rng, rng.randint(120, 600), [(rng.uniform(0.6, 1), _always(chance))])


def mixed(rng: random.Random) -> list[DayCount]:
    """The eager, the ordinary and the slow."""
    eager = _some_chance(rng) * 2
    shares = [rng.uniform(0.15, 0.4), rng.uniform(0.2, 0.4), rng.uniform(0.05, 0.2)]
    chances = [eager, eager / 3, eager / 10]
    groups = [(share, _always(c)) for share, c in zip(shares, chances, strict=True)]
    return _days(rng, 20_000, groups)


def slow_start(rng: random.Random) -> list[DayCount]:
    """Word gets around: the chance rises for some weeks."""
    chance, middle = _some_chance(rng) * 1.5, rng.uniform(5, 30)

    def rising(day: int) -> float:
        return chance / (1 + exp(-(day - middle) / 6))

    return _days(rng, 20_000, [(rng.uniform(0.6, 1), rising)])


def restless(rng: random.Random) -> list[DayCount]:
    """Good and bad weeks: the chance wanders."""
    chance, level, levels = _some_chance(rng), 0.0, []
    for _ in range(LENGTH):
        level = 0.85 * level + rng.gauss(0, 0.3)
        levels.append(exp(level))
    return _days(rng, 20_000, [(rng.uniform(0.6, 1), lambda day: chance * levels[day])])


def campaigns(rng: random.Random) -> list[DayCount]:
    """A few times a week of reminders triples the chance."""
    chance = _some_chance(rng) * 0.7
    starts = rng.sample(range(10, 150), 5)
    pushed = {start + day for start in starts for day in range(6)}
    return _days(
        rng, 20_000, [(rng.uniform(0.6, 1), lambda day: chance * (3 if day in pushed else 1))]
    )


def last_minute(rng: random.Random) -> list[DayCount]:
    """The chance triples in the three weeks before a deadline, and is halved after it."""
    chance, deadline = _some_chance(rng) * 0.7, rng.randint(50, 120)

    def rushing(day: int) -> float:
        if day > deadline:
            return chance / 2
        return chance * (1 + 2 * max(0.0, 1 - (deadline - day) / 21))

    return _days(rng, 20_000, [(rng.uniform(0.6, 1), rushing)])


def rehearsed(rng: random.Random) -> list[DayCount]:
    """The natural persons of ``yihaotong simulate``: who binds by its script, day by day."""
    length = rng.choice((60, 90, 120))
    script = draw(rng.randrange(8_999), 2_000, length)
    bound = Counter(
        {
            step.player.number: step.minute // (24 * 60)
            for step in script.steps
            if step.deed is Deed.BINDS and step.player.story in _COME_THROUGH
        }.values()
    )
    total = sum(1 for player in script.cast if player.story is not Story.NO_ACCOUNT)
    days, migrated = [DayCount(FIRST - timedelta(days=1), 0, total)], 0
    for day in range(length - 1):  # on its last day the script lets all the rest come at once
        migrated += bound[day]
        days.append(DayCount(FIRST + timedelta(days=day), migrated, total))
    return days


PROCESSES: Sequence[Callable[[random.Random], list[DayCount]]] = (
    steady,
    small,
    mixed,
    slow_start,
    restless,
    campaigns,
    last_minute,
    rehearsed,
)


def _some_chance(rng: random.Random) -> float:
    return exp(rng.uniform(-4.6, -3.0))  # one to five in a hundred a day


def _always(chance: float) -> Chance:
    return lambda _: chance


def _days(rng: random.Random, total: int, groups: Sequence[tuple[float, Chance]]) -> list[DayCount]:
    """Groups of which everybody comes with the group's chance; weekends bring a third."""
    left = [int(total * share) for share, _ in groups]
    weekend = rng.uniform(0.2, 0.6)
    days, migrated = [DayCount(FIRST - timedelta(days=1), 0, total)], 0
    for number in range(LENGTH):
        day = FIRST + timedelta(days=number)
        factor = weekend if day.weekday() >= _WEEKEND else 1.2
        for at, (_, chance) in enumerate(groups):
            come = _some_of(rng, left[at], min(0.9, chance(number) * factor))
            left[at] -= come
            migrated += come
        days.append(DayCount(day, migrated, total))
    return days


def _some_of(rng: random.Random, number: int, chance: float) -> int:
    """How many of a number come when each has a chance."""
    mean = number * chance
    if mean > 40:
        return min(number, max(0, round(rng.gauss(mean, sqrt(mean * (1 - chance))))))
    return (
        sum(rng.random() < chance for _ in range(number))
        if number < 500
        else min(number, _poisson(rng, mean))
    )


def _poisson(rng: random.Random, mean: float) -> int:
    passed, come = rng.expovariate(1), 0
    while passed < mean:
        passed += rng.expovariate(1)
        come += 1
    return come
