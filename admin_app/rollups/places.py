"""The region a unit counts in, as SQL over ``Unit``; a test holds it equal to the rule."""

from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.orm import aliased

from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.rules import DEPTH_MOST, SEGMENT_WIDTH
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.rollups.vocabulary import REGION_UNKNOWN

_FROM, _WIDTH = 3, 4  # GB 32100-2015: positions 3 to 6, the prefecture of the division code


def in_region(region: str) -> ColumnElement[bool]:
    """The units whose first-level unit, or they themselves, are registered in a region."""
    if region == REGION_UNKNOWN:
        return or_(Unit.id.is_(None), not_(_first_level(None)))
    return _first_level(region)


def registered_in(region: str) -> ColumnElement[bool]:
    """The same of first-level units alone: each has a code of its own."""
    if region == REGION_UNKNOWN:
        return or_(Unit.uscc.is_(None), not_(_has_region(Unit.uscc)))
    return _region_of(Unit.uscc) == region


def _first_level(region: str | None) -> ColumnElement[bool]:
    """Whether a first-level unit on the way here has a code of the region; of any, without one."""
    above = aliased(Unit)
    way = [func.substr(Unit.path, 1, SEGMENT_WIDTH * depth) for depth in range(1, DEPTH_MOST + 1)]
    named = _has_region(above.uscc) if region is None else _region_of(above.uscc) == region
    found = select(above.id).where(above.path.in_(way), above.kind == UnitKind.FIRST_LEVEL, named)
    return found.correlate(Unit).exists()


def _region_of(code: Any) -> ColumnElement[str]:
    return func.substr(code, _FROM, _WIDTH)


def _has_region(code: Any) -> ColumnElement[bool]:
    return and_(*(func.substr(code, _FROM + n, 1).between("0", "9") for n in range(_WIDTH)))
