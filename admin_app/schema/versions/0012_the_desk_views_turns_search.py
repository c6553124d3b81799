"""the desk: views, turns, search"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "case_grams",
        sa.Column("gram", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("gram", "case_id", name=op.f("pk_case_grams")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "desk_departments",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_accounts.id"], name=op.f("fk_desk_departments_staff_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_desk_departments_unit_id")
        ),
        sa.PrimaryKeyConstraint("staff_id", "unit_id", name=op.f("pk_desk_departments")),
    )
    op.create_table(
        "desk_members",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("away", sa.Boolean(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_accounts.id"], name=op.f("fk_desk_members_staff_id")
        ),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_desk_members")),
    )
    op.create_table(
        "desk_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("query", sa.String(length=500), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_accounts.id"], name=op.f("fk_desk_views_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_views")),
    )
    with op.batch_alter_table("desk_views", schema=None) as batch_op:
        batch_op.create_index("ix_desk_views_shared_id", ["shared", "id"], unique=False)
        batch_op.create_index("uq_desk_views_staff_id_name", ["staff_id", "name"], unique=True)

    op.create_table(
        "case_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.Boolean(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_texts_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_texts")),
    )
    with op.batch_alter_table("case_texts", schema=None) as batch_op:
        batch_op.create_index("ix_case_texts_case_id", ["case_id"], unique=False)

    with op.batch_alter_table("case_entries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reply", sa.String(40), nullable=False, server_default=""))

    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("urgency", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(
            sa.Column("escalated", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.create_index("ix_cases_account_id", ["account_id"], unique=False)
        batch_op.create_index(
            "ix_cases_open_urgency_due_on_id",
            ["urgency", "due_on", "id"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index("ix_cases_unit_id_id", ["unit_id", "id"], unique=False)
    op.execute("UPDATE cases SET urgency = 0 WHERE priority = 'urgent'")
    with op.batch_alter_table("case_entries", schema=None) as batch_op:
        batch_op.alter_column("reply", existing_type=sa.String(40), server_default=None)
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.alter_column("urgency", existing_type=sa.Integer(), server_default=None)
        batch_op.alter_column("escalated", existing_type=sa.Integer(), server_default=None)
        batch_op.create_check_constraint(
            batch_op.f("ck_cases_urgency_follows_priority"),
            "(priority = 'urgent') = (urgency = 0)",
        )
