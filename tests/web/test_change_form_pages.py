"""Units' change forms as pages: what is wrong, the form of each kind, the case at the desk."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from admin_app.hierarchy.models import Unit
from admin_app.identity.claims import ReportedEnterprise
from admin_app.identity.vocabulary import StaffRole
from admin_app.migration.models import Affiliation
from admin_app.policy.vocabulary import Capacity
from admin_app.service_desk.case_vocabulary import CaseState
from admin_app.service_desk.form_vocabulary import FormKind
from admin_app.service_desk.models import Case
from tests import builders
from tests.builders_desk import files_form, supporter
from tests.web.reading import Page
from tests.web.stage import Stage, Visitor
from tests.world import SEQUENCES

pytest_plugins = "tests.web.staging"

KINDS = [kind for kind in FormKind if kind is not FormKind.UNIT_MISSING]


@pytest.fixture
def support(stage: Stage) -> Visitor:
    return stage.staff(StaffRole.PLATFORM_SUPPORT)


def form_of(stage: Stage, visitor: Visitor, unit: str, kind: FormKind) -> Page:
    page = visitor.open(stage.page_of(unit))
    if kind is FormKind.ADMINISTRATOR_UNREACHABLE or unit == "演示大学":
        return visitor.follow(visitor.follow(page, "自己办不了的，请平台核实办理"), kind.label.zh)
    raise AssertionError("only first-level units have the other forms")


def case_of(stage: Stage) -> Case:
    with stage.sessions() as session:
        return session.scalars(select(Case)).one()


def renames(stage: Stage, visitor: Visitor, name: str = "演示海洋大学") -> Page:
    form = form_of(stage, visitor, "演示大学", FormKind.UNIT_RENAMED)
    return visitor.submit(form, "提交申请", name=name, statement="换了名称")


@pytest.mark.parametrize("kind", KINDS, ids=lambda each: each.value)
def test_each_form_says_what_it_is_for_and_what_will_be_done(stage: Stage, kind: FormKind) -> None:
    page = form_of(stage, stage.rector, "演示大学", kind)
    assert kind.step.zh in page
    assert ("由两名工作人员办理" in page) is (kind is not FormKind.UNIT_RENAMED)


def test_filed_one_sees_what_was_asked_for(stage: Stage) -> None:
    page = renames(stage, stage.rector)
    assert "已提交。平台工作人员会核实" in page
    assert "演示海洋大学" in page.part("state")
    assert "演示大学" in stage.rector.open("/cases/")


def test_what_is_wrong_stands_by_its_field_and_nothing_typed_is_lost(stage: Stage) -> None:
    form = form_of(stage, stage.rector, "演示大学", FormKind.USCC_CHANGED)
    wrong = builders.uscc(5)[:17] + ("0" if builders.uscc(5)[17] != "0" else "1")
    refused = stage.rector.submit(form, "提交申请", uscc=wrong, statement="证照换了")
    assert refused.status == 422
    assert "的校验码不对" in refused
    assert wrong in refused
    assert "证照换了" in refused
    taken = renames(stage, stage.director, "无人公司")
    assert taken.status == 409
    assert "下已有名为“无人公司”的单位" in taken


def test_asked_for_twice_one_is_led_to_what_is_on_file(stage: Stage) -> None:
    """One's own case opens; somebody else's is only told of."""
    renames(stage, stage.rector)
    again = renames(stage, stage.rector, "另一个名称")
    assert again.address.startswith("/cases/1/")
    assert "第 1 号申请" in again
    other = renames(stage, stage.director, "另一个名称")
    assert other.status == 409
    assert "第 1 号申请" in other
    assert "演示海洋大学" not in other


def test_a_member_may_file_when_nobody_can_be_reached(stage: Stage) -> None:
    """And reads the administrators' names masked: they don't see the unit otherwise."""
    unit = stage.world["海洋学院"]
    with stage.writing() as session:
        person = stage.world.people["外人"]
        session.add(Affiliation(person_id=person.id, unit_id=unit.id, since=builders.NOON))
    member = stage.person("外人")
    page = member.open("/changes/")
    assert page.links("填写变更表：管理员联系不上") != []
    form = member.follow(page, "填写变更表：管理员联系不上，无人可以变更")
    assert "院*" in form
    assert "院长" not in form.part("form")
    told = member.submit(
        form, "提交申请", name="外人", id_number=builders.id_number(SEQUENCES["外人"])
    )
    assert "已提交。" in told
    assert builders.id_number(SEQUENCES["外人"]) not in told.html
    assert member.open(f"/changes/unit/{unit.id}/?kind=unit_renamed").status == 200
    assert stage.person("邻居").open(f"/changes/unit/{unit.id}/").status == 404


def test_what_the_portal_reports_and_the_platform_lacks_is_offered(stage: Stage) -> None:
    code = builders.uscc(7_000_003)
    enterprise = replace(builders.enterprise(stage.world["演示大学"]), uscc=code, name="示例新公司")
    person = stage.arrives("外人", enterprises=(enterprise,))
    form = person.follow(person.open("/changes/"), "填写变更表：示例新公司")
    assert form.form("提交申请").fields["uscc"] == code
    parent = stage.world["济南市科技局"].id
    missing = person.submit(form, "提交申请")
    assert missing.status == 422
    assert "请选择单位所在地的主管部门" in missing
    told = person.submit(form, "提交申请", parent=str(parent))
    assert "已提交。" in told
    support = stage.staff(StaffRole.PLATFORM_SUPPORT)
    page = support.open("/desk/1/")
    page = support.submit(support.submit(page, "我来办"), "开始核实")
    done = support.submit(page, "通过", reason="执照相符")
    assert "已通过" in done
    with stage.sessions() as session:
        assert session.scalars(select(Unit.name).where(Unit.uscc == code)).one() == "示例新公司"
    assert person.open("/changes/").links("填写变更表：示例新公司") == []


def test_support_files_what_came_by_mail(stage: Stage, support: Visitor) -> None:
    start = support.follow(support.open("/diagnosis/"), "代单位填写信息变更表")
    found = support.open(start.address + "?q=演示大学")
    page = support.follow(support.follow(found, "演示大学"), "单位更名")
    filed = support.submit(page, "提交申请", name="演示海洋大学", statement="来信")
    assert filed.address.startswith("/desk/1/")
    case = case_of(stage)
    assert (case.person_id, case.state) == (None, CaseState.FILED)
    again = support.open(f"/changes/unit/{stage.world['演示大学'].id}/?kind=unit_renamed")
    assert support.submit(again, "提交申请", name="又一个").address.startswith("/desk/1/")


def test_the_desk_sees_what_is_asked_for_beside_what_each_source_says(
    stage: Stage, support: Visitor
) -> None:
    renames(stage, stage.rector)
    page = support.open("/desk/1/")
    compared = page.part("compare")
    for said in ("演示海洋大学", "演示大学", "一号通", "省平台", "不一致"):
        assert said in compared
    listed = support.open("/desk/?kind=unit_renamed")
    assert "演示大学" in listed.part("main")
    assert "没有符合条件的工单" in support.open("/desk/?kind=several_accounts")


def test_two_members_of_support_appoint_over_the_heads_of_a_unit(
    stage: Stage, support: Visitor
) -> None:
    form = form_of(stage, stage.director, "海洋学院", FormKind.ADMINISTRATOR_UNREACHABLE)
    number = builders.id_number(SEQUENCES["外人"])
    stage.director.submit(form, "提交申请", name="外人", id_number=number)
    page = support.submit(support.submit(support.open("/desk/1/"), "我来办"), "开始核实")
    assert number not in page.html
    support.submit(page, "提出办理，请人复核", reason="都联系不上")
    other = stage.staff(StaffRole.PLATFORM_SUPPORT)
    done = other.submit(other.open("/desk/1/"), "同意，办理", reason="同意")
    assert "已通过" in done
    assert "外人" in stage.director.open(stage.page_of("海洋学院")).part("administrators")


def test_who_has_nothing_to_file_reads_so(stage: Stage) -> None:
    auditor = stage.staff(StaffRole.AUDITOR)
    assert "这里只供" in auditor.open("/changes/")
    assert "这里只供" in auditor.open("/changes/missing")
    outsider = stage.person("外人")
    assert "您现在没有这方面的问题" in outsider.open("/changes/")
    assert stage.person("校长", Capacity.NATURAL_PERSON).open("/changes/").links("填写变更表") != []


# --- Filed by the desk, seen by whoever is in charge ----------------------------------------


def desk_files(stage: Stage, kind: FormKind = FormKind.UNIT_RENAMED, **asked: Any) -> Case:
    with stage.writing() as session:
        filer, unit = supporter(session), stage.world["演示大学"]
        return files_form(session, filer, kind, unit, statement="来信于三月一日", **asked)


def test_what_the_desk_filed_stands_on_the_pages_of_who_is_in_charge(stage: Stage) -> None:
    case = desk_files(stage, name="演示海洋大学")
    for visitor in (stage.rector, stage.director):
        assert f"第 {case.id} 号" in visitor.open("/changes/").part("under-way")
        assert f"第 {case.id} 号" in visitor.open("/cases/").part("of-units")
        page = visitor.open(f"/cases/{case.id}/")
        assert "平台工作人员代单位提交" in page
        assert "演示海洋大学" in page.part("state")
        assert visitor.get(f"/papers/{case.id}/pdf").status_code == 200
        assert visitor.open(f"/papers/{case.id}/").address == f"/cases/{case.id}/"
    for visitor in (stage.dean, stage.person("外人"), stage.person("邻居")):
        assert visitor.get(f"/cases/{case.id}/").status_code == 404
        assert visitor.get(f"/papers/{case.id}/pdf").status_code == 404
        assert "代单位提交" not in visitor.open("/cases/")
        assert f"第 {case.id} 号" not in visitor.open("/changes/")


def test_they_answer_and_take_it_back_on_its_page(stage: Stage) -> None:
    case = desk_files(stage, name="演示海洋大学")
    address = f"/cases/{case.id}/"
    page = stage.director.submit(stage.director.open(address), "提交", text="执照已换")
    assert "执照已换" in page.part("history")
    assert "处长" in stage.rector.open(address).part("history"), "who of the unit said it"
    stage.rector.submit(stage.rector.open(address), "确认撤回")
    assert case_of(stage).state is CaseState.WITHDRAWN
    assert "under-way" not in stage.director.open("/changes/").html
    for verb in ("answer", "withdraw"):
        sent = stage.dean.client.post(f"{address}{verb}", data={"text": "x"})
        assert sent.status_code in (400, 404)


def test_in_another_capacity_the_one_that_sees_it_is_on_offer(stage: Stage) -> None:
    case = desk_files(stage, name="演示海洋大学")
    page = stage.person("校长").open(f"/cases/{case.id}/")
    assert page.status == 403
    offered = [each.text for each in page.root.all("button") if "法定代表人" in each.text]
    assert any("演示大学" in each for each in offered)


def test_filing_what_the_desk_has_on_file_leads_to_it(stage: Stage) -> None:
    case = desk_files(stage, name="演示海洋大学")
    assert renames(stage, stage.rector).address.startswith(f"/cases/{case.id}/")


# --- Reconciliation and back ----------------------------------------------------------------


def test_a_line_of_the_reconciliation_leads_to_the_form_that_helps_and_back(
    stage: Stage, support: Visitor
) -> None:
    """R53: the portal reports 演示大学 under a new name."""
    with stage.sessions() as session:
        unit = session.get_one(Unit, stage.world["演示大学"].id)
        code = unit.uscc or ""
    renamed = ReportedEnterprise(uscc=code, name="演示海洋大学")
    stage.arrives("校长", enterprises=(renamed,))
    lines = f"/reconciliation/?q={code}"
    form = support.follow(support.open(lines), "填写变更表：单位更名")
    assert form.form("提交申请").fields["name"] == "演示海洋大学"
    assert support.follow(form, "企业核对").address == lines
    own = stage.rector.follow(stage.rector.open("/reconciliation/"), "填写变更表：单位更名")
    assert own.form("提交申请").fields["name"] == "演示海洋大学"
    stage.rector.submit(own, "提交申请")
    page = support.open(lines)
    assert page.links("填写变更表：单位更名") == []
    there = support.follow(page, "变更表正在办理：单位更名")
    assert there.address == f"/desk/{case_of(stage).id}/"
    for visitor in (stage.rector, support):
        page = visitor.open(f"/changes/unit/{unit.id}/")
        assert visitor.follow(page, "企业核对").address == lines


def test_an_enterprise_that_is_missing_leads_to_its_form_filled_in(
    stage: Stage, support: Visitor
) -> None:
    missing = ReportedEnterprise(uscc=builders.uscc(904), name="外地公司")
    stage.arrives("新人", 430, enterprises=(missing,))
    lines = f"/reconciliation/?q={missing.uscc}"
    form = support.follow(support.open(lines), "填写变更表：平台上没有本单位")
    fields = form.form("提交申请").fields
    assert (fields["name"], fields["uscc"]) == ("外地公司", missing.uscc)
    assert support.follow(form, "企业核对").address == lines


def test_a_unit_under_two_codes_leads_to_the_form_with_the_reported_one(
    stage: Stage, support: Visitor
) -> None:
    former = ReportedEnterprise(uscc=builders.uscc(905), name="无人公司")
    stage.arrives("新人", 430, enterprises=(former,))
    lines = f"/reconciliation/?q={former.uscc}"
    form = support.follow(support.open(lines), "填写变更表：统一社会信用代码有误或已变更")
    assert form.form("提交申请").fields["uscc"] == former.uscc
    assert "无人公司" in form
    assert support.follow(form, "企业核对").address == lines
