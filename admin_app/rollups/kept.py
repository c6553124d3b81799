"""Reading what is kept: the figures of everything, of departments, and first-level totals."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app.hierarchy.models import Unit
from admin_app.migration.vocabulary import AccountState
from admin_app.rollups.models import EVERYTHING, Figure, FigureFlow, UnitTotal
from admin_app.rollups.vocabulary import ALL_REGIONS, Narrowed

_STATES = {state: getattr(UnitTotal, state.value) for state in AccountState}
ByState = dict[AccountState, int]


def node_of(at: Narrowed) -> int:
    return EVERYTHING if at.place.unit_id is None else at.place.unit_id


def totals(session: Session, at: Narrowed) -> dict[str, ByState]:
    """The numbers by state, of each kind."""
    rows = session.execute(
        select(UnitTotal.kind, *_STATES.values()).where(
            UnitTotal.unit_id == node_of(at), UnitTotal.region == at.region
        )
    )
    return {row[0]: dict(zip(_STATES, row[1:], strict=True)) for row in rows}


def standings(session: Session, at: Narrowed, kind: str) -> list[tuple[str, str, int]]:
    """State, blocker and number."""
    number = func.sum(Figure.number)
    statement = select(Figure.state, Figure.blocker, number).group_by(Figure.state, Figure.blocker)
    rows = session.execute(_of(statement, Figure, at, kind))
    return [(state, blocker, int(n)) for state, blocker, n in rows if n]


def stuck_since(session: Session, at: Narrowed, kind: str) -> Iterator[tuple[str, date, int]]:
    """Blocker, day and number of the stuck."""
    statement = select(Figure.blocker, Figure.since, Figure.number).where(
        Figure.state == AccountState.STUCK.value, Figure.number != 0
    )
    for row in session.execute(_of(statement, Figure, at, kind)):
        yield row[0], row[1], row[2]


def flows(
    session: Session, at: Narrowed, kind: str, after: date
) -> list[tuple[date, AccountState, int]]:
    """By how much the numbers in each state changed on each day after one."""
    statement = (
        select(FigureFlow.day, FigureFlow.state, func.sum(FigureFlow.number))
        .where(FigureFlow.day > after)
        .group_by(FigureFlow.day, FigureFlow.state)
    )
    rows = session.execute(_of(statement, FigureFlow, at, kind))
    return [(day, AccountState(state), int(number)) for day, state, number in rows]


def parts(
    session: Session, at: Narrowed, kind: str, most: int, *, departments_only: bool = False
) -> Sequence[Any]:
    """The largest units directly below, each with its numbers by state."""
    conditions: list[Any] = [
        UnitTotal.parent_id == node_of(at),
        UnitTotal.region == at.region,
        UnitTotal.kind == kind,
        UnitTotal.unit_id != EVERYTHING,
        UnitTotal.total > 0,
    ]
    if departments_only:
        conditions.append(UnitTotal.is_department)
    largest = (
        select(UnitTotal.unit_id, UnitTotal.total, UnitTotal.is_department, *_STATES.values())
        .where(*conditions)
        .order_by(UnitTotal.total.desc(), UnitTotal.unit_id)
        .limit(most)
        .subquery()
    )
    return session.execute(
        select(Unit.id, Unit.name, Unit.kind, *[largest.c[s.value] for s in AccountState])
        .join(largest, largest.c.unit_id == Unit.id)
        .order_by(largest.c.total.desc(), largest.c.unit_id)
    ).all()


def regions(session: Session, at: Narrowed, kind: str) -> list[tuple[str, ByState]]:
    """The numbers by state in each region."""
    rows = session.execute(
        select(UnitTotal.region, *_STATES.values())
        .where(
            UnitTotal.unit_id == node_of(at),
            UnitTotal.region != ALL_REGIONS,
            UnitTotal.kind == kind,
            UnitTotal.total > 0,
        )
        .order_by(UnitTotal.region)
    )
    return [(row[0], dict(zip(_STATES, row[1:], strict=True))) for row in rows]


def _of(statement: Any, model: Any, at: Narrowed, kind: str) -> Any:
    # Their columns are told by whoever asks.
    return statement.where(
        model.unit_id == node_of(at), model.region == at.region, model.kind == kind
    )
