"""Handing in a file for import: a trial first, and after it the same file for good."""

from typing import IO

from admin_app.audit.act import Act
from admin_app.audit.operations import record
from admin_app.audit.vocabulary import Event
from admin_app.errors import NotFound
from admin_app.exchange.job_files import keep_file, parts_of
from admin_app.exchange.problems import EmptyFile
from admin_app.jobs.long_jobs import ask, get_own
from admin_app.jobs.models import Job
from admin_app.jobs.vocabulary import (
    FileRole,
    JobFileGone,
    JobKind,
    JobState,
    NothingToImport,
)
from admin_app.policy.rules import Decision, require
from admin_app.policy.vocabulary import Permission
from admin_app.service_desk.storage import Storage


def hand_in(
    act: Act,
    storage: Storage,
    kind: JobKind,
    name: str,
    content: IO[bytes],
    *,
    capacity_key: str,
    language: str,
) -> Job:
    """Have a file tried: checked as a whole, nothing written.

    Raises:
        Refused, TooManyJobs, EmptyFile
    """
    decision = require(act.actor, Permission.DATA_IMPORT, reason=act.reason)
    parameters = {"commit": False}
    job = ask(act, kind, kind.label, parameters, capacity_key=capacity_key, language=language)
    job.upload_name = name
    keep_file(act, storage, job, FileRole.UPLOAD, content)
    if not parts_of(act.session, job.id, FileRole.UPLOAD):
        raise EmptyFile(field="file", name=name)
    _note(act, job, decision)
    return job


def import_tried(act: Act, job_id: int, *, capacity_key: str, language: str) -> Job:
    """Have a file imported for good: one's own trial that is done.

    Raises:
        NotFound, Refused, NothingToImport, JobFileGone, TooManyJobs
    """
    tried = get_own(act.session, act.actor, job_id)
    if not tried.kind.is_import or tried.parameters["commit"] or tried.state is not JobState.DONE:
        raise NotFound
    decision = require(act.actor, Permission.DATA_IMPORT, reason=tried.reason)
    if not tried.found_rows_to_write:
        raise NothingToImport
    if not parts_of(act.session, tried.id, FileRole.UPLOAD):
        raise JobFileGone
    parameters = {"commit": True, "tried": tried.id}
    title = tried.kind.label
    job = ask(act, tried.kind, title, parameters, capacity_key=capacity_key, language=language)
    job.upload_name, job.reason = tried.upload_name, tried.reason
    _note(act, job, decision)
    return job


def _note(act: Act, job: Job, decision: Decision) -> None:
    record(
        act,
        Event.IMPORT_ASKED,
        subject=job.upload_name,
        decision=decision,
        job=job.id,
        kind=job.kind.value,
        commit=job.parameters["commit"],
    )
