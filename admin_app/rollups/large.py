"""Units with so much at and below them that their figures are kept as a department's are.

One becomes large when nobody is folding: whoever folds sees it marked, or has committed before it
is counted. Its former days are then those of the accounts and units it has; from there on they
stay what they were, whatever moves.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.hierarchy.models import Unit
from admin_app.rollups.enlarging import Enlarging
from admin_app.rollups.models import LargeUnit, UnitTotal
from admin_app.rollups.upkeep import fold
from admin_app.rollups.vocabulary import ALL_REGIONS
from admin_app.rollups.writing import stop_folding

LARGE_FROM = 1_000  # things of one kind at and below a unit; fewer are counted in some milliseconds
AT_ONCE = 100_000  # things gone through while writers wait: some seconds


def keep_large_units(act: Act) -> int:
    """Keep the figures of units that have become large; the largest first, so many at once.

    Returns:
        the number of units.
    """
    act.session.flush()
    stop_folding(act.session)
    fold(act.session)
    return enlarge(act.session, act.at, most=AT_ONCE)


def enlarge(session: Session, at: datetime, *, most: int | None = None) -> int:
    """Mark the units that are large and make their figures, while nobody else folds.

    ``most``: after so many things it is enough, the rest is for another time.
    """
    topmost: list[tuple[int, str]] = []
    things = 0
    for row in _unmarked(session):
        if most is not None and topmost and things + row.total > most:
            break
        topmost.append((row.id, row.path))
        things += row.total
    if not topmost:
        return 0
    made = Enlarging(session, topmost)
    unit_ids = made.large(LARGE_FROM)
    session.execute(insert(LargeUnit), [{"unit_id": n, "since": at} for n in unit_ids])
    made.put()
    made.clear()
    return len(unit_ids)


def _unmarked(session: Session) -> Sequence[Any]:
    """Large units that aren't kept as such; what is large below one comes to light with it."""
    largest = (
        select(UnitTotal.unit_id, func.max(UnitTotal.total).label("total"))
        .where(
            UnitTotal.region == ALL_REGIONS,
            ~UnitTotal.is_department,
            UnitTotal.total >= LARGE_FROM,
            UnitTotal.unit_id.not_in(select(LargeUnit.unit_id)),
        )
        .group_by(UnitTotal.unit_id)
        .subquery()
    )
    return session.execute(
        select(Unit.id, Unit.path, largest.c.total)
        .join(largest, largest.c.unit_id == Unit.id)
        .order_by(largest.c.total.desc(), Unit.id)
    ).all()
