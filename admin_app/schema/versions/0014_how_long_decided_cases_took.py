"""how long decided cases took"""

from collections import Counter
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from admin_app.service_desk.working_days import working_days_between

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "case_tallies",
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("taken", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "day", "kind", "taken", name=op.f("pk_case_tallies")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index(
            "ix_cases_open_unit_id_kind",
            ["unit_id", "blocker", "form", "state", "due_on"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    tally_decided(op.get_bind())


def tally_decided(connection: sa.Connection) -> None:
    """Count what had been decided before there were tallies, with the units as they stand now."""
    moment = sa.DateTime(timezone=True)
    decided = sa.text(
        "SELECT COALESCE(c.blocker, c.form), c.filed_at, c.ended_at, u.path FROM cases c "
        "LEFT JOIN units u ON u.id = c.unit_id WHERE c.ended_at IS NOT NULL AND EXISTS "
        "(SELECT 1 FROM case_entries e WHERE e.case_id = c.id "
        "AND e.event IN ('case.approved', 'case.refused'))"
    ).columns(filed_at=moment, ended_at=moment)
    tallies: Counter[tuple[int, date, str, int]] = Counter()
    for kind, filed_at, ended_at, path in connection.execute(decided):
        day = _day(ended_at)
        taken = working_days_between(_day(filed_at), day)
        above = [int((path or "")[at : at + 6], 36) for at in range(0, len(path or ""), 6)]
        for node in (0, *above):
            tallies[node, day, kind, taken] += 1
    table = sa.table(
        "case_tallies",
        sa.column("unit_id", sa.Integer()),
        sa.column("day", sa.Date()),
        sa.column("kind", sa.String()),
        sa.column("taken", sa.Integer()),
        sa.column("number", sa.Integer()),
    )
    names = ("unit_id", "day", "kind", "taken", "number")
    rows = [dict(zip(names, (*key, number), strict=True)) for key, number in tallies.items()]
    if rows:
        connection.execute(table.insert(), rows)


def _day(at: datetime) -> date:
    """The day in China; SQLite keeps moments without their zone, which is UTC."""
    aware = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return aware.astimezone(ZoneInfo("Asia/Shanghai")).date()
