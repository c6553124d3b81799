"""Bindings a second through the service, beside a bare loop of the same check and the same rows.

The bare loop knows beforehand whose account it is: it checks the hash and writes what a binding
writes (the binding, the emptied password, standing, consent, receipt, trail and outbox), and
nothing else. What the service takes longer is matching, locks, rules and the object mapper.
"""

import hashlib
import hmac
import time

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.orm import Session, sessionmaker

from admin_app.audit.act import PLATFORM, Act
from admin_app.audit.models import AuditEntry, OutboxMessage
from admin_app.database import transaction
from admin_app.migration.models import (
    AccountBinding,
    Consent,
    LegacyAccount,
    Receipt,
    StandingChange,
)
from admin_app.migration.operations import bind
from admin_app.migration.vocabulary import AccountState, Proof
from benchmarks.migration.population import NOW, PASSWORD, SEALER


def bindings_a_second(engine: Engine, numbers: list[int]) -> float:
    """Each in its own transaction, as a page does it; person and account have one number."""
    sessions = sessionmaker(engine, expire_on_commit=False)
    began = time.perf_counter()
    for number in numbers:
        with transaction(sessions) as session:
            act = Act(session, PLATFORM, NOW, SEALER)
            outcome = bind(act, number, number, PASSWORD, consented=True)
            assert outcome.receipt is not None, outcome.error
    return len(numbers) / (time.perf_counter() - began)


def bare_a_second(engine: Engine, numbers: list[int]) -> float:
    """The same rows by bare statements."""
    sessions = sessionmaker(engine, expire_on_commit=False)
    began = time.perf_counter()
    for number in numbers:
        with transaction(sessions) as session:
            _bind_bare(session, number)
    return len(numbers) / (time.perf_counter() - began)


def _bind_bare(session: Session, number: int) -> None:
    accounts = LegacyAccount.__table__
    stored = session.execute(
        select(accounts.c.password_hash).where(accounts.c.id == number).with_for_update()
    ).scalar_one()
    assert hmac.compare_digest(hashlib.sha256(PASSWORD.encode()).hexdigest(), stored)
    state, since = AccountState.MIGRATED, {"account_id": number, "person_id": number}
    run = session.execute
    run(insert(AccountBinding.__table__).values(**since, proof=Proof.OLD_PASSWORD, since=NOW))  # type: ignore[arg-type]
    run(
        update(accounts)  # type: ignore[arg-type]
        .where(accounts.c.id == number)
        .values(password_hash=None, password_scheme=None, state=state, blocker=None, stated_at=NOW)
    )
    run(
        insert(StandingChange.__table__).values(  # type: ignore[arg-type]
            account_id=number, at=NOW, former_state=AccountState.IN_PROGRESS, state=state
        )
    )
    run(insert(Consent.__table__).values(person_id=number, wording="bench", at=NOW))  # type: ignore[arg-type]
    content = {"before": {}, "after": {}, "undone": False, "unchanged": True}
    run(
        insert(Receipt.__table__).values(  # type: ignore[arg-type]
            person_id=number, at=NOW, content=content, digest=bytes(32)
        )
    )
    for event in ("consent.given", "account.bound"):
        run(
            insert(AuditEntry.__table__).values(  # type: ignore[arg-type]
                at=NOW,
                event=event,
                actor_name="bench",
                actor_capacity="platform_support",
                actor_office="",
                person_id=number,
                subject="",
                ground="",
                reason="",
                details={},
            )
        )
    run(insert(OutboxMessage.__table__).values(at=NOW, topic="account.bound", payload={}))  # type: ignore[arg-type]
