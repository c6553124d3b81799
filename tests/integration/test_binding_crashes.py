"""A worker killed at random moments while it binds: nothing is lost, and nothing is done twice."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from sqlalchemy import func, select

from admin_app.audit.models import AuditEntry, OutboxMessage
from admin_app.audit.vocabulary import Event
from admin_app.database import transaction
from admin_app.identity.models import Person
from admin_app.identity.vocabulary import AssuranceLevel, IdType
from admin_app.migration.models import (
    AccountBinding,
    BusinessRecord,
    Consent,
    HistoryTally,
    LegacyAccount,
    Receipt,
    StandingChange,
)
from admin_app.migration.standings import restate
from admin_app.migration.vocabulary import AccountState
from tests import builders
from tests.builders_migration import history, legacy_account
from tests.databases import Database
from tests.effort import THOROUGH

BINDINGS = int(os.environ.get("YIHAOTONG_TEST_BINDINGS", "200"))
KILLS = 4 if THOROUGH else 2
WITH_HISTORY = 50
PATIENCE = 120


def plant(database: Database) -> None:
    """People who have signed in, each with an account that waits for its old password."""
    with transaction(database.sessions) as session:
        accounts = []
        for sequence in range(1, BINDINGS + 1):
            number, name = builders.id_number(sequence), f"示例{sequence}"
            account = legacy_account(session, name, number)
            account.seen_level = AssuranceLevel.INTERMEDIATE
            session.add(
                Person(
                    name=name,
                    id_type=IdType.RESIDENT_ID,
                    id_sealed=builders.SEALER.seal(number),
                    id_index=builders.SEALER.index(IdType.RESIDENT_ID.value, number),
                    level=AssuranceLevel.INTERMEDIATE,
                    first_signed_in_at=builders.NOON,
                    last_signed_in_at=builders.NOON,
                )
            )
            if sequence <= WITH_HISTORY:
                history(session, account, 2)
            accounts.append(account)
        restate(builders.act(session), accounts)


def start(database: Database) -> subprocess.Popen[str]:
    """A worker that has begun to bind."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.binding_worker", database.url],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == "ready\n"
    return worker


def bound(database: Database) -> int:
    with database.sessions() as session:
        return session.scalar(select(func.count(AccountBinding.id))) or 0


def test_killed_again_and_again_every_account_is_bound_once(database: Database) -> None:
    plant(database)
    rng = random.Random()  # noqa: S311 - moments to kill at
    killed = 0
    for turn in range(1, KILLS + 1):
        worker = start(database)
        deadline = time.monotonic() + PATIENCE
        while worker.poll() is None and bound(database) < BINDINGS * turn // (KILLS + 1):
            assert time.monotonic() < deadline
            time.sleep(0.1)  # looking takes from the worker, too
        time.sleep(rng.uniform(0, 0.02))  # anywhere between two statements of some binding
        if worker.poll() is None:
            worker.send_signal(signal.SIGKILL)
            killed += 1
        worker.wait(timeout=10)
    assert killed, "the worker was done before it could be killed"
    assert bound(database) < BINDINGS
    last = start(database)
    assert last.wait(timeout=PATIENCE) == 0

    with database.sessions() as session:
        accounts = session.scalars(select(LegacyAccount)).all()
        assert {account.state for account in accounts} == {AccountState.MIGRATED}
        assert all(account.password_hash is None for account in accounts)
        numbers = {account.id_index: account.id for account in accounts}
        persons = {p.id: numbers[p.id_index] for p in session.scalars(select(Person))}
        rows = session.execute(select(AccountBinding.person_id, AccountBinding.account_id)).all()
        assert len(rows) == BINDINGS
        assert {row.person_id: row.account_id for row in rows} == persons
        for told in (Receipt, Consent):
            times = Counter(session.scalars(select(told.person_id)))
            assert times == dict.fromkeys(persons, 1)
        changes = Counter(
            session.scalars(
                select(StandingChange.account_id).where(
                    StandingChange.state == AccountState.MIGRATED
                )
            )
        )
        assert changes == dict.fromkeys(numbers.values(), 1)
        messages = session.scalars(select(OutboxMessage.payload)).all()
        assert len({message["account"] for message in messages}) == len(messages) == BINDINGS
        trail = select(func.count(AuditEntry.id)).where(
            AuditEntry.event == Event.ACCOUNT_BOUND.value
        )
        assert session.scalar(trail) == BINDINGS
        assert all(receipt.content["unchanged"] for receipt in session.scalars(select(Receipt)))
        kept = min(BINDINGS, WITH_HISTORY)
        assert session.scalar(select(func.count(BusinessRecord.id))) == 2 * kept
        assert session.scalar(select(func.sum(HistoryTally.number))) == 2 * kept
