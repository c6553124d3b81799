"""The desk's figures for a place: cases open, overdue, and how long decided ones took.

Open cases are counted where they are kept with their place (``open_cases``); times come from
``case_tallies``. So nothing grows with the cases that were ever decided.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, select
from sqlalchemy.orm import Session

from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.migration.counts import Counted
from admin_app.policy.reach import AFTER_ALL
from admin_app.rollups.kept import node_of
from admin_app.rollups.sources import OF_MANY, is_here
from admin_app.rollups.vocabulary import ALL_REGIONS, Narrowed
from admin_app.service_desk.case_tallies import CaseTally
from admin_app.service_desk.form_vocabulary import CASE_KINDS, CaseKind, case_kind
from admin_app.service_desk.open_cases import OpenCase


@dataclass(frozen=True, slots=True)
class CaseCount:
    """Cases of one kind, or of one department: open now, and decided in the period.

    ``median`` is in working days from filing to decision; None: nothing was decided.
    """

    open: int = 0
    overdue: int = 0
    decided: int = 0
    median: float | None = None

    @property
    def is_nothing(self) -> bool:
        return not (self.open or self.decided)


@dataclass(frozen=True, slots=True)
class DepartmentCount:
    unit_id: int
    name: str
    count: CaseCount


@dataclass(frozen=True, slots=True)
class DeskFigures:
    """The whole of a place, each kind there is, and the departments right below that have any.

    ``others``: how many more are open there that are about something else than was asked for.
    """

    whole: CaseCount
    kinds: Mapping[CaseKind, CaseCount] = field(default_factory=dict)
    departments: tuple[DepartmentCount, ...] = ()
    others: int = 0


def desk_figures(
    session: Session, at: Narrowed, counted: Counted, first: date, last: date, today: date
) -> DeskFigures:
    """Count for a place, which was fetched through a reach; decided from ``first`` to ``last``.

    The most open come first.
    """
    if not is_here(session, at):
        return DeskFigures(CaseCount())
    opened = _open(session, at, counted, today)
    times = _times(session, [node_of(at)], CaseTally.kind, at, counted, first, last)
    kinds = {
        kind: _count(opened.get(kind), times.get(kind.value))
        for kind in CASE_KINDS
        if kind in opened or kind.value in times
    }
    whole = _count(
        (sum(each.open for each in kinds.values()), sum(each.overdue for each in kinds.values())),
        sum(times.values(), Counter()),
    )
    ordered = dict(sorted(kinds.items(), key=lambda item: _most_open_first(item[1])))
    departments: tuple[DepartmentCount, ...] = ()
    if at.place.kind in OF_MANY:
        departments = _departments(session, at, counted, first, last, today)
    return DeskFigures(whole, ordered, departments, _open_at_all(session, at) - whole.open)


def median_of(times: Counter[int]) -> float | None:
    """The middle one of values and how often each occurs, or between the two middle ones."""
    number = times.total()
    if number <= 0:
        return None
    middle = [_nth(times, (number - 1) // 2), _nth(times, number // 2)]
    return sum(middle) / 2


def _nth(times: Counter[int], wanted: int) -> int:
    passed = 0
    for value in sorted(times):
        passed += times[value]
        if passed > wanted:
            return value
    raise IndexError(wanted)


def _departments(
    session: Session, at: Narrowed, counted: Counted, first: date, last: date, today: date
) -> tuple[DepartmentCount, ...]:
    below = and_(OpenCase.path >= Unit.path, OpenCase.path < Unit.path + AFTER_ALL)
    opened = select(func.count()).select_from(OpenCase).where(below, *_of(at, counted))
    found = session.execute(
        select(
            Unit.id,
            Unit.name,
            opened.scalar_subquery(),
            opened.where(OpenCase.due_on < today).scalar_subquery(),
        ).where(Unit.parent_id == _shown_below(session, at), Unit.kind == UnitKind.DEPARTMENT)
    ).all()
    nodes = [number for number, *_ in found]
    times = _times(session, nodes, CaseTally.unit_id, at, counted, first, last)
    counts = [
        DepartmentCount(number, name, _count((some, late), times.get(number)))
        for number, name, some, late in found
    ]
    some = (each for each in counts if not each.count.is_nothing)
    return tuple(sorted(some, key=lambda each: (*_most_open_first(each.count), each.name)))


def _shown_below(session: Session, at: Narrowed) -> int | None:
    """The unit whose departments are shown: of everything it is the one root, if there is one."""
    if at.place.unit_id is not None:
        return at.place.unit_id
    roots = session.scalars(select(Unit.id).where(Unit.parent_id.is_(None)).limit(2)).all()
    return roots[0] if len(roots) == 1 else None


def _open(
    session: Session, at: Narrowed, counted: Counted, today: date
) -> dict[CaseKind, tuple[int, int]]:
    """How many cases of each kind are open, and how many of them overdue."""
    late = func.sum(case((OpenCase.due_on < today, 1), else_=literal(0)))
    statement = (
        select(OpenCase.kind, func.count(), late)
        .where(*_here(at), *_of(at, counted))
        .group_by(OpenCase.kind)
    )
    return {
        case_kind(kind): (number, int(late)) for kind, number, late in session.execute(statement)
    }


def _open_at_all(session: Session, at: Narrowed) -> int:
    statement = select(func.count()).select_from(OpenCase).where(*_here(at), *_of(at))
    return session.scalar(statement) or 0


def _here(at: Narrowed) -> list[ColumnElement[bool]]:
    top = at.place.path
    if at.place.unit_id is None:
        return []
    return [OpenCase.path >= top, OpenCase.path < top + AFTER_ALL]


def _of(at: Narrowed, counted: Counted | None = None) -> list[ColumnElement[bool]]:
    """Open cases of the region, and of one kind."""
    conditions = [OpenCase.region == at.region] if at.region != ALL_REGIONS else []
    return [*conditions, OpenCase.about == counted.value] if counted else conditions


def _times(
    session: Session,
    nodes: list[int],
    by: Any,
    at: Narrowed,
    counted: Counted,
    first: date,
    last: date,
) -> dict[Any, Counter[int]]:
    """How many took how many working days, of those decided in a period."""
    # Of a unit there is no tally by region: it is in the one that was asked for.
    region = at.region if at.place.kind in OF_MANY else ALL_REGIONS
    statement = (
        select(by, CaseTally.taken, func.sum(CaseTally.number))
        .where(
            CaseTally.unit_id.in_(nodes),
            CaseTally.region == region,
            CaseTally.about == counted.value,
            CaseTally.day.between(first, last),
        )
        .group_by(by, CaseTally.taken)
    )
    found: dict[Any, Counter[int]] = {}
    for key, taken, number in session.execute(statement):
        found.setdefault(key, Counter())[taken] += int(number)
    return found


def _count(opened: tuple[int, int] | None, times: Counter[int] | None) -> CaseCount:
    number, late = opened or (0, 0)
    counted = times or Counter()
    return CaseCount(number, late, counted.total(), median_of(counted))


def _most_open_first(count: CaseCount) -> tuple[int, int]:
    return -count.open, -count.decided
