"""Reading the tree; whatever lists or counts goes through a ``Reach``.

Lists are keyset pages in tree order: a page costs the same wherever it starts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, select, true
from sqlalchemy.orm import Session

from admin_app.database import unindexed
from admin_app.errors import NotFound
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.rules import ids_along
from admin_app.hierarchy.vocabulary import UnitKind, UnitStatus
from admin_app.policy.reach import AFTER_ALL, Reach

COUNT_MOST = 1_000


def within(reach: Reach, after: str = "", *, searched: bool = True) -> ColumnElement[bool]:
    """The reach as SQL over ``Unit``; proven equal to ``Reach.covers``.

    Args:
        after: the last path of the page before. It takes the place of the lower bound instead of
            standing beside it: of two lower bounds SQLite may search by the wrong one.
        searched: whether rows may be found by their path; without it the path is only checked,
            for statements that go along another order.
    """
    if reach.top is None:
        return false()
    path: Any = Unit.path if searched else unindexed(Unit.path)
    if after and after >= reach.top:
        begins = path > after
    else:
        begins = path > reach.top if reach.strict else path >= reach.top
    if reach.is_everywhere:
        return begins if after else true()
    return and_(begins, path < reach.top + AFTER_ALL)


def get_unit(session: Session, reach: Reach, unit_id: int) -> Unit:
    """One unit, if it is within reach.

    Raises:
        NotFound
    """
    unit = session.scalar(select(Unit).where(Unit.id == unit_id, within(reach)))
    if unit is None:
        raise NotFound
    return unit


def find_by_uscc(session: Session, uscc: str) -> Unit | None:
    """The unit with a credit code, wherever it stands."""
    return session.scalar(select(Unit).where(Unit.uscc == uscc))


def ancestors(session: Session, unit: Unit) -> Sequence[Unit]:
    """The units above, root first."""
    ids = ids_along(unit.path)[:-1]
    if not ids:
        return ()
    return session.scalars(select(Unit).where(Unit.id.in_(ids)).order_by(Unit.path)).all()


def chains(session: Session, units: Sequence[Unit]) -> dict[int, list[Unit]]:
    """For each unit the units above it, root first; one query for all."""
    wanted = {number for unit in units for number in ids_along(unit.path)[:-1]}
    if not wanted:
        return {unit.id: [] for unit in units}
    found = {u.id: u for u in session.scalars(select(Unit).where(Unit.id.in_(wanted)))}
    return {unit.id: [found[n] for n in ids_along(unit.path)[:-1]] for unit in units}


@dataclass(frozen=True, slots=True)
class Page:
    """A page of units and where the next one starts, if there is one."""

    units: Sequence[Unit]
    next_after: str | None


def children_of(
    session: Session, reach: Reach, parent: Unit, *, after: str = "", limit: int = 50
) -> Page:
    """The units directly below a unit, in tree order, those in use and archived ones alike."""
    statement = select(Unit).where(Unit.parent_id == parent.id, within(reach, after))
    return tree_page(session, statement, limit)


def tree_page(session: Session, statement: Select[Unit], limit: int) -> Page:
    """The first ``limit`` units of a statement in tree order."""
    rows = session.scalars(statement.order_by(Unit.path).limit(limit + 1)).all()
    return Page(rows[:limit], rows[limit - 1].path if len(rows) > limit else None)


def vacant(reach: Reach, after: str = "") -> Select[Unit]:
    """The units in use, departments apart, that have no current administrator."""
    return select(Unit).where(
        Unit.status == UnitStatus.ACTIVE,
        Unit.kind != UnitKind.DEPARTMENT,
        Unit.administrators == 0,
        within(reach, after),
    )


def have_children(session: Session, units: Sequence[Unit]) -> set[int]:
    """Which of these units have units below them."""
    ids = [unit.id for unit in units]
    below = Unit.__table__.alias("below")
    exists = select(below.c.id).where(below.c.parent_id == Unit.id).exists()
    return set(session.scalars(select(Unit.id).where(Unit.id.in_(ids), exists)))


@dataclass(frozen=True, slots=True)
class Count:
    """A number of rows; beyond ``COUNT_MOST`` nobody counts on, and ``exact`` is false."""

    number: int
    exact: bool

    def __str__(self) -> str:
        return f"{self.number:,}" if self.exact else f"{self.number:,}+"

    def __bool__(self) -> bool:
        return self.number > 0


def count_up_to(session: Session, statement: Select[Any], most: int = COUNT_MOST) -> Count:
    """How many rows a statement gives, looking at no more than ``most`` of them."""
    limited = (
        statement.with_only_columns(true(), maintain_column_froms=True)
        .order_by(None)
        .limit(most + 1)
        .subquery()
    )
    number = session.scalar(select(func.count()).select_from(limited)) or 0
    return Count(min(number, most), number <= most)
