"""A console with a portal of its own, for tests of signing in; pages take ``stage`` instead."""

from collections.abc import Iterator

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from admin_app.application import create_app
from admin_app.settings import Settings
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
def translated(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates, translated to Python once a run and not once an application."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def console(
    portal: FakePortal, empty_town: Database, translated: FileSystemBytecodeCache
) -> Iterator[Flask]:
    """The console over an empty database, with the test's portal."""
    app = create_app(settings_for(empty_town.url, portal.issuer))
    app.jinja_env.bytecode_cache = translated
    yield app
    app.extensions["yihaotong.database"].engine.dispose()


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
