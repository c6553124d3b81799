"""The same rows from the same files by one COPY (PostgreSQL) or executemany (SQLite) a table.

Each row is cleaned, sealed and indexed as the imports do it, and history keeps its tallies. What is
left out is what an import is for beside that: which unit and whose account a row means is known
beforehand, nothing is looked for among what is there or came earlier in the file, nothing is
reported.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.exchange.account_files import open_accounts, open_history
from admin_app.hierarchy.rules import clean_uscc
from admin_app.migration.import_rows import AccountRow, AffiliationRow, HistoryRow
from admin_app.migration.import_rules import read_account, read_affiliation, read_record
from admin_app.migration.import_values import new_account, values_of
from admin_app.migration.models import Affiliation, BusinessRecord, HistoryTally, LegacyAccount
from admin_app.migration.receipts import add_digests, record_digest
from benchmarks.loading import insert_rows
from benchmarks.migration.import_files import read

Ids = Mapping[str, int]
_ACCOUNT = (
    *("external_id", "kind", "username", "name", "id_type", "id_sealed", "id_index", "kin_index"),
    *("id_check_wrong", "uscc", "organisation_code", "unit_id", "password_scheme"),
    *("password_hash", "last_used_at", "imported_at", "state", "blocker", "stated_at"),
)


def bare_accounts(act: Act, path: Path, units: Ids, accounts: Ids) -> None:
    words = open_accounts(path).words

    def rows() -> Iterator[tuple[object, ...]]:
        for number, cells in enumerate(read(path), 2):
            reading = read_account(AccountRow(number, **cells), words)
            assert reading.refusal is None
            said = values_of(act, reading, units[clean_uscc(reading.unit)])
            values = new_account(act, reading, said)
            yield tuple(values[name] for name in _ACCOUNT)

    _load(act.session, LegacyAccount, " ".join(_ACCOUNT), rows())


def bare_affiliations(act: Act, path: Path, units: Ids, accounts: Ids) -> None:
    def rows() -> Iterator[tuple[object, ...]]:
        for number, cells in enumerate(read(path), 2):
            reading = read_affiliation(AffiliationRow(number, **cells))
            assert reading.refusal is None
            unit_id = units[clean_uscc(reading.unit)]
            account_id = accounts[reading.account]
            yield reading.external_id, account_id, unit_id, reading.position, reading.since

    _load(act.session, Affiliation, "external_id account_id unit_id position since", rows())


def bare_history(act: Act, path: Path, units: Ids, accounts: Ids) -> None:
    kinds = open_history(path).kinds
    tallies: dict[tuple[int, str], tuple[int, bytes]] = {}

    def rows() -> Iterator[tuple[object, ...]]:
        for number, cells in enumerate(read(path), 2):
            r = read_record(HistoryRow(number, **cells), kinds)
            assert r.refusal is None
            assert r.happened_on is not None
            kind, account_id, on = r.kind.value, accounts[r.account], r.happened_on.isoformat()
            count, digest = tallies.get((account_id, kind), (0, bytes(32)))
            digest = add_digests(digest, record_digest(kind, r.external_id, r.name, on))
            tallies[account_id, kind] = count + 1, digest
            yield kind, r.external_id, account_id, r.name, on, r.role, r.status

    columns = "kind external_id account_id title happened_on role status"
    _load(act.session, BusinessRecord, columns, rows())
    _load(
        act.session,
        HistoryTally,
        "account_id kind number digest",
        ((*key, *tally) for key, tally in tallies.items()),
    )


def _load(session: Session, model: Any, columns: str, rows: Iterator[tuple[object, ...]]) -> None:
    insert_rows(session.connection(), cast(Table, model.__table__), columns, rows)
