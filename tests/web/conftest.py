"""A console with a portal of its own, for tests of signing in; pages take ``stage`` instead."""

from collections.abc import Iterator

import pytest
from flask import Flask

from admin_app.application import create_app
from admin_app.settings import Settings
from admin_app.web.database import Database as WebDatabase
from admin_app.web.portal import fit as fit_portal
from tests import builders
from tests.databases import Database, SqliteDatabases
from tests.web import fake_portal
from tests.web.fake_portal import FakePortal
from tests.web.stage import Visitor


@pytest.fixture(scope="session")
def _portal_process() -> Iterator[FakePortal]:
    with fake_portal.running() as portal:
        yield portal


@pytest.fixture
def portal(_portal_process: FakePortal) -> FakePortal:
    """A portal that does everything right until a test says otherwise."""
    fresh = FakePortal(issuer=_portal_process.issuer, key=_portal_process.key)
    _portal_process.__dict__.update(fresh.__dict__)
    return _portal_process


@pytest.fixture
def empty_town(sqlite_databases: SqliteDatabases) -> Iterator[Database]:
    """A migrated database with nobody in it."""
    with sqlite_databases.fresh() as database:
        yield database


@pytest.fixture(scope="session")
def _console(_portal_process: FakePortal) -> Flask:
    """Put together once a run: that takes longer than most of the tests."""
    return create_app(settings_for("sqlite:///unused.sqlite3", _portal_process.issuer))


@pytest.fixture
def console(_console: Flask, portal: FakePortal, empty_town: Database) -> Flask:
    """The console over an empty database; what it knows of the portal is forgotten."""
    _console.extensions["yihaotong.database"] = WebDatabase(empty_town.engine, empty_town.sessions)
    fit_portal(_console, settings_for(empty_town.url, portal.issuer))
    return _console


@pytest.fixture
def browser(console: Flask) -> Visitor:
    """Somebody who opens the console for the first time."""
    return Visitor(console.test_client())


def settings_for(database_url: str, issuer: str, **changes: object) -> Settings:
    values: dict[str, object] = {
        "_env_file": None,
        "environment": "test",
        "database_url": database_url,
        "portal_issuer": issuer,
        "portal_timeout_seconds": 3,
        "identity_keys": [builders.KEY],
        "index_key": builders.KEY,
    }
    return Settings(**(values | changes))  # type: ignore[arg-type]  # pydantic checks them
