"""Importing business history, with the tallies that receipts are made of kept right (R26)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from admin_app.audit.act import Act, require_platform
from admin_app.audit.operations import record
from admin_app.audit.vocabulary import Event
from admin_app.database import among, serialise_on, write_rows
from admin_app.migration import import_report
from admin_app.migration.import_holders import find_holders, numbers_of
from admin_app.migration.import_report import Counts, Ledger, Progress, ReportLine, Source
from admin_app.migration.import_rows import HistoryReading, HistoryRow
from admin_app.migration.import_rules import read_record
from admin_app.migration.import_vocabulary import RowCode
from admin_app.migration.models import BusinessRecord, HistoryTally
from admin_app.migration.receipts import add_digests, record_digest, subtract_digest
from admin_app.migration.vocabulary import RecordKind

_RECORDS = cast(Table, BusinessRecord.__table__)
_COLUMNS = ("kind", "external_id", "account_id", "title", "happened_on", "role", "status")
_TALLIES = cast(Table, HistoryTally.__table__)


@dataclass(slots=True)
class _Delta:
    """What a batch adds to the tally of an account and kind."""

    number: int = 0
    digest: bytes = bytes(32)


def import_history(
    act: Act,
    rows: Iterable[HistoryRow],
    kinds: Mapping[str, RecordKind],
    source: Source,
    report: Callable[[ReportLine], None] = lambda _line: None,
    progress: Progress = lambda _phase, _done, _total: None,
) -> Counts:
    """Take in records of business history, each known by its kind and number.

    A later file corrects a record, and never moves it to another account.

    Raises:
        Refused
    """
    require_platform(act)
    session, ledger = act.session, Ledger(report)
    session.flush()
    serialise_on(session, b"import history")
    import_report.prepare(session)
    for batch in import_report.batches((read_record(row, kinds) for row in rows), progress):
        _take(act, batch, ledger)
    import_report.finish(session)
    session.expire_all()
    counts = ledger.counts()
    record(
        act,
        Event.HISTORY_IMPORTED,
        subject=source.file_name[:300],
        sha256=source.sha256,
        **asdict(counts),
    )
    session.flush()
    return counts


def _take(act: Act, batch: Sequence[HistoryReading], ledger: Ledger) -> None:
    session = act.session
    holders = find_holders(session, batch)
    owners = [holders.of(reading, reading.account, reading.username) for reading in batch]
    import_report.refuse_repeated(
        session, [(f"{r.kind.value}:{r.external_id}" if r.external_id else "", r) for r in batch]
    )
    there_by_key = _look_up(session, batch)
    others = numbers_of(session, [row.account_id for row in there_by_key.values()])
    new: list[tuple[object, ...]] = []
    changed: list[dict[str, Any]] = []
    deltas: dict[tuple[int, RecordKind], _Delta] = {}
    for account_id, reading in zip(owners, batch, strict=True):
        there = there_by_key.get(reading.key)
        if there is not None and there.account_id != account_id:
            reading.refuse(RowCode.OTHER_ACCOUNT, others.get(there.account_id, ""))
        if reading.refusal is not None or account_id is None or reading.happened_on is None:
            ledger.refuse(reading)
            continue
        delta = deltas.setdefault((account_id, reading.kind), _Delta())
        values = (reading.name, reading.happened_on, reading.role, reading.status)
        if there is None:
            new.append((reading.kind.value, reading.external_id, account_id, *values))
            delta.number += 1
            delta.digest = add_digests(delta.digest, _digest(reading, *values[:2]))
            ledger.create(reading)
        elif values == (there.title, there.happened_on, there.role, there.status):
            ledger.leave(reading)
        else:
            named = dict(zip(("title", "happened_on", "role", "status"), values, strict=True))
            changed.append({"id": there.id, **named})
            former = _digest(reading, there.title, there.happened_on)
            delta.digest = subtract_digest(delta.digest, former)
            delta.digest = add_digests(delta.digest, _digest(reading, *values[:2]))
            ledger.update(reading)
    write_rows(session, _RECORDS, _COLUMNS, new)
    if changed:
        session.execute(update(BusinessRecord), changed)
    _keep_tallies(session, deltas)


def _look_up(session: Session, batch: Sequence[HistoryReading]) -> dict[Any, Any]:
    """The records that are there already, by kind and number."""
    found: dict[Any, Any] = {}
    for kind in RecordKind:
        numbers = {reading.external_id for reading in batch if reading.kind is kind}
        if not numbers:
            continue
        rows = session.execute(
            select(
                *(BusinessRecord.id, BusinessRecord.external_id, BusinessRecord.account_id),
                *(BusinessRecord.title, BusinessRecord.happened_on),
                *(BusinessRecord.role, BusinessRecord.status),
            ).where(
                BusinessRecord.kind == kind, among(session, BusinessRecord.external_id, numbers)
            )
        )
        found.update({(kind, row.external_id): row for row in rows})
    return found


def _digest(reading: HistoryReading, title: str, happened_on: Any) -> bytes:
    return record_digest(reading.kind.value, reading.external_id, title, happened_on.isoformat())


def _keep_tallies(session: Session, deltas: Mapping[tuple[int, RecordKind], _Delta]) -> None:
    """Add what the batch brought to the tallies, making those that aren't there yet."""
    rows = session.execute(
        select(_TALLIES).where(
            among(session, HistoryTally.account_id, {account_id for account_id, _ in deltas})
        )
    )
    there = {(row.account_id, row.kind): row for row in rows}
    new: list[tuple[object, ...]] = []
    changed: list[dict[str, Any]] = []
    for (account_id, kind), delta in deltas.items():
        if delta == _Delta():
            continue
        tally = there.get((account_id, kind))
        if tally is None:
            new.append((account_id, kind.value, delta.number, delta.digest))
            continue
        digest = add_digests(tally.digest, delta.digest)
        number = tally.number + delta.number
        changed.append({"account_id": account_id, "kind": kind, "number": number, "digest": digest})
    write_rows(session, _TALLIES, ("account_id", "kind", "number", "digest"), new)
    if changed:
        session.execute(update(HistoryTally), changed)
