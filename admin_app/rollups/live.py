"""Counting below a first-level or secondary unit: few enough to be looked at when asked.

The largest have some ten thousand people; an index holds all that is read of an account, but for
former days, for which its changes are looked up.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    case,
    func,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import within
from admin_app.hierarchy.rules import SEGMENT_WIDTH
from admin_app.migration.counts import Counted
from admin_app.migration.models import LegacyAccount, StandingChange
from admin_app.migration.vocabulary import AccountKind, AccountState
from admin_app.policy.reach import AFTER_ALL, Reach
from admin_app.rollups.expressions import china_day
from admin_app.rollups.models import UnitStanding, UnitStandingChange
from admin_app.rollups.rules import end_of
from admin_app.rollups.vocabulary import Place

ACCOUNT_KIND = {
    Counted.NATURAL_PERSONS.value: AccountKind.PERSONAL,
    Counted.LEGAL_REPRESENTATIVES.value: AccountKind.UNIT,
}
KIND_OF_ACCOUNT = {kind.value: counted for counted, kind in ACCOUNT_KIND.items()}


def standings(
    session: Session, place: Place, kinds: Collection[str]
) -> Iterator[tuple[str, str, str, int]]:
    """Kind, state, blocker and number."""
    key = ("kind", "state", "blocker")
    counted = [
        select(*(things.c[name] for name in key), func.count()).group_by(
            *(things.c[name] for name in key)
        )
        for things in (each.subquery() for each in things_of(place, kinds))
    ]
    for kind, state, blocker, number in session.execute(union_all(*counted)):
        yield KIND_OF_ACCOUNT.get(kind, kind), state, blocker or "", number


def stuck_since(session: Session, place: Place, kind: str) -> Iterator[tuple[str, date, int]]:
    """Blocker, day and number of the stuck."""
    (each,) = things_of(place, [kind])
    things = each.subquery()
    day = china_day(things.c.stated_at)
    rows = session.execute(
        select(things.c.blocker, day, func.count())
        .where(things.c.state == AccountState.STUCK.value)
        .group_by(things.c.blocker, day)
    )
    for row in rows:
        yield row[0] or "", row[1], row[2]


def flows(
    session: Session, place: Place, kinds: Collection[str], after: date
) -> list[tuple[str, date, AccountState, int]]:
    """By how much the numbers of each kind in each state changed on each day after one."""
    changes = _changes_of(place, kinds, end_of(after)).subquery()
    key = (changes.c.kind, china_day(changes.c.at), changes.c.former_state, changes.c.state)
    found: Counter[tuple[str, date, str]] = Counter()
    for kind, when, former, state, number in session.execute(
        select(*key, func.count()).group_by(*key)
    ):
        found[kind, when, former or ""] -= number
        found[kind, when, state or ""] += number
    return [
        (KIND_OF_ACCOUNT.get(kind, kind), when, AccountState(state), n)
        for (kind, when, state), n in found.items()
        if state and n
    ]


def parts(session: Session, place: Place, kind: str) -> dict[int, Counter[AccountState]]:
    """The numbers by state below each unit directly below a place, by its number."""
    segment = func.substr(Unit.path, len(place.path) + 1, SEGMENT_WIDTH)
    (each,) = things_of(place, [kind], strict=True, further=(segment.label("segment"),))
    things = each.subquery()
    rows = session.execute(
        select(things.c.segment, things.c.state, func.count()).group_by(
            things.c.segment, things.c.state
        )
    )
    found: dict[int, Counter[AccountState]] = {}
    for part, state, number in rows:
        found.setdefault(int(part, 36), Counter())[AccountState(state)] += number
    return found


def _changes_of(place: Place, kinds: Collection[str], since: datetime) -> Select[Any]:
    """A row for each change since then: from where (none: it came) to where (none: it went)."""
    of_accounts = [kind for kind in kinds if kind in ACCOUNT_KIND]
    of_units = [kind for kind in kinds if kind not in ACCOUNT_KIND]
    both: list[Select[Any]] = []
    if of_accounts:
        both += _changes_of_accounts(place, of_accounts, since)
    if of_units:
        both.append(_changes_of_units(place, of_units, since))
    return select(union_all(*both).subquery())


def _changes_of_units(place: Place, kinds: list[str], since: datetime) -> Select[Any]:
    log = UnitStandingChange
    columns: tuple[Any, ...] = (log.kind, log.at, log.former_state, log.state)
    return (
        select(*columns)
        .join(Unit, Unit.id == log.unit_id)
        .where(log.kind.in_(kinds), within(Reach(place.path)), log.at >= since)
    )


def _changes_of_accounts(place: Place, kinds: list[str], since: datetime) -> list[Select[Any]]:
    log = StandingChange
    mine = [
        LegacyAccount.kind.in_([ACCOUNT_KIND[kind] for kind in kinds]),
        within(Reach(place.path)),
    ]
    moved = (
        select(
            _stored(LegacyAccount.kind, "kind"),
            log.at,
            _stored(log.former_state, "former_state"),
            _stored(log.state, "state"),
        )
        .select_from(LegacyAccount)
        .join(log, log.account_id == LegacyAccount.id)
        .join(Unit, Unit.id == LegacyAccount.unit_id)
        # What has a change since then has come to its present standing since then.
        .where(*mine, LegacyAccount.stated_at >= since, log.at >= since)
    )
    first = (
        select(log.id)
        .where(log.account_id == LegacyAccount.id)
        .order_by(log.id)
        .limit(1)
        .correlate(LegacyAccount)
        .scalar_subquery()
    )
    earliest = aliased(log)
    came = (
        select(
            _stored(LegacyAccount.kind, "kind"),
            LegacyAccount.imported_at.label("at"),
            null().label("former_state"),
            case(
                (earliest.id.is_not(None), _stored(earliest.former_state, "state")),
                else_=_stored(LegacyAccount.state, "state"),
            ).label("state"),
        )
        .select_from(LegacyAccount)
        .join(Unit, Unit.id == LegacyAccount.unit_id)
        .outerjoin(earliest, earliest.id == first)
        .where(*mine, LegacyAccount.imported_at >= since)
    )
    return [moved, came]


def things_of(
    place: Place, kinds: Collection[str], *, strict: bool = False, further: tuple[Any, ...] = ()
) -> list[Select[Any]]:
    """A row for each thing of some kinds: one statement for accounts, another for units."""
    found: list[Select[Any]] = []
    accounts = [ACCOUNT_KIND[kind] for kind in kinds if kind in ACCOUNT_KIND]
    if accounts:
        found.append(
            # As they stand in the index: grouping is a third cheaper than by an expression of them.
            select(
                _stored(LegacyAccount.kind, "kind"),
                _stored(LegacyAccount.state, "state"),
                _stored(LegacyAccount.blocker, "blocker"),
                LegacyAccount.stated_at,
                *further,
            )
            .join(Unit, Unit.id == LegacyAccount.unit_id)
            .where(LegacyAccount.kind.in_(accounts), within(Reach(place.path, strict=strict)))
        )
    units = [kind for kind in kinds if kind not in ACCOUNT_KIND]
    if units:
        kept = UnitStanding
        of_units = select(kept.kind, kept.state, kept.blocker, kept.stated_at, *further).where(
            kept.kind.in_(units), *_along(place.path, strict)
        )
        found.append(of_units.join(Unit, Unit.id == kept.unit_id) if further else of_units)
    return found


def _stored(column: Any, name: str) -> Any:
    """An enum's column as the text that stands in the index."""
    return type_coerce(column, String).label(name)


def _along(path: str, strict: bool) -> tuple[ColumnElement[bool], ...]:
    lowest = UnitStanding.path > path if strict else UnitStanding.path >= path
    return lowest, UnitStanding.path < path + AFTER_ALL
