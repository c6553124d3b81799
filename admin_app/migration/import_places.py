"""Finding the units that rows name: by credit code, external number, inner code, or name.

An organisation code is the inner part (positions 9 to 17) of the credit code that replaced it in
2015; the codes of all units are put side by side once, so that each look-up is by index.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Column, Integer, MetaData, String, Table, or_, select, text
from sqlalchemy.orm import Session

from admin_app.database import among
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.rules import clean_uscc, name_key
from admin_app.hierarchy.vocabulary import CodeCheckWrong, CodeMalformed, UnitKind, UnitStatus

_KEPT_MOST = 20_000  # names whose units are remembered, so that each is looked up once

_codes = Table(
    "staged_inner_codes",
    MetaData(),
    Column("code", String().with_variant(String(collation="C"), "postgresql"), primary_key=True),
    Column("unit_id", Integer),
    Column("units", Integer),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
_FILL = """
INSERT INTO staged_inner_codes (code, unit_id, units)
SELECT substr(uscc, 9, 9), min(id), count(*) FROM units
WHERE uscc IS NOT NULL AND kind = 'first_level' GROUP BY 1
"""


class Place(NamedTuple):
    """A unit as far as an import cares."""

    id: int
    kind: UnitKind
    name: str
    uscc: str | None


class Found(NamedTuple):
    """The unit that something names; without one, whether there are several."""

    place: Place | None = None
    is_ambiguous: bool = False


class Places:
    """Looks units up for a batch of rows at a time."""

    def __init__(self, session: Session, source: str) -> None:
        self._session = session
        self._source = source
        self._by_code: dict[str, Place] = {}
        self._by_number: dict[str, Place] = {}
        self._by_inner: dict[str, Found] = {}
        self._by_name: dict[str, Found] = {}
        connection = session.connection()
        connection.exec_driver_sql("DROP TABLE IF EXISTS staged_inner_codes")
        _codes.create(connection, checkfirst=False)
        session.execute(text(_FILL))

    def close(self) -> None:
        self._session.connection().exec_driver_sql("DROP TABLE IF EXISTS staged_inner_codes")

    def look_up(
        self, references: Iterable[str], codes: Iterable[str] = (), inner: Iterable[str] = ()
    ) -> None:
        """Fetch what a batch names, in a handful of queries."""
        named = {reference for reference in references if reference}
        known = {code for code in map(_code_or_none, named) if code} | set(codes)
        numbers = named | {f"{self._source}:{reference}" for reference in named}
        self._by_code, self._by_number = {}, {}
        for place, number in self._fetch(known, numbers):
            if place.uscc:
                self._by_code[place.uscc] = place
            if number:
                self._by_number[number] = place
        self._by_inner = self._fetch_inner(set(inner))

    def by_code(self, code: str) -> Found:
        return Found(self._by_code.get(code))

    def by_inner_code(self, code: str) -> Found:
        return self._by_inner.get(code, Found())

    def by_reference(self, reference: str) -> Found:
        """A unit by its credit code, its external number, or its name (as a path with ``/``)."""
        code = _code_or_none(reference)
        place = (
            self._by_number.get(f"{self._source}:{reference}")
            or self._by_number.get(reference)
            or (self._by_code.get(code) if code else None)
        )
        if place is not None or code is not None:
            return Found(place)
        if reference not in self._by_name:
            if len(self._by_name) >= _KEPT_MOST:
                self._by_name.clear()
            self._by_name[reference] = self._find_by_name(reference)
        return self._by_name[reference]

    def _fetch(self, codes: set[str], numbers: set[str]) -> list[tuple[Place, str | None]]:
        rows = self._session.execute(
            select(Unit.id, Unit.kind, Unit.name, Unit.uscc, Unit.external_id).where(
                or_(
                    among(self._session, Unit.uscc, codes),
                    among(self._session, Unit.external_id, numbers),
                )
            )
        )
        return [(Place(*row[:4]), row[4]) for row in rows]

    def _fetch_inner(self, codes: set[str]) -> dict[str, Found]:
        rows = self._session.execute(
            select(_codes.c.code, _codes.c.units, Unit.id, Unit.kind, Unit.name, Unit.uscc)
            .join(Unit, Unit.id == _codes.c.unit_id)
            .where(among(self._session, _codes.c.code, codes))
        )
        return {
            row[0]: Found(Place(*row[2:])) if row[1] == 1 else Found(is_ambiguous=True)
            for row in rows
        }

    def _find_by_name(self, reference: str) -> Found:
        keys = [name_key(part) for part in reference.replace("／", "/").split("/") if part.strip()]
        places: Sequence[Place] = []
        for step, key in enumerate(keys):
            statement = select(Unit.id, Unit.kind, Unit.name, Unit.uscc).where(
                Unit.name_key == key, Unit.status == UnitStatus.ACTIVE
            )
            if step:
                statement = statement.where(
                    among(self._session, Unit.parent_id, [place.id for place in places])
                )
            # More than a few of one name no path tells apart.
            rows = self._session.execute(statement.order_by(Unit.path).limit(50))
            places = [Place(*row) for row in rows]
        if len(places) == 1:
            return Found(places[0])
        return Found(is_ambiguous=len(places) > 1)


def _code_or_none(reference: str) -> str | None:
    if len(reference) != 18:
        return None
    try:
        return clean_uscc(reference)
    except (CodeMalformed, CodeCheckWrong):
        return None
