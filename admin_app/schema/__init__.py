"""The shape of the database, revision by revision ("migration" is a business word here).

The revisions under ``versions`` make the tables; ``guards`` adds what forbids rewriting history.
There is no way back: restore a backup instead.
"""

from enum import Enum
from functools import cache
from pathlib import Path
from typing import cast

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, event, text

from admin_app.database import make_engine, make_sessions, transaction

_UPGRADE_LOCK = 7_301_120  # any number of our own: PostgreSQL's advisory locks are numbers


class SchemaState(Enum):
    """How a database stands to this code."""

    CURRENT = "current"
    BEHIND = "behind"
    NEWER = "newer"
    EMPTY = "empty"


class SchemaNewer(Exception):
    """A newer version of the code has upgraded this database; this one must not touch it."""


def upgrade(url: str) -> None:
    """Bring a database to the newest revision, making it if it is empty; wholly or not at all.

    Raises:
        SchemaNewer
    """
    engine = make_engine(url)
    if engine.dialect.name == "sqlite":
        # It rebuilds a table by dropping it: what refers to it is checked when all is done.
        event.listen(engine, "connect", lambda c, _: c.execute("PRAGMA foreign_keys=OFF"))
    try:
        with transaction(make_sessions(engine)) as session:
            connection = session.connection()
            if connection.dialect.name == "postgresql":  # SQLite has begun by taking its lock
                connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _UPGRADE_LOCK})
            if _state(_revision_in(connection)) is SchemaState.NEWER:
                raise SchemaNewer
            command.upgrade(configuration(connection), "head")
            _require_whole(connection)
    finally:
        engine.dispose()


def current_revision(engine: Engine) -> str | None:
    """The revision a database is at; none if it is empty."""
    with engine.connect() as connection:
        return _revision_in(connection)


def head_revision() -> str:
    """The newest revision this code knows."""
    return cast(str, _scripts().get_current_head())


def check(engine: Engine) -> SchemaState:
    """How a database stands to this code; cheap enough for every readiness probe."""
    return _state(current_revision(engine))


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without a file; ``env`` runs on the connection given."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _state(revision: str | None) -> SchemaState:
    if revision is None:
        return SchemaState.EMPTY
    if revision == head_revision():
        return SchemaState.CURRENT
    known = {script.revision for script in _scripts().walk_revisions()}
    return SchemaState.BEHIND if revision in known else SchemaState.NEWER


def _require_whole(connection: Connection) -> None:
    """On SQLite nothing else has looked after the foreign keys meanwhile."""
    if connection.dialect.name == "sqlite":
        lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if lost:
            raise RuntimeError(f"the upgrade would leave rows without what they refer to: {lost}")


def _revision_in(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(configuration())
