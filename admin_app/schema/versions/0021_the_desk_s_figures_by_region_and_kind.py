"""the desk's figures by region and kind

What was decided is counted anew, with the units as they stand now: the tallies there were don't
say of which region or kind of account. Done in SQL, so that millions of cases take no memory.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any

import sqlalchemy as sa
from alembic import op

from admin_app.service_desk.working_days import is_working_day

revision = "0021"
down_revision = "0020"

_DAYS = {
    "sqlite": "date({}, '+8 hours')",
    "postgresql": "CAST(timezone('Asia/Shanghai', {}) AS DATE)",
}
_REGION = (
    "CASE WHEN "
    + " AND ".join(f"substr(uscc, {at}, 1) BETWEEN '0' AND '9'" for at in range(3, 7))
    + " THEN substr(uscc, 3, 4) ELSE '0000' END"
)
_WAY = ", ".join(f"substr(u.path, 1, {6 * depth})" for depth in range(1, 21))
_ABOUT = """
CASE WHEN c.form = 'representative_changed' THEN 'legal_representatives'
     WHEN c.form = 'administrator_unreachable' THEN 'administrators'
     WHEN c.form IS NOT NULL THEN 'enterprises'
     WHEN a.kind = 'unit' THEN 'legal_representatives'
     WHEN a.kind IN ('unit_administrator', 'secondary_unit') THEN 'administrators'
     WHEN a.kind IS NOT NULL THEN 'natural_persons'
     WHEN c.blocker = 'enterprise_not_on_platform' THEN 'enterprises'
     WHEN c.blocker = 'disputed' THEN 'legal_representatives'
     ELSE 'natural_persons' END
"""
_FILL_OPEN = f"""
INSERT INTO open_cases (case_id, path, region, about, kind, due_on)
SELECT c.id, coalesce(u.path, ''),
    coalesce((SELECT {_REGION} FROM units WHERE kind = 'first_level' AND path IN ({_WAY})), '0000'),
    {_ABOUT}, coalesce(c.form, c.blocker), CASE WHEN c.state <> 'waiting' THEN c.due_on END
FROM cases AS c LEFT JOIN units AS u ON u.id = c.unit_id
LEFT JOIN legacy_accounts AS a ON a.id = c.account_id
WHERE c.ended_at IS NULL
"""  # noqa: S608 - put together from constants
# Without a unit: 0. Days count until one, so that a difference is how many lie between.
_DECIDED = f"""
CREATE TEMPORARY TABLE decided AS
SELECT coalesce(c.unit_id, 0) AS unit_id, {_ABOUT} AS about, coalesce(c.form, c.blocker) AS kind,
    ended.day AS day, CASE WHEN ended.number > filed.number THEN ended.number - filed.number
    ELSE 0 END AS taken, count(*) AS number
FROM cases AS c LEFT JOIN legacy_accounts AS a ON a.id = c.account_id
JOIN working_days AS filed ON filed.day = {{filed}}
JOIN working_days AS ended ON ended.day = {{ended}}
WHERE c.ended_at IS NOT NULL AND EXISTS (
    SELECT 1 FROM case_entries AS e
    WHERE e.case_id = c.id AND e.event IN ('case.approved', 'case.refused'))
GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608 - put together from constants
_ABOVE = """
CREATE TEMPORARY TABLE above AS
WITH RECURSIVE way (unit_id, node, parent_id, kind, uscc) AS (
    SELECT d.unit_id, u.id, u.parent_id, u.kind, u.uscc
    FROM (SELECT DISTINCT unit_id FROM decided) AS d JOIN units AS u ON u.id = d.unit_id
    UNION ALL
    SELECT w.unit_id, u.id, u.parent_id, u.kind, u.uscc
    FROM way AS w JOIN units AS u ON u.id = w.parent_id)
SELECT unit_id, node, kind, uscc FROM way
"""
# Each unit's nodes: of all regions everything and all above it, of its own the departments.
_NODES = f"""
CREATE TEMPORARY TABLE nodes AS
WITH regions AS (
    SELECT d.unit_id, coalesce(
        (SELECT {_REGION} FROM above WHERE above.unit_id = d.unit_id AND kind = 'first_level'),
        '0000') AS region
    FROM (SELECT DISTINCT unit_id FROM decided) AS d)
SELECT unit_id, 0 AS node, '' AS region FROM regions
UNION ALL SELECT unit_id, 0, region FROM regions
UNION ALL SELECT unit_id, node, '' FROM above
UNION ALL SELECT a.unit_id, a.node, r.region FROM above AS a JOIN regions AS r
    ON r.unit_id = a.unit_id WHERE a.kind = 'department'
"""  # noqa: S608 - put together from constants
_TALLY = """
INSERT INTO case_tallies (unit_id, region, about, day, kind, taken, number)
SELECT n.node, n.region, d.about, d.day, d.kind, d.taken, sum(d.number)
FROM decided AS d JOIN nodes AS n ON n.unit_id = d.unit_id
GROUP BY n.node, n.region, d.about, d.day, d.kind, d.taken
"""


def upgrade() -> None:
    op.create_table(
        "open_cases",
        sa.Column("case_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "path",
            sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("region", sa.String(length=4), nullable=False),
        sa.Column("about", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_open_cases")),
    )
    place_open(op.get_bind())
    op.create_index(
        "ix_open_cases_path", "open_cases", ["path", "about", "region", "kind", "due_on"]
    )
    op.drop_table("case_tallies")
    op.create_table(
        "case_tallies",
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("region", sa.String(length=4), nullable=False),
        sa.Column("about", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("taken", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "region", "about", "day", "kind", "taken", name=op.f("pk_case_tallies")
        ),
        sqlite_with_rowid=False,
    )
    tally_decided(op.get_bind())


def place_open(connection: sa.Connection) -> None:
    """Put in where each open case stands."""
    connection.exec_driver_sql(_FILL_OPEN)


def tally_decided(connection: sa.Connection) -> None:
    """Count what was decided before, with the units as they stand now."""
    day = _DAYS[connection.dialect.name]
    filed, ended = day.format("c.filed_at"), day.format("c.ended_at")
    _count_working_days(connection, day)
    execute = connection.exec_driver_sql
    execute(_DECIDED.format(filed=filed, ended=ended))
    execute(_ABOVE)
    execute("CREATE INDEX temporary_above ON above (unit_id)")
    execute(_NODES)
    execute("CREATE INDEX temporary_nodes ON nodes (unit_id)")
    execute(_TALLY)
    for table in ("nodes", "above", "decided", "working_days"):
        execute(f"DROP TABLE {table}")


def _count_working_days(connection: sa.Connection, day: str) -> None:
    """How many working days there had been until each day on which a case was filed or ended."""
    table = sa.Table(
        "working_days",
        sa.MetaData(),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("number", sa.Integer()),
        prefixes=["TEMPORARY"],
    )
    table.create(connection)
    span = sa.text(
        f"SELECT {day.format('min(filed_at)')} AS first, {day.format('max(ended_at)')} AS last "  # noqa: S608
        "FROM cases WHERE ended_at IS NOT NULL"
    ).columns(first=sa.Date(), last=sa.Date())
    first, last = connection.execute(span).one()
    days = _working_days(first, last) if first and last else iter(())
    while batch := list(islice(days, 1_000)):
        connection.execute(table.insert(), batch)


def _working_days(first: date, last: date) -> Iterator[dict[str, Any]]:
    number = 0
    for each in range((last - first).days + 1):
        day = first + timedelta(days=each)
        number += is_working_day(day)
        yield {"day": day, "number": number}
