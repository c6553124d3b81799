"""large units and holders by region

What waits on somebody in each region is put in by the next ``rollups verify --repair``.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_FORMER = sa.text("kind = 'administrators' AND region = '' AND NOT is_department")
_ADMINISTERED = sa.text("kind = 'administrators' AND NOT is_department")


def upgrade() -> None:
    op.create_table(
        "large_units",
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_large_units")),
    )
    _holders_by_region()
    op.drop_index(
        "ix_unit_totals_vacant",
        table_name="unit_totals",
        sqlite_where=_FORMER,
        postgresql_where=_FORMER,
    )
    op.create_index(
        "ix_unit_totals_vacant",
        "unit_totals",
        ["region", "stuck", "unit_id"],
        unique=False,
        sqlite_where=_ADMINISTERED,
        postgresql_where=_ADMINISTERED,
    )


def _holders_by_region() -> None:
    op.execute("CREATE TEMPORARY TABLE former_holders AS SELECT * FROM holders")
    op.drop_table("holders")
    op.create_table(
        "holders",
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("region", sa.String(length=4), nullable=False),
        sa.Column("id_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "region", "id_index", name=op.f("pk_holders")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_holders_unit_id_region", "holders", ["unit_id", "region", "waiting", "id_index"]
    )
    op.create_index("ix_holders_id_index", "holders", ["id_index"])
    op.execute(
        "INSERT INTO holders (unit_id, region, id_index, waiting)"
        " SELECT unit_id, '', id_index, waiting FROM former_holders"
    )
    op.execute("DROP TABLE former_holders")
