"""``yihaotong import``: registers from files; a dry run unless told otherwise."""

from pathlib import Path
from tempfile import TemporaryFile

import click

from admin_app.cli.acting import act_of_command
from admin_app.cli.databases import open_database
from admin_app.cli.import_printing import show
from admin_app.cli.import_progress import ImportProgress
from admin_app.cli.terminal import json_option
from admin_app.database import begin_writing
from admin_app.exchange import importing
from admin_app.exchange.import_reports import KeptReport
from admin_app.exchange.importing import Import
from admin_app.settings import load_settings

_path = click.Path(path_type=Path)
_file = click.argument("file", type=_path)
_mapping = click.option("--mapping", type=_path, help="What the columns mean (TOML).")
_sheet = click.option("--sheet", help="Sheet of an XLSX file; default: the first visible one.")
_report = click.option("--report", type=_path, help="Write the whole report as CSV.")
_commit = click.option("--commit", is_flag=True, help="Write; without it this is a dry run.")
_source = click.option(
    "--source", help="Whose numbers the external ids of units are; default: the mapping's."
)


@click.group("import")
def import_group() -> None:
    """Import from a file."""


@import_group.command("units")
@_file
@_mapping
@_sheet
@click.option("--under", type=int, help="Unit under which rows without a parent stand.")
@_source
@_report
@_commit
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
    work = importing.units(file, mapping=mapping, sheet=sheet, under=under, source=source)
    _run(work, report, commit=commit, as_json=as_json)


@import_group.command("accounts")
@_file
@_mapping
@_sheet
@_source
@_report
@_commit
@json_option
def accounts(
    file: Path,
    mapping: Path | None,
    sheet: str | None,
    source: str | None,
    report: Path | None,
    commit: bool,
    as_json: bool,
) -> None:
    """Import the old platform's accounts, CSV or XLSX: wholly or not at all."""
    work = importing.accounts(file, mapping=mapping, sheet=sheet, source=source)
    _run(work, report, commit=commit, as_json=as_json)


@import_group.command("affiliations")
@_file
@_mapping
@_sheet
@_source
@_report
@_commit
@json_option
def affiliations(
    file: Path,
    mapping: Path | None,
    sheet: str | None,
    source: str | None,
    report: Path | None,
    commit: bool,
    as_json: bool,
) -> None:
    """Import who belonged to which unit, CSV or XLSX: wholly or not at all."""
    work = importing.affiliations(file, mapping=mapping, sheet=sheet, source=source)
    _run(work, report, commit=commit, as_json=as_json)


@import_group.command("history")
@_file
@_mapping
@_sheet
@_report
@_commit
@json_option
def history(
    file: Path,
    mapping: Path | None,
    sheet: str | None,
    report: Path | None,
    commit: bool,
    as_json: bool,
) -> None:
    """Import business history, CSV or XLSX: wholly or not at all."""
    work = importing.history(file, mapping=mapping, sheet=sheet)
    _run(work, report, commit=commit, as_json=as_json)


def _run(work: Import, report: Path | None, *, commit: bool, as_json: bool) -> None:
    """One transaction, kept or taken back; then what came of it."""
    settings = load_settings()
    with TemporaryFile("w+", encoding="utf-8") as file:
        kept = KeptReport(file)
        with open_database(settings) as sessions, sessions() as session:
            begin_writing(session)
            try:
                act = act_of_command(session, settings)
                with ImportProgress() as progress:
                    counts = work(act, kept, progress)
                if commit:
                    session.commit()
            finally:
                session.rollback()
        show(counts, kept, report, committed=commit, as_json=as_json)
