"""The desk's figures for a place: cases open, overdue, and how long decided ones took.

Open cases are counted where they are kept with their place (``open_cases``); times come from
``case_times``. So nothing grows with the cases that were ever decided.
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
from admin_app.service_desk.case_times import median_of, times_taken
from admin_app.service_desk.form_vocabulary import CASE_KINDS, CaseKind
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
    """A place's cases about the kind of thing asked for: all of them, each case kind there is, and
    the departments right below that have any.

    ``abouts``: the same of every kind of thing, of those that have any cases. ``about`` None:
    there are none about what was asked for, and case kinds and departments are those of all.
    """

    whole: CaseCount = CaseCount()
    kinds: Mapping[CaseKind, CaseCount] = field(default_factory=dict)
    departments: tuple[DepartmentCount, ...] = ()
    abouts: Mapping[Counted, CaseCount] = field(default_factory=dict)
    about: Counted | None = None


def desk_figures(
    session: Session, at: Narrowed, counted: Counted, first: date, last: date, today: date
) -> DeskFigures:
    """Count for a place, which was fetched through a reach; decided from ``first`` to ``last``.

    The most open come first.
    """
    if not is_here(session, at):
        return DeskFigures()
    found = _Found(
        _open(session, at, today),
        times_taken(session, [node_of(at)], _tallied(at), ("about", "kind"), first, last),
    )
    abouts = {about: found.count(about=about) for about in Counted}
    abouts = {about: count for about, count in abouts.items() if not count.is_nothing}
    about = counted if counted in abouts else None
    kinds = {kind: found.count(about=about, kind=kind) for kind in CASE_KINDS}
    kinds = {kind: count for kind, count in kinds.items() if not count.is_nothing}
    departments: tuple[DepartmentCount, ...] = ()
    if abouts and at.place.kind in OF_MANY:
        departments = _departments(session, at, about, first, last, today)
    return DeskFigures(
        abouts.get(counted, CaseCount()),
        dict(sorted(kinds.items(), key=lambda item: _most_open_first(item[1]))),
        departments,
        abouts,
        about,
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """By kind of thing and of case: open and of these overdue, and how long decided ones took."""

    opened: Mapping[tuple[str, str], tuple[int, int]]
    times: Mapping[tuple[Any, ...], Counter[int]]

    def count(self, *, about: Counted | None = None, kind: CaseKind | None = None) -> CaseCount:
        """Those about one kind of thing, of one kind of case; of any, if None."""

        def asked(of: tuple[Any, ...]) -> bool:
            return (about is None or of[0] == about.value) and (kind is None or of[1] == kind.value)

        opened = [each for of, each in self.opened.items() if asked(of)]
        taken = [each for of, each in self.times.items() if asked(of)]
        numbers = sum(number for number, _late in opened), sum(late for _number, late in opened)
        return _count(numbers, sum(taken, Counter()))


def _departments(
    session: Session, at: Narrowed, about: Counted | None, first: date, last: date, today: date
) -> tuple[DepartmentCount, ...]:
    below = and_(OpenCase.path >= Unit.path, OpenCase.path < Unit.path + AFTER_ALL)
    opened = select(func.count()).select_from(OpenCase).where(below, *_of(at, about))
    found = session.execute(
        select(
            Unit.id,
            Unit.name,
            opened.scalar_subquery(),
            opened.where(OpenCase.due_on < today).scalar_subquery(),
        ).where(Unit.parent_id == _shown_below(session, at), Unit.kind == UnitKind.DEPARTMENT)
    ).all()
    nodes = [number for number, *_ in found]
    times = times_taken(session, nodes, _tallied(at), ("unit_id",), first, last, about)
    counts = [
        DepartmentCount(number, name, _count((some, late), times.get((number,))))
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


def _open(session: Session, at: Narrowed, today: date) -> dict[tuple[str, str], tuple[int, int]]:
    """How many are open, and how many of them overdue, by kind of thing and of case."""
    late = func.sum(case((OpenCase.due_on < today, 1), else_=literal(0)))
    statement = (
        select(OpenCase.about, OpenCase.kind, func.count(), late)
        .where(*_here(at), *_of(at))
        .group_by(OpenCase.about, OpenCase.kind)
    )
    rows = session.execute(statement)
    return {(about, kind): (number, int(overdue)) for about, kind, number, overdue in rows}


def _tallied(at: Narrowed) -> str:
    """The region that a place's tallies have: of a unit there is none by region, it is in one."""
    return at.region if at.place.kind in OF_MANY else ALL_REGIONS


def _here(at: Narrowed) -> list[ColumnElement[bool]]:
    top = at.place.path
    if at.place.unit_id is None:
        return []
    return [OpenCase.path >= top, OpenCase.path < top + AFTER_ALL]


def _of(at: Narrowed, about: Counted | None = None) -> list[ColumnElement[bool]]:
    """Open cases of the region, and about one kind of thing."""
    conditions = [OpenCase.region == at.region] if at.region != ALL_REGIONS else []
    return [*conditions, OpenCase.about == about.value] if about else conditions


def _count(opened: tuple[int, int] | None, times: Counter[int] | None) -> CaseCount:
    number, late = opened or (0, 0)
    counted = times or Counter()
    return CaseCount(number, late, counted.total(), median_of(counted))


def _most_open_first(count: CaseCount) -> tuple[int, int]:
    return -count.open, -count.decided
