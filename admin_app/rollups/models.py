"""Tables of the figures: what triggers note, where units stand, and the sums along the tree.

Whatever is counted hangs from a unit. Its figures stand with every node above it: day by day and
blocker by blocker with departments and large units (``Figure``, ``FigureFlow``), as plain totals
with what those are cut into, too (``UnitTotal``). Elsewhere things are few enough to be counted.
Node 0 is everything, accounts without a unit too. All of it can be made anew from what it is
about: ``verification`` does.
"""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    and_,
    literal_column,
)
from sqlalchemy.orm import Mapped, mapped_column

from admin_app.database import Base
from admin_app.hierarchy.models import Path

EVERYTHING = 0
_KIND = String(40)
_STATE = String(20)
_BLOCKER = String(40)
_REGION = String(4)


class FigureNews(Base):
    """Something that figures follow from has changed: written by triggers, folded at commit.

    ``about``: an "account" came to a standing (``change`` 1) or left it (-1); a "unit" has to be
    looked at anew, or it and all "below"; a unit has another "place", code or kind.
    """

    __tablename__ = "figure_news"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    about: Mapped[str] = mapped_column(String(10))
    unit_id: Mapped[int | None]
    at: Mapped[datetime | None]
    kind: Mapped[str | None] = mapped_column(_KIND)
    state: Mapped[str | None] = mapped_column(_STATE)
    blocker: Mapped[str | None] = mapped_column(_BLOCKER)
    since: Mapped[datetime | None]
    change: Mapped[int | None]
    former_path: Mapped[str | None] = mapped_column(Path)
    former_uscc: Mapped[str | None] = mapped_column(String(18))


class UnitStanding(Base):
    """Where a unit stands as an enterprise, or with its administrators; absent: not counted."""

    __tablename__ = "unit_standings"
    __table_args__ = (
        Index("ix_unit_standings_kind_state_blocker_path", "kind", "state", "blocker", "path"),
        Index("ix_unit_standings_kind_path", "kind", "path", "state", "blocker", "stated_at"),
        {"sqlite_with_rowid": False},
    )

    unit_id: Mapped[int] = mapped_column(
        ForeignKey("units.id"), primary_key=True, autoincrement=False
    )
    kind: Mapped[str] = mapped_column(_KIND, primary_key=True)
    path: Mapped[str] = mapped_column(Path)  # the unit's, kept with it
    state: Mapped[str] = mapped_column(_STATE)
    blocker: Mapped[str] = mapped_column(_BLOCKER)  # empty: none
    stated_at: Mapped[datetime]


class UnitStandingChange(Base):
    """A unit went from one standing to another; no state: it wasn't counted, or no longer is."""

    __tablename__ = "unit_standing_changes"
    __table_args__ = (Index("ix_unit_standing_changes_unit_id_at", "unit_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    kind: Mapped[str] = mapped_column(_KIND)
    at: Mapped[datetime]
    former_state: Mapped[str | None] = mapped_column(_STATE)
    former_blocker: Mapped[str | None] = mapped_column(_BLOCKER)
    state: Mapped[str | None] = mapped_column(_STATE)
    blocker: Mapped[str | None] = mapped_column(_BLOCKER)


class LargeUnit(Base):
    """A unit with so much at and below it that its figures are kept as a department's are.

    All of it is in one region, so they are kept for all regions together alone.
    """

    __tablename__ = "large_units"

    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    since: Mapped[datetime]


class Figure(Base):
    """How many are in a standing now below a department, or at and below a large unit, by the day.

    ``since``: the day they came to it.
    """

    __tablename__ = "figures"
    __table_args__ = {"sqlite_with_rowid": False}

    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    region: Mapped[str] = mapped_column(_REGION, primary_key=True)
    kind: Mapped[str] = mapped_column(_KIND, primary_key=True)
    state: Mapped[str] = mapped_column(_STATE, primary_key=True)
    blocker: Mapped[str] = mapped_column(_BLOCKER, primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    number: Mapped[int]


class FigureFlow(Base):
    """By how much the number in a standing changed on a day: any former day is a sum of these."""

    __tablename__ = "figure_flows"
    __table_args__ = {"sqlite_with_rowid": False}

    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    region: Mapped[str] = mapped_column(_REGION, primary_key=True)
    kind: Mapped[str] = mapped_column(_KIND, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(_STATE, primary_key=True)
    blocker: Mapped[str] = mapped_column(_BLOCKER, primary_key=True)
    number: Mapped[int]


class UnitTotal(Base):
    """How many at and below a unit are in each state now.

    Kept of departments, first-level units, large units, and what stands directly below those.
    """

    __tablename__ = "unit_totals"
    __table_args__ = (
        Index(
            "ix_unit_totals_parts",
            "parent_id",
            "region",
            "kind",
            "is_department",
            "total",
            "unit_id",
        ),
        {"sqlite_with_rowid": False},
    )

    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    region: Mapped[str] = mapped_column(_REGION, primary_key=True)
    kind: Mapped[str] = mapped_column(_KIND, primary_key=True)
    parent_id: Mapped[int]  # of a root, and of everything itself: 0
    is_department: Mapped[bool]
    not_started: Mapped[int] = mapped_column(default=0)
    in_progress: Mapped[int] = mapped_column(default=0)
    stuck: Mapped[int] = mapped_column(default=0)
    migrated: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    path: Mapped[str] = mapped_column(Path)  # the unit's, kept with it; of everything: empty


# Asked for in these very words, or SQLite doesn't know that the index has what is asked for.
VACANT = and_(
    UnitTotal.kind == literal_column("'administrators'"),
    literal_column("NOT is_department"),
    literal_column("stuck > 0"),
)
Index(
    "ix_unit_totals_vacant",
    UnitTotal.region,
    UnitTotal.stuck,
    UnitTotal.unit_id,
    UnitTotal.path,  # so that those of a place are told without looking at any
    sqlite_where=VACANT,
    postgresql_where=VACANT,
)
Index(
    "ix_unit_totals_vacant_along",
    UnitTotal.region,
    UnitTotal.path,
    UnitTotal.stuck,
    UnitTotal.unit_id,
    sqlite_where=VACANT,
    postgresql_where=VACANT,
)
# First-level units alone: nothing else has enterprises at and below it.
OF_ENTERPRISES = and_(
    UnitTotal.kind == literal_column("'enterprises'"), literal_column("NOT is_department")
)
Index(
    "ix_unit_totals_enterprises_along",
    UnitTotal.region,
    UnitTotal.path,
    UnitTotal.unit_id,
    sqlite_where=OF_ENTERPRISES,
    postgresql_where=OF_ENTERPRISES,
)


class Holder(Base):
    """Somebody on whom several enterprises or secondary units wait, by the index of their number.

    For everything and for each department, at all and by region; kept only from two upwards.
    """

    __tablename__ = "holders"
    __table_args__ = (
        Index("ix_holders_unit_id_region", "unit_id", "region", "waiting", "id_index"),
        Index("ix_holders_id_index", "id_index"),
        {"sqlite_with_rowid": False},
    )

    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    region: Mapped[str] = mapped_column(_REGION, primary_key=True)
    id_index: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    waiting: Mapped[int]


class Snapshot(Base):
    """A day's figures of a department, or (node 0) of everything, as they were that day."""

    __tablename__ = "snapshots"
    __table_args__ = (
        Index("uq_snapshots", "day", "unit_id", "kind", "state", "blocker", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    unit_id: Mapped[int]
    kind: Mapped[str] = mapped_column(_KIND)
    state: Mapped[str] = mapped_column(String(40))
    blocker: Mapped[str] = mapped_column(_BLOCKER)
    number: Mapped[int]
