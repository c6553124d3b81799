"""The demo: quickly made, and everybody who can be stuck is there to be played."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.audit.act import Limits
from admin_app.cli import demo_data, demo_desk, demo_story
from admin_app.cli.demo import PEOPLE
from admin_app.database import begin_writing, transaction
from admin_app.hierarchy.models import Unit
from admin_app.migration.blockers import Blocker
from admin_app.migration.models import LegacyAccount, Receipt
from admin_app.migration.standings import standing_of
from admin_app.migration.vocabulary import AccountState
from admin_app.rollups.rules import day_of
from admin_app.service_desk.case_vocabulary import CaseState
from admin_app.service_desk.models import Case, CaseEntry
from admin_app.service_desk.rules import is_overdue
from admin_app.service_desk.storage import FolderStorage
from tests import builders
from tests.databases import Database


@pytest.fixture
def seeded(server: str, built_once: Callable[..., Any]) -> Iterator[Session]:
    demo, _ = built_once(server, seed)
    with demo.sessions() as session:
        yield session


def seed(database: Database) -> None:
    began = time.process_time()
    with transaction(database.sessions) as session:
        act = builders.act(session)
        demo_data.seed(act, PEOPLE, lambda done, total: None)
        demo_story.tell(act, PEOPLE, builders.ISSUER, "demo-pass-2026")
    assert time.process_time() - began < 10


def seed_with_rehearsal(database: Database) -> None:
    with transaction(database.sessions) as session:
        act = builders.act(session)
        demo_data.seed(act, PEOPLE, lambda done, total: None)
        demo_data.let_move_in(act, 60, lambda done, total: None)


def test_every_blocker_has_somebody_in_the_demo(seeded: Session) -> None:
    """All but what only the visitor brings about, whose account is there for it."""
    accounts = seeded.scalars(select(LegacyAccount)).all()
    standings = {a: standing_of(seeded, builders.SEALER, a) for a in accounts}
    to_be_played = {Blocker.ENTERPRISE_NOT_BOUND}  # 示例法人五 signs in
    found = {standing.blocker for standing in standings.values()} - {None}
    assert set(Blocker) - found == to_be_played
    assert AccountState.MIGRATED in {standing.state for standing in standings.values()}


def test_what_is_stored_of_the_demos_accounts_is_what_they_come_to(seeded: Session) -> None:
    for account in seeded.scalars(select(LegacyAccount)):
        if account.state is not None:
            assert (account.state, account.blocker) == standing_of(
                seeded, builders.SEALER, account
            ), account.name


def test_what_has_been_bound_in_the_demo_lost_nothing(seeded: Session) -> None:
    receipts = seeded.scalars(select(Receipt)).all()
    assert len(receipts) == 3
    assert all(receipt.content["unchanged"] for receipt in receipts)


def test_everybody_in_the_portals_list_is_told_in_one_line(seeded: Session) -> None:
    cast = json.loads(PEOPLE.read_text(encoding="utf-8"))
    for row in cast["people"]:
        assert row["shows"]["zh"], row["sub"]
        assert row["shows"]["en"], row["sub"]
    known = set(seeded.scalars(select(Unit.uscc)))
    missing = [row["name"] for row in cast["enterprises"] if row["uscc"] not in known]
    assert missing == ["演示尚未入库企业有限公司"]


@pytest.mark.only_on("sqlite")  # what a demo runs on; the services are tested on both
def test_the_desk_has_cases_decided_open_and_late(
    server: str, built_once: Callable[..., Any], tmp_path: Path
) -> None:
    demo, _ = built_once(server, seed_with_rehearsal)
    with demo.sessions() as session:
        begin_writing(session)
        act = builders.act(session, limits=Limits(evidence={"old_password": ["id_card"]}))
        number = demo_desk.work_at_the_desk(
            act, demo_data.SUPPORT_USERS, FolderStorage(tmp_path / "evidence")
        )
        cases = session.scalars(select(Case)).all()
        assert len(cases) == number >= 6
        states = {case.state for case in cases}
        assert states >= {CaseState.IN_REVIEW, CaseState.APPROVED}
        assert all(case.filed_at < act.at for case in cases)
        assert any(is_overdue(case.state, case.due_on, day_of(act.at)) for case in cases)
        assert all(entry.at < act.at for entry in session.scalars(select(CaseEntry)))
