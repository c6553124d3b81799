"""How long decided cases took, kept along the tree: a median costs what its period makes of it.

``tally`` writes in the transaction that decides a case. A tally stays with the units it was made
for: a unit that moves takes its open cases along, and leaves behind what was done before.
"""

from datetime import date

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from admin_app.database import Base, serialise_on
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.rules import ids_along
from admin_app.rollups.models import EVERYTHING
from admin_app.rollups.rules import day_of
from admin_app.rollups.writing import add_rows
from admin_app.service_desk.case_vocabulary import CaseState
from admin_app.service_desk.models import Case
from admin_app.service_desk.working_days import working_days_between

# What the desk has decided; what somebody takes back says nothing about its pace.
DECIDED = (CaseState.APPROVED, CaseState.REFUSED)
_OPEN = text("ended_at IS NULL")

# All that counting reads of an open case, however many are over.
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


class CaseTally(Base):
    """So many cases of a kind were decided on a day, after so many working days.

    ``unit_id`` is each unit on the way down to the case's own, or 0: everything, with cases that
    are about no unit.
    """

    __tablename__ = "case_tallies"
    __table_args__ = {"sqlite_with_rowid": False}

    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    taken: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]


def tally(session: Session, case: Case) -> None:
    """Count a case that has just been decided; whatever else it has come to isn't counted."""
    if case.state not in DECIDED or case.ended_at is None:
        return
    unit = session.get(Unit, case.unit_id) if case.unit_id is not None else None
    day = day_of(case.ended_at)
    about = {
        "day": day,
        "kind": case.kind.value,
        "taken": working_days_between(day_of(case.filed_at), day),
        "number": 1,
    }
    nodes = [EVERYTHING, *(ids_along(unit.path) if unit else ())]
    serialise_on(session, b"case tallies")  # the topmost rows are everybody's: in turn, not a ring
    add_rows(session, CaseTally, ("number",), [{"unit_id": node, **about} for node in nodes])
