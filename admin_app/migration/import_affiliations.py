"""Importing who belonged to which unit; affiliations stay as they were (R18)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import Any, cast

from sqlalchemy import Table, or_, select, update
from sqlalchemy.orm import Session

from admin_app.audit.act import Act, require_platform
from admin_app.audit.operations import record
from admin_app.audit.vocabulary import Event
from admin_app.database import among, serialise_on, write_rows
from admin_app.migration import import_report
from admin_app.migration.import_holders import find_holders, numbers_of
from admin_app.migration.import_places import Places
from admin_app.migration.import_report import Counts, Ledger, Progress, ReportLine, Source
from admin_app.migration.import_rows import AffiliationReading, AffiliationRow
from admin_app.migration.import_rules import read_affiliation
from admin_app.migration.import_vocabulary import RowCode
from admin_app.migration.models import Affiliation

_AFFILIATIONS = cast(Table, Affiliation.__table__)
_COLUMNS = ("external_id", "account_id", "unit_id", "position", "since")


def import_affiliations(
    act: Act,
    rows: Iterable[AffiliationRow],
    source: Source,
    report: Callable[[ReportLine], None] = lambda _line: None,
    progress: Progress = lambda _phase, _done, _total: None,
) -> Counts:
    """Take in affiliations; a later file corrects position and beginning, and moves nothing.

    Raises:
        Refused
    """
    require_platform(act)
    session, ledger = act.session, Ledger(report)
    session.flush()
    serialise_on(session, b"import affiliations")
    import_report.prepare(session)
    places = Places(session, source.units)
    for batch in import_report.batches((read_affiliation(row) for row in rows), progress):
        _take(act, batch, places, ledger)
    places.close()
    import_report.finish(session)
    counts = ledger.counts()
    record(
        act,
        Event.AFFILIATIONS_IMPORTED,
        subject=source.file_name[:300],
        sha256=source.sha256,
        **asdict(counts),
    )
    session.flush()
    return counts


def _take(act: Act, batch: Sequence[AffiliationReading], places: Places, ledger: Ledger) -> None:
    session = act.session
    pairs = _find(session, batch, places)
    import_report.refuse_repeated(
        session, [(f"number:{r.external_id}" if r.external_id else "", r) for r in batch]
    )
    import_report.refuse_repeated(
        session,
        [(f"{account}:{unit}" if account and unit else "", r) for (account, unit), r in pairs],
    )
    by_number, by_pair = _look_up(session, [r.external_id for r in batch], [p for p, _ in pairs])
    others = numbers_of(session, [row.account_id for row in by_number.values() if row.account_id])
    new: list[tuple[object, ...]] = []
    changed: list[dict[str, Any]] = []
    for (account_id, unit_id), reading in pairs:
        numbered = by_number.get(reading.external_id) if reading.external_id else None
        there = numbered or by_pair.get((account_id, unit_id))
        if numbered is not None and (numbered.account_id, numbered.unit_id) != (
            account_id,
            unit_id,
        ):
            reading.refuse(RowCode.OTHER_ACCOUNT, others.get(numbered.account_id, ""))
        if reading.refusal is not None:
            ledger.refuse(reading)
        elif there is None:
            since = reading.since or act.at
            new.append((reading.external_id or None, account_id, unit_id, reading.position, since))
            ledger.create(reading)
        elif there.until is not None:
            ledger.leave(reading)  # it has ended since
        else:
            position = reading.position or there.position
            since = reading.since or there.since
            if (position, since) == (there.position, there.since):
                ledger.leave(reading)
            else:
                changed.append({"id": there.id, "position": position, "since": since})
                ledger.update(reading)
    write_rows(session, _AFFILIATIONS, _COLUMNS, new)
    if changed:
        session.execute(update(Affiliation), changed)


def _find(
    session: Session, batch: Sequence[AffiliationReading], places: Places
) -> list[tuple[tuple[int | None, int | None], AffiliationReading]]:
    """The account and the unit of each row; what isn't found refuses it."""
    holders = find_holders(session, batch)
    places.look_up(reading.unit for reading in batch)
    found = []
    for reading in batch:
        account_id = holders.of(reading, reading.account, reading.username)
        place = places.by_reference(reading.unit).place if reading.unit else None
        if place is None:
            reading.refuse(RowCode.UNIT_UNKNOWN, reading.unit)
        found.append(((account_id, place.id if place else None), reading))
    return found


def _look_up(
    session: Session, numbers: Sequence[str], pairs: Sequence[tuple[int | None, int | None]]
) -> tuple[dict[str, Any], dict[tuple[int | None, int | None], Any]]:
    """What there is already, by its own number and by account and unit."""
    columns = (
        *(Affiliation.id, Affiliation.external_id, Affiliation.account_id, Affiliation.unit_id),
        *(Affiliation.position, Affiliation.since, Affiliation.until),
    )
    accounts = {account_id for account_id, _ in pairs if account_id is not None}
    rows = session.execute(
        select(*columns)
        .where(
            or_(
                among(session, Affiliation.external_id, {number for number in numbers if number}),
                among(session, Affiliation.account_id, accounts),
            )
        )
        .order_by(Affiliation.until.is_(None), Affiliation.id)  # those in force last: they count
    ).all()
    by_number = {row.external_id: row for row in rows if row.external_id}
    by_pair = {(row.account_id, row.unit_id): row for row in rows}
    return by_number, by_pair
