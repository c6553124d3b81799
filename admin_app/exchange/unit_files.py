"""A file of units: which of its columns mean what, and its rows as the import takes them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from admin_app.exchange.column_mappings import cells, find_columns, load_columns
from admin_app.exchange.spreadsheets import open_spreadsheet
from admin_app.hierarchy.register_rules import RegisterRow, Words
from admin_app.hierarchy.vocabulary import UnitKind

_FIELDS = tuple(f.name for f in fields(RegisterRow) if f.name not in ("number", "surplus"))
_SHAPE = {
    "columns": _FIELDS,
    "several": ("separators",),
    "status": ("in_use", "archived", "not_wanted"),
    "kind": (*(kind.value for kind in UnitKind), "by_place"),
}
_NEEDED = (("name", "english_name"), ("external_id", "uscc"))


@dataclass(frozen=True, slots=True)
class UnitMapping:
    """What the headers and the words of a register mean."""

    source: str
    columns: Mapping[str, tuple[str, ...]]
    words: Words


@dataclass(frozen=True, slots=True)
class UnitFile:
    """The fields a file has, and its rows; they can be gone through once."""

    columns: frozenset[str]
    rows: Iterator[RegisterRow]


def load_mapping(path: Path | None = None) -> UnitMapping:
    """Read a mapping; without a path the one that knows the usual Chinese and English headers.

    Raises:
        MappingWrong
    """
    read = load_columns(path, "units.toml", _SHAPE)
    return UnitMapping(
        source=read.source,
        columns=read.columns,
        words=Words(
            separators=read.words["several"]["separators"],
            in_use=read.keys("status", "in_use"),
            archived=read.keys("status", "archived"),
            not_wanted=read.keys("status", "not_wanted"),
            kinds={word: kind for kind in UnitKind for word in read.keys("kind", kind.value)},
            by_place=read.keys("kind", "by_place"),
        ),
    )


def open_units(path: Path, mapping: UnitMapping, sheet: str | None = None) -> UnitFile:
    """Open a file of units.

    Raises:
        UnreadableFile: a problem with the file; going through the rows can raise it too.
    """
    spreadsheet = open_spreadsheet(path, sheet)
    columns = find_columns(spreadsheet, mapping.columns, _NEEDED)
    rows = (
        RegisterRow(number, surplus=surplus, **values)
        for number, values, surplus in cells(spreadsheet, columns)
    )
    return UnitFile(frozenset(columns), rows)
