"""What every test can ask for: a database of each kind, and a session on it."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.configuration import set_hypothesis_home_dir
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.database import begin_writing
from admin_app.hierarchy.models import Unit
from admin_app.identity.models import Person
from tests.databases import SERVER_VARIABLE, Database, PostgresDatabases, SqliteDatabases, kinds
from tests.effort import THOROUGH, examples
from tests.postgres_server import URL_VARIABLE, PostgresServer, find_server
from tests.world import World, settle

# Given the kind of a database and what builds something in it: that database, and what was built.
BuiltOnce = Callable[[str, Callable[[Database], Any]], tuple[Database, Any]]

# Tests run on PostgreSQL as well if this is "1", or if a server is named; else on SQLite alone.
POSTGRES_VARIABLE = "YIHAOTONG_TEST_REQUIRE_POSTGRES"

# A database is made once a test, not once an example: the tests that mind roll back themselves.
_COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}
settings.register_profile("default", max_examples=examples(50), **_COMMON)
settings.register_profile("ci", max_examples=examples(50), derandomize=True, **_COMMON)
settings.load_profile("ci" if os.environ.get("CI") else "default")
set_hypothesis_home_dir(str(Path(tempfile.gettempdir()) / f"yihaotong-hypothesis-{os.getuid()}"))

_server = pytest.StashKey[PostgresServer | None]()


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return  # the process that started this worker has looked already
    os.environ.pop(SERVER_VARIABLE, None)
    if not os.environ.get(URL_VARIABLE) and os.environ.get(POSTGRES_VARIABLE) != "1":
        return
    server = config.stash[_server] = find_server()
    if server is not None:
        os.environ[SERVER_VARIABLE] = server.url
    elif os.environ.get(URL_VARIABLE):
        raise pytest.UsageError(f"{URL_VARIABLE}: no server answers there, or it may not be used")
    else:
        raise pytest.UsageError(
            f"{POSTGRES_VARIABLE}=1, but no PostgreSQL was found: "
            f"start one, set {URL_VARIABLE}, or install its binaries"
        )


def pytest_unconfigure(config: pytest.Config) -> None:
    server = config.stash.get(_server, None)
    if server is not None:
        server.stop()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    server = config.stash.get(_server, None)
    found = f"sqlite, postgresql {server.version}" if server else "sqlite alone"
    tried = "all" if THOROUGH else "a third"
    without = "; no browser" if config.getoption("markexpr") == "not browser" else ""
    less = "" if server and THOROUGH else "; .ci/run: all of them, on both databases, in a browser"
    terminalreporter.write_line(
        f"databases: {found}; {tried} of the properties' examples{without}{less}"
    )


def _runs_on(test: pytest.Item) -> list[str]:
    """The databases a test runs on: those that can be had, or that it names."""
    only = test.get_closest_marker("only_on")
    return [kind for kind in kinds() if only is None or kind in only.args]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Whatever needs a database runs once on each kind."""
    for fixture in ("database", "empty_database", "server"):
        if fixture in metafunc.fixturenames:
            run_on = _runs_on(metafunc.definition)
            metafunc.parametrize(fixture, run_on, indirect=fixture != "server")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test of a database that this run does without isn't skipped: it isn't there."""
    items[:] = [item for item in items if _runs_on(item)]


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[PostgresDatabases]:
    databases = PostgresDatabases(os.environ[SERVER_VARIABLE])
    yield databases
    databases.close()


def _databases(request: pytest.FixtureRequest, kind: str) -> SqliteDatabases | PostgresDatabases:
    name = "sqlite_databases" if kind == "sqlite" else "postgres_databases"
    databases: SqliteDatabases | PostgresDatabases = request.getfixturevalue(name)
    return databases


@pytest.fixture(scope="module")
def built_once(request: pytest.FixtureRequest) -> Iterator[BuiltOnce]:
    """Databases that hold something a whole module looks at, and that take long to build."""
    with ExitStack() as closing:

        @cache
        def build_once(kind: str, build: Callable[[Database], Any]) -> tuple[Database, Any]:
            database = closing.enter_context(_databases(request, kind).fresh())
            return database, build(database)

        yield build_once


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database with the newest schema and no rows."""
    with _databases(request, request.param).lent() as lent:
        yield lent


@pytest.fixture
def empty_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database of its own without any table, for tests that make or change the schema."""
    with _databases(request, request.param).fresh(migrated=False) as fresh:
        yield fresh


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """An open session that may write; what it leaves uncommitted is rolled back."""
    with database.sessions() as opened:
        begin_writing(opened)
        yield opened


@pytest.fixture
def lived_in(server: str, built_once: BuiltOnce) -> Iterator[tuple[Session, World]]:
    """A session in the small world, which a module builds once; what a test changes is undone."""
    database, built = built_once(server, settle)
    with database.sessions() as opened:
        begin_writing(opened)
        units = {unit.id: unit for unit in opened.scalars(select(Unit))}
        people = {person.id: person for person in opened.scalars(select(Person))}
        yield (
            opened,
            World(
                {name: units[unit.id] for name, unit in built.units.items()},
                {name: people[person.id] for name, person in built.people.items()},
            ),
        )
        opened.rollback()
