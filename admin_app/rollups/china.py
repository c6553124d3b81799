"""The day in China that a stored moment falls on, as SQL."""

from typing import Any

from sqlalchemy import Date
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


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
