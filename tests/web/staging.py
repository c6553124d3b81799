"""The fixtures of tests that visit pages; a test module asks for them with ``pytest_plugins``."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.databases import SqliteDatabases
from tests.web.stage import Stage, open_console
from tests.world import World, settle


@pytest.fixture(scope="session")
def town(sqlite_databases: SqliteDatabases) -> Iterator[tuple[Path, World]]:
    """A database file with the world in it, built once; tests work on copies."""
    with sqlite_databases.fresh() as database:
        world = settle(database)
        with database.engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        yield database.file, world


@pytest.fixture
def stage(sqlite_databases: SqliteDatabases, town: tuple[Path, World]) -> Iterator[Stage]:
    """The console over a copy of the world that the test may change."""
    file, world = town
    with sqlite_databases.copy(file) as database:
        yield open_console(database, replace(world, people=dict(world.people)))
