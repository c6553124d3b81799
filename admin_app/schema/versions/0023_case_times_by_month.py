"""case times by month"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

_MONTHS = {
    "sqlite": "date(day, 'start of month')",
    "postgresql": "CAST(date_trunc('month', day) AS DATE)",
}


def upgrade() -> None:
    op.create_table(
        "case_months",
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("region", sa.String(length=4), nullable=False),
        sa.Column("about", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("taken", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "region", "about", "day", "kind", "taken", name=op.f("pk_case_months")
        ),
        sqlite_with_rowid=False,
    )
    sum_up(op.get_bind())


def sum_up(connection: sa.Connection) -> None:
    """What the days hold already, by month."""
    month = _MONTHS[connection.dialect.name]
    connection.exec_driver_sql(
        "INSERT INTO case_months (unit_id, region, about, day, kind, taken, number) "  # noqa: S608
        f"SELECT unit_id, region, about, {month}, kind, taken, sum(number) "
        f"FROM case_tallies GROUP BY unit_id, region, about, {month}, kind, taken"
    )
