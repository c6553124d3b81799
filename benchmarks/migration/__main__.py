"""Run with ``make benchmark-migration`` or ``python -m benchmarks.migration``; prints Markdown."""

import hashlib
import random
import statistics
import time
from collections.abc import Callable
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
@click.option("--sizes", default="10000,100000,1000000", show_default=True)
@click.option("--bindings", default=1_000, show_default=True)
@click.option("--postgres", default="", help="Address of a PostgreSQL server to make databases on.")
def main(sizes: str, bindings: int, postgres: str) -> None:
    """Match and bind at every size; print p50 and p95 in milliseconds, and bindings a second."""
    wanted = [int(size) for size in sizes.split(",")]
    with TemporaryDirectory() as folder:
        path = Path(folder)
        _report("SQLite", wanted, bindings, lambda size: f"sqlite:///{path}/{size}.sqlite3")
    if postgres:
        _on_postgres(wanted, bindings, postgres)


def _on_postgres(sizes: list[int], bindings: int, server: str) -> None:
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    names = {size: f"yihaotong_bench_{uuid4().hex[:8]}" for size in sizes}
    address = make_url(server)
    try:
        with admin.connect() as connection:
            for name in names.values():
                connection.exec_driver_sql(f"CREATE DATABASE {name}")
        _report(
            "PostgreSQL",
            sizes,
            bindings,
            lambda size: address.set(database=names[size]).render_as_string(hide_password=False),
        )
    finally:
        with admin.connect() as connection:
            for name in names.values():
                connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _report(database: str, sizes: list[int], bindings: int, url_of: Callable[[int], str]) -> None:
    matching: Results = {name: {} for name in QUESTIONS}
    rates: dict[int, Timing] = {}
    for size in sizes:
        url = url_of(size)
        upgrade(url)
        engine = make_engine(url)
        numbers = random.Random(7).sample(range(1, size + 1), MATCHED + 2 * bindings)
        began = time.perf_counter()
        load(engine, size, numbers, hashlib.sha256(PASSWORD.encode()).hexdigest())
        taken = time.perf_counter() - began
        click.echo(f"{engine.dialect.name}: {size:,} accounts in {taken:.0f} s", err=True)
        for name, ask in QUESTIONS.items():
            matching[name][size] = _ask(engine, ask, numbers[:MATCHED])
        rest = numbers[MATCHED:]
        bare = bare_a_second(engine, rest[:bindings])
        rates[size] = bindings_a_second(engine, rest[bindings:]), bare
        engine.dispose()
    _print(database, sizes, matching, rates)


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


def _print(database: str, sizes: list[int], matching: Results, rates: dict[int, Timing]) -> None:
    click.echo(f"\n### {database}\n")
    heads = " | ".join(f"{size:,} accounts" for size in sizes)
    click.echo(f"| | {heads} | growth of p95 |")
    click.echo("|---|" + "---:|" * (len(sizes) + 1))
    for name, by_size in matching.items():
        cells = " | ".join(f"{p50:.2f} / {p95:.2f}" for p50, p95 in by_size.values())
        growth = by_size[sizes[-1]][1] / by_size[sizes[0]][1]
        click.echo(f"| {name}, p50 / p95 ms | {cells} | {growth:.1f} × |")
    for name, which in (("bindings a second", 0), ("*the same rows by bare statements*", 1)):
        cells = " | ".join(f"{rates[size][which]:,.0f}" for size in sizes)
        click.echo(f"| {name} | {cells} | |")
    cells = " | ".join(f"{rates[size][0] / rates[size][1]:.2f}" for size in sizes)
    click.echo(f"| of the bare loop | {cells} | |")


if __name__ == "__main__":
    main()
