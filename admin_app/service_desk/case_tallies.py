"""How long decided cases took, kept along the tree: a median costs what its period makes of it.

``tally`` writes in the transaction that decides a case. A tally stays with the units and the
region it was made for: a unit that moves takes its open cases along, and leaves behind what was
done before.
"""

from datetime import date
from typing import Any

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from admin_app.database import Base, serialise_on
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.rules import ids_along
from admin_app.rollups.homes import Homes
from admin_app.rollups.models import EVERYTHING
from admin_app.rollups.rules import day_of
from admin_app.rollups.vocabulary import ALL_REGIONS
from admin_app.rollups.writing import add_rows
from admin_app.service_desk.case_vocabulary import CaseState
from admin_app.service_desk.models import Case
from admin_app.service_desk.rules import about
from admin_app.service_desk.working_days import working_days_between

# What the desk has decided; what somebody takes back says nothing about its pace.
DECIDED = (CaseState.APPROVED, CaseState.REFUSED)
_OPEN = text("ended_at IS NULL")

# The open cases of a unit, for the desk's list and its search.
Index(
    "ix_cases_open_unit_id_kind",
    Case.unit_id,
    Case.blocker,
    Case.form,
    Case.state,
    Case.due_on,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)


class _Tally:
    """So many cases of a kind were decided, after so many working days.

    ``unit_id`` is each unit on the way down to the case's own, or 0: everything, with cases that
    are about no unit. Of everything and of departments there is another one by region; a unit is
    in one region with all that is in it.
    """

    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    region: Mapped[str] = mapped_column(String(4), primary_key=True)
    about: Mapped[str] = mapped_column(String(40), primary_key=True)  # a ``Counted``
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)  # a ``CaseKind``
    taken: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]


class CaseTally(_Tally, Base):
    """Of a day."""

    __tablename__ = "case_tallies"
    __table_args__ = {"sqlite_with_rowid": False}


class CaseMonth(_Tally, Base):
    """Of a month, by its first day: so that a year is read from twelve of them."""

    __tablename__ = "case_months"
    __table_args__ = {"sqlite_with_rowid": False}


def tally(session: Session, case: Case) -> None:
    """Count a case that has just been decided; whatever else it has come to isn't counted."""
    if case.state not in DECIDED or case.ended_at is None:
        return
    day = day_of(case.ended_at)
    said = {
        "about": about(case.kind, case.account.kind if case.account else None).value,
        "kind": case.kind.value,
        "taken": working_days_between(day_of(case.filed_at), day),
        "number": 1,
    }
    places = _places_of(session, case)
    serialise_on(session, b"case tallies")  # the topmost rows are everybody's: in turn, not a ring
    for model, since in ((CaseTally, day), (CaseMonth, month_of(day))):
        rows = [{**place, **said, "day": since} for place in places]
        add_rows(session, model, ("number",), rows)


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def _places_of(session: Session, case: Case) -> list[dict[str, Any]]:
    """The nodes at which a case counts, of all regions and of its own."""
    home = Homes(session).of_units([case.unit_id])[case.unit_id]
    unit = session.get(Unit, case.unit_id) if case.unit_id is not None else None
    nodes = [EVERYTHING, *(ids_along(unit.path) if unit else ())]
    return [
        *({"unit_id": node, "region": ALL_REGIONS} for node in nodes),
        *({"unit_id": node, "region": home.region} for node in home.departments),
    ]
