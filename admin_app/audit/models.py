"""The audit trail, which triggers (see ``schema``) keep unchanged, and the outbox."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from admin_app.database import Base


class AuditEntry(Base):
    """One thing that happened: who, in which capacity, what, to what, why."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_unit_id_id", "unit_id", "id"),
        Index("ix_audit_entries_person_id_id", "person_id", "id"),
        Index("ix_audit_entries_event_id", "event", "id"),
        Index("ix_audit_entries_actor_name_id", "actor_name", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    event: Mapped[str] = mapped_column(String(40))
    actor_name: Mapped[str] = mapped_column(String(200))
    actor_capacity: Mapped[str] = mapped_column(String(40))
    actor_office: Mapped[str] = mapped_column(String(300), default="")
    actor_person_id: Mapped[int | None]
    actor_staff_id: Mapped[int | None]
    # What it was about. Numbers, not foreign keys: the trail outlives what it speaks of.
    unit_id: Mapped[int | None]
    person_id: Mapped[int | None]
    subject: Mapped[str] = mapped_column(String(300), default="")
    ground: Mapped[str] = mapped_column(String(40), default="")
    reason: Mapped[str] = mapped_column(String(1000), default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class OutboxMessage(Base):
    """What other systems and people are to be told, written with the change itself.

    ``taken_at`` is for other systems; ``told_at`` says that people's notices were made of it.
    """

    __tablename__ = "outbox_messages"
    __table_args__ = (
        Index(
            "ix_outbox_messages_waiting",
            "id",
            sqlite_where=text("taken_at IS NULL"),
            postgresql_where=text("taken_at IS NULL"),
        ),
        Index(
            "ix_outbox_messages_untold",
            "id",
            sqlite_where=text("told_at IS NULL"),
            postgresql_where=text("told_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    topic: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    taken_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
