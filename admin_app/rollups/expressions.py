"""SQL that figures are counted with: the day in China of a moment, enums as their text."""

from typing import Any

from sqlalchemy import ColumnElement, Date, String, func, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

# A row for each thing that is counted, of all units or of those that ``among`` joins.
THINGS = """
SELECT s.unit_id, s.kind, s.state, s.blocker, s.stated_at FROM unit_standings AS s {among}
UNION ALL
SELECT unit_id, CASE kind WHEN 'unit' THEN 'legal_representatives' ELSE 'natural_persons' END,
    state, coalesce(blocker, ''), stated_at
FROM legacy_accounts {among} WHERE kind IN ('personal', 'unit') AND state IS NOT NULL
"""


class china_day(GenericFunction[Any]):
    """``rules.day_of`` of a column, as SQL; a test holds the two equal."""

    type = Date()
    inherit_cache = True


@compiles(china_day, "sqlite")
def _in_sqlite(element: china_day, compiler: Any, **names: Any) -> str:
    return f"date({compiler.process(element.clauses, **names)}, '+8 hours')"


@compiles(china_day, "postgresql")
def _in_postgresql(element: china_day, compiler: Any, **names: Any) -> str:
    return f"CAST(timezone('Asia/Shanghai', {compiler.process(element.clauses, **names)}) AS DATE)"


def as_text(column: Any) -> ColumnElement[str]:
    """An enum's column as the text it is stored as; none: the empty text."""
    return func.coalesce(type_coerce(column, String), "")
