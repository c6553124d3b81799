"""notices of staff"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    with op.batch_alter_table("notice_addresses", schema=None) as batch_op:
        batch_op.add_column(sa.Column("staff_id", sa.Integer(), nullable=True))
        batch_op.alter_column("person_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_index(
            "uq_notice_addresses_staff_id_channel", ["staff_id", "channel"], unique=True
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_notice_addresses_staff_id"), "staff_accounts", ["staff_id"], ["id"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_notice_addresses_one_owner"), "(person_id IS NULL) <> (staff_id IS NULL)"
        )

    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.add_column(sa.Column("staff_id", sa.Integer(), nullable=True))
        batch_op.alter_column("person_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_index("ix_notices_staff_id_id", ["staff_id", "id"], unique=False)
        batch_op.create_index(
            "ix_notices_staff_unread",
            ["staff_id"],
            unique=False,
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        )
        batch_op.create_index(
            "uq_notices_message_id_staff_id_kind", ["message_id", "staff_id", "kind"], unique=True
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_notices_staff_id"), "staff_accounts", ["staff_id"], ["id"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_notices_one_addressee"), "(person_id IS NULL) <> (staff_id IS NULL)"
        )
