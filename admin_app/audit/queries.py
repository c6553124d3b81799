"""Reading the trail: what happened to a unit or a person, latest first, in keyset pages."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from admin_app.audit.models import AuditEntry

# Entries get their numbers when they are written, up to so long after the moment they tell.
_WRITTEN_WITHIN = timedelta(days=1)


def entries_since(session: Session, moment: datetime) -> ColumnElement[bool]:
    """What happened since a moment, with the number from which on such entries are found.

    Numbers rise with time, so that it is found by halving: some twenty looks, however long the
    trail is. By the moment alone a list in the order of numbers would go back to the beginning.
    """
    early = moment - _WRITTEN_WITHIN
    first, last = 1, (session.scalar(select(func.max(AuditEntry.id))) or 0) + 1
    while first < last:
        middle = (first + last) // 2
        at = session.scalar(
            select(AuditEntry.at).where(AuditEntry.id >= middle).order_by(AuditEntry.id).limit(1)
        )
        if at is not None and at < early:
            first = middle + 1
        else:
            last = middle
    return and_(AuditEntry.id >= first, AuditEntry.at >= moment)


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
