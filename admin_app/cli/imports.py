"""``yihaotong import``: registers from files; a dry run unless told otherwise."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryFile

import click

from admin_app.audit.act import Act
from admin_app.cli.acting import act_of_command
from admin_app.cli.databases import open_database
from admin_app.cli.import_printing import Counts, KeptReport, show
from admin_app.cli.import_progress import ImportProgress
from admin_app.cli.terminal import json_option
from admin_app.database import begin_writing
from admin_app.exchange.account_files import open_accounts, open_affiliations, open_history
from admin_app.exchange.spreadsheets import digest
from admin_app.exchange.unit_files import load_mapping, open_units
from admin_app.hierarchy.register_import import Register, finish, import_register, report_lines
from admin_app.migration.import_accounts import import_accounts
from admin_app.migration.import_affiliations import import_affiliations
from admin_app.migration.import_history import import_history
from admin_app.migration.import_report import Source
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

Work = Callable[[Act, KeptReport, ImportProgress], Counts]


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

    def work(act: Act, kept: KeptReport, progress: ImportProgress) -> Counts:
        counts = import_register(act, found.rows, register, progress)
        for line in report_lines(act.session):
            kept(line)
        finish(act.session)
        return counts

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
    found = open_accounts(file, mapping, sheet)
    origin = Source(file.name, digest(file), source or found.units)

    def work(act: Act, kept: KeptReport, progress: ImportProgress) -> Counts:
        return import_accounts(act, found.rows, found.words, origin, kept, progress)

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
    found = open_affiliations(file, mapping, sheet)
    origin = Source(file.name, digest(file), source or found.units)

    def work(act: Act, kept: KeptReport, progress: ImportProgress) -> Counts:
        return import_affiliations(act, found.rows, origin, kept, progress)

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
    found = open_history(file, mapping, sheet)
    origin = Source(file.name, digest(file))

    def work(act: Act, kept: KeptReport, progress: ImportProgress) -> Counts:
        return import_history(act, found.rows, found.kinds, origin, kept, progress)

    _run(work, report, commit=commit, as_json=as_json)


def _run(work: Work, report: Path | None, *, commit: bool, as_json: bool) -> None:
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
