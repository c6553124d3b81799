"""``yihaotong import``: registers from a file into the tree; a dry run unless told otherwise."""

import csv
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import click
from rich.markup import escape
from rich.table import Table

from admin_app.cli.acting import act_of_command
from admin_app.cli.databases import open_database
from admin_app.cli.import_progress import ImportProgress
from admin_app.cli.terminal import console, json_option, language, say
from admin_app.database import begin_writing
from admin_app.exchange.spreadsheets import digest
from admin_app.exchange.unit_files import load_mapping, open_units
from admin_app.hierarchy.register_import import (
    Counts,
    Register,
    ReportLine,
    finish,
    import_register,
    report_lines,
)
from admin_app.hierarchy.register_vocabulary import Outcome
from admin_app.settings import load_settings
from admin_app.wording import Text

SHOWN = 20  # lines of the report on the terminal

_COLUMNS = ("row", "external_id", "name", "outcome", "code", "reason", "reason_en")
_LABELS = {
    "rows_read": Text("读取行数", "Rows read"),
    "taken": Text("已导入", "Taken"),
    "created": Text("　其中新增", "  created"),
    "updated": Text("　其中更新", "  updated"),
    "unchanged": Text("　其中无变化", "  unchanged"),
    "changed": Text("　有改动地导入", "  taken with a change"),
    "refused": Text("未导入", "Not taken"),
    "depth": Text("层级数", "Levels"),
}
_HEADINGS = (
    Text("行", "Row"),
    Text("单位名称", "Name"),
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


@click.group("import")
def import_group() -> None:
    """Import from a file."""


@import_group.command("units")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--mapping", type=click.Path(path_type=Path), help="What the columns mean (TOML).")
@click.option("--sheet", help="Sheet of an XLSX file; default: the first visible one.")
@click.option("--under", type=int, help="Unit under which rows without a parent stand.")
@click.option("--source", help="Whose numbers the external ids are; default: the mapping's.")
@click.option("--report", type=click.Path(path_type=Path), help="Write the whole report as CSV.")
@click.option("--commit", is_flag=True, help="Write; without it this is a dry run.")
@json_option
def units(
    file: Path,
    mapping: Path | None,
    sheet: str | None,
    under: int | None,
    source: str | None,
    report: Path | None,
    commit: bool,
    as_json: bool,
) -> None:
    """Import a register of units, CSV or XLSX: wholly or not at all."""
    meaning = load_mapping(mapping)
    found = open_units(file, meaning, sheet)
    register = Register(
        file_name=file.name,
        sha256=digest(file),
        source=source or meaning.source,
        columns=found.columns,
        words=meaning.words,
        under=under,
    )
    settings = load_settings()
    with TemporaryFile("w+", encoding="utf-8") as kept:
        with open_database(settings) as sessions, sessions() as session:
            begin_writing(session)
            try:
                act = act_of_command(session, settings)
                with ImportProgress() as progress:
                    counts = import_register(act, found.rows, register, progress)
                lines = _keep(kept, report_lines(session))
                finish(session)
                if commit:
                    session.commit()
            finally:
                session.rollback()
        if report is not None:
            _write_csv(report, _kept(kept))
        if as_json:
            _print_json(counts, commit, _kept(kept))
        else:
            _print_table(counts, commit)
            _print_report(_kept(kept), lines, report)


def _keep(file: IO[str], lines: Iterator[ReportLine]) -> int:
    """Put the report aside until the transaction has ended; it may be as long as the register."""
    count = 0
    for line in lines:
        file.write(json.dumps(_as_json(line), ensure_ascii=False) + "\n")
        count += 1
    return count


def _kept(file: IO[str]) -> Iterator[dict[str, Any]]:
    file.seek(0)
    return (json.loads(line) for line in file)


def _as_json(line: ReportLine) -> dict[str, Any]:
    return {
        "row": line.row,
        "external_id": line.external_id,
        "name": line.name,
        "outcome": line.outcome.value,
        "code": line.code.value,
        "reason": line.reason.zh,
        "reason_en": line.reason.en,
    }


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
