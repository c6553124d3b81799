"""Importing the accounts of the old platform: new ones in, later files only correct what is free.

One transaction of the caller's; a dry run is the same import, rolled back. While it lasts nobody
else can bind an account, so that a row is never changed under somebody's hands.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, select, text, update
from sqlalchemy.orm import Session

from admin_app.audit.act import Act, require_platform
from admin_app.audit.operations import record
from admin_app.audit.vocabulary import Event
from admin_app.database import among, write_rows
from admin_app.identity.models import StaffAccount
from admin_app.migration import import_report
from admin_app.migration.import_known import restate_known
from admin_app.migration.import_places import Places
from admin_app.migration.import_report import Counts, Ledger, Progress, ReportLine, Source
from admin_app.migration.import_rows import AccountReading, AccountRow, AccountWords
from admin_app.migration.import_rules import read_account
from admin_app.migration.import_settling import settle_unit
from admin_app.migration.import_staff import add_staff_accounts
from admin_app.migration.import_values import differences, following, new_account, values_of
from admin_app.migration.import_vocabulary import RowCode
from admin_app.migration.models import AccountBinding, LegacyAccount

_ACCOUNTS = cast(Table, LegacyAccount.__table__)
_GIVEN = (
    *("username", "name", "id_type", "id_index", "kin_index", "id_check_wrong", "uscc"),
    *("organisation_code", "unit_id", "password_scheme", "password_hash", "last_used_at"),
)
_COLUMNS = (
    *("external_id", "kind", *_GIVEN, "id_sealed", "imported_at", "state", "blocker"),
    "stated_at",
)
_LOOKED_AT = tuple(
    getattr(LegacyAccount, name)
    for name in ("id", "external_id", "kind", *_GIVEN, "id_sealed", "hindrance")
)


class _Known(NamedTuple):
    """What is there already of what a batch is about."""

    accounts: Mapping[str, Any]
    owners: dict[str, str]  # external number by user name
    bound: frozenset[int]  # accounts bound now or once
    staff: frozenset[str]


def import_accounts(
    act: Act,
    rows: Iterable[AccountRow],
    words: AccountWords,
    source: Source,
    report: Callable[[ReportLine], None] = lambda _line: None,
    progress: Progress = lambda _phase, _done, _total: None,
) -> Counts:
    """Take in accounts; only the platform itself does that.

    Bound accounts stay as they are. Of others a later file corrects what it says; what its cells
    leave empty stays, and so do states and everything that happened since.

    Raises:
        Refused
    """
    require_platform(act)
    session, ledger = act.session, Ledger(report)
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE legacy_accounts IN EXCLUSIVE MODE"))
    import_report.prepare(session)
    places = Places(session, source.units)
    readings = (read_account(row, words) for row in rows)
    for batch in import_report.batches(readings, progress):
        _take(act, batch, places, ledger)
    places.close()
    import_report.finish(session)
    counts = ledger.counts()
    record(
        act,
        Event.ACCOUNTS_IMPORTED,
        subject=source.file_name[:300],
        sha256=source.sha256,
        **asdict(counts),
    )
    session.flush()
    return counts


def _take(act: Act, batch: Sequence[AccountReading], places: Places, ledger: Ledger) -> None:
    """Decide on each row in the order of the file, then write them together."""
    import_report.refuse_repeated(act.session, [(r.external_id, r) for r in batch])
    places.look_up(
        (r.unit for r in batch),
        (r.uscc for r in batch if r.uscc and r.is_code_right),
        (r.organisation_code for r in batch if r.organisation_code),
    )
    known = _look_up(act.session, batch)
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    staff: list[AccountReading] = []
    for reading in batch:
        there = known.accounts.get(reading.external_id)
        unit_id = settle_unit(reading, places)
        _check(reading, there, known)
        if reading.refusal is not None:
            ledger.refuse(reading)
            continue
        if there is not None and there.id in known.bound:
            reading.password_scheme = reading.password_hash = None  # destroyed, and stays so
            if differences(there, values_of(act, reading, unit_id)):
                reading.change(RowCode.BOUND_ALREADY)
            ledger.leave(reading)
            continue
        known.owners[reading.username] = reading.external_id
        values = values_of(act, reading, unit_id)
        if there is None:
            if reading.kind.lives_on:
                if reading.username in known.staff:
                    reading.change(RowCode.STAFF_EXISTS, reading.username)
                else:
                    staff.append(reading)
            new.append(new_account(act, reading, values))
            ledger.create(reading)
        elif different := differences(there, values):
            changed.append(
                {"id": there.id, **different, **following(act, reading, there, different)}
            )
            ledger.update(reading)
        else:
            ledger.leave(reading)
    write_rows(
        act.session, _ACCOUNTS, _COLUMNS, [tuple(each[name] for name in _COLUMNS) for each in new]
    )
    _correct(act.session, changed)
    add_staff_accounts(act, staff, {each["external_id"]: each["unit_id"] for each in new})
    restate_known(act, new, changed)


def _look_up(session: Session, batch: Sequence[AccountReading]) -> _Known:
    numbers = {r.external_id for r in batch}
    usernames = {r.username for r in batch}
    rows = session.execute(
        select(*_LOOKED_AT).where(among(session, LegacyAccount.external_id, numbers))
    ).all()
    owners = session.execute(
        select(LegacyAccount.username, LegacyAccount.external_id).where(
            among(session, LegacyAccount.username, usernames)
        )
    )
    bound = session.scalars(
        select(AccountBinding.account_id).where(
            among(session, AccountBinding.account_id, [row.id for row in rows])
        )
    )
    clerks = {r.username for r in batch if r.kind.lives_on}
    staff = session.scalars(
        select(StaffAccount.username).where(among(session, StaffAccount.username, clerks))
    )
    return _Known(
        accounts={row.external_id: row for row in rows},
        owners=dict(owners.all()),
        bound=frozenset(bound),
        staff=frozenset(staff),
    )


def _check(reading: AccountReading, there: Any, known: _Known) -> None:
    if there is not None and there.kind is not reading.kind:
        reading.refuse(RowCode.KIND_CHANGED, there.kind.label)
    owner = known.owners.get(reading.username, reading.external_id)
    if owner != reading.external_id:
        reading.refuse(RowCode.USERNAME_TAKEN, owner)


def _correct(session: Session, changed: Sequence[dict[str, Any]]) -> None:
    """One statement for all rows in which the same columns differ."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for each in changed:
        groups.setdefault(tuple(sorted(each)), []).append(each)
    for rows in groups.values():
        session.execute(update(LegacyAccount), rows)
