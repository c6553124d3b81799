"""What an import says: its counts and its report, on a terminal, as JSON and as CSV."""

import csv
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.markup import escape
from rich.table import Table

from admin_app.cli.terminal import console, language, say
from admin_app.exchange.import_reports import Counts, KeptReport
from admin_app.hierarchy.register_vocabulary import Outcome
from admin_app.wording import Text

SHOWN = 20  # lines of the report on the terminal

_COLUMNS = ("row", "external_id", "name", "outcome", "code", "reason", "reason_en")
_LABELS = {
    "rows_read": Text("读取行数", "Rows read"),
    "taken": Text("已导入", "Taken"),
    "created": Text("　其中新增", "  created"),
    "updated": Text("　其中更新", "  updated"),
    "unchanged": Text("　其中无变化", "  unchanged"),
    "changed": Text("　改动后导入", "  taken with a change"),
    "refused": Text("未导入", "Not taken"),
    "depth": Text("层级数", "Levels"),
}
_HEADINGS = (
    Text("行", "Row"),
    Text("名称", "Name"),
    Text("结果", "Outcome"),
    Text("原因", "Reason"),
)
_COMMITTED = Text("已写入数据库。", "Written to the database.")
_DRY_RUN = Text(
    "这是试运行，没有写入任何内容。确认无误后加上 --commit 再运行一次。",
    "This was a dry run; nothing was written. If it looks right, run it again with --commit.",
)
_MORE = Text(
    "以上是前 {shown} 条，共 {all} 条。加上 --report 文件名.csv 可得到全部。",
    "These are the first {shown} of {all} lines. --report FILE.csv gives all of them.",
)
_REPORTED = Text("全部 {all} 条已写入 {file}。", "All {all} lines are in {file}.")


def show(
    counts: Counts, kept: KeptReport, report: Path | None, *, committed: bool, as_json: bool
) -> None:
    """Say how the import came out; ``report``: a file for the whole report."""
    if report is not None:
        _write_csv(report, kept.lines())
    if as_json:
        _print_json(counts, committed, kept.lines())
    else:
        _print_table(counts, committed)
        _print_report(kept.lines(), kept.count, report)


def _print_json(counts: Counts, committed: bool, lines: Iterator[dict[str, Any]]) -> None:
    """Line by line, so that a report of any length needs no memory."""
    head = json.dumps({**asdict(counts), "committed": committed}, indent=2)
    click.echo(head.removesuffix("\n}") + ',\n  "report": [', nl=False)
    separator = "\n"
    for line in lines:
        click.echo(f"{separator}    {json.dumps(line, ensure_ascii=False)}", nl=False)
        separator = ",\n"
    click.echo("\n  ]\n}" if separator != "\n" else "]\n}")


def _write_csv(path: Path, lines: Iterator[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # the mark tells Excel
        writer = csv.DictWriter(file, _COLUMNS)
        writer.writeheader()
        writer.writerows({name: _inert(value) for name, value in line.items()} for line in lines)


def _inert(value: object) -> object:
    """A cell that a spreadsheet program won't take for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in tuple("=+-@\t\r") else value


def _print_table(counts: Counts, committed: bool) -> None:
    table = Table(show_header=False)
    for name, value in asdict(counts).items():
        table.add_row(say(_LABELS[name]), f"{value:,}")
    console().print(table)
    click.echo(say(_COMMITTED if committed else _DRY_RUN))


def _print_report(lines: Iterator[dict[str, Any]], count: int, report: Path | None) -> None:
    if not count:
        return
    table = Table(*(say(heading) for heading in _HEADINGS))
    reason = "reason_en" if language() == "en" else "reason"
    for _, line in zip(range(SHOWN), lines, strict=False):
        outcome = say(Outcome(line["outcome"]).label)
        table.add_row(str(line["row"]), escape(line["name"]), outcome, escape(line[reason]))
    console().print(table)
    if report is not None:
        click.echo(say(_REPORTED.format(all=count, file=report)))
    elif count > SHOWN:
        click.echo(say(_MORE.format(shown=SHOWN, all=count)))
