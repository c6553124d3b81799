"""A worker killed at random moments: every notice is told once, and every mail and SMS is taken.

Between a server's taking one and our noting it lies one commit; who is killed just there has that
one sent again, under the same number. The tests count what was taken; an interface for SMS that
looks at the number, as ours does here, delivers each exactly once.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update

from admin_app.audit.models import OutboxMessage
from admin_app.database import transaction
from admin_app.identity.vocabulary import Channel
from admin_app.notices.models import Delivery, Notice
from admin_app.notices.rules import CLAIM_LASTS
from admin_app.notices.vocabulary import DeliveryState
from tests import builders
from tests.builders_notices import address, email_of, news, number_of
from tests.databases import Database
from tests.effort import THOROUGH
from tests.mail_server import MailServerAtWork, mail_server
from tests.sms_server import SmsServerAtWork, sms_server

NOTICES = int(os.environ.get("YIHAOTONG_TEST_NOTICES", "200"))
KILLS = 6 if THOROUGH else 3
PATIENCE = 120


@dataclass(frozen=True)
class Taker:
    """A server of one channel, how a worker finds it, and whom it took what for.

    ``taken`` is an address and the number of a mail or SMS for each time that it took one.
    """

    channel: Channel
    server: MailServerAtWork | SmsServerAtWork
    variables: dict[str, str]
    taken: Callable[[], list[tuple[str, str]]]


@pytest.fixture(params=list(Channel), ids=lambda channel: channel.value)
def taker(request: pytest.FixtureRequest) -> Iterator[Taker]:
    with _for_mail() if request.param is Channel.MAIL else _for_sms() as at_work:
        yield at_work


@contextmanager
def _for_mail() -> Iterator[Taker]:
    with mail_server() as server:
        variables = {
            "YIHAOTONG_MAIL__HOST": "127.0.0.1",
            "YIHAOTONG_MAIL__PORT": str(server.port),
            "YIHAOTONG_MAIL__SECURITY": "none",
        }
        yield Taker(
            Channel.MAIL,
            server,
            variables,
            lambda: [(str(mail["To"]), str(mail["Message-ID"])) for mail in server.taken],
        )


@contextmanager
def _for_sms() -> Iterator[Taker]:
    with sms_server() as server:
        server.known_by = "extno"
        variables = {"YIHAOTONG_SMS__URL": server.url, "YIHAOTONG_SMS__SUCCESS": '"code":0'}
        yield Taker(
            Channel.SMS,
            server,
            variables,
            lambda: [(sms["mobile"], sms["extno"]) for sms in server.taken],
        )


def start(database: Database, taker: Taker) -> subprocess.Popen[bytes]:
    own = {
        "YIHAOTONG_ENVIRONMENT": "test",
        "YIHAOTONG_DATABASE_URL": database.url,
        "YIHAOTONG_IDENTITY_KEYS": f'["{builders.KEY}"]',
        "YIHAOTONG_INDEX_KEY": builders.KEY,
        **taker.variables,
    }
    return subprocess.Popen(
        [sys.executable, "-m", "admin_app.cli", "worker"],
        env={**os.environ, **own},
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[2],
    )


def test_killed_again_and_again_every_notice_is_taken(database: Database, taker: Taker) -> None:
    wanted = _have_news(database, taker.channel, NOTICES)
    rng = random.Random()  # noqa: S311 - moments to kill at
    kills = 0
    for turn in range(1, KILLS + 1):
        worker = start(database, taker)
        _until(lambda turn=turn: len(taker.taken()) >= NOTICES * turn // (KILLS + 1))  # type: ignore[misc]
        time.sleep(rng.uniform(0, 0.02))  # anywhere in the course of one
        _kill(database, worker)
        kills += 1
        _let_claims_lapse(database)
    assert len(taker.taken()) < NOTICES, "it was done before it could be killed"
    _finishes(database, taker, NOTICES)

    received = Counter(where for where, _number in taker.taken())
    assert set(received) == wanted
    assert _different_numbers(taker) == NOTICES, "one sent again kept its number"
    assert sum(received.values()) - NOTICES <= kills, received.most_common(kills)
    _delivered_once_each(taker, wanted)
    with database.sessions() as session:
        assert session.scalar(select(func.count(Notice.id))) == NOTICES
        untold = OutboxMessage.told_at.is_(None)
        assert session.scalar(select(func.count(OutboxMessage.id)).where(untold)) == 0


def test_killed_after_it_was_taken_and_before_that_was_noted(
    database: Database, taker: Taker
) -> None:
    """The one moment that can't be closed: it is sent again, and whoever takes it can tell."""
    wanted = _have_news(database, taker.channel, 1)
    taker.server.pause = 5.0
    worker = start(database, taker)
    _until(lambda: len(taker.taken()) == 1)
    _kill(database, worker)
    assert _sent(database) == 0
    taker.server.pause = 0.0
    _let_claims_lapse(database)
    _finishes(database, taker, 1)
    assert len(taker.taken()) == 2
    assert _different_numbers(taker) == 1
    _delivered_once_each(taker, wanted)


def _have_news(database: Database, channel: Channel, number: int) -> set[str]:
    """As many people, each with something to be told; where it is to reach them."""
    wanted = set()
    with transaction(database.sessions) as session:
        for _ in range(number):
            person = builders.person(session)
            address(session, person, channel)
            news(session, person)
            wanted.add(email_of(person) if channel is Channel.MAIL else number_of(person))
    return wanted


def _different_numbers(taker: Taker) -> int:
    return len({number for _where, number in taker.taken()})


def _delivered_once_each(taker: Taker, wanted: set[str]) -> None:
    """By the interface for SMS; what a mail system makes of two of one number is its own affair."""
    if isinstance(taker.server, SmsServerAtWork):
        assert Counter(sms["mobile"] for sms in taker.server.delivered) == Counter(wanted)


def _kill(database: Database, worker: subprocess.Popen[bytes]) -> None:
    """It is dead, and what it had still asked PostgreSQL to commit is committed."""
    worker.send_signal(signal.SIGKILL)
    worker.wait(timeout=PATIENCE)
    if database.kind == "postgresql":
        _until(lambda: _is_at_rest(database))


def _is_at_rest(database: Database) -> bool:
    """No connection but this one is in the midst of anything."""
    with database.sessions() as session:
        others = session.scalar(
            text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND backend_type = 'client backend' "
                "AND state <> 'idle'"
            )
        )
    return others == 0


def _finishes(database: Database, taker: Taker, number: int) -> None:
    """A last worker is left alone, and then asked to stop."""
    last = start(database, taker)
    _until(lambda: _sent(database) == number)
    last.send_signal(signal.SIGTERM)
    assert last.wait(timeout=PATIENCE) == 0


def _sent(database: Database) -> int:
    with database.sessions() as session:
        done = Delivery.state == DeliveryState.SENT
        return session.scalar(select(func.count(Delivery.id)).where(done)) or 0


def _let_claims_lapse(database: Database) -> None:
    """As if the ten minutes had passed after which a claim is taken for a dead worker's."""
    with transaction(database.sessions) as session:
        session.execute(
            update(Delivery)
            .where(Delivery.state == DeliveryState.SENDING)
            .values(claimed_at=datetime.now(UTC) - CLAIM_LASTS - timedelta(seconds=1))
        )


def _until(fulfilled: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not fulfilled():
        assert time.monotonic() < deadline
        time.sleep(0.01)
