"""Putting a register of any size beside the tree, in temporary tables, in bounded memory.

Everything that follows is set-based SQL over these tables, so it costs the same memory for a
thousand rows and for a million.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, bindparam, text
from sqlalchemy.orm import Session

from admin_app.database import Moment
from admin_app.hierarchy.register_rules import Reading, external_id
from admin_app.hierarchy.rules import clean_uscc
from admin_app.hierarchy.vocabulary import CodeCheckWrong, CodeMalformed

BATCH = 10_000
_CACHE_KIB = 96 * 1024

_metadata = MetaData()
_TEMPORARY: dict[str, Any] = {"prefixes": ["TEMPORARY"], "postgresql_on_commit": "DROP"}
_Bytes = String().with_variant(String(collation="C"), "postgresql")

# One line a row of the file. ``open`` is whether it will be in use; ``canonical`` the first row
# with its external id; ``had_kind`` the kind of the unit that is there already.
staged_units = Table(
    "staged_units",
    _metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("external_id", _Bytes),
    Column("name", String),
    Column("name_key", _Bytes),
    Column("uscc", _Bytes),
    Column("given_kind", String),
    Column("status_word", String),
    Column("closed", Integer),
    Column("open", Integer),
    Column("has_parents", Integer),
    Column("refusal", String),
    Column("detail", String),
    Column("canonical", Integer, server_default="1"),
    Column("unit_id", Integer),
    Column("had_kind", String),
    # Where it will stand: under another row, and under a unit that is there already.
    Column("parent_row", Integer),
    Column("parent_unit", Integer),
    Column("parent_kind", String),
    # The row whose own place decides this one's: the parent, or the nearest row above it.
    Column("depends_on", Integer),
    Column("steps", Integer, server_default="1"),
    Column("level", Integer),
    Column("depth", Integer),
    Column("kind", String),
    # What is written
    Column("is_new", Integer, server_default="0"),
    Column("path", _Bytes),
    Column("outcome", String),
    Column("placed", Integer, server_default="0"),  # name, parent or status differs
    Column("moved", Integer, server_default="0"),
    Column("renamed", Integer, server_default="0"),  # the search index changes
    Index("ix_staged_units_external_id", "external_id"),
    **_TEMPORARY,
)

staged_parents = Table(
    "staged_parents",
    _metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("reference", String),
    Column("external_id", _Bytes),
    Column("uscc", _Bytes),
    **_TEMPORARY,
)

staged_changes = Table(
    "staged_changes",
    _metadata,
    Column("number", Integer, index=True),
    Column("code", String),
    Column("detail", String),
    **_TEMPORARY,
)

_UNIT_COLUMNS = (
    *("number", "external_id", "name", "name_key", "uscc", "given_kind", "status_word"),
    *("closed", "open", "has_parents", "refusal", "detail"),
)
_PARENT_COLUMNS = ("number", "position", "reference", "external_id", "uscc")
_CHANGE_COLUMNS = ("number", "code", "detail")


def is_postgres(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def run(session: Session, statement: str, **values: Any) -> int:
    """Run a statement that both databases understand; returns how many rows it touched."""
    clause = text(statement)
    if "at" in values:
        clause = clause.bindparams(bindparam("at", type_=Moment()))
    return int(session.execute(clause, values).rowcount)  # type: ignore[attr-defined]


def number(session: Session, statement: str, **values: Any) -> int:
    """The one number a query gives; nothing counts as zero."""
    return int(session.execute(text(statement), values).scalar() or 0)


def prepare(session: Session) -> None:
    """Make the empty tables, and give sorting and look-ups room that doesn't grow."""
    connection = session.connection()
    if is_postgres(session):
        connection.exec_driver_sql("SET LOCAL work_mem = '64MB'")
        if not number(session, "SELECT pg_my_temp_schema()"):  # later it can't be changed
            connection.exec_driver_sql("SET LOCAL temp_buffers = '64MB'")
    else:
        connection.exec_driver_sql(f"PRAGMA cache_size = -{_CACHE_KIB}")
    clear(session)
    _metadata.create_all(connection, checkfirst=False)


def clear(session: Session) -> None:
    """Drop the tables; the end of the transaction does so too on PostgreSQL."""
    for table in _metadata.tables:
        session.connection().exec_driver_sql(f"DROP TABLE IF EXISTS {table}")


def analyse(session: Session, *tables: str) -> None:
    """Tell PostgreSQL's planner what the tables hold now; inside a transaction nobody else does."""
    if is_postgres(session):
        for table in tables:
            session.connection().exec_driver_sql(f"ANALYZE {table}")


def stage(session: Session, readings: Iterable[Reading], source: str) -> Iterator[int]:
    """Write the rows batch by batch; yields how many have been read so far."""
    remaining, count = iter(readings), 0
    while batch := list(islice(remaining, BATCH)):
        _write(session, staged_units, _UNIT_COLUMNS, [_unit_values(r) for r in batch])
        parents = [values for r in batch for values in _parent_values(r, source)]
        _write(session, staged_parents, _PARENT_COLUMNS, parents)
        changes = [(r.number, code.value, detail) for r in batch for code, detail in r.changes]
        _write(session, staged_changes, _CHANGE_COLUMNS, changes)
        count += len(batch)
        yield count
    analyse(session, *_metadata.tables)


def _unit_values(r: Reading) -> tuple[object, ...]:
    closed = int(r.status_word is not None)
    return (
        r.number,
        r.external_id,
        r.name,
        r.name_key,
        r.uscc,
        r.kind.value if r.kind else None,
        r.status_word,
        closed,
        1 - closed,
        int(bool(r.parents)),
        r.refusal.value if r.refusal else None,
        r.detail,
    )


def _parent_values(r: Reading, source: str) -> Iterator[tuple[object, ...]]:
    for position, reference in enumerate(r.parents):
        code = _code_or_none(reference)
        yield r.number, position, reference, external_id(source, reference), code


def _code_or_none(reference: str) -> str | None:
    if len(reference) != 18:
        return None
    try:
        return clean_uscc(reference)
    except (CodeMalformed, CodeCheckWrong):
        return None


def _write(
    session: Session, table: Table, columns: Sequence[str], rows: Sequence[tuple[object, ...]]
) -> None:
    if not rows:
        return
    connection = session.connection()
    names = ", ".join(columns)
    if is_postgres(session):
        cursor: Any = connection.connection.cursor()
        with (
            cursor,
            cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" * len(columns))
    # Table and column names are ours, never typed.
    statement = f"INSERT INTO {table.name} ({names}) VALUES ({marks})"  # noqa: S608
    connection.exec_driver_sql(statement, list(rows))
