"""urgings"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "urgings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("urged_by", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "asked",
            sa.Enum("get_through", "appoint", name="asked", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["units.id"], name=op.f("fk_urgings_department_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_accounts.id"], name=op.f("fk_urgings_staff_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_urgings_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_urgings")),
    )
    with op.batch_alter_table("urgings", schema=None) as batch_op:
        batch_op.create_index("ix_urgings_unit_id_id", ["unit_id", "id"], unique=False)

    op.create_table(
        "urging_acknowledgements",
        sa.Column("urging_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_urging_acknowledgements_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["urging_id"], ["urgings.id"], name=op.f("fk_urging_acknowledgements_urging_id")
        ),
        sa.PrimaryKeyConstraint("urging_id", "person_id", name=op.f("pk_urging_acknowledgements")),
    )
