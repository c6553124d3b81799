"""When a duty is due again, and how long a worker may be silent about a job: pure."""

from collections.abc import Callable
from datetime import datetime, time, timedelta, timezone

CHINA = timezone(timedelta(hours=8))  # one zone, no summer time
_LONGEST = timedelta(hours=6)

# A worker renews its lease every few seconds; one that hasn't for this long is dead.
LEASE_LASTS = timedelta(seconds=60)
BEAT_SECONDS = 1.0
JOB_ATTEMPTS_MOST = 3  # workers that may die of a job before it is given up
JOBS_AT_ONCE = 3  # of one person, waiting or running

# From the moment a duty is done to the moment it is due again.
Schedule = Callable[[datetime], datetime]


def daily(hour: int, minute: int = 0) -> Schedule:
    """Once a day at this time in China."""

    def following(at: datetime) -> datetime:
        local = at.astimezone(CHINA)
        due = datetime.combine(local.date(), time(hour, minute), CHINA)
        return due if due > local else due + timedelta(days=1)

    return following


def nightly(first: int, last: int, every: timedelta) -> Schedule:
    """Again and again between two full hours of the night in China."""

    def following(at: datetime) -> datetime:
        due = at + every
        if first <= due.astimezone(CHINA).hour < last:
            return due
        return daily(first)(at)

    return following


def pause_after(failures: int) -> timedelta:
    """How long to wait after so many failures in a row: 1, 2, 4… minutes, at most 6 hours."""
    return min(timedelta(minutes=2 ** min(failures - 1, 10)), _LONGEST)
