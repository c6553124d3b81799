"""where persons stand

Everybody who has come is noted: the first transaction that commits puts in where they stand. Of
millions, that takes long; ``rollups verify`` does it before anybody else comes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "person_news",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_news")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "person_places",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "path",
            sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("blocker", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_person_places_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_places")),
    )
    with op.batch_alter_table("person_places", schema=None) as batch_op:
        batch_op.create_index(
            "ix_person_places_blocker_path_person_id",
            ["blocker", "path", "person_id"],
            unique=False,
            sqlite_where=sa.text("blocker <> ''"),
            postgresql_where=sa.text("blocker <> ''"),
        )
        batch_op.create_index(
            "ix_person_places_path_person_id", ["path", "person_id"], unique=False
        )
        batch_op.create_index(
            "ix_person_places_state_path_person_id", ["state", "path", "person_id"], unique=False
        )
        batch_op.create_index("uq_person_places_person_id_path", ["person_id", "path"], unique=True)
    op.execute("INSERT INTO person_news (person_id) SELECT id FROM persons ORDER BY id")
