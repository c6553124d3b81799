"""cases are worked on"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "account_corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("former_name", sa.String(length=200), nullable=False),
        sa.Column(
            "former_id_type",
            sa.Enum(
                "resident_id",
                "foreign_permanent_residence",
                "passport",
                name="idtype",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("id_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["legacy_accounts.id"], name=op.f("fk_account_corrections_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_account_corrections_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_corrections")),
    )
    with op.batch_alter_table("account_corrections", schema=None) as batch_op:
        batch_op.create_index("ix_account_corrections_account_id", ["account_id"], unique=False)

    op.create_table(
        "case_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "side",
            sa.Enum("person", "desk", name="side", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("is_internal", sa.Boolean(), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_entries_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_entries")),
    )
    with op.batch_alter_table("case_entries", schema=None) as batch_op:
        batch_op.create_index("ix_case_entries_case_id_id", ["case_id", "id"], unique=False)

    op.create_table(
        "case_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column(
            "deed",
            sa.Enum(
                "bind",
                "correct",
                "merge",
                "unbind",
                "rebind",
                name="deed",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "confirmed", "declined", "taken_back", name="outcome", native_enum=False, length=40
            ),
            nullable=True,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome <> 'confirmed' OR decided_by_id <> proposed_by_id",
            name=op.f("ck_case_proposals_two_people"),
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (decided_by_id IS NULL)",
            name=op.f("ck_case_proposals_decided_by_somebody"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_proposals_case_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["staff_accounts.id"], name=op.f("fk_case_proposals_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["staff_accounts.id"], name=op.f("fk_case_proposals_proposed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_proposals")),
    )
    with op.batch_alter_table("case_proposals", schema=None) as batch_op:
        batch_op.create_index(
            "uq_case_proposals_waiting",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        )

    op.create_table(
        "information_changes",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("account_ids", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_information_changes_case_id")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_information_changes")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "priority",
                sa.Enum("normal", "urgent", name="priority", native_enum=False, length=40),
                nullable=False,
                server_default="normal",
            )
        )
        batch_op.add_column(sa.Column("assignee_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("due_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("asked_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.drop_index(
            batch_op.f("uq_cases_filed_account"),
            sqlite_where=sa.text("state = 'filed' AND account_id IS NOT NULL"),
        )
        batch_op.drop_index(
            batch_op.f("uq_cases_filed_person"),
            sqlite_where=sa.text("state = 'filed' AND account_id IS NULL"),
        )
        batch_op.create_index("ix_cases_assignee_id_id", ["assignee_id", "id"], unique=False)
        batch_op.create_index(
            "ix_cases_open_due_on_id",
            ["due_on", "id"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index(
            "uq_cases_open_account",
            ["account_id", "person_id", "blocker"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL AND account_id IS NOT NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND account_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_cases_open_person",
            ["person_id", "blocker"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL AND account_id IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND account_id IS NULL"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_cases_assignee_id"), "staff_accounts", ["assignee_id"], ["id"]
        )
    # What was filed before there was a clock was due the day it came.
    op.execute("UPDATE cases SET due_on = DATE(filed_at)")
    op.execute("UPDATE cases SET ended_at = filed_at WHERE state <> 'filed' AND ended_at IS NULL")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.alter_column("due_on", existing_type=sa.Date(), nullable=False)
        batch_op.alter_column("priority", existing_type=sa.String(40), server_default=None)
        batch_op.alter_column("version", existing_type=sa.Integer(), server_default=None)
        batch_op.create_check_constraint(
            batch_op.f("ck_cases_over_has_ended"),
            "(state IN ('filed', 'waiting', 'in_review')) = (ended_at IS NULL)",
        )
