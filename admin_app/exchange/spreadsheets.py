"""Reading a spreadsheet, CSV or XLSX, row by row in bounded memory, whatever it was saved with."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from admin_app.exchange.csv_files import csv_rows
from admin_app.exchange.problems import DuplicateHeader, EmptyFile, FileMissing, NotASpreadsheet
from admin_app.exchange.xlsx_files import xlsx_rows

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row with the number a person sees beside it: the line, or the row of the sheet."""

    number: int
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spreadsheet:
    """The header, and the rows below it that aren't blank; they can be gone through once."""

    header: tuple[str, ...]
    rows: Iterator[SourceRow]


def open_spreadsheet(path: Path, sheet: str | None = None) -> Spreadsheet:
    """Open a CSV file, or an XLSX file at its first visible sheet or the one named.

    Blank rows above the header and between rows are passed over.

    Raises:
        UnreadableFile: a problem with the file; going through the rows can raise it too.
    """
    rows = _rows(path, sheet)
    header = next(rows, None)
    if header is None:
        raise EmptyFile(name=path.name)
    names = [value.strip() for value in header.values]
    while names and not names[-1]:
        names.pop()
    for name in names:
        if name and names.count(name) > 1:
            raise DuplicateHeader(header=name)
    return Spreadsheet(tuple(names), rows)


def digest(path: Path) -> str:
    """The SHA-256 of a file.

    Raises:
        FileMissing
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FileMissing(name=path.name, why=error.strerror or "") from None


def _rows(path: Path, sheet: str | None) -> Iterator[SourceRow]:
    start = _start(path)
    if not start:
        raise EmptyFile(name=path.name)
    if start.startswith(_OLD_OFFICE):
        raise NotASpreadsheet(name=path.name)
    found = xlsx_rows(path, sheet) if start.startswith(_ZIP) else csv_rows(path)
    for number, values in found:
        if any(value.strip() for value in values):
            yield SourceRow(number, values)


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(8)
    except OSError as error:
        raise FileMissing(name=path.name, why=error.strerror or "") from None
