"""Applying to a unit and deciding it, through the pages."""

import pytest

from admin_app.identity.vocabulary import StaffRole
from admin_app.service_desk.vocabulary import ApplicationState
from tests.web.reading import Page
from tests.web.stage import Stage, Visitor

pytest_plugins = "tests.web.staging"


def applies(visitor: Visitor, unit: str = "物理学院", reason: str = "我在这里工作") -> Page:
    """From the search to the application."""
    found = visitor.submit(visitor.open("/apply/"), "查找", q=unit)
    form = visitor.follow(found, "申请加入", within="hits")
    return visitor.submit(form, "提交申请", reason=reason)


def decides(visitor: Visitor, stage: Stage, button: str, reason: str = "", *skip: str) -> Page:
    """Tick every application on the page but those of ``skip``, and press a button."""
    page = visitor.open("/members/")
    form = page.form(button)
    pressed = form.button(button)
    assert pressed is not None
    ticked = [
        box["value"]
        for line in form.node.all("li")
        if not any(name in line for name in skip)
        for box in line.all("input")
    ]
    data = {
        "csrf_token": form.fields["csrf_token"],
        "reason": reason,
        "verdict": pressed["value"],
        "chosen": ticked,
    }
    answer = visitor.client.post(form.action, data=data, follow_redirects=True)
    return Page(answer.status_code, answer.request.path, answer.get_data(as_text=True))


def test_somebody_without_a_unit_applies_and_sees_what_becomes_of_it(stage: Stage) -> None:
    """R46: 请申请单位."""
    outsider = stage.person("外人")
    page = applies(outsider)
    assert (page.status, page.address) == (200, "/apply/")
    assert "已提交加入“物理学院”的申请，请等待单位处理。" in page
    assert "物理学院 待单位处理" in page.part("own")
    answer = decides(stage.director, stage, "同意加入")
    assert "已同意 1 份申请：外人。" in answer
    assert "没有待处理的申请" in answer
    page = outsider.open("/apply/?q=物理")
    assert "物理学院 已加入" in page.part("own")
    assert "您已是成员" in page.part("hits")
    assert "物理学院" in outsider.open("/me/").part("units")


def test_a_unit_is_found_by_name_and_place_and_by_nothing_else(stage: Stage) -> None:
    page = stage.person("外人").open("/apply/?q=学院")
    hits = page.part("hits")
    assert "海洋学院 二级单位 省科技厅 / 济南市科技局 / 演示大学" in hits
    assert "没有管理员" not in hits
    assert not [address for address in page.links() if address.startswith("/unit/")]
    assert "没有找到“科技局”" in stage.person("外人").open("/apply/?q=科技局")


def test_an_archived_unit_can_not_be_joined(stage: Stage) -> None:
    rector = stage.rector
    form = rector.follow(rector.open(stage.page_of("物理学院")), "停用")
    rector.submit(form, "确认停用")
    outsider = stage.person("外人")
    assert "没有找到" in outsider.open("/apply/?q=物理学院")
    assert outsider.get(f"/apply/unit/{stage.world['物理学院'].id}/").status_code == 404
    assert outsider.get(f"/apply/unit/{stage.world['济南市科技局'].id}/").status_code == 404


def test_a_reason_is_asked_for_and_one_applies_once(stage: Stage) -> None:
    outsider = stage.person("外人")
    page = applies(outsider, reason=" ")
    assert page.status == 422
    assert "请写明理由。" in page
    page = applies(outsider)
    assert "已申请，待单位处理" in outsider.open("/apply/?q=物理学院").part("hits")
    form = outsider.open(f"/apply/unit/{stage.world['物理学院'].id}/")
    again = outsider.submit(form, "提交申请", reason="再申请一次")
    assert again.status == 409
    assert "您已申请加入“物理学院”，请等待单位处理。" in again


def test_one_takes_ones_own_application_back(stage: Stage) -> None:
    outsider = stage.person("外人")
    page = applies(outsider)
    form = outsider.follow(page, "撤回申请")
    address = form.address
    assert stage.person("邻居").get(address).status_code == 404
    page = outsider.submit(form, "确认撤回")
    assert "已撤回加入“物理学院”的申请。" in page
    assert "物理学院 已撤回" in page.part("own")
    late = outsider.submit(outsider.open(address), "确认撤回")
    assert late.status == 409
    assert "这份申请已经处理过了：已撤回。" in late


def test_declining_needs_a_reason_and_tells_the_applicant(stage: Stage) -> None:
    outsider = stage.person("外人")
    applies(outsider, reason="调入")
    page = decides(stage.rector, stage, "不同意")
    assert page.status == 422
    assert "请写明理由。" in page
    assert "调入" in page
    page = decides(stage.rector, stage, "不同意", "人事处没有您的记录")
    assert "未同意 1 份申请：外人。" in page
    own = outsider.open("/apply/").part("own")
    assert "物理学院 未通过" in own
    assert "由校长处理，理由：人事处没有您的记录" in own


def test_nobody_is_decided_on_unless_ticked(stage: Stage) -> None:
    applies(stage.person("外人"))
    page = decides(stage.rector, stage, "同意加入", "", "外人")
    assert page.status == 422
    assert "请先勾选要处理的申请。" in page


def test_one_that_waits_alone_is_ticked_already_and_of_several_none(stage: Stage) -> None:
    applies(stage.person("外人"))
    assert "chosen" in stage.rector.open("/members/").form("同意加入").fields
    applies(stage.person("邻居"))
    assert "chosen" not in stage.rector.open("/members/").form("同意加入").fields


def test_several_at_once_and_one_withdrawn_meanwhile_is_told_apart(stage: Stage) -> None:
    outsider, neighbour = stage.person("外人"), stage.person("邻居")
    applies(outsider)
    applies(neighbour)
    rector = stage.rector
    stale = rector.open("/members/").form("同意加入")
    boxes = [box["value"] for box in stale.node.all("input") if box["type"] == "checkbox"]
    outsider.submit(outsider.follow(outsider.open("/apply/"), "撤回申请"), "确认撤回")
    answer = rector.client.post(
        "/members/decide",
        data={
            "csrf_token": stale.fields["csrf_token"],
            "verdict": "accept",
            "chosen": boxes,
        },
        follow_redirects=True,
    )
    page = Page(answer.status_code, "/members/", answer.get_data(as_text=True))
    assert "已同意 1 份申请：邻居。" in page
    assert "外人的申请没有处理：这份申请已经处理过了：已撤回。" in page


def test_what_waits_stands_on_the_start_page_of_who_decides(stage: Stage) -> None:
    assert "有人申请加入您管理的单位" not in stage.dean.open("/")
    applies(stage.person("外人"), "海洋学院")
    start = stage.dean.open("/")
    assert "有人申请加入您管理的单位，等待您处理。" in start
    page = stage.dean.follow(start, "去处理")
    assert "共 1 份待处理" in page
    assert "外人 990***********" in page
    neighbour = stage.person("邻居")
    assert neighbour.get("/members/").status_code == 403


@pytest.mark.parametrize("verdict", ["accept", "decline"])
@pytest.mark.parametrize("number", ["0", "-1", "abc", "9" * 30, str(2**31 - 1), "theirs"])
def test_applications_out_of_reach_are_not_decided(stage: Stage, number: str, verdict: str) -> None:
    page = applies(stage.person("外人"), "邻居学院")
    theirs = page.link("撤回申请").split("/")[2]
    rector = stage.rector
    applies(stage.person("外人"))
    form = rector.open("/members/").form("同意加入")
    answer = rector.client.post(
        "/members/decide",
        data={
            "csrf_token": form.fields["csrf_token"],
            "verdict": verdict,
            "reason": "试",
            "chosen": [theirs if number == "theirs" else number],
        },
    )
    assert answer.status_code == 404
    own = stage.person("外人").open("/apply/").part("own")
    assert own.text.count(ApplicationState.FILED.label.zh) == 2


def test_staff_do_not_apply(stage: Stage) -> None:
    staff = stage.staff(StaffRole.DEPARTMENT_STAFF, "济南市科技局")
    assert staff.get("/apply/").status_code == 404
    assert "申请加入单位" not in staff.open("/")


def test_members_are_known_to_who_decides_and_masked_for_who_looks_on(stage: Stage) -> None:
    applies(stage.person("外人"))
    decides(stage.rector, stage, "同意加入")
    address = f"{stage.page_of('物理学院')}members"
    page = stage.rector.follow(stage.rector.open(stage.page_of("物理学院")), "查看成员")
    assert page.address == address
    assert "外人 990***********" in page
    assert "加入申请" in page
    seen = stage.bureau.open(address)
    assert "外*" in seen
    assert "外人" not in seen
    assert "990***" not in seen
    assert stage.dean.get(address).status_code == 404
    assert stage.person("外人").get(address).status_code == 403
    assert "还没有成员" in stage.rector.open(f"{stage.page_of('演示大学')}members")
