"""The rehearsed migration: every blocker comes up, nothing is lost, and a seed tells it all."""

import json
from collections import Counter

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app.cli import main
from admin_app.database import transaction
from admin_app.migration.blockers import Blocker
from admin_app.migration.models import HistoryTally, LegacyAccount, Receipt, StandingChange
from admin_app.migration.rehearsal.play import figures, play
from admin_app.migration.rehearsal.script import Deed, Story, draw
from admin_app.migration.rehearsal.stage import set_up
from admin_app.migration.standings import standing_of
from tests import builders
from tests.databases import Database

DAYS = 10


def rehearse(session: Session, seed: int, people: int) -> None:
    script, act = draw(seed, people, DAYS), builders.act(session)
    stage = set_up(act, script, builders.root(session), lambda: None)
    play(act, script, stage, DAYS, lambda: None)


def test_a_script_is_its_seed_alone() -> None:
    assert draw(3, 300, DAYS) == draw(3, 300, DAYS)
    assert draw(3, 300, DAYS) != draw(4, 300, DAYS)
    assert {player.story for player in draw(1, 3_000, DAYS).cast} == set(Story)
    assert {step.deed for step in draw(1, 3_000, DAYS).steps} == set(Deed)


def test_nobody_is_made_up_twice() -> None:
    cast = draw(1, 30_000, DAYS).cast
    assert Counter(player.id_number for player in cast).most_common(1)[0][1] == 1
    assert Counter(player.name for player in cast).most_common(1)[0][1] == 1


def test_every_story_ends_where_it_should(session: Session) -> None:
    """Stored standings are those computed anew, in every state and with nearly every blocker."""
    rehearse(session, 1, 250)
    accounts = session.scalars(select(LegacyAccount)).all()
    for account in accounts:
        if account.state is not None:
            found = standing_of(session, builders.SEALER, account)
            assert (account.state, account.blocker) == found, account.external_id
    found = figures(session, builders.SEALER, 1)
    assert sum(found["states"].values()) == found["accounts"] == len(accounts)
    assert len(found["blockers"]) > len(Blocker) - 5
    receipts = session.scalars(select(Receipt)).all()
    assert receipts
    assert all(receipt.content["unchanged"] for receipt in receipts)
    days = {at.date() for at in session.scalars(select(StandingChange.at))}
    assert len(days) == DAYS
    assert session.scalar(select(func.sum(HistoryTally.number)))


def test_the_command_keeps_nothing_unless_told_and_gives_the_same_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIHAOTONG_DATABASE_URL", database.url)
    monkeypatch.setenv("LANGUAGE", "en")
    arguments = ["simulate", "--people", "40", "--days", "5", "--seed", "7"]

    def run(*more: str) -> str:
        result = CliRunner().invoke(main, [*arguments, *more])
        return result.stdout if result.exit_code == 0 else result.stderr

    assert "no topmost department" in run()
    with transaction(database.sessions) as session:
        builders.root(session)
    first = json.loads(run("--json"))
    again = json.loads(run("--json", "--commit"))
    assert first["digest"] == again["digest"]
    assert "kept under" in run()
    monkeypatch.setenv("YIHAOTONG_ENVIRONMENT", "production")
    assert run().startswith("yihaotong: ")
