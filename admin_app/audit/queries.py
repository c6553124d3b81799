"""Reading the trail: what happened to a unit or a person, latest first, in keyset pages."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.audit.models import AuditEntry


def entries_about_unit(
    session: Session, unit_id: int, *, before: int | None = None, limit: int = 20
) -> Sequence[AuditEntry]:
    """What happened at a unit; ``before`` is the number of the last entry already shown.

    The caller has fetched the unit through a reach.
    """
    statement = select(AuditEntry).where(AuditEntry.unit_id == unit_id)
    if before is not None:
        statement = statement.where(AuditEntry.id < before)
    return session.scalars(statement.order_by(AuditEntry.id.desc()).limit(limit)).all()


def entries_about_person(
    session: Session, person_id: int, *, limit: int = 50
) -> Sequence[AuditEntry]:
    """What happened to a person, latest first; the caller knows the person to be the reader."""
    return session.scalars(
        select(AuditEntry)
        .where(AuditEntry.person_id == person_id)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    ).all()
