"""Builders of people with an address, of news for them, and of a worker."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.audit.operations import announce
from admin_app.cli import worker as at_work
from admin_app.cli.acting import act_of_command
from admin_app.cli.worker import Worker
from admin_app.identity.models import NoticeAddress, Person
from admin_app.identity.vocabulary import Channel
from admin_app.settings import Settings
from tests import builders
from tests.databases import Database


def email_of(person: Person) -> str:
    return f"person{person.id}@mail.example"


def number_of(person: Person) -> str:
    return f"138{person.id:08d}"


def address(
    session: Session,
    person: Person,
    channel: Channel = Channel.MAIL,
    *,
    digest: bool = False,
    muted: Sequence[str] = (),
) -> NoticeAddress:
    """A confirmed address, or number."""
    reached = number_of(person) if channel is Channel.SMS else email_of(person)
    made = NoticeAddress(
        person_id=person.id,
        channel=channel,
        address_sealed=builders.SEALER.seal(reached),
        language="zh",
        digest=digest,
        muted=list(muted),
        asked_at=builders.NOON,
        confirmed_at=builders.NOON,
    )
    session.add(made)
    session.flush()
    return made


def news(session: Session, person: Person, topic: str = "account.unbound") -> None:
    """Something to tell somebody; unless told otherwise a thing that is mailed at any hour."""
    announce(builders.act(session), topic, account=f"old-{person.id}", person_id=person.id)
    session.flush()


def settings_for(database: Database, port: int) -> Settings:
    return Settings(
        _env_file=None,
        environment="test",
        database_url=database.url,
        identity_keys=[builders.KEY],
        index_key=builders.KEY,
        public_url="https://console.example",
        mail={
            "host": "127.0.0.1",
            "port": port,
            "security": "none",
            "sender": "notices@console.example",
            "timeout_seconds": 5,
        },
    )  # type: ignore[arg-type]  # pydantic checks them


def worker(database: Database, port: int) -> Worker:
    return Worker(database.sessions, settings_for(database, port))


def at_daytime(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker works at the builders' noon, whenever the test runs."""

    def act(session: Session, settings: Settings) -> Act:
        return replace(act_of_command(session, settings), at=builders.NOON)

    monkeypatch.setattr(at_work, "act_of_command", act)
