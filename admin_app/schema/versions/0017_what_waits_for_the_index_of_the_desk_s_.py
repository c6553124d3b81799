"""what waits for the index of the desk's search"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "cases_to_index",
        sa.Column("case_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_cases_to_index")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index("ix_cases_blocker_id", ["blocker", "id"], unique=False)
        batch_op.create_index("ix_cases_form_id", ["form", "id"], unique=False)
        batch_op.create_index(
            "ix_cases_open_assignee_id",
            ["assignee_id", "id"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index(
            "ix_cases_open_id",
            ["id"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    # What was filed before there was an index was found only once somebody had it written.
    op.execute("INSERT INTO cases_to_index (case_id) SELECT id FROM cases")
