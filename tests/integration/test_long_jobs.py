"""Long jobs: one worker at a time, taken up after a death, ended once, cancelled between steps."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from admin_app.audit.act import PLATFORM
from admin_app.audit.models import AuditEntry
from admin_app.audit.vocabulary import Event
from admin_app.cli import job_keeping
from admin_app.cli.job_keeping import Keeper, TakenBack
from admin_app.database import transaction
from admin_app.errors import NotFound
from admin_app.exchange.job_files import keep_file, parts_of, read_parts
from admin_app.identity.models import StaffAccount
from admin_app.jobs.long_jobs import Standing, beat, cancel, claim, finish, get_own, hold
from admin_app.jobs.models import Job, JobFile
from admin_app.jobs.rules import JOB_ATTEMPTS_MOST, JOBS_AT_ONCE, LEASE_LASTS
from admin_app.jobs.vocabulary import (
    FileRole,
    JobAuthorityGone,
    JobBroken,
    JobKind,
    JobOver,
    JobState,
    TooManyJobs,
)
from admin_app.migration.import_report import IMPORTING
from admin_app.migration.models import LegacyAccount
from admin_app.policy.actor import Actor
from admin_app.policy.vocabulary import Capacity
from admin_app.wording import Text
from tests import builders
from tests.builders_imports import MD5
from tests.builders_jobs import acting, job, run_all, runner, supporter
from tests.databases import Database

PATIENCE = 60
ACCOUNTS = "\n".join(
    [
        "外部编号,账号类型,用户名,姓名,证件类型,证件号码,密码算法,密码",
        f"1,个人,zhang,示例甲,身份证,{builders.id_number(1)},MD5,{MD5}",
        f"2,个人,li,示例乙,身份证,{builders.id_number(2)},MD5,{MD5}",
        f"3,不知道,wang,示例丙,身份证,{builders.id_number(3)},MD5,{MD5}",
    ]
)


def import_of(
    database: Database, folder: Path, content: str = ACCOUNTS, *, commit: bool = True
) -> int:
    """A file of accounts that support has handed in."""
    with transaction(database.sessions) as session:
        account = supporter(session)
        asked = job(session, account, JobKind.ACCOUNTS_IMPORT, commit=commit)
        asked.upload_name, asked.reason = "accounts.csv", "from the old platform"
        storage = runner(database, folder)._storage
        act = builders.act(session)
        keep_file(act, storage, asked, FileRole.UPLOAD, BytesIO(content.encode()))
        return asked.id


def found(database: Database, number: int) -> Job:
    with database.sessions() as session:
        return session.get_one(Job, number)


def result_of(database: Database, folder: Path, number: int) -> str:
    with database.sessions() as session:
        parts = parts_of(session, number, FileRole.RESULT)
        storage = runner(database, folder)._storage
        return b"".join(read_parts(builders.act(session), storage, parts)).decode("utf-8-sig")


def count(database: Database, table: type) -> int:
    with database.sessions() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_job_is_given_to_one_worker_until_its_lease_lapses(session: Session) -> None:
    asked = job(session, supporter(session))
    first = claim(builders.act(session))
    assert first is not None
    assert (first.id, first.state, first.attempts) == (asked.id, JobState.RUNNING, 1)
    holder = first.holder
    assert claim(builders.act(session)) is None
    taken_up = claim(builders.act(session, at=builders.NOON + LEASE_LASTS))
    assert taken_up is not None
    assert taken_up.holder != holder


def test_whoever_lost_a_job_neither_keeps_it_nor_ends_it(session: Session) -> None:
    job(session, supporter(session))
    first = claim(builders.act(session))
    assert first is not None
    session.expunge(first)
    later = builders.act(session, at=builders.NOON + LEASE_LASTS)
    second = claim(later)
    assert second is not None
    assert beat(later, first, None, 7, None) is Standing.LOST
    assert hold(later, first) == (None, Standing.LOST)
    held, standing = hold(later, second)
    assert standing is Standing.HOLDS
    assert held is not None
    finish(later, held, {"rows": 1}, done=1)
    assert hold(later, second) == (None, Standing.LOST), "it is ended once"


def test_a_beat_renews_the_lease_and_tells_how_far_it_is(session: Session) -> None:
    job(session, supporter(session))
    held = claim(builders.act(session))
    assert held is not None
    beat(builders.act(session, at=builders.NOON + LEASE_LASTS / 2), held, Text("写", "W"), 5, 9)
    session.refresh(held)
    assert (held.phase, held.done, held.total) == (["写", "W"], 5, 9)
    assert claim(builders.act(session, at=builders.NOON + LEASE_LASTS)) is None


def test_a_job_of_which_workers_die_is_given_up(session: Session) -> None:
    asked = job(session, supporter(session))
    at = builders.NOON
    for _ in range(JOB_ATTEMPTS_MOST):
        assert claim(builders.act(session, at=at)) is not None
        at += LEASE_LASTS
    assert claim(builders.act(session, at=at)) is None
    assert (asked.state, asked.trouble) == (JobState.FAILED, list(JobBroken.text))


def test_a_waiting_job_is_cancelled_at_once_and_once(session: Session) -> None:
    account = supporter(session)
    asked = job(session, account)
    act = builders.act(session, acting(account))
    assert cancel(act, asked.id).state is JobState.CANCELLED
    with pytest.raises(JobOver):
        cancel(act, asked.id)
    assert claim(act) is None
    cancelled = AuditEntry.event == Event.JOB_CANCELLED.value
    assert session.scalar(select(func.count(AuditEntry.id)).where(cancelled)) == 1


def test_a_running_job_hears_of_its_cancelling_at_the_next_beat(session: Session) -> None:
    account = supporter(session)
    asked = job(session, account)
    held = claim(builders.act(session))
    assert held is not None
    cancel(builders.act(session, acting(account)), asked.id)
    assert held.state is JobState.RUNNING
    assert beat(builders.act(session), held, None, 0, None) is Standing.CANCELLED
    assert claim(builders.act(session, at=builders.NOON + LEASE_LASTS)) is None
    assert asked.state is JobState.CANCELLED, "its worker died before it heard"


def test_a_job_is_its_askers_alone(session: Session) -> None:
    asked = job(session, supporter(session))
    somebody = builders.person(session)
    for actor in (Actor("x", Capacity.NATURAL_PERSON, person_id=somebody.id), PLATFORM):
        with pytest.raises(NotFound):
            get_own(session, actor, asked.id)


def test_nobody_fills_the_queue(session: Session) -> None:
    account = supporter(session)
    for _ in range(JOBS_AT_ONCE):
        job(session, account)
    with pytest.raises(TooManyJobs):
        job(session, account)


def test_a_trial_writes_nothing_but_its_report(database: Database, tmp_path: Path) -> None:
    number = import_of(database, tmp_path, commit=False)
    assert run_all(runner(database, tmp_path)) == 1
    done = found(database, number)
    assert done.state is JobState.DONE
    assert done.outcome is not None
    assert (done.outcome["taken"], done.outcome["refused"]) == (2, 1)
    assert count(database, LegacyAccount) == 0
    report = result_of(database, tmp_path, number)
    assert report.splitlines()[0] == "行,外部编号,名称,结果,原因"
    assert "不认识账号类型“不知道”" in report
    assert builders.id_number(1).encode() not in b"".join(
        file.read_bytes() for file in tmp_path.glob("*/*")
    ), "the upload lies there encrypted"


def test_an_import_says_who_asked_for_it(database: Database, tmp_path: Path) -> None:
    number = import_of(database, tmp_path)
    run_all(runner(database, tmp_path))
    assert found(database, number).state is JobState.DONE
    assert count(database, LegacyAccount) == 2
    with database.sessions() as session:
        imported = AuditEntry.event == Event.ACCOUNTS_IMPORTED.value
        entry = session.scalars(select(AuditEntry).where(imported)).one()
    assert entry.actor_name.endswith("（支持）")
    assert (entry.subject, entry.reason) == ("accounts.csv", "from the old platform")


def test_a_file_that_cant_be_read_is_told_in_its_own_words(
    database: Database, tmp_path: Path
) -> None:
    number = import_of(database, tmp_path, "名称\n没有别的列\n")
    run_all(runner(database, tmp_path))
    failed = found(database, number)
    assert failed.state is JobState.FAILED
    assert failed.trouble is not None
    assert failed.trouble[0].startswith("找不到“")


def test_who_is_dismissed_meanwhile_gets_nothing(database: Database, tmp_path: Path) -> None:
    number = import_of(database, tmp_path)
    with transaction(database.sessions) as session:
        asked = session.get_one(Job, number)
        account = session.get_one(StaffAccount, asked.staff_id)
        account.active = False
    run_all(runner(database, tmp_path))
    failed = found(database, number)
    assert failed.state is JobState.FAILED
    assert failed.trouble == list(JobAuthorityGone.text)
    assert count(database, LegacyAccount) == 0


def test_a_cancelled_import_leaves_nothing(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = import_of(database, tmp_path)
    monkeypatch.setattr(Keeper, "held", _taken_back)
    run_all(runner(database, tmp_path))
    assert found(database, number).state is JobState.CANCELLED
    assert count(database, LegacyAccount) == 0
    assert count(database, JobFile) == 1, "what was handed in, and no report"


def _taken_back(*_arguments: object) -> Job:
    """Cancelled when all is written and nothing is committed."""
    raise TakenBack


def test_under_way_an_import_can_be_cancelled_or_says_that_it_cant(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite has one writer, the import: until it is done nobody can write down any wish."""
    monkeypatch.setattr(job_keeping, "BEAT_SECONDS", 0.02)
    rows = 1_000 if database.kind == "sqlite" else 20_000  # done, or cancelled long before
    number = import_of(database, tmp_path, ACCOUNTS + "\n" + _many(rows))
    work = threading.Thread(target=run_all, args=[runner(database, tmp_path)])
    work.start()
    under_way = _once(database, number, lambda job: job.is_silent or job.phase == list(IMPORTING))
    if database.kind == "sqlite":
        assert under_way.is_silent
        assert under_way.total == rows + 3
        work.join(PATIENCE)
        done = found(database, number)
        assert done.state is JobState.DONE
        assert not done.is_silent
        return
    with transaction(database.sessions) as session:
        account = session.get_one(StaffAccount, under_way.staff_id)
        cancel(builders.act(session, acting(account)), number)
    work.join(PATIENCE)
    assert found(database, number).state is JobState.CANCELLED
    assert count(database, LegacyAccount) == 0


def _once(database: Database, number: int, fulfilled: Callable[[Job], bool]) -> Job:
    deadline = time.monotonic() + PATIENCE
    while not fulfilled(job := found(database, number)):
        assert not job.state.is_over, "it was over before it was seen"
        assert time.monotonic() < deadline
        time.sleep(0.005)
    return job


def test_a_worker_that_is_told_to_stop_hands_its_job_back(
    database: Database, tmp_path: Path
) -> None:
    number = import_of(database, tmp_path, ACCOUNTS + "\n" + _many(1_000))
    stop = threading.Event()
    stop.set()
    assert runner(database, tmp_path).run_next(stop)
    waiting = found(database, number)
    assert (waiting.state, waiting.attempts) == (JobState.WAITING, 0)
    run_all(runner(database, tmp_path))
    assert found(database, number).state is JobState.DONE


def _many(number: int) -> str:
    return "\n".join(f"{n},个人,many{n},示例丁,身份证,,MD5,{MD5}" for n in range(10, 10 + number))


def test_what_ended_long_ago_goes_with_its_files(database: Database, tmp_path: Path) -> None:
    number = import_of(database, tmp_path, commit=False)
    ours = runner(database, tmp_path)
    run_all(ours)
    ours.clear_up()
    assert len(list(tmp_path.glob("*/*"))) == 2
    with transaction(database.sessions) as session:
        long_ago = datetime.now(UTC) - timedelta(days=8)
        session.execute(update(Job).where(Job.id == number).values(ended_at=long_ago))
    ours.clear_up()
    assert (count(database, Job), count(database, JobFile)) == (0, 0)
    assert list(tmp_path.glob("*/*")) == []
