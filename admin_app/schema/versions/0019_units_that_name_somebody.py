"""units that name somebody"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    with op.batch_alter_table("legacy_accounts", schema=None) as batch_op:
        batch_op.create_index(
            "ix_legacy_accounts_of_units",
            ["id_index", "unit_id"],
            unique=False,
            sqlite_where=sa.text("kind = 'unit'"),
            postgresql_where=sa.text("kind = 'unit'"),
        )
