"""Builders of long jobs, and of what runs them."""

import threading
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from admin_app.cli.job_running import JobRunner
from admin_app.identity.models import StaffAccount
from admin_app.identity.vocabulary import StaffRole
from admin_app.jobs.long_jobs import ask
from admin_app.jobs.models import Job
from admin_app.jobs.vocabulary import JobKind
from admin_app.policy.actor import Actor
from admin_app.policy.vocabulary import Capacity
from admin_app.settings import Settings
from admin_app.wording import Text
from tests import builders
from tests.databases import Database

TITLE = Text("单位列表", "Units")
_NO_APP = "this test has no lists"


def settings_for(database: Database, folder: Path) -> Settings:
    return Settings(
        _env_file=None,
        environment="test",
        database_url=database.url,
        identity_keys=[builders.KEY],
        index_key=builders.KEY,
        job_folder=str(folder),
    )  # type: ignore[arg-type]  # pydantic checks them


def runner(database: Database, folder: Path, app: Flask | None = None) -> JobRunner:
    def make(_settings: Settings) -> Flask:
        assert app is not None, _NO_APP
        return app

    return JobRunner(database.sessions, settings_for(database, folder), make)


def run_all(runner: JobRunner) -> int:
    """Do every job there is; how many there were."""
    number = 0
    while runner.run_next(threading.Event()):
        number += 1
    return number


def supporter(session: Session) -> StaffAccount:
    """A member of platform support."""
    account = StaffAccount(
        username="support-of-jobs",
        name="支持",
        password_hash="none",
        role=StaffRole.PLATFORM_SUPPORT,
        created_at=builders.NOON,
    )
    session.add(account)
    session.flush()
    return account


def acting(account: StaffAccount) -> Actor:
    return Actor(account.name, Capacity.PLATFORM_SUPPORT, staff_id=account.id)


def job(
    session: Session,
    account: StaffAccount,
    kind: JobKind = JobKind.LIST_EXPORT,
    minutes: int = 0,
    **parameters: Any,
) -> Job:
    """A job that somebody has asked for; an export of all units unless told otherwise."""
    given = parameters or {"list": "units", "search": {}, "format": "csv"}
    act = builders.act(session, acting(account), minutes=minutes)
    return ask(act, kind, TITLE, given, capacity_key="platform_support", language="zh")
