"""Tables of applications to units, cases (one open at a time for the same thing), urgings."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from admin_app.database import Base, stored_enum
from admin_app.hierarchy.models import Unit
from admin_app.identity.models import Person
from admin_app.migration.blockers import Blocker
from admin_app.migration.models import LegacyAccount
from admin_app.service_desk.vocabulary import ApplicationState, Asked, CaseState

_FILED = text("state = 'filed'")


class UnitApplication(Base):
    """A natural person asks to belong to a unit; whoever is in charge of it decides."""

    __tablename__ = "unit_applications"
    __table_args__ = (
        Index(
            "uq_unit_applications_filed",
            "person_id",
            "unit_id",
            unique=True,
            sqlite_where=_FILED,
            postgresql_where=_FILED,
        ),
        Index("ix_unit_applications_unit_id_state_id", "unit_id", "state", "id"),
        Index("ix_unit_applications_person_id_id", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    state: Mapped[ApplicationState] = mapped_column(stored_enum(ApplicationState))
    reason: Mapped[str] = mapped_column(String(1000))
    filed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(100))
    decided_as: Mapped[str | None] = mapped_column(String(40))
    decision_reason: Mapped[str] = mapped_column(String(1000), default="")

    person: Mapped[Person] = relationship(viewonly=True)
    unit: Mapped[Unit] = relationship(viewonly=True)


class Case(Base):
    """Something that only the platform's staff can put right."""

    __tablename__ = "cases"
    __table_args__ = (
        Index(
            "uq_cases_filed_account",
            "account_id",
            "person_id",
            "blocker",
            unique=True,
            sqlite_where=text("state = 'filed' AND account_id IS NOT NULL"),
            postgresql_where=text("state = 'filed' AND account_id IS NOT NULL"),
        ),
        Index(
            "uq_cases_filed_person",
            "person_id",
            "blocker",
            unique=True,
            sqlite_where=text("state = 'filed' AND account_id IS NULL"),
            postgresql_where=text("state = 'filed' AND account_id IS NULL"),
        ),
        Index("ix_cases_state_id", "state", "id"),
        Index("ix_cases_person_id_id", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    blocker: Mapped[Blocker] = mapped_column(stored_enum(Blocker))
    state: Mapped[CaseState] = mapped_column(stored_enum(CaseState))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("legacy_accounts.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    statement: Mapped[str] = mapped_column(String(2000), default="")
    filed_at: Mapped[datetime]
    filed_by: Mapped[str] = mapped_column(String(100))
    ended_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship(viewonly=True)
    account: Mapped[LegacyAccount | None] = relationship(viewonly=True)
    unit: Mapped[Unit | None] = relationship(viewonly=True)


class Urging(Base):
    """A department asked a unit to get on; triggers (see ``schema``) keep it as it was written."""

    __tablename__ = "urgings"
    __table_args__ = (Index("ix_urgings_unit_id_id", "unit_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"))
    urged_by: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]
    asked: Mapped[Asked] = mapped_column(stored_enum(Asked))
    note: Mapped[str] = mapped_column(String(1000), default="")

    unit: Mapped[Unit] = relationship(viewonly=True, foreign_keys=[unit_id])
    department: Mapped[Unit] = relationship(viewonly=True, foreign_keys=[department_id])


class UrgingAcknowledgement(Base):
    """Somebody in charge of the unit has read an urging; also never rewritten."""

    __tablename__ = "urging_acknowledgements"

    urging_id: Mapped[int] = mapped_column(ForeignKey("urgings.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    at: Mapped[datetime]
