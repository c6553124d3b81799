"""A file of units: which of its columns mean what, and its rows as the import takes them."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from importlib.resources import files
from pathlib import Path
from typing import Any

from admin_app.exchange.problems import ColumnMissing, MappingWrong
from admin_app.exchange.spreadsheets import SourceRow, Spreadsheet, open_spreadsheet
from admin_app.hierarchy.register_rules import RegisterRow, Words
from admin_app.hierarchy.rules import name_key
from admin_app.hierarchy.vocabulary import UnitKind

DEFAULT = files("admin_app.exchange") / "mappings" / "units.toml"
_FIELDS = tuple(f.name for f in fields(RegisterRow) if f.name not in ("number", "surplus"))
_SHAPE = {
    "columns": _FIELDS,
    "several": ("separators",),
    "status": ("in_use", "archived", "not_wanted"),
    "kind": (*(kind.value for kind in UnitKind), "by_place"),
}


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
    name = path.name if path else "units.toml"
    try:
        typed = path.read_text("utf-8-sig") if path else DEFAULT.read_text("utf-8")
        content = tomllib.loads(typed)
    except OSError as error:
        raise MappingWrong(name=name, why=error.strerror or "") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MappingWrong(name=name, why=error) from None
    return _mapping(name, content)


def open_units(path: Path, mapping: UnitMapping, sheet: str | None = None) -> UnitFile:
    """Open a file of units.

    Raises:
        UnreadableFile: a problem with the file; going through the rows can raise it too.
    """
    spreadsheet = open_spreadsheet(path, sheet)
    columns = _columns(spreadsheet, mapping)
    return UnitFile(frozenset(columns), _rows(spreadsheet, columns))


def _columns(spreadsheet: Spreadsheet, mapping: UnitMapping) -> dict[str, int]:
    """The place of each field's column."""
    places = {name_key(header): at for at, header in enumerate(spreadsheet.header) if header}
    found: dict[str, int] = {}
    for field, accepted in mapping.columns.items():
        for header in accepted:
            if name_key(header) in places:
                found[field] = places[name_key(header)]
                break
    needed = ("name", "english_name"), ("external_id", "uscc")
    for one, other in needed:
        if one not in found and other not in found:
            raise ColumnMissing(
                column=mapping.columns[one][0] if mapping.columns.get(one) else one,
                accepted="、".join(
                    (*mapping.columns.get(one, ()), *mapping.columns.get(other, ()))
                ),
                present="、".join(header for header in spreadsheet.header if header),
            )
    return found


def _rows(spreadsheet: Spreadsheet, columns: Mapping[str, int]) -> Iterator[RegisterRow]:
    width = len(spreadsheet.header)
    for row in spreadsheet.rows:
        values = {field: _cell(row, at) for field, at in columns.items()}
        surplus = any(value.strip() for value in row.values[width:])
        yield RegisterRow(row.number, surplus=surplus, **values)


def _cell(row: SourceRow, at: int) -> str:
    return row.values[at] if at < len(row.values) else ""


def _mapping(name: str, content: dict[str, Any]) -> UnitMapping:
    def words(section: str, key: str) -> tuple[str, ...]:
        values = content.get(section, {}).get(key, [])
        if not isinstance(values, list) or not all(isinstance(v, str) and v for v in values):
            raise MappingWrong(name=name, why=f"{section}.{key}: expected a list of words")
        return tuple(values)

    def keys(section: str, key: str) -> frozenset[str]:
        return frozenset(name_key(word) for word in words(section, key))

    _require_shape(name, content)
    return UnitMapping(
        source=content.get("source", "register"),
        columns={field: words("columns", field) for field in _FIELDS},
        words=Words(
            separators=words("several", "separators"),
            in_use=keys("status", "in_use"),
            archived=keys("status", "archived"),
            not_wanted=keys("status", "not_wanted"),
            kinds={word: kind for kind in UnitKind for word in keys("kind", kind.value)},
            by_place=keys("kind", "by_place"),
        ),
    )


def _require_shape(name: str, content: dict[str, Any]) -> None:
    """A misspelt entry would silently mean nothing."""
    for section, values in content.items():
        if section == "source":
            if not isinstance(values, str):
                raise MappingWrong(name=name, why="source: expected a name")
        elif section not in _SHAPE:
            raise MappingWrong(name=name, why=f"[{section}]: expected one of {', '.join(_SHAPE)}")
        elif not isinstance(values, dict):
            raise MappingWrong(name=name, why=f"{section}: expected a table")
        else:
            for key in values:
                if key not in _SHAPE[section]:
                    expected = ", ".join(_SHAPE[section])
                    raise MappingWrong(
                        name=name, why=f"{section}.{key}: expected one of {expected}"
                    )
