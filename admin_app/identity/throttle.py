"""Counting failed staff sign-ins in the database, so that all server processes share the count.

Three buckets, each with a window that ends by itself:

* an account from one address: stops somebody who tries passwords;
* an address: stops somebody who tries accounts;
* an account: stops many addresses together, but never one from which the account signed in
  before, so that nobody can lock an owner out.

An attempt is counted before the password is looked at and given back if it was right. The count
is one statement that holds its row until the transaction ends, so parallel attempts queue up.
Buckets are taken in the order above by everybody, so nobody waits in a circle.
"""

import ipaddress
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.identity.models import SignInAttempt, SignInSession
from admin_app.sealing import Sealer

WINDOW = timedelta(minutes=15)
ACCOUNT_AT_ADDRESS_MOST = 5
ADDRESS_MOST = 50
ACCOUNT_MOST = 20

_ATTEMPTS = cast(Table, SignInAttempt.__table__)


@dataclass(frozen=True, slots=True)
class Source:
    """Who tries to sign in, and from where, as far as throttling cares."""

    username: str
    network: str

    @classmethod
    def of(cls, username: str, address: str) -> "Source":
        return cls(username, network_of(address))


@dataclass(frozen=True, slots=True)
class Overrun:
    """A bucket is full until its window ends; ``just_now``: this attempt was the first too many."""

    until: datetime
    just_now: bool

    def minutes_from(self, now: datetime) -> int:
        return max(1, math.ceil((self.until - now) / timedelta(minutes=1)))


def count_attempt(act: Act, source: Source, staff_id: int | None) -> Overrun | None:
    """Count an attempt; an overrun means that the password must not even be looked at."""
    pair, address, account = _buckets(act.sealer, source)
    is_known = _is_known_network(act.session, staff_id, source.network)
    for bucket, most, stops in (
        (pair, ACCOUNT_AT_ADDRESS_MOST, True),
        (address, ADDRESS_MOST, True),
        (account, ACCOUNT_MOST, not is_known),
    ):
        failures, until = count_in_window(act.session, bucket, act.at)
        if failures > most and stops:
            return Overrun(until, just_now=failures == most + 1)
    return None


def give_back(act: Act, source: Source) -> None:
    """The counted attempt was no failure: forget the account's failures at this address."""
    pair, address, account = _buckets(act.sealer, source)
    act.session.execute(delete(_ATTEMPTS).where(_ATTEMPTS.c.bucket == pair))
    for bucket in (address, account):
        act.session.execute(
            update(_ATTEMPTS)
            .where(_ATTEMPTS.c.bucket == bucket, _ATTEMPTS.c.failures > 0)
            .values(failures=_ATTEMPTS.c.failures - 1)
        )


def forget_count(session: Session, *buckets: bytes) -> None:
    """Begin counting anew in these buckets."""
    session.execute(delete(_ATTEMPTS).where(_ATTEMPTS.c.bucket.in_(buckets)))


def delete_ended_windows(session: Session, now: datetime) -> int:
    """Delete the counts whose window is over, which no longer count anyway; says how many."""
    over = delete(_ATTEMPTS).where(_ATTEMPTS.c.window_ends_at <= now)
    return len(session.execute(over.returning(_ATTEMPTS.c.bucket)).all())


def network_of(address: str) -> str:
    """An address as it is counted: a line's IPv6 addresses change freely within its /64."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def _buckets(sealer: Sealer, source: Source) -> tuple[bytes, bytes, bytes]:
    return (
        sealer.index("sign-in", "account at address", source.username, source.network),
        sealer.index("sign-in", "address", source.network),
        sealer.index("sign-in", "account", source.username),
    )


def _is_known_network(session: Session, staff_id: int | None, network: str) -> bool:
    # Asked for unknown accounts too (none has the number 0), so that both take equally long.
    addresses = session.scalars(
        select(SignInSession.address).where(SignInSession.staff_id == (staff_id or 0)).distinct()
    )
    return network in {network_of(address) for address in addresses}


def count_in_window(
    session: Session, bucket: bytes, now: datetime, window: timedelta = WINDOW
) -> tuple[int, datetime]:
    """Count one more in a bucket; says how many there are now, and when its window ends."""
    is_server = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if is_server else sqlite.insert
    is_over = _ATTEMPTS.c.window_ends_at <= now
    counted = session.execute(
        insert(SignInAttempt)
        .values(bucket=bucket, failures=1, window_ends_at=now + window)
        .on_conflict_do_update(
            index_elements=["bucket"],
            set_={
                "failures": case((is_over, 1), else_=_ATTEMPTS.c.failures + 1),
                "window_ends_at": case((is_over, now + window), else_=_ATTEMPTS.c.window_ends_at),
            },
        )
        .returning(_ATTEMPTS.c.failures, _ATTEMPTS.c.window_ends_at)
    ).one()
    return counted.failures, counted.window_ends_at
