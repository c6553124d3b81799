"""Proving the figures equal to a full count, and putting right what isn't.

The count reads every unit and account: the units a stretch of numbers at a time, the rest in SQL.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from admin_app.database import begin_writing
from admin_app.hierarchy.models import Unit
from admin_app.rollups.full_count import FullCount
from admin_app.rollups.holders import recount_holders, waiting_at, weights
from admin_app.rollups.homes import CHUNK, Homes
from admin_app.rollups.large import enlarge
from admin_app.rollups.models import Holder
from admin_app.rollups.person_places import restate_persons, wrong_persons
from admin_app.rollups.rules import day_of, spread
from admin_app.rollups.standings import differing, restate_units
from admin_app.rollups.upkeep import fold
from admin_app.rollups.writing import add_sums, hold_folding, hold_folding_until_the_end

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Differences:
    """How many things were kept wrongly; all zero: the figures are right."""

    standings: int = 0
    figures: int = 0
    flows: int = 0
    totals: int = 0
    holders: int = 0
    persons: int = 0

    def __bool__(self) -> bool:
        return self.number > 0

    @property
    def number(self) -> int:
        figures = self.standings + self.figures + self.flows + self.totals
        return figures + self.holders + self.persons


@contextmanager
def verifying(sessions: sessionmaker[Session], *, repair: bool = False) -> Iterator[Session]:
    """A session whose transaction sees one moment throughout, though others write.

    To repair, nobody else may fold meanwhile: whoever writes waits for the end, readers don't.
    """
    engine = cast(Engine, sessions.kw["bind"])
    if engine.dialect.name != "postgresql":
        with sessions() as session:
            if repair:
                begin_writing(session)  # else a reader, to whom SQLite shows one moment anyway
            yield session
        return
    with engine.connect() as connection, Session(connection) as session:
        if repair:
            hold_folding(session)
        connection.execution_options(isolation_level="REPEATABLE READ")
        if repair:
            hold_folding_until_the_end(session)
        yield session


def verify(
    session: Session,
    at: datetime,
    *,
    repair: bool = False,
    progress: Progress = lambda _done, _all: None,
) -> Differences:
    """Compare everything kept with a full count; with ``repair`` put it right, as of ``at``.

    Notes that wait are folded first. What a repair changes counts as having happened that day; it
    also keeps the figures of units that have become large. Beside writers the session has to come
    from ``verifying``.
    """
    fold(session)
    count = FullCount(session)
    standings = 0
    stretches = list(_stretches(session))
    for done, unit_ids in enumerate(stretches):
        homes = Homes(session)  # one a stretch: what it remembers grows with the tree
        wrong = differing(session, unit_ids)
        standings += len(wrong)
        if repair and wrong:
            changes = restate_units(session, dict.fromkeys(wrong, at), homes)
            add_sums(session, spread(changes), homes.nodes)
        count.tell(homes, unit_ids)
        progress(done + 1, len(stretches) + 1)
    found = count.compare()
    if repair:
        count.repair(day_of(at))
        enlarge(session, at)
    count.clear()
    holders = _wrong_holders(session)
    if repair:
        recount_holders(session, holders)
    persons = _persons(session, repair=repair)
    progress(len(stretches) + 1, len(stretches) + 1)
    return Differences(standings=standings, holders=len(holders), persons=persons, **found)


def _persons(session: Session, *, repair: bool) -> int:
    """How many persons stand elsewhere, or otherwise, than is kept."""
    number = 0
    for people in wrong_persons(session):
        number += len(people)
        if repair and people:
            restate_persons(session, people)
    return number


def _stretches(session: Session) -> Iterator[list[int]]:
    last = 0
    while True:
        statement = select(Unit.id).where(Unit.id > last).order_by(Unit.id).limit(CHUNK)
        unit_ids = list(session.scalars(statement))
        if not unit_ids:
            return
        yield unit_ids
        last = unit_ids[-1]


def _wrong_holders(session: Session) -> set[bytes]:
    """Those of whom it is kept wrongly how much waits on them."""
    truth = weights(session, waiting_at(session))
    key = (Holder.unit_id, Holder.region, Holder.id_index)
    rows = session.execute(select(*key, Holder.waiting))
    stored = {(row.unit_id, row.region, row.id_index): row.waiting for row in rows}
    return {holder for (*_, holder), _ in truth.items() ^ stored.items()}
