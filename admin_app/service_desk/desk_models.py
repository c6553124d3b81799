"""Tables of the desk itself: saved views, who looks after which departments, the search index."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from admin_app.database import Base
from admin_app.hierarchy.models import Unit
from admin_app.identity.models import StaffAccount


class SavedView(Base):
    """Filters, sort and search of the desk's list under a name; ``query`` is an address's."""

    __tablename__ = "desk_views"
    __table_args__ = (
        Index("uq_desk_views_staff_id_name", "staff_id", "name", unique=True),
        Index("ix_desk_views_shared_id", "shared", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"))
    name: Mapped[str] = mapped_column(String(40))
    query: Mapped[str] = mapped_column(String(500))
    shared: Mapped[bool] = mapped_column(default=False)
    saved_at: Mapped[datetime]

    staff: Mapped[StaffAccount] = relationship(viewonly=True)


class DeskMember(Base):
    """A member of support as new cases see them; without a row: here, and given nothing yet."""

    __tablename__ = "desk_members"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"), primary_key=True)
    away: Mapped[bool] = mapped_column(default=False)
    turn: Mapped[int] = mapped_column(default=0)  # rises each time; the smallest is next


class DeskDepartment(Base):
    """A department, with all below it, that a member of support looks after; none means all."""

    __tablename__ = "desk_departments"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)

    unit: Mapped[Unit] = relationship(viewonly=True)


class CaseText(Base):
    """Something a case can be found by, as ``search_rules.text_key`` writes it.

    ``entry_id`` is the step it was said in; without one it is the statement, or, ``about``, names.
    """

    __tablename__ = "case_texts"
    __table_args__ = (Index("ix_case_texts_case_id", "case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    about: Mapped[bool] = mapped_column(default=False)
    key: Mapped[str] = mapped_column(Text)


class CaseGram(Base):
    """A pair of neighbouring characters in one of a case's texts."""

    __tablename__ = "case_grams"
    __table_args__ = {"sqlite_with_rowid": False}  # the key is all there is

    gram: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    # No foreign key, as with the names of units: cases are never deleted.
    case_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class CaseToIndex(Base):
    """A case that the worker is to index anew: from before there was an index, or after an import
    renamed the old account it is about. Written by a trigger and by revisions (see ``schema``).
    """

    __tablename__ = "cases_to_index"

    case_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
