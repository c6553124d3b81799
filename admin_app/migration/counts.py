"""How many stand where: legal representatives, enterprises, natural persons, administrators.

The one place that counts. It reads every account in reach, so pages for many readers take the
day's snapshot instead.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import within
from admin_app.hierarchy.vocabulary import UnitKind, UnitStatus
from admin_app.migration.blockers import Blocker
from admin_app.migration.models import LegacyAccount
from admin_app.migration.rules import Standing
from admin_app.migration.standing_sql import (
    account_standing,
    administration_standing,
    enterprise_standing,
    read,
)
from admin_app.migration.vocabulary import AccountKind, AccountState
from admin_app.policy.reach import Reach
from admin_app.wording import Text


class Counted(Enum):
    """What is counted; each thing is in exactly one state."""

    LEGAL_REPRESENTATIVES = "legal_representatives"  # unit accounts, which they take over (R05)
    ENTERPRISES = "enterprises"  # first-level units in use
    NATURAL_PERSONS = "natural_persons"  # personal accounts (R04)
    ADMINISTRATORS = "administrators"  # units in use that need one (R48, R50)

    @property
    def label(self) -> Text:
        return _LABELS[self]


_LABELS = {
    Counted.LEGAL_REPRESENTATIVES: Text("法定代表人（原单位账号）", "legal representatives"),
    Counted.ENTERPRISES: Text("企事业单位", "enterprises"),
    Counted.NATURAL_PERSONS: Text("自然人（原个人账号）", "natural persons"),
    Counted.ADMINISTRATORS: Text("单位管理员", "unit administrators"),
}


@dataclass
class Figures:
    """How many of a kind stand where."""

    by_state: dict[AccountState, int] = field(
        default_factory=lambda: dict.fromkeys(AccountState, 0)
    )
    stuck_by: dict[Blocker, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.by_state.values())

    def add(self, standing: Standing, number: int) -> None:
        self.by_state[standing.state] += number
        if standing.state is AccountState.STUCK and standing.blocker is not None:
            self.stuck_by[standing.blocker] = self.stuck_by.get(standing.blocker, 0) + number

    def as_json(self) -> dict[str, Any]:
        return {
            "total": self.total,
            **{state.value: self.by_state[state] for state in AccountState},
            "stuck_by": {b.value: self.stuck_by[b] for b in Blocker if b in self.stuck_by},
        }


def counts(session: Session, reach: Reach) -> dict[Counted, Figures]:
    """The figures of a part of the tree; accounts without a unit count only everywhere."""
    return {
        counted: figures_of(rows_of(session, counted, reach, standing_in_force(counted)))
        for counted in Counted
    }


def figures_of(rows: Iterable[tuple[Standing, int]]) -> Figures:
    figures = Figures()
    for standing, number in rows:
        figures.add(standing, number)
    return figures


def standing_in_force(counted: Counted) -> ColumnElement[str]:
    """The expression for where each counted thing stands now."""
    match counted:
        case Counted.ENTERPRISES:
            return enterprise_standing()
        case Counted.ADMINISTRATORS:
            return administration_standing()
    return account_standing()


def rows_of(
    session: Session,
    counted: Counted,
    reach: Reach,
    standing: ColumnElement[str],
    *conditions: ColumnElement[bool],
) -> list[tuple[Standing, int]]:
    """How many there are of each standing."""
    each = _things(counted, reach, standing).where(*conditions).subquery()
    rows = session.execute(select(each.c.standing, func.count()).group_by(each.c.standing))
    return [(read(text), number) for text, number in rows]


def _things(counted: Counted, reach: Reach, standing: ColumnElement[str]) -> Select[Any]:
    labelled = standing.label("standing")
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
