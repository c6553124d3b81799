"""How fast the desk's figures are had, however many cases are over: ``python -m
benchmarks.case_figures``; prints Markdown.

Beside them stands the same asked of the decided cases themselves, by an index of their day: what
the tallies are kept for. Cases go in past triggers; what is kept of them is made by the revisions
that made it first, which are timed too.
"""

import random
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from tempfile import TemporaryDirectory

import click
from sqlalchemy import Connection, Engine, Table, func, select, text
from sqlalchemy.orm import Session

from admin_app.database import Base, make_engine
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.migration.blockers import Blocker
from admin_app.migration.counts import Counted
from admin_app.migration.models import LegacyAccount
from admin_app.policy.reach import EVERYWHERE
from admin_app.rollups import queries
from admin_app.rollups.expressions import china_day
from admin_app.rollups.vocabulary import Narrowed
from admin_app.schema import news, upgrade
from admin_app.service_desk.case_figures import desk_figures
from admin_app.service_desk.case_tallies import CaseTally
from admin_app.service_desk.models import Case, CaseEntry
from admin_app.service_desk.open_cases import OpenCase
from benchmarks.hierarchy.population import load
from benchmarks.loading import insert_rows
from benchmarks.migration.__main__ import new_database
from benchmarks.rollups.reading import Answer, ask

TODAY = date(2026, 11, 27)
LONG = 730  # days in which the cases came
REGION = "3705"
_NOON = datetime(TODAY.year, TODAY.month, TODAY.day, 4, tzinfo=UTC)
_KINDS = [Blocker.OLD_PASSWORD, Blocker.DISPUTED, Blocker.NAME_DIFFERS, Blocker.ID_DIFFERS,
          Blocker.SEVERAL_ACCOUNTS, Blocker.REGISTERED_BY_PASSPORT]  # fmt: skip
_PERSONAL, _UNIT = 1, 2  # two old accounts stand for all of a kind
_COLUMNS = (
    "id blocker form uscc state priority urgency escalated account_id unit_id statement filed_at "
    "filed_by due_on ended_at version"
)
_ENTRY = "case_id at side author is_internal event text reply"
_ACCOUNT = "id external_id kind username name id_check_wrong imported_at state stated_at"
# Seventeen regions, so that one of them is a part of the whole.
_SPREAD = """
UPDATE units SET uscc = substr(uscc, 1, 2) || CAST(3701 + id % 17 AS VARCHAR) || substr(uscc, 7)
WHERE uscc IS NOT NULL
"""


@click.command()
@click.option("--sizes", default="10000,1000000", show_default=True, help="Decided cases.")
@click.option("--open", "opened", default=10_000, show_default=True, help="Open cases beside.")
@click.option("--units", default=20_000, show_default=True)
@click.option("--postgres", default="", help="Address of a PostgreSQL server, instead of SQLite.")
@click.option("--existing", default="", help="A database that was loaded before.")
def main(sizes: str, opened: int, units: int, postgres: str, existing: str) -> None:
    """Print p50 and p95 in milliseconds of each place, kind and period, at each size."""
    if existing:
        _report(existing)
        return
    for size in map(int, sizes.split(",")):
        with TemporaryDirectory() as folder, ExitStack() as databases:
            url = f"sqlite:///{folder}/b.sqlite3"
            if postgres:
                url = databases.enter_context(new_database(postgres))
            fill(url, size, opened, units)
            _report(url)


def _report(url: str) -> None:
    engine = make_engine(url)
    with Session(engine) as session:
        decided, opened, tallies = (
            session.scalar(select(func.count()).select_from(of))
            for of in (CaseEntry, OpenCase, CaseTally)
        )
        asked = list(_asked(session))
    print(
        f"\n{engine.dialect.name}, {decided:,} decided and {opened:,} open cases, "
        f"{tallies:,} tallies\n\n"
        "| | p50 / p95, ms | of it processor | without tallies, once |\n|---|---:|---:|---:|"
    )
    for name, at, counted in asked:
        for days in (0, 30, 365):
            first = TODAY - timedelta(days=days - 1)
            it = ask(engine, _figures(counted, first), [at])
            which = f"{days} days" if days else "open ones alone"
            plain = f"{_plain(engine, at, first):.0f}" if days and "," not in name else ""
            print(
                f"| {name}, {which} | {it.p50:.1f} / {it.p95:.1f} "
                f"| {it.busy_p50:.1f} / {it.busy_p95:.1f} | {plain} |",
                flush=True,
            )
    engine.dispose()


def _figures(counted: Counted, first: date) -> Answer:
    return lambda session, at: desk_figures(session, at, counted, first, TODAY, TODAY)


def _asked(session: Session) -> Iterator[tuple[str, Narrowed, Counted]]:
    """The province, its largest and a small department, and a first-level unit."""
    cities = session.scalars(
        select(Unit).where(Unit.kind == UnitKind.DEPARTMENT).order_by(Unit.id).limit(17)
    ).all()
    firm = session.scalars(select(Unit).where(Unit.kind == UnitKind.FIRST_LEVEL).limit(1)).one()
    persons = Counted.NATURAL_PERSONS
    for name, unit in (
        ("everything", None),
        ("the largest department", cities[1]),
        ("a small department", cities[-1]),
        ("a first-level unit", firm),
    ):
        place = queries.place_of(session, EVERYWHERE, unit.id if unit else None)
        yield name, Narrowed(place), persons
        if unit is None:
            yield f"{name}, legal representatives", Narrowed(place), Counted.LEGAL_REPRESENTATIVES
            yield f"{name}, enterprises", Narrowed(place), Counted.ENTERPRISES
        if unit in (None, cities[1]):
            yield f"{name}, a region", Narrowed(place, REGION), persons


def fill(url: str, size: int, opened: int, units: int) -> None:
    """Make a database with so many cases, and say how long it takes."""
    upgrade(url)
    engine = make_engine(url)
    load(engine, units)
    revision, by_month = (
        import_module(f"admin_app.schema.versions.{name}")
        for name in ("0021_the_desk_s_figures_by_region_and_kind", "0023_case_times_by_month")
    )
    is_postgres = engine.dialect.name == "postgresql"
    with engine.begin() as connection:
        if is_postgres:  # neither triggers nor foreign keys
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        else:
            news.remove(connection)
        connection.execute(text(_SPREAD))
        _write(connection, size, opened)
        connection.exec_driver_sql("CREATE INDEX bench_ended ON cases (ended_at, unit_id)")
        connection.exec_driver_sql("ANALYZE")
        began = time.perf_counter()
        revision.tally_decided(connection)
        by_month.sum_up(connection)
        revision.place_open(connection)
        _took("what is kept of them made", began)
        news.install(connection)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE" if is_postgres else "ANALYZE"))
    engine.dispose()


def _took(what: str, began: float) -> None:
    print(f"{what} in {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)


def _write(connection: Connection, size: int, opened: int) -> None:
    units = [number for (number,) in connection.execute(select(Unit.id).order_by(Unit.id))]
    accounts = (
        (n, f"bench:{n}", kind, f"old{n}", "示例", False, _NOON, "in_progress", _NOON)
        for n, kind in ((_PERSONAL, "personal"), (_UNIT, "unit"))
    )
    insert_rows(connection, _table(LegacyAccount), _ACCOUNT, accounts)
    began = time.perf_counter()
    insert_rows(connection, _table(Case), _COLUMNS, _cases(units, size, opened))
    decided = (
        (number, _NOON, "desk", "", False, "case.approved", "", "") for number in range(1, size + 1)
    )
    insert_rows(connection, _table(CaseEntry), _ENTRY, decided)
    print(
        f"{size + opened:,} cases written in {time.perf_counter() - began:.0f} s", file=sys.stderr
    )


def _cases(units: list[int], size: int, opened: int) -> Iterator[tuple[object, ...]]:
    """Seven in ten about personal accounts, two about unit accounts, one a form."""
    rng = random.Random(5)
    for number in range(1, size + opened + 1):
        kind = rng.choice(_KINDS).value
        chance = rng.random()
        is_form = chance >= 0.9
        about = (None, "unit_missing", f"91{number:016}") if is_form else (kind, None, None)
        account = None if is_form else _PERSONAL if chance < 0.7 else _UNIT
        is_open = number > size
        taken = min(int(rng.expovariate(0.3)), 30)
        ago = rng.randint(0, 6) if is_open else rng.randint(0, LONG)
        filed = _NOON - timedelta(days=ago + (0 if is_open else taken))
        due = (filed + timedelta(days=5)).date()
        ended = None if is_open else filed + timedelta(days=taken)
        state = "in_review" if is_open else "approved"
        unit = rng.choice(units)
        desk = (state, "normal", 1, 0)
        yield (number, *about, *desk, account, unit, "", filed, "", due, ended, 1)


def _table(model: type[Base]) -> Table:
    return model.__table__  # type: ignore[return-value]  # declared as a wider type


def _plain(engine: Engine, at: Narrowed, first: date) -> float:
    """Milliseconds for cases of all kinds and how long they took, from those of the period."""
    since = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(hours=8)
    filed, ended = china_day(Case.filed_at), china_day(Case.ended_at)
    statement = select(Case.blocker, filed, ended, func.count()).where(Case.ended_at >= since)
    if at.place.unit_id is not None:
        below = Unit.path.startswith(at.place.path, autoescape=True)
        statement = statement.join(Unit, Unit.id == Case.unit_id).where(below)
    with Session(engine) as session:
        began = time.perf_counter()
        session.execute(statement.group_by(Case.blocker, filed, ended)).all()
        return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
