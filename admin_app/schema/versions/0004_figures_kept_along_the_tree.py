"""figures kept along the tree"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "figure_flows",
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("region", sa.String(length=4), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("blocker", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "region", "kind", "day", "state", "blocker", name=op.f("pk_figure_flows")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "figure_news",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("about", sa.String(length=10), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=True),
        sa.Column("blocker", sa.String(length=40), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("change", sa.Integer(), nullable=True),
        sa.Column(
            "former_path",
            sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("former_uscc", sa.String(length=18), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_news")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "figures",
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("region", sa.String(length=4), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("blocker", sa.String(length=40), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "region", "kind", "state", "blocker", "since", name=op.f("pk_figures")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "holders",
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "id_index", name=op.f("pk_holders")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("holders", schema=None) as batch_op:
        batch_op.create_index(
            "ix_holders_unit_id_waiting", ["unit_id", "waiting", "id_index"], unique=False
        )
        batch_op.create_index("ix_holders_id_index", ["id_index"], unique=False)

    op.create_table(
        "unit_totals",
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("region", sa.String(length=4), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=False),
        sa.Column("is_department", sa.Boolean(), nullable=False),
        sa.Column("not_started", sa.Integer(), nullable=False),
        sa.Column("in_progress", sa.Integer(), nullable=False),
        sa.Column("stuck", sa.Integer(), nullable=False),
        sa.Column("migrated", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "region", "kind", name=op.f("pk_unit_totals")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("unit_totals", schema=None) as batch_op:
        batch_op.create_index(
            "ix_unit_totals_parts",
            ["parent_id", "region", "kind", "is_department", "total", "unit_id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_unit_totals_vacant",
            ["stuck", "unit_id"],
            unique=False,
            sqlite_where=sa.text("kind = 'administrators' AND region = '' AND NOT is_department"),
            postgresql_where=sa.text(
                "kind = 'administrators' AND region = '' AND NOT is_department"
            ),
        )

    op.create_table(
        "unit_standing_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("former_state", sa.String(length=20), nullable=True),
        sa.Column("former_blocker", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=True),
        sa.Column("blocker", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_unit_standing_changes_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_standing_changes")),
    )
    with op.batch_alter_table("unit_standing_changes", schema=None) as batch_op:
        batch_op.create_index(
            "ix_unit_standing_changes_unit_id_at", ["unit_id", "at"], unique=False
        )

    op.create_table(
        "unit_standings",
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column(
            "path",
            sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("blocker", sa.String(length=40), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_standings_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "kind", name=op.f("pk_unit_standings")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("unit_standings", schema=None) as batch_op:
        batch_op.create_index(
            "ix_unit_standings_kind_path",
            ["kind", "path", "state", "blocker", "stated_at"],
            unique=False,
        )
        batch_op.create_index(
            "ix_unit_standings_kind_state_blocker_path",
            ["kind", "state", "blocker", "path"],
            unique=False,
        )

    with op.batch_alter_table("snapshots", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_snapshots_unit_id"), type_="foreignkey")

    # What there is already has still to be counted: the next transaction that commits does it.
    op.execute(
        "INSERT INTO figure_news (about, unit_id, at) SELECT 'unit', id, created_at FROM units"
    )
    op.execute(
        "INSERT INTO figure_news (about, unit_id, at, kind, state, blocker, since, change) "
        "SELECT 'account', unit_id, stated_at, kind, state, coalesce(blocker, ''), stated_at, 1 "
        "FROM legacy_accounts WHERE kind IN ('personal', 'unit') AND state IS NOT NULL"
    )
