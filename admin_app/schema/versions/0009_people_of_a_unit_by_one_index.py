"""counting a unit's people reads an index alone"""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    with op.batch_alter_table("legacy_accounts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_legacy_accounts_unit_id_kind"))
        batch_op.create_index(
            "ix_legacy_accounts_unit_id_kind",
            ["unit_id", "kind", "state", "blocker", "stated_at"],
            unique=False,
        )
