"""What a list declares: its columns, its orders, its filters. Values only; ``base`` uses them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement

from admin_app.wording import Text

_TYPED_MOST = 100
_ALL = Text("全部", "all")


@dataclass(frozen=True)
class Badge:
    """A state shown as a coloured label; tones: good, wait, bad, quiet."""

    label: Text
    tone: str = "quiet"


@dataclass(frozen=True)
class Column:
    """One column of a list.

    Args:
        value: what the cell shows; a text, a ``Text``, a moment, an enum with a label, a ``Badge``.
        link: the address the cell leads to.
        sort: the key of the ``Sort`` that the heading offers.
        quiet: of lesser weight; shown smaller.
        exported: what the CSV holds instead of ``value``.
    """

    key: str
    label: Text
    value: Callable[[Any], Any]
    link: Callable[[Any], str | None] | None = None
    sort: str | None = None
    quiet: bool = False
    exported: Callable[[Any], Any] | None = None

    def for_export(self, row: Any) -> Any:
        value = (self.exported or self.value)(row)
        return value.label if isinstance(value, Badge) else value


@dataclass(frozen=True)
class Sort:
    """An order that pages can follow by key: never-null columns, the last of them unique.

    Attributes:
        keys: a row's values of the columns, where they are of several tables.
    """

    key: str
    label: Text
    columns: tuple[Any, ...]
    descending: bool = False
    keys: Callable[[Any], tuple[Any, ...]] | None = None


@dataclass(frozen=True)
class ChoiceFilter:
    """A filter by one of several values; any other value is no filter."""

    key: str
    label: Text
    choices: Sequence[tuple[str, Text]]
    where: Callable[[str], ColumnElement[bool]]
    any_label: Text = _ALL

    kind = "choice"

    def read(self, typed: str) -> str:
        return typed if typed in {value for value, _ in self.choices} else ""


@dataclass(frozen=True)
class TextFilter:
    """A filter by what is typed; ``where`` may refuse it with a ``DomainError``."""

    key: str
    label: Text
    where: Callable[[str], ColumnElement[bool]]
    hint: Text | None = None

    kind = "text"

    def read(self, typed: str) -> str:
        # A null character ends a text for PostgreSQL's driver and is never meant.
        return typed.replace("\x00", "").strip()[:_TYPED_MOST]


@dataclass(frozen=True)
class GivenFilter:
    """A filter that comes with the address, from a figure elsewhere; it is shown, and can be left.

    Args:
        accepts: whether a value is one at all; any other is no filter.
        named: how the value is shown.
    """

    key: str
    label: Text
    accepts: Callable[[str], bool]
    where: Callable[[str], ColumnElement[bool]]
    named: Callable[[str], str]

    kind = "given"

    def read(self, typed: str) -> str:
        return typed if self.accepts(typed) else ""


Filter = ChoiceFilter | TextFilter | GivenFilter
