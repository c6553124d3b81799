"""Adding sums to the stored figures, by every writer in the same order: nobody waits in a ring."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Insert,
    Table,
    Text,
    bindparam,
    cast,
    func,
    null,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.migration.vocabulary import AccountState
from admin_app.rollups.homes import Node
from admin_app.rollups.models import EVERYTHING, Figure, FigureFlow, UnitTotal
from admin_app.rollups.rules import Sums

_FOLDING = 3_042_021  # the number of an advisory lock
STATES = [state.value for state in AccountState]
TOTALLED = (*STATES, "total")


def while_folding(dialect: str) -> ColumnElement[Any]:
    """To be asked for before it is read where changes count: waits for who has stopped folding.

    Those who fold don't wait for each other here. SQLite has one writer anyway.
    """
    if dialect == "postgresql":
        return cast(func.pg_advisory_xact_lock_shared(_FOLDING), Text)
    return null()


def stop_folding(session: Session) -> None:
    """Wait until nobody folds, and let nobody begin before this transaction ends. Readers go on.

    Whoever has written and not folded yet is unseen here, and will find what is done here.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_FOLDING)))


def hold_folding(session: Session) -> None:
    """Wait until nobody folds, outlasting the transaction, which ends here; PostgreSQL alone.

    A transaction that is to see one moment has to begin after the wait: asked for in its own
    first statement, the moment is from before. Goes on with ``hold_folding_until_the_end``.
    """
    session.execute(select(func.pg_advisory_lock(_FOLDING)))
    session.commit()


def hold_folding_until_the_end(session: Session) -> None:
    """Hold what ``hold_folding`` took until this transaction ends, and not beyond."""
    session.execute(select(func.pg_advisory_xact_lock(_FOLDING), func.pg_advisory_unlock(_FOLDING)))


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
                "path": node.path if node else "",
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
    _write(session, model.__table__, rows, added)


def put_rows(session: Session, model: Any, rows: list[dict[str, Any]]) -> None:
    """Insert rows, or put their values in the place of those under the same key."""
    _write(session, model.__table__, rows)


def _write(
    session: Session, table: Table, rows: list[dict[str, Any]], added: tuple[str, ...] = ()
) -> None:
    if not rows:
        return
    keys = [column.name for column in table.primary_key]
    rows.sort(key=lambda row: tuple(row[name] for name in keys))
    names = tuple(rows[0])
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        # One statement however many rows: each of its own is a tenth of what a binding takes.
        columns = {name: [row[name] for row in rows] for name in names}
        connection.execute(_from_arrays(table, names, added), columns)
    else:
        connection.execute(_upsert(sqlite.insert(table), table, names, added), rows)


@cache
def _from_arrays(table: Table, names: tuple[str, ...], added: tuple[str, ...]) -> Insert:
    arrays = (bindparam(name, type_=ARRAY(table.c[name].type)) for name in names)
    rows = func.unnest(*arrays).table_valued(*names).render_derived()
    insert = postgresql.insert(table).from_select(names, select(*rows.c))
    return _upsert(insert, table, names, added)


def _upsert(insert: Any, table: Table, names: tuple[str, ...], added: tuple[str, ...]) -> Insert:
    keys = [column.name for column in table.primary_key]
    put = {name: insert.excluded[name] for name in names if name not in keys}
    if added:
        put = {name: table.c[name] + insert.excluded[name] for name in added}
    upsert: Insert = insert.on_conflict_do_update(index_elements=keys, set_=put)
    return upsert
