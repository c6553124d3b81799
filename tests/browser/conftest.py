"""Both servers, one Chromium, and visitors with browsers of their own."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.servers import Servers, running
from tests.browser.visitor import Visit, Visitor
from tests.databases import PostgresDatabases, SqliteDatabases

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# The shell without a browser's own windows first: the same pages take it half the work.
_PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_WAIT = 10_000  # milliseconds; a busy machine is not a broken page

expect.set_options(timeout=_WAIT)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if path is None:
        pytest.fail("No Chromium on the PATH: install your system's package `chromium`.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def all_servers() -> Iterator[dict[str, Servers]]:
    """Those running, by the kind of their database; each is started when first asked for."""
    return {}


@pytest.fixture(scope="session")
def closing() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def servers(
    request: pytest.FixtureRequest,
    all_servers: dict[str, Servers],
    closing: ExitStack,
    tmp_path_factory: pytest.TempPathFactory,
) -> Servers:
    """A console and a portal as they began: on SQLite, or on the kind the test is marked with."""
    kind = getattr(request, "param", "sqlite")
    if kind not in all_servers:
        databases: SqliteDatabases | PostgresDatabases = request.getfixturevalue(
            "sqlite_databases" if kind == "sqlite" else "postgres_databases"
        )
        database = closing.enter_context(databases.fresh())
        folder = tmp_path_factory.mktemp(f"browser-{kind}")
        all_servers[kind] = closing.enter_context(running(database, folder))
    all_servers[kind].start_over()
    return all_servers[kind]


@pytest.fixture
def visit(chromium: Browser, servers: Servers) -> Iterator[Visit]:
    """Opens browsers; at the end none may have complained."""
    visitors: list[Visitor] = []

    def begin(**options: object) -> Visitor:
        context = chromium.new_context(**{"locale": "zh-CN", **options})  # type: ignore[arg-type]
        context.set_default_timeout(_WAIT)
        visitors.append(Visitor(context, servers))
        return visitors[-1]

    yield begin
    for visitor in visitors:
        visitor.leave()


@pytest.fixture
def visitor(visit: Visit) -> Visitor:
    return visit()
