"""Where the things of a unit count: the nodes above it, and its region."""

from collections.abc import Collection, Iterable
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from admin_app.database import among_given, given
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.rules import ids_along
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.rollups.models import EVERYTHING, LargeUnit
from admin_app.rollups.rules import Home, region_of
from admin_app.rollups.vocabulary import REGION_UNKNOWN

CHUNK = 5_000  # units looked at by one statement

NOWHERE_IN_THE_TREE = Home((EVERYTHING,), None, REGION_UNKNOWN)


class Node(NamedTuple):
    kind: UnitKind
    uscc: str | None
    parent_id: int | None
    path: str
    is_large: bool


_OF_A_NODE = (
    Unit.kind,
    Unit.uscc,
    Unit.parent_id,
    Unit.path,
    exists().where(LargeUnit.unit_id == Unit.id),
)


class Homes:
    """Looks homes up, in two statements for any number of units, and remembers the nodes."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.nodes: dict[int, Node] = {}

    def of_units(self, unit_ids: Collection[int | None]) -> dict[int | None, Home]:
        """The homes of units as they are placed now; of no unit: everything."""
        wanted = [number for number in unit_ids if number is not None]
        paths: dict[int, str] = {}
        for chunk in chunks(wanted):
            rows = self._asked(chunk, Unit.id, Unit.path)
            paths.update((row.id, row.path) for row in rows)
        self.learn(number for path in set(paths.values()) for number in ids_along(path))
        homes: dict[int | None, Home] = {number: self.along(path) for number, path in paths.items()}
        homes[None] = NOWHERE_IN_THE_TREE
        return homes

    def learn(self, unit_ids: Iterable[int]) -> None:
        """Fetch the nodes not known yet."""
        for chunk in chunks(sorted(set(unit_ids) - self.nodes.keys())):
            rows = self._asked(chunk, Unit.id, *_OF_A_NODE)
            self.nodes.update((row.id, Node(*row[1:])) for row in rows)

    def _asked(self, unit_ids: list[int], *columns: Any) -> Iterable[Any]:
        dialect = self._session.get_bind().dialect.name
        statement = _of_units(dialect, columns, one=len(unit_ids) == 1)
        return self._session.execute(statement, given("units", unit_ids))

    def along(self, path: str, former_codes: dict[int, str] | None = None) -> Home:
        """The home that a path, known or former, gives; with the codes its nodes had then."""
        departments, first_level, uscc = [EVERYTHING], None, None
        large: list[int] = []
        parts: list[int] = []
        is_below_large = False
        for number in ids_along(path):
            node = self.nodes[number]
            if node.kind is UnitKind.DEPARTMENT:
                departments.append(number)
                continue
            if node.kind is UnitKind.FIRST_LEVEL:
                first_level, uscc = number, node.uscc
                if former_codes is not None:
                    uscc = former_codes.get(number, uscc)
            elif node.is_large or is_below_large:
                parts.append(number)
            is_below_large = node.is_large
            if node.is_large:
                large.append(number)
        places = tuple(large), tuple(parts)
        return Home(tuple(departments), first_level, region_of(uscc), *places)


@cache
def _of_units(dialect: str, columns: tuple[Any, ...], *, one: bool) -> Select[Any]:
    """Put together once: that takes longer than the database needs to answer."""
    return select(*columns).where(among_given(dialect, "units", one=one)(Unit.id))


def chunks(numbers: Collection[int]) -> Iterable[list[int]]:
    """The numbers in order, so many at a time."""
    ordered = sorted(numbers)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
