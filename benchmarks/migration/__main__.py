"""Run with ``make benchmark-migration`` or ``python -m benchmarks.migration``; prints Markdown."""

import hashlib
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import click
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.orm import Session

from admin_app.database import make_engine
from admin_app.identity.models import Person
from admin_app.migration.matching import candidates_of, match_of
from admin_app.migration.rules import Outcome
from admin_app.schema import upgrade
from benchmarks.migration.binding import bare_a_second, bindings_a_second
from benchmarks.migration.importing import rows_a_second
from benchmarks.migration.population import PASSWORD, SEALER, load

MATCHED = 300
Timing = tuple[float, float]
Results = dict[str, dict[int, Timing]]


def _match(session: Session, person: Person) -> None:
    assert match_of(session, SEALER, person).outcome is Outcome.PROMPT


def _candidates(session: Session, person: Person) -> None:
    assert candidates_of(session, SEALER, person)


QUESTIONS: dict[str, Callable[[Session, Person], None]] = {
    "whose account is it (match_of)": _match,
    "accounts that may be somebody's (candidates_of)": _candidates,
}


@click.command()
@click.option("--sizes", default="10000,100000,1000000", show_default=True, help="Accounts.")
@click.option("--bindings", default=1_000, show_default=True)
@click.option("--imports", default="100000", show_default=True, help="Rows of each file.")
@click.option("--namesakes", default=0, show_default=True, help="Born on one day, a person.")
@click.option("--postgres", default="", help="Address of a PostgreSQL server to make databases on.")
def main(sizes: str, bindings: int, imports: str, namesakes: int, postgres: str) -> None:
    """Match and bind at every size, and import; an empty list leaves its part out.

    Prints p50 and p95 in milliseconds, and bindings and rows a second.
    """
    accounts, rows = _numbers(sizes), _numbers(imports)
    with TemporaryDirectory() as folder:
        files = (f"sqlite:///{folder}/{turn}.sqlite3" for turn in count())
        _measure("SQLite", accounts, bindings, rows, namesakes, lambda: next(files))
    if postgres:
        with ExitStack() as databases:
            _measure(
                "PostgreSQL",
                accounts,
                bindings,
                rows,
                namesakes,
                lambda: databases.enter_context(new_database(postgres)),
            )


def _numbers(typed: str) -> list[int]:
    return [int(each) for each in typed.split(",") if each]


def _measure(
    database: str,
    sizes: list[int],
    bindings: int,
    imports: list[int],
    namesakes: int,
    new: Callable[[], str],
) -> None:
    click.echo(f"\n### {database}\n")
    if sizes:
        _report(sizes, bindings, namesakes, new)
    if imports:
        _report_imports(imports, new)


@contextmanager
def new_database(server: str) -> Iterator[str]:
    """The address of an empty database that is gone afterwards."""
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    name = f"yihaotong_bench_{uuid4().hex[:8]}"
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.dispose()


def _report(sizes: list[int], bindings: int, namesakes: int, new: Callable[[], str]) -> None:
    matching: Results = {name: {} for name in QUESTIONS}
    rates: dict[int, Timing] = {}
    for size in sizes:
        url = new()
        upgrade(url)
        engine = make_engine(url)
        numbers = random.Random(7).sample(range(1, size + 1), MATCHED + 2 * bindings)
        began = time.perf_counter()
        load(engine, size, numbers, hashlib.sha256(PASSWORD.encode()).hexdigest(), namesakes)
        taken = time.perf_counter() - began
        click.echo(f"{engine.dialect.name}: {size:,} accounts in {taken:.0f} s", err=True)
        for name, ask in QUESTIONS.items():
            matching[name][size] = _ask(engine, ask, numbers[:MATCHED])
        rest = numbers[MATCHED:]
        bare = bare_a_second(engine, rest[:bindings])
        rates[size] = bindings_a_second(engine, rest[bindings:]), bare
        engine.dispose()
    _print(sizes, matching, rates)


def _ask(engine: Engine, ask: Callable[[Session, Person], None], people: list[int]) -> Timing:
    taken = []
    with Session(engine) as session:
        for turn, number in enumerate(people):
            person = session.get_one(Person, number)
            began = time.perf_counter()
            ask(session, person)
            if turn >= 5:  # the first ones warm caches
                taken.append((time.perf_counter() - began) * 1000)
            session.expunge_all()
    return statistics.median(taken), sorted(taken)[int(len(taken) * 0.95)]


def _print(sizes: list[int], matching: Results, rates: dict[int, Timing]) -> None:
    heads = " | ".join(f"{size:,} accounts" for size in sizes)
    click.echo(f"| | {heads} | growth of p50, p95 |")
    click.echo("|---|" + "---:|" * (len(sizes) + 1))
    for name, by_size in matching.items():
        cells = " | ".join(f"{p50:.2f} / {p95:.2f}" for p50, p95 in by_size.values())
        first, last = by_size[sizes[0]], by_size[sizes[-1]]
        growth = ", ".join(f"{last[of] / first[of]:.1f} ×" for of in (0, 1))
        click.echo(f"| {name}, p50 / p95 ms | {cells} | {growth} |")
    for name, which in (("bindings a second", 0), ("*the same rows by bare statements*", 1)):
        cells = " | ".join(f"{rates[size][which]:,.0f}" for size in sizes)
        click.echo(f"| {name} | {cells} | |")
    cells = " | ".join(f"{rates[size][0] / rates[size][1]:.2f}" for size in sizes)
    click.echo(f"| of the bare loop | {cells} | |")


def _report_imports(sizes: list[int], new: Callable[[], str]) -> None:
    click.echo("\n| rows a second | rows | import | *bare* | of the bare load |")
    click.echo("|---|" + "---:|" * 4)
    for size in sizes:
        with TemporaryDirectory() as folder:
            rates = rows_a_second(new(), new(), size, Path(folder))
        for what, (through, bare) in rates.items():
            cells = f"{size:,} | {through:,.0f} | {bare:,.0f} | {through / bare:.2f}"
            click.echo(f"| {what} | {cells} |")


if __name__ == "__main__":
    main()
