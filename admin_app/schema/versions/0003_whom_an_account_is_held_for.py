"""whom an account is held for"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    with op.batch_alter_table("legacy_accounts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held_for_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_legacy_accounts_held_for_id"), "persons", ["held_for_id"], ["id"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_legacy_accounts_held_for_somebody_by_something"),
            "held_for_id IS NULL OR hindrance IS NOT NULL",
        )
        batch_op.create_index(
            "ix_legacy_accounts_held_for_id",
            ["held_for_id"],
            sqlite_where=sa.text("held_for_id IS NOT NULL"),
            postgresql_where=sa.text("held_for_id IS NOT NULL"),
        )
    op.create_index(
        "ix_persons_low",
        "persons",
        ["id"],
        sqlite_where=sa.text("level < 2"),
        postgresql_where=sa.text("level < 2"),
    )
