"""who is of kin to old accounts"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "person_kin",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kin_index", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_person_kin_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "kin_index", name=op.f("pk_person_kin")),
    )
    with op.batch_alter_table("person_kin", schema=None) as batch_op:
        batch_op.create_index("ix_person_kin_kin_index", ["kin_index"], unique=False)
