"""What the dashboard asks, as it asks it: each question at places of every kind."""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import within
from admin_app.migration.counts import Counted
from admin_app.policy.reach import EVERYWHERE, Reach
from admin_app.rollups import queries
from admin_app.rollups.models import LargeUnit, UnitTotal
from admin_app.rollups.rules import day_of
from admin_app.rollups.vocabulary import REGION_UNKNOWN, Narrowed
from benchmarks.migration.population import NOW
from benchmarks.rollups.tree import Tree

TODAY = day_of(NOW)
PERSONS, ENTERPRISES = Counted.NATURAL_PERSONS, Counted.ENTERPRISES
PARTS = 50
LEVERS = 20
SECONDS_EACH = 3.0
TIMES_MOST, TIMES_LEAST = 200, 20
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


class Timing(NamedTuple):
    """Milliseconds by the clock, and of processor time in this thread and the database."""

    p50: float
    p95: float
    busy_p50: float
    busy_p95: float


@dataclass(frozen=True)
class Places:
    """The places asked about, by what they stand for."""

    by_name: dict[str, list[Narrowed]]

    def __iter__(self) -> Iterator[tuple[str, list[Narrowed]]]:
        return iter(self.by_name.items())


def places_of(session: Session, tree: Tree) -> Places:
    """Everything; the topmost departments and some bureaus; units from the largest downwards."""
    rng = random.Random(11)
    departments = sorted(tree.above)
    chosen: dict[str, list[int] | list[None]] = {
        "everything": [None],
        "the root": [tree.root],
        "a department": [*departments[1:18], *rng.sample(departments[18:], 13)],
        "the largest unit": [tree.university],
        "a large part of it": _below(session, tree.university),
        "other large units": _large(session, tree.university),
        "units just not large": _not_quite_large(session),
        "a small unit": rng.sample(tree.small, 40),
    }
    found = {
        name: [Narrowed(queries.place_of(session, EVERYWHERE, number)) for number in numbers]
        for name, numbers in chosen.items()
    }
    code = session.scalars(select(Unit.uscc).where(Unit.id == tree.university)).one()
    region = str(code)[2:6]
    found["a region of everything"] = [Narrowed(queries.EVERYTHING, region)]
    found["a region of a department"] = [
        Narrowed(at.place, region) for at in found["a department"][:15]
    ]
    found["what is in no region"] = [Narrowed(queries.EVERYTHING, REGION_UNKNOWN)]
    return Places({name: places for name, places in found.items() if places})


def _below(session: Session, unit_id: int) -> list[int]:
    """Large units below the largest."""
    path = session.scalars(select(Unit.path).where(Unit.id == unit_id)).one()
    below = select(Unit.id).where(within(Reach(path, strict=True)))
    large = select(LargeUnit.unit_id).where(LargeUnit.unit_id.in_(below))
    return list(session.scalars(large.order_by(LargeUnit.unit_id).limit(20)))


def _large(session: Session, largest: int) -> list[int]:
    large = select(LargeUnit.unit_id).where(LargeUnit.unit_id != largest)
    return list(session.scalars(large.order_by(LargeUnit.unit_id).limit(40)))


def _not_quite_large(session: Session) -> list[int]:
    """Those with the most that is still counted when asked."""
    of_persons = UnitTotal.kind == PERSONS.value
    statement = (
        select(UnitTotal.unit_id)
        .where(
            of_persons,
            UnitTotal.region == "",
            ~UnitTotal.is_department,
            UnitTotal.unit_id.not_in(select(LargeUnit.unit_id)),
        )
        .order_by(UnitTotal.total.desc())
        .limit(40)
    )
    return list(session.scalars(statement))


def ask(engine: Engine, answer: Answer, places: list[Narrowed]) -> Timing:
    """p50 and p95, each answer by a session that knows nothing yet.

    Processor time leaves out other work of the machine, and what is waited for from the disk.
    """
    taken: list[tuple[float, float]] = []
    began = time.perf_counter()
    with Session(engine) as session:
        busy = _processor(session)
        for at in islice(cycle(places), TIMES_MOST + 3):
            started, worked = time.perf_counter(), busy()
            answer(session, at)
            taken.append(((time.perf_counter() - started) * 1000, (busy() - worked) * 1000))
            session.expunge_all()
            if len(taken) > TIMES_LEAST and time.perf_counter() - began > SECONDS_EACH:
                break
    clock, work = (sorted(each) for each in zip(*taken[3:], strict=True))  # first ones warm caches
    late = int(len(clock) * 0.95)
    return Timing(statistics.median(clock), clock[late], statistics.median(work), work[late])


def _processor(session: Session) -> Callable[[], float]:
    """Tells the seconds of processor time this thread and the server's process have taken."""
    if session.get_bind().dialect.name == "sqlite":
        return time.thread_time
    process = session.scalar(text("SELECT pg_backend_pid()"))
    file = Path(f"/proc/{process}/schedstat")
    if not file.exists():
        return time.thread_time  # the server is elsewhere: this side alone
    return lambda: time.thread_time() + int(file.read_text().split()[0]) / 1e9
