"""Uploading by form: limits before reading, everything refused in words, nothing left behind."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage as SentFile

from admin_app.audit.models import AuditEntry
from admin_app.identity.vocabulary import IdType, StaffRole
from admin_app.service_desk.case_vocabulary import CaseState, Side
from admin_app.service_desk.models import Case, Evidence
from admin_app.service_desk.storage import FolderStorage
from admin_app.settings import Settings
from tests import builders
from tests.builders_migration import legacy_account
from tests.builders_pictures import PDF, bomb, picture, with_position
from tests.web.reading import Page
from tests.web.stage import Stage, Visitor

pytest_plugins = "tests.web.staging"


NOTHING = (CaseState.WAITING, 0, [])  # it waits for the form as before


@pytest.fixture
def person(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visitor]:
    """外人 has two accounts; evidence is asked for as configured, and kept in a folder of ours."""
    for _ in range(2):
        with stage.writing() as session:
            legacy_account(session, "外人", builders.id_number(105))
    settings = stage.app.extensions["yihaotong.settings"]
    monkeypatch.setattr(settings, "evidence", Settings(_env_file=None).evidence)
    folder = FolderStorage(tmp_path / "evidence")
    monkeypatch.setitem(stage.app.extensions, "yihaotong.storage", folder)
    return stage.arrives("外人")


def form_of(person: Visitor) -> Page:
    return person.follow(person.open("/cases/"), "填写变更表：存在多个原账号")


def sends(
    person: Visitor, *files: tuple[str, bytes], kind: str = "id_card", **more: object
) -> tuple[int, str]:
    fields = {**form_of(person).form("提交申请").fields, "consented": "yes", **more}
    sent = [SentFile(io.BytesIO(content), filename=name) for name, content in files]
    fields[f"file-{kind}"] = sent
    response = person.client.post(
        "/cases/file", data=fields, content_type="multipart/form-data", follow_redirects=True
    )
    return response.status_code, response.get_data(as_text=True)


def left(stage: Stage, tmp_path: Path) -> tuple[CaseState, int, list[Path]]:
    """Where the case stands that the sign-in opened, how much evidence there is, and its files."""
    with stage.sessions() as session:
        number = session.scalar(select(func.count()).select_from(Evidence)) or 0
        return session.scalars(select(Case.state)).one(), number, kept(tmp_path)


def kept(tmp_path: Path) -> list[Path]:
    return list(tmp_path.rglob("evidence/*/*"))


def test_a_picture_comes_back_as_a_picture_and_a_pdf_to_be_saved(
    stage: Stage, person: Visitor, tmp_path: Path
) -> None:
    status, _ = sends(person, ("../a.jpg", with_position()), ("b.pdf", PDF))
    assert status == 200
    assert len(kept(tmp_path)) == 2
    own = person.open(f"/cases/{_case(stage)}/")
    shown, saved = (person.get(address) for address in own.links(within="evidence"))
    assert shown.mimetype == "image/jpeg"
    assert b"Telefon" not in shown.data
    assert saved.mimetype == "application/pdf"
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert saved.data == PDF
    for each in (shown, saved):
        assert each.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert each.headers["X-Content-Type-Options"] == "nosniff"
        assert each.headers["Cache-Control"] == "no-store"
        assert "a.jpg" not in str(each.headers)


def test_looking_at_evidence_at_the_desk_is_recorded(stage: Stage, person: Visitor) -> None:
    sends(person, ("a.jpg", picture()))
    support = stage.staff(StaffRole.PLATFORM_SUPPORT)
    page = support.open(f"/desk/{_case(stage)}/")
    (address,) = page.links(within="evidence")
    assert support.get(address).status_code == 200
    with stage.sessions() as session:
        seen = select(func.count()).where(AuditEntry.event == "evidence.seen")
        assert session.scalar(seen) == 1
    bureau = stage.bureau
    assert bureau.get(address).status_code == 403


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([("照片.jpg", b"MZ\x90\x00" * 20)], "不是可以接收的文件"),
        ([("照片.jpg", picture()[:200])], "可能已损坏"),
        ([("照片.png", bomb())], "太大"),
        ([("照片.jpg", b"")], "是空文件"),
        ([("a.jpg", picture())] * 11, "最多 10 个文件"),
        ([("大.pdf", PDF + b" " * (10 * 1024 * 1024))], "太大"),
        ([], "还缺材料：身份证"),
    ],
)
def test_what_is_not_taken_is_said_and_leaves_nothing(
    stage: Stage, person: Visitor, tmp_path: Path, files: list[tuple[str, bytes]], said: str
) -> None:
    status, page = sends(person, *files, statement="请合并")
    assert status == 422
    assert said in page
    assert "请合并" in page
    assert left(stage, tmp_path) == NOTHING


def test_evidence_can_follow_and_answers_what_was_asked(
    stage: Stage, person: Visitor, tmp_path: Path
) -> None:
    sends(person, ("a.jpg", picture()))
    support = stage.staff(StaffRole.PLATFORM_SUPPORT)
    page = support.submit(support.open(f"/desk/{_case(stage)}/"), "我来办")
    support.submit(page, "请本人补充材料", reply="unclear")
    own = person.open(f"/cases/{_case(stage)}/")
    more = SentFile(io.BytesIO(picture()), filename="b.jpg")
    fields = own.form("提交").fields | {"file-other": more}
    answer = person.client.post(own.form("提交").action, data=fields, follow_redirects=True)
    assert answer.status_code == 200
    assert "核实中" in answer.get_data(as_text=True)
    assert left(stage, tmp_path)[1] == 2


def test_nobody_sends_more_than_a_form_holds_where_no_files_belong(
    stage: Stage, person: Visitor
) -> None:
    for visitor, address in ((person, "/capacity"), (stage.anonymous(), "/cases/file")):
        large = SentFile(io.BytesIO(b"x" * 3_000_000), filename="a.jpg")
        answer = visitor.client.post(address, data={"csrf_token": "x", "file-id_card": large})
        assert answer.status_code == 413, address


def test_a_line_that_breaks_leaves_nothing(stage: Stage, person: Visitor, tmp_path: Path) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="file-id_card"; filename="a.jpg"\r\n\r\n'
    answer = person.client.post(
        "/cases/file",
        input_stream=io.BytesIO(body + picture()[:50]),
        content_type="multipart/form-data; boundary=x",
        content_length=len(body) + 5_000,
    )
    assert answer.status_code == 400
    assert left(stage, tmp_path) == NOTHING


def test_more_than_ten_files_of_ten_megabytes_is_refused_unread(
    stage: Stage, person: Visitor, tmp_path: Path
) -> None:
    class Unread(io.RawIOBase):
        """102 MB, if one asks how much."""

        at = 0

        def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
            self.at = 102 * 1024 * 1024 if whence == io.SEEK_END else offset
            return self.at

        def tell(self) -> int:
            return self.at

        def readinto(self, _buffer: object) -> int:
            raise AssertionError("somebody read it")

    for visitor in (person, stage.anonymous()):
        answer = visitor.client.post(
            "/cases/file",
            input_stream=Unread(),
            content_type="multipart/form-data; boundary=x",
            headers={"Referer": "http://localhost/cases/"},
        )
        assert answer.status_code == 413
    assert left(stage, tmp_path) == NOTHING


def test_ten_files_of_ten_megabytes_are_taken(
    stage: Stage, person: Visitor, tmp_path: Path
) -> None:
    large = PDF + b" " * (10 * 1024 * 1024 - len(PDF) - 6) + b"%%EOF\n"
    assert len(large) == 10 * 1024 * 1024
    status, _ = sends(person, *[(f"{number}.pdf", large) for number in range(10)])
    assert status == 200
    _, number, files = left(stage, tmp_path)
    assert (number, len(files)) == (10, 10)


def test_a_storage_that_fails_is_said_and_leaves_nothing(
    stage: Stage, person: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second of two can't be kept; once there is room again, both are sent anew."""
    folder = stage.app.extensions["yihaotong.storage"]
    put, calls = folder.put, []

    def fails(key: str, content: bytes) -> None:
        calls.append(key)
        if len(calls) == 2:
            raise OSError("no space left on device")
        put(key, content)

    with monkeypatch.context() as broken:
        broken.setattr(folder, "put", fails)
        status, page = sends(person, ("a.jpg", picture()), ("b.pdf", PDF), statement="请合并")
    assert status == 409
    assert "文件现在存不下来，这次什么也没有提交" in page
    assert "no space" not in page
    assert "请合并" in page
    assert left(stage, tmp_path) == NOTHING
    assert sends(person, ("a.jpg", picture()), ("b.pdf", PDF))[0] == 200

    own = person.open(f"/cases/{_case(stage)}/")
    calls[:] = ["one"]
    monkeypatch.setattr(folder, "get", lambda key: fails(key, b""))
    gone = person.get(own.links(within="evidence")[0])
    assert gone.status_code == 409
    assert "这份材料现在取不出来" in gone.get_data(as_text=True)


def test_what_came_by_post_is_added_by_the_desk_and_said_to_have(
    stage: Stage, person: Visitor
) -> None:
    """R43: paper and e-mail still work; a signed form comes back as one."""
    sends(person, ("a.jpg", picture()))
    support = stage.staff(StaffRole.PLATFORM_SUPPORT)
    page = support.open(f"/desk/{_case(stage)}/")
    form = page.form("添加材料")
    scan = SentFile(io.BytesIO(PDF), filename="扫描件.pdf")
    fields = form.fields | {"file-signed_form": scan}
    added = support.client.post(form.action, data=fields, follow_redirects=True)
    assert added.status_code == 200
    own = person.open(f"/cases/{_case(stage)}/")
    assert "签字或盖章的信息变更表" in own
    assert "寄到平台，由工作人员添加" in own
    (_photo, signed) = own.links(within="evidence")
    assert person.get(signed).data == PDF
    assert stage.arrives("邻居").get(signed).status_code == 404


def _case(stage: Stage) -> int:
    with stage.sessions() as session:
        return session.scalars(select(Case.id).order_by(Case.id.desc()).limit(1)).one()


def test_post_by_mail_still_works(stage: Stage, tmp_path: Path, person: Visitor) -> None:
    """R43: support opens the case for whoever wrote, and adds what came in the envelope."""
    with stage.writing() as session:
        number = legacy_account(session, "某乙", "E12345678", id_type=IdType.PASSPORT).id
    support = stage.staff(StaffRole.PLATFORM_SUPPORT)
    page = support.open(f"/diagnosis/account/{number}")
    page = support.submit(page, "代为申请人工核实", statement="来信附护照复印件")
    case = _case(stage)
    page = support.open(f"/desk/{case}/")
    assert "来信附护照复印件" in page.html
    form = page.form("添加材料")
    came = SentFile(io.BytesIO(PDF), filename="来信.pdf")
    fields = {**form.fields, "file-passport": came}
    answer = support.client.post(form.action, data=fields, follow_redirects=True)
    assert "来信.pdf" in answer.get_data(as_text=True)
    with stage.sessions() as session:
        assert session.scalars(select(Evidence.side)).one() is Side.DESK
        assert session.get_one(Case, case).filed_by != "某乙"
