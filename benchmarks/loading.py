"""Writing a benchmark's rows as fast as each database's driver takes them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table


def insert_rows(
    connection: Connection, table: Table, columns: str, rows: Iterator[tuple[object, ...]]
) -> None:
    """COPY (PostgreSQL) or one executemany of the driver (SQLite), past the mapper."""
    names = columns.split()
    raw: Any = connection.connection.cursor()
    if connection.dialect.name == "postgresql":
        with raw.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" * len(names))
    plain = (
        tuple(v.strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(v, datetime) else v for v in row)
        for row in rows
    )
    raw.executemany(f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})", plain)
