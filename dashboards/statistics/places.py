"""Ranking within the same size, so that a small one is neither first nor last by chance."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from admin_app.rollups.vocabulary import Part
from admin_app.wording import Text
from dashboards.statistics.intervals import Interval, wilson

BORDERS = (10_000, 1_000, 100, 0)  # a size's least total, the largest first


class Position(Enum):
    """Where one lies beside the whole of its size; shown by colour, shape and word."""

    AHEAD = "ahead"
    ALIKE = "alike"
    BEHIND = "behind"

    @property
    def label(self) -> Text:
        return {
            Position.AHEAD: Text("明显领先", "clearly ahead"),
            Position.ALIKE: Text("相差不明显", "no clear difference"),
            Position.BEHIND: Text("明显落后", "clearly behind"),
        }[self]


@dataclass(frozen=True, slots=True)
class Place:
    part: Part
    interval: Interval
    least: int  # its size begins here
    of_size: float  # the share migrated of the whole size
    position: Position

    @property
    def share(self) -> float:
        return self.part.migrated / self.part.total


def ranked(everyone: Sequence[Part]) -> list[Place]:
    """The largest size first; within one the best first."""
    found: list[Place] = []
    for least in BORDERS:
        parts = [part for part in everyone if part.total and _least(part.total) == least]
        if not parts:
            continue
        of_size = sum(p.migrated for p in parts) / sum(p.total for p in parts)
        places = [_place(part, least, of_size, len(parts)) for part in parts]
        found += sorted(places, key=lambda p: (-p.interval.low, -p.share, p.part.name))
    return found


def _least(total: int) -> int:
    return next(least for least in BORDERS if total >= least)


def _place(part: Part, least: int, of_size: float, alike: int) -> Place:
    interval = wilson(part.migrated, part.total)
    position = Position.ALIKE
    if alike > 1 and interval.low > of_size:
        position = Position.AHEAD
    elif alike > 1 and interval.high < of_size:
        position = Position.BEHIND
    return Place(part, interval, least, of_size, position)


def size_text(least: int) -> Text:
    above = [border for border in BORDERS if border > least]
    if not above:
        return Text(f"{least:,} 以上", f"{least:,} and more")
    if not least:
        return Text(f"不到 {above[-1]:,}", f"under {above[-1]:,}")
    return Text(f"{least:,}–{above[-1] - 1:,}", f"{least:,}–{above[-1] - 1:,}")
