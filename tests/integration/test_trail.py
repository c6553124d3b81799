"""The trail by time: found by number, which rises with it, and never from the beginning."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.audit.models import AuditEntry
from admin_app.audit.queries import entries_since
from tests import builders


def write(session: Session, hours: int) -> None:
    session.add(
        AuditEntry(
            at=builders.NOON + timedelta(hours=hours),
            event="unit.renamed",
            actor_name="示例甲",
            actor_capacity="unit_administrator",
        )
    )
    session.flush()


def test_what_happened_since_a_moment_is_all_found(session: Session) -> None:
    """Also what was written hours after it happened, such as at the end of a long import."""
    assert (
        session.scalars(select(AuditEntry).where(entries_since(session, builders.NOON))).all() == []
    )
    for day in range(40):
        for late in (0, 20, 3):
            write(session, 24 * day - late)
    for hours in (-100, 0, 1, 24, 500, 24 * 39 - 4, 24 * 39, 2000):
        moment = builders.NOON + timedelta(hours=hours)
        found = session.scalars(select(AuditEntry.id).where(entries_since(session, moment))).all()
        expected = session.scalars(select(AuditEntry.id).where(AuditEntry.at >= moment)).all()
        assert sorted(found) == sorted(expected), hours


def test_of_a_long_trail_only_the_last_days_are_looked_at(session: Session) -> None:
    for day in range(40):
        write(session, 24 * day)
    condition: Any = entries_since(session, builders.NOON + timedelta(days=38))
    (bound, _moment) = condition.clauses
    looked = session.scalars(select(AuditEntry.id).where(bound)).all()
    assert 2 <= len(looked) <= 4
