"""The same question of a database's own days: what was foretold on each, and what came."""

from collections import defaultdict
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app.hierarchy.models import Unit
from admin_app.migration.counts import Counted
from admin_app.migration.vocabulary import AccountState
from admin_app.rollups.models import Snapshot
from benchmarks.forecast.back_testing import AHEAD, Kept
from dashboards.statistics.forecast import DayCount, Outlook, forecast, goal_of

_SHARES = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


def days_of(session: Session, counted: Counted) -> list[DayCount]:
    """The days kept for the whole tree (``yihaotong snapshot --backfill`` first)."""
    root = select(Unit.id).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1)
    rows = session.execute(
        select(Snapshot.day, Snapshot.state, func.sum(Snapshot.number))
        .where(Snapshot.unit_id == root.scalar_subquery(), Snapshot.kind == counted.value)
        .group_by(Snapshot.day, Snapshot.state)
    )
    found: dict[date, dict[AccountState, int]] = defaultdict(dict)
    for day, state, number in rows:
        found[day][AccountState(state)] = number
    return [
        DayCount(day, by_state.get(AccountState.MIGRATED, 0), sum(by_state.values()))
        for day, by_state in sorted(found.items())
    ]


def held(days: list[DayCount]) -> dict[str, Kept]:
    """Forecasts on every day; those of neighbouring days err together."""
    kept: dict[str, Kept] = {"date": Kept(), **{f"+{ahead} days": Kept() for ahead in AHEAD}}
    for cut in range(len(days) - 1):
        known, now = days[: cut + 1], days[cut]
        for share in _SHARES:
            goal = goal_of(now.total, share)
            came = next((day.day for day in days if day.migrated >= goal), None)
            said = forecast(known, share)
            if came is None or came <= now.day or said.outlook is Outlook.TOO_LITTLE:
                continue
            early_enough = said.first is not None and said.first <= came
            kept["date"].note(early_enough and (said.last is None or came <= said.last))
        fan = {each.day: each for each in forecast(known, 1.0, until=now.day + timedelta(30)).fan}
        for ahead in AHEAD:
            there = fan.get(now.day + timedelta(ahead))
            if there is not None and cut + ahead < len(days):
                number = days[cut + ahead].migrated
                kept[f"+{ahead} days"].note(there.low <= number <= there.high)
    return kept
