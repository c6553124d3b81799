"""Run with ``make benchmark`` or ``python -m benchmarks.hierarchy``; prints Markdown."""

import json
import random
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import click
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.database import begin_writing, make_engine
from admin_app.delegation.facts import facts_of
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.operations import move_unit
from admin_app.policy.actor import Actor, Office
from admin_app.policy.vocabulary import AssuranceLevel, Capacity
from admin_app.schema import upgrade
from admin_app.sealing import Sealer
from admin_app.settings import DEMO_IDENTITY_KEY
from benchmarks.hierarchy.population import load
from benchmarks.hierarchy.questions import QUESTIONS, Sample, draw_sample

Results = dict[str, dict[int, tuple[float, float]]]


@click.command()
@click.option("--sizes", default="10000,100000,1000000", show_default=True)
@click.option("--postgres", default="", help="Address of a PostgreSQL server to make databases on.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Keep the figures here.")
def main(sizes: str, postgres: str, json_file: Path | None) -> None:
    """Ask every question at every size and print p50 and p95 in milliseconds, and the growth."""
    wanted = [int(size) for size in sizes.split(",")]
    kept: dict[str, Results] = {}
    with TemporaryDirectory() as folder:
        kept["SQLite"] = _run(wanted, lambda size: f"sqlite:///{folder}/{size}.sqlite3")
    if postgres:
        kept["PostgreSQL"] = _on_postgres(wanted, postgres)
    for database, results in kept.items():
        _print(database, wanted, results)
    if json_file:
        json_file.write_text(json.dumps(kept, indent=1, ensure_ascii=False))


def _on_postgres(sizes: list[int], server: str) -> Results:
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    names = {size: f"yihaotong_bench_{uuid4().hex[:8]}" for size in sizes}
    try:
        with admin.connect() as connection:
            for name in names.values():
                connection.exec_driver_sql(f"CREATE DATABASE {name}")
        address = make_url(server)
        return _run(
            sizes,
            lambda size: address.set(database=names[size]).render_as_string(hide_password=False),
        )
    finally:
        with admin.connect() as connection:
            for name in names.values():
                connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _run(sizes: list[int], url_of) -> Results:  # type: ignore[no-untyped-def]
    results: Results = {question.name: {} for question in QUESTIONS}
    results["move of the widest unit"] = {}
    for size in sizes:
        url = url_of(size)
        upgrade(url)
        engine = make_engine(url)
        began = time.perf_counter()
        load(engine, size)
        click.echo(
            f"{engine.dialect.name}: {size:,} units in {time.perf_counter() - began:.0f} s",
            err=True,
        )
        with Session(engine) as session:
            sample = draw_sample(session, size)
            session.expunge_all()
        for question in QUESTIONS:
            results[question.name][size] = _ask(engine, question, sample)
        results["move of the widest unit"][size] = _move(engine, sample)
        engine.dispose()
    return results


def _ask(engine: Engine, question, sample: Sample) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    rng = random.Random(11)
    taken = []
    with Session(engine) as session:
        for turn in range(question.times + 5):
            began = time.perf_counter()
            question.ask(session, sample, rng)
            if turn >= 5:  # the first ones warm caches
                taken.append((time.perf_counter() - began) * 1000)
            session.expunge_all()
    return statistics.median(taken), sorted(taken)[int(len(taken) * 0.95)]


def _move(engine: Engine, sample: Sample) -> tuple[float, float]:
    """Move the unit with most below it to another department and back, three times."""
    top = sample.root
    office = Office(top.id, top.path, top.name)
    actor = Actor("演示", Capacity.DEPARTMENT_STAFF, AssuranceLevel.NONE, office)
    taken = []
    with Session(engine) as session:
        begin_writing(session)
        unit = session.get(Unit, sample.university.id)
        assert unit is not None
        while unit.kind.value != "first_level":
            unit = session.get(Unit, unit.parent_id)
            assert unit is not None
        home = unit.parent_id
        for turn in range(6):
            act = Act(
                session,
                actor,
                unit.created_at,
                Sealer([DEMO_IDENTITY_KEY], DEMO_IDENTITY_KEY),
                "基准",
            )
            target = home if turn % 2 else next(n for n in (2, 3) if n != home)
            assert target is not None
            began = time.perf_counter()
            move_unit(act, facts_of, unit.id, target, unit.version)
            taken.append((time.perf_counter() - began) * 1000)
        session.rollback()
    return statistics.median(taken), max(taken)


def _print(database: str, sizes: list[int], results: Results) -> None:
    click.echo(f"\n### {database}\n")
    heads = [f"{size:,} (p50 / p95)" for size in sizes]
    click.echo(f"| question | {' | '.join(heads)} | growth of p95 |")
    click.echo("|---|" + "---:|" * (len(sizes) + 1))
    baselines = {question.name for question in QUESTIONS if question.baseline}
    for name, by_size in results.items():
        cells = [f"{p50:.2f} / {p95:.2f}" for p50, p95 in by_size.values()]
        growth = by_size[sizes[-1]][1] / by_size[sizes[0]][1]
        shown = f"*{name}*" if name in baselines else name
        click.echo(f"| {shown} | {' | '.join(cells)} | {growth:.1f} × |")


if __name__ == "__main__":
    main()
