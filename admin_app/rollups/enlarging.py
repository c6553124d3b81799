"""Making the figures of units that become large, and of all large ones below them, in SQL.

What is counted stands in temporary tables, by the unit it hangs from; sums along the tree are
joins with the large units above. So thousands of units cost one look at each thing they have.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Column,
    Integer,
    MetaData,
    String,
    Table,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.orm import Session

from admin_app.database import write_rows
from admin_app.hierarchy.rules import DEPTH_MOST, SEGMENT_WIDTH
from admin_app.policy.reach import AFTER_ALL
from admin_app.rollups.expressions import THINGS, china_day
from admin_app.rollups.writing import STATES

_metadata = MetaData()
_topmost = Table(
    "grown_topmost",
    _metadata,
    Column("unit_id", Integer, primary_key=True, autoincrement=False),
    Column("path", String),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
_large = table("grown_large", Column("unit_id", Integer))

_UNITS = """
SELECT DISTINCT u.id AS unit_id, u.path, u.parent_id
FROM grown_topmost AS t JOIN units AS u ON u.path >= t.path AND u.path < t.path || '{after}'
"""
# Each unit with those above it, as far as they are among these, and itself.
_CHAIN = """
WITH RECURSIVE levels(depth) AS (
    SELECT 1 UNION ALL SELECT depth + 1 FROM levels WHERE depth < {deepest}
)
SELECT u.unit_id, a.unit_id AS node_id, a.parent_id, a.path
FROM grown_units AS u JOIN levels ON depth * {width} <= length(u.path)
JOIN grown_units AS a ON a.path = substr(u.path, 1, depth * {width})
"""
_OWN = """
SELECT unit_id, kind, state, blocker, {since} AS since, count(*) AS number
FROM ({things}) AS things GROUP BY 1, 2, 3, 4, 5
"""
_LARGE = """
SELECT unit_id FROM (
    SELECT unit_id FROM grown_topmost
    UNION SELECT c.node_id FROM grown_chain AS c JOIN grown_own AS o ON o.unit_id = c.unit_id
    GROUP BY c.node_id, o.kind HAVING sum(o.number) >= {least}
) AS either WHERE unit_id NOT IN (SELECT unit_id FROM large_units)
"""
_ACCOUNTS = """
SELECT id, unit_id, CASE kind WHEN 'unit' THEN 'legal_representatives' ELSE 'natural_persons' END
    AS kind, state, coalesce(blocker, '') AS blocker, imported_at
FROM legacy_accounts JOIN grown_units USING (unit_id) WHERE kind IN ('personal', 'unit')
"""
_FIRST_CHANGES = """
SELECT c.account_id, min(c.id) AS id
FROM grown_accounts AS a JOIN standing_changes AS c ON c.account_id = a.id GROUP BY c.account_id
"""
# From each standing that something left to the one it came to; at first accounts came from nowhere.
_CHANGES = """
SELECT unit_id, kind, {day} AS day, state, blocker, sum(number) AS number FROM (
    SELECT unit_id, kind, at, state, coalesce(blocker, '') AS blocker, 1 AS number
    FROM unit_standing_changes JOIN grown_units USING (unit_id)
    UNION ALL SELECT unit_id, kind, at, former_state, coalesce(former_blocker, ''), -1
    FROM unit_standing_changes JOIN grown_units USING (unit_id)
    UNION ALL SELECT a.unit_id, a.kind, c.at, c.state, coalesce(c.blocker, ''), 1
    FROM grown_accounts AS a JOIN standing_changes AS c ON c.account_id = a.id
    UNION ALL SELECT a.unit_id, a.kind, c.at, c.former_state, coalesce(c.former_blocker, ''), -1
    FROM grown_accounts AS a JOIN standing_changes AS c ON c.account_id = a.id
    UNION ALL SELECT a.unit_id, a.kind, a.imported_at,
        CASE WHEN c.id IS NULL THEN a.state ELSE c.former_state END,
        CASE WHEN c.id IS NULL THEN a.blocker ELSE coalesce(c.former_blocker, '') END, 1
    FROM grown_accounts AS a LEFT JOIN grown_firsts AS f ON f.account_id = a.id
    LEFT JOIN standing_changes AS c ON c.id = f.id
) AS changes WHERE state IS NOT NULL GROUP BY 1, 2, 3, 4, 5 HAVING sum(number) <> 0
"""

# In the order of the keys: everything of a place stands together, and is written in one go.
_PUT_FIGURES = """
INSERT INTO figures (unit_id, region, kind, state, blocker, since, number)
SELECT c.node_id, '', o.kind, o.state, o.blocker, o.since, sum(o.number)
FROM grown_large AS l JOIN grown_chain AS c ON c.node_id = l.unit_id
JOIN grown_own AS o ON o.unit_id = c.unit_id
GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
"""
_PUT_FLOWS = """
INSERT INTO figure_flows (unit_id, region, kind, day, state, blocker, number)
SELECT c.node_id, '', f.kind, f.day, f.state, f.blocker, sum(f.number)
FROM grown_large AS l JOIN grown_chain AS c ON c.node_id = l.unit_id
JOIN grown_flows AS f ON f.unit_id = c.unit_id
GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(f.number) <> 0 ORDER BY 1, 2, 3, 4, 5, 6
"""
_FORGET_PARTS = "DELETE FROM unit_totals WHERE parent_id IN (SELECT unit_id FROM grown_large)"
_PUT_PARTS = """
INSERT INTO unit_totals (unit_id, region, kind, parent_id, path, is_department, {states}, total)
SELECT c.node_id, '', o.kind, c.parent_id, c.path, false, {sums}, sum(o.number)
FROM grown_large AS l JOIN grown_chain AS c ON c.parent_id = l.unit_id
JOIN grown_own AS o ON o.unit_id = c.unit_id
GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3
"""


class Enlarging:
    """Counts what some units and those below them have; then puts the figures of the large."""

    def __init__(self, session: Session, topmost: Sequence[tuple[int, str]]) -> None:
        """``topmost``: numbers and paths of units that have become large."""
        self._session = session
        dialect = session.get_bind().dialect
        if dialect.name == "postgresql":
            self._run("SET LOCAL work_mem = '256MB'")
        self._made = [_topmost.name]
        _metadata.create_all(session.connection(), checkfirst=False)
        write_rows(session, _topmost, ["unit_id", "path"], topmost)

        def day(column: str) -> str:
            return str(china_day(literal_column(column)).compile(dialect=dialect))

        joined = THINGS.format(among="JOIN grown_units USING (unit_id)")
        self._make("units", _UNITS.format(after=AFTER_ALL))
        self._make("chain", _CHAIN.format(deepest=DEPTH_MOST, width=SEGMENT_WIDTH))
        self._make("own", _OWN.format(since=day("stated_at"), things=joined))
        self._day_of_change = day("at")

    def large(self, least: int) -> list[int]:
        """Mark as large whatever has so many things of a kind; gives the numbers."""
        self._make("large", _LARGE.format(least=int(least)))
        return list(self._session.scalars(select(_large.c.unit_id).order_by(_large.c.unit_id)))

    def put(self) -> None:
        """Write the figures, the flows of former days, and the totals of the parts."""
        self._make("accounts", _ACCOUNTS)
        self._make("firsts", _FIRST_CHANGES)
        self._make("flows", _CHANGES.format(day=self._day_of_change))
        sums = (f"sum(CASE o.state WHEN '{state}' THEN o.number ELSE 0 END)" for state in STATES)
        self._run(_PUT_FIGURES)
        self._run(_PUT_FLOWS)
        self._run(_FORGET_PARTS)
        self._run(_PUT_PARTS.format(states=", ".join(STATES), sums=", ".join(sums)))

    def clear(self) -> None:
        """Take away what was counted."""
        for name in self._made:
            self._run(f"DROP TABLE {name}")

    def _make(self, name: str, statement: str) -> None:
        made = f"grown_{name}"
        self._run(f"CREATE TEMPORARY TABLE {made} AS {statement}")
        self._made.append(made)
        self._run(f"ANALYZE {made}")  # or SQLite goes through one for each row of another

    def _run(self, statement: str) -> Any:
        return self._session.execute(text(statement))
