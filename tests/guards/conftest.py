"""The console with the world in it on each database, shared by walks that must change nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.databases import Database, kinds
from tests.guards.roles import ROLES
from tests.web.stage import Stage, open_console
from tests.world import World, settle

Furnish = Callable[[Database], World]

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


@pytest.fixture
def furnish() -> Furnish:
    """Builds what a module walks through; a module may have its own."""
    return settle


@pytest.fixture
def settled(
    request: pytest.FixtureRequest, built_once: Callable[..., Any], furnish: Furnish
) -> Stage:
    """The world shared by a whole module: whoever walks there proves that nothing changes."""
    return open_console(*built_once(request.param, furnish))
