"""The tables of duties and of long jobs: one row each, locked while somebody is at it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from admin_app.database import Base, stored_enum
from admin_app.jobs.vocabulary import SILENT, FileRole, JobKind, JobState

_OPEN = text("state IN ('waiting', 'running')")
_OVER = text("ended_at IS NOT NULL")


class Duty(Base):
    """Something to do again and again: when next, and how the last time went."""

    __tablename__ = "duties"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str] = mapped_column(String(300), default="")


class Job(Base):
    """Something long that somebody asked for once, and that a worker does apart from their request.

    ``holder`` is the word of the worker that is at it; its lease runs until ``lease_until``, and
    whoever takes the job up after that gives it another word. Pairs of texts are in both languages.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_open", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_jobs_ended_at", "ended_at", sqlite_where=_OVER, postgresql_where=_OVER),
        Index("ix_jobs_person_id_id", "person_id", "id"),
        Index("ix_jobs_staff_id_id", "staff_id", "id"),
        CheckConstraint("(person_id IS NULL) <> (staff_id IS NULL)", "asked_by_one"),
        CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", "leased_while_running"),
        CheckConstraint(
            "(state IN ('waiting', 'running')) = (ended_at IS NULL)", "ended_when_over"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[JobKind] = mapped_column(stored_enum(JobKind))
    state: Mapped[JobState] = mapped_column(stored_enum(JobState), default=JobState.WAITING)
    # Who asked, and in which capacity. Numbers, not foreign keys: jobs stand below people.
    person_id: Mapped[int | None]
    staff_id: Mapped[int | None]
    capacity_key: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(20))
    title: Mapped[list[str]] = mapped_column(JSON)
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(1000), default="")
    asked_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    holder: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[datetime | None]
    phase: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    # What came of it: numbers by name; or why nothing did.
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    trouble: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    upload_name: Mapped[str] = mapped_column(String(300), default="")
    result_name: Mapped[str] = mapped_column(String(300), default="")

    @property
    def is_silent(self) -> bool:
        """It is at a step of which nothing is told, and in which no cancelling arrives."""
        return self.state is JobState.RUNNING and self.phase == [SILENT.zh, SILENT.en]

    @property
    def found_rows_to_write(self) -> bool:
        """Of a trial that is done: whether the import would change anything."""
        outcome = self.outcome or {}
        return bool(outcome.get("created") or outcome.get("updated"))


class JobFile(Base):
    """A part of a file of a job: encrypted, kept apart from the database under a key of ours."""

    __tablename__ = "job_files"
    __table_args__ = (
        Index("uq_job_files_job_id_role_number", "job_id", "role", "number", unique=True),
        Index("uq_job_files_storage_key", "storage_key", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"))
    role: Mapped[FileRole] = mapped_column(stored_enum(FileRole))
    number: Mapped[int]
    storage_key: Mapped[str] = mapped_column(String(40))
    key_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    size: Mapped[int]  # bytes, before it was encrypted
