"""Everything a database holds as one number, to show that nothing was changed."""

import hashlib

from sqlalchemy import select

from admin_app.schema.tables import METADATA
from tests.web.stage import Stage

# When somebody was last seen says nothing about what they did.
_NOT_COUNTED = {"sign_in_sessions.last_seen_at"}


def digest(stage: Stage) -> str:
    """Every row of every table, in one number that differs when any of them does."""
    found = hashlib.sha256()
    with stage.sessions() as session:
        for table in METADATA.sorted_tables:
            columns = [c for c in table.columns if f"{table.name}.{c.name}" not in _NOT_COUNTED]
            rows = sorted(repr(tuple(row)) for row in session.execute(select(*columns)))
            found.update(f"{table.name}: {rows}".encode())
    return found.hexdigest()
