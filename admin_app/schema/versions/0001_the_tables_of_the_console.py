"""The tables of the console."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("actor_capacity", sa.String(length=40), nullable=False),
        sa.Column("actor_office", sa.String(length=300), nullable=False),
        sa.Column("actor_person_id", sa.Integer(), nullable=True),
        sa.Column("actor_staff_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("ground", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index(
        "ix_audit_entries_actor_name_id", "audit_entries", ["actor_name", "id"], unique=False
    )
    op.create_index("ix_audit_entries_event_id", "audit_entries", ["event", "id"], unique=False)
    op.create_index(
        "ix_audit_entries_person_id_id", "audit_entries", ["person_id", "id"], unique=False
    )
    op.create_index("ix_audit_entries_unit_id_id", "audit_entries", ["unit_id", "id"], unique=False)
    op.create_table(
        "persons",
        sa.Column("id", sa.Integer(), nullable=False),
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
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("first_signed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_signed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("level BETWEEN 0 AND 3", name=op.f("ck_persons_level_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
    )
    op.create_index("uq_persons_id_index", "persons", ["id_index"], unique=True)
    op.create_table(
        "sequences",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("next_number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sequences")),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("bucket", sa.LargeBinary(length=32), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("window_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_sign_in_attempts")),
    )
    op.create_index(
        op.f("ix_sign_in_attempts_window_ends_at"),
        "sign_in_attempts",
        ["window_ends_at"],
        unique=False,
    )
    op.create_table(
        "unit_name_grams",
        sa.Column("gram", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("gram", "unit_id", name=op.f("pk_unit_name_grams")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "units",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column(
            "path",
            sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "department",
                "first_level",
                "secondary",
                name="unitkind",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum("active", "archived", name="unitstatus", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "name_key",
            sa.String(length=800).with_variant(sa.String(length=800, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "uscc",
            sa.String(length=18).with_variant(sa.String(length=18, collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("external_id", sa.String(length=100), nullable=True),
        sa.Column("administrators", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "parent_id IS NOT NULL OR kind = 'department'", name=op.f("ck_units_root_is_department")
        ),
        sa.CheckConstraint(
            "(parent_id IS NULL) = (length(path) = 6)", name=op.f("ck_units_root_has_no_parent")
        ),
        sa.CheckConstraint(
            "administrators >= 0", name=op.f("ck_units_administrators_not_negative")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["units.id"], name=op.f("fk_units_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("external_id", name=op.f("uq_units_external_id")),
        sa.UniqueConstraint("path", name=op.f("uq_units_path")),
        sa.UniqueConstraint("uscc", name=op.f("uq_units_uscc")),
    )
    op.create_index(
        "ix_units_administered_kind_path",
        "units",
        ["kind", "path"],
        unique=False,
        sqlite_where=sa.text("administrators > 0"),
        postgresql_where=sa.text("administrators > 0"),
    )
    op.create_index(
        "ix_units_administered_path",
        "units",
        ["path"],
        unique=False,
        sqlite_where=sa.text("administrators > 0"),
        postgresql_where=sa.text("administrators > 0"),
    )
    op.create_index(
        "ix_units_archived_kind_path",
        "units",
        ["kind", "path"],
        unique=False,
        sqlite_where=sa.text("status = 'archived'"),
        postgresql_where=sa.text("status = 'archived'"),
    )
    op.create_index(
        "ix_units_archived_path",
        "units",
        ["path"],
        unique=False,
        sqlite_where=sa.text("status = 'archived'"),
        postgresql_where=sa.text("status = 'archived'"),
    )
    op.create_index("ix_units_kind_path", "units", ["kind", "path"], unique=False)
    op.create_index("ix_units_name_key_path", "units", ["name_key", "path"], unique=False)
    op.create_index("ix_units_parent_id_path", "units", ["parent_id", "path"], unique=False)
    op.create_index(
        "ix_units_vacant_kind_path",
        "units",
        ["kind", "path"],
        unique=False,
        sqlite_where=sa.text("status = 'active' AND kind <> 'department' AND administrators = 0"),
        postgresql_where=sa.text(
            "status = 'active' AND kind <> 'department' AND administrators = 0"
        ),
    )
    op.create_index(
        "ix_units_vacant_path",
        "units",
        ["path"],
        unique=False,
        sqlite_where=sa.text("status = 'active' AND kind <> 'department' AND administrators = 0"),
        postgresql_where=sa.text(
            "status = 'active' AND kind <> 'department' AND administrators = 0"
        ),
    )
    op.create_index(
        "uq_units_parent_id_name_key",
        "units",
        ["parent_id", "name_key"],
        unique=True,
        sqlite_where=sa.text("status = 'active'"),
        postgresql_where=sa.text("status = 'active'"),
    )
    op.create_table(
        "appointments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "current",
                "ended",
                "withdrawn",
                "expired",
                name="appointmentstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
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
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("appointed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("appointed_by", sa.String(length=100), nullable=False),
        sa.Column("appointed_as", sa.String(length=40), nullable=False),
        sa.Column("appointed_from", sa.String(length=300), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "waiting",
            sa.Enum(
                "first_sign_in",
                "verification",
                "name_differs",
                "unit_full",
                "unit_archived",
                name="waiting",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "ending",
            sa.Enum(
                "ended",
                "reassigned",
                "resigned",
                "lapsed",
                "unit_archived",
                name="ending",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("ended_by", sa.String(length=100), nullable=True),
        sa.Column("ended_as", sa.String(length=40), nullable=True),
        sa.Column("end_reason", sa.String(length=1000), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'ended') = (ending IS NOT NULL)",
            name=op.f("ck_appointments_ended_has_ending"),
        ),
        sa.CheckConstraint(
            "(state IN ('current', 'ended')) = (since IS NOT NULL AND person_id IS NOT NULL)",
            name=op.f("ck_appointments_office_has_person_and_beginning"),
        ),
        sa.CheckConstraint(
            "(state IN ('pending', 'current')) = (until IS NULL)",
            name=op.f("ck_appointments_over_has_until"),
        ),
        sa.CheckConstraint(
            "until IS NULL OR since IS NULL OR until >= since",
            name=op.f("ck_appointments_ends_after_it_began"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_appointments_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["appointments.id"], name=op.f("fk_appointments_replaces_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_appointments_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
    )
    op.create_index(
        "ix_appointments_pending_expires_at",
        "appointments",
        ["expires_at"],
        unique=False,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_appointments_pending_id_index",
        "appointments",
        ["id_index"],
        unique=False,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index("ix_appointments_person_id", "appointments", ["person_id"], unique=False)
    op.create_index("ix_appointments_unit_id_id", "appointments", ["unit_id", "id"], unique=False)
    op.create_index(
        "uq_appointments_current",
        "appointments",
        ["unit_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("state = 'current'"),
        postgresql_where=sa.text("state = 'current'"),
    )
    op.create_index(
        "uq_appointments_pending",
        "appointments",
        ["unit_id", "id_index"],
        unique=True,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_table(
        "portal_subjects",
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_portal_subjects_person_id")
        ),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_portal_subjects")),
    )
    op.create_index(
        op.f("ix_portal_subjects_person_id"), "portal_subjects", ["person_id"], unique=False
    )
    op.create_table(
        "representations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "uscc",
            sa.String(length=18).with_variant(sa.String(length=18, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("enterprise_name", sa.String(length=200), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_representations_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_representations")),
    )
    op.create_index("ix_representations_person_id", "representations", ["person_id"], unique=False)
    op.create_index(
        "uq_representations_current_uscc",
        "representations",
        ["uscc"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_table(
        "staff_accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "department_staff",
                "platform_support",
                "manager",
                "security_administrator",
                "auditor",
                name="staffrole",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("second_factor_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "unit_id IS NOT NULL OR role NOT IN ('department_staff', 'manager')",
            name=op.f("ck_staff_accounts_department_given"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_staff_accounts_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_accounts")),
    )
    op.create_index(op.f("ix_staff_accounts_unit_id"), "staff_accounts", ["unit_id"], unique=False)
    op.create_index("uq_staff_accounts_username", "staff_accounts", ["username"], unique=True)
    op.create_table(
        "unit_periods",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "status",
            sa.Enum("active", "archived", name="unitstatus", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "until IS NULL OR until >= since", name=op.f("ck_unit_periods_ends_after_it_began")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_periods_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_periods")),
    )
    op.create_index(
        "ix_unit_periods_unit_id_since", "unit_periods", ["unit_id", "since"], unique=False
    )
    op.create_index(
        "uq_unit_periods_current",
        "unit_periods",
        ["unit_id"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_table(
        "verification_periods",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_verification_periods_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_periods")),
    )
    op.create_index(
        "uq_verification_periods_current",
        "verification_periods",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_table(
        "sign_in_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("capacity_key", sa.String(length=60), nullable=False),
        sa.Column("id_token_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("user_agent", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (staff_id IS NULL)", name=op.f("ck_sign_in_sessions_one_owner")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_sign_in_sessions_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_accounts.id"], name=op.f("fk_sign_in_sessions_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_sessions")),
    )
    op.create_index(
        "ix_sign_in_sessions_person_id", "sign_in_sessions", ["person_id"], unique=False
    )
    op.create_index("ix_sign_in_sessions_staff_id", "sign_in_sessions", ["staff_id"], unique=False)
    op.create_index(
        "uq_sign_in_sessions_token_hash", "sign_in_sessions", ["token_hash"], unique=True
    )
    op.execute("INSERT INTO sequences (name, next_number) VALUES ('units', 1)")
