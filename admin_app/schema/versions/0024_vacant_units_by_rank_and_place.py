"""vacant units by rank and place"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

_VACANT = sa.text("kind = 'administrators' AND NOT is_department AND stuck > 0")


def upgrade() -> None:
    op.drop_index("ix_unit_totals_vacant", "unit_totals")
    op.create_index(
        "ix_unit_totals_vacant",
        "unit_totals",
        ["region", "stuck", "unit_id", "path"],
        sqlite_where=_VACANT,
        postgresql_where=_VACANT,
    )
