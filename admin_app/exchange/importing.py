"""Imports from files, for the command and for jobs: opened first, then run in one transaction."""

from collections.abc import Callable
from pathlib import Path

from admin_app.audit.act import Act
from admin_app.exchange.account_files import open_accounts, open_affiliations, open_history
from admin_app.exchange.import_reports import Counts, KeptReport
from admin_app.exchange.spreadsheets import digest, open_spreadsheet
from admin_app.exchange.unit_files import load_mapping, open_units
from admin_app.hierarchy.register_import import Register, finish, import_register, report_lines
from admin_app.jobs.vocabulary import JobKind
from admin_app.migration.import_accounts import import_accounts
from admin_app.migration.import_affiliations import import_affiliations
from admin_app.migration.import_history import import_history
from admin_app.migration.import_report import Progress, Source
from admin_app.wording import Text

# Takes the act, what keeps the report, and what is told how far it has come; never commits.
Import = Callable[[Act, KeptReport, Progress], Counts]

CHECKING_FILE = Text("检查文件", "Checking the file")
_EVERY = 1_000


def units(
    path: Path,
    *,
    mapping: Path | None = None,
    sheet: str | None = None,
    under: int | None = None,
    source: str | None = None,
    name: str | None = None,
) -> Import:
    """A register of units.

    Args:
        name: what the file is called in the trail; default: its path's name.

    Raises:
        UnreadableFile
    """
    meaning = load_mapping(mapping)
    found = open_units(path, meaning, sheet)
    register = Register(
        file_name=name or path.name,
        sha256=digest(path),
        source=source or meaning.source,
        columns=found.columns,
        words=meaning.words,
        under=under,
    )

    def work(act: Act, kept: KeptReport, progress: Progress) -> Counts:
        counts = import_register(act, found.rows, register, progress)
        for line in report_lines(act.session):
            kept(line)
        finish(act.session)
        return counts

    return work


def accounts(
    path: Path,
    *,
    mapping: Path | None = None,
    sheet: str | None = None,
    source: str | None = None,
    name: str | None = None,
) -> Import:
    """The old platform's accounts; otherwise as ``units``."""
    found = open_accounts(path, mapping, sheet)
    origin = Source(name or path.name, digest(path), source or found.units)

    def work(act: Act, kept: KeptReport, progress: Progress) -> Counts:
        return import_accounts(act, found.rows, found.words, origin, kept, progress)

    return work


def affiliations(
    path: Path,
    *,
    mapping: Path | None = None,
    sheet: str | None = None,
    source: str | None = None,
    name: str | None = None,
) -> Import:
    """Who belonged to which unit; otherwise as ``units``."""
    found = open_affiliations(path, mapping, sheet)
    origin = Source(name or path.name, digest(path), source or found.units)

    def work(act: Act, kept: KeptReport, progress: Progress) -> Counts:
        return import_affiliations(act, found.rows, origin, kept, progress)

    return work


def history(
    path: Path,
    *,
    mapping: Path | None = None,
    sheet: str | None = None,
    name: str | None = None,
) -> Import:
    """Business history; otherwise as ``units``."""
    found = open_history(path, mapping, sheet)
    origin = Source(name or path.name, digest(path))

    def work(act: Act, kept: KeptReport, progress: Progress) -> Counts:
        return import_history(act, found.rows, found.kinds, origin, kept, progress)

    return work


def open_import(kind: JobKind, path: Path, name: str) -> Import:
    """The import that a job is about, with the usual headers.

    Raises:
        UnreadableFile
    """
    match kind:
        case JobKind.UNITS_IMPORT:
            return units(path, name=name)
        case JobKind.ACCOUNTS_IMPORT:
            return accounts(path, name=name)
        case JobKind.AFFILIATIONS_IMPORT:
            return affiliations(path, name=name)
        case JobKind.HISTORY_IMPORT:
            return history(path, name=name)
        case JobKind.LIST_EXPORT:
            raise ValueError("not an import")


def count_rows(path: Path, progress: Progress) -> int:
    """Go through the whole file once before anything is locked: how many rows it has.

    Raises:
        UnreadableFile
    """
    count = 0
    for _row in open_spreadsheet(path).rows:
        count += 1
        if count % _EVERY == 0:
            progress(CHECKING_FILE, count, None)
    return count
