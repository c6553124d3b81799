"""The same answers by GROUP BY over units and accounts, as they'd be had with nothing kept."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, func, select, union_all
from sqlalchemy.orm import Session

from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import within
from admin_app.hierarchy.rules import SEGMENT_WIDTH
from admin_app.hierarchy.vocabulary import UnitKind, UnitStatus
from admin_app.migration.counts import Counted, Figures
from admin_app.migration.models import LegacyAccount, StandingChange
from admin_app.migration.standing_sql import administration_standing, enterprise_standing, read
from admin_app.migration.vocabulary import AccountKind, AccountState
from admin_app.policy.reach import Reach
from admin_app.rollups.expressions import as_text, china_day
from admin_app.rollups.rules import end_of
from admin_app.rollups.vocabulary import Narrowed
from benchmarks.rollups.reading import PARTS, PERSONS, QUESTIONS, TODAY

_KINDS = {
    Counted.NATURAL_PERSONS: AccountKind.PERSONAL,
    Counted.LEGAL_REPRESENTATIVES: AccountKind.UNIT,
}
FIRST = TODAY - timedelta(days=180)
Answer = Callable[[Session, str], Any]


def _persons(statement: Any, path: str, *conditions: ColumnElement[bool]) -> Any:
    found = statement.where(LegacyAccount.kind == AccountKind.PERSONAL, *conditions)
    if not path:
        return found
    return found.join(Unit, Unit.id == LegacyAccount.unit_id).where(within(Reach(path)))


def _standings(session: Session, counted: Counted, path: str) -> Counter[tuple[str, str]]:
    if counted in _KINDS:
        columns = as_text(LegacyAccount.state), as_text(LegacyAccount.blocker)
        statement = select(*columns, func.count()).where(LegacyAccount.kind == _KINDS[counted])
        if path:
            statement = statement.join(Unit, Unit.id == LegacyAccount.unit_id)
            statement = statement.where(within(Reach(path)))
        rows = session.execute(statement.group_by(*columns))
        return Counter({(state, blocker): number for state, blocker, number in rows})
    of_enterprises = counted is Counted.ENTERPRISES
    standing = enterprise_standing() if of_enterprises else administration_standing()
    which = (
        Unit.kind == UnitKind.FIRST_LEVEL if of_enterprises else Unit.kind != UnitKind.DEPARTMENT
    )
    each = select(standing.label("standing")).where(
        which, Unit.status == UnitStatus.ACTIVE, within(Reach(path))
    )
    things = each.subquery()
    found: Counter[tuple[str, str]] = Counter()
    for text, number in session.execute(
        select(things.c.standing, func.count()).group_by(things.c.standing)
    ):
        state, blocker = read(text)
        found[state.value, blocker.value if blocker else ""] = number
    return found


def _headlines(session: Session, path: str) -> Any:
    return {counted: _standings(session, counted, path) for counted in Counted}


def _blockers(session: Session, path: str) -> Any:
    day = china_day(LegacyAccount.stated_at)
    blocker = as_text(LegacyAccount.blocker)
    statement = select(blocker, day, func.count()).select_from(LegacyAccount)
    stuck = LegacyAccount.state == AccountState.STUCK
    found: Counter[str] = Counter()
    oldest: dict[str, date] = {}
    rows = session.execute(_persons(statement, path, stuck).group_by(blocker, day))
    for name, since, number in rows:
        found[name] += number
        oldest[name] = min(since, oldest.get(name, since))
    return {name: (number, oldest[name]) for name, number in found.items()}


def _days(session: Session, path: str) -> Any:
    since = end_of(FIRST)
    changed = (
        select(
            StandingChange.at, as_text(StandingChange.former_state), as_text(StandingChange.state)
        )
        .select_from(StandingChange)
        .join(LegacyAccount, LegacyAccount.id == StandingChange.account_id)
    )
    first = (
        select(as_text(StandingChange.former_state))
        .where(StandingChange.account_id == LegacyAccount.id)
        .order_by(StandingChange.id)
        .limit(1)
        .correlate(LegacyAccount)
        .scalar_subquery()
    )
    came = select(
        LegacyAccount.imported_at, as_text(None), func.coalesce(first, as_text(LegacyAccount.state))
    ).select_from(LegacyAccount)
    both = union_all(
        _persons(changed, path, StandingChange.at >= since),
        _persons(came, path, LegacyAccount.imported_at >= since),
    ).subquery()
    at, former, state = both.c
    day = china_day(at)
    moved: dict[date, Counter[str]] = {}
    for when, left, reached, number in session.execute(
        select(day, former, state, func.count()).group_by(day, former, state)
    ):
        of_day = moved.setdefault(when, Counter())
        of_day[left] -= number
        of_day[reached] += number
    now: Counter[str] = Counter()
    for (reached, _), number in _standings(session, PERSONS, path).items():
        now[reached] += number
    found, when = {}, TODAY
    while when >= FIRST:
        found[when] = {state.value: now[state.value] for state in AccountState}
        now.subtract(moved.get(when, Counter()))
        when -= timedelta(days=1)
    return found


def _parts(session: Session, path: str) -> Any:
    segment = func.substr(Unit.path, len(path) + 1, SEGMENT_WIDTH)
    rows = session.execute(
        select(segment, LegacyAccount.state, func.count())
        .join(Unit, Unit.id == LegacyAccount.unit_id)
        .where(LegacyAccount.kind == AccountKind.PERSONAL, within(Reach(path, strict=True)))
        .group_by(segment, LegacyAccount.state)
    )
    found: dict[int, Counter[str]] = {}
    for part, state, number in rows:
        found.setdefault(int(part, 36), Counter())[state.value] = number
    ranked = sorted(found, key=lambda number: (-found[number].total(), number))[:PARTS]
    return {number: +found[number] for number in ranked}


def _kept(name: str, session: Session, at: Narrowed) -> Any:
    """What the product answers, in the form of the counts here."""
    answer: Any = QUESTIONS[name](session, at)
    if name == "headlines":
        found = {}
        for line in answer:
            figures = line.figures
            found[line.counted] = (figures.by_state, figures.stuck_by)
        return found
    if name == "blockers of persons":
        return {each.blocker.value: (each.number, each.oldest) for each in answer}
    if name == "days, 180":
        return {d.day: {s.value: n for s, n in d.by_state.items()} for d in answer}
    return {p.unit_id: +Counter({s.value: n for s, n in p.by_state.items()}) for p in answer.shown}


def _as_headlines(counted: dict[Counted, Counter[tuple[str, str]]]) -> Any:
    found = {}
    for kind, standings in counted.items():
        figures = Figures()
        for (state, blocker), number in standings.items():
            figures.add(read(f"{state}/{blocker}"), number)
        found[kind] = (figures.by_state, figures.stuck_by)
    return found


COUNTS: dict[str, Answer] = {
    "headlines": _headlines,
    "blockers of persons": _blockers,
    "days, 180": _days,
    "parts": _parts,
}


def count(engine: Engine, name: str, at: Narrowed) -> float:
    """Milliseconds that counting takes, the better of two; the answers must be the same."""
    taken = []
    clock = time.thread_time if engine.dialect.name == "sqlite" else time.perf_counter
    with Session(engine) as session:
        for _ in range(2):
            began = clock()
            counted = COUNTS[name](session, at.place.path)
            taken.append((clock() - began) * 1000)
        if name == "headlines":
            counted = _as_headlines(counted)
        kept = _kept(name, session, at)
        assert kept == counted, (name, at.place)
    return min(taken)
