"""How fast the desk's figures are had, however many cases are over: ``python -m
benchmarks.case_figures``; prints Markdown.

Beside them stands the same asked of the decided cases themselves, by an index of their day: what
the tallies are kept for.
"""

import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from tempfile import TemporaryDirectory
from uuid import uuid4

import click
from sqlalchemy import Engine, create_engine, func, make_url, select, text
from sqlalchemy.orm import Session

from admin_app.database import make_engine
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.rules import ids_along
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.migration.blockers import Blocker
from admin_app.policy.reach import EVERYWHERE, Reach
from admin_app.rollups import queries
from admin_app.rollups.expressions import china_day
from admin_app.rollups.vocabulary import Place
from admin_app.schema import upgrade
from admin_app.service_desk.case_figures import desk_figures
from admin_app.service_desk.case_tallies import CaseTally
from admin_app.service_desk.models import Case
from benchmarks.hierarchy.population import load
from benchmarks.loading import insert_rows

TODAY = date(2026, 11, 27)
LONG = 730  # days in which the cases came
_NOON = datetime(TODAY.year, TODAY.month, TODAY.day, 4, tzinfo=UTC)
_KINDS = [Blocker.OLD_PASSWORD, Blocker.DISPUTED, Blocker.NAME_DIFFERS, Blocker.ID_DIFFERS,
          Blocker.SEVERAL_ACCOUNTS, Blocker.REGISTERED_BY_PASSPORT]  # fmt: skip
_COLUMNS = (
    "id blocker state priority urgency escalated unit_id statement filed_at filed_by due_on "
    "ended_at version"
)


@click.command()
@click.option("--sizes", default="10000,1000000", show_default=True, help="Decided cases.")
@click.option("--open", "opened", default=10_000, show_default=True, help="Open cases beside.")
@click.option("--units", default=20_000, show_default=True)
@click.option("--times", default=40, show_default=True, help="Each question is asked.")
@click.option("--postgres", default="", help="Address of a PostgreSQL server, as well.")
def main(sizes: str, opened: int, units: int, times: int, postgres: str) -> None:
    """Print p50 and p95 in milliseconds of each place and period, at each size."""
    for size in map(int, sizes.split(",")):
        with TemporaryDirectory() as folder:
            _run(make_engine(f"sqlite:///{folder}/b.sqlite3"), size, opened, units, times)
        if postgres:
            _on_postgres(postgres, size, opened, units, times)


def _on_postgres(server: str, size: int, opened: int, units: int, times: int) -> None:
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    name = f"yihaotong_bench_{uuid4().hex[:8]}"
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        engine = make_engine(make_url(server).set(database=name).render_as_string(False))
        _run(engine, size, opened, units, times)
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _run(engine: Engine, size: int, opened: int, units: int, times: int) -> None:
    upgrade(engine.url.render_as_string(hide_password=False))
    load(engine, units)
    with Session(engine) as session:
        paths = [(n, p) for n, p in session.execute(select(Unit.id, Unit.path))]
    _fill(engine, size, opened, paths)
    print(f"\n{engine.dialect.name}, {size:,} decided and {opened:,} open cases, {units:,} units")
    print(
        "\n| place and period | figures p50 / p95, ms | without tallies p50, ms |\n|---|---:|---:|"
    )
    with Session(engine) as session:
        for name, place in _places(session).items():
            for days in (30, 365):
                first = TODAY - timedelta(days=days - 1)

                def figures(place: Place = place, first: date = first) -> None:
                    desk_figures(session, place, first, TODAY, TODAY)

                def without(place: Place = place, first: date = first) -> None:
                    _from_cases(session, place, first)

                (middle, most), (plain, _) = _time(figures, times), _time(without, 5)
                print(f"| {name}, {days} days | {middle:.1f} / {most:.1f} | {plain:.1f} |")
        print(f"\n{session.scalar(select(func.count()).select_from(CaseTally)):,} tallies")
    engine.dispose()


def _places(session: Session) -> dict[str, Place]:
    """The province, its largest and a small department, and a first-level unit."""
    cities = session.scalars(
        select(Unit).where(Unit.kind == UnitKind.DEPARTMENT).order_by(Unit.id).limit(17)
    ).all()
    firm = session.scalars(select(Unit).where(Unit.kind == UnitKind.FIRST_LEVEL).limit(1)).one()
    wanted = {
        "the largest department": cities[1],
        "a small one": cities[-1],
        "a first-level unit": firm,
    }
    found = {name: queries.place_of(session, Reach(u.path), None) for name, u in wanted.items()}
    return {"everything": queries.place_of(session, EVERYWHERE, None), **found}


def _fill(engine: Engine, size: int, opened: int, paths: list[tuple[int, str]]) -> None:
    rng = random.Random(5)
    tallies: Counter[tuple[int, date, str, int]] = Counter()

    def cases() -> Iterator[tuple[object, ...]]:
        for number in range(1, size + opened + 1):
            unit_id, path = rng.choice(paths)
            kind = rng.choice(_KINDS).value
            is_open = number > size
            taken = min(int(rng.expovariate(0.3)), 30)
            ago = rng.randint(0, 6) if is_open else rng.randint(0, LONG)
            filed = _NOON - timedelta(days=ago + (0 if is_open else taken))
            due = (filed + timedelta(days=5)).date()
            ended = None if is_open else filed + timedelta(days=taken)
            if ended is not None:
                for node in (0, *ids_along(path)):
                    tallies[node, ended.date(), kind, taken] += 1
            state = "in_review" if is_open else "approved"
            yield (number, kind, state, "normal", 1, 0, unit_id, "", filed, "", due, ended, 1)

    with engine.begin() as connection:
        insert_rows(connection, Case.__table__, _COLUMNS, cases())  # type: ignore[arg-type]
        rows = ((*key, number) for key, number in sorted(tallies.items()))
        columns = "unit_id day kind taken number"
        insert_rows(connection, CaseTally.__table__, columns, rows)  # type: ignore[arg-type]
        connection.exec_driver_sql("CREATE INDEX bench_ended ON cases (ended_at, unit_id)")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        is_postgres = engine.dialect.name == "postgresql"
        connection.execute(text("VACUUM ANALYZE" if is_postgres else "ANALYZE"))


def _from_cases(session: Session, place: Place, first: date) -> None:
    """Kinds and how long they took, from the decided cases of the period."""
    since = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(hours=8)
    filed, ended = china_day(Case.filed_at), china_day(Case.ended_at)
    statement = select(Case.blocker, filed, ended, func.count()).where(Case.ended_at >= since)
    if place.unit_id is not None:
        below = Unit.path.startswith(place.path, autoescape=True)
        statement = statement.join(Unit, Unit.id == Case.unit_id).where(below)
    session.execute(statement.group_by(Case.blocker, filed, ended)).all()


def _time(ask: Callable[[], None], times: int) -> tuple[float, float]:
    taken = []
    for turn in range(times + 2):
        began = time.perf_counter()
        ask()
        if turn >= 2:  # the first ones warm caches
            taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken), sorted(taken)[int(len(taken) * 0.95)]


if __name__ == "__main__":
    main()
