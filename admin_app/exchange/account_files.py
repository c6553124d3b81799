"""Files of accounts, affiliations and business history: which columns mean what, and the rows."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Generic, TypeVar

from admin_app.exchange.column_mappings import cells, find_columns, load_columns
from admin_app.exchange.spreadsheets import open_spreadsheet
from admin_app.identity.old_passwords import SCHEMES
from admin_app.identity.vocabulary import IdType
from admin_app.migration.import_rows import AccountRow, AccountWords, AffiliationRow, HistoryRow
from admin_app.migration.vocabulary import AccountKind, RecordKind

Row = TypeVar("Row")
_ACCOUNT = ("account", "username")


@dataclass(frozen=True, slots=True)
class RowFile(Generic[Row]):
    """Whose numbers units have, and the rows, which can be gone through once."""

    units: str
    rows: Iterator[Row]


@dataclass(frozen=True, slots=True)
class AccountFile(RowFile[AccountRow]):
    words: AccountWords


@dataclass(frozen=True, slots=True)
class HistoryFile(RowFile[HistoryRow]):
    kinds: Mapping[str, RecordKind]


def open_accounts(path: Path, mapping: Path | None = None, sheet: str | None = None) -> AccountFile:
    """Open a file of accounts.

    Raises:
        UnreadableFile: a problem with the file or the mapping; going through the rows can raise
            it too.
    """
    shape = {
        "columns": _fields(AccountRow),
        "kind": tuple(kind.value for kind in AccountKind),
        "id_type": tuple(each.value for each in IdType),
        "scheme": tuple(SCHEMES),
    }
    read = load_columns(mapping, "accounts.toml", shape)
    needed = (("external_id",), ("kind",), ("username",), ("name",))
    words = AccountWords(
        kinds={word: AccountKind(key) for word, key in read.meanings("kind").items()},
        id_types={word: IdType(key) for word, key in read.meanings("id_type").items()},
        schemes=read.meanings("scheme"),
    )
    rows = _rows(AccountRow, path, sheet, read.columns, needed)
    return AccountFile(read.source, rows, words)


def open_affiliations(
    path: Path, mapping: Path | None = None, sheet: str | None = None
) -> RowFile[AffiliationRow]:
    """Open a file of affiliations.

    Raises:
        UnreadableFile: as ``open_accounts``.
    """
    read = load_columns(mapping, "affiliations.toml", {"columns": _fields(AffiliationRow)})
    rows = _rows(AffiliationRow, path, sheet, read.columns, (_ACCOUNT, ("unit",)))
    return RowFile(read.source, rows)


def open_history(path: Path, mapping: Path | None = None, sheet: str | None = None) -> HistoryFile:
    """Open a file of business history.

    Raises:
        UnreadableFile: as ``open_accounts``.
    """
    shape = {"columns": _fields(HistoryRow), "kind": tuple(kind.value for kind in RecordKind)}
    read = load_columns(mapping, "history.toml", shape)
    needed = (("external_id",), ("kind",), _ACCOUNT, ("title",), ("date",))
    kinds = {word: RecordKind(key) for word, key in read.meanings("kind").items()}
    return HistoryFile(read.source, _rows(HistoryRow, path, sheet, read.columns, needed), kinds)


def _fields(row: Any) -> tuple[str, ...]:
    return tuple(f.name for f in fields(row) if f.name not in ("number", "surplus"))


def _rows(
    make: Callable[..., Row],
    path: Path,
    sheet: str | None,
    columns: Mapping[str, tuple[str, ...]],
    needed: tuple[tuple[str, ...], ...],
) -> Iterator[Row]:
    spreadsheet = open_spreadsheet(path, sheet)
    found = find_columns(spreadsheet, columns, needed)
    return (
        make(number=number, surplus=surplus, **values)
        for number, values, surplus in cells(spreadsheet, found)
    )
