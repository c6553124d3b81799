"""applications that wait"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

_FILED = sa.text("state = 'filed'")


def upgrade() -> None:
    op.create_index(
        "ix_unit_applications_filed_id",
        "unit_applications",
        ["id"],
        unique=False,
        sqlite_where=_FILED,
        postgresql_where=_FILED,
    )
