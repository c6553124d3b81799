"""What Alembic runs for each command: the revisions, then the triggers, on the connection given."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from admin_app.database import Moment
from admin_app.schema import guards, news
from admin_app.schema.tables import METADATA


def render_item(kind: str, item: object, _autogen: AutogenContext) -> str | Literal[False]:
    """A revision outlives today's classes, so it names SQLAlchemy's own types only."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    render_item=render_item,
    # SQLite changes a table by rebuilding it; the first revision has nothing to rebuild.
    render_as_batch=not context.config.attributes.get("first"),
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
if not context.config.attributes.get("autogenerate"):
    # Afresh each time: SQLite drops a table's triggers when a revision has to rebuild the table.
    guards.install(connection)
    news.install(connection)
