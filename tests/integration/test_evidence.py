"""Evidence of cases: what each kind must bring, kept encrypted and whole, or not at all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.audit.act import Act, Limits
from admin_app.audit.models import AuditEntry
from admin_app.errors import NotFound
from admin_app.identity.models import Person
from admin_app.migration.blockers import Blocker
from admin_app.migration.models import LegacyAccount
from admin_app.migration.progress import Hold
from admin_app.migration.vocabulary import ConsentMissing
from admin_app.policy.vocabulary import Refused
from admin_app.service_desk import deciding, desk
from admin_app.service_desk.case_vocabulary import CaseOver, CaseState
from admin_app.service_desk.cases import withdraw_case
from admin_app.service_desk.changes import file_change
from admin_app.service_desk.evidence import (
    attach_own,
    attach_received,
    read_at_desk,
    read_own,
    sweep,
)
from admin_app.service_desk.evidence_vocabulary import (
    EvidenceGone,
    EvidenceKind,
    EvidenceMissing,
    EvidenceNotKept,
    EvidenceTooMuch,
)
from admin_app.service_desk.models import Case, Evidence
from admin_app.service_desk.storage import FolderStorage, new_key
from admin_app.service_desk.uploads import Upload
from admin_app.settings import Settings
from tests import builders
from tests.builders_desk import by_person, by_staff, in_review, supporter
from tests.builders_migration import legacy_account
from tests.integration.test_binding import comes

CONFIGURED = Limits(evidence=Settings(_env_file=None).evidence)


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "evidence")


@pytest.fixture
def stuck(session: Session) -> tuple[Person, LegacyAccount]:
    account = legacy_account(session, number=builders.id_number(1))
    person = comes(session)
    account.hindrance, account.held_for_id = Blocker.OLD_PASSWORD, person.id
    return person, account


def upload(kind: EvidenceKind = EvidenceKind.ID_CARD, content: bytes = b"%PDF x %%EOF") -> Upload:
    return Upload(kind, "身份证.pdf", "application/pdf", content)


def configured(act: Act) -> Act:
    return replace(act, limits=CONFIGURED)


def files(
    session: Session,
    stuck: tuple[Person, LegacyAccount],
    storage: FolderStorage,
    *uploads: Upload,
) -> Case:
    person, account = stuck
    return file_change(
        configured(by_person(session, person)),
        person.id,
        Hold(Blocker.OLD_PASSWORD, account.id),
        "",
        consented=True,
        uploads=uploads,
        storage=storage,
    )


def stored(storage: FolderStorage) -> list[str]:
    return [key for key, _at in storage.stored()]


@pytest.mark.parametrize(
    ("blocker", "kinds"),
    [
        (Blocker.OLD_PASSWORD, ["id_card"]),
        (Blocker.SEVERAL_ACCOUNTS, ["id_card"]),
        (Blocker.ID_DIFFERS, ["id_card"]),
        (Blocker.NAME_DIFFERS, ["id_card"]),
        (Blocker.REGISTERED_BY_PASSPORT, ["id_card", "passport"]),  # R57
        (Blocker.DISPUTED, []),
    ],
)
def test_what_each_kind_must_bring_is_configuration(blocker: Blocker, kinds: list[str]) -> None:
    assert list(CONFIGURED.evidence.get(blocker.value, [])) == kinds


def test_without_what_is_required_nothing_is_filed(
    session: Session, stuck: tuple[Person, LegacyAccount], storage: FolderStorage
) -> None:
    for brought in ([], [upload(EvidenceKind.OTHER)]):
        with pytest.raises(EvidenceMissing) as missing:
            files(session, stuck, storage, *brought)
        assert "身份证" in missing.value.sentence.zh
    person, account = stuck
    with pytest.raises(ConsentMissing):
        file_change(
            by_person(session, person), person.id, Hold(Blocker.OLD_PASSWORD, account.id), "",
            consented=False, uploads=[upload()], storage=storage,
        )  # fmt: skip
    assert session.scalars(select(Case)).all() == []
    assert stored(storage) == []


def test_what_is_kept_is_unreadable_without_the_keys_and_whole_with_them(
    session: Session, stuck: tuple[Person, LegacyAccount], storage: FolderStorage, tmp_path: Path
) -> None:
    content = b"%PDF-1.7 370102199001011234 %%EOF"
    files(session, stuck, storage, upload(content=content))
    evidence = session.scalars(select(Evidence)).one()
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert b"370102199001011234" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert "身份证" not in str(file)
    person, _account = stuck
    assert read_own(by_person(session, person), storage, evidence.id)[1] == content
    one = supporter(session)
    assert read_at_desk(by_staff(session, one), storage, evidence.id)[1] == content
    assert "evidence.seen" in session.scalars(select(AuditEntry.event)).all()


def test_a_changed_or_missing_file_is_not_shown(
    session: Session, stuck: tuple[Person, LegacyAccount], storage: FolderStorage, tmp_path: Path
) -> None:
    files(session, stuck, storage, upload())
    evidence = session.scalars(select(Evidence)).one()
    act = by_person(session, stuck[0])
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(EvidenceGone):
        read_own(act, storage, evidence.id)
    file.unlink()
    with pytest.raises(EvidenceGone):
        read_own(act, storage, evidence.id)


def test_nobody_elses_evidence_is_there(
    session: Session, stuck: tuple[Person, LegacyAccount], storage: FolderStorage
) -> None:
    case = files(session, stuck, storage, upload())
    evidence = session.scalars(select(Evidence)).one()
    other = by_person(session, comes(session, "示例乙", 2))
    with pytest.raises(NotFound):
        read_own(other, storage, evidence.id)
    with pytest.raises(NotFound):
        attach_own(other, storage, case.id, [upload()])
    with pytest.raises(Refused):
        read_at_desk(other, storage, evidence.id)
    assert len(stored(storage)) == 1


def test_ten_files_and_no_more(
    session: Session, stuck: tuple[Person, LegacyAccount], storage: FolderStorage
) -> None:
    case = files(session, stuck, storage, upload())
    act = by_person(session, stuck[0])
    attach_own(act, storage, case.id, [upload(EvidenceKind.OTHER)] * 8)
    with pytest.raises(EvidenceTooMuch):
        attach_own(act, storage, case.id, [upload(EvidenceKind.OTHER)] * 2)
    attach_own(act, storage, case.id, [upload(EvidenceKind.OTHER)])
    with pytest.raises(EvidenceTooMuch):
        attach_own(act, storage, case.id, [upload(EvidenceKind.OTHER)])
    assert len(stored(storage)) == 10


def test_a_failed_upload_leaves_nothing(
    session: Session,
    stuck: tuple[Person, LegacyAccount],
    storage: FolderStorage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The third of three can't be written: the first two are gone as well."""
    case = files(session, stuck, storage, upload())
    put, calls = storage.put, []

    def fails(key: str, content: bytes) -> None:
        calls.append(key)
        if len(calls) == 3:
            raise OSError("no space left on device")
        put(key, content)

    monkeypatch.setattr(storage, "put", fails)
    with pytest.raises(EvidenceNotKept):
        attach_own(by_person(session, stuck[0]), storage, case.id, [upload()] * 3)
    assert len(stored(storage)) == 1


def test_what_was_kept_without_being_said_is_deleted_too(
    session: Session,
    stuck: tuple[Person, LegacyAccount],
    storage: FolderStorage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A service that times out may have kept the file all the same."""
    case = files(session, stuck, storage, upload())
    put = storage.put

    def answers_too_late(key: str, content: bytes) -> None:
        put(key, content)
        raise OSError("timed out")

    monkeypatch.setattr(storage, "put", answers_too_late)
    with pytest.raises(EvidenceNotKept):
        attach_own(by_person(session, stuck[0]), storage, case.id, [upload()])
    assert len(stored(storage)) == 1


def test_a_storage_that_fails_in_everything_is_said_in_words(
    session: Session,
    stuck: tuple[Person, LegacyAccount],
    storage: FolderStorage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = files(session, stuck, storage, upload())

    def fails(*_arguments: object) -> None:
        raise OSError("down")

    for verb in ("put", "get", "delete"):
        monkeypatch.setattr(storage, verb, fails)
    act = by_person(session, stuck[0])
    with pytest.raises(EvidenceNotKept):
        attach_own(act, storage, case.id, [upload()])
    with pytest.raises(EvidenceGone):
        read_own(act, storage, session.scalars(select(Evidence.id)).first() or 0)


def test_half_a_file_is_never_there(
    storage: FolderStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_descriptor: int) -> None:
        raise OSError("interrupted")

    monkeypatch.setattr("os.fsync", breaks)
    with pytest.raises(OSError, match="interrupted"):
        storage.put(new_key(), b"x")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_key_is_never_a_way_out_of_the_folder(storage: FolderStorage) -> None:
    for key in ("../../../etc/passwd", "a/b", "", "A" * 40):
        with pytest.raises(ValueError, match="not a key"):
            storage.put(key, b"x")


def test_files_that_belong_to_nothing_are_swept_up_after_a_while(
    session: Session, stuck: tuple[Person, LegacyAccount], storage: FolderStorage
) -> None:
    files(session, stuck, storage, upload())
    (known,) = stored(storage)
    lost = new_key()
    storage.put(lost, b"x")
    now = datetime.now(UTC)
    assert list(sweep(session, storage, now - timedelta(days=1))) == []
    assert list(sweep(session, storage, now + timedelta(days=1))) == [lost]
    assert known in stored(storage)


def test_what_was_asked_for_answers_the_question(
    session: Session, stuck: tuple[Person, LegacyAccount], storage: FolderStorage
) -> None:
    case, one = files(session, stuck, storage, upload()), supporter(session)
    in_review(session, case, one)
    desk.ask(by_staff(session, one), case.id, case.version, "请再拍一张")
    attach_own(by_person(session, stuck[0]), storage, case.id, [upload()])
    assert case.state is CaseState.IN_REVIEW


def test_nothing_is_approved_without_what_is_required(
    session: Session, stuck: tuple[Person, LegacyAccount], storage: FolderStorage
) -> None:
    """Support files for a caller; what came by mail is attached, and then it goes on (R43)."""
    person, account = stuck
    case = file_change(
        by_person(session, person), person.id, Hold(Blocker.OLD_PASSWORD, account.id), "",
        consented=True,
    )  # fmt: skip
    one = supporter(session)
    in_review(session, case, one)
    act = configured(by_staff(session, one))
    with pytest.raises(EvidenceMissing):
        deciding.approve(act, case.id, case.version)
    with pytest.raises(Refused):
        attach_received(by_person(session, person), storage, case.id, [upload()])
    attach_received(act, storage, case.id, [upload()])
    deciding.approve(act, case.id, case.version)
    assert case.state is CaseState.APPROVED


def test_what_is_over_takes_no_more(
    session: Session, stuck: tuple[Person, LegacyAccount], storage: FolderStorage
) -> None:
    case = files(session, stuck, storage, upload())
    act = by_person(session, stuck[0])
    withdraw_case(act, case.id)
    with pytest.raises(CaseOver):
        attach_own(act, storage, case.id, [upload()])
    assert len(stored(storage)) == 1
