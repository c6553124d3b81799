"""What the rule of authority needs to know of a unit, for one row and as SQL.

``facts_of`` and ``permitted`` give the same answer; property tests hold both to an oracle.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select, true
from sqlalchemy.orm import Session, aliased

from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import within
from admin_app.hierarchy.rules import DEPTH_MOST, SEGMENT_WIDTH, ids_along
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.models import Representation
from admin_app.policy.actor import Actor, UnitFacts
from admin_app.policy.rules import reach, right_of
from admin_app.policy.table import Condition
from admin_app.policy.vocabulary import Permission


def facts_of(session: Session, unit: Unit) -> UnitFacts:
    """The facts of one unit."""
    return facts_of_all(session, [unit])[unit.id]


def facts_of_all(session: Session, units: Sequence[Unit]) -> dict[int, UnitFacts]:
    """The facts of several units, in one query whatever their number."""
    along = {unit.id: ids_along(unit.path) for unit in units}
    rows = session.execute(
        select(
            Unit.id, Unit.kind, Unit.administrators, _represented(Unit).label("represented")
        ).where(Unit.id.in_({number for numbers in along.values() for number in numbers}))
    )
    known = {row.id: row for row in rows}

    def overseen(above: list[int]) -> bool:
        return any(
            known[number].kind is not UnitKind.DEPARTMENT
            and (known[number].administrators > 0 or known[number].represented)
            for number in above
        )

    return {
        unit.id: UnitFacts(
            path=unit.path,
            kind=unit.kind,
            represented=bool(known[unit.id].represented),
            administered=known[unit.id].administrators > 0,
            overseen_within=overseen(along[unit.id][:-1]),
        )
        for unit in units
    }


def permitted(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """The units to which an actor may do something, as SQL over ``Unit``."""
    right = right_of(actor, permission)
    if right is None:
        return false()
    conditions = [_holds(condition) for condition in right.conditions]
    return and_(within(reach(actor, permission)), *conditions)


def nobody_can_appoint() -> ColumnElement[bool]:
    """The units nobody below the departments may appoint in: the department has to step in."""
    return _holds(Condition.NOBODY_WITHIN_APPOINTS)


def _holds(condition: Condition) -> ColumnElement[bool]:
    match condition:
        case Condition.NOT_A_DEPARTMENT:
            return Unit.kind != UnitKind.DEPARTMENT
        case Condition.NOBODY_WITHIN_APPOINTS:
            return not_(or_(_represented(Unit), _overseen_within()))
        case Condition.NOBODY_WITHIN_CREATES:
            return not_(or_(_represented(Unit), Unit.administrators > 0, _overseen_within()))
        case Condition.NOBODY_WITHIN_SHAPES:
            return not_(_overseen_within())
        case Condition.VERIFIED | Condition.REASON | Condition.IMPARTIAL | Condition.TWO_PEOPLE:
            return true()  # about the actor, settled by the reach, and about the act


def _represented(unit: type[Unit]) -> ColumnElement[bool]:
    current = select(Representation.id).where(
        Representation.uscc == unit.uscc, Representation.until.is_(None)
    )
    return and_(unit.kind == UnitKind.FIRST_LEVEL, current.exists())


def _overseen_within() -> ColumnElement[bool]:
    above = aliased(Unit)
    # The paths above are the beginnings of a unit's own path: look-ups by index, never a scan.
    lengths = range(SEGMENT_WIDTH, DEPTH_MOST * SEGMENT_WIDTH, SEGMENT_WIDTH)
    beginnings = [func.substr(Unit.path, 1, length) for length in lengths]
    return (
        select(above.id)
        .where(
            above.path.in_(beginnings),
            above.id != Unit.id,
            above.kind != UnitKind.DEPARTMENT,
            or_(above.administrators > 0, _represented(above)),
        )
        .exists()
    )
