"""Run with ``make benchmark-rollups`` or ``python -m benchmarks.rollups``; prints Markdown."""

from collections.abc import Callable
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from sqlalchemy import Engine, make_url
from sqlalchemy.orm import Session

from admin_app.database import make_engine
from admin_app.schema import upgrade
from benchmarks.migration.__main__ import new_database
from benchmarks.rollups import upkeep
from benchmarks.rollups.building import build, verified
from benchmarks.rollups.counting import COUNTS
from benchmarks.rollups.counting import count as count_live
from benchmarks.rollups.plans import plans_of
from benchmarks.rollups.population import load
from benchmarks.rollups.reading import QUESTIONS, Places, Timing, ask, places_of
from benchmarks.rollups.tree import Tree, draw

COUNTED_AT = ("everything", "the root", "a department")
BINDINGS, WRITERS = 30, 8


@click.command()
@click.option("--sizes", default="10000,100000,1000000", show_default=True, help="Units.")
@click.option("--upkeep", "costs", is_flag=True, help="What keeping costs, at the first size.")
@click.option("--verify", is_flag=True, help="Prove the figures, too.")
@click.option("--plans", is_flag=True, help="How the largest is answered, statement by statement.")
@click.option("--postgres", default="", help="Address of a PostgreSQL server to make databases on.")
@click.option("--existing", default="", help="A database of one size that was loaded before.")
def main(sizes: str, costs: bool, verify: bool, plans: bool, postgres: str, existing: str) -> None:
    """Ask every question at every size: three unit accounts and ten personal ones a unit.

    Prints p50 and p95 in milliseconds, by the clock and [of processor time], and how many times as
    long counting takes.
    """
    wanted = [int(each) for each in sizes.split(",") if each]
    with TemporaryDirectory() as folder, ExitStack() as databases:
        files = (f"sqlite:///{folder}/{turn}.sqlite3" for turn in count())
        sources: list[Callable[[], str]] = [lambda: next(files)]
        if postgres:
            sources.append(lambda: databases.enter_context(new_database(postgres)))
        if existing:
            sources = [lambda: existing]
        for new in sources:
            _measure(wanted, new, Path(folder), costs, verify, plans, is_there=bool(existing))


def _measure(
    sizes: list[int],
    new: Callable[[], str],
    folder: Path,
    costs: bool,
    verify: bool,
    plans: bool,
    *,
    is_there: bool,
) -> None:
    results: dict[str, dict[int, str]] = {}
    for size in sizes:
        url, tree = new(), Tree()
        if is_there:
            for _ in draw(size, tree):
                pass
        else:
            upgrade(url)
            tree = load(url, size, 3 * size, 10 * size)
        engine = make_engine(url)
        if not is_there:
            click.echo(f"{make_url(url).get_backend_name()}: {build(engine):.0f} s", err=True)
        if size == sizes[0]:
            click.echo(f"\n### {engine.dialect.name}\n")
        with Session(engine) as session:
            places = places_of(session, tree)
        _read(engine, places, size, results)
        if verify:
            taken, found = verified(engine)
            assert not found, found
            click.echo(f"{size:,} units verified in {taken:.0f} s\n")
        if plans and size == sizes[-1]:
            _explain(engine, places)
        if costs and size == sizes[0]:
            _upkeep(engine, tree, 13 * size + 1, folder)
        engine.dispose()
    heads = " | ".join(f"{size:,} units" for size in sizes)
    click.echo(f"| p50 / p95 ms [of processor time] (times as long by GROUP BY) | {heads} |")
    click.echo("|---|" + "---:|" * len(sizes))
    for name, cells in results.items():
        click.echo(f"| {name} | {' | '.join(cells[size] for size in sizes)} |")


def _read(engine: Engine, places: Places, size: int, results: dict[str, dict[int, str]]) -> None:
    for place, wanted in places:
        for name, answer in QUESTIONS.items():
            taken = ask(engine, answer, wanted)
            cell = f"{taken.p50:.1f} / {taken.p95:.1f}"
            cell += f" [{taken.busy_p50:.1f} / {taken.busy_p95:.1f}]"
            if name in COUNTS and place in COUNTED_AT:
                single: Timing = ask(engine, answer, wanted[:1])
                cell += f" ({count_live(engine, name, wanted[0]) / single.p50:,.0f} ×)"
            results.setdefault(f"{place}: {name}", {})[size] = cell


def _explain(engine: Engine, places: Places) -> None:
    for place, wanted in places:
        for name, answer in QUESTIONS.items():
            click.echo(f"\n#### {place}: {name}\n")
            for plan in plans_of(engine, answer, wanted[0]):
                click.echo(f"```\n{plan}\n```")


def _upkeep(engine: Engine, tree: Tree, first: int, folder: Path) -> None:
    bound = upkeep.needed(BINDINGS)
    upkeep.prepare(engine, tree, first, bound + WRITERS * BINDINGS)
    click.echo("| upkeep | with | without | ratio |\n|---|---:|---:|---:|")
    for name, (kept, plain) in {
        "a binding": upkeep.bindings(engine, first, BINDINGS),
        "10,000 personal accounts imported": upkeep.import_of_accounts(
            engine, tree, 10_000, folder
        ),
        "5,000 units imported": upkeep.import_of_register(engine, 5_000),
        "the largest unit moved": upkeep.move(engine, tree),
    }.items():
        click.echo(f"| {name} | {kept:.3f} s | {plain:.3f} s | {kept / plain:.2f} |")
    if engine.dialect.name == "sqlite":
        return  # one writer at a time
    rate, wrong = upkeep.at_once(engine, first + bound, WRITERS, BINDINGS)
    click.echo(f"\n{WRITERS} writers at once: {rate:.0f} bindings a second, errors: {wrong}\n")


if __name__ == "__main__":
    main()
