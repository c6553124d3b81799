"""Reading what is kept: the figures of everything, of departments, and first-level totals."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import false, func, select, true
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
    return totals_at(session, node_of(at), at.region)


def totals_at(session: Session, node: int, region: str) -> dict[str, ByState]:
    """The same for whoever needs to know them without showing them."""
    rows = session.execute(
        select(UnitTotal.kind, *_STATES.values()).where(
            UnitTotal.unit_id == node, UnitTotal.region == region
        )
    )
    return {row[0]: dict(zip(_STATES, row[1:], strict=True)) for row in rows}


def standings(
    session: Session, at: Narrowed, kinds: Collection[str]
) -> Iterator[tuple[str, str, str, int]]:
    """Kind, state, blocker and number."""
    key = (Figure.kind, Figure.state, Figure.blocker)
    statement = select(*key, func.sum(Figure.number)).group_by(*key)
    for kind, state, blocker, number in session.execute(_of(statement, Figure, at, kinds)):
        if number:
            yield kind, state, blocker, int(number)


def stuck_since(session: Session, at: Narrowed, kind: str) -> Iterator[tuple[str, date, int]]:
    """Blocker, day and number of the stuck."""
    statement = select(Figure.blocker, Figure.since, Figure.number).where(
        Figure.state == AccountState.STUCK.value, Figure.number != 0
    )
    for row in session.execute(_of(statement, Figure, at, [kind])):
        yield row[0], row[1], row[2]


def flows(
    session: Session, at: Narrowed, kinds: Collection[str], after: date
) -> Iterator[tuple[str, date, AccountState, int]]:
    """By how much the numbers of each kind in each state changed on each day after one."""
    key = (FigureFlow.kind, FigureFlow.day, FigureFlow.state)
    statement = (
        select(*key, func.sum(FigureFlow.number)).where(FigureFlow.day > after).group_by(*key)
    )
    for kind, day, state, number in session.execute(_of(statement, FigureFlow, at, kinds)):
        yield kind, day, AccountState(state), int(number)


def parts(
    session: Session, at: Narrowed, kind: str, most: int, *, departments_only: bool = False
) -> Sequence[Any]:
    """The largest units directly below, each with its numbers by state."""
    columns = (UnitTotal.unit_id, UnitTotal.total, UnitTotal.is_department, *_STATES.values())
    found: list[Any] = []
    # One after the other: each is then the beginning of a stretch of an index.
    for kind_of_part in (true(),) if departments_only else (true(), false()):
        found += session.execute(
            select(*columns)
            .where(
                UnitTotal.parent_id == node_of(at),
                UnitTotal.region == at.region,
                UnitTotal.kind == kind,
                UnitTotal.is_department == kind_of_part,
                UnitTotal.total > 0,
                UnitTotal.unit_id != EVERYTHING,
            )
            .order_by(UnitTotal.total.desc(), UnitTotal.unit_id.desc())
            .limit(most)
        )
    largest = sorted(found, key=lambda row: (-row.total, row.unit_id))[:most]
    units = session.execute(
        select(Unit.id, Unit.name, Unit.kind).where(Unit.id.in_([row.unit_id for row in largest]))
    )
    names = {row.id: row for row in units}
    return [(*names[row.unit_id], *row[3:]) for row in largest]


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


def _of(statement: Any, model: Any, at: Narrowed, kinds: Collection[str]) -> Any:
    # Their columns are told by whoever asks.
    return statement.where(
        model.unit_id == node_of(at), model.region == at.region, model.kind.in_(kinds)
    )
