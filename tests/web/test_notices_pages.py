"""The bell, the list of notices, and the page of one's address: each sees their own alone."""

import pytest
from sqlalchemy import select

from admin_app.identity.models import NoticeAddress
from admin_app.identity.vocabulary import StaffRole
from admin_app.notices.models import Notice
from admin_app.notices.telling import tell_waiting
from admin_app.notices.vocabulary import NoticeKind
from admin_app.service_desk.cases import answer
from admin_app.service_desk.form_vocabulary import FormKind
from admin_app.service_desk.models import Case
from tests import builders
from tests.builders_desk import files_form
from tests.builders_notices import news
from tests.web.reading import Page
from tests.web.stage import Stage, Visitor

pytest_plugins = "tests.web.staging"


@pytest.fixture
def told(stage: Stage) -> Stage:
    """院长 has three notices; everybody else has read what the world's making told them."""
    with stage.writing() as session:
        while tell_waiting(builders.act(session)):
            pass
        for notice in session.scalars(select(Notice)):
            session.delete(notice)
        for topic in ("account.bound", "application.accepted", "account.unbound"):
            news(session, stage.world.people["院长"], topic)
        tell_waiting(builders.act(session))
    return stage


def bell(page: Page) -> str:
    (said,) = [each.text for each in page.root.all("a") if "条未读" in each.text]
    return said


def test_the_bell_says_how_many_are_unread_and_leads_to_them(told: Stage) -> None:
    assert "3 条未读" in bell(told.dean.open("/"))
    assert "0 条未读" in bell(told.rector.open("/"))
    page = told.dean.open("/notices/")
    assert [li.text.count("未读") for li in page.root.all("li") if "查看" in li.text] == [1, 1, 1]
    assert "平台已撤销原账号“old-" in page


def test_staff_who_work_on_no_cases_have_no_bell_and_no_notices(told: Stage) -> None:
    page = told.bureau.open("/")
    assert [each for each in page.root.all("a") if "条未读" in each.text] == []
    assert told.bureau.get("/notices/").status_code == 404
    assert told.bureau.get("/notices/mail/").status_code == 404


def test_whoever_works_on_cases_has_a_bell_that_leads_to_the_case(told: Stage) -> None:
    support, colleague = (told.staff(StaffRole.PLATFORM_SUPPORT) for _ in range(2))
    support.submit(filed_form(told, support), "我来办")
    with told.writing() as session:
        case = session.scalars(select(Case)).one()
        answer(builders.act(session, told.world.rector, minutes=5), case.id, "补充一句")
        tell_waiting(builders.act(session))
    assert "1 条未读" in bell(support.open("/"))
    assert "0 条未读" in bell(colleague.open("/"))
    page = support.open("/notices/")
    assert f"您手上的工单 {case.id}（单位更名）收到了答复或材料" in page
    assert page.links("短信通知") == []
    (address,) = page.links("查看")
    assert colleague.get(address).status_code == 404
    assert support.open(address).address == f"/desk/{case.id}/"
    assert "0 条未读" in bell(support.open("/"))


def filed_form(told: Stage, support: Visitor) -> Page:
    """A form that 校长 filed, as the desk sees it."""
    with told.writing() as session:
        unit = told.world["演示大学"]
        case = files_form(
            session, told.world.rector, FormKind.UNIT_RENAMED, unit, name="演示海洋大学"
        )
    return support.open(f"/desk/{case.id}/")


def test_staff_choose_among_what_staff_are_told(told: Stage) -> None:
    support = told.staff(StaffRole.PLATFORM_SUPPORT)
    page = support.submit(support.open("/notices/mail/"), "寄确认邮件", email="desk@mail.example")
    page = support.open(f"/notices/mail/confirm/{_secret(told)}")
    assert "邮箱已确认" in page
    choices = page.part("choices")
    assert "有工单超期" in choices
    assert "被指定为单位管理员" not in choices
    form = page.form("保存")
    wanted = [NoticeKind.DESK_LATE.value]
    support.client.post(form.action, data={**form.fields, "digest": "yes", "kinds": wanted})
    with told.sessions() as session:
        (address,) = session.scalars(select(NoticeAddress))
        assert (address.digest, address.person_id) == (True, None)
        assert NoticeKind.DESK_GIVEN.value in address.muted
        assert NoticeKind.DESK_LATE.value not in address.muted
    assert "有工单超期" not in told.dean.submit(
        told.dean.open("/notices/mail/"), "寄确认邮件", email="dean@mail.example"
    ).part("choices")
    assert "邮箱已删除" in support.submit(support.open("/notices/mail/"), "确认删除")


def test_a_notice_leads_to_where_one_acts_and_is_read_then(told: Stage) -> None:
    page = told.dean.open("/notices/")
    addresses = page.links("查看")
    assert [told.dean.open(each).address for each in addresses] == ["/me/", "/apply/", "/me/"]
    assert "0 条未读" in bell(told.dean.open("/"))


def test_somebody_elses_notice_isnt_there_and_stays_unread(told: Stage) -> None:
    for address in told.dean.open("/notices/").links("查看"):
        assert told.rector.get(address).status_code == 404
    assert "3 条未读" in bell(told.dean.open("/"))


def test_all_are_marked_read_at_once(told: Stage) -> None:
    page = told.dean.submit(told.dean.open("/notices/"), "全部标为已读")
    assert "0 条未读" in bell(page)
    assert "全部标为已读" not in page


def test_older_notices_are_a_page_further(told: Stage) -> None:
    with told.writing() as session:
        for _ in range(30):
            news(session, told.world.people["院长"], "application.accepted")
        tell_waiting(builders.act(session))
    first = told.dean.open("/notices/")
    second = told.dean.follow(first, "更早的通知")
    assert [len(page.links("查看")) for page in (first, second)] == [25, 8]
    assert second.links("更早的通知") == []
    assert told.dean.get("/notices/?before=abc").status_code == 200


def test_notices_are_told_in_english_too(told: Stage) -> None:
    told.dean.open("/?lang=en")
    page = told.dean.open("/notices/?lang=en")
    assert "You now belong to" in page or "The platform has undone your binding" in page


def test_an_address_is_given_confirmed_chosen_for_and_taken_back(told: Stage) -> None:
    dean = told.dean
    page = dean.submit(dean.open("/notices/mail/"), "寄确认邮件", email="dean@mail.example")
    assert "待确认" in page
    assert dean.get("/notices/mail/confirm/wrong").status_code == 404
    page = dean.open(f"/notices/mail/confirm/{_secret(told)}")
    assert "邮箱已确认" in page
    assert "已确认" in page.part("address").text
    assert "dean@mail.example" in dean.open("/me/").part("mail").text
    assert "dean@mail.example" in dean.get("/me/export/").get_data(as_text=True)
    form = page.form("保存")
    wanted = [NoticeKind.CASE_MOVED.value, "no-kind-of-ours"]
    dean.client.post(form.action, data={**form.fields, "digest": "yes", "kinds": wanted})
    with told.sessions() as session:
        (address,) = session.scalars(select(NoticeAddress))
        others = {each.value for each in NoticeKind} - set(wanted)
        assert (address.digest, set(address.muted)) == (True, others)
    page = dean.submit(dean.open("/notices/mail/"), "确认删除")
    assert "邮箱已删除" in page
    with told.sessions() as session:
        assert session.scalars(select(NoticeAddress)).all() == []


def test_a_link_followed_by_somebody_else_confirms_nothing(told: Stage) -> None:
    told.dean.submit(told.dean.open("/notices/mail/"), "寄确认邮件", email="dean@mail.example")
    page = told.rector.open(f"/notices/mail/confirm/{_secret(told)}")
    assert (page.status, "这个确认链接已失效" in page) == (404, True)
    assert "待确认" in told.dean.open("/notices/mail/")


def test_a_wrong_address_is_said_at_its_field(told: Stage) -> None:
    page = told.dean.submit(told.dean.open("/notices/mail/"), "寄确认邮件", email="dean@")
    assert (page.status, "邮箱地址的写法不对" in page) == (422, True)
    assert page.form("寄确认邮件").fields["email"] == "dean@"


def test_where_no_mail_is_sent_none_is_offered(
    told: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = told.app.extensions["yihaotong.settings"]
    monkeypatch.setattr(settings, "environment", "production")
    assert told.dean.open("/notices/").links("邮件通知") == []
    assert told.dean.get("/notices/mail/").status_code == 404


def _secret(stage: Stage) -> str:
    with stage.sessions() as session:
        sealed = session.scalars(select(NoticeAddress.link_sealed)).one()
        assert sealed is not None
        return builders.SEALER.open(sealed)


def test_a_number_is_given_confirmed_chosen_and_taken_back(told: Stage) -> None:
    dean = told.dean
    page = dean.submit(dean.open("/notices/sms/"), "发验证码", number="1380000")
    assert (page.status, page.form("发验证码").fields["number"]) == (422, "1380000")
    page = dean.submit(page, "发验证码", number="138 0000 0001")
    assert "验证码短信马上发出" in page
    assert "138****0001" in page
    page = dean.submit(page, "确认手机号", code="000")
    assert (page.status, "验证码不对" in page) == (422, True)
    with told.sessions() as session:
        (address,) = session.scalars(select(NoticeAddress))
    assert address.tries == 1, "counted, though the form was refused"
    assert address.link_sealed is not None
    code = builders.SEALER.open(address.link_sealed)
    page = dean.submit(page, "确认手机号", code=code)
    assert "手机号已确认" in page
    dean.submit(page, "保存")
    with told.sessions() as session:
        (address,) = session.scalars(select(NoticeAddress))
    assert "evidence_asked" in address.muted, "as no box was sent along"
    assert "手机号已删除" in dean.submit(dean.open("/notices/sms/"), "确认删除")
