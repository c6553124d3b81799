"""Files of long jobs: what was brought and what came of it, encrypted in parts of bounded size.

Rows and files belong together as those of evidence do: a file is stored before its row's
transaction ends, so that what a dead worker leaves behind is a file without a row; it is swept up.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.jobs.models import Job, JobFile
from admin_app.jobs.vocabulary import FileRole, JobFileGone
from admin_app.sealing import SealError, open_content, seal_content
from admin_app.service_desk.storage import FolderStorage, Storage, new_key
from admin_app.settings import Settings

PART = 4 * 1024 * 1024
_TOGETHER = 100  # jobs deleted at once


def job_storage(settings: Settings) -> Storage:
    """Where files of jobs lie: apart from evidence, for they come and go."""
    return FolderStorage(Path(settings.job_folder))


def keep_file(act: Act, storage: Storage, job: Job, role: FileRole, source: IO[bytes]) -> None:
    """Store a file in parts, and their rows in the transaction; all of it, or none."""
    stored: list[str] = []
    try:
        number = 0
        while part := source.read(PART):
            key, sealed = seal_content(part)
            storage_key = new_key()
            storage.put(storage_key, sealed)
            stored.append(storage_key)
            act.session.add(
                JobFile(
                    job_id=job.id,
                    role=role,
                    number=number,
                    storage_key=storage_key,
                    key_sealed=act.sealer.seal(key),
                    size=len(part),
                )
            )
            number += 1
        act.session.flush()
    except BaseException:
        for storage_key in stored:
            storage.delete(storage_key)
        raise


def parts_of(session: Session, job_id: int, role: FileRole) -> Sequence[JobFile]:
    """The parts of a job's file in their order; none if there is no such file."""
    return session.scalars(
        select(JobFile)
        .where(JobFile.job_id == job_id, JobFile.role == role)
        .order_by(JobFile.number)
    ).all()


def read_parts(act: Act, storage: Storage, parts: Sequence[JobFile]) -> Iterator[bytes]:
    """The file, part by part.

    Raises:
        JobFileGone
    """
    if not parts:
        raise JobFileGone
    for part in parts:
        try:
            sealed = storage.get(part.storage_key) or b""
            yield open_content(act.sealer.open(part.key_sealed), sealed)
        except SealError:
            raise JobFileGone from None


def forget_old(session: Session, before: datetime) -> list[str]:
    """Delete jobs that ended long ago.

    Returns:
        the keys of their files, which the caller deletes once the transaction is committed.
    """
    old = session.scalars(
        select(Job.id)
        .where(Job.ended_at.is_not(None), Job.ended_at < before)
        .order_by(Job.ended_at)
        .limit(_TOGETHER)
        .with_for_update(skip_locked=True)
    ).all()
    if not old:
        return []
    keys = session.scalars(select(JobFile.storage_key).where(JobFile.job_id.in_(old))).all()
    session.execute(delete(JobFile).where(JobFile.job_id.in_(old)))
    session.execute(delete(Job).where(Job.id.in_(old)))
    return list(keys)


def lost_files(session: Session, storage: Storage, before: datetime) -> list[str]:
    """The keys of old files that no row knows: what a dead worker left behind."""
    return [
        key
        for key, stored_at in storage.stored()
        if stored_at < before
        and session.scalar(select(JobFile.id).where(JobFile.storage_key == key)) is None
    ]
