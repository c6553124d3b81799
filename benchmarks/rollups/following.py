"""What follows from the rows of a province, made of them in SQL: standings and flows.

Whoever has migrated was not started before; where an account that hasn't migrated stands, it came
to at its import. Units came to their standings on days that their numbers make.
"""

from datetime import timedelta

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, insert, literal, select

from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.migration.standing_sql import administration_standing, enterprise_standing
from admin_app.rollups.standings import ADMINISTRATORS, ENTERPRISES
from benchmarks.loading import insert_rows
from benchmarks.migration.population import NOW
from benchmarks.rollups.tree import Tree

DAYS = 200
BEGAN = NOW - timedelta(days=DAYS)
# Every hour of those days, as both databases read it.
MOMENTS = [f"{BEGAN + timedelta(hours=hour):%Y-%m-%d %H:%M:%S}.000000" for hour in range(DAYS * 24)]

_TEMPORARY = MetaData()
HOMES = Table(
    "homes",
    _TEMPORARY,
    Column("unit_id", Integer, primary_key=True),
    Column("department_id", Integer),
    Column("region", String),
    prefixes=["TEMPORARY"],
)
_STATED = Table(
    "stated",
    _TEMPORARY,
    Column("id", Integer),
    Column("path", String),
    Column("kind", String),
    Column("standing", String),
    prefixes=["TEMPORARY"],
)
_ABOVE = Table(
    "above",
    _TEMPORARY,
    Column("department_id", Integer),
    Column("node_id", Integer),
    prefixes=["TEMPORARY"],
)


def change_standings(connection: Connection) -> None:
    """How those who have migrated came to it."""
    connection.exec_driver_sql(
        "INSERT INTO standing_changes (account_id, at, former_state, former_blocker, state)"
        " SELECT id, stated_at, 'not_started', 'not_signed_in', 'migrated'"
        " FROM legacy_accounts WHERE state = 'migrated'"
    )


def state_units(connection: Connection) -> None:
    """The standing of each unit, by the product's own expressions, and how it came to it."""
    is_postgres = connection.dialect.name == "postgresql"
    began = MOMENTS[0]
    moment = f"datetime('{began}', '+' || (id * 7 % {len(MOMENTS)}) || ' hours') || '.000000'"
    if is_postgres:
        moment = f"timestamptz '{began}+00' + mod(id * 7, {len(MOMENTS)}) * interval '1 hour'"
    _STATED.create(connection)
    for kind, standing, here in (
        (ENTERPRISES, enterprise_standing(), Unit.kind == UnitKind.FIRST_LEVEL),
        (ADMINISTRATORS, administration_standing(), Unit.kind != UnitKind.DEPARTMENT),
    ):
        rows = select(Unit.id, Unit.path, literal(kind), standing).where(here)
        connection.execute(insert(_STATED).from_select(["id", "path", "kind", "standing"], rows))
    connection.exec_driver_sql(
        "INSERT INTO stated SELECT a.id, a.path, 'settled', a.standing FROM stated a"
        " JOIN stated e ON e.id = a.id AND e.kind = 'enterprises' AND e.standing = 'migrated/'"
        " WHERE a.kind = 'administrators'"
    )
    at = "strpos" if is_postgres else "instr"
    connection.exec_driver_sql(
        "INSERT INTO unit_standings (unit_id, kind, path, state, blocker, stated_at)"
        f" SELECT id, kind, path, substr(standing, 1, {at}(standing, '/') - 1),"
        f" substr(standing, {at}(standing, '/') + 1), {moment} FROM stated"
    )
    connection.exec_driver_sql(
        "INSERT INTO unit_standing_changes (unit_id, kind, at, state, blocker)"
        " SELECT unit_id, kind, stated_at, state, blocker FROM unit_standings"
    )


def make_flows(connection: Connection, tree: Tree) -> None:
    """By how much each number changed on each day, from the accounts and the units' changes."""
    _ABOVE.create(connection)
    pairs = [(number, node) for number, nodes in tree.above.items() for node in nodes]
    insert_rows(connection, _ABOVE, "department_id node_id", iter([(0, 0), *pairs]))
    leaves = " UNION ALL ".join(
        [
            _accounts("state <> 'migrated'", "stated_at", "state", "coalesce(blocker, '')", 1),
            _accounts("state = 'migrated'", "imported_at", "'not_started'", "'not_signed_in'", 1),
            _accounts("state = 'migrated'", "stated_at", "'not_started'", "'not_signed_in'", -1),
            _accounts("state = 'migrated'", "stated_at", "'migrated'", "''", 1),
            "SELECT unit_id, kind, at, state, blocker, 1 AS number FROM unit_standing_changes",
        ]
    )
    is_postgres = connection.dialect.name == "postgresql"
    day = "CAST(timezone('Asia/Shanghai', at) AS DATE)" if is_postgres else "date(at, '+8 hours')"
    connection.exec_driver_sql(
        "CREATE TEMPORARY TABLE leaves AS"
        " SELECT coalesce(h.department_id, 0) AS department_id,"
        f" coalesce(h.region, '0000') AS region, kind, {day} AS day, state, blocker,"
        f" sum(number) AS number FROM ({leaves}) AS l LEFT JOIN homes h ON h.unit_id = l.unit_id"
        " GROUP BY 1, 2, 3, 4, 5, 6"
    )
    connection.exec_driver_sql(
        "INSERT INTO figure_flows (unit_id, region, kind, day, state, blocker, number)"
        " SELECT node_id, CASE own WHEN 1 THEN region ELSE '' END, kind, day, state, blocker,"
        " sum(number) FROM leaves JOIN above ON above.department_id = leaves.department_id"
        " CROSS JOIN (SELECT 0 AS own UNION ALL SELECT 1) AS each_region"
        " GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(number) <> 0"
    )


def _accounts(which: str, at: str, state: str, blocker: str, number: int) -> str:
    return (
        "SELECT unit_id, CASE kind WHEN 'unit' THEN 'legal_representatives'"
        f" ELSE 'natural_persons' END AS kind, {at} AS at, {state} AS state,"
        f" {blocker} AS blocker, {number} AS number FROM legacy_accounts WHERE {which}"
    )
