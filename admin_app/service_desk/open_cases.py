"""The open cases once more, each with where it stands: so that any place's are counted at once.

A case knows its unit alone, and joining it to the tree takes longer than counting it. Triggers
(``schema.open_cases``) put a row here for each case that is open, take it away when it is over,
and keep path and region as units move and codes change.
"""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Index, String, literal_column, select
from sqlalchemy.orm import Mapped, mapped_column

from admin_app.database import Base
from admin_app.hierarchy.models import Path
from admin_app.migration.counts import Counted
from admin_app.service_desk.models import Case
from admin_app.service_desk.rules import (
    ABOUT_ACCOUNTS,
    ABOUT_FORMS,
    ABOUT_NO_ACCOUNT,
    ABOUT_OTHERS,
)

NOWHERE = ""  # the path of a case that is about no unit


class OpenCase(Base):
    """A case that is open: where it stands in the tree, of which kind, and by when it is due.

    ``due_on`` None: the person is asked for something, and the desk's clock stands still.
    """

    __tablename__ = "open_cases"
    __table_args__ = (
        # All that counting reads.
        Index("ix_open_cases_path", "path", "about", "region", "kind", "due_on"),
    )

    # No foreign key: whatever becomes of the case, a trigger has it become of this row too.
    case_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    path: Mapped[str] = mapped_column(Path)  # the unit's, kept with it
    region: Mapped[str] = mapped_column(String(4))
    about: Mapped[str] = mapped_column(String(40))  # a ``Counted``
    kind: Mapped[str] = mapped_column(String(40))  # a ``CaseKind``
    due_on: Mapped[date | None]


def about_sql(row: str) -> str:
    """``rules.about`` over the columns of a case, as SQL that triggers take too.

    Args:
        row: what stands for the case: a table's name, or NEW.
    """
    account = f"(SELECT kind FROM legacy_accounts WHERE id = {row}.account_id)"  # noqa: S608
    others = f"'{ABOUT_OTHERS.value}'"
    return (
        f"CASE WHEN {row}.form IS NOT NULL THEN {_chosen(f'{row}.form', ABOUT_FORMS, others)} "
        f"WHEN {row}.account_id IS NOT NULL THEN {_chosen(account, ABOUT_ACCOUNTS, others)} "
        f"ELSE {_chosen(f'{row}.blocker', ABOUT_NO_ACCOUNT, others)} END"
    )


def is_about(counted: Counted, *, only_open: bool) -> ColumnElement[bool]:
    """The cases that count with a kind, as a condition on ``Case``.

    ``only_open``: no others are asked for, and what is kept of them answers.
    """
    if only_open:
        return _open_where(OpenCase.about == counted.value)
    return literal_column(about_sql(Case.__tablename__), String) == counted.value


def is_open_in(region: str) -> ColumnElement[bool]:
    """The open cases that count in a region."""
    return _open_where(OpenCase.region == region)


def _open_where(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(OpenCase.case_id).where(OpenCase.case_id == Case.id, condition).exists()


def _chosen(value: str, ways: Mapping[Any, Counted], otherwise: str) -> str:
    lines = " ".join(f"WHEN '{_text(each)}' THEN '{to.value}'" for each, to in ways.items())
    return f"CASE {value} {lines} ELSE {otherwise} END"


def _text(each: Enum) -> str:
    return str(each.value)
