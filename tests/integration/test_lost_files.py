"""Files of evidence that belong to nothing: swept up by the command and each night by a worker."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from admin_app.cli import main
from admin_app.cli.worker import Worker
from admin_app.database import transaction
from admin_app.jobs.models import Duty
from admin_app.migration.blockers import Blocker
from admin_app.service_desk.case_vocabulary import Side
from admin_app.service_desk.cases import file_case
from admin_app.service_desk.evidence_vocabulary import EvidenceKind
from admin_app.service_desk.models import Evidence
from admin_app.service_desk.storage import FolderStorage, new_key
from admin_app.settings import load_settings
from tests import builders
from tests.builders_desk import by_person
from tests.databases import Database

LONG_AGO = datetime.now(UTC) - timedelta(days=2)


@pytest.fixture
def storage(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FolderStorage:
    """One file that a case knows, one that nobody knows, and one that is being uploaded."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YIHAOTONG_DATABASE_URL", database.url)
    monkeypatch.setenv("YIHAOTONG_EVIDENCE_FOLDER", str(tmp_path / "evidence"))
    folder = FolderStorage(tmp_path / "evidence")
    with transaction(database.sessions) as session:
        known = new_key()
        person = builders.person(session)
        case = file_case(by_person(session, person), person, Blocker.SEVERAL_ACCOUNTS, None)
        row = Evidence(case_id=case.id, kind=EvidenceKind.OTHER, name="a.pdf", size=1,
                       media_type="application/pdf", digest=b"x", storage_key=known,
                       key_sealed=b"x", at=LONG_AGO, side=Side.PERSON, author="x")  # fmt: skip
        session.add(row)
    for key in (known, new_key()):
        folder.put(key, b"x")
    for file in (tmp_path / "evidence").glob("*/*"):
        os.utime(file, (LONG_AGO.timestamp(), LONG_AGO.timestamp()))
    folder.put(new_key(), b"just now")
    return folder


def lost(storage: FolderStorage, database: Database) -> Iterator[str]:
    with database.sessions() as session:
        known = set(session.scalars(select(Evidence.storage_key)))
    return (
        key for key, at in storage.stored() if key not in known and at < LONG_AGO + timedelta(1)
    )


def tidied(*options: str) -> int:
    result = CliRunner().invoke(main, ["tidy", "--json", *options])
    assert result.exit_code == 0, result.output
    return int(json.loads(result.stdout)["files"])


def test_tidy_counts_them_first_and_deletes_them_when_told(
    storage: FolderStorage, database: Database
) -> None:
    assert tidied() == 1
    assert len(list(storage.stored())) == 3
    assert tidied("--commit") == 1
    assert list(lost(storage, database)) == []
    assert len(list(storage.stored())) == 2
    assert tidied("--commit") == 0


def test_a_worker_does_so_each_night(storage: FolderStorage, database: Database) -> None:
    worker = Worker(database.sessions, load_settings())
    worker.run(once=True)
    assert len(list(storage.stored())) == 3  # it isn't night yet
    with transaction(database.sessions) as session:
        session.execute(update(Duty).where(Duty.name == "files").values(due_at=LONG_AGO))
    worker.run(once=True)
    assert list(lost(storage, database)) == []
    assert len(list(storage.stored())) == 2
    with database.sessions() as session:
        duty = session.get_one(Duty, "files")
        assert duty.failures == 0
        assert duty.due_at > datetime.now(UTC)


def test_a_bucket_that_is_down_stops_tidy_with_one_line(
    storage: FolderStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "NAME": "evidence", "ENDPOINT": "http://127.0.0.1:1", "TIMEOUT_SECONDS": "0.5",
        "ACCESS_KEY": "a", "SECRET_KEY": "b",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"YIHAOTONG_EVIDENCE_BUCKET__{name}", value)
    monkeypatch.setenv("LANGUAGE", "en")
    result = CliRunner().invoke(main, ["tidy"])
    assert result.exit_code == 1
    assert result.stderr.strip() == ("yihaotong: Can't use evidence: EndpointConnectionError.")
