"""Tables of persons, what the portal reports of them, staff accounts, and sessions."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, Enum, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from admin_app.database import Base, stored_enum
from admin_app.hierarchy.models import Unit
from admin_app.identity.vocabulary import AssuranceLevel, Channel, IdType, StaffRole

_CURRENT = text("until IS NULL")
_LOW = text("level < 2")


class Person(Base):
    """A natural person who has come through the portal at least once."""

    __tablename__ = "persons"
    __table_args__ = (
        Index("uq_persons_id_index", "id_index", unique=True),
        CheckConstraint("level BETWEEN 0 AND 3", "level_known"),
        Index("ix_persons_low", "id", sqlite_where=_LOW, postgresql_where=_LOW),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    id_type: Mapped[IdType] = mapped_column(
        Enum(IdType, native_enum=False, length=40, values_callable=lambda e: [m.value for m in e])
    )
    id_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    id_index: Mapped[bytes] = mapped_column(LargeBinary(32))
    level: Mapped[int]
    first_signed_in_at: Mapped[datetime]
    last_signed_in_at: Mapped[datetime]

    @property
    def assurance_level(self) -> AssuranceLevel:
        return AssuranceLevel(self.level)


class PortalSubject(Base):
    """The portal's own number of a person; somebody who registers anew gets another."""

    __tablename__ = "portal_subjects"

    issuer: Mapped[str] = mapped_column(String(300), primary_key=True)
    subject: Mapped[str] = mapped_column(String(200), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    created_at: Mapped[datetime]


class VerificationPeriod(Base):
    """A person's verification level from one moment to the next, and who vouched for it."""

    __tablename__ = "verification_periods"
    __table_args__ = (
        Index(
            "uq_verification_periods_current",
            "person_id",
            unique=True,
            sqlite_where=_CURRENT,
            postgresql_where=_CURRENT,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    level: Mapped[int]
    issuer: Mapped[str] = mapped_column(String(300))
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class Representation(Base):
    """The portal reports a person as legal representative of an enterprise (R05, R29).

    It names the enterprise by credit code, not by unit: the unit may come to the platform later.
    """

    __tablename__ = "representations"
    __table_args__ = (
        Index(
            "uq_representations_current_uscc",
            "uscc",
            unique=True,
            sqlite_where=_CURRENT,
            postgresql_where=_CURRENT,
        ),
        Index("ix_representations_person_id", "person_id"),
        Index("ix_representations_uscc", "uscc"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    uscc: Mapped[str] = mapped_column(
        String(18).with_variant(String(18, collation="C"), "postgresql")
    )
    enterprise_name: Mapped[str] = mapped_column(String(200))
    since: Mapped[datetime]
    until: Mapped[datetime | None]

    person: Mapped[Person] = relationship(viewonly=True)


class NoticeAddress(Base):
    """Where somebody wants to be told, by mail or SMS, once they have shown that it reaches them.

    It is a person's or a local account's. ``muted`` are the kinds of notices they want to hear
    nothing about there.
    """

    __tablename__ = "notice_addresses"
    __table_args__ = (
        Index("uq_notice_addresses_person_id_channel", "person_id", "channel", unique=True),
        Index("uq_notice_addresses_staff_id_channel", "staff_id", "channel", unique=True),
        CheckConstraint("(person_id IS NULL) <> (staff_id IS NULL)", "one_owner"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"))
    channel: Mapped[Channel] = mapped_column(stored_enum(Channel), default=Channel.MAIL)
    address_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    language: Mapped[str] = mapped_column(String(20))
    digest: Mapped[bool] = mapped_column(default=False)
    muted: Mapped[list[str]] = mapped_column(JSON, default=list)
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    # The secret of the link until it was followed, or the code until it was typed.
    link_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    tries: Mapped[int] = mapped_column(default=0)  # of the code


class StaffAccount(Base):
    """A local account of a department, a manager or the platform (R19, R20)."""

    __tablename__ = "staff_accounts"
    __table_args__ = (
        Index("uq_staff_accounts_username", "username", unique=True),
        CheckConstraint(
            "unit_id IS NOT NULL OR role NOT IN ('department_staff', 'manager')",
            "department_given",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(100))
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[StaffRole] = mapped_column(
        Enum(
            StaffRole, native_enum=False, length=40, values_callable=lambda e: [m.value for m in e]
        )
    )
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    # Set once a second factor is enrolled; until then the password alone lets in.
    second_factor_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    last_signed_in_at: Mapped[datetime | None]

    unit: Mapped[Unit | None] = relationship(viewonly=True)


class SignInAttempt(Base):
    """Failed staff sign-ins within a window, counted for an account, an address, or both."""

    __tablename__ = "sign_in_attempts"

    bucket: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    failures: Mapped[int]
    window_ends_at: Mapped[datetime] = mapped_column(index=True)


class SignInSession(Base):
    """Somebody signed in: a row its owner can see and end; the cookie holds only a token."""

    __tablename__ = "sign_in_sessions"
    __table_args__ = (
        Index("uq_sign_in_sessions_token_hash", "token_hash", unique=True),
        Index("ix_sign_in_sessions_person_id", "person_id"),
        Index("ix_sign_in_sessions_staff_id", "staff_id"),
        CheckConstraint("(person_id IS NULL) <> (staff_id IS NULL)", "one_owner"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"))
    # The capacity chosen, such as "legal_representative:17"; empty until one is chosen.
    capacity_key: Mapped[str] = mapped_column(String(60), default="")
    # Encrypted; the portal wants it back as a hint when the person signs out.
    id_token_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(60), default="")
    user_agent: Mapped[str] = mapped_column(String(300), default="")

    person: Mapped[Person | None] = relationship(viewonly=True)
    staff: Mapped[StaffAccount | None] = relationship(viewonly=True)
