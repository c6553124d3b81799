"""The tree's tables: units, their former names and places, and the search index over names."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Enum,
    ForeignKey,
    Index,
    String,
    TextClause,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from admin_app.database import Base
from admin_app.hierarchy.rules import DEPTH_MOST, NAME_MOST, SEGMENT_WIDTH
from admin_app.hierarchy.vocabulary import UnitKind, UnitStatus


def _values(kind: type[UnitKind] | type[UnitStatus]) -> list[str]:
    return [member.value for member in kind]


_ACTIVE = text("status = 'active'")
_VACANT = text("status = 'active' AND kind <> 'department' AND administrators = 0")


def _along_tree(name: str, condition: TextClause) -> tuple[Index, Index]:
    """Indexes for lists of the few units in a state, all of them or those of one kind."""
    where: dict[str, Any] = {"sqlite_where": condition, "postgresql_where": condition}
    return (
        Index(f"ix_units_{name}_path", "path", **where),
        Index(f"ix_units_{name}_kind_path", "kind", "path", **where),
    )


# Byte order, so that a subtree is one range of paths; SQLite compares bytes anyway.
_PATH_MOST = DEPTH_MOST * SEGMENT_WIDTH
Path = String(_PATH_MOST).with_variant(String(_PATH_MOST, collation="C"), "postgresql")


class Unit(Base):
    """A node of the tree: a competent department, a first-level or a secondary unit."""

    __tablename__ = "units"
    __table_args__ = (
        UniqueConstraint("path"),
        UniqueConstraint("uscc"),
        UniqueConstraint("external_id"),
        CheckConstraint("(parent_id IS NULL) = (length(path) = 6)", "root_has_no_parent"),
        CheckConstraint("parent_id IS NOT NULL OR kind = 'department'", "root_is_department"),
        CheckConstraint("administrators >= 0", "administrators_not_negative"),
        Index(
            "uq_units_parent_id_name_key",
            "parent_id",
            "name_key",
            unique=True,
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        ),
        Index("ix_units_parent_id_path", "parent_id", "path"),
        Index("ix_units_kind_path", "kind", "path"),
        *_along_tree("vacant", _VACANT),
        *_along_tree("administered", text("administrators > 0")),
        *_along_tree("archived", text("status = 'archived'")),
        Index("ix_units_name_key_path", "name_key", "path"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    path: Mapped[str] = mapped_column(Path)
    kind: Mapped[UnitKind] = mapped_column(
        Enum(UnitKind, native_enum=False, length=20, values_callable=_values)
    )
    status: Mapped[UnitStatus] = mapped_column(
        Enum(UnitStatus, native_enum=False, length=20, values_callable=_values),
        default=UnitStatus.ACTIVE,
    )
    name: Mapped[str] = mapped_column(String(NAME_MOST))
    name_key: Mapped[str] = mapped_column(
        String(NAME_MOST * 4).with_variant(String(NAME_MOST * 4, collation="C"), "postgresql")
    )
    uscc: Mapped[str | None] = mapped_column(
        String(18).with_variant(String(18, collation="C"), "postgresql")
    )
    external_id: Mapped[str | None] = mapped_column(String(100))
    # How many current administrators; kept by ``delegation`` in the same transaction.
    administrators: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    parent: Mapped["Unit | None"] = relationship(remote_side=[id], viewonly=True)
    # No column: lists of enterprises fill it in (``migration.standing_sql``).
    standing: Mapped[str | None] = query_expression()


class UnitPeriod(Base):
    """A unit's name, place and status from one moment to the next: the tree as of any date."""

    __tablename__ = "unit_periods"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", "ends_after_it_began"),
        Index(
            "uq_unit_periods_current",
            "unit_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        Index("ix_unit_periods_unit_id_since", "unit_id", "since"),
        Index("ix_unit_periods_name", "name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    parent_id: Mapped[int | None]
    name: Mapped[str] = mapped_column(String(NAME_MOST))
    status: Mapped[UnitStatus] = mapped_column(
        Enum(UnitStatus, native_enum=False, length=20, values_callable=_values)
    )
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class UnitNameGram(Base):
    """One pair of neighbouring characters of a unit's name, so that any part of it is found."""

    __tablename__ = "unit_name_grams"
    __table_args__ = {"sqlite_with_rowid": False}

    gram: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    # No foreign key: units are never deleted, and checking twelve million rows isn't free.
    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class Sequence(Base):
    """The next free number of a kind; taken by one statement, on both databases."""

    __tablename__ = "sequences"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    next_number: Mapped[int]
