"""The console with the world in it on each database, shared by walks that must change nothing."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest

from tests.databases import Database, kinds
from tests.guards.roles import ROLES
from tests.web.stage import Stage, open_console, settle
from tests.world import World

Furnish = Callable[[Stage], None]

_SEEING_ROWS = {"legal representative", "department of another city", "platform support", "auditor"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every role on SQLite; on PostgreSQL those whose questions reach its rows.

    Asked now and not when this file is read, for the server is looked for in between.
    """
    if "settled" not in metafunc.fixturenames:
        return
    own_roles = list(metafunc.definition.iter_markers("parametrize"))
    if "role" in metafunc.fixturenames and not own_roles:
        pairs = [(k, r) for k in kinds() for r in ROLES if k == "sqlite" or r.name in _SEEING_ROWS]
        ids = [f"{kind}-{role}" for kind, role in pairs]
        metafunc.parametrize(("settled", "role"), pairs, ids=ids, indirect=["settled"])
    else:
        metafunc.parametrize("settled", kinds(), indirect=True)


@pytest.fixture(scope="module")
def furnish() -> Furnish:
    """What a module adds to the world before its first walk: nothing, unless it says so."""
    return lambda stage: None


@pytest.fixture(scope="module")
def worlds(
    request: pytest.FixtureRequest, furnish: Furnish
) -> Iterator[Callable[[str], tuple[Database, World]]]:
    """The world on each kind of database, built once a module in whichever order they are asked."""
    with ExitStack() as closing:

        @cache
        def world_on(kind: str) -> tuple[Database, World]:
            lender = f"{'sqlite' if kind == 'sqlite' else 'postgres'}_databases"
            database = closing.enter_context(request.getfixturevalue(lender).fresh())
            world = settle(database)
            furnish(open_console(database, world))
            return database, world

        yield world_on


@pytest.fixture
def settled(
    request: pytest.FixtureRequest, worlds: Callable[[str], tuple[Database, World]]
) -> Stage:
    """The world shared by a whole module: whoever walks there proves that nothing changes."""
    return open_console(*worlds(request.param))
