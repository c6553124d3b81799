"""Proving the figures equal to a full count, and putting right what isn't.

The count reads every unit and account, a stretch of the tree's numbers at a time.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app.hierarchy.models import Unit
from admin_app.rollups.holders import KEPT_FROM, recount_holders, waiting_at, weights
from admin_app.rollups.homes import CHUNK, Homes
from admin_app.rollups.models import Figure, FigureFlow, Holder, UnitTotal
from admin_app.rollups.moving import Own, own_accounts
from admin_app.rollups.rules import Change, Sums, day_of, spread
from admin_app.rollups.standings import differing, restate_units, stored_of
from admin_app.rollups.upkeep import fold
from admin_app.rollups.writing import STATES, TOTALLED, add_rows, add_sums, total_rows

Progress = Callable[[int, int], None]


@dataclass
class Differences:
    """What was kept wrongly; all empty: the figures are right."""

    standings: int = 0
    figures: Counter[tuple[Any, ...]] = field(default_factory=Counter)
    flows: Counter[tuple[Any, ...]] = field(default_factory=Counter)
    totals: Counter[tuple[Any, ...]] = field(default_factory=Counter)
    holders: set[bytes] = field(default_factory=set)

    def __bool__(self) -> bool:
        return self.number > 0

    @property
    def number(self) -> int:
        sums = len(self.figures) + len(self.flows) + len(self.totals)
        return self.standings + sums + len(self.holders)


def verify(
    session: Session,
    at: datetime,
    *,
    repair: bool = False,
    progress: Progress = lambda _done, _all: None,
) -> Differences:
    """Compare everything kept with a full count; with ``repair`` put it right, as of ``at``.

    Notes that wait are folded first. What a repair changes counts as having happened that day.
    """
    fold(session)
    found, truth, homes = Differences(), Sums(), Homes(session)
    day = day_of(at)
    stretches = list(_stretches(session))
    for done, unit_ids in enumerate(stretches):
        wrong = differing(session, unit_ids)
        found.standings += len(wrong)
        if repair and wrong:
            changes = restate_units(session, dict.fromkeys(wrong, at), homes)
            add_sums(session, spread(changes), homes.nodes)
        _count(session, unit_ids, homes, truth)
        progress(done + 1, len(stretches))
    _count_homeless(session, homes, truth)
    _compare(session, truth, found)
    if repair:
        _repair(session, found, homes, day)
    found.holders = _wrong_holders(session)
    if repair:
        recount_holders(session, found.holders)
    return found


def _stretches(session: Session) -> Iterator[list[int]]:
    last = 0
    while True:
        statement = select(Unit.id).where(Unit.id > last).order_by(Unit.id).limit(CHUNK)
        unit_ids = list(session.scalars(statement))
        if not unit_ids:
            return
        yield unit_ids
        last = unit_ids[-1]


def _count(session: Session, unit_ids: list[int], homes: Homes, truth: Sums) -> None:
    owned: Counter[Own] = Counter(own_accounts(session, unit_ids))
    for (unit_id, kind), kept in stored_of(session, dict.fromkeys(unit_ids)).items():
        owned[Own(unit_id, kind, kept.state, kept.blocker, day_of(kept.stated_at))] += 1
    places = homes.of_units({own.unit_id for own in owned})
    _add(truth, owned, places)


def _count_homeless(session: Session, homes: Homes, truth: Sums) -> None:
    _add(truth, own_accounts(session, None), homes.of_units([None]))


def _add(truth: Sums, owned: dict[Own, int], places: dict[int | None, Any]) -> None:
    changes = (
        Change(places[unit_id], kind, state, blocker, since, since, number)
        for (unit_id, kind, state, blocker, since), number in owned.items()
    )
    sums = spread(changes)
    truth.figures.update(sums.figures)
    truth.totals.update(sums.totals)


def _compare(session: Session, truth: Sums, found: Differences) -> None:
    found.figures = Counter(truth.figures)
    flowed: Counter[tuple[Any, ...]] = Counter()
    for (unit_id, region, kind, state, blocker, _), number in truth.figures.items():
        flowed[unit_id, region, kind, state, blocker] += number
    for row in session.execute(select(*Figure.__table__.columns)):
        found.figures[tuple(row[:-1])] -= row[-1]
    key = (
        FigureFlow.unit_id,
        FigureFlow.region,
        FigureFlow.kind,
        FigureFlow.state,
        FigureFlow.blocker,
    )
    for row in session.execute(select(*key, func.sum(FigureFlow.number)).group_by(*key)):
        flowed[tuple(row[:-1])] -= int(row[-1])
    found.flows = flowed
    found.totals = Counter(truth.totals)
    columns = (UnitTotal.unit_id, UnitTotal.region, UnitTotal.kind)
    for row in session.execute(select(*columns, *[getattr(UnitTotal, state) for state in STATES])):
        for state, number in zip(STATES, row[3:], strict=True):
            found.totals[(*row[:3], state)] -= number
    for counter in (found.figures, found.flows, found.totals):
        for name in [name for name, number in counter.items() if number == 0]:
            del counter[name]


def _wrong_holders(session: Session) -> set[bytes]:
    """Those of whom it is kept wrongly how much waits on them."""
    truth = {
        holder: number
        for holder, number in weights(session, waiting_at(session)).items()
        if number >= KEPT_FROM
    }
    stored = dict(session.execute(select(Holder.id_index, Holder.waiting)).all())
    return {holder for holder, _ in truth.items() ^ stored.items()}


def _repair(session: Session, found: Differences, homes: Homes, day: Any) -> None:
    figures = ("unit_id", "region", "kind", "state", "blocker", "since", "number")
    rows = [dict(zip(figures, (*key, n), strict=True)) for key, n in found.figures.items()]
    add_rows(session, Figure, ("number",), rows)
    flows = ("unit_id", "region", "kind", "state", "blocker", "number", "day")
    rows = [dict(zip(flows, (*key, n, day), strict=True)) for key, n in found.flows.items()]
    add_rows(session, FigureFlow, ("number",), rows)
    homes.learn(key[0] for key in found.totals)
    totals = Sums(totals=found.totals)
    add_rows(session, UnitTotal, TOTALLED, total_rows(totals, homes.nodes))
