"""Run with ``python -m benchmarks.forecast``; prints Markdown for docs/decisions/0006-forecast.md."""

from statistics import median

import click

from benchmarks.forecast.back_testing import AHEAD, Kept, back_test
from benchmarks.forecast.processes import PROCESSES


@click.command()
@click.option("--seeds", default=200, show_default=True, help="Runs of each process.")
def main(seeds: int) -> None:
    """How often the 80 % interval held the truth, for each way of moving in."""
    print(
        "| process | date, all | date, reached | before it | off, days | width, days | "
        + " | ".join(f"+{days} days" for days in AHEAD)
        + " | silent |"
    )
    print("|---|" + "---:|" * (6 + len(AHEAD)))
    everything = [Kept() for _ in range(2 + len(AHEAD))]
    for process in PROCESSES:
        record = back_test(process, range(seeds))
        kept = [record.all, record.reached, *record.ahead.values()]
        for total, one in zip(everything, kept, strict=True):
            total.held += one.held
            total.asked += one.asked
        early = record.too_early / max(1, record.reached.asked)
        print(
            f"| {process.__name__} | {_said(kept[0])} | {_said(kept[1])} | {early:.0%} | "
            f"{median(record.days_off or [0]):.0f} | {median(record.widths or [0]):.0f} | "
            + " | ".join(_said(one) for one in kept[2:])
            + f" | {record.silent} |"
        )
    print(
        "| **all** | "
        + " | ".join(_said(one) for one in everything[:2])
        + " | | | | "
        + " | ".join(_said(one) for one in everything[2:])
        + " | |"
    )


def _said(kept: Kept) -> str:
    return f"{kept.share:.0%} of {kept.asked}" if kept.asked else "–"


if __name__ == "__main__":
    main()
