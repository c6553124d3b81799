"""What the dashboard asks, as it asks it: each question at places of every kind."""

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from admin_app.hierarchy.models import Unit
from admin_app.migration.counts import Counted
from admin_app.policy.reach import EVERYWHERE
from admin_app.rollups import queries
from admin_app.rollups.rules import day_of
from admin_app.rollups.vocabulary import Narrowed
from benchmarks.migration.population import NOW
from benchmarks.rollups.tree import Tree

TODAY = day_of(NOW)
PERSONS, ENTERPRISES = Counted.NATURAL_PERSONS, Counted.ENTERPRISES
PARTS = 50
LEVERS = 20
SECONDS_EACH = 3.0
TIMES_MOST, TIMES_LEAST = 200, 20
Timing = tuple[float, float]
Answer = Callable[[Session, Narrowed], object]


def _days(back: int, counted: Counted = PERSONS) -> Answer:
    first = TODAY - timedelta(days=back)
    return lambda session, at: queries.days(session, at, counted, first, TODAY)


QUESTIONS: dict[str, Answer] = {
    "headlines": lambda s, at: queries.headlines(s, at, TODAY - timedelta(days=7), TODAY),
    "funnel of persons": lambda s, at: queries.funnel(s, at, PERSONS),
    "funnel of enterprises": lambda s, at: queries.funnel(s, at, ENTERPRISES),
    "blockers of persons": lambda s, at: queries.blockers(s, at, PERSONS, TODAY),
    "blockers of administrators": lambda s, at: queries.blockers(
        s, at, Counted.ADMINISTRATORS, TODAY
    ),
    "days, 30": _days(30),
    "days, 180": _days(180),
    "days of enterprises, 180": _days(180, ENTERPRISES),
    "parts": lambda s, at: queries.parts(s, at, PERSONS, PARTS),
    "departments": lambda s, at: queries.departments(s, at, PERSONS, PARTS),
    "regions": lambda s, at: queries.regions(s, at, PERSONS),
    "levers": lambda s, at: queries.levers(s, at, LEVERS),
}


@dataclass(frozen=True)
class Places:
    """The places asked about, by what they stand for."""

    by_name: dict[str, list[Narrowed]]

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self.by_name.items())


def places_of(session: Session, tree: Tree) -> Places:
    """Everything; the topmost departments and some bureaus; the largest unit; small ones."""
    rng = random.Random(11)
    departments = sorted(tree.above)
    chosen = {
        "everything": [None],
        "the root": [tree.root],
        "a department": [*departments[1:18], *rng.sample(departments[18:], 13)],
        "the largest unit": [tree.university],
        "a small unit": rng.sample(tree.small, 40),
    }
    found = {
        name: [Narrowed(queries.place_of(session, EVERYWHERE, number)) for number in numbers]
        for name, numbers in chosen.items()
    }
    region = session.scalars(select(Unit.uscc).where(Unit.id == tree.university)).one()
    found["a region of everything"] = [Narrowed(queries.EVERYTHING, str(region)[2:6])]
    return Places(found)


def ask(engine: Engine, answer: Answer, places: list[Narrowed]) -> Timing:
    """p50 and p95 in milliseconds, each answer by a session that knows nothing yet.

    SQLite works in this thread, whose own time is told: other work of the machine isn't in it.
    """
    clock = time.thread_time if engine.dialect.name == "sqlite" else time.perf_counter
    taken: list[float] = []
    began = time.perf_counter()
    with Session(engine) as session:
        for at in islice(cycle(places), TIMES_MOST + 3):
            started = clock()
            answer(session, at)
            taken.append((clock() - started) * 1000)
            session.expunge_all()
            if len(taken) > TIMES_LEAST and time.perf_counter() - began > SECONDS_EACH:
                break
    taken = taken[3:]  # the first ones warm caches
    return statistics.median(taken), sorted(taken)[int(len(taken) * 0.95)]
