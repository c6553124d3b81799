"""Run with ``python -m benchmarks.forecast``; prints the table of decision 6 as Markdown."""

from statistics import median

import click
from sqlalchemy.orm import Session

from admin_app.database import make_engine
from admin_app.migration.counts import Counted
from benchmarks.forecast.back_testing import AHEAD, Kept, Record, back_test
from benchmarks.forecast.own_days import days_of, held
from benchmarks.forecast.processes import PROCESSES

_COLUMNS = ("date, all", "date, reached", "before it", "off, days", "width, days")


@click.command()
@click.option("--seeds", default=200, show_default=True, help="Runs of each process.")
@click.option("--first-seed", default=5_000, show_default=True)
@click.option("--database", default="", help="Hold against this database's own days instead.")
@click.option("--but-last", default=0, show_default=True, help="Leave out the last days of it.")
def main(seeds: int, first_seed: int, database: str, but_last: int) -> None:
    """How often the 80 % interval held the truth, for each way of moving in."""
    if database:
        _print_own(database, but_last)
        return
    ahead = [f"+{days} days" for days in AHEAD]
    print("| process | " + " | ".join([*_COLUMNS, *ahead]) + " |")
    print("|---|" + "---:|" * (len(_COLUMNS) + len(ahead)))
    everything = [Kept() for _ in range(2 + len(AHEAD))]
    for process in PROCESSES:
        record = back_test(process, range(first_seed, first_seed + seeds))
        kept = [record.all, record.reached, *record.ahead.values()]
        for total, one in zip(everything, kept, strict=True):
            total.held += one.held
            total.asked += one.asked
        _print_line(process.__name__, kept, record)
    _print_line("**all**", everything, None)


def _print_own(database: str, but_last: int) -> None:
    with Session(make_engine(database)) as session:
        for counted in Counted:
            days = days_of(session, counted)
            kept = held(days[: len(days) - but_last])
            print(f"| {counted.value} | " + " | ".join(_said(one) for one in kept.values()) + " |")


def _print_line(name: str, kept: list[Kept], record: Record | None) -> None:
    cells = ["", "", ""]
    if record is not None:
        early = record.too_early / max(1, record.reached.asked)
        cells = [
            f"{early:.0%}",
            f"{median(record.days_off or [0]):.0f}",
            f"{median(record.widths or [0]):.0f}",
        ]
    said = [_said(one) for one in kept]
    print(f"| {name} | " + " | ".join([*said[:2], *cells, *said[2:]]) + " |", flush=True)


def _said(kept: Kept) -> str:
    return f"{kept.share:.0%} of {kept.asked:,}" if kept.asked else "–"


if __name__ == "__main__":
    main()
