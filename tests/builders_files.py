"""Small builders of files and registers: CSV in any encoding, XLSX with merged cells."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from admin_app.hierarchy.register_import import Register
from admin_app.hierarchy.register_rules import RegisterRow, Words
from admin_app.hierarchy.vocabulary import UnitKind

ALL_COLUMNS = frozenset(
    ("external_id", "name", "english_name", "uscc", "parents", "kind", "status")
)
WORDS = Words(
    separators=("|",),
    in_use=frozenset({"在用"}),
    archived=frozenset({"注销"}),
    not_wanted=frozenset({"测试"}),
    kinds={"主管部门": UnitKind.DEPARTMENT, "二级单位": UnitKind.SECONDARY},
    by_place=frozenset({"企业"}),
)


def csv_file(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def xlsx_file(path: Path, rows: Iterable[Sequence[Any]], *, merged: Sequence[str] = ()) -> Path:
    """A workbook of one sheet."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for area in merged:
        book.active.merge_cells(area)
    book.save(path)
    return path


def register(columns: frozenset[str] = ALL_COLUMNS, **changes: Any) -> Register:
    """Where rows come from, with the words above."""
    values: dict[str, Any] = {
        "file_name": "演示名录.csv",
        "sha256": "0" * 64,
        "source": "demo",
        "columns": columns,
        "words": WORDS,
    }
    return Register(**{**values, **changes})


def row(number: int, external_id: str, name: str, parents: str = "", **more: str) -> RegisterRow:
    """A row of a register."""
    return RegisterRow(number, external_id=external_id, name=name, parents=parents, **more)
