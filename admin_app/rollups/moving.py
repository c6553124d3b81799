"""When units change place, region or kind: what hangs from them leaves one home for another."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from admin_app.database import among
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import within
from admin_app.hierarchy.rules import ids_along
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.migration.counts import Counted
from admin_app.migration.models import LegacyAccount
from admin_app.migration.vocabulary import AccountKind
from admin_app.policy.reach import Reach
from admin_app.rollups.expressions import as_text, china_day
from admin_app.rollups.homes import Homes, chunks
from admin_app.rollups.models import EVERYTHING, UnitStanding, UnitTotal
from admin_app.rollups.rules import Change, Home, day_of
from admin_app.rollups.standings import stored_of

COUNTED_KINDS = (AccountKind.PERSONAL, AccountKind.UNIT)
KIND_OF_ACCOUNT = {
    AccountKind.PERSONAL.value: Counted.NATURAL_PERSONS.value,
    AccountKind.UNIT.value: Counted.LEGAL_REPRESENTATIVES.value,
}


class Own(NamedTuple):
    """Things that hang from a unit itself (None: from none), in one standing since one day."""

    unit_id: int | None
    kind: str
    state: str
    blocker: str
    since: date


class Former(NamedTuple):
    """Where a unit was before, and the credit code it had."""

    path: str
    uscc: str
    at: datetime


def relocate(
    session: Session,
    moved: Mapping[int, Former],
    accounts: Mapping[Own, int],
    homes: Homes,
) -> list[Change]:
    """What moving changes in the figures.

    Args:
        moved: where the units stood whose place, code or kind is another now.
        accounts: the changes of accounts not folded yet: what was theirs before is without them.
    """
    homes.nodes.clear()  # codes and kinds may be others now
    affected = dict(moved) | _below_changed_codes(session, moved)
    former_codes = {number: former.uscc for number, former in moved.items()}
    homes.learn(n for former in affected.values() for n in ids_along(former.path))
    # Of a whole subtree most go from one home to one other: summed up they are few.
    carried: Counter[tuple[Home, Home, str, str, str, date, date]] = Counter()
    for chunk in chunks(affected):
        now = homes.of_units(chunk)
        before: Counter[Own] = Counter(own_accounts(session, chunk))
        for own, number in accounts.items():
            if own.unit_id in affected:
                before[own] -= number
        before.update(_own_standings(session, chunk))
        for own, number in before.items():
            former = affected[own.unit_id or 0]
            was, there = homes.along(former.path, former_codes), now[own.unit_id]
            if was != there:
                carried[was, there, *own[1:], day_of(former.at)] += number
        _follow(session, chunk)
    return [
        Change(home, kind, state, blocker, since, day, sign * number)
        for (was, there, kind, state, blocker, since, day), number in carried.items()
        for home, sign in ((was, -1), (there, 1))
    ]


def own_accounts(session: Session, unit_ids: Collection[int] | None) -> dict[Own, int]:
    """How many accounts hang from each unit itself, by standing and day; None: from none."""
    if unit_ids is None:
        here: ColumnElement[bool] = LegacyAccount.unit_id.is_(None)
    else:
        here = among(session, LegacyAccount.unit_id, list(unit_ids))
    day = china_day(LegacyAccount.stated_at)
    blocker = as_text(LegacyAccount.blocker)
    rows = session.execute(
        select(
            LegacyAccount.unit_id,
            LegacyAccount.kind,
            LegacyAccount.state,
            blocker,
            day,
            func.count(),
        )
        .where(
            here,
            LegacyAccount.kind.in_(COUNTED_KINDS),
            LegacyAccount.state.is_not(None),
        )
        .group_by(LegacyAccount.unit_id, LegacyAccount.kind, LegacyAccount.state, blocker, day)
    )
    return {
        Own(unit_id, KIND_OF_ACCOUNT[kind.value], state.value, held, since): number
        for unit_id, kind, state, held, since, number in rows
    }


def _own_standings(session: Session, unit_ids: Sequence[int]) -> dict[Own, int]:
    stored = stored_of(session, dict.fromkeys(unit_ids))
    return {
        Own(unit_id, kind, kept.state, kept.blocker, day_of(kept.stated_at)): 1
        for (unit_id, kind), kept in stored.items()
    }


def _below_changed_codes(session: Session, moved: Mapping[int, Former]) -> dict[int, Former]:
    """What stands below a unit with another code or kind is in another region, or counts anew."""
    found: dict[int, Former] = {}
    for chunk in chunks(moved):
        tops = session.execute(
            select(Unit.id, Unit.path, Unit.uscc).where(
                among(session, Unit.id, chunk), Unit.kind != UnitKind.DEPARTMENT
            )
        )
        for number, path, uscc in tops.all():
            if (uscc or "") == moved[number].uscc and path != moved[number].path:
                continue  # merely moved: each unit below it is noted by itself
            rows = session.execute(
                select(Unit.id, Unit.path).where(within(Reach(path, strict=True)))
            )
            for lower, its_path in rows.all():
                if lower not in moved:
                    found[lower] = Former(its_path, "", moved[number].at)
    return found


def _follow(session: Session, unit_ids: Sequence[int]) -> None:
    """Keep the paths and parents that stand with kept figures."""
    here = among(session, UnitStanding.unit_id, list(unit_ids))
    path = select(Unit.path).where(Unit.id == UnitStanding.unit_id).scalar_subquery()
    session.execute(
        update(UnitStanding).where(here).values(path=path),
        execution_options={"synchronize_session": False},
    )
    theirs = Unit.id == UnitTotal.unit_id
    parent = select(func.coalesce(Unit.parent_id, EVERYTHING)).where(theirs).scalar_subquery()
    path = select(Unit.path).where(theirs).scalar_subquery()
    session.execute(
        update(UnitTotal)
        .where(among(session, UnitTotal.unit_id, list(unit_ids)))
        .values(parent_id=parent, path=path),
        execution_options={"synchronize_session": False},
    )
