"""Small builders of rows of accounts, affiliations and history, and of what an import says."""

import hashlib
from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from admin_app.identity.vocabulary import IdType
from admin_app.migration.import_accounts import import_accounts
from admin_app.migration.import_affiliations import import_affiliations
from admin_app.migration.import_history import import_history
from admin_app.migration.import_report import Counts, ReportLine, Source
from admin_app.migration.import_rows import AccountRow, AccountWords, AffiliationRow, HistoryRow
from admin_app.migration.import_vocabulary import RowCode
from admin_app.migration.vocabulary import AccountKind, RecordKind
from tests import builders

PASSWORD = "old-pass-1"
MD5 = hashlib.md5(PASSWORD.encode(), usedforsecurity=False).hexdigest()
WORDS = AccountWords(
    kinds={kind.value: kind for kind in AccountKind},
    id_types={kind.value: kind for kind in IdType},
)
KINDS = {kind.value: kind for kind in RecordKind}
SOURCE = Source("演示账号.csv", "0" * 64, "demo")

Taken = tuple[Counts, list[ReportLine]]


def account(number: int, kind: str = "personal", **more: str) -> AccountRow:
    """A row with nothing out of the ordinary."""
    values = {
        "external_id": f"a{number}",
        "username": f"user{number}",
        "name": f"示例{number}",
        "id_number": builders.id_number(number),
        "password_scheme": "md5",
        "password_hash": MD5,
    }
    return AccountRow(number, kind=kind, **{**values, **more})


def record(number: int, **more: str) -> HistoryRow:
    values = {"external_id": f"p{number}", "kind": "project", "account": "a2", "title": "示例项目"}
    return HistoryRow(number, **{**values, "date": "2020-01-02", **more})


def belonging(number: int, unit: str, **more: str) -> AffiliationRow:
    values = {"account": "a2", "position": "研究员", "since": "2015-09-01"}
    return AffiliationRow(number, unit=unit, **{**values, **more})


def take_accounts(session: Session, rows: Iterable[AccountRow], minutes: int = 0) -> Taken:
    lines: list[ReportLine] = []
    act = builders.act(session, minutes=minutes)
    return import_accounts(act, iter(rows), WORDS, SOURCE, lines.append), lines


def take_affiliations(session: Session, rows: Iterable[AffiliationRow]) -> Taken:
    lines: list[ReportLine] = []
    return import_affiliations(builders.act(session), iter(rows), SOURCE, lines.append), lines


def take_history(session: Session, rows: Iterable[HistoryRow]) -> Taken:
    lines: list[ReportLine] = []
    return import_history(builders.act(session), iter(rows), KINDS, SOURCE, lines.append), lines


def reasons(lines: Sequence[ReportLine]) -> list[tuple[int, RowCode]]:
    return [(line.row, line.code) for line in lines]
