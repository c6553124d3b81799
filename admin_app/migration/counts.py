"""What is counted, and the value a count is handed out in; ``rollups`` keeps the counts."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from admin_app.migration.blockers import Blocker
from admin_app.migration.rules import Standing
from admin_app.migration.vocabulary import AccountState
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
