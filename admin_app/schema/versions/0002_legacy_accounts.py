"""legacy accounts"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "outbox_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_messages")),
    )
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_messages_waiting",
            ["id"],
            unique=False,
            sqlite_where=sa.text("taken_at IS NULL"),
            postgresql_where=sa.text("taken_at IS NULL"),
        )

    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("wording", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_consents_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index("ix_consents_person_id", ["person_id"], unique=False)

    op.create_table(
        "legacy_accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(length=100), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "personal",
                "unit",
                "unit_administrator",
                "secondary_unit",
                "department",
                "manager",
                name="accountkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("username", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
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
            nullable=True,
        ),
        sa.Column("id_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id_index", sa.LargeBinary(length=32), nullable=True),
        sa.Column("kin_index", sa.LargeBinary(length=32), nullable=True),
        sa.Column("id_check_wrong", sa.Boolean(), nullable=False),
        sa.Column(
            "uscc",
            sa.String(length=18).with_variant(sa.String(length=18, collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("organisation_code", sa.String(length=9), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("password_scheme", sa.String(length=20), nullable=True),
        sa.Column("password_hash", sa.String(length=300), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_level", sa.Integer(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "hindrance",
            sa.Enum(
                "not_signed_in",
                "verification_too_low",
                "enterprise_not_bound",
                "enterprise_not_on_platform",
                "not_their_enterprise",
                "blocked_by_representative",
                "several_accounts",
                "id_differs",
                "name_differs",
                "old_password",
                "registered_by_passport",
                "foreigner_without_card",
                "disputed",
                "unit_without_administrator",
                "appointee_not_registered",
                "appointee_not_verified",
                name="blocker",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "not_started",
                "in_progress",
                "stuck",
                "migrated",
                name="accountstate",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "blocker",
            sa.Enum(
                "not_signed_in",
                "verification_too_low",
                "enterprise_not_bound",
                "enterprise_not_on_platform",
                "not_their_enterprise",
                "blocked_by_representative",
                "several_accounts",
                "id_differs",
                "name_differs",
                "old_password",
                "registered_by_passport",
                "foreigner_without_card",
                "disputed",
                "unit_without_administrator",
                "appointee_not_registered",
                "appointee_not_verified",
                name="blocker",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind IN ('unit_administrator', 'secondary_unit')) = (state IS NULL)",
            name=op.f("ck_legacy_accounts_administrators_follow_unit"),
        ),
        sa.CheckConstraint(
            "state <> 'stuck' OR blocker IS NOT NULL",
            name=op.f("ck_legacy_accounts_stuck_has_blocker"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_legacy_accounts_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legacy_accounts")),
    )
    with op.batch_alter_table("legacy_accounts", schema=None) as batch_op:
        batch_op.create_index("ix_legacy_accounts_id_index", ["id_index"], unique=False)
        batch_op.create_index("ix_legacy_accounts_kin_index", ["kin_index"], unique=False)
        batch_op.create_index(
            "ix_legacy_accounts_kind_state_blocker_id",
            ["kind", "state", "blocker", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_legacy_accounts_organisation_code"), ["organisation_code"], unique=False
        )
        batch_op.create_index("ix_legacy_accounts_unit_id_kind", ["unit_id", "kind"], unique=False)
        batch_op.create_index("ix_legacy_accounts_uscc", ["uscc"], unique=False)
        batch_op.create_index("uq_legacy_accounts_external_id", ["external_id"], unique=True)
        batch_op.create_index("uq_legacy_accounts_username", ["username"], unique=True)

    op.create_table(
        "receipts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_receipts_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
    )
    with op.batch_alter_table("receipts", schema=None) as batch_op:
        batch_op.create_index("ix_receipts_person_id_id", ["person_id", "id"], unique=False)

    op.create_table(
        "snapshots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "not_started",
                "in_progress",
                "stuck",
                "migrated",
                name="accountstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("blocker", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_snapshots_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshots")),
    )
    with op.batch_alter_table("snapshots", schema=None) as batch_op:
        batch_op.create_index(
            "uq_snapshots", ["day", "unit_id", "kind", "state", "blocker"], unique=True
        )

    op.create_table(
        "unit_applications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "filed",
                "accepted",
                "declined",
                "withdrawn",
                name="applicationstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=100), nullable=True),
        sa.Column("decided_as", sa.String(length=40), nullable=True),
        sa.Column("decision_reason", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_unit_applications_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_unit_applications_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_applications")),
    )
    with op.batch_alter_table("unit_applications", schema=None) as batch_op:
        batch_op.create_index(
            "ix_unit_applications_person_id_id", ["person_id", "id"], unique=False
        )
        batch_op.create_index(
            "ix_unit_applications_unit_id_state_id", ["unit_id", "state", "id"], unique=False
        )
        batch_op.create_index(
            "uq_unit_applications_filed",
            ["person_id", "unit_id"],
            unique=True,
            sqlite_where=sa.text("state = 'filed'"),
            postgresql_where=sa.text("state = 'filed'"),
        )

    op.create_table(
        "account_bindings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "proof",
            sa.Enum(
                "old_password",
                "personal_account",
                "unit_password",
                "succession",
                name="proof",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "ending",
            sa.Enum("succeeded", "undone", name="bindingending", native_enum=False, length=40),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(until IS NULL) = (ending IS NULL)", name=op.f("ck_account_bindings_over_has_ending")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["legacy_accounts.id"], name=op.f("fk_account_bindings_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_account_bindings_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_bindings")),
    )
    with op.batch_alter_table("account_bindings", schema=None) as batch_op:
        batch_op.create_index("ix_account_bindings_person_id", ["person_id"], unique=False)
        batch_op.create_index(
            "uq_account_bindings_account_id",
            ["account_id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "affiliations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(length=100), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.String(length=100), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(account_id IS NULL) <> (person_id IS NULL)",
            name=op.f("ck_affiliations_account_or_person"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["legacy_accounts.id"], name=op.f("fk_affiliations_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_affiliations_person_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_affiliations_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_affiliations")),
    )
    with op.batch_alter_table("affiliations", schema=None) as batch_op:
        batch_op.create_index("ix_affiliations_unit_id_id", ["unit_id", "id"], unique=False)
        batch_op.create_index(
            "uq_affiliations_account",
            ["account_id", "unit_id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL AND account_id IS NOT NULL"),
            postgresql_where=sa.text("until IS NULL AND account_id IS NOT NULL"),
        )
        batch_op.create_index("uq_affiliations_external_id", ["external_id"], unique=True)
        batch_op.create_index(
            "uq_affiliations_person",
            ["person_id", "unit_id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL AND person_id IS NOT NULL"),
            postgresql_where=sa.text("until IS NULL AND person_id IS NOT NULL"),
        )

    op.create_table(
        "business_records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "project",
                "achievement",
                "award",
                "paper",
                "patent",
                "review",
                "other",
                name="recordkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("external_id", sa.String(length=100), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("role", sa.String(length=100), nullable=False),
        sa.Column("status", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["legacy_accounts.id"], name=op.f("fk_business_records_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_records")),
    )
    with op.batch_alter_table("business_records", schema=None) as batch_op:
        batch_op.create_index(
            "ix_business_records_account_id_on_id",
            ["account_id", "happened_on", "id"],
            unique=False,
        )
        batch_op.create_index(
            "uq_business_records_kind_external_id", ["kind", "external_id"], unique=True
        )

    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "blocker",
            sa.Enum(
                "not_signed_in",
                "verification_too_low",
                "enterprise_not_bound",
                "enterprise_not_on_platform",
                "not_their_enterprise",
                "blocked_by_representative",
                "several_accounts",
                "id_differs",
                "name_differs",
                "old_password",
                "registered_by_passport",
                "foreigner_without_card",
                "disputed",
                "unit_without_administrator",
                "appointee_not_registered",
                "appointee_not_verified",
                name="blocker",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("filed", "withdrawn", "closed", name="casestate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("statement", sa.String(length=2000), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_by", sa.String(length=100), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["legacy_accounts.id"], name=op.f("fk_cases_account_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_cases_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_cases_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index("ix_cases_person_id_id", ["person_id", "id"], unique=False)
        batch_op.create_index("ix_cases_state_id", ["state", "id"], unique=False)
        batch_op.create_index(
            "uq_cases_filed_account",
            ["account_id", "person_id", "blocker"],
            unique=True,
            sqlite_where=sa.text("state = 'filed' AND account_id IS NOT NULL"),
            postgresql_where=sa.text("state = 'filed' AND account_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_cases_filed_person",
            ["person_id", "blocker"],
            unique=True,
            sqlite_where=sa.text("state = 'filed' AND account_id IS NULL"),
            postgresql_where=sa.text("state = 'filed' AND account_id IS NULL"),
        )

    op.create_table(
        "history_tallies",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "project",
                "achievement",
                "award",
                "paper",
                "patent",
                "review",
                "other",
                name="recordkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["legacy_accounts.id"], name=op.f("fk_history_tallies_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "kind", name=op.f("pk_history_tallies")),
    )
    op.create_table(
        "standing_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "former_state",
            sa.Enum(
                "not_started",
                "in_progress",
                "stuck",
                "migrated",
                name="accountstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "former_blocker",
            sa.Enum(
                "not_signed_in",
                "verification_too_low",
                "enterprise_not_bound",
                "enterprise_not_on_platform",
                "not_their_enterprise",
                "blocked_by_representative",
                "several_accounts",
                "id_differs",
                "name_differs",
                "old_password",
                "registered_by_passport",
                "foreigner_without_card",
                "disputed",
                "unit_without_administrator",
                "appointee_not_registered",
                "appointee_not_verified",
                name="blocker",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "not_started",
                "in_progress",
                "stuck",
                "migrated",
                name="accountstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "blocker",
            sa.Enum(
                "not_signed_in",
                "verification_too_low",
                "enterprise_not_bound",
                "enterprise_not_on_platform",
                "not_their_enterprise",
                "blocked_by_representative",
                "several_accounts",
                "id_differs",
                "name_differs",
                "old_password",
                "registered_by_passport",
                "foreigner_without_card",
                "disputed",
                "unit_without_administrator",
                "appointee_not_registered",
                "appointee_not_verified",
                name="blocker",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["legacy_accounts.id"], name=op.f("fk_standing_changes_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_changes")),
    )
    with op.batch_alter_table("standing_changes", schema=None) as batch_op:
        batch_op.create_index(
            "ix_standing_changes_account_id_id", ["account_id", "id"], unique=False
        )
        batch_op.create_index("ix_standing_changes_at", ["at"], unique=False)

    with op.batch_alter_table("representations", schema=None) as batch_op:
        batch_op.create_index("ix_representations_uscc", ["uscc"], unique=False)

    with op.batch_alter_table("unit_periods", schema=None) as batch_op:
        batch_op.create_index("ix_unit_periods_name", ["name"], unique=False)
