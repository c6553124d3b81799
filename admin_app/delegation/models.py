"""The table of appointments: append-only history, guarded by constraints and triggers."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from admin_app.database import Base, stored_enum
from admin_app.delegation.vocabulary import AppointmentState, Ending, Waiting
from admin_app.hierarchy.models import Unit
from admin_app.identity.models import Person
from admin_app.identity.vocabulary import IdType

_CURRENT = text("state = 'current'")
_PENDING = text("state = 'pending'")


class Appointment(Base):
    """One person's office at one unit: who, where, since, until, by whom, in which capacity, why.

    A pending one names the person by name and ID number, for they may never have signed in.
    Rows are never deleted; a trigger lets only the next state, ``until`` and the ending be filled
    in, and nothing once an appointment is over.
    """

    __tablename__ = "appointments"
    __table_args__ = (
        Index(
            "uq_appointments_current",
            "unit_id",
            "person_id",
            unique=True,
            sqlite_where=_CURRENT,
            postgresql_where=_CURRENT,
        ),
        Index(
            "uq_appointments_pending",
            "unit_id",
            "id_index",
            unique=True,
            sqlite_where=_PENDING,
            postgresql_where=_PENDING,
        ),
        Index(
            "ix_appointments_pending_id_index",
            "id_index",
            sqlite_where=_PENDING,
            postgresql_where=_PENDING,
        ),
        Index(
            "ix_appointments_pending_expires_at",
            "expires_at",
            sqlite_where=_PENDING,
            postgresql_where=_PENDING,
        ),
        Index("ix_appointments_unit_id_id", "unit_id", "id"),
        Index("ix_appointments_person_id", "person_id"),
        CheckConstraint(
            "(state IN ('current', 'ended')) = (since IS NOT NULL AND person_id IS NOT NULL)",
            "office_has_person_and_beginning",
        ),
        CheckConstraint("(state = 'ended') = (ending IS NOT NULL)", "ended_has_ending"),
        CheckConstraint("(state IN ('pending', 'current')) = (until IS NULL)", "over_has_until"),
        CheckConstraint("until IS NULL OR since IS NULL OR until >= since", "ends_after_it_began"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    state: Mapped[AppointmentState] = mapped_column(stored_enum(AppointmentState))

    name: Mapped[str] = mapped_column(String(100))
    id_type: Mapped[IdType] = mapped_column(stored_enum(IdType))
    id_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    id_index: Mapped[bytes] = mapped_column(LargeBinary(32))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))

    appointed_at: Mapped[datetime]
    appointed_by: Mapped[str] = mapped_column(String(100))
    appointed_as: Mapped[str] = mapped_column(String(40))
    appointed_from: Mapped[str] = mapped_column(String(300))
    reason: Mapped[str] = mapped_column(String(1000), default="")
    expires_at: Mapped[datetime | None]
    waiting: Mapped[Waiting | None] = mapped_column(stored_enum(Waiting))
    # A pending successor: the office it ends at the moment it takes effect.
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"))

    since: Mapped[datetime | None]
    until: Mapped[datetime | None]
    ending: Mapped[Ending | None] = mapped_column(stored_enum(Ending))
    ended_by: Mapped[str | None] = mapped_column(String(100))
    ended_as: Mapped[str | None] = mapped_column(String(40))
    end_reason: Mapped[str] = mapped_column(String(1000), default="")
    # When the person closed the notice that tells them of this office.
    told_at: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship(viewonly=True)
    person: Mapped[Person | None] = relationship(viewonly=True)
