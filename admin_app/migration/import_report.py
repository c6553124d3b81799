"""What an import counts and reports, and how its rows go through in batches.

Memory doesn't grow with the file: a batch is read, looked up, written and forgotten. Which rows
have been taken from this file stands in a temporary table.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from sqlalchemy import Column, Integer, MetaData, String, Table, select
from sqlalchemy.orm import Session

from admin_app.database import among, write_rows
from admin_app.hierarchy.register_vocabulary import Outcome
from admin_app.migration.import_rows import Reading
from admin_app.migration.import_vocabulary import RowCode
from admin_app.wording import Text

BATCH = 5_000  # rows looked up and written together

# Phase, how much of it is done, and of how much if that is known.
Progress = Callable[[Text, int, int | None], None]
IMPORTING = Text("导入", "Importing")

_seen = Table(
    "staged_keys",
    MetaData(),
    Column("key", String().with_variant(String(collation="C"), "postgresql"), primary_key=True),
    Column("number", Integer),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)

R = TypeVar("R", bound=Reading)


@dataclass(frozen=True, slots=True)
class Source:
    """Where the rows come from; ``units``: whose numbers the external ids of units are."""

    file_name: str
    sha256: str
    units: str = "register"


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the rows: ``rows_read == taken + refused``, always.

    ``taken`` rows are in the database afterwards: created, updated or unchanged. ``changed`` of
    them were taken with a change.
    """

    rows_read: int
    taken: int
    created: int
    updated: int
    unchanged: int
    changed: int
    refused: int


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A row that wasn't taken, or was taken with a change, and why."""

    row: int
    external_id: str
    name: str
    outcome: Outcome
    code: RowCode
    reason: Text


class Ledger:
    """Counts what becomes of each row, and reports what is out of the ordinary, in file order."""

    def __init__(self, report: Callable[[ReportLine], None]) -> None:
        self._report = report
        self.created = self.updated = self.unchanged = self.changed = self.refused = 0

    def refuse(self, reading: Reading) -> None:
        assert reading.refusal is not None  # noqa: S101 - the caller has looked
        self.refused += 1
        self._tell(reading, reading.refusal, reading.detail)

    def create(self, reading: Reading) -> None:
        self.created += 1
        self._take(reading)

    def update(self, reading: Reading) -> None:
        self.updated += 1
        self._take(reading)

    def leave(self, reading: Reading) -> None:
        self.unchanged += 1
        self._take(reading)

    def counts(self) -> Counts:
        taken = self.created + self.updated + self.unchanged
        return Counts(
            rows_read=taken + self.refused,
            taken=taken,
            created=self.created,
            updated=self.updated,
            unchanged=self.unchanged,
            changed=self.changed,
            refused=self.refused,
        )

    def _take(self, reading: Reading) -> None:
        self.changed += bool(reading.changes)
        for code, detail in reading.changes:
            self._tell(reading, code, detail)

    def _tell(self, reading: Reading, code: RowCode, detail: str | Text) -> None:
        reason = code.text.format(detail=detail)
        self._report(
            ReportLine(
                reading.number, reading.external_id, reading.name, code.outcome, code, reason
            )
        )


def prepare(session: Session) -> None:
    """Make the empty temporary table.

    Inside the transaction PostgreSQL's statistics stay those of before; every look-up is by index.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        # A plan made once for all batches gets slower as the temporary table grows.
        connection.exec_driver_sql("SET LOCAL plan_cache_mode = force_custom_plan")
    connection.exec_driver_sql("DROP TABLE IF EXISTS staged_keys")
    _seen.create(connection, checkfirst=False)


def finish(session: Session) -> None:
    session.connection().exec_driver_sql("DROP TABLE IF EXISTS staged_keys")


def batches(readings: Iterable[R], progress: Progress) -> Iterator[list[R]]:
    """The rows in bounded portions; the bar moves on after each."""
    remaining, count = iter(readings), 0
    while batch := list(islice(remaining, BATCH)):
        yield batch
        count += len(batch)
        progress(IMPORTING, count, None)


def refuse_repeated(session: Session, keyed: Sequence[tuple[str, Reading]]) -> None:
    """Refuse what an earlier row of the file is about already; empty keys never repeat."""
    keys = {key for key, _ in keyed if key}
    rows = session.execute(
        select(_seen.c.key, _seen.c.number).where(among(session, _seen.c.key, keys))
    )
    seen: dict[str, int] = dict(rows.all())
    new: list[tuple[object, ...]] = []
    for key, reading in keyed:
        if not key or reading.refusal is not None:
            continue
        if key in seen:
            reading.refuse(RowCode.DUPLICATE_ROW, seen[key])
        else:
            seen[key] = reading.number
            new.append((key, reading.number))
    write_rows(session, _seen, ("key", "number"), new)
