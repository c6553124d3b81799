"""A list as a table, in batches, so that a million rows take no more memory than a page."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from admin_app.exchange.formulas import without_formula
from admin_app.views.columns import Column
from admin_app.views.paging import Pager, Place, Rows
from admin_app.web.language import say, show

BATCH = 1_000
_BOM = "\ufeff"  # without it Excel takes UTF-8 for something else


class _Line:
    """A file for the CSV writer that hands the line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def stream(
    sessions: sessionmaker[Session],
    rows: Rows,
    pager: Pager,
    columns: Sequence[Column],
) -> Iterator[str]:
    """The lines of the file; reads through a session of its own, a batch at a time."""
    return stream_parts(sessions, [rows], pager, columns)


def stream_parts(
    sessions: sessionmaker[Session],
    parts: Iterable[Rows],
    pager: Pager,
    columns: Sequence[Column],
) -> Iterator[str]:
    """The lines of a file that consists of several lists, one after the other."""
    writer = csv.writer(_Line())
    yield _BOM + _line(writer, (say(column.label) for column in columns))
    with sessions() as session:
        for rows in parts:
            for row in all_rows(session, rows, pager):
                yield _line(writer, (show(column.for_export(row)) for column in columns))


def all_rows(session: Session, rows: Rows, pager: Pager) -> Iterator[Any]:
    """Every row in its order; what was read is forgotten batch by batch."""
    place: Place | None = None
    while True:
        found = session.scalars(pager.batch(rows, place).limit(BATCH)).unique().all()
        yield from found
        if len(found) < BATCH:
            return
        place = Place(pager.keys_of(found[-1]))
        session.expunge_all()


def value_of(column: Column, row: Any) -> Any:
    """What a cell of a table to take away holds; numbers stay numbers."""
    value = column.for_export(row)
    return value if isinstance(value, int) and not isinstance(value, bool) else str(show(value))


def _line(writer: Any, cells: Iterable[str]) -> str:
    return str(writer.writerow([without_formula(str(cell)) for cell in cells]))
