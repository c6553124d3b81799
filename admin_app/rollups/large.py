"""Units with so much at and below them that their figures are kept as a department's are.

One becomes large when nobody is folding: whoever folds sees it marked, or has committed before it
is counted. Its former days are then those of the accounts and units it has; from there on they
stay what they were, whatever moves.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import case, delete, func, insert, literal, select, union_all
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.rules import SEGMENT_WIDTH
from admin_app.migration.counts import Counted
from admin_app.rollups import live
from admin_app.rollups.expressions import china_day
from admin_app.rollups.models import Figure, FigureFlow, LargeUnit, UnitTotal
from admin_app.rollups.rules import SETTLED
from admin_app.rollups.upkeep import fold
from admin_app.rollups.vocabulary import ALL_REGIONS, Place, PlaceKind
from admin_app.rollups.writing import STATES, stop_folding

LARGE_FROM = 1_000  # things of one kind at and below a unit; fewer are counted in some milliseconds
AT_ONCE = 100_000  # things gone through while writers wait: a minute or two from a cold disk
KINDS = [*(counted.value for counted in Counted), SETTLED]


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
    """Mark and count the units that are large, from above downwards, while nobody else folds.

    ``most``: after so many things it is enough, the rest is for another time.
    """
    number = things = 0
    while rows := _unmarked(session):
        for unit_id, path, name, total in rows:
            if most is not None and number and things + total > most:
                return number
            _enlarge(session, Place(unit_id, path, PlaceKind.SECONDARY, name), at)
            number, things = number + 1, things + total
    return number


def _unmarked(session: Session) -> Iterable[Any]:
    """Large units that aren't kept as such; what is below one comes to light when it is."""
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
        select(Unit.id, Unit.path, Unit.name, largest.c.total)
        .join(largest, largest.c.unit_id == Unit.id)
        .order_by(largest.c.total.desc(), Unit.id)
    ).all()


def _enlarge(session: Session, place: Place, at: datetime) -> None:
    session.execute(insert(LargeUnit).values(unit_id=place.unit_id, since=at))
    session.execute(delete(UnitTotal).where(UnitTotal.parent_id == place.unit_id))
    for kind in KINDS:
        _put_figures(session, place, kind)
        _put_flows(session, place, kind)
        _put_totals_below(session, place, kind)


def _put_figures(session: Session, place: Place, kind: str) -> None:
    (each,) = live.things_of(place, [kind])
    things = each.subquery()
    key = (things.c.state, func.coalesce(things.c.blocker, ""), china_day(things.c.stated_at))
    statement = select(*_own(place, kind), *key, func.count()).group_by(*key).order_by(*key)
    session.execute(
        insert(Figure).from_select(
            ["unit_id", "region", "kind", "state", "blocker", "since", "number"], statement
        )
    )


def _put_flows(session: Session, place: Place, kind: str) -> None:
    changes = live.changes_of(place, [kind]).cte()
    both = union_all(
        select(changes.c.at, changes.c.state, changes.c.blocker, literal(1).label("number")),
        select(changes.c.at, changes.c.former_state, changes.c.former_blocker, literal(-1)),
    ).subquery()
    key = (china_day(both.c.at), both.c.state, func.coalesce(both.c.blocker, ""))
    number = func.sum(both.c.number)
    statement = (
        select(*_own(place, kind), *key, number)
        .where(both.c.state.is_not(None))
        .group_by(*key)
        .having(number != 0)
        .order_by(*key)
    )
    session.execute(
        insert(FigureFlow).from_select(
            ["unit_id", "region", "kind", "day", "state", "blocker", "number"], statement
        )
    )


def _put_totals_below(session: Session, place: Place, kind: str) -> None:
    """What a large unit is cut into."""
    way = func.substr(Unit.path, 1, len(place.path) + SEGMENT_WIDTH)
    (each,) = live.things_of(place, [kind], strict=True, further=(way.label("way"),))
    things = each.subquery()
    numbers = [func.sum(case((things.c.state == state, 1), else_=0)) for state in STATES]
    summed = select(things.c.way, *numbers, func.count()).group_by(things.c.way).subquery()
    _, *totals = summed.c
    statement = select(
        Unit.id, *_own(place, kind)[1:], literal(place.unit_id), literal(False), *totals
    ).join(summed, summed.c.way == Unit.path)
    columns = ["unit_id", "region", "kind", "parent_id", "is_department", *STATES, "total"]
    session.execute(insert(UnitTotal).from_select(columns, statement))


def _own(place: Place, kind: str) -> tuple[Any, ...]:
    return literal(place.unit_id), literal(ALL_REGIONS), literal(kind)
