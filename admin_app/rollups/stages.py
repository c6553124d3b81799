"""Who stopped at a stage of the way, as SQL: the lists behind the funnel's figures."""

from sqlalchemy import ColumnElement, and_, false, or_, select

from admin_app.hierarchy.models import Unit
from admin_app.migration.counts import Counted
from admin_app.migration.models import LegacyAccount
from admin_app.migration.vocabulary import AccountKind, AccountState
from admin_app.rollups.models import UnitStanding
from admin_app.rollups.rules import SETTLED, standings_at
from admin_app.rollups.vocabulary import Stage


def persons_stopped_at(stage: Stage) -> ColumnElement[bool]:
    """The personal accounts whose holder has come to a stage and no further."""
    ways = []
    for state, blockers in standings_at(stage, of_enterprises=False).items():
        named = LegacyAccount.blocker.in_([each for each in blockers if each])
        held = or_(named, LegacyAccount.blocker.is_(None)) if None in blockers else named
        ways.append(and_(LegacyAccount.state == state, held))
    return and_(LegacyAccount.kind == AccountKind.PERSONAL, or_(false(), *ways))


def enterprises_stopped_at(stage: Stage) -> ColumnElement[bool]:
    """The enterprises that have come to a stage and no further."""
    kept = UnitStanding
    if stage in (Stage.ACCOUNT_BOUND, Stage.ADMINISTRATOR_APPOINTED):
        appointed = kept.state == AccountState.MIGRATED.value
        here = appointed if stage is Stage.ADMINISTRATOR_APPOINTED else ~appointed
        return Unit.id.in_(select(kept.unit_id).where(kept.kind == SETTLED, here))
    ways = [
        and_(
            kept.state == state.value,
            kept.blocker.in_([each.value if each else "" for each in blockers]),
        )
        for state, blockers in standings_at(stage, of_enterprises=True).items()
    ]
    found = select(kept.unit_id).where(kept.kind == Counted.ENTERPRISES.value, or_(false(), *ways))
    return Unit.id.in_(found)
