"""The day's figures of every department, put away: no later repair rewrites what was reported.

Days before the first snapshot are made from the flows, which know every day.
"""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, literal, select
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.migration.counts import Counted
from admin_app.rollups.models import Figure, FigureFlow, LargeUnit, Snapshot
from admin_app.rollups.rules import day_of
from admin_app.rollups.upkeep import fold
from admin_app.rollups.vocabulary import ALL_REGIONS

_COUNTED = [counted.value for counted in Counted]
_COLUMNS = ("day", "unit_id", "kind", "state", "blocker", "number")


def take_snapshot(act: Act) -> int:
    """Store the day's figures; again the same day, they replace the former.

    Returns:
        the number of rows.
    """
    session, day = act.session, day_of(act.at)
    session.flush()
    fold(session)
    session.execute(delete(Snapshot).where(Snapshot.day == day))
    number = func.sum(Figure.number)
    key = (Figure.unit_id, Figure.kind, Figure.state, Figure.blocker)
    present = (
        select(literal(day), *key, number)
        .where(
            Figure.region == ALL_REGIONS,
            Figure.kind.in_(_COUNTED),
            Figure.unit_id.not_in(select(LargeUnit.unit_id)),
        )
        .group_by(*key)
        .having(number != 0)
    )
    session.execute(insert(Snapshot).from_select(list(_COLUMNS), present))
    return _rows_of(session, day)


def backfill(act: Act) -> int:
    """Reconstruct the days from the first change to yesterday; days kept stay as they are.

    Returns:
        the number of days added.
    """
    session, today = act.session, day_of(act.at)
    session.flush()
    fold(session)
    day = session.scalar(select(func.min(FigureFlow.day)))
    kept = set(session.scalars(select(Snapshot.day).distinct()))
    standing: Counter[tuple[int, str, str, str]] = Counter()
    added = 0
    while day is not None and day < today:
        standing.update(_flows_of(session, day))
        if day not in kept:
            rows = [
                dict(zip(_COLUMNS, (day, *key, number), strict=True))
                for key, number in standing.items()
                if number
            ]
            if rows:
                session.execute(insert(Snapshot), rows)
            added += 1
        day += timedelta(days=1)
    return added


def _flows_of(session: Session, day: date) -> dict[Any, int]:
    key = (FigureFlow.unit_id, FigureFlow.kind, FigureFlow.state, FigureFlow.blocker)
    rows = session.execute(
        select(*key, FigureFlow.number).where(
            FigureFlow.day == day,
            FigureFlow.region == ALL_REGIONS,
            FigureFlow.kind.in_(_COUNTED),
            FigureFlow.unit_id.not_in(select(LargeUnit.unit_id)),
        )
    )
    return {tuple(row[:-1]): row[-1] for row in rows}


def _rows_of(session: Session, day: date) -> int:
    return session.scalar(select(func.count()).where(Snapshot.day == day)) or 0
