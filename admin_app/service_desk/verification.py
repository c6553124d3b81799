"""Proving what the desk's figures are read from equal to the cases, and putting it right."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Date, cast, delete, except_, func, insert, select, text, union_all
from sqlalchemy.orm import Session

from admin_app.database import among, begin_writing
from admin_app.hierarchy.models import Unit
from admin_app.migration.models import LegacyAccount
from admin_app.rollups.homes import Homes
from admin_app.service_desk.case_tallies import CaseMonth, CaseTally
from admin_app.service_desk.case_vocabulary import CaseState
from admin_app.service_desk.models import Case
from admin_app.service_desk.open_cases import NOWHERE, OpenCase
from admin_app.service_desk.rules import about

_AT_ONCE = 1_000  # cases looked at together
_COLUMNS = tuple(OpenCase.__table__.columns)
_READ = (
    Case.id,
    Case.unit_id,
    Case.form,
    Case.blocker,
    Case.state,
    Case.due_on,
    Unit.path,
    LegacyAccount.kind.label("account_kind"),
)
_MONTH = {
    "sqlite": func.date(CaseTally.day, "start of month", type_=Date),
    "postgresql": cast(func.date_trunc("month", CaseTally.day), Date),
}


@dataclass(frozen=True, slots=True)
class DeskDifferences:
    """How many open cases, and months' tallies, were kept wrongly."""

    open_cases: int = 0
    case_months: int = 0

    @property
    def number(self) -> int:
        return self.open_cases + self.case_months


def verify_desk(session: Session, *, repair: bool = False) -> DeskDifferences:
    """Compare the open cases kept with the cases, and the months with their days.

    To repair, it has to begin the transaction, and whoever moves a case waits for its end. The
    days' tallies stay as they were made: where a unit stood then, nobody knows now.
    """
    if repair:
        _let_nobody_write(session)
    wrong = 0
    for first, last, truth in _stretches(session):
        kept = _kept(session, first, last)
        differing = [n for n in truth.keys() | kept.keys() if truth.get(n) != kept.get(n)]
        wrong += len(differing)
        if repair and differing:
            session.execute(delete(OpenCase).where(among(session, OpenCase.case_id, differing)))
            rows = [truth[number] for number in differing if number in truth]
            if rows:
                names = [column.name for column in _COLUMNS]
                session.execute(
                    insert(OpenCase), [dict(zip(names, row, strict=True)) for row in rows]
                )
    return DeskDifferences(wrong, _months(session, repair=repair))


def _let_nobody_write(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        tables = f"{OpenCase.__tablename__}, {CaseTally.__tablename__}, {CaseMonth.__tablename__}"
        session.execute(text(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE"))
    else:
        begin_writing(session)


def _stretches(session: Session) -> Iterator[tuple[int, int | None, dict[int, tuple[Any, ...]]]]:
    """The rows there should be, so many cases at a time: of the numbers above one, up to another.

    The last stretch has no end: what is kept of cases that don't exist is in one of them, too.
    """
    after = 0
    while True:
        found = session.execute(
            select(*_READ)
            .outerjoin(Unit, Unit.id == Case.unit_id)
            .outerjoin(LegacyAccount, LegacyAccount.id == Case.account_id)
            .where(Case.ended_at.is_(None), Case.id > after)
            .order_by(Case.id)
            .limit(_AT_ONCE)
        ).all()
        homes = Homes(session).of_units({row.unit_id for row in found})
        last = found[-1].id if len(found) == _AT_ONCE else None
        yield after, last, {row.id: _row(row, homes[row.unit_id].region) for row in found}
        if last is None:
            return
        after = last


def _row(case: Any, region: str) -> tuple[Any, ...]:
    """What is kept of an open case, in the order of the columns."""
    kind = case.form or case.blocker
    due_on = None if case.state is CaseState.WAITING else case.due_on
    what = about(kind, case.account_kind).value
    return case.id, case.path or NOWHERE, region, what, kind.value, due_on


def _kept(session: Session, after: int, last: int | None) -> dict[int, tuple[Any, ...]]:
    statement = select(*_COLUMNS).where(OpenCase.case_id > after)
    if last is not None:
        statement = statement.where(OpenCase.case_id <= last)
    return {row.case_id: tuple(row) for row in session.execute(statement)}


def _months(session: Session, *, repair: bool) -> int:
    """How many months' tallies aren't the sum of their days."""
    key = ("unit_id", "region", "about", "day", "kind", "taken")
    month = _MONTH[session.get_bind().dialect.name]
    days = [month if name == "day" else getattr(CaseTally, name) for name in key]
    truth = select(*days, func.sum(CaseTally.number)).group_by(*days)
    kept = select(*(getattr(CaseMonth, name) for name in (*key, "number")))
    either = union_all(
        select(except_(truth, kept).subquery()), select(except_(kept, truth).subquery())
    ).subquery()
    wrong = session.scalar(
        select(func.count()).select_from(select(*list(either.c)[:-1]).distinct().subquery())
    )
    if wrong and repair:
        session.execute(delete(CaseMonth))
        session.execute(insert(CaseMonth).from_select([*key, "number"], truth))
    return wrong or 0
