"""Counting everything anew, in SQL and beside the figures: what those have to be equal to.

The counts stand in temporary tables, so that a province of millions needs no memory for them.
What is wrong is counted and put right there, too.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Column, Integer, MetaData, String, Table, literal_column, text
from sqlalchemy.orm import Session

from admin_app.database import write_rows
from admin_app.rollups.expressions import china_day
from admin_app.rollups.homes import Homes
from admin_app.rollups.models import EVERYTHING
from admin_app.rollups.vocabulary import REGION_UNKNOWN
from admin_app.rollups.writing import STATES

_metadata = MetaData()
_TEMPORARY: dict[str, Any] = {"prefixes": ["TEMPORARY"], "postgresql_on_commit": "DROP"}
# Where each unit's things count; and every department with each node above it and itself.
_homes = Table(
    "counted_homes",
    _metadata,
    Column("unit_id", Integer, primary_key=True, autoincrement=False),
    Column("department_id", Integer),
    Column("first_level_id", Integer),
    Column("region", String(4)),
    **_TEMPORARY,
)
_above = Table(
    "counted_above",
    _metadata,
    Column("department_id", Integer),
    Column("node_id", Integer),
    **_TEMPORARY,
)

_THINGS = """
SELECT h.department_id, h.first_level_id, h.region, s.kind, s.state, s.blocker, s.stated_at
FROM unit_standings AS s JOIN counted_homes AS h ON h.unit_id = s.unit_id
UNION ALL
SELECT coalesce(h.department_id, {everything}), h.first_level_id, coalesce(h.region, '{unknown}'),
    CASE a.kind WHEN 'unit' THEN 'legal_representatives' ELSE 'natural_persons' END,
    a.state, coalesce(a.blocker, ''), a.stated_at
FROM legacy_accounts AS a LEFT JOIN counted_homes AS h ON h.unit_id = a.unit_id
WHERE a.kind IN ('personal', 'unit') AND a.state IS NOT NULL
"""
_BY_DEPARTMENT = """
CREATE TEMPORARY TABLE counted_leaves AS
SELECT department_id, region, kind, state, blocker, {day} AS since, count(*) AS number
FROM ({things}) AS things GROUP BY department_id, region, kind, state, blocker, {day}
"""
_BY_FIRST_LEVEL = """
CREATE TEMPORARY TABLE counted_first_levels AS
SELECT first_level_id, region, kind, state, count(*) AS number
FROM ({things}) AS things WHERE first_level_id IS NOT NULL
GROUP BY first_level_id, region, kind, state
"""
_FIGURES = """
CREATE TEMPORARY TABLE counted_figures AS
SELECT a.node_id AS unit_id, CASE own WHEN 1 THEN l.region ELSE '' END AS region,
    l.kind, l.state, l.blocker, l.since, sum(l.number) AS number
FROM counted_leaves AS l JOIN counted_above AS a ON a.department_id = l.department_id
CROSS JOIN (SELECT 0 AS own UNION ALL SELECT 1) AS with_region
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
    UNION ALL SELECT first_level_id, region, kind, state, number FROM counted_first_levels
    UNION ALL SELECT first_level_id, '', kind, state, number FROM counted_first_levels
    {kept}
) AS both_ways GROUP BY unit_id, region, kind, state HAVING sum(number) <> 0
"""
_TOTALS_OF_A_STATE = """
    UNION ALL SELECT unit_id, region, kind, '{state}', -{state} FROM unit_totals
"""
_WRONG = {"figures": _WRONG_FIGURES, "flows": _WRONG_FLOWS, "totals": _WRONG_TOTALS}

_PUT_FIGURES = """
INSERT INTO figures (unit_id, region, kind, state, blocker, since, number)
SELECT unit_id, region, kind, state, blocker, since, number FROM wrong_figures WHERE true
ON CONFLICT (unit_id, region, kind, state, blocker, since)
DO UPDATE SET number = figures.number + excluded.number
"""
_PUT_FLOWS = """
INSERT INTO figure_flows (unit_id, region, kind, day, state, blocker, number)
SELECT unit_id, region, kind, CAST(:day AS {date}), state, blocker, number FROM wrong_flows
WHERE true ON CONFLICT (unit_id, region, kind, day, state, blocker)
DO UPDATE SET number = figure_flows.number + excluded.number
"""
_PUT_TOTALS = """
INSERT INTO unit_totals (unit_id, region, kind, parent_id, is_department, {states}, total)
SELECT w.unit_id, w.region, w.kind, coalesce(u.parent_id, {everything}),
    coalesce(u.kind = 'department', true), {sums}, sum(w.number)
FROM wrong_totals AS w LEFT JOIN units AS u ON u.id = w.unit_id WHERE true
GROUP BY w.unit_id, w.region, w.kind, u.parent_id, u.kind
ON CONFLICT (unit_id, region, kind) DO UPDATE SET {added}
"""


class FullCount:
    """Units are told stretch by stretch; then everything is counted at once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._is_postgres = session.get_bind().dialect.name == "postgresql"
        self._departments: set[tuple[int, ...]] = {(EVERYTHING,)}
        self.clear()
        _metadata.create_all(session.connection(), checkfirst=False)

    def clear(self) -> None:
        """Take away what was counted."""
        made = ("leaves", "first_levels", "figures")
        names = [table.name for table in _metadata.sorted_tables]
        names += [*(f"counted_{name}" for name in made), *(f"wrong_{name}" for name in _WRONG)]
        for name in names:
            self._run(f"DROP TABLE IF EXISTS {name}")

    def tell(self, homes: Homes, unit_ids: Collection[int]) -> None:
        """Where the things of some units count."""
        rows = []
        for unit_id, home in homes.of_units(unit_ids).items():
            if unit_id is not None:
                self._departments.add(home.departments)
                rows.append((unit_id, home.departments[-1], home.first_level, home.region))
        names = [column.name for column in _homes.columns]
        write_rows(self._session, _homes, names, rows)

    def compare(self) -> dict[str, int]:
        """Count, and how many figures, flows and totals are kept wrongly."""
        pairs = [(nodes[-1], node) for nodes in sorted(self._departments) for node in nodes]
        write_rows(self._session, _above, ["department_id", "node_id"], pairs)
        if self._is_postgres:
            self._run("SET LOCAL work_mem = '256MB'")
            self._run("ANALYZE counted_homes")
            self._run("ANALYZE counted_above")
        dialect = self._session.get_bind().dialect
        day = str(china_day(literal_column("stated_at")).compile(dialect=dialect))
        things = _THINGS.format(everything=EVERYTHING, unknown=REGION_UNKNOWN)
        self._run(_BY_DEPARTMENT.format(day=day, things=things))
        self._run(_BY_FIRST_LEVEL.format(things=things))
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

    def _run(self, statement: str) -> None:
        self._session.connection().exec_driver_sql(statement)
