"""The day's counts below each department, kept for trends; days before the first reconstructed."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.migration.counts import Counted, rows_of, standing_in_force
from admin_app.migration.models import LegacyAccount, Snapshot, StandingChange
from admin_app.migration.rules import Standing
from admin_app.migration.standing_sql import account_standing, joined
from admin_app.policy.reach import EVERYWHERE, Reach

CHINA = timezone(timedelta(hours=8))  # one zone, no summer time: a day is what the office calls it
# Only what accounts went through is on record; enterprises and administrators begin today.
_ON_RECORD = (Counted.LEGAL_REPRESENTATIVES, Counted.NATURAL_PERSONS)


def day_of(at: datetime) -> date:
    """The day a moment falls on, in China."""
    return at.astimezone(CHINA).date()


def take_snapshot(act: Act) -> int:
    """Store the day's counts for every department; again the same day, they replace the former.

    Returns:
        the number of rows.
    """
    day = day_of(act.at)
    act.session.execute(delete(Snapshot).where(Snapshot.day == day))
    number = 0
    for unit, reach in _departments(act.session):
        for counted in Counted:
            rows = rows_of(act.session, counted, reach, standing_in_force(counted))
            number += _keep(act.session, day, unit, counted, rows)
    act.session.flush()
    return number


def backfill(act: Act) -> int:
    """Reconstruct the days from the first import to yesterday; days already kept stay as they are.

    Returns:
        the number of days added.
    """
    session = act.session
    first = session.scalar(select(func.min(LegacyAccount.imported_at)))
    if first is None:
        return 0
    kept = set(session.scalars(select(Snapshot.day).distinct()))
    departments = list(_departments(session))
    added, day = 0, day_of(first)
    while day < day_of(act.at):
        if day not in kept:
            _reconstruct(session, day, departments)
            added += 1
        day += timedelta(days=1)
    session.flush()
    return added


def _reconstruct(session: Session, day: date, departments: list[tuple[Unit, Reach]]) -> None:
    end = datetime(day.year, day.month, day.day, tzinfo=CHINA) + timedelta(days=1)
    for unit, reach in departments:
        for counted in _ON_RECORD:
            imported = LegacyAccount.imported_at < end
            rows = rows_of(session, counted, reach, _standing_before(end), imported)
            _keep(session, day, unit, counted, rows)


def _standing_before(end: datetime) -> ColumnElement[str]:
    """Where an account stood at a moment: what its first change after it says of before."""
    former = (
        select(joined(StandingChange.former_state, StandingChange.former_blocker))
        .where(StandingChange.account_id == LegacyAccount.id, StandingChange.at >= end)
        .order_by(StandingChange.id)
        .limit(1)
        .correlate(LegacyAccount)
        .scalar_subquery()
    )
    return func.coalesce(former, account_standing())


def _departments(session: Session) -> Iterator[tuple[Unit, Reach]]:
    """Every department, each with its subtree; a root's is everything."""
    departments = session.scalars(
        select(Unit).where(Unit.kind == UnitKind.DEPARTMENT).order_by(Unit.path)
    )
    for unit in departments.all():
        yield unit, EVERYWHERE if unit.parent_id is None else Reach(unit.path)


def _keep(
    session: Session,
    day: date,
    unit: Unit,
    counted: Counted,
    rows: list[tuple[Standing, int]],
) -> int:
    session.add_all(
        Snapshot(
            day=day,
            unit_id=unit.id,
            kind=counted.value,
            state=standing.state,
            blocker=standing.blocker.value if standing.blocker else "",
            number=number,
        )
        for standing, number in rows
    )
    return len(rows)
