"""Reconciling the units in reach: a page after the other along the tree, or those searched for.

The verdicts of all units can't be counted or sorted without looking at every one: a page is looked
at, and within it what needs somebody comes first.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from admin_app.hierarchy.models import Unit, UnitPeriod
from admin_app.hierarchy.queries import tree_page, within
from admin_app.hierarchy.rules import name_key
from admin_app.hierarchy.vocabulary import UnitKind, UnitStatus
from admin_app.identity.models import Representation
from admin_app.migration.models import LegacyAccount
from admin_app.migration.reconciliation import Line, line_of_code, lines_of_units
from admin_app.migration.vocabulary import AccountKind
from admin_app.policy.reach import Reach

_PAGE = 20
_INNER, _WHOLE = 9, 18  # characters of an organisation code, and of a credit code


class Reconciled(NamedTuple):
    """Lines, those that need somebody first, and after which unit the next page begins."""

    lines: list[Line]
    next_after: str | None = None


def reconciled_page(session: Session, reach: Reach, after: str = "") -> Reconciled:
    """The first-level units in use within reach, along the tree."""
    statement = select(Unit).where(
        Unit.kind == UnitKind.FIRST_LEVEL, Unit.status == UnitStatus.ACTIVE, within(reach, after)
    )
    page = tree_page(session, statement, _PAGE)
    return Reconciled(_sorted(lines_of_units(session, page.units)), page.next_after)


def reconciled_search(session: Session, reach: Reach, typed: str) -> Reconciled:
    """The units within reach with a credit code, an organisation code, a present or former name.

    Of a code that no unit here has: what the portal reports under it.
    """
    key = name_key(typed)
    code = key.upper()
    lines = lines_of_units(session, _units(session, reach, typed, key, code))
    if not lines and len(code) == _WHOLE:
        lines = [line for line in _reported(session, code) if _may_see(reach, line)]
    return Reconciled(_sorted(lines))


def _units(session: Session, reach: Reach, typed: str, key: str, code: str) -> Sequence[Unit]:
    # One look-up an index each, and few rows: the reach is checked, not searched.
    here = [Unit.kind == UnitKind.FIRST_LEVEL, within(reach, searched=False)]
    if code.isascii() and len(code) == _WHOLE:
        which = Unit.uscc == code
    elif code.isascii() and len(code) == _INNER:
        accounts = select(LegacyAccount.unit_id).where(
            LegacyAccount.organisation_code == code, LegacyAccount.kind == AccountKind.UNIT
        )
        which = Unit.id.in_(accounts)
    else:
        former = session.scalars(
            select(UnitPeriod.unit_id).where(UnitPeriod.name == typed.strip()).limit(_PAGE)
        ).all()
        which = or_(Unit.name_key == key, Unit.id.in_(former))
    return session.scalars(select(Unit).where(which, *here).order_by(Unit.path).limit(_PAGE)).all()


def _reported(session: Session, code: str) -> list[Line]:
    reported = session.scalar(
        select(Representation).where(Representation.uscc == code, Representation.until.is_(None))
    )
    return [line_of_code(session, reported)] if reported else []


def _may_see(reach: Reach, line: Line) -> bool:
    return reach.is_everywhere if line.unit is None else reach.covers(line.unit.path)


def _sorted(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: line.verdict.is_fine)
