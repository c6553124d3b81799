"""Finds a PostgreSQL server for the tests, or starts one of its own from local binaries."""

import os
import pwd
import shutil
import subprocess
import tempfile
from glob import glob
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

URL_VARIABLE = "YIHAOTONG_TEST_POSTGRES_URL"
_USUAL = (
    "postgresql+psycopg:///postgres",
    "postgresql+psycopg://localhost/postgres",
    "postgresql+psycopg://postgres@localhost/postgres",
)


class PostgresServer:
    """A server in which this run may create databases."""

    def __init__(self, url: str, version: str, folder: Path | None = None) -> None:
        self.url = url
        self.version = version
        self._folder = folder

    def stop(self) -> None:
        """Stop the server, if the tests started it."""
        if self._folder is not None:
            _run("pg_ctl", "-D", f"{self._folder}/data", "-m", "immediate", "-w", "stop")
            shutil.rmtree(self._folder, ignore_errors=True)


def find_server() -> PostgresServer | None:
    """The server named, one that runs here already, or one started for this run."""
    named = os.environ.get(URL_VARIABLE)
    for url in (named,) if named else _USUAL:
        version = _version(url)
        if version:
            return PostgresServer(url, version)
    return None if named else _start()


def _version(url: str) -> str | None:
    """The version of the server at an address, if it answers and lets us create databases."""
    engine = create_engine(url, connect_args={"connect_timeout": 3})
    try:
        with engine.connect() as connection:
            may_create = connection.scalar(
                text("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
            )
            version = connection.scalar(text("SHOW server_version"))
            return str(version).split()[0] if may_create else None
    except DBAPIError:
        return None
    finally:
        engine.dispose()


def _start() -> PostgresServer | None:
    if _binary("initdb") is None:
        return None
    folder = Path(tempfile.mkdtemp(prefix="yihaotong-pg-"))
    if os.getuid() == 0:
        owner = _servant()
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    started = _run(
        "initdb", "-D", f"{folder}/data", "-U", "yihaotong", "-A", "trust", "-E", "UTF8", "-N"
    ) and _run(
        "pg_ctl", "-D", f"{folder}/data", "-l", f"{folder}/log", "-o", settings, "-w", "start"
    )
    url = f"postgresql+psycopg://yihaotong@/postgres?host={folder}"
    version = _version(url) if started else None
    if version is None:
        shutil.rmtree(folder, ignore_errors=True)
        return None
    return PostgresServer(url, version, folder)


def _run(program: str, *arguments: str) -> bool:
    options: dict[str, Any] = {}
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        owner = _servant()
        options = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    command = [_binary(program) or program, *arguments]
    # No pipes: the server would inherit them and keep this process waiting.
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        check=False,
        **options,
    )
    return done.returncode == 0


def _servant() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _binary(program: str) -> str | None:
    places = sorted(glob(f"/usr/lib/postgresql/*/bin/{program}"), reverse=True)
    config = shutil.which("pg_config")
    if config:
        answer = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False)
        places.append(f"{answer.stdout.strip()}/{program}")
    return next((place for place in places if os.access(place, os.X_OK)), shutil.which(program))
