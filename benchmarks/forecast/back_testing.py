"""Forecasts made on past days and held against what came."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from dashboards.statistics.forecast import HORIZON, DayCount, Outlook, forecast, goal_of

AHEAD = (7, 14, 30)
_SHARES = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


@dataclass
class Kept:
    """How often an interval held the truth, out of how many."""

    held: int = 0
    asked: int = 0

    def note(self, held: bool) -> None:
        self.held += held
        self.asked += 1

    @property
    def share(self) -> float:
        return self.held / self.asked if self.asked else float("nan")


@dataclass
class Record:
    """``reached``: only goals that were; ``days_off``: how far the median was from the day."""

    reached: Kept = field(default_factory=Kept)
    all: Kept = field(default_factory=Kept)
    ahead: dict[int, Kept] = field(default_factory=lambda: {days: Kept() for days in AHEAD})
    too_early: int = 0  # the day came before the interval
    days_off: list[int] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)
    silent: int = 0  # "cannot say yet"


def back_test(process: Callable[[random.Random], list[DayCount]], seeds: Sequence[int]) -> Record:
    """One run of the process a seed; forecasts on a few of its days, each for one open goal."""
    record = Record()
    for seed in seeds:
        rng = random.Random(f"{process.__name__} {seed}")
        days = process(rng)
        for cut in sorted(rng.sample(range(12, min(90, len(days) - 31)), 2)):
            _hold_against(record, rng, days, cut)
    return record


def _hold_against(record: Record, rng: random.Random, days: list[DayCount], cut: int) -> None:
    known, now = days[: cut + 1], days[cut]
    open_shares = [share for share in _SHARES if goal_of(now.total, share) > now.migrated]
    if not open_shares:
        return
    share = rng.choice(open_shares)
    said = forecast(known, share, until=now.day + timedelta(days=30))
    if said.outlook is Outlook.TOO_LITTLE:
        record.silent += 1
        return
    came = next((day.day for day in days[cut:] if day.migrated >= said.goal), None)
    if came is not None and (came - now.day).days > HORIZON:
        came = None
    held = _within(came, said.first, said.last)
    if not (came is None and (days[-1].day - now.day).days < HORIZON):  # else nobody knows
        record.all.note(held)
    if came is not None:
        record.reached.note(held)
        record.too_early += said.first is None or came < said.first
        if said.middle is not None:
            record.days_off.append(abs((said.middle - came).days))
        if said.first is not None and said.last is not None:
            record.widths.append((said.last - said.first).days)
    by_day = {day.day: day for day in said.fan}
    for ahead in AHEAD:
        fan = by_day.get(now.day + timedelta(days=ahead))
        if fan is not None:
            record.ahead[ahead].note(fan.low <= days[cut + ahead].migrated <= fan.high)


def _within(came: date | None, first: date | None, last: date | None) -> bool:
    if came is None:
        return last is None
    return first is not None and first <= came and (last is None or came <= last)
