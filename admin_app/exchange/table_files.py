"""Writing tables as CSV or XLSX, row by row: a hundred thousand take no more memory than one."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter

from admin_app.exchange.formulas import without_formula

FORMATS = ("xlsx", "csv")
_SHEET_ROWS = 1_048_576  # what a sheet holds, with its header
_WIDTH = 22
_FIRST_SHEET = "1"

Row = Sequence[Any]


def write_table(path: Path, file_format: str, header: Row, rows: Iterable[Row]) -> None:
    """Write a table; numbers stay numbers in XLSX, and no text is taken for a formula."""
    if file_format == "xlsx":
        _write_xlsx(path, header, rows)
    else:
        _write_csv(path, header, rows)


def _write_csv(path: Path, header: Row, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # the mark tells Excel
        writer = csv.writer(file)
        for row in chain([header], rows):
            writer.writerow([without_formula(str(value)) for value in row])


def _write_xlsx(path: Path, header: Row, rows: Iterable[Row], most: int = _SHEET_ROWS) -> None:
    """A sheet that is full is followed by another; there is always a first one."""
    book = Workbook(write_only=True)
    remaining: Iterator[Row] = iter(rows)
    first = next(remaining, None)
    number = 1
    while first is not None or number == 1:
        sheet = book.create_sheet(_FIRST_SHEET if number == 1 else str(number))
        sheet.freeze_panes = "A2"
        for column in range(1, len(header) + 1):
            sheet.column_dimensions[get_column_letter(column)].width = _WIDTH
        sheet.append([_cell(value) for value in header])
        ours = chain([first] if first is not None else [], islice(remaining, most - 2))
        for row in ours:
            sheet.append([_cell(value) for value in row])
        first = next(remaining, None)
        number += 1
    book.save(path)


def _cell(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return without_formula(ILLEGAL_CHARACTERS_RE.sub("", str(value)))
