"""Adding sums to the stored figures, by every writer in the same order: nobody waits in a ring."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Insert, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.migration.vocabulary import AccountState
from admin_app.rollups.homes import Node
from admin_app.rollups.models import EVERYTHING, Figure, FigureFlow, UnitTotal
from admin_app.rollups.rules import Sums

_FOLDING = "LOCK TABLE figures IN ROW EXCLUSIVE MODE"
_ALONE = "LOCK TABLE figures IN SHARE ROW EXCLUSIVE MODE"
STATES = [state.value for state in AccountState]
TOTALLED = (*STATES, "total")


def begin_folding(session: Session) -> None:
    """Before it is read where changes count: wait for whoever has stopped all folding.

    Those who fold don't wait for each other here. SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql(_FOLDING)


def stop_folding(session: Session) -> None:
    """Wait until nobody folds, and let nobody begin before this transaction ends. Readers go on.

    Whoever has written and not folded yet is unseen here, and will find what is done here.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql(_ALONE)


def add_sums(session: Session, sums: Sums, nodes: dict[int, Node]) -> None:
    """Add to the figures, to the day's flows, and to the totals."""
    figures = ("unit_id", "region", "kind", "state", "blocker", "since", "number")
    _add(session, Figure, figures, ((*key, n) for key, n in sums.figures.items()))
    flows = ("unit_id", "region", "kind", "day", "state", "blocker", "number")
    _add(session, FigureFlow, flows, ((*key, n) for key, n in sums.flows.items()))
    add_rows(session, UnitTotal, TOTALLED, total_rows(sums, nodes))


def total_rows(sums: Sums, nodes: dict[int, Node]) -> list[dict[str, Any]]:
    """The changes of totals, one row a node, region and kind."""
    rows: dict[tuple[int, str, str], dict[str, Any]] = {}
    for (unit_id, region, kind, state), number in sums.totals.items():
        row = rows.get((unit_id, region, kind))
        if row is None:
            node = nodes.get(unit_id)
            row = rows[unit_id, region, kind] = {
                "unit_id": unit_id,
                "region": region,
                "kind": kind,
                "parent_id": (node and node.parent_id) or EVERYTHING,
                "is_department": node is None or node.kind is UnitKind.DEPARTMENT,
                **dict.fromkeys(TOTALLED, 0),
            }
        row[state] += number
        row["total"] += number
    return list(rows.values())


def _add(
    session: Session, model: Any, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]
) -> None:
    values = [dict(zip(columns, row, strict=True)) for row in rows]
    add_rows(session, model, ("number",), values)


def add_rows(
    session: Session, model: Any, added: tuple[str, ...], rows: list[dict[str, Any]]
) -> None:
    """Insert rows, or add their numbers to those that stand under the same key."""
    if not rows:
        return
    table: Table = model.__table__
    keys = [column.name for column in table.primary_key]
    rows.sort(key=lambda row: tuple(row[name] for name in keys))
    insert = _insert(session, table)
    statement = insert.on_conflict_do_update(
        index_elements=keys,
        set_={name: table.c[name] + insert.excluded[name] for name in added},
    )
    session.connection().execute(statement, rows)


def put_rows(session: Session, model: Any, rows: list[dict[str, Any]]) -> None:
    """Insert rows, or put their values in the place of those under the same key."""
    if not rows:
        return
    table: Table = model.__table__
    keys = [column.name for column in table.primary_key]
    rows.sort(key=lambda row: tuple(row[name] for name in keys))
    insert = _insert(session, table)
    put = {name: insert.excluded[name] for name in rows[0] if name not in keys}
    session.connection().execute(insert.on_conflict_do_update(index_elements=keys, set_=put), rows)


def _insert(session: Session, table: Table) -> Any:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    insert: Insert = dialect.insert(table)
    return insert
