"""Counting everything in SQL, with nothing kept: what the figures must be equal to."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import within
from admin_app.hierarchy.vocabulary import UnitKind, UnitStatus
from admin_app.migration.counts import Counted, Figures
from admin_app.migration.models import LegacyAccount
from admin_app.migration.standing_sql import (
    account_standing,
    administration_standing,
    enterprise_standing,
    read,
)
from admin_app.migration.vocabulary import AccountKind
from admin_app.policy.reach import Reach


def counts(
    session: Session, reach: Reach, *conditions: ColumnElement[bool]
) -> dict[Counted, Figures]:
    """The figures of a part of the tree; accounts without a unit count only everywhere."""
    found = {}
    for counted in Counted:
        each = things(counted, reach).where(*conditions).subquery()
        rows = session.execute(select(each.c.standing, func.count()).group_by(each.c.standing))
        figures = found[counted] = Figures()
        for text, number in rows:
            figures.add(read(text), number)
    return found


def things(counted: Counted, reach: Reach) -> Select[Any]:
    """One row for each thing of a kind: where it stands."""
    labelled = _standing_of(counted).label("standing")
    match counted:
        case Counted.ENTERPRISES:
            return select(labelled).where(
                Unit.kind == UnitKind.FIRST_LEVEL,
                Unit.status == UnitStatus.ACTIVE,
                within(reach),
            )
        case Counted.ADMINISTRATORS:
            return select(labelled).where(
                Unit.kind != UnitKind.DEPARTMENT,
                Unit.status == UnitStatus.ACTIVE,
                within(reach),
            )
    personal = counted is Counted.NATURAL_PERSONS
    kind = AccountKind.PERSONAL if personal else AccountKind.UNIT
    statement = select(labelled).select_from(LegacyAccount).where(LegacyAccount.kind == kind)
    if reach.is_everywhere:
        return statement
    return statement.join(Unit, Unit.id == LegacyAccount.unit_id).where(within(reach))


def _standing_of(counted: Counted) -> ColumnElement[str]:
    match counted:
        case Counted.ENTERPRISES:
            return enterprise_standing()
        case Counted.ADMINISTRATORS:
            return administration_standing()
    return account_standing()
