"""Compares the revisions with the models and writes the next revision (``make schema``)."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from admin_app import schema
from admin_app.database import make_engine
from admin_app.schema import configuration, upgrade
from admin_app.schema.tables import METADATA

VERSIONS = Path(schema.__file__).with_name("versions")
# What the first revision adds to the tables: where counting begins.
FIRST_ROWS = "INSERT INTO sequences (name, next_number) VALUES ('units', 1)"


@click.group()
def main() -> None:
    """Compare the revisions with the models, and write the next one."""


@main.command()
def check() -> None:
    """Fail if the models have changed and no revision says so."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/schema.sqlite3"
        upgrade(url)
        with _connection(url) as connection:
            context = MigrationContext.configure(connection)
            differences = compare_metadata(context, METADATA)
    for difference in differences:
        click.echo(f"  {difference}", err=True)
    if differences:
        sys.exit(
            "The models differ from the schema's revisions: run `make schema m='what changed'`."
        )
    click.echo("schema: the revisions match the models")


@main.command("next")
@click.argument("message")
def write_next(message: str) -> None:
    """Write the revision that leads from the last one to the models."""
    number = len(list(ScriptDirectory.from_config(configuration()).walk_revisions())) + 1
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/schema.sqlite3"
        if number > 1:
            upgrade(url)
        with _connection(url) as connection:
            config = configuration(connection)
            config.attributes["autogenerate"] = True
            config.attributes["first"] = number == 1
            command.revision(
                config,
                message,
                autogenerate=True,
                rev_id=f"{number:04d}",
                process_revision_directives=_finish,
            )
    (path,) = VERSIONS.glob(f"{number:04d}_*.py")
    _tidy(path)
    click.echo(f"Read it before you commit it: {path.name}")


@main.command("first")
@click.pass_context
def rewrite_first(context: click.Context) -> None:
    """Write the first revision anew; only while nothing has been released."""
    for path in VERSIONS.glob("0*.py"):
        path.unlink()
    context.invoke(write_next, message="The tables of the console.")


def _finish(
    _context: MigrationContext, revision: object, directives: list[ops.MigrationScript]
) -> None:
    steps = directives[0].upgrade_ops
    if steps is None or steps.is_empty():
        directives.clear()
        sys.exit("Nothing to write: the models match the revisions.")
    if not revision:
        steps.ops.append(ops.ExecuteSQLOp(FIRST_ROWS))


def _tidy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r" *# ### .*\n?", "", text), encoding="utf-8")
    for arguments in (["format", "-q"], ["check", "--fix", "-q"]):
        subprocess.run([sys.executable, "-m", "ruff", *arguments, path], check=True)  # noqa: S603


@contextmanager
def _connection(url: str) -> Iterator[Connection]:
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


if __name__ == "__main__":
    main()
