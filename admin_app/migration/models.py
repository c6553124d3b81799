"""Tables of the legacy accounts, what belonged to them, and whose they have become.

History and affiliations hang from the account and never move: binding the account to a person is
what makes them that person's, so that a million records cost no more than one.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from admin_app.database import Base, stored_enum
from admin_app.hierarchy.models import Unit
from admin_app.identity.models import Person
from admin_app.identity.vocabulary import IdType
from admin_app.migration.blockers import Blocker
from admin_app.migration.vocabulary import (
    AccountKind,
    AccountState,
    BindingEnding,
    Proof,
    RecordKind,
)

_IN_FORCE = text("until IS NULL")


class LegacyAccount(Base):
    """An account of the old platform.

    ``state``, ``blocker`` and ``stated_at`` are what ``rules.standing`` makes of the rest; they
    are kept in the same transaction as whatever changes them, so that lists and counts are quick.
    Administrators' accounts have none: where they stand follows from their unit's appointments.
    """

    __tablename__ = "legacy_accounts"
    __table_args__ = (
        Index("uq_legacy_accounts_external_id", "external_id", unique=True),
        Index("uq_legacy_accounts_username", "username", unique=True),
        Index("ix_legacy_accounts_id_index", "id_index"),
        Index("ix_legacy_accounts_kin_index", "kin_index"),
        # The units that name somebody, without a look at each of their accounts.
        Index(
            "ix_legacy_accounts_of_units",
            "id_index",
            "unit_id",
            sqlite_where=text("kind = 'unit'"),
            postgresql_where=text("kind = 'unit'"),
        ),
        Index("ix_legacy_accounts_uscc", "uscc"),
        Index(
            "ix_legacy_accounts_held_for_id",
            "held_for_id",
            sqlite_where=text("held_for_id IS NOT NULL"),
            postgresql_where=text("held_for_id IS NOT NULL"),
        ),
        # With all that counting a unit's people reads: five times as fast on PostgreSQL.
        Index(
            "ix_legacy_accounts_unit_id_kind",
            "unit_id",
            "kind",
            "state",
            "blocker",
            "stated_at",
        ),
        Index("ix_legacy_accounts_kind_state_blocker_id", "kind", "state", "blocker", "id"),
        CheckConstraint("state <> 'stuck' OR blocker IS NOT NULL", "stuck_has_blocker"),
        CheckConstraint(
            "(kind IN ('unit_administrator', 'secondary_unit')) = (state IS NULL)",
            "administrators_follow_unit",
        ),
        CheckConstraint(
            "held_for_id IS NULL OR hindrance IS NOT NULL", "held_for_somebody_by_something"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(String(100))
    kind: Mapped[AccountKind] = mapped_column(stored_enum(AccountKind))
    username: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(200))

    id_type: Mapped[IdType | None] = mapped_column(stored_enum(IdType))
    id_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    id_index: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    # Finds accounts that may be the same person's though the number differs: see ``kinship``.
    kin_index: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    id_check_wrong: Mapped[bool] = mapped_column(default=False)

    uscc: Mapped[str | None] = mapped_column(
        String(18).with_variant(String(18, collation="C"), "postgresql")
    )
    organisation_code: Mapped[str | None] = mapped_column(String(9), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))

    # Destroyed once the account is bound.
    password_scheme: Mapped[str | None] = mapped_column(String(20))
    password_hash: Mapped[str | None] = mapped_column(String(300))
    last_used_at: Mapped[datetime | None]
    imported_at: Mapped[datetime]

    # What the portal has reported of whoever has this ID number.
    seen_level: Mapped[int | None]
    seen_at: Mapped[datetime | None]
    # What matching, a lock or a dispute holds against binding; None: nothing does.
    hindrance: Mapped[Blocker | None] = mapped_column(stored_enum(Blocker))
    # Whose coming or doing put it there: with whom the account is compared.
    held_for_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))

    state: Mapped[AccountState | None] = mapped_column(stored_enum(AccountState))
    blocker: Mapped[Blocker | None] = mapped_column(stored_enum(Blocker))
    stated_at: Mapped[datetime]

    unit: Mapped[Unit | None] = relationship(viewonly=True)
    # No column: where an administrator's account stands, for lists that ask (``standing_sql``).
    followed: Mapped[str | None] = query_expression()


class PersonKin(Base):
    """What old accounts of somebody who has come would bear though their number differed.

    Found the other way round: whose standing changes with such an account (see ``kinship``).
    """

    __tablename__ = "person_kin"
    __table_args__ = (Index("ix_person_kin_kin_index", "kin_index"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    kin_index: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)


class StandingChange(Base):
    """An account went from one standing to another: what trends and ages are made of."""

    __tablename__ = "standing_changes"
    __table_args__ = (
        Index("ix_standing_changes_account_id_id", "account_id", "id"),
        Index("ix_standing_changes_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("legacy_accounts.id"))
    at: Mapped[datetime]
    former_state: Mapped[AccountState] = mapped_column(stored_enum(AccountState))
    former_blocker: Mapped[Blocker | None] = mapped_column(stored_enum(Blocker))
    state: Mapped[AccountState] = mapped_column(stored_enum(AccountState))
    blocker: Mapped[Blocker | None] = mapped_column(stored_enum(Blocker))


class AccountBinding(Base):
    """A legacy account is a person's, from one moment to the next; one at a time."""

    __tablename__ = "account_bindings"
    __table_args__ = (
        Index(
            "uq_account_bindings_account_id",
            "account_id",
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        ),
        Index("ix_account_bindings_person_id", "person_id"),
        CheckConstraint("(until IS NULL) = (ending IS NULL)", "over_has_ending"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("legacy_accounts.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    proof: Mapped[Proof] = mapped_column(stored_enum(Proof))
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    ending: Mapped[BindingEnding | None] = mapped_column(stored_enum(BindingEnding))

    account: Mapped[LegacyAccount] = relationship(viewonly=True)
    person: Mapped[Person] = relationship(viewonly=True)


class AccountCorrection(Base):
    """What an old account was registered with before the desk corrected it; never changed."""

    __tablename__ = "account_corrections"
    __table_args__ = (Index("ix_account_corrections_account_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("legacy_accounts.id"))
    # To whose verified particulars; none where a unit's former representative was struck out.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    at: Mapped[datetime]
    former_name: Mapped[str] = mapped_column(String(200))
    former_id_type: Mapped[IdType | None] = mapped_column(stored_enum(IdType))
    id_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # the former number


class Affiliation(Base):
    """Somebody belongs to a unit (R18): by an old account, or by an accepted application."""

    __tablename__ = "affiliations"
    __table_args__ = (
        Index("uq_affiliations_external_id", "external_id", unique=True),
        Index(
            "uq_affiliations_account",
            "account_id",
            "unit_id",
            unique=True,
            sqlite_where=text("until IS NULL AND account_id IS NOT NULL"),
            postgresql_where=text("until IS NULL AND account_id IS NOT NULL"),
        ),
        Index(
            "uq_affiliations_person",
            "person_id",
            "unit_id",
            unique=True,
            sqlite_where=text("until IS NULL AND person_id IS NOT NULL"),
            postgresql_where=text("until IS NULL AND person_id IS NOT NULL"),
        ),
        Index("ix_affiliations_unit_id_id", "unit_id", "id"),
        CheckConstraint("(account_id IS NULL) <> (person_id IS NULL)", "account_or_person"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    external_id: Mapped[str | None] = mapped_column(String(100))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("legacy_accounts.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    position: Mapped[str] = mapped_column(String(100), default="")
    since: Mapped[datetime]
    until: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship(viewonly=True)


class BusinessRecord(Base):
    """A piece of business history, with the number it has in the system it came from."""

    __tablename__ = "business_records"
    __table_args__ = (
        Index("uq_business_records_kind_external_id", "kind", "external_id", unique=True),
        Index("ix_business_records_account_id_on_id", "account_id", "happened_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[RecordKind] = mapped_column(stored_enum(RecordKind))
    external_id: Mapped[str] = mapped_column(String(100))
    account_id: Mapped[int] = mapped_column(ForeignKey("legacy_accounts.id"))
    title: Mapped[str] = mapped_column(String(500))
    happened_on: Mapped[date]
    role: Mapped[str] = mapped_column(String(100), default="")
    status: Mapped[str] = mapped_column(String(100), default="")


class HistoryTally(Base):
    """How many records of a kind an account has, and a digest over them, kept at import.

    The digest is the sum of the records' SHA-256 modulo 2^256, so that their order doesn't count
    and records can be added one after the other.
    """

    __tablename__ = "history_tallies"

    account_id: Mapped[int] = mapped_column(ForeignKey("legacy_accounts.id"), primary_key=True)
    kind: Mapped[RecordKind] = mapped_column(stored_enum(RecordKind), primary_key=True)
    number: Mapped[int]
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))


class Consent(Base):
    """Somebody agreed that their ID number is compared with the old accounts' (PIPL art. 29)."""

    __tablename__ = "consents"
    __table_args__ = (Index("ix_consents_person_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    wording: Mapped[str] = mapped_column(String(40))  # which version of the sentence was shown
    at: Mapped[datetime]


class Receipt(Base):
    """What a person had before binding and has after it; kept, and never changed."""

    __tablename__ = "receipts"
    __table_args__ = (Index("ix_receipts_person_id_id", "person_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    at: Mapped[datetime]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))  # SHA-256 of the content
