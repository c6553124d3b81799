"""Keeping where units stand, which follows from their accounts, offices and representatives."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import case, delete, insert, null, select, tuple_
from sqlalchemy.orm import Session

from admin_app.database import among
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import within
from admin_app.hierarchy.vocabulary import UnitKind, UnitStatus
from admin_app.migration.counts import Counted
from admin_app.migration.standing_sql import administration_standing, enterprise_standing
from admin_app.migration.vocabulary import AccountState
from admin_app.policy.reach import Reach
from admin_app.rollups.homes import Homes, chunks
from admin_app.rollups.models import UnitStanding, UnitStandingChange
from admin_app.rollups.rules import SETTLED, Change, day_of
from admin_app.rollups.writing import put_rows

ENTERPRISES, ADMINISTRATORS = Counted.ENTERPRISES.value, Counted.ADMINISTRATORS.value
_MIGRATED = f"{AccountState.MIGRATED.value}/"


class Kept(NamedTuple):
    """What is stored of a unit's standing."""

    state: str
    blocker: str
    stated_at: datetime


def below(session: Session, unit_ids: Mapping[int, datetime]) -> dict[int, datetime]:
    """The units below some, each with the moment of the one above it; nothing below departments."""
    found: dict[int, datetime] = {}
    for chunk in chunks(unit_ids):
        tops = session.execute(
            select(Unit.id, Unit.path).where(
                among(session, Unit.id, chunk), Unit.kind != UnitKind.DEPARTMENT
            )
        )
        for number, path in tops.all():
            for lower in session.scalars(select(Unit.id).where(within(Reach(path, strict=True)))):
                found[lower] = max(unit_ids[number], found.get(lower, unit_ids[number]))
    return found


def restate_units(session: Session, moments: Mapping[int, datetime], homes: Homes) -> list[Change]:
    """Bring the standings of units up to date; gives what that changes in the figures.

    ``moments``: the units to look at, each with the time of what happened to it.
    """
    changes: list[Change] = []
    for chunk in chunks(moments):
        changes += _restate(session, {number: moments[number] for number in chunk}, homes)
    return changes


def _restate(session: Session, moments: dict[int, datetime], homes: Homes) -> list[Change]:
    wrong = _differing(session, moments, locked=True)
    places = homes.of_units({row[0] for row in wrong})
    changes: list[Change] = []
    put, dropped, logged = [], [], []
    for unit_id, path, kind, former, text in wrong:
        at = moments[unit_id]
        row: dict[str, Any] = {"unit_id": unit_id, "kind": kind}
        day, home = day_of(at), places[unit_id]
        state = blocker = None
        if former is not None:
            since = day_of(former.stated_at)
            changes.append(Change(home, kind, former.state, former.blocker, since, day, -1))
        if text is None:
            dropped.append((unit_id, kind))
        else:
            state, _, blocker = text.partition("/")
            put.append({**row, "path": path, "state": state, "blocker": blocker, "stated_at": at})
            changes.append(Change(home, kind, state, blocker, day, day, 1))
        logged.append(
            {
                **row,
                "at": at,
                "former_state": former and former.state,
                "former_blocker": former and former.blocker,
                "state": state,
                "blocker": blocker,
            }
        )
    put_rows(session, UnitStanding, put)
    if dropped:
        session.execute(
            delete(UnitStanding).where(tuple_(UnitStanding.unit_id, UnitStanding.kind).in_(dropped))
        )
    if logged:
        session.execute(insert(UnitStandingChange.__table__), logged)  # type: ignore[arg-type]
    return changes


def differing(session: Session, unit_ids: list[int]) -> set[int]:
    """The units of which another standing is stored than follows from the facts."""
    return {row[0] for row in _differing(session, dict.fromkeys(unit_ids))}


def _differing(
    session: Session, unit_ids: Mapping[int, Any], *, locked: bool = False
) -> list[tuple[int, str, str, Kept | None, str | None]]:
    stored = stored_of(session, unit_ids, locked=locked)
    found = []
    for unit_id, path, kind, text in _present(session, list(unit_ids)):
        former = stored.get((unit_id, kind))
        if text != (former and f"{former.state}/{former.blocker}"):
            found.append((unit_id, path, kind, former, text))
    return found


def stored_of(
    session: Session, unit_ids: Mapping[int, Any], *, locked: bool = False
) -> dict[tuple[int, str], Kept]:
    """What is stored of some units; locked, so that what is read next is the last word."""
    statement = (
        select(
            UnitStanding.unit_id,
            UnitStanding.kind,
            UnitStanding.state,
            UnitStanding.blocker,
            UnitStanding.stated_at,
        )
        .where(among(session, UnitStanding.unit_id, list(unit_ids)))
        .order_by(UnitStanding.unit_id, UnitStanding.kind)
    )
    if locked:
        statement = statement.with_for_update()
    return {(row[0], row[1]): Kept(*row[2:]) for row in session.execute(statement)}


def _present(session: Session, unit_ids: list[int]) -> list[tuple[int, str, str, str | None]]:
    """Each unit's standings as they follow from the facts now; None: not counted."""
    active = Unit.status == UnitStatus.ACTIVE
    as_enterprise = case(
        ((Unit.kind == UnitKind.FIRST_LEVEL) & active, enterprise_standing()), else_=null()
    )
    administered = case(
        ((Unit.kind != UnitKind.DEPARTMENT) & active, administration_standing()), else_=null()
    )
    rows = session.execute(
        select(Unit.id, Unit.path, as_enterprise, administered).where(
            among(session, Unit.id, unit_ids)
        )
    )
    found = []
    for unit_id, path, enterprise, administration in rows:
        settled = administration if enterprise == _MIGRATED else None
        found += [
            (unit_id, path, ENTERPRISES, enterprise),
            (unit_id, path, ADMINISTRATORS, administration),
            (unit_id, path, SETTLED, settled),
        ]
    return found
