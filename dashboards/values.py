"""The values that data, figures and pages hand to each other."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from admin_app.migration.blockers import Blocker
from admin_app.migration.counts import Counted
from admin_app.migration.vocabulary import AccountState
from admin_app.rollups.vocabulary import ALL_REGIONS, Stage
from admin_app.service_desk.form_vocabulary import CaseKind
from admin_app.wording import Text


@dataclass(frozen=True, slots=True)
class Look:
    """How a figure is drawn: for whom it is written, and on what ground."""

    language: str = "zh"  # "zh" or "en"
    dark: bool = False
    narrow: bool = False  # a telephone


@dataclass(frozen=True, slots=True)
class Choice:
    """What the reader has narrowed the page to; the whole of it stands in the address.

    ``unit_id`` None: the whole of the reader's reach. ``day`` None: today. ``compared_with``: a
    second day to compare with, or None.
    """

    unit_id: int | None = None
    region: str = ALL_REGIONS
    counted: Counted = Counted.LEGAL_REPRESENTATIVES
    first: date | None = None  # the period shown; None: the last 30 days
    last: date | None = None
    compared_with: date | None = None


class OnDesk(Enum):
    """Which cases of the service desk: about the kind of thing chosen, or about any."""

    OPEN = "open"
    OVERDUE = "overdue"
    ANY_OPEN = "any_open"
    ANY_OVERDUE = "any_overdue"

    @property
    def is_overdue(self) -> bool:
        return self in (OnDesk.OVERDUE, OnDesk.ANY_OVERDUE)

    @property
    def of_any(self) -> "OnDesk":
        return OnDesk.ANY_OVERDUE if self.is_overdue else OnDesk.ANY_OPEN

    @property
    def is_of_any(self) -> bool:
        return self in (OnDesk.ANY_OPEN, OnDesk.ANY_OVERDUE)


@dataclass(frozen=True, slots=True)
class Mark:
    """What a bar, a tile or a table's row stands for: a click on it leads to the list behind it."""

    counted: Counted | None = None
    state: AccountState | None = None
    blocker: Blocker | None = None
    stage: Stage | None = None
    unit_id: int | None = None  # go down to this unit
    region: str | None = None
    listed_unit_id: int | None = None  # go to this unit's diagnosis
    case_kind: CaseKind | None = None
    on_desk: OnDesk | None = None


Cell = str | int | float | date | Text | None


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[Cell, ...]
    mark: Mark | None = None
    linked: int = 0  # which cell it is that leads there


@dataclass(frozen=True, slots=True)
class Table:
    """The same figures as the chart's; what is read aloud, printed and taken away."""

    headings: tuple[Text, ...]
    rows: Sequence[Row] = field(default_factory=tuple)
