"""How long the pages of long lists take, whoever reads them: ``python -m benchmarks.lists``.

Each is the console's own page, by readers whose reach is a province, a department or a unit.
Prints Markdown: the whole page, how much of it in the database, and what persons take when each
one met along their numbers is asked whether they stand within reach.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import click
from flask import Flask, url_for
from sqlalchemy import Engine, event, func, select, text
from sqlalchemy.orm import Session

from admin_app.application import create_app
from admin_app.database import make_engine, make_sessions
from admin_app.delegation.capacities import CapacityChoice
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import count_up_to
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.models import Person
from admin_app.migration.person_sql import is_within
from admin_app.policy.actor import Actor, Office
from admin_app.policy.reach import Reach
from admin_app.policy.vocabulary import Capacity
from admin_app.rollups.person_places import PersonPlace
from admin_app.rollups.upkeep import fold
from admin_app.schema import news, upgrade
from admin_app.settings import Settings
from admin_app.web.identity import visit_as
from benchmarks.migration.__main__ import new_database
from benchmarks.rollups.population import load

# Lists by endpoint, each with the filters of an address.
PAGES: tuple[tuple[str, dict[str, str]], ...] = (
    ("persons", {}),
    ("persons", {"state": "stuck"}),
    ("persons", {"blocker": "registered_by_passport"}),
    ("persons", {"unit": "1"}),
    ("legacy_accounts", {}),
    ("legacy_accounts", {"state": "stuck"}),
    ("legacy_accounts", {"kind": "unit", "state": "stuck"}),
    ("units", {}),
    ("units", {"state": "vacant"}),
    ("units", {"sort": "name"}),
)
# Those whose accounts are not merely not started have come: each with their number.
_COME = "kind = 'personal' AND state <> 'not_started'"
_NUMBER = {"sqlite": "CAST(printf('%032d', id) AS BLOB)", "postgresql": "sha256(id::text::bytea)"}
_SEALED = {"sqlite": "x'2d'", "postgresql": "'-'::bytea"}
_OTHERS = 100_000_000  # beyond the numbers of those who represent enterprises


class Timing(NamedTuple):
    """Milliseconds of a page, and of them in the database."""

    p50: float
    p95: float
    busy_p50: float
    busy_p95: float


@click.command()
@click.option("--units", default=20_000, show_default=True)
@click.option("--times", default=40, show_default=True, help="Each page is asked for.")
@click.option("--postgres", default="", help="Address of a PostgreSQL server, instead of SQLite.")
@click.option("--existing", default="", help="A database that was loaded before.")
def main(units: int, times: int, postgres: str, existing: str) -> None:
    """Three unit accounts and ten personal ones a unit; most of their holders have come."""
    with TemporaryDirectory() as folder, ExitStack() as databases:
        url = existing or f"sqlite:///{folder}/lists.sqlite3"
        if postgres:
            url = databases.enter_context(new_database(postgres))
        if not existing:
            upgrade(url)
            load(url, units, 3 * units, 10 * units)
            _let_come(make_engine(url))
        _report(url, times)


def _let_come(engine: Engine) -> None:
    dialect = engine.dialect.name
    number, sealed = _NUMBER[dialect], _SEALED[dialect]
    persons = "name, id_type, id_sealed, id_index, level, first_signed_in_at, last_signed_in_at"
    with engine.begin() as connection:
        news.remove(connection)
        for statement in (
            f"INSERT INTO persons (id, {persons}) SELECT {_OTHERS} + id, '示例', 'resident_id', "
            f"{sealed}, {number}, 2, stated_at, stated_at FROM legacy_accounts WHERE {_COME}",
            f"UPDATE legacy_accounts SET id_index = {number} WHERE {_COME}",
            "INSERT INTO account_bindings (account_id, person_id, proof, since) SELECT id, "
            f"{_OTHERS} + id, 'old_password', stated_at FROM legacy_accounts "
            f"WHERE {_COME} AND state = 'migrated'",
            "INSERT INTO person_news (person_id) SELECT id FROM persons ORDER BY id",
        ):
            connection.exec_driver_sql(statement)
        news.install(connection)
    with make_sessions(engine)() as session:
        fold(session)
        session.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE" if dialect == "postgresql" else "ANALYZE"))
    engine.dispose()


def _report(url: str, times: int) -> None:
    app = create_app(Settings(environment="demo", database_url=url))
    engine = make_engine(url)
    with Session(engine) as session:
        readers = _readers(session)
        number = count_up_to(session, select(PersonPlace.id), 10**9)
        click.echo(f"\n### {engine.dialect.name}, {number} places of persons\n")
    click.echo("| page | " + " | ".join(readers) + " |")
    click.echo("|---|" + "---:|" * len(readers))
    for endpoint, search in PAGES:
        asked = ", ".join(f"{key}={value}" for key, value in search.items())
        cells = []
        for actor in readers.values():
            taken = _page(app, actor, endpoint, search, times)
            cells.append(
                f"{taken.p50:.0f} / {taken.p95:.0f} [{taken.busy_p50:.1f} / {taken.busy_p95:.1f}]"
            )
        click.echo(f"| {endpoint} {asked} | " + " | ".join(cells) + " |", nl=True)
    plain = [f"{_met_one_by_one(engine, actor):.0f}" for actor in readers.values()]
    click.echo("| *persons, each one met asked* | " + " | ".join(plain) + " |")
    click.echo("\np50 / p95 ms of the page [of them in the database]")
    engine.dispose()


def _readers(session: Session) -> dict[str, Actor]:
    """Readers whose reach is the province, a department or a unit; all in one capacity."""
    departments = session.scalars(
        select(Unit).where(Unit.kind == UnitKind.DEPARTMENT).order_by(Unit.id).limit(100)
    ).all()
    below = func.count().label("below")
    widest = session.scalars(
        select(Unit.parent_id)
        .where(Unit.kind == UnitKind.SECONDARY)
        .group_by(Unit.parent_id)
        .order_by(below.desc(), Unit.parent_id)
        .limit(60)
    ).all()
    largest, middle = (session.get_one(Unit, widest[at]) for at in (0, -1))
    college = session.scalars(select(Unit).where(Unit.parent_id == largest.id).limit(1)).one()
    return {
        "the province": _staff(departments[0]),
        "the largest department": _staff(departments[1]),
        "a department": _staff(departments[len(departments) // 2]),
        "a small department": _staff(departments[-1]),
        "the largest unit": _staff(largest),
        "a large unit": _staff(middle),
        "a small unit": _staff(college),
    }


def _staff(unit: Unit) -> Actor:
    office = Office(unit.id, unit.path, unit.name)
    return Actor("示例", Capacity.DEPARTMENT_STAFF, office=office, staff_id=1)


def _page(app: Flask, actor: Actor, endpoint: str, search: dict[str, str], times: int) -> Timing:
    view: Callable[[], Any] = app.view_functions[f"{endpoint}.index_view"]
    with app.test_request_context():
        address = url_for(f"{endpoint}.index_view")
    taken, busy = [], []
    for _ in range(times + 3):
        with app.test_request_context(address, query_string=search), watched() as spent:
            visit_as(CapacityChoice("-", actor))
            began = time.perf_counter()
            view()
            taken.append((time.perf_counter() - began) * 1000)
        busy.append(sum(spent))
    return Timing(*_middle_and_most(taken[3:]), *_middle_and_most(busy[3:]))  # caches are warm


@contextmanager
def watched() -> Iterator[list[float]]:
    """The milliseconds of each statement while this lasts."""
    spent: list[float] = []

    def before(connection: Any, *_rest: Any) -> None:
        connection.info["began"] = time.perf_counter()

    def after(connection: Any, *_rest: Any) -> None:
        spent.append((time.perf_counter() - connection.info["began"]) * 1000)

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "after_cursor_execute", after)
    try:
        yield spent
    finally:
        event.remove(Engine, "before_cursor_execute", before)
        event.remove(Engine, "after_cursor_execute", after)


def _met_one_by_one(engine: Engine, actor: Actor) -> float:
    assert actor.office is not None
    found = select(Person.id).where(is_within(Reach(actor.office.path))).order_by(Person.id)
    with Session(engine) as session:
        began = time.perf_counter()
        count_up_to(session, found, 100)
        session.scalars(found.limit(26)).all()
        return (time.perf_counter() - began) * 1000


def _middle_and_most(values: list[float]) -> tuple[float, float]:
    return statistics.median(values), sorted(values)[int(len(values) * 0.95)]


if __name__ == "__main__":
    main()
