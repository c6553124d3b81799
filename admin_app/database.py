"""The database: engine, declarative base, and the column types every table shares.

SQLite (WAL) is the embedded default, PostgreSQL what a province runs on. A transaction that will
write is begun with ``begin_writing``: SQLite then takes its one write lock at once instead of
failing half-way, and PostgreSQL relies on the row locks that operations take.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum as PythonEnum
from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    any_,
    bindparam,
    create_engine,
    event,
    func,
    literal,
    select,
)
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

_WRITING = "yihaotong_writing"
# Milliseconds SQLite waits while somebody else writes.
_PATIENCE = 30_000
_IN_PASSING = 200


class Moment(TypeDecorator[datetime]):
    """A point in time, always UTC and aware; SQLite would lose the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a point in time needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """What every table derives from; constraint names are fixed so that errors can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Moment}


def stored_enum(kind: type[PythonEnum], length: int = 40) -> Enum:
    """The column type of an enum, kept by its members' values: text that any tool can read."""
    return Enum(
        kind,
        native_enum=False,
        length=length,
        values_callable=lambda members: [member.value for member in members],
    )


def make_engine(url: str) -> Engine:
    """An engine with the settings each database needs."""
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args={"timeout": _PATIENCE / 1000})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        url,
        pool_size=10,
        max_overflow=10,
        pool_pre_ping=True,
        # Compiling a statement takes it longer than ours run: half a second for a list of people.
        connect_args={"options": "-c jit=off"},
    )


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    """A factory of sessions; objects stay readable after commit."""
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def transaction(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """One writing transaction: commits at the end, rolls back on any error."""
    with sessions() as session:
        begin_writing(session)
        yield session
        session.commit()


@contextmanager
def in_passing(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """A session whose writing may as well be left undone: nobody is kept waiting for it.

    SQLite has one writer at a time, and an import of a register may write for a minute.
    """
    engine = cast(Engine, sessions.kw["bind"])
    with engine.connect() as connection:
        _be_patient(connection, _IN_PASSING)
        try:
            with Session(connection) as session:
                yield session
        finally:
            _be_patient(connection, _PATIENCE)


def begin_writing(session: Session) -> None:
    """Begin the session's transaction as one that writes (``BEGIN IMMEDIATE`` on SQLite)."""
    session.connection(execution_options={_WRITING: True})


def write_rows(
    session: Session, table: Table, columns: Sequence[str], rows: Sequence[tuple[object, ...]]
) -> None:
    """Write many rows at once: COPY on PostgreSQL, executemany on SQLite."""
    if not rows:
        return
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        cursor: Any = connection.connection.cursor()
        with (
            cursor,
            cursor.copy(f"COPY {table.name} ({', '.join(columns)}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)
    else:
        values = [dict(zip(columns, row, strict=True)) for row in rows]
        connection.execute(table.insert(), values)


def among(session: Session, column: Any, values: Collection[Any]) -> ColumnElement[bool]:
    """``column IN values`` for thousands of values: one array instead of as many parameters.

    A single one is asked for as such: for an array PostgreSQL plans anew each time.
    """
    if len(values) == 1:
        return cast(ColumnElement[bool], column == next(iter(values)))
    if session.get_bind().dialect.name != "postgresql" or not values:
        result: ColumnElement[bool] = column.in_(values)
        return result
    kinds = {bytes: LargeBinary, int: Integer, str: String}
    kind = kinds[type(next(iter(values)))]
    return cast(ColumnElement[bool], column == any_(literal(list(values), ARRAY(kind()))))


def among_given(dialect: str, name: str, *, one: bool) -> Callable[[Any], ColumnElement[bool]]:
    """``among`` for a statement that is kept; the numbers are given with it each time.

    Args:
        name: under which they are given, as a list.
        one: a single number will be, and not in a list.
    """
    if one:
        return lambda column: cast(ColumnElement[bool], column == bindparam(name, type_=Integer))
    if dialect == "postgresql":
        array = any_(bindparam(name, type_=ARRAY(Integer())))
        return lambda column: cast(ColumnElement[bool], column == array)
    return lambda column: cast(ColumnElement[bool], column.in_(bindparam(name, expanding=True)))


def given(name: str, numbers: Sequence[int]) -> dict[str, Any]:
    """The numbers, as a statement with ``among_given`` takes them."""
    return {name: numbers[0] if len(numbers) == 1 else list(numbers)}


def unindexed(column: Any) -> ColumnElement[Any]:
    """The column as something no index holds: to tell the planner which way not to go."""
    return func.coalesce(column, column)


def serialise_on(session: Session, key: bytes) -> None:
    """Let transactions about the same thing run one after the other, though it has no row yet.

    SQLite has one writer anyway; PostgreSQL takes an advisory lock until the transaction ends.
    """
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(key).digest()[:8], "big", signed=True)
        session.execute(select(func.pg_advisory_xact_lock(number)))


def _be_patient(connection: Connection, milliseconds: int) -> None:
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        driver.execute(f"PRAGMA busy_timeout = {milliseconds}")


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own transaction control begins late and commits around DDL; ours doesn't.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    writing = connection.get_execution_options().get(_WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
