"""Tables of applications to units, cases with their forms and steps, evidence, urgings."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from admin_app.audit.vocabulary import Event
from admin_app.database import Base, stored_enum
from admin_app.hierarchy.models import Unit
from admin_app.identity.models import Person, StaffAccount
from admin_app.identity.vocabulary import IdType
from admin_app.migration.blockers import Blocker
from admin_app.migration.models import LegacyAccount
from admin_app.service_desk.case_vocabulary import CaseState, Deed, Outcome, Priority, Side
from admin_app.service_desk.evidence_vocabulary import EvidenceKind
from admin_app.service_desk.form_vocabulary import CaseKind, FormKind
from admin_app.service_desk.replies import REPLIES
from admin_app.service_desk.vocabulary import ApplicationState, Asked
from admin_app.wording import Text

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
        Index(
            "ix_unit_applications_filed_id",
            "id",
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
    """Something that only the platform's staff can put right.

    It is about what somebody is stuck by (``blocker``), or a change form about a unit (``form``).
    ``uscc`` is that of an enterprise the platform lacks; ``unit_id`` is then its department-to-be.

    ``due_on`` is the desk's: while the person is asked for something (``asked_on``) it stands
    still. ``version`` rises with each change, so that nobody decides on what they haven't seen.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index(
            "uq_cases_open_account",
            "account_id",
            "person_id",
            "blocker",
            unique=True,
            sqlite_where=text("ended_at IS NULL AND account_id IS NOT NULL"),
            postgresql_where=text("ended_at IS NULL AND account_id IS NOT NULL"),
        ),
        Index(
            "uq_cases_open_person",
            "person_id",
            "blocker",
            unique=True,
            sqlite_where=text("ended_at IS NULL AND account_id IS NULL"),
            postgresql_where=text("ended_at IS NULL AND account_id IS NULL"),
        ),
        Index(
            "uq_cases_open_unit",
            "unit_id",
            "form",
            unique=True,
            sqlite_where=text("ended_at IS NULL AND form IS NOT NULL AND uscc IS NULL"),
            postgresql_where=text("ended_at IS NULL AND form IS NOT NULL AND uscc IS NULL"),
        ),
        Index(
            "uq_cases_open_uscc",
            "uscc",
            unique=True,
            sqlite_where=text("ended_at IS NULL AND uscc IS NOT NULL"),
            postgresql_where=text("ended_at IS NULL AND uscc IS NOT NULL"),
        ),
        Index("ix_cases_state_id", "state", "id"),
        # The desk's list: however many are over, only the open ones are walked along.
        Index(
            "ix_cases_open_due_on_id",
            "due_on",
            "id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "ix_cases_open_urgency_due_on_id",
            "urgency",
            "due_on",
            "id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "ix_cases_open_id",
            "id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "ix_cases_open_assignee_id",
            "assignee_id",
            "id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_cases_blocker_id", "blocker", "id"),
        Index("ix_cases_form_id", "form", "id"),
        Index("ix_cases_assignee_id_id", "assignee_id", "id"),
        Index("ix_cases_person_id_id", "person_id", "id"),
        Index("ix_cases_account_id", "account_id"),
        Index("ix_cases_unit_id_id", "unit_id", "id"),
        CheckConstraint(
            "(state IN ('filed', 'waiting', 'in_review')) = (ended_at IS NULL)", "over_has_ended"
        ),
        CheckConstraint("(blocker IS NULL) <> (form IS NULL)", "blocker_or_form"),
        CheckConstraint("(priority = 'urgent') = (urgency = 0)", "urgency_follows_priority"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    blocker: Mapped[Blocker | None] = mapped_column(stored_enum(Blocker))
    form: Mapped[FormKind | None] = mapped_column(stored_enum(FormKind))
    uscc: Mapped[str | None] = mapped_column(String(18))
    state: Mapped[CaseState] = mapped_column(stored_enum(CaseState))
    priority: Mapped[Priority] = mapped_column(stored_enum(Priority))
    urgency: Mapped[int] = mapped_column(default=1)  # the priority as an order: 0 comes first
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("legacy_accounts.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"))
    statement: Mapped[str] = mapped_column(String(2000), default="")
    filed_at: Mapped[datetime]
    filed_by: Mapped[str] = mapped_column(String(100))
    due_on: Mapped[date]
    asked_on: Mapped[date | None]
    escalated: Mapped[int] = mapped_column(default=0)  # whom its being late was told, see rules
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    person: Mapped[Person | None] = relationship(viewonly=True)
    account: Mapped[LegacyAccount | None] = relationship(viewonly=True)
    unit: Mapped[Unit | None] = relationship(viewonly=True)
    assignee: Mapped[StaffAccount | None] = relationship(viewonly=True)

    @property
    def kind(self) -> CaseKind:
        """What the case is about."""
        kind = self.blocker or self.form
        if kind is None:
            raise LookupError("a case is about a blocker or a form")
        return kind

    @validates("priority")
    def _order(self, _name: str, priority: Priority) -> Priority:
        self.urgency = 0 if priority is Priority.URGENT else 1
        return priority


class InformationChange(Base):
    """What a case's change form 信息变更表 asks to change, so that approving can do it.

    ``asked`` is of forms about units: the values asked for, by field, and under ``former`` what
    was so when it was filed. Whom one names stands in ``Nominee``.
    """

    __tablename__ = "information_changes"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    # The old accounts that are to become, or cease to be, the person's.
    account_ids: Mapped[list[int]] = mapped_column(JSON)
    asked: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Nominee(Base):
    """Whom a change form names, by name and exact ID number: sealed, as everywhere."""

    __tablename__ = "case_nominees"
    __table_args__ = (Index("uq_case_nominees_case_id", "case_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    name: Mapped[str] = mapped_column(String(100))
    id_type: Mapped[IdType] = mapped_column(stored_enum(IdType))
    id_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    id_index: Mapped[bytes] = mapped_column(LargeBinary(32))


class CaseEntry(Base):
    """One step of a case: what was said, by whom, and the state it led to."""

    __tablename__ = "case_entries"
    __table_args__ = (Index("ix_case_entries_case_id_id", "case_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    at: Mapped[datetime]
    side: Mapped[Side] = mapped_column(stored_enum(Side))
    author: Mapped[str] = mapped_column(String(200))
    is_internal: Mapped[bool] = mapped_column(default=False)
    event: Mapped[str] = mapped_column(String(40))  # of the audit's catalogue
    text: Mapped[str] = mapped_column(String(2000), default="")
    # The canned answer that stands before the text; each reader sees it in their language.
    reply: Mapped[str] = mapped_column(String(40), default="")

    @property
    def what(self) -> Event:
        return Event(self.event)

    @property
    def canned(self) -> Text | None:
        answer = REPLIES.get(self.reply)
        return answer.text if answer else None


class Proposal(Base):
    """The first half of what takes two members of staff; the second half is its outcome."""

    __tablename__ = "case_proposals"
    __table_args__ = (
        Index(
            "uq_case_proposals_waiting",
            "case_id",
            unique=True,
            sqlite_where=text("outcome IS NULL"),
            postgresql_where=text("outcome IS NULL"),
        ),
        CheckConstraint("(outcome IS NULL) = (decided_by_id IS NULL)", "decided_by_somebody"),
        CheckConstraint(
            "outcome IS NULL OR outcome <> 'confirmed' OR decided_by_id <> proposed_by_id",
            "two_people",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    deed: Mapped[Deed] = mapped_column(stored_enum(Deed))
    reason: Mapped[str] = mapped_column(String(1000))
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"))
    outcome: Mapped[Outcome | None] = mapped_column(stored_enum(Outcome))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"))

    proposed_by: Mapped[StaffAccount] = relationship(viewonly=True, foreign_keys=[proposed_by_id])


class Evidence(Base):
    """A file that belongs to a case; its content lies encrypted in the storage.

    ``key_sealed`` is the file's own key, sealed like ID numbers are; ``digest`` is SHA-256 of what
    was kept.
    """

    __tablename__ = "case_evidence"
    __table_args__ = (
        Index("ix_case_evidence_case_id_id", "case_id", "id"),
        Index("uq_case_evidence_storage_key", "storage_key", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[EvidenceKind] = mapped_column(stored_enum(EvidenceKind))
    name: Mapped[str] = mapped_column(String(100))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    storage_key: Mapped[str] = mapped_column(String(40))
    key_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]
    side: Mapped[Side] = mapped_column(stored_enum(Side))
    author: Mapped[str] = mapped_column(String(200))


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
