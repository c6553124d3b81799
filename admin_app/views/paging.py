"""Keyset pages: each starts after the last row of the one before, so page 10,000 costs what page 1
does. The place is kept in the address, signed, so that nobody can type a wrong one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import ColumnElement, Select, tuple_
from sqlalchemy.orm import Session

from admin_app.database import unindexed
from admin_app.views.columns import Sort

_MOMENT, _DAY = "@", "#"


@dataclass(frozen=True)
class Place:
    """Where a page starts: after a row's keys, or (``back``) before them."""

    keys: tuple[Any, ...]
    back: bool = False


@dataclass(frozen=True)
class RowPage:
    """A page of rows, and the places of its neighbours if it has any."""

    rows: Sequence[Any]
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Rows:
    """What a list is over: a statement, and the conditions on it.

    ``few``: better found by the conditions and then sorted, than met on the way along the order.
    """

    statement: Select[Any]
    conditions: tuple[ColumnElement[bool], ...]
    few: bool = False


class Pager:
    """Pages of one list in one order."""

    def __init__(self, secret: str, list_name: str, sort: Sort, *, descending: bool) -> None:
        self._sort = sort
        self._descending = descending
        self._signer = URLSafeSerializer(secret, salt=f"page:{list_name}:{sort.key}:{descending}")

    def place(self, token: str) -> Place | None:
        """The place a token names; none if it isn't one of ours."""
        try:
            back, keys = self._signer.loads(token)
            return Place(tuple(map(_unpacked, keys)), bool(back))
        except (BadData, ValueError, TypeError):
            return None

    def page(self, session: Session, rows: Rows, place: Place | None, size: int) -> RowPage:
        backwards = place is not None and place.back
        found = list(session.scalars(self.batch(rows, place).limit(size + 1)).unique())
        more = len(found) > size
        found = found[:size]
        if backwards:
            found.reverse()
        has_before = more if backwards else place is not None
        has_after = backwards or more
        return RowPage(
            found,
            self._token(found[0], back=True) if found and has_before else None,
            self._token(found[-1], back=False) if found and has_after else None,
        )

    def batch(self, rows: Rows, place: Place | None) -> Select[Any]:
        """The rows from a place on, in order.

        The place comes before the other conditions: of two lower bounds SQLite searches by the
        first.
        """
        backwards = place is not None and place.back
        falling = self._descending != backwards
        columns = self._sort.columns
        statement = rows.statement
        if place is not None:
            row, keys = (
                (columns[0], place.keys[0])
                if len(columns) == 1
                else (tuple_(*columns), tuple_(*place.keys))
            )
            if self._sort.keys is not None:  # no index has them all: at least where to begin
                first, begins = columns[0], place.keys[0]
                statement = statement.where(first <= begins if falling else first >= begins)
            statement = statement.where(row < keys if falling else row > keys)
        ordered = [unindexed(c) for c in columns] if rows.few else list(columns)
        order = [c.desc() if falling else c.asc() for c in ordered]
        return statement.where(*rows.conditions).order_by(None).order_by(*order)

    def keys_of(self, row: Any) -> tuple[Any, ...]:
        if self._sort.keys is not None:
            return self._sort.keys(row)
        return tuple(getattr(row, column.key) for column in self._sort.columns)

    def _token(self, row: Any, *, back: bool) -> str:
        return str(self._signer.dumps([int(back), [_packed(key) for key in self.keys_of(row)]]))


def _packed(key: Any) -> Any:
    if isinstance(key, datetime):
        return _MOMENT + key.isoformat()
    if isinstance(key, date):
        return _DAY + key.isoformat()
    if isinstance(key, Enum):
        return key.value
    return key


def _unpacked(key: Any) -> Any:
    if isinstance(key, str) and key.startswith(_MOMENT):
        return datetime.fromisoformat(key.removeprefix(_MOMENT))
    if isinstance(key, str) and key.startswith(_DAY):
        return date.fromisoformat(key.removeprefix(_DAY))
    return key
