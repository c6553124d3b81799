"""Whether the figures of a place are looked up or counted, and having them either way."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.rules import ids_along
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.migration.vocabulary import AccountState
from admin_app.rollups import kept, live
from admin_app.rollups.rules import region_of
from admin_app.rollups.vocabulary import ALL_REGIONS, Narrowed, PlaceKind

OF_MANY = (PlaceKind.EVERYTHING, PlaceKind.DEPARTMENT)


def kept_at(at: Narrowed) -> Narrowed | None:
    """Where the figures of a place are kept; None: they are counted."""
    if at.place.kind in OF_MANY:
        return at
    return Narrowed(at.place) if at.place.is_large else None  # all of a unit is in one region


def standings(session: Session, at: Narrowed, *kinds: str) -> Iterable[tuple[str, str, str, int]]:
    """Kind, state, blocker and number."""
    if not is_here(session, at):
        return ()
    if stored := kept_at(at):
        return kept.standings(session, stored, kinds)
    return live.standings(session, at.place, kinds)


def stuck_since(session: Session, at: Narrowed, kind: str) -> Iterable[tuple[str, date, int]]:
    """Blocker, day and number of the stuck."""
    if not is_here(session, at):
        return ()
    if stored := kept_at(at):
        return kept.stuck_since(session, stored, kind)
    return live.stuck_since(session, at.place, kind)


def flows(
    session: Session, at: Narrowed, after: date, *kinds: str
) -> Iterable[tuple[str, date, AccountState, int]]:
    """By how much the numbers of each kind in each state changed on each day after one."""
    if not is_here(session, at):
        return ()
    if stored := kept_at(at):
        return kept.flows(session, stored, kinds, after)
    return live.flows(session, at.place, kinds, after)


def is_here(session: Session, at: Narrowed) -> bool:
    """A first-level unit and all below it are in one region: that of its credit code."""
    if at.region == ALL_REGIONS or at.place.kind in OF_MANY:
        return True
    code = session.scalar(
        select(Unit.uscc).where(
            Unit.id.in_(ids_along(at.place.path)), Unit.kind == UnitKind.FIRST_LEVEL
        )
    )
    return region_of(code) == at.region
