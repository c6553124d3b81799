"""Counting below a first-level or secondary unit: few enough to be looked at when asked.

The largest have some ten thousand people; an index holds all that is read of an account, but for
former days, for which its changes are looked up.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    func,
    literal,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import within
from admin_app.hierarchy.rules import SEGMENT_WIDTH
from admin_app.migration.counts import Counted
from admin_app.migration.models import LegacyAccount, StandingChange
from admin_app.migration.vocabulary import AccountKind, AccountState
from admin_app.policy.reach import AFTER_ALL, Reach
from admin_app.rollups.expressions import as_text, china_day
from admin_app.rollups.models import UnitStanding, UnitStandingChange
from admin_app.rollups.rules import end_of
from admin_app.rollups.vocabulary import Place

ACCOUNT_KIND = {
    Counted.NATURAL_PERSONS.value: AccountKind.PERSONAL,
    Counted.LEGAL_REPRESENTATIVES.value: AccountKind.UNIT,
}


def standings(session: Session, place: Place, kind: str) -> list[tuple[str, str, int]]:
    """State, blocker and number."""
    things = _things(place, kind).subquery()
    rows = session.execute(
        select(things.c.state, things.c.blocker, func.count()).group_by(
            things.c.state, things.c.blocker
        )
    )
    return [(state, blocker or "", number) for state, blocker, number in rows]


def stuck_since(session: Session, place: Place, kind: str) -> Iterator[tuple[str, date, int]]:
    """Blocker, day and number of the stuck."""
    things = _things(place, kind, stuck_only=True).subquery()
    day = china_day(things.c.stated_at)
    rows = session.execute(
        select(things.c.blocker, day, func.count()).group_by(things.c.blocker, day)
    )
    for row in rows:
        yield row[0] or "", row[1], row[2]


def flows(
    session: Session, place: Place, kind: str, after: date
) -> list[tuple[date, AccountState, int]]:
    """By how much the numbers in each state changed on each day after one."""
    changes = _changes(place, kind, end_of(after)).subquery()
    day = china_day(changes.c.at)
    rows = session.execute(
        select(day, changes.c.former_state, changes.c.state, func.count()).group_by(
            day, changes.c.former_state, changes.c.state
        )
    )
    found: Counter[tuple[date, str]] = Counter()
    for when, former, state, number in rows:
        found[when, former] -= number
        found[when, state] += number
    return [(when, AccountState(state), n) for (when, state), n in found.items() if state and n]


def parts(session: Session, place: Place, kind: str) -> dict[int, Counter[AccountState]]:
    """The numbers by state below each unit directly below a place, by its number."""
    segment = func.substr(Unit.path, len(place.path) + 1, SEGMENT_WIDTH)
    things = _things(place, kind, strict=True, further=(segment.label("segment"),)).subquery()
    rows = session.execute(
        select(things.c.segment, things.c.state, func.count()).group_by(
            things.c.segment, things.c.state
        )
    )
    found: dict[int, Counter[AccountState]] = {}
    for part, state, number in rows:
        found.setdefault(int(part, 36), Counter())[AccountState(state)] += number
    return found


def _things(
    place: Place,
    kind: str,
    *,
    strict: bool = False,
    stuck_only: bool = False,
    further: tuple[Any, ...] = (),
) -> Select[Any]:
    stuck = AccountState.STUCK
    account_kind = ACCOUNT_KIND.get(kind)
    below = within(Reach(place.path, strict=strict))
    if account_kind is None:
        statement = select(
            UnitStanding.state, UnitStanding.blocker, UnitStanding.stated_at, *further
        ).where(UnitStanding.kind == kind, *_along(place.path, strict))
        if further:
            statement = statement.join(Unit, Unit.id == UnitStanding.unit_id)
        return statement.where(UnitStanding.state == stuck.value) if stuck_only else statement
    # As they stand in the index: grouping is a third cheaper than by an expression of them.
    statement = (
        select(
            type_coerce(LegacyAccount.state, String).label("state"),
            type_coerce(LegacyAccount.blocker, String).label("blocker"),
            LegacyAccount.stated_at,
            *further,
        )
        .join(Unit, Unit.id == LegacyAccount.unit_id)
        .where(LegacyAccount.kind == account_kind, below)
    )
    return statement.where(LegacyAccount.state == stuck) if stuck_only else statement


def _changes(place: Place, kind: str, since: datetime) -> Select[Any]:
    """One row for each change: from which state (none: it came) to which (none: it went)."""
    account_kind = ACCOUNT_KIND.get(kind)
    if account_kind is None:
        log = UnitStandingChange
        of_units: Any = select(
            log.at,
            func.coalesce(log.former_state, "").label("former_state"),
            func.coalesce(log.state, "").label("state"),
        )
        logged: Select[Any] = of_units.join(Unit, Unit.id == log.unit_id).where(
            log.kind == kind, log.at >= since, within(Reach(place.path))
        )
        return logged
    mine = [LegacyAccount.kind == account_kind, within(Reach(place.path))]
    moved = (
        select(
            StandingChange.at,
            as_text(StandingChange.former_state).label("former_state"),
            as_text(StandingChange.state).label("state"),
        )
        .join(LegacyAccount, LegacyAccount.id == StandingChange.account_id)
        .join(Unit, Unit.id == LegacyAccount.unit_id)
        # What has a change since then has come to its present standing since then.
        .where(*mine, LegacyAccount.stated_at >= since, StandingChange.at >= since)
    )
    first = (
        select(StandingChange.former_state)
        .where(StandingChange.account_id == LegacyAccount.id)
        .order_by(StandingChange.id)
        .limit(1)
        .correlate(LegacyAccount)
        .scalar_subquery()
    )
    came = (
        select(
            LegacyAccount.imported_at.label("at"),
            literal("").label("former_state"),
            func.coalesce(type_coerce(first, String), as_text(LegacyAccount.state)).label("state"),
        )
        .join(Unit, Unit.id == LegacyAccount.unit_id)
        .where(*mine, LegacyAccount.imported_at >= since)
    )
    return select(union_all(moved, came).subquery())


def _along(path: str, strict: bool) -> tuple[ColumnElement[bool], ...]:
    lowest = UnitStanding.path > path if strict else UnitStanding.path >= path
    return lowest, UnitStanding.path < path + AFTER_ALL
