"""A form that comes too late is refused, and what was typed into it isn't lost."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from werkzeug.datastructures import FileStorage

from admin_app.delegation.models import Appointment
from admin_app.identity.models import SignInSession
from admin_app.identity.vocabulary import StaffRole
from admin_app.service_desk.form_vocabulary import FormKind
from admin_app.service_desk.models import CaseEntry, Evidence
from admin_app.wording import Text
from tests import builders
from tests.builders_desk import files_form
from tests.builders_migration import legacy_account
from tests.web.reading import Page
from tests.web.stage import Stage, Visitor, make_console

pytest_plugins = "tests.web.staging"

WORDS = '这里 <b>有字</b> & "引号"'
NEVER_KEPT = {
    "password",
    "id_number",
    "number",
    "code",
    "csrf_token",
    "typed_by",
    "version",
    "file",
}


def sends(
    visitor: Visitor, address: str, page: str = "", site: str = "http://localhost", **typed: str
) -> Page:
    """What a form brings along, sent from its page."""
    headers = {"Referer": f"{site}{page or address}"}
    answer = visitor.client.post(address, data=typed, headers=headers)
    return Page(answer.status_code, address, answer.get_data(as_text=True))


def fields_of(visitor: Visitor, page: str, button: str) -> dict[str, str]:
    return {name: str(value) for name, value in visitor.open(page).form(button).fields.items()}


def runs_out(stage: Stage) -> None:
    """Every sign-in was long ago."""
    with stage.writing() as session:
        session.execute(
            update(SignInSession).values(last_seen_at=builders.NOON - timedelta(days=300))
        )


def typed_in(page: Page) -> dict[str, str]:
    areas = [each for each in page.root.all("textarea") if "data-field" in each.attributes]
    return {each["data-field"]: each.text.strip() for each in areas}


def test_a_form_of_an_expired_page_comes_back_with_what_was_typed(stage: Stage) -> None:
    address = f"{stage.page_of('海洋学院')}rename"
    fields = fields_of(stage.rector, address, "保存") | {"name": "海洋研究院", "reason": WORDS}
    page = sends(stage.rector, address, **fields | {"csrf_token": "old"})
    assert page.status == 400
    assert "您填写的内容没有提交，还在下面" in page
    assert typed_in(page) == {"name": "海洋研究院", "reason": WORDS}
    assert "<b>有字</b>" not in page.html
    assert page.link("回到表单") == address
    assert f'data-typed="{address}"' in page.html
    assert fields["version"] not in typed_in(page).values()
    assert "海洋学院" in stage.rector.open(address), "nothing was changed"


def test_after_the_sign_in_has_ended_it_is_shown_with_a_way_to_sign_in(stage: Stage) -> None:
    support = stage.staff(StaffRole.PLATFORM_SUPPORT)
    with stage.writing() as session:
        unit = stage.world["演示大学"]
        case = files_form(
            session, stage.world.rector, FormKind.UNIT_RENAMED, unit, name="演示海洋大学"
        )
        number = case.id
    page = f"/desk/{number}/"
    fields = fields_of(support, page, "只作内部备注")
    runs_out(stage)
    answer = sends(support, f"{page}write", page, **fields | {"text": WORDS, "how": "note"})
    assert answer.status == 401
    assert "重新登录后回到表单，填回去再提交" in answer
    assert typed_in(answer) == {"text": WORDS}
    assert "next=%2Fdesk" in answer.link("重新登录") or f"next={page}" in answer.link("重新登录")
    with stage.sessions() as session:
        assert WORDS not in session.scalars(select(CaseEntry.text)).all()


def test_so_it_is_with_what_was_written_to_many_at_once(stage: Stage) -> None:
    support = stage.staff(StaffRole.PLATFORM_SUPPORT)
    with stage.writing() as session:
        unit = stage.world["演示大学"]
        files_form(session, stage.world.rector, FormKind.UNIT_RENAMED, unit, name="演示海洋大学")
    fields = fields_of(support, "/desk/", "给本人留言")
    runs_out(stage)
    answer = sends(support, "/desk/bulk/", "/desk/", **fields | {"text": WORDS, "errand": "tell"})
    assert answer.status == 401
    assert typed_in(answer) == {"text": WORDS}


@pytest.mark.parametrize("megabytes", [1, 30])
def test_so_it_is_with_the_files_of_a_form_however_large(stage: Stage, megabytes: int) -> None:
    with stage.writing() as session:
        for _ in range(2):
            legacy_account(session, "外人", builders.id_number(105))
    person = stage.arrives("外人")
    form = person.follow(person.open("/cases/"), "填写变更表：存在多个原账号").form("提交申请")
    runs_out(stage)
    content = b"%PDF" + b"x" * megabytes * 2**20
    for site, status, typed in (
        ("http://localhost", 401, {"statement": WORDS}),
        ("http://elsewhere.example", 302 if megabytes < 2 else 413, {}),
    ):
        large = FileStorage(io.BytesIO(content), filename="a.pdf")
        fields = form.fields | {"statement": WORDS, "file-id_card": large}
        answer = person.client.post(
            "/cases/file", data=fields, headers={"Referer": f"{site}/cases/"}
        )
        assert answer.status_code == status
        page = Page(answer.status_code, "/cases/file", answer.get_data(as_text=True))
        assert typed_in(page) == typed
    with stage.sessions() as session:
        assert session.scalars(select(Evidence)).all() == []


def test_what_one_person_typed_is_not_shown_to_another(stage: Stage) -> None:
    address = f"{stage.page_of('海洋学院')}rename"
    fields = fields_of(stage.rector, address, "保存") | {"name": "海洋研究院"}
    page = sends(stage.dean, address, **fields)
    assert page.status == 400
    assert typed_in(page) == {}
    assert "海洋研究院" not in page


@pytest.mark.parametrize("tag", ["", "0" * 32, "未知"])
def test_a_form_of_another_site_brings_nothing_back(stage: Stage, tag: str) -> None:
    """It cannot know whose it would have to be."""
    address = f"{stage.page_of('海洋学院')}rename"
    page = sends(stage.rector, address, name="海洋研究院", typed_by=tag)
    assert page.status == 400
    assert "海洋研究院" not in page


@pytest.mark.parametrize("site", ["http://elsewhere.example", "http://localhost.example", ""])
def test_nor_does_it_when_nobody_is_signed_in(stage: Stage, site: str) -> None:
    """As with every form of another site: the cookie doesn't come along."""
    address = f"{stage.page_of('海洋学院')}rename"
    fields = fields_of(stage.rector, address, "保存") | {"name": "海洋研究院"}
    runs_out(stage)
    assert "海洋研究院" in sends(stage.rector, address, **fields)
    assert "海洋研究院" not in sends(stage.rector, address, site=site, **fields)


def test_of_whom_an_appointment_names_neither_name_nor_number_comes_back(stage: Stage) -> None:
    address = f"/office/unit/{stage.world['物理学院'].id}/appoint"
    fields = fields_of(stage.rector, address, "指定")
    typed = {"name": "示例新人", "id_number": builders.id_number(77), "reason": "换届"}
    page = sends(stage.rector, address, **fields | typed | {"csrf_token": "old"})
    assert typed_in(page) == {"reason": "换届"}
    assert typed["id_number"] not in page.html
    assert typed["name"] not in page.html
    with stage.sessions() as session:
        names = session.scalars(select(Appointment.name)).all()
    assert "示例新人" not in names


def test_where_nothing_was_typed_it_is_as_before(stage: Stage) -> None:
    address = f"{stage.page_of('海洋学院')}rename"
    fields = fields_of(stage.rector, address, "保存") | {"name": "", "reason": ""}
    assert "页面已过期，请返回刷新后再试。" in sends(
        stage.rector, address, csrf_token="old", typed_by=fields["typed_by"]
    )
    runs_out(stage)
    assert stage.rector.client.post(address, data=fields).status_code in (302, 400)


def test_no_view_keeps_what_is_secret() -> None:
    kept = [
        (endpoint, name, label)
        for endpoint, view in make_console().view_functions.items()
        for name, label in getattr(view, "kept_fields", {}).items()
    ]
    assert len(kept) >= 15
    for endpoint, name, label in kept:
        assert name not in NEVER_KEPT, endpoint
        assert isinstance(label, Text)
