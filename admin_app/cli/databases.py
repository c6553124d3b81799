"""``yihaotong db``, and opening the database for every other command."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.orm import Session, sessionmaker

from admin_app import schema
from admin_app.cli.refusals import DATABASE_BEHIND, DATABASE_NEWER, Refusal
from admin_app.cli.terminal import answer_json, json_option, say
from admin_app.database import make_engine, make_sessions, transaction
from admin_app.rollups.upkeep import keep_figures
from admin_app.schema import SchemaState
from admin_app.settings import Settings, load_settings
from admin_app.wording import Text

_UPGRADED = Text("数据库结构已是最新（{revision}）。", "The schema is current ({revision}).")


@click.group("db")
def database_group() -> None:
    """Look after the database."""


@database_group.command("upgrade")
@json_option
def upgrade(as_json: bool) -> None:
    """Make the database, or bring its schema up to date; wholly or not at all."""
    upgrade_database(load_settings())
    revision = schema.head_revision()
    if as_json:
        answer_json({"revision": revision})
    else:
        click.echo(say(_UPGRADED.format(revision=revision)))


def upgrade_database(settings: Settings) -> None:
    """Bring the configured database to the newest schema, making the folder it lies in."""
    if settings.sqlite_path is not None:
        settings.sqlite_path.parent.mkdir(parents=True, exist_ok=True)
    schema.upgrade(settings.database_url)
    engine = make_engine(settings.database_url)
    try:
        with transaction(keep_figures(make_sessions(engine))):
            pass  # a revision may have noted what the figures have still to take in
    finally:
        engine.dispose()


@contextmanager
def open_database(settings: Settings) -> Iterator[sessionmaker[Session]]:
    """Sessions on the configured database, once it is known to answer and to fit this code.

    Raises:
        Refusal: its schema isn't this code's.
    """
    if settings.sqlite_path is not None and not settings.sqlite_path.exists():
        raise Refusal(DATABASE_BEHIND)  # connecting would make an empty file
    engine = make_engine(settings.database_url)
    try:
        match schema.check(engine):
            case SchemaState.NEWER:
                raise Refusal(DATABASE_NEWER)
            case SchemaState.BEHIND | SchemaState.EMPTY:
                raise Refusal(DATABASE_BEHIND)
        sessions = keep_figures(make_sessions(engine))
        with transaction(sessions):
            pass  # a file that can't be written says so now, not at somebody's first form
        yield sessions
    finally:
        engine.dispose()
