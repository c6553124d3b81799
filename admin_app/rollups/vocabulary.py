"""What the figures are about and the values in which they are handed out; no database here."""

from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from admin_app.errors import DomainError, ErrorKind
from admin_app.migration.blockers import Blocker
from admin_app.migration.counts import Counted, Figures
from admin_app.migration.vocabulary import AccountState
from admin_app.wording import Text

# Days a thing has been stuck: from, to (both included; None: no end).
AGE_BANDS: tuple[tuple[int, int | None], ...] = ((0, 3), (4, 7), (8, 30), (31, None))

ALL_REGIONS = ""
REGION_UNKNOWN = "0000"  # the unit has no credit code to tell it


class PlaceKind(Enum):
    """How a place's figures are had."""

    EVERYTHING = "everything"  # all there is, accounts without a unit too
    DEPARTMENT = "department"
    FIRST_LEVEL = "first_level"
    SECONDARY = "secondary"


@dataclass(frozen=True, slots=True)
class Place:
    """A part of the tree, fetched through a reach: whoever holds one may see its figures."""

    unit_id: int | None  # None: everything
    path: str
    kind: PlaceKind
    name: str  # empty for everything
    is_large: bool = False  # a unit whose figures are kept as a department's are


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A place, and within it perhaps only the units registered in one region.

    ``region`` is the first four digits of a division code (GB/T 2260), positions 3 to 6 of the
    first-level unit's credit code.
    """

    place: Place
    region: str = ALL_REGIONS


class Stage(Enum):
    """How far somebody has come on the way; whoever has reached one has reached those before it."""

    IMPORTED = "imported"
    SIGNED_IN = "signed_in"
    VERIFIED = "verified"
    ENTERPRISE_BOUND = "enterprise_bound"
    ACCOUNT_BOUND = "account_bound"
    ADMINISTRATOR_APPOINTED = "administrator_appointed"

    @property
    def label(self) -> Text:
        return _STAGE_LABELS[self]


_STAGE_LABELS = {
    Stage.IMPORTED: Text("原账号已导入", "account imported"),
    Stage.SIGNED_IN: Text("已登录省平台", "signed in"),
    Stage.VERIFIED: Text("已中级实名", "verified"),
    Stage.ENTERPRISE_BOUND: Text("已绑定企业", "enterprise bound"),
    Stage.ACCOUNT_BOUND: Text("已绑定原账号", "account bound"),
    Stage.ADMINISTRATOR_APPOINTED: Text("已有管理员", "administrator appointed"),
}


@dataclass(frozen=True, slots=True)
class StageCount:
    """How many have come at least as far as a stage."""

    stage: Stage
    number: int


@dataclass(frozen=True, slots=True)
class BlockerCount:
    """How many a blocker holds up, since when the longest, and how many in each age band."""

    blocker: Blocker
    number: int
    oldest: date
    bands: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DayFigures:
    """How many stood where at the end of a day."""

    day: date
    by_state: dict[AccountState, int]

    @property
    def total(self) -> int:
        return sum(self.by_state.values())

    @property
    def migrated(self) -> int:
        return self.by_state[AccountState.MIGRATED]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a place with its figures: a unit below it, or a region in it."""

    name: str
    by_state: dict[AccountState, int]
    unit_id: int | None = None
    region: str = ALL_REGIONS
    kind: PlaceKind | None = None
    has_parts: bool = False  # whether there is something below to go down to

    @property
    def total(self) -> int:
        return sum(self.by_state.values())

    @property
    def migrated(self) -> int:
        return self.by_state[AccountState.MIGRATED]


@dataclass(frozen=True, slots=True)
class Parts:
    """The largest parts of a place; ``others`` are the figures and number of those left out."""

    shown: tuple[Part, ...]
    others: Part | None = None
    others_number: int = 0


class LeverKind(Enum):
    PERSON = "person"  # a legal representative who hasn't got through
    UNIT = "unit"  # a first-level unit that leaves its secondary units without administrators


@dataclass(frozen=True, slots=True)
class Lever:
    """Somebody, or a unit, where help now releases others.

    ``unit_id`` and ``unit_name`` are the (largest) enterprise concerned. No personal data: whoever
    may see it finds it behind the unit's diagnosis.
    """

    kind: LeverKind
    unit_id: int
    unit_name: str
    enterprises: int
    secondary_units: int
    blocker: Blocker | None = None
    enterprise_ids: tuple[int, ...] = ()  # those that wait on a person

    @property
    def releases(self) -> int:
        return self.enterprises + self.secondary_units


@dataclass(frozen=True, slots=True)
class Headline:
    """The figures of one kind now, and how they have changed since a day before."""

    counted: Counted
    figures: Figures
    change: dict[AccountState, int] = field(default_factory=dict)


class NoSuchPlace(DomainError):
    """Not there, or outside the reader's reach; the two are never told apart."""

    code = "no_such_place"
    kind = ErrorKind.OUT_OF_REACH
    text = Text(
        "没有这个单位，或它不在您的管理范围内。",
        "There is no such unit, or it lies outside what you look after.",
    )
