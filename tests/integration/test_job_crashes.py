"""A worker killed in the midst of a long job: another takes it up, and nothing happens twice."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from admin_app.audit.models import AuditEntry
from admin_app.audit.vocabulary import Event
from admin_app.database import transaction
from admin_app.exchange.job_files import keep_file, parts_of, read_parts
from admin_app.jobs.models import Job, JobFile
from admin_app.jobs.vocabulary import FileRole, JobKind, JobState
from admin_app.migration.models import LegacyAccount
from admin_app.migration.vocabulary import AccountKind, AccountState
from tests import builders
from tests.builders_jobs import job, runner, supporter
from tests.databases import Database

ROWS = 6_000
LEASE_SECONDS = 1
PATIENCE = 90
ROOT = Path(__file__).parents[2]
# A worker as the command starts it, but with a lease short enough to be waited for.
WORKER = f"""
from datetime import timedelta
from admin_app.jobs import long_jobs
long_jobs.LEASE_LASTS = timedelta(seconds={LEASE_SECONDS})
from admin_app.cli import job_keeping, main
job_keeping.BEAT_SECONDS = 0.05
main(["worker"])
"""


def start(database: Database, folder: Path) -> subprocess.Popen[bytes]:
    own = {
        "YIHAOTONG_ENVIRONMENT": "test",
        "YIHAOTONG_DATABASE_URL": database.url,
        "YIHAOTONG_IDENTITY_KEYS": f'["{builders.KEY}"]',
        "YIHAOTONG_INDEX_KEY": builders.KEY,
        "YIHAOTONG_JOB_FOLDER": str(folder),
    }
    return subprocess.Popen(
        [sys.executable, "-c", WORKER],
        env={**os.environ, "PYTHONPATH": str(ROOT), **own},
        stderr=subprocess.DEVNULL,
        cwd=folder,
    )


def test_an_export_is_begun_anew_and_kept_once(database: Database, tmp_path: Path) -> None:
    with transaction(database.sessions) as session:
        account = supporter(session)
        _accounts_of_the_old_platform(session)
        number = job(
            session, account, list="legacy_accounts", search={"sort": "number"}, format="csv"
        ).id
    _killed_then_finished(database, tmp_path, number, lambda each: each.done > 0)

    with database.sessions() as session:
        parts = parts_of(session, number, FileRole.RESULT)
        content = read_parts(builders.act(session), runner(database, tmp_path)._storage, parts)
        lines = b"".join(content).decode("utf-8-sig").splitlines()
        assert session.scalar(select(func.count(JobFile.id))) == len(parts) == 1
        assert _how_often(session, Event.LIST_EXPORTED) == 1
    assert [line.split(",")[0] for line in lines[1:]] == [f"old-{n}" for n in range(ROWS)]


def test_an_import_is_undone_and_then_done_once(database: Database, tmp_path: Path) -> None:
    header = "外部编号,账号类型,用户名,姓名\n"
    rows = "\n".join(f"{n},个人,old-{n},示例某人" for n in range(ROWS))
    with transaction(database.sessions) as session:
        asked = job(session, supporter(session), JobKind.ACCOUNTS_IMPORT, commit=True)
        asked.upload_name = "accounts.csv"
        content = BytesIO((header + rows).encode())
        storage = runner(database, tmp_path)._storage
        keep_file(builders.act(session), storage, asked, FileRole.UPLOAD, content)
        number = asked.id
    # SQLite tells nothing while the import writes: so it is killed a moment after it has begun.
    _killed_then_finished(database, tmp_path, number, _has_run_for(0.3))

    with database.sessions() as session:
        assert session.scalar(select(func.count(LegacyAccount.id))) == ROWS
        assert _how_often(session, Event.ACCOUNTS_IMPORTED) == 1
        assert session.get_one(Job, number).outcome["created"] == ROWS  # type: ignore[index]


def _killed_then_finished(
    database: Database, folder: Path, number: int, in_its_midst: Callable[[Job], bool]
) -> None:
    first = start(database, folder)
    try:
        _until(database, number, in_its_midst)
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait(timeout=10)
    assert _found(database, number).state is JobState.RUNNING, "it was done before it was killed"
    second = start(database, folder)
    try:
        _until(database, number, lambda each: each.state.is_over)
    finally:
        second.send_signal(signal.SIGTERM)
        assert second.wait(timeout=20) == 0
    done = _found(database, number)
    assert (done.state, done.attempts) == (JobState.DONE, 2)


def _has_run_for(seconds: float) -> Callable[[Job], bool]:
    def fulfilled(each: Job) -> bool:
        begun = each.state is JobState.RUNNING
        time.sleep(seconds if begun else 0)
        return begun

    return fulfilled


def _accounts_of_the_old_platform(session: Session) -> None:
    rows = [
        {
            "external_id": str(n),
            "kind": AccountKind.PERSONAL,
            "username": f"old-{n}",
            "name": "示例某人",
            "state": AccountState.NOT_STARTED,
            "imported_at": builders.NOON,
            "stated_at": builders.NOON,
        }
        for n in range(ROWS)
    ]
    session.execute(insert(LegacyAccount), rows)


def _how_often(session: Session, event: Event) -> int:
    counted = select(func.count(AuditEntry.id)).where(AuditEntry.event == event.value)
    return session.scalar(counted) or 0


def _found(database: Database, number: int) -> Job:
    with database.sessions() as session:
        return session.get_one(Job, number)


def _until(database: Database, number: int, fulfilled: Callable[[Job], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not fulfilled(_found(database, number)):
        assert time.monotonic() < deadline
        time.sleep(0.005)
