"""Cases as pages: the person's own, the desk's list, and one case with the buttons allowed now."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from admin_app.identity.models import Person
from admin_app.identity.vocabulary import StaffRole
from admin_app.migration.matching import accounts_of
from admin_app.migration.models import LegacyAccount
from admin_app.service_desk.case_vocabulary import CaseState
from admin_app.service_desk.escalation import escalate
from admin_app.service_desk.models import Case
from tests import builders
from tests.builders_cases import case_about
from tests.builders_migration import legacy_account
from tests.web.reading import Page
from tests.web.stage import Stage, Visitor

pytest_plugins = "tests.web.staging"


@pytest.fixture
def person(stage: Stage) -> Visitor:
    """外人 has two old accounts of one number, one of them at 物理学院."""
    with stage.writing() as session:
        for unit in ("物理学院", None):
            place = stage.world[unit] if unit else None
            legacy_account(session, "外人", builders.id_number(105), unit=place)
    return stage.arrives("外人")


@pytest.fixture
def support(stage: Stage) -> Visitor:
    return stage.staff(StaffRole.PLATFORM_SUPPORT)


def case_of(stage: Stage) -> Case:
    with stage.sessions() as session:
        return session.scalars(select(Case).order_by(Case.id.desc())).first()  # type: ignore[return-value]


def files(stage: Stage, person: Visitor) -> Case:
    form = person.follow(person.open("/cases/"), "填写变更表：存在多个原账号")
    told = person.submit(form, "提交申请", statement="请合并", consented="yes")
    assert "已提交。平台工作人员会核实" in told
    return case_of(stage)


def has(page: Page, button: str) -> bool:
    return any(each.text == button for each in page.root.all("button"))


def opened(visitor: Visitor, case: Case) -> Page:
    return visitor.open(f"/desk/{case.id}/")


def taken(visitor: Visitor, case: Case) -> Page:
    return visitor.submit(visitor.submit(opened(visitor, case), "我来办"), "开始核实")


def test_the_form_says_what_will_be_done_and_needs_consent(stage: Stage, person: Visitor) -> None:
    form = person.follow(person.open("/cases/"), "填写变更表：存在多个原账号")
    assert "把这些原账号都绑定到本人名下" in form
    refused = person.submit(form, "提交申请", statement="请合并")
    assert refused.status == 422
    assert "请先勾选同意" in refused
    assert "请合并" in refused
    case = files(stage, person)
    assert case.state is CaseState.FILED
    assert "预计" in person.open("/cases/")


def test_a_form_for_what_is_not_so_leads_back(person: Visitor) -> None:
    for about in ("id_differs:1", "several_accounts:99999", "nothing", "several_accounts:x", ""):
        page = person.open(f"/cases/form?about={about}")
        assert "您现在没有这个问题" in page, about


def test_accounts_of_others_can_not_be_asked_for(stage: Stage, person: Visitor) -> None:
    with stage.writing() as session:
        other = legacy_account(session, "邻居", builders.id_number(104)).id
    form = person.follow(person.open("/cases/"), "填写变更表：存在多个原账号")
    fields = {**form.form("提交申请").fields, "consented": "yes", "accounts": str(other)}
    answer = person.client.post("/cases/file", data=fields)
    assert answer.status_code == 409
    assert person.client.post("/cases/file", data={**fields, "accounts": "x"}).status_code == 404


def test_the_whole_way_by_two_members_of_support(
    stage: Stage, person: Visitor, support: Visitor
) -> None:
    case = files(stage, person)
    listed = support.open("/desk/?whose=nobody")
    assert "存在多个原账号" in listed
    assert "外*" in listed
    page = taken(support, case)
    assert "逐项比对" in page
    assert builders.id_number(105) not in page.html
    asked = support.submit(page, "请本人补充材料", reply="id_card", text="谢谢")
    assert "等本人补充材料，暂停计时" in asked
    own = person.open(f"/cases/{case.id}/")
    assert "平台请您补充" in own
    assert "请上传本人身份证正反面" in own
    person.submit(own, "提交", text="已寄出")
    page = support.submit(opened(support, case), "提出办理，请人复核", reason="材料齐全")
    assert "已提出，等另一名工作人员复核后生效。" in page
    assert "您不能复核自己的提议" in page
    assert not has(page, "同意，办理")
    colleague = stage.staff(StaffRole.PLATFORM_SUPPORT)
    done = colleague.submit(opened(colleague, case), "同意，办理", reason="同意")
    assert "已通过" in done
    with stage.sessions() as session:
        index = builders.SEALER.index("resident_id", builders.id_number(105))
        somebody = session.scalars(select(Person).where(Person.id_index == index)).one()
        accounts = select(LegacyAccount.id).where(LegacyAccount.name == "外人")
        chosen = session.scalars(accounts.order_by(LegacyAccount.id.desc())).first()
        assert accounts_of(session, somebody.id) == [chosen]  # the one box that was sent
    assert "材料齐全" in person.open(f"/cases/{case.id}/")


def test_somebody_who_decides_on_what_they_have_not_seen_is_told(
    stage: Stage, person: Visitor, support: Visitor
) -> None:
    case = files(stage, person)
    page = taken(support, case)
    person.submit(person.open(f"/cases/{case.id}/"), "提交", text="等一下")
    late = support.submit(page, "不通过", reason="不符合")
    assert late.status == 409
    assert "这份申请有了变化" in late
    assert "不符合" in late
    assert case_of(stage).state is CaseState.IN_REVIEW


def test_notes_of_the_desk_are_not_for_the_person(
    stage: Stage, person: Visitor, support: Visitor
) -> None:
    case = files(stage, person)
    page = support.submit(opened(support, case), "只作内部备注", text="字迹可疑")
    assert "字迹可疑" in page
    support.submit(page, "给本人留言", text="正在核对")
    own = person.open(f"/cases/{case.id}/")
    assert "正在核对" in own
    assert "字迹可疑" not in own


def test_buttons_stand_there_only_for_what_may_be_done_now(
    stage: Stage, person: Visitor, support: Visitor
) -> None:
    case = files(stage, person)
    page = opened(support, case)
    assert has(page, "我来办")
    assert not any(has(page, each) for each in ("通过", "不通过", "转交", "归档"))
    page = taken(support, case)
    assert has(page, "不通过")
    refused = support.submit(page, "不通过", reason="账号不是本人的")
    assert has(refused, "归档")
    assert not has(refused, "不通过")
    assert "没有符合条件的工单" in support.open("/desk/")
    assert "存在多个原账号" in support.open("/desk/?state=refused").part("main")
    assert "存在多个原账号" in support.open("/desk/?state=all").part("main")
    closed = support.submit(refused, "归档")
    assert "已归档" in closed
    assert "账号不是本人的" in person.open(f"/cases/{case.id}/")


def test_a_department_reads_the_cases_of_its_units_and_decides_nothing(
    stage: Stage, person: Visitor
) -> None:
    case = files(stage, person)
    page = opened(stage.bureau, case)
    assert page.status == 200
    assert not any(has(page, each) for each in ("我来办", "只作内部备注"))
    assert "存在多个原账号" in stage.bureau.open("/desk/")
    other = stage.staff(StaffRole.DEPARTMENT_STAFF, "青岛市科技局")
    assert opened(other, case).status == 404
    assert "没有符合条件的工单" in other.open("/desk/")


def test_late_is_marked_and_can_be_asked_for(
    stage: Stage, person: Visitor, support: Visitor
) -> None:
    case = files(stage, person)
    assert "没有符合条件的工单" in support.open("/desk/?when=late")
    with stage.writing() as session:
        session.get_one(Case, case.id).due_on = builders.NOON.date()
    due = f"{builders.NOON:%Y}年{builders.NOON.month}月{builders.NOON.day}日"
    assert f"超期 · {due}" in support.open("/desk/?when=late").part("main")
    assert "超期" in opened(support, case).part("main")


# --- The desk's day -------------------------------------------------------------------------


def test_the_list_goes_on_past_its_first_page(stage: Stage, support: Visitor) -> None:
    """In the order of dates, which the address carries."""
    with stage.writing() as session:
        for number in range(30):
            case_about(session, f"第{number}件")
    page = support.open("/desk/")
    after = support.follow(page, "下一页")
    assert after.status == 200
    assert "回到第一页" in after


def test_what_is_searched_is_found_saved_and_opened_with_one_click(
    stage: Stage, support: Visitor
) -> None:
    with stage.writing() as session:
        wanted, other = case_about(session, "旧手机丢了").id, case_about(session, "别的事").id
    found = support.open("/desk/?q=手机")
    assert f"/desk/{wanted}/" in found.links()
    assert f"/desk/{other}/" not in found.links()
    saved = support.submit(found, "保存视图", name="手机", shared="yes")
    assert "视图已保存" in saved
    again = support.follow(support.open("/desk/"), "手机")
    assert f"/desk/{other}/" not in again.links()
    colleague = stage.staff(StaffRole.PLATFORM_SUPPORT)
    assert colleague.open("/desk/").links("手机")
    manage = support.open("/desk/views/")
    renamed = support.submit(manage, "保存", name="丢了手机的")
    assert renamed.links("丢了手机的")
    assert "还没有保存的视图" in support.submit(renamed, "确认删除")


def test_a_name_that_is_taken_is_asked_for_again_with_the_filters_kept(
    stage: Stage, support: Visitor
) -> None:
    support.submit(support.open("/desk/?kind=disputed"), "保存视图", name="争议")
    refused = support.submit(support.open("/desk/?kind=old_password"), "保存视图", name="争议")
    assert refused.status == 409
    assert "您已有一个叫“争议”的视图" in refused
    assert "视图已保存" in support.submit(refused, "保存视图", name="密码")


def test_what_is_too_short_or_an_id_number_is_refused_where_it_was_typed(
    support: Visitor,
) -> None:
    assert "证件号码不能在这里查" in support.open(f"/desk/?q={builders.id_number(1)}")
    assert support.open("/desk/?q=账").status == 200


def test_an_id_number_finds_its_cases_and_stands_in_no_address(
    stage: Stage, support: Visitor, person: Visitor
) -> None:
    case = files(stage, person)
    with stage.writing() as session:
        other = case_about(session).id
    number = builders.id_number(105)
    found = support.submit(support.open("/desk/"), "查这个人的工单", id_number=number)
    assert f"/desk/{case.id}/" in found.links()
    assert f"/desk/{other}/" not in found.links()
    assert number not in found.address
    assert number not in found.html
    nobody = support.submit(
        support.open("/desk/"), "查这个人的工单", id_number=builders.id_number(999)
    )
    assert "没有符合条件的工单" in nobody


def test_many_are_done_at_once_and_what_could_not_be_is_told(
    stage: Stage, support: Visitor
) -> None:
    with stage.writing() as session:
        cases = [case_about(session) for _ in range(3)]
    page = support.open("/desk/")
    colleague = stage.staff(StaffRole.PLATFORM_SUPPORT)
    colleague.submit(opened(colleague, cases[0]), "我来办")
    every = " ".join(f"{case.id}:{case.version}" for case in cases)
    fields = page.form("接办所选").fields
    told = support.client.post(
        "/desk/bulk/", data={**fields, "errand": "take", "whole_page": every}
    ).get_data(as_text=True)
    assert "接办：办了 2 件，没有办 1 件。" in told
    not_done, _, done = told.partition('id="done"')
    assert "这份申请有了变化" in not_done
    assert f"/desk/{cases[0].id}/" in not_done
    assert f"/desk/{cases[1].id}/" in done
    again = support.client.post(
        "/desk/bulk/", data={**fields, "errand": "rank", "case": f"{cases[0].id}:2"}
    )
    assert again.status_code == 409
    assert "不在您手上" in again.get_data(as_text=True)


def test_ticking_nothing_is_told_and_rows_that_do_not_exist_are_not_there(
    stage: Stage, support: Visitor
) -> None:
    with stage.writing() as session:
        case_about(session)
    page = support.open("/desk/")
    assert "请先勾选要办理的工单" in support.submit(page, "接办所选")
    fields = page.form("接办所选").fields
    for case, status in (("99999:1", 404), ("x:1", 404), ("1", 404), ("1:1", 200)):
        data = {**fields, "errand": "take", "case": case}
        assert support.client.post("/desk/bulk/", data=data).status_code == status, case


def test_a_department_neither_ticks_nor_saves(stage: Stage, person: Visitor) -> None:
    files(stage, person)
    page = stage.bureau.open("/desk/")
    assert "一起办理勾选的工单" not in page
    assert "保存视图" not in page
    assert not page.links("我的", within="main")
    assert page.links("超期")


def test_turns_are_changed_on_a_page(stage: Stage, support: Visitor) -> None:
    page = support.open("/desk/turns/")
    assert "没有开启轮流分派" in page
    saved = support.submit(page, "保存", departments="济南市科技局", away="yes")
    assert "分派已调整" in saved
    assert "济南市科技局" in saved
    refused = support.submit(saved, "保存", departments="没有这个局")
    assert refused.status == 422
    assert "没有这个局" in refused


def test_the_start_page_says_what_is_late_and_what_waits(stage: Stage, support: Visitor) -> None:
    with stage.writing() as session:
        case = case_about(session, due_on=builders.NOON.date())
    assert "工单提醒" not in support.open("/")
    support.submit(opened(support, case), "我来办")
    assert "您承办的工单有 1 件超期" in support.open("/")
    with stage.writing() as session:
        escalate(builders.act(session, at=datetime.now(UTC)))
    assert "全组有 1 件工单超期已久" in stage.staff(StaffRole.PLATFORM_SUPPORT).open("/")
