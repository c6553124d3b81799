"""When a duty is due again: pure."""

from collections.abc import Callable
from datetime import datetime, time, timedelta, timezone

CHINA = timezone(timedelta(hours=8))  # one zone, no summer time
_LONGEST = timedelta(hours=6)

# From the moment a duty is done to the moment it is due again.
Schedule = Callable[[datetime], datetime]


def daily(hour: int, minute: int = 0) -> Schedule:
    """Once a day at this time in China."""

    def following(at: datetime) -> datetime:
        local = at.astimezone(CHINA)
        due = datetime.combine(local.date(), time(hour, minute), CHINA)
        return due if due > local else due + timedelta(days=1)

    return following


def pause_after(failures: int) -> timedelta:
    """How long to wait after so many failures in a row: 1, 2, 4… minutes, at most 6 hours."""
    return min(timedelta(minutes=2 ** min(failures - 1, 10)), _LONGEST)
