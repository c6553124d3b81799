"""Tables of notices and of what goes out about them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from admin_app.database import Base, stored_enum
from admin_app.identity.models import NoticeAddress
from admin_app.identity.vocabulary import Channel
from admin_app.notices.vocabulary import DeliveryState, NoticeKind

_UNREAD = text("read_at IS NULL")
_WAITING = text("state = 'waiting'")
_SENDING = text("state = 'sending'")


class Notice(Base):
    """Something one person, or one local account, is told: once for each message of the outbox."""

    __tablename__ = "notices"
    __table_args__ = (
        Index(
            "uq_notices_message_id_person_id_kind", "message_id", "person_id", "kind", unique=True
        ),
        Index("uq_notices_message_id_staff_id_kind", "message_id", "staff_id", "kind", unique=True),
        Index("ix_notices_person_id_id", "person_id", "id"),
        Index("ix_notices_staff_id_id", "staff_id", "id"),
        Index("ix_notices_unread", "person_id", sqlite_where=_UNREAD, postgresql_where=_UNREAD),
        Index(
            "ix_notices_staff_unread", "staff_id", sqlite_where=_UNREAD, postgresql_where=_UNREAD
        ),
        CheckConstraint("(person_id IS NULL) <> (staff_id IS NULL)", "one_addressee"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # A number, not a foreign key: the outbox may be emptied.
    message_id: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"))
    kind: Mapped[NoticeKind] = mapped_column(stored_enum(NoticeKind))
    # What the sentence's placeholders stand for; a pair is a text in both languages.
    values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Reminder(Base):
    """A walk through everybody whom time gives something to be told, batch by batch.

    ``last_id`` is how far it has come. Of what comes again and again each walk is about the time
    from ``from_at`` to ``until_at``; one about a deadline is of one message, told once a person.
    """

    __tablename__ = "reminders"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    message_id: Mapped[int | None]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
    last_id: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]


class Delivery(Base):
    """A mail or SMS to an address: about a notice, or, without one, what confirms the address.

    ``mail_id`` is given at the first attempt and stays: what goes out together does so again when
    it is sent again, under the same number, by which whoever takes it can tell.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("uq_deliveries_notice_id_address_id", "notice_id", "address_id", unique=True),
        Index(
            "ix_deliveries_waiting",
            "channel",
            "due_at",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index(
            "ix_deliveries_sending", "claimed_at", sqlite_where=_SENDING, postgresql_where=_SENDING
        ),
        Index("ix_deliveries_address_id_id", "address_id", "id"),
        Index("ix_deliveries_mail_id", "mail_id"),
        CheckConstraint("(state = 'sending') = (claimed_at IS NOT NULL)", "claimed_while_sending"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    address_id: Mapped[int] = mapped_column(ForeignKey("notice_addresses.id", ondelete="CASCADE"))
    channel: Mapped[Channel] = mapped_column(stored_enum(Channel), default=Channel.MAIL)
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notices.id"))
    state: Mapped[DeliveryState] = mapped_column(stored_enum(DeliveryState))
    urgent: Mapped[bool] = mapped_column(default=False)  # goes out at night too
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None]
    mail_id: Mapped[str | None] = mapped_column(String(40))
    ended_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(String(300), default="")

    notice: Mapped[Notice | None] = relationship(viewonly=True)
    address: Mapped[NoticeAddress] = relationship(viewonly=True)
