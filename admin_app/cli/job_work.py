"""What long jobs do: write a list as whoever asked may see it now, or import a file."""

from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryFile

from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from admin_app.audit.act import Act
from admin_app.cli.acting import act_of_command
from admin_app.cli.job_keeping import Keeper
from admin_app.database import begin_writing, transaction
from admin_app.delegation.capacities import CapacityChoice, capacity_now
from admin_app.exchange.import_reports import KeptReport
from admin_app.exchange.importing import count_rows, open_import
from admin_app.exchange.job_files import keep_file, parts_of, read_parts
from admin_app.exchange.table_files import write_table
from admin_app.exchange.taking_away import note_exported
from admin_app.hierarchy.register_vocabulary import Outcome
from admin_app.jobs.long_jobs import finish
from admin_app.jobs.models import Job
from admin_app.jobs.rules import CHINA
from admin_app.jobs.vocabulary import FileRole, JobAuthorityGone
from admin_app.policy.actor import Actor
from admin_app.policy.rules import decide
from admin_app.policy.vocabulary import Permission
from admin_app.service_desk.storage import Storage
from admin_app.settings import Settings
from admin_app.views.asking import write_list
from admin_app.wording import Text

_REPORT_HEADER = (
    Text("行", "Row"),
    Text("外部编号", "Number"),
    Text("名称", "Name"),
    Text("结果", "Outcome"),
    Text("原因", "Reason"),
)


def run_export(
    app: Flask,
    sessions: sessionmaker[Session],
    settings: Settings,
    storage: Storage,
    job: Job,
    keeper: Keeper,
    folder: Path,
) -> None:
    """Write the list into a file, then keep it and end the job in one transaction.

    Raises:
        JobAuthorityGone, Stopped, TakenBack, Lost
    """
    with sessions() as session:
        capacity = _capacity(session, job)
    file_format = job.parameters["format"]
    path = folder / f"table.{file_format}"
    rows = write_list(app, job, capacity, path, keeper)
    keeper.rest()
    with transaction(sessions) as session:
        act = replace(act_of_command(session, settings), actor=capacity.actor)
        held = keeper.held(act)
        _keep_result(act, storage, held, path)
        asked = job.parameters
        note_exported(
            act, job.title[0], asked["list"], asked["search"], file_format, rows, job=job.id
        )
        finish(act, held, {"rows": rows}, done=rows)


def run_import(
    sessions: sessionmaker[Session],
    settings: Settings,
    storage: Storage,
    job: Job,
    keeper: Keeper,
    folder: Path,
) -> None:
    """Import the file in one transaction, which also ends the job; a trial is undone first.

    Raises:
        JobAuthorityGone, JobFileGone, UnreadableFile, Stopped, TakenBack, Lost
    """
    commit = bool(job.parameters["commit"])
    path = folder / "upload"
    with sessions() as session:
        asked_by = _capacity(session, job).actor
        if not decide(asked_by, Permission.DATA_IMPORT):
            raise JobAuthorityGone
        act = act_of_command(session, settings)
        source = job.parameters.get("tried", job.id)
        with path.open("wb") as file:
            for part in read_parts(act, storage, parts_of(session, source, FileRole.UPLOAD)):
                file.write(part)
    total = count_rows(path, keeper)
    if settings.sqlite_path is not None:
        keeper.fall_silent(total)
    with TemporaryFile("w+", encoding="utf-8") as kept_lines, sessions() as session:
        kept = KeptReport(kept_lines)
        begin_writing(session)
        act = _on_behalf(act_of_command(session, settings), asked_by, job.reason)
        work = open_import(job.kind, path, job.upload_name)
        counts = asdict(work(act, kept, lambda p, done, of: keeper(p, done, of or total)))
        report = _report(kept, job.language, folder)
        if not commit:
            session.rollback()
            begin_writing(session)
        # From here on nothing is told any more, so that the row may be locked.
        keeper.rest()
        held = keeper.held(act)
        if report is not None:
            _keep_result(act, storage, held, report)
        finish(act, held, {**counts, "committed": commit}, done=total)
        session.commit()


def _capacity(session: Session, job: Job) -> CapacityChoice:
    """Whoever asked, in the capacity they asked in, as far as it goes now.

    Raises:
        JobAuthorityGone
    """
    found = capacity_now(
        session, person_id=job.person_id, staff_id=job.staff_id, key=job.capacity_key
    )
    if found is None:
        raise JobAuthorityGone
    return found


def _on_behalf(act: Act, asked_by: Actor, reason: str) -> Act:
    """The platform's own act, as imports are, which says who asked for it."""
    platform = replace(act.actor, name=f"{act.actor.name}（{asked_by.name}）")
    return replace(act, actor=platform, reason=reason)


def _report(kept: KeptReport, language: str, folder: Path) -> Path | None:
    """What wasn't taken as it was, as a table in the language of whoever asked."""
    if not kept.count:
        return None
    path = folder / "report.csv"
    reason = "reason_en" if language == "en" else "reason"
    rows = (
        (
            line["row"],
            line["external_id"],
            line["name"],
            Outcome(line["outcome"]).label.in_language(language),
            line[reason],
        )
        for line in kept.lines()
    )
    write_table(path, "csv", [each.in_language(language) for each in _REPORT_HEADER], rows)
    return path


def _keep_result(act: Act, storage: Storage, held: Job, path: Path) -> None:
    with path.open("rb") as file:
        keep_file(act, storage, held, FileRole.RESULT, file)
    day = act.at.astimezone(CHINA)
    title = Text(*held.title).in_language(held.language)
    held.result_name = f"{title}-{day:%Y%m%d}{path.suffix}"
