"""Counting wrong old passwords, for the account and for the person, in the database.

So all server processes share the count and a restart forgets nothing. Either bucket full locks.
"""

import math
from datetime import timedelta

from sqlalchemy import select

from admin_app.audit.act import Act
from admin_app.identity.models import Person, SignInAttempt
from admin_app.identity.throttle import count_in_window, forget_count
from admin_app.migration.models import LegacyAccount
from admin_app.migration.vocabulary import BindingLocked

WINDOW = timedelta(minutes=30)
ACCOUNT_MOST = 5
PERSON_MOST = 10


def require_unlocked(act: Act, account: LegacyAccount, person: Person) -> None:
    """Raises BindingLocked: too many wrong passwords; not even a right one is looked at."""
    buckets = _buckets(act, account, person)
    counted = act.session.scalars(
        select(SignInAttempt).where(
            SignInAttempt.bucket.in_([bucket for bucket, _ in buckets]),
            SignInAttempt.window_ends_at > act.at,
        )
    )
    rows = {row.bucket: row for row in counted}
    for bucket, most in buckets:
        row = rows.get(bucket)
        if row is not None and row.failures >= most:
            minutes = _minutes(row.window_ends_at - act.at)
            raise BindingLocked(field="password", minutes=minutes)


def count_wrong(act: Act, account: LegacyAccount, person: Person) -> tuple[int, int]:
    """Count a wrong password; says how many tries are left, and for how long a lock lasts."""
    left, minutes = [], 1
    for bucket, most in _buckets(act, account, person):
        failures, until = count_in_window(act.session, bucket, act.at, WINDOW)
        left.append(most - failures)
        if failures >= most:
            minutes = max(minutes, _minutes(until - act.at))
    return max(min(left), 0), minutes


def forget_wrong(act: Act, account: LegacyAccount, person: Person) -> None:
    """The password was right."""
    forget_count(act.session, *(bucket for bucket, _ in _buckets(act, account, person)))


def _buckets(act: Act, account: LegacyAccount, person: Person) -> list[tuple[bytes, int]]:
    return [
        (act.sealer.index("binding", "account", str(account.id)), ACCOUNT_MOST),
        (act.sealer.index("binding", "person", str(person.id)), PERSON_MOST),
    ]


def _minutes(rest: timedelta) -> int:
    return max(1, math.ceil(rest / timedelta(minutes=1)))
