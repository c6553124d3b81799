"""change forms about units"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "case_nominees",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column(
            "id_type",
            sa.Enum(
                "resident_id",
                "foreign_permanent_residence",
                "passport",
                name="idtype",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("id_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id_index", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_nominees_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_nominees")),
    )
    with op.batch_alter_table("case_nominees", schema=None) as batch_op:
        batch_op.create_index("uq_case_nominees_case_id", ["case_id"], unique=True)

    with op.batch_alter_table("account_corrections", schema=None) as batch_op:
        batch_op.alter_column("person_id", existing_type=sa.INTEGER(), nullable=True)

    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "form",
                sa.Enum(
                    "unit_renamed",
                    "uscc_changed",
                    "representative_changed",
                    "unit_missing",
                    "administrator_unreachable",
                    name="formkind",
                    native_enum=False,
                    length=40,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("uscc", sa.String(length=18), nullable=True))
        batch_op.alter_column("blocker", existing_type=sa.VARCHAR(length=40), nullable=True)
        batch_op.create_check_constraint(
            batch_op.f("ck_cases_blocker_or_form"), "(blocker IS NULL) <> (form IS NULL)"
        )
        batch_op.create_index(
            "uq_cases_open_unit",
            ["unit_id", "form"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL AND form IS NOT NULL AND uscc IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND form IS NOT NULL AND uscc IS NULL"),
        )
        batch_op.create_index(
            "uq_cases_open_uscc",
            ["uscc"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL AND uscc IS NOT NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND uscc IS NOT NULL"),
        )

    with op.batch_alter_table("information_changes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("information_changes", schema=None) as batch_op:
        batch_op.alter_column("asked", existing_type=sa.JSON(), server_default=None)
