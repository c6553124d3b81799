"""The console and the portal simulator as processes of their own, as `make run` starts them."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

from admin_app.database import transaction
from admin_app.settings import Settings
from tests.browser.town import populate
from tests.databases import WIPE, Database

ROOT = Path(__file__).parents[2]
PATIENCE = 60
# Short, for a test waits it out; the portal's "slow" lasts 20 seconds.
PORTAL_TIMEOUT = "1.5"

_opener = build_opener(ProxyHandler({}))


@dataclass
class Servers:
    """A console and its portal; between tests both are put back to how they began."""

    database: Database
    settings: Settings
    folder: Path
    units: dict[str, int] = field(default_factory=dict)

    @property
    def console(self) -> str:
        return self.settings.public_url

    @property
    def portal(self) -> str:
        return self.settings.portal_issuer

    def page_of(self, unit: str) -> str:
        return f"/unit/{self.units[unit]}/"

    def play(self, fault: str) -> None:
        """Let the portal fail in one of its ways; ``none`` ends it."""
        self._behind_the_portal("/faults", fault=fault)

    def start_over(self) -> None:
        self.play("none")
        self._behind_the_portal("/start-over")
        if self.database.kind == "sqlite":
            self._copy_back()
        else:
            self._build_again()

    def _copy_back(self) -> None:
        """Write the world over the file the console has open, as SQLite's own backup does."""
        live = Path(self.database.url.removeprefix("sqlite:///"))
        kept = self.folder / "as-it-began.sqlite3"
        if not kept.exists():
            self._populate()
            with closing(sqlite3.connect(live)) as source, closing(sqlite3.connect(kept)) as copy:
                source.backup(copy)
            return
        with closing(sqlite3.connect(kept)) as source, closing(sqlite3.connect(live)) as target:
            source.backup(target)

    def _build_again(self) -> None:
        with self.database.engine.begin() as connection:
            connection.exec_driver_sql(WIPE)
        self._populate()

    def _populate(self) -> None:
        with transaction(self.database.sessions) as session:
            self.units = populate(session, self.settings)

    def _behind_the_portal(self, path: str, **form: str) -> None:
        asked = Request(
            self.portal + path, data=urlencode(form).encode(), headers={"X-Portal-Test": "1"}
        )
        with _opener.open(asked, timeout=PATIENCE) as answer:
            assert answer.status == 200


@contextmanager
def running(database: Database, folder: Path) -> Iterator[Servers]:
    """Both servers, answering, over a database with the newest schema."""
    port, portal_port = free_ports(2)
    settings = Settings(
        _env_file=None,
        database_url=database.url,
        PORT=port,
        PORTAL_PORT=portal_port,
        job_folder=str(folder / "jobs"),
    )
    console = {
        "PORT": str(port),
        "PORTAL_PORT": str(portal_port),
        "YIHAOTONG_DATABASE_URL": database.url,
        "YIHAOTONG_JOB_FOLDER": settings.job_folder,
        "YIHAOTONG_PORTAL_TIMEOUT_SECONDS": PORTAL_TIMEOUT,
    }
    portal = {
        "PORTAL_PORT": str(portal_port),
        "PORTAL_ISSUER": settings.portal_issuer,
        "PORTAL_REDIRECT_URIS": f"{settings.public_url}/signin/callback",
        "PORTAL_LOGOUT_URIS": f"{settings.public_url}/",
        "PORTAL_CONSOLE_URL": f"{settings.public_url}/",
        "PORTAL_DATABASE": str(folder / "portal.sqlite3"),
    }
    with (
        _program(folder, "portal", ["-m", "portal_simulator"], portal) as portal_alive,
        _program(folder, "console", ["-m", "admin_app.cli", "serve"], console) as console_alive,
    ):
        _wait(f"{settings.portal_issuer}/jwks", portal_alive)
        _wait(f"{settings.public_url}/readyz", console_alive)
        yield Servers(database, settings, folder)


def free_ports(number: int) -> list[int]:
    """Ports nobody listens on; taken together, so that they differ."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


@contextmanager
def _program(
    folder: Path, name: str, command: list[str], variables: dict[str, str]
) -> Iterator[Callable[[], None]]:
    log = folder / f"{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=folder,
            env={**_surroundings(), "PYTHONPATH": str(ROOT), **variables},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )

    def require_alive() -> None:
        assert process.poll() is None, f"the {name} ended:\n{log.read_text(encoding='utf-8')}"

    try:
        yield require_alive
    finally:
        process.send_signal(signal.SIGINT)  # at once; SIGTERM would wait for open connections
        try:
            process.wait(PATIENCE / 4)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _surroundings() -> dict[str, str]:
    """The environment without what is meant for a console or portal somebody really runs."""
    ours = ("YIHAOTONG_", "PORTAL_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def _wait(address: str, require_alive: Callable[[], None]) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        require_alive()
        try:
            with _opener.open(address, timeout=PATIENCE):
                return
        except URLError:
            assert time.monotonic() < deadline, f"{address} never answered"
            time.sleep(0.05)
