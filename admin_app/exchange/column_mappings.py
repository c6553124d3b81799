"""What the headers and words of a file mean: a small TOML file, and where its columns are."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from admin_app.exchange.problems import ColumnMissing, MappingWrong
from admin_app.exchange.spreadsheets import SourceRow, Spreadsheet
from admin_app.hierarchy.rules import name_key

_DEFAULTS = files("admin_app.exchange") / "mappings"


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Headers by field, and lists of words by section and key.

    Args:
        source: whose numbers the external ids of units are.
    """

    source: str
    columns: Mapping[str, tuple[str, ...]]
    words: Mapping[str, Mapping[str, tuple[str, ...]]]

    def keys(self, section: str, key: str) -> frozenset[str]:
        """The words of one meaning, in the form in which words are compared."""
        return frozenset(name_key(word) for word in self.words[section][key])

    def meanings(self, section: str) -> dict[str, str]:
        """What each word of a section means, by the form in which words are compared."""
        return {name_key(word): key for key, words in self.words[section].items() for word in words}


def load_columns(
    path: Path | None, default: str, shape: Mapping[str, Sequence[str]]
) -> ColumnMapping:
    """Read a mapping; without a path the one that knows the usual Chinese and English headers.

    Args:
        shape: which keys each section may have; ``columns`` must be among them.

    Raises:
        MappingWrong
    """
    name = path.name if path else default
    try:
        typed = path.read_text("utf-8-sig") if path else (_DEFAULTS / default).read_text("utf-8")
        content = tomllib.loads(typed)
    except OSError as error:
        raise MappingWrong(name=name, why=error.strerror or "") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MappingWrong(name=name, why=error) from None
    _require_shape(name, content, shape)
    read = {
        section: {key: _words(name, content, section, key) for key in keys}
        for section, keys in shape.items()
    }
    return ColumnMapping(content.get("source", "register"), read.pop("columns"), read)


def find_columns(
    spreadsheet: Spreadsheet,
    columns: Mapping[str, tuple[str, ...]],
    needed: Sequence[tuple[str, ...]],
) -> dict[str, int]:
    """The place of each field's column.

    Args:
        needed: of each group of fields the file must have at least one.

    Raises:
        ColumnMissing
    """
    places = {name_key(header): at for at, header in enumerate(spreadsheet.header) if header}
    found: dict[str, int] = {}
    for field, accepted in columns.items():
        for header in accepted:
            if name_key(header) in places:
                found[field] = places[name_key(header)]
                break
    for group in needed:
        if not any(field in found for field in group):
            first = columns.get(group[0])
            raise ColumnMissing(
                column=first[0] if first else group[0],
                accepted="、".join(word for field in group for word in columns.get(field, ())),
                present="、".join(header for header in spreadsheet.header if header),
            )
    return found


def cells(
    spreadsheet: Spreadsheet, columns: Mapping[str, int]
) -> Iterator[tuple[int, dict[str, str], bool]]:
    """Each row's number, its values by field, and whether it has more cells than the header."""
    width = len(spreadsheet.header)
    for row in spreadsheet.rows:
        values = {field: _cell(row, at) for field, at in columns.items()}
        yield row.number, values, any(value.strip() for value in row.values[width:])


def _cell(row: SourceRow, at: int) -> str:
    return row.values[at] if at < len(row.values) else ""


def _words(name: str, content: dict[str, Any], section: str, key: str) -> tuple[str, ...]:
    values = content.get(section, {}).get(key, [])
    if not isinstance(values, list) or not all(isinstance(v, str) and v for v in values):
        raise MappingWrong(name=name, why=f"{section}.{key}: expected a list of words")
    return tuple(values)


def _require_shape(name: str, content: dict[str, Any], shape: Mapping[str, Sequence[str]]) -> None:
    """A misspelt entry would silently mean nothing."""
    for section, values in content.items():
        if section == "source":
            if not isinstance(values, str):
                raise MappingWrong(name=name, why="source: expected a name")
        elif section not in shape:
            raise MappingWrong(name=name, why=f"[{section}]: expected one of {', '.join(shape)}")
        elif not isinstance(values, dict):
            raise MappingWrong(name=name, why=f"{section}: expected a table")
        else:
            for key in values:
                if key not in shape[section]:
                    expected = ", ".join(shape[section])
                    raise MappingWrong(
                        name=name, why=f"{section}.{key}: expected one of {expected}"
                    )
