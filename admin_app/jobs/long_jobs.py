"""Long jobs: asked for, taken by one worker at a time, kept alive, ended once.

A worker holds a job by a lease that it renews; one that dies lets it lapse, and another takes the
job up. Whatever a job brings about is written in the transaction that also ends it, and only its
holder ends it: so nothing happens twice, however often it was begun. Nothing here commits.
"""

import secrets
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.audit.operations import record
from admin_app.audit.vocabulary import Event
from admin_app.errors import NotFound
from admin_app.jobs.models import Job
from admin_app.jobs.rules import JOB_ATTEMPTS_MOST, JOBS_AT_ONCE, LEASE_LASTS
from admin_app.jobs.vocabulary import JobBroken, JobKind, JobOver, JobState, TooManyJobs
from admin_app.policy.actor import Actor
from admin_app.wording import Text


class Standing(Enum):
    """How a worker stands to the job it is at."""

    HOLDS = "holds"
    CANCELLED = "cancelled"  # it still holds it, and is to stop
    LOST = "lost"  # somebody else has taken it up, or it is over


def ask(
    act: Act,
    kind: JobKind,
    title: Text,
    parameters: Mapping[str, Any],
    *,
    capacity_key: str,
    language: str,
) -> Job:
    """Have something done apart from the request; what may be asked for, the caller has checked.

    Raises:
        TooManyJobs
    """
    running = select(Job.id).where(_of(act.actor), _is_open()).limit(JOBS_AT_ONCE)
    counted = act.session.scalar(select(func.count()).select_from(running.subquery())) or 0
    if counted >= JOBS_AT_ONCE:
        raise TooManyJobs(most=JOBS_AT_ONCE)
    job = Job(
        kind=kind,
        state=JobState.WAITING,
        person_id=act.actor.person_id,
        staff_id=act.actor.staff_id,
        capacity_key=capacity_key,
        language=language,
        title=[title.zh, title.en],
        parameters=dict(parameters),
        reason=act.reason,
        asked_at=act.at,
    )
    act.session.add(job)
    act.session.flush()
    return job


def cancel(act: Act, job_id: int) -> Job:
    """Take back one's own job: at once while it waits, else between two steps of its worker.

    Raises:
        NotFound, JobOver
    """
    job = get_own(act.session, act.actor, job_id, locked=True)
    if job.state.is_over:
        raise JobOver(state=job.state.label)
    if not job.cancel_asked:
        job.cancel_asked = True
        record(act, Event.JOB_CANCELLED, subject=job.title[0], job=job.id)
    if job.state is JobState.WAITING:
        _end(act, job, JobState.CANCELLED)
    act.session.flush()
    return job


def claim(act: Act) -> Job | None:
    """The oldest job that waits, or whose worker has died, for this worker alone."""
    lapsed = and_(Job.state == JobState.RUNNING, Job.lease_until <= act.at)
    statement = (
        select(Job)
        .where(_is_open(), or_(Job.state == JobState.WAITING, lapsed))
        .order_by(Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    while (job := act.session.scalars(statement).first()) is not None:
        if job.cancel_asked:
            _end(act, job, JobState.CANCELLED)
        elif job.attempts >= JOB_ATTEMPTS_MOST:
            job.trouble = _pair(JobBroken.text)
            _end(act, job, JobState.FAILED)
        else:
            job.state, job.attempts = JobState.RUNNING, job.attempts + 1
            job.holder, job.lease_until = secrets.token_hex(16), act.at + LEASE_LASTS
            job.started_at = job.started_at or act.at
            job.phase, job.done, job.total = None, 0, None
            act.session.flush()
            return job
        act.session.flush()
    return None


def beat(act: Act, job: Job, phase: Text | None, done: int, total: int | None) -> Standing:
    """Renew the lease and note how far it has come; says whether to go on."""
    changed = act.session.execute(
        update(Job)
        .where(Job.id == job.id, Job.holder == job.holder, Job.state == JobState.RUNNING)
        .values(
            lease_until=act.at + LEASE_LASTS,
            phase=_pair(phase) if phase else None,
            done=done,
            total=total,
        )
        .returning(Job.cancel_asked)
        .execution_options(synchronize_session=False)
    ).first()
    if changed is None:
        return Standing.LOST
    return Standing.CANCELLED if changed.cancel_asked else Standing.HOLDS


def hold(act: Act, job: Job) -> tuple[Job | None, Standing]:
    """The row, locked until the transaction ends, if this worker still holds it."""
    row = act.session.scalars(
        select(Job)
        .where(Job.id == job.id, Job.holder == job.holder, Job.state == JobState.RUNNING)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        return None, Standing.LOST
    return row, Standing.CANCELLED if row.cancel_asked else Standing.HOLDS


def finish(act: Act, held: Job, outcome: Mapping[str, Any], *, done: int) -> None:
    """It is done; the job is one that ``hold`` gave in this transaction."""
    held.outcome, held.done, held.total, held.phase = dict(outcome), done, done, None
    _end(act, held, JobState.DONE)
    act.session.flush()


def give_up(act: Act, held: Job, trouble: Text | None) -> None:
    """It came to nothing: cancelled, or for this reason."""
    held.trouble = _pair(trouble) if trouble else None
    _end(act, held, JobState.FAILED if trouble else JobState.CANCELLED)
    act.session.flush()


def give_back(act: Act, held: Job) -> None:
    """The worker has to stop, and somebody else shall begin again; that is no failed attempt."""
    held.state, held.holder, held.lease_until = JobState.WAITING, None, None
    held.attempts -= 1
    act.session.flush()


def get_own(session: Session, actor: Actor, job_id: int, *, locked: bool = False) -> Job:
    """One's own job; nobody else's is there.

    Raises:
        NotFound
    """
    statement = select(Job).where(Job.id == job_id, _of(actor))
    job = session.scalars(statement.with_for_update() if locked else statement).first()
    if job is None:
        raise NotFound
    return job


def jobs_of(
    session: Session, actor: Actor, *, before: int | None = None, limit: int = 25
) -> Sequence[Job]:
    """A page of somebody's jobs, latest first; ``before`` is the last one already shown."""
    statement = select(Job).where(_of(actor))
    if before is not None:
        statement = statement.where(Job.id < before)
    return session.scalars(statement.order_by(Job.id.desc()).limit(limit)).all()


def note_taken(act: Act, job: Job) -> None:
    """Its file was downloaded."""
    record(act, Event.RESULT_TAKEN, subject=job.title[0], job=job.id, file=job.result_name)


def _of(actor: Actor) -> Any:
    if actor.staff_id is not None:
        return Job.staff_id == actor.staff_id
    return Job.person_id == (actor.person_id or 0)


def _is_open() -> Any:
    return Job.state.in_((JobState.WAITING, JobState.RUNNING))


def _end(act: Act, job: Job, state: JobState) -> None:
    job.state, job.ended_at = state, act.at
    job.holder, job.lease_until = None, None


def _pair(sentence: Text) -> list[str]:
    return [sentence.zh, sentence.en]
