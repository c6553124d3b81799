"""XLSX, streamed: cached values, codes stored as numbers, and merged areas filled in."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from itertools import takewhile
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from admin_app.exchange.problems import NotASpreadsheet, SheetMissing

_BLOCK = 1 << 20
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+\d+:[A-Z]+\d+)"')
_CELLS_MOST = 500  # columns; a stray cell far to the right doesn't make a row endless


class _Area(NamedTuple):
    """A merged area; its value stands in its first cell."""

    first_column: int
    first_row: int
    last_column: int
    last_row: int


def xlsx_rows(path: Path, sheet: str | None) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows with their numbers in the sheet.

    Raises:
        NotASpreadsheet, SheetMissing
    """
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, KeyError, ValueError, OSError, SyntaxError):
        raise NotASpreadsheet(name=path.name) from None
    try:
        chosen = _choose(book, sheet, path)
        # Where the sheet lies in the archive is known to the reader alone.
        areas = _merged_areas(path, chosen._worksheet_path)
        chosen.reset_dimensions()  # what the file says of its size is often wrong
        yield from _filled(chosen, areas)
    finally:
        book.close()


def _choose(book: Any, name: str | None, path: Path) -> Any:
    if name is not None:
        if name not in book.sheetnames:
            raise SheetMissing(sheet=name, present="、".join(book.sheetnames))
        return book[name]
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not visible:
        raise NotASpreadsheet(name=path.name)
    return visible[0]


def _merged_areas(path: Path, inner: str) -> list[_Area]:
    """The merged areas; they are listed after the cells, so the sheet is skimmed for them."""
    found: list[_Area] = []
    with ZipFile(path) as archive, archive.open(inner.lstrip("/")) as file:
        rest = b""
        while block := file.read(_BLOCK):
            text = rest + block
            end = 0
            for match in _MERGED.finditer(text):
                found.append(_Area(*range_boundaries(match[1].decode())))
                end = match.end()
            rest = text[max(end, len(text) - 200) :]
    return sorted(found, key=lambda area: area.first_row, reverse=True)


def _filled(sheet: Any, waiting: list[_Area]) -> Iterator[tuple[int, tuple[str, ...]]]:
    current: list[tuple[_Area, str]] = []
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        values = [_as_text(cell) for cell in cells[:_CELLS_MOST]]
        current = [(area, value) for area, value in current if area.last_row >= number]
        while waiting and waiting[-1].first_row <= number:
            area = waiting.pop()
            at = area.first_column - 1
            current.append((area, values[at] if at < len(values) else ""))
        for area, value in current:
            if value:
                missing = min(area.last_column, _CELLS_MOST) - len(values)
                values.extend([""] * missing)
                for column in range(area.first_column - 1, min(area.last_column, _CELLS_MOST)):
                    values[column] = value
        yield number, tuple(values)


def _as_text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int):
        return str(value).rjust(_width(cell.number_format), "0")
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def _width(number_format: str) -> int:
    """How many digits a code has that is stored as a number and shown with leading zeros."""
    zeros = "".join(takewhile(lambda character: character == "0", number_format))
    return len(zeros) if zeros == number_format else 0
