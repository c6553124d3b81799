"""How a database means to answer: the plan of every statement that a question makes."""

from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from admin_app.rollups.vocabulary import Narrowed
from benchmarks.rollups.reading import Answer


def plans_of(engine: Engine, answer: Answer, at: Narrowed, *, run: bool = False) -> list[str]:
    """Each statement with its plan; ``run``: with the rows and times there really were."""
    asked: list[tuple[str, Any]] = []

    @event.listens_for(engine, "before_cursor_execute")
    def _note(
        _connection: Connection, _cursor: object, statement: str, parameters: Any, *_rest: object
    ) -> None:
        asked.append((statement, parameters))

    try:
        with Session(engine) as session:
            answer(session, at)
    finally:
        event.remove(engine, "before_cursor_execute", _note)
    found = []
    is_postgres = engine.dialect.name == "postgresql"
    how = f"EXPLAIN {'(ANALYZE, BUFFERS)' if run else ''}" if is_postgres else "EXPLAIN QUERY PLAN"
    with engine.connect() as connection:
        for statement, parameters in asked:
            rows = connection.exec_driver_sql(f"{how} {statement}", parameters)
            found.append("\n".join([statement, *(f"    {row[-1]}" for row in rows)]))
    return found
