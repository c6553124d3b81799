"""A worker killed at random moments: every notice is told once, and every mail reaches the server.

Between the server's taking a mail and our noting it lies one commit; who is killed just there has
that one mail sent again, under the same Message-ID. The test counts what the server took.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, update

from admin_app.audit.models import OutboxMessage
from admin_app.database import transaction
from admin_app.notices.models import Delivery, Notice
from admin_app.notices.rules import CLAIM_LASTS
from admin_app.notices.vocabulary import DeliveryState
from tests import builders
from tests.builders_notices import address, email_of, news
from tests.databases import Database
from tests.effort import THOROUGH
from tests.mail_server import mail_server

NOTICES = int(os.environ.get("YIHAOTONG_TEST_NOTICES", "200"))
KILLS = 6 if THOROUGH else 3
PATIENCE = 120


def start(database: Database, port: int) -> subprocess.Popen[bytes]:
    own = {
        "YIHAOTONG_ENVIRONMENT": "test",
        "YIHAOTONG_DATABASE_URL": database.url,
        "YIHAOTONG_IDENTITY_KEYS": f'["{builders.KEY}"]',
        "YIHAOTONG_INDEX_KEY": builders.KEY,
        "YIHAOTONG_MAIL__HOST": "127.0.0.1",
        "YIHAOTONG_MAIL__PORT": str(port),
        "YIHAOTONG_MAIL__SECURITY": "none",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "admin_app.cli", "worker"],
        env={**os.environ, **own},
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[2],
    )


def test_killed_again_and_again_every_notice_reaches_the_mail_server(database: Database) -> None:
    with transaction(database.sessions) as session:
        wanted = set()
        for _ in range(NOTICES):
            person = builders.person(session)
            address(session, person)
            news(session, person)
            wanted.add(email_of(person))
    rng = random.Random()  # noqa: S311 - moments to kill at
    kills = 0
    with mail_server() as server:
        for turn in range(1, KILLS + 1):
            worker = start(database, server.port)
            _until(lambda turn=turn: len(server.taken) >= NOTICES * turn // (KILLS + 1))  # type: ignore[misc]
            time.sleep(rng.uniform(0, 0.02))  # anywhere in some mail's course
            worker.send_signal(signal.SIGKILL)
            worker.wait(timeout=10)
            kills += 1
            _let_claims_lapse(database)
        assert len(server.taken) < NOTICES, "it was done before it could be killed"
        last = start(database, server.port)
        _until(lambda: _sent(database) == NOTICES)
        last.send_signal(signal.SIGTERM)
        assert last.wait(timeout=10) == 0
        received = Counter(server.addressees)
        numbers = Counter(str(mail["Message-ID"]) for mail in server.taken)

    assert set(received) == wanted
    assert len(numbers) == NOTICES, "a mail sent again kept its Message-ID"
    assert sum(received.values()) - NOTICES <= kills, received.most_common(kills)
    with database.sessions() as session:
        assert session.scalar(select(func.count(Notice.id))) == NOTICES
        untold = OutboxMessage.told_at.is_(None)
        assert session.scalar(select(func.count(OutboxMessage.id)).where(untold)) == 0


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


def _until(fulfilled: object) -> None:
    deadline = time.monotonic() + PATIENCE
    while not fulfilled():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.01)
