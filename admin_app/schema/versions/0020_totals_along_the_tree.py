"""totals along the tree"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

_PATH = sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql")
_OF_ENTERPRISES = sa.text("kind = 'enterprises' AND NOT is_department")
_VACANT = sa.text("kind = 'administrators' AND NOT is_department AND stuck > 0")


def upgrade() -> None:
    with op.batch_alter_table("unit_totals", table_kwargs={"sqlite_with_rowid": False}) as batch_op:
        batch_op.add_column(sa.Column("path", _PATH, server_default="", nullable=False))
    op.execute(
        "UPDATE unit_totals SET path = units.path FROM units WHERE units.id = unit_totals.unit_id"
    )
    with op.batch_alter_table("unit_totals", table_kwargs={"sqlite_with_rowid": False}) as batch_op:
        batch_op.alter_column("path", existing_type=_PATH, server_default=None)
    op.create_index(
        "ix_unit_totals_enterprises_along",
        "unit_totals",
        ["region", "path", "unit_id"],
        unique=False,
        sqlite_where=_OF_ENTERPRISES,
        postgresql_where=_OF_ENTERPRISES,
    )
    op.create_index(
        "ix_unit_totals_vacant_along",
        "unit_totals",
        ["region", "path", "stuck", "unit_id"],
        unique=False,
        sqlite_where=_VACANT,
        postgresql_where=_VACANT,
    )
