"""The table of duties: one row each, locked while somebody is at it."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from admin_app.database import Base


class Duty(Base):
    """Something to do again and again: when next, and how the last time went."""

    __tablename__ = "duties"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str] = mapped_column(String(300), default="")
