"""Where tests get their databases: SQLite always, PostgreSQL wherever a server can be had.

A test gets a copy of a database that was migrated once (SQLite) or one that was wiped after the
test before (PostgreSQL, where a copy costs a tenth of a second). Engines are used again, for with
them goes what SQLAlchemy has compiled: anew for each test, that is most of a page's time.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.orm import Session, sessionmaker

from admin_app.database import begin_writing, make_engine, make_sessions
from admin_app.rollups.upkeep import keep_figures
from admin_app.schema import upgrade
from admin_app.schema.tables import METADATA

# How the process that starts the run tells its workers which server it found.
SERVER_VARIABLE = "YIHAOTONG_TEST_POSTGRES_FOUND"


@dataclass
class Database:
    """A fresh, migrated database for one test."""

    kind: str
    url: str

    @cached_property
    def engine(self) -> Engine:
        engine = make_engine(self.url)
        if self.kind == "sqlite":
            event.listen(engine, "connect", _wait_for_no_disk)
        return engine

    @cached_property
    def sessions(self) -> sessionmaker[Session]:
        return keep_figures(make_sessions(self.engine))

    @property
    def file(self) -> Path:
        """Where it is, if it is SQLite's."""
        return Path(self.url.removeprefix("sqlite:///"))

    def close(self) -> None:
        if "engine" in self.__dict__:
            self.engine.dispose()


def _wait_for_no_disk(connection: Any, _record: object) -> None:
    """Tests kill processes; none pulls the plug, which is all that waiting is good for."""
    connection.execute("PRAGMA synchronous=OFF")


# What one test may have left behind, taken away; triggers off, for they would forbid it.
WIPE = "; ".join(
    [
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()",
        "UPDATE sequences SET next_number = 1",
        *(
            f"ALTER TABLE {t.name} DISABLE TRIGGER USER; DELETE FROM {t.name}; "
            f"ALTER TABLE {t.name} ENABLE TRIGGER USER"
            for t in reversed(METADATA.sorted_tables)
            if t.name != "sequences"
        ),
        "SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S'",
    ]
)


@contextmanager
def scratch(database: Database) -> Iterator[Session]:
    """A writing session whose work is always rolled back: one for each example of a property."""
    with database.sessions() as session:
        begin_writing(session)
        yield session
        session.rollback()


def kinds() -> list[str]:
    """The databases this run can reach."""
    return ["sqlite", "postgresql"] if os.environ.get(SERVER_VARIABLE) else ["sqlite"]


class SqliteDatabases:
    """Files copied from one that was migrated."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._idle: list[Database] = []

    @cached_property
    def _template(self) -> Path:
        path = self._folder / "template.sqlite3"
        upgrade(f"sqlite:///{path}")
        return path

    @contextmanager
    def lent(self) -> Iterator[Database]:
        with self.fresh() as database:
            yield database

    @contextmanager
    def fresh(self, *, migrated: bool = True) -> Iterator[Database]:
        with self.copy(self._template if migrated else None) as database:
            yield database

    @contextmanager
    def copy(self, template: Path | None) -> Iterator[Database]:
        """A database with what is in a file, or with nothing."""
        database = self._idle.pop() if self._idle else self._another()
        if template is not None:
            shutil.copyfile(template, database.file)
        try:
            yield database
        finally:
            database.close()
            for file in self._folder.glob(f"{database.file.name}*"):
                file.unlink()
            self._idle.append(database)

    def _another(self) -> Database:
        return Database("sqlite", f"sqlite:///{self._folder}/{uuid4().hex}.sqlite3")


class PostgresDatabases:
    """Databases cloned on the server from one that was migrated."""

    def __init__(self, server_url: str) -> None:
        self._server = make_url(server_url)
        self._prefix = f"yihaotong_test_{uuid4().hex[:12]}"
        self._admin = create_engine(self._server, isolation_level="AUTOCOMMIT")

    @cached_property
    def _template(self) -> str:
        name = f"{self._prefix}_template"
        self._create(name, "template0")
        upgrade(self._url(name))
        return name

    @cached_property
    def _shared(self) -> str:
        name = f"{self._prefix}_shared"
        self._create(name, self._template)
        return name

    @cached_property
    def _lent(self) -> Database:
        return Database("postgresql", self._url(self._shared))

    @contextmanager
    def lent(self) -> Iterator[Database]:
        """The database all tests of this process share, wiped after each."""
        try:
            yield self._lent
        finally:
            with self._lent.engine.begin() as connection:
                connection.exec_driver_sql(WIPE)
            self._lent.close()

    @contextmanager
    def fresh(self, *, migrated: bool = True) -> Iterator[Database]:
        """A database of its own, for what changes the schema or outlives one test."""
        name = f"{self._prefix}_{uuid4().hex[:8]}"
        self._create(name, self._template if migrated else "template0")
        database = Database("postgresql", self._url(name))
        try:
            yield database
        finally:
            database.close()
            self._drop(name)

    def close(self) -> None:
        for name in {"_shared", "_template"} & self.__dict__.keys():
            self._drop(self.__dict__[name])
        self._admin.dispose()

    def _url(self, name: str) -> str:
        return self._server.set(database=name).render_as_string(hide_password=False)

    def _create(self, name: str, template: str) -> None:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(
                f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8' "
                f"{'LOCALE ' + repr('C') if template == 'template0' else ''}"
            )
            # As with SQLite's files: what is committed outlives processes, if not the machine.
            connection.exec_driver_sql(f"ALTER DATABASE {name} SET synchronous_commit = off")

    def _drop(self, name: str) -> None:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
