"""Counting everything anew, in SQL and beside the figures: what those have to be equal to.

The counts stand in temporary tables, so that a province of millions needs no memory for them.
What is wrong is counted and put right there, too.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Boolean, Column, Integer, MetaData, String, Table, literal_column, text
from sqlalchemy.orm import Session

from admin_app.database import write_rows
from admin_app.rollups.expressions import THINGS, china_day
from admin_app.rollups.homes import NOWHERE_IN_THE_TREE, Homes
from admin_app.rollups.models import EVERYTHING
from admin_app.rollups.rules import Home
from admin_app.rollups.vocabulary import REGION_UNKNOWN
from admin_app.rollups.writing import STATES

_metadata = MetaData()
_TEMPORARY: dict[str, Any] = {"prefixes": ["TEMPORARY"], "postgresql_on_commit": "DROP"}
# Where each unit's things count: the lowest node whose figures are kept, and those with totals.
_homes = Table(
    "counted_homes",
    _metadata,
    Column("unit_id", Integer, primary_key=True, autoincrement=False),
    Column("place_id", Integer),
    Column("region", String(4)),
    **_TEMPORARY,
)
_totalled = Table(
    "counted_totalled",
    _metadata,
    Column("unit_id", Integer, primary_key=True, autoincrement=False),
    Column("node_id", Integer, primary_key=True, autoincrement=False),
    Column("is_first_level", Boolean),
    **_TEMPORARY,
)
# Every node whose figures are kept, with each such node above it and itself.
_above = Table(
    "counted_above",
    _metadata,
    Column("place_id", Integer, primary_key=True, autoincrement=False),
    Column("node_id", Integer, primary_key=True, autoincrement=False),
    Column("is_department", Boolean),
    **_TEMPORARY,
)

_BY_PLACE = """
CREATE TEMPORARY TABLE counted_leaves AS
SELECT coalesce(h.place_id, {everything}) AS place_id, coalesce(h.region, '{unknown}') AS region,
    kind, state, blocker, {day} AS since, count(*) AS number
FROM ({things}) AS things LEFT JOIN counted_homes AS h ON h.unit_id = things.unit_id
GROUP BY 1, 2, 3, 4, 5, 6
"""
_BY_UNIT = """
CREATE TEMPORARY TABLE counted_units AS
SELECT t.node_id, t.is_first_level, h.region, own.kind, own.state, sum(own.number) AS number
FROM (
    SELECT unit_id, kind, state, count(*) AS number FROM ({things}) AS things
    GROUP BY unit_id, kind, state
) AS own
JOIN counted_totalled AS t ON t.unit_id = own.unit_id
JOIN counted_homes AS h ON h.unit_id = own.unit_id
GROUP BY 1, 2, 3, 4, 5
"""
_FIGURES = """
CREATE TEMPORARY TABLE counted_figures AS
SELECT a.node_id AS unit_id, CASE own WHEN 1 THEN l.region ELSE '' END AS region,
    l.kind, l.state, l.blocker, l.since, sum(l.number) AS number
FROM counted_leaves AS l JOIN counted_above AS a ON a.place_id = l.place_id
CROSS JOIN (SELECT 0 AS own UNION ALL SELECT 1) AS with_region
WHERE own = 0 OR a.is_department
GROUP BY 1, 2, 3, 4, 5, 6
"""
_WRONG_FIGURES = """
CREATE TEMPORARY TABLE wrong_figures AS
SELECT unit_id, region, kind, state, blocker, since, sum(number) AS number FROM (
    SELECT unit_id, region, kind, state, blocker, since, number FROM counted_figures
    UNION ALL SELECT unit_id, region, kind, state, blocker, since, -number FROM figures
) AS both_ways GROUP BY unit_id, region, kind, state, blocker, since HAVING sum(number) <> 0
"""
_WRONG_FLOWS = """
CREATE TEMPORARY TABLE wrong_flows AS
SELECT unit_id, region, kind, state, blocker, sum(number) AS number FROM (
    SELECT unit_id, region, kind, state, blocker, number FROM counted_figures
    UNION ALL SELECT unit_id, region, kind, state, blocker, -number FROM figure_flows
) AS both_ways GROUP BY unit_id, region, kind, state, blocker HAVING sum(number) <> 0
"""
_WRONG_TOTALS = """
CREATE TEMPORARY TABLE wrong_totals AS
SELECT unit_id, region, kind, state, sum(number) AS number FROM (
    SELECT unit_id, region, kind, state, number FROM counted_figures
    WHERE unit_id NOT IN (SELECT unit_id FROM large_units)
    UNION ALL SELECT node_id, '', kind, state, number FROM counted_units
    UNION ALL SELECT node_id, region, kind, state, number FROM counted_units WHERE is_first_level
    {kept}
) AS both_ways GROUP BY unit_id, region, kind, state HAVING sum(number) <> 0
"""
_TOTALS_OF_A_STATE = """
    UNION ALL SELECT unit_id, region, kind, '{state}', -{state} FROM unit_totals
"""
_WRONG = {"figures": _WRONG_FIGURES, "flows": _WRONG_FLOWS, "totals": _WRONG_TOTALS}

# In the order of the keys: everything of a place stands together, and is written in one go.
_PUT_FIGURES = """
INSERT INTO figures (unit_id, region, kind, state, blocker, since, number)
SELECT unit_id, region, kind, state, blocker, since, number FROM wrong_figures WHERE true
ORDER BY unit_id, region, kind, state, blocker, since
ON CONFLICT (unit_id, region, kind, state, blocker, since)
DO UPDATE SET number = figures.number + excluded.number
"""
_PUT_FLOWS = """
INSERT INTO figure_flows (unit_id, region, kind, day, state, blocker, number)
SELECT unit_id, region, kind, CAST(:day AS {date}), state, blocker, number FROM wrong_flows
WHERE true ORDER BY unit_id, region, kind, state, blocker
ON CONFLICT (unit_id, region, kind, day, state, blocker)
DO UPDATE SET number = figure_flows.number + excluded.number
"""
_PUT_TOTALS = """
INSERT INTO unit_totals (unit_id, region, kind, parent_id, path, is_department, {states}, total)
SELECT w.unit_id, w.region, w.kind, coalesce(u.parent_id, {everything}), coalesce(u.path, ''),
    coalesce(u.kind = 'department', true), {sums}, sum(w.number)
FROM wrong_totals AS w LEFT JOIN units AS u ON u.id = w.unit_id WHERE true
GROUP BY w.unit_id, w.region, w.kind, u.parent_id, u.path, u.kind
ORDER BY w.unit_id, w.region, w.kind
ON CONFLICT (unit_id, region, kind) DO UPDATE SET {added}
"""
_USUAL_ROOM, _ROOM = 2_000, 262_144  # kilobytes


class FullCount:
    """Units are told stretch by stretch; then everything is counted at once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._is_postgres = session.get_bind().dialect.name == "postgresql"
        self._places: dict[int, Home] = {EVERYTHING: NOWHERE_IN_THE_TREE}
        self.clear()
        _metadata.create_all(session.connection(), checkfirst=False)

    def clear(self) -> None:
        """Take away what was counted."""
        made = ("leaves", "units", "figures")
        names = [table.name for table in _metadata.sorted_tables]
        names += [*(f"counted_{name}" for name in made), *(f"wrong_{name}" for name in _WRONG)]
        for name in names:
            self._run(f"DROP TABLE IF EXISTS {name}")
        self._make_room(_USUAL_ROOM)

    def _make_room(self, kilobytes: int) -> None:
        """How much a count may keep in memory; with SQLite's usual 2 MB it reads all from disk."""
        if not self._is_postgres:
            for schema in ("main", "temp"):
                self._run(f"PRAGMA {schema}.cache_size = -{kilobytes}")

    def tell(self, homes: Homes, unit_ids: Collection[int]) -> None:
        """Where the things of some units count."""
        places: list[tuple[object, ...]] = []
        totalled: list[tuple[object, ...]] = []
        for unit_id, home in homes.of_units(unit_ids).items():
            if unit_id is None:
                continue
            place = (*home.departments, *home.large)[-1]
            self._places[place] = home
            places.append((unit_id, place, home.region))
            if home.first_level is not None:
                totalled.append((unit_id, home.first_level, True))
            totalled += [(unit_id, part, False) for part in home.parts]
        self._write(_homes, places)
        self._write(_totalled, totalled)

    def compare(self) -> dict[str, int]:
        """Count, and how many figures, flows and totals are kept wrongly."""
        above: list[tuple[object, ...]] = []
        for place, home in sorted(self._places.items()):
            above += [(place, node, True) for node in home.departments]
            above += [(place, node, False) for node in home.large]
        self._write(_above, above)
        self._make_room(_ROOM)
        if self._is_postgres:
            self._run(f"SET LOCAL work_mem = '{_ROOM}kB'")
        for table in _metadata.sorted_tables:
            self._run(f"ANALYZE {table.name}")
        dialect = self._session.get_bind().dialect
        day = str(china_day(literal_column("stated_at")).compile(dialect=dialect))
        nowhere = {"everything": EVERYTHING, "unknown": REGION_UNKNOWN}
        things = THINGS.format(among="")
        self._run(_BY_PLACE.format(day=day, things=things, **nowhere))
        self._run(_BY_UNIT.format(things=things))
        self._run(_FIGURES)
        kept = "".join(_TOTALS_OF_A_STATE.format(state=state) for state in STATES)
        for statement in _WRONG.values():
            self._run(statement.format(kept=kept))
        return {
            name: self._session.scalar(text(f"SELECT count(*) FROM wrong_{name}"))  # noqa: S608
            for name in _WRONG
        }

    def repair(self, day: date) -> None:
        """Put right what is wrong; former days stay as they are, the difference came that day."""
        sums = (f"sum(CASE w.state WHEN '{state}' THEN w.number ELSE 0 END)" for state in STATES)
        added = (f"{n} = unit_totals.{n} + excluded.{n}" for n in (*STATES, "total"))
        self._run(_PUT_FIGURES)
        self._session.execute(
            text(_PUT_FLOWS.format(date="DATE" if self._is_postgres else "TEXT")),
            {"day": day.isoformat()},
        )
        self._run(
            _PUT_TOTALS.format(
                states=", ".join(STATES),
                sums=", ".join(sums),
                added=", ".join(added),
                everything=EVERYTHING,
            )
        )

    def _write(self, table: Table, rows: list[tuple[object, ...]]) -> None:
        write_rows(self._session, table, [column.name for column in table.columns], rows)

    def _run(self, statement: str) -> None:
        self._session.connection().exec_driver_sql(statement)
