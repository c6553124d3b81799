"""Appointing through the pages: appoint, reassign, end, resign, withdraw, and being told."""

import pytest

from admin_app.identity.vocabulary import StaffRole
from tests import builders
from tests.web.reading import Page
from tests.web.stage import Stage, Visitor

pytest_plugins = "tests.web.staging"

OUTSIDER, NEWCOMER = builders.id_number(105), builders.id_number(106)


def appoint(visitor: Visitor, page_of_unit: str, name: str, number: str, **more: str) -> Page:
    """From the unit's page: the button, the form, the answer."""
    form = visitor.follow(visitor.open(page_of_unit), "指定管理员")
    return visitor.submit(form, "指定", name=name, id_number=number, **more)


def test_somebody_known_and_verified_is_in_office_at_once(stage: Stage) -> None:
    """R50: a first-level unit's administrator appoints for a secondary unit."""
    page = appoint(stage.director, stage.page_of("物理学院"), "外人", OUTSIDER)
    assert (page.status, page.address) == (200, stage.page_of("物理学院"))
    assert "外人现在是“物理学院”的管理员，立即生效。" in page
    assert "外人 在任" in page.part("administrators")


def test_somebody_unknown_is_pending_and_the_page_says_for_what_and_until_when(
    stage: Stage,
) -> None:
    """R51: the office begins with intermediate verification and not before."""
    page = appoint(stage.director, stage.page_of("物理学院"), "新人", NEWCOMER)
    assert "已指定新人。本人首次从“自然人与法人登录”登录后自动生效" in page
    part = page.part("administrators")
    assert "新人 待生效" in part
    assert "等待本人从“自然人与法人登录”首次登录" in part
    assert "日前有效" in part


def test_the_appointed_are_told_at_sign_in_where_by_whom_and_what_they_can_do(
    stage: Stage,
) -> None:
    appoint(stage.director, stage.page_of("物理学院"), "新人", NEWCOMER, reason="换届")
    newcomer = stage.arrives("新人")
    start = newcomer.open("/")
    assert "您已是“物理学院”的管理员" in start
    assert "由演示大学的处长指定" in start
    assert "理由：换届" in start
    assert "您现在可以" in start
    start = newcomer.submit(start, "知道了")
    assert start.address == "/"
    assert "您已是“物理学院”的管理员" not in start
    assert "您已是“物理学院”的管理员" not in stage.arrives("新人").open("/")


def test_from_the_notice_one_enters_in_the_new_capacity(stage: Stage) -> None:
    appoint(stage.rector, stage.page_of("物理学院"), "外人", OUTSIDER)
    outsider = stage.person("外人")
    page = outsider.submit(outsider.open("/"), "以这个身份进入")
    assert (page.address, page.heading) == (stage.page_of("物理学院"), "物理学院")
    assert page.links("新增下级单位")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "姓名"),
        ({"id_number": ""}, "证件号码"),
        ({"id_number": "370102"}, "号码的格式不对"),
        ({"id_number": OUTSIDER[:-1] + "9"}, "校验"),
        ({"name": "外大人"}, "姓名与证件号码对不上"),
        ({"id_type": "passport", "id_number": "E12345678"}, "不支持护照"),
    ],
    ids=["no name", "no number", "too short", "check digit", "another name", "passport"],
)
def test_what_can_not_be_taken_is_said_by_its_field_and_nothing_typed_is_lost(
    stage: Stage, typed: dict[str, str], sentence: str
) -> None:
    """R44: passports are refused with the reason."""
    filled = {"name": "外人", "id_number": OUTSIDER, "reason": "换届选举"} | typed
    rector = stage.rector
    form = rector.open(f"/office/unit/{stage.world['物理学院'].id}/appoint")
    page = rector.submit(form, "指定", **filled)
    assert page.status == 422
    assert sentence in page
    again = page.form("指定")
    assert {name: again.fields[name] for name in filled} == filled
    assert "还没有管理员" in rector.open(stage.page_of("物理学院"))


def test_nobody_is_appointed_twice(stage: Stage) -> None:
    page = appoint(stage.rector, stage.page_of("海洋学院"), "院长", builders.id_number(103))
    assert page.status == 409
    assert "院长已经是“海洋学院”的管理员" in page
    appoint(stage.rector, stage.page_of("物理学院"), "新人", NEWCOMER)
    page = appoint(stage.rector, stage.page_of("物理学院"), "新人", NEWCOMER)
    assert page.status == 409
    assert "无需重复办理" in page


def test_a_unit_has_at_most_three_administrators_pending_ones_included(stage: Stage) -> None:
    for number in range(3):
        name = f"新人{'甲乙丙'[number]}"
        page = appoint(
            stage.rector, stage.page_of("物理学院"), name, builders.id_number(400 + number)
        )
        assert page.status == 200
    page = appoint(stage.rector, stage.page_of("物理学院"), "新人丁", builders.id_number(404))
    assert page.status == 409
    assert "“物理学院”已有 3 名管理员（含待生效），达到上限" in page


def test_reassigning_leaves_no_gap(stage: Stage) -> None:
    rector = stage.rector
    form = rector.follow(rector.open(stage.page_of("海洋学院")), "变更", within="administrators")
    assert "由下面填写的人接替院长，中间不会空缺" in form
    page = rector.submit(form, "变更", name="外人", id_number=OUTSIDER)
    assert "外人 在任" in page.part("administrators")
    assert "院长" not in page.part("administrators")


def test_until_a_pending_successor_comes_the_former_stays(stage: Stage) -> None:
    rector = stage.rector
    form = rector.follow(rector.open(stage.page_of("海洋学院")), "变更", within="administrators")
    page = rector.submit(form, "变更", name="新人", id_number=NEWCOMER)
    assert "院长 在任" in page.part("administrators")
    assert "新人 待生效" in page.part("administrators")
    stage.arrives("新人")
    page = rector.open(stage.page_of("海洋学院"))
    assert "新人 在任" in page.part("administrators")
    assert "院长" not in page.part("administrators")


def test_of_two_people_reassigning_at_once_the_second_is_told_what_happened(
    stage: Stage,
) -> None:
    rector, director = stage.rector, stage.director
    forms = [
        visitor.follow(visitor.open(stage.page_of("海洋学院")), "变更", within="administrators")
        for visitor in (rector, director)
    ]
    rector.submit(forms[0], "变更", name="外人", id_number=OUTSIDER)
    page = director.submit(forms[1], "变更", name="新人", id_number=NEWCOMER, reason="换届")
    assert page.status == 409
    assert "院长的任职已有变化：变更为他人（办理人：校长）" in page
    again = page.form("变更").fields
    assert (again["name"], again["id_number"], again["reason"]) == ("新人", NEWCOMER, "换届")
    part = rector.open(stage.page_of("海洋学院")).part("administrators")
    assert "外人 在任" in part
    assert "新人" not in part


def test_the_last_administrator_is_ended_only_when_confirmed(stage: Stage) -> None:
    rector = stage.rector
    form = rector.follow(rector.open(stage.page_of("海洋学院")), "解除")
    assert "这是最后一名管理员" in form
    assert "以下的人仍可以办理： 校长 · 演示大学 · 法定代表人" in form
    refused = rector.submit(form, "确认解除", reason="调离")
    assert refused.status == 409
    assert "院长是“海洋学院”的最后一名管理员。请确认后再解除。" in refused
    assert refused.form("确认解除").fields["reason"] == "调离"
    page = rector.submit(refused, "确认解除", confirmed="yes")
    assert "已解除院长的管理员职务" in page
    assert "还没有管理员" in page.part("administrators")
    assert "理由：调离" in page.part("history")


def test_whoever_is_ended_can_act_there_no_more(stage: Stage) -> None:
    dean, rector = stage.dean, stage.rector
    assert dean.open(stage.page_of("潮汐实验室")).status == 200
    form = rector.follow(rector.open(stage.page_of("海洋学院")), "解除")
    rector.submit(form, "确认解除", confirmed="yes")
    assert dean.open(stage.page_of("潮汐实验室")).status == 403


def test_an_administrator_resigns_from_the_start_page(stage: Stage) -> None:
    dean = stage.dean
    form = dean.follow(dean.open("/"), "辞任")
    assert "辞去“海洋学院”的管理员" in form
    page = dean.submit(form, "确认辞任", confirmed="yes", reason="退休")
    assert page.address == "/"
    assert "您已辞去“海洋学院”的管理员职务" in page
    assert "您目前没有管理任何单位" in page


def test_a_pending_appointment_can_be_withdrawn(stage: Stage) -> None:
    director = stage.director
    page = appoint(director, stage.page_of("物理学院"), "新人", NEWCOMER)
    page = director.submit(director.follow(page, "撤回"), "确认撤回", reason="填错了人")
    assert "已撤回对新人的指定" in page
    assert "还没有管理员" in page.part("administrators")
    assert "新人" in page.part("former")
    assert "您已是" not in stage.arrives("新人").open("/")


def test_what_was_withdrawn_meanwhile_can_not_be_withdrawn_again(stage: Stage) -> None:
    director = stage.director
    page = appoint(director, stage.page_of("物理学院"), "新人", NEWCOMER)
    form = director.follow(page, "撤回")
    director.submit(form, "确认撤回")
    page = director.submit(form, "确认撤回")
    assert page.status == 409
    assert "已不在待生效状态（现为：已撤回）" in page


def test_a_department_steps_in_only_with_a_reason(stage: Stage) -> None:
    bureau = stage.bureau
    form = bureau.follow(bureau.open(stage.page_of("无人公司")), "指定管理员")
    assert "主管部门代为办理必须写明理由" in form
    refused = bureau.submit(form, "指定", name="外人", id_number=OUTSIDER)
    assert refused.status == 403
    assert "办理这一事项必须写明理由。" in refused
    assert "reason-error" in refused.html  # beside the field
    assert refused.form("指定").fields["name"] == "外人"
    page = bureau.submit(refused, "指定", reason="企业来函委托")
    assert "外人 在任" in page.part("administrators")
    assert "理由：企业来函委托" in page.part("history")


def test_a_department_is_told_why_it_may_not_act_for_a_unit_that_can(stage: Stage) -> None:
    bureau = stage.bureau
    address = f"/office/unit/{stage.world['物理学院'].id}/appoint"
    page = bureau.open(address)
    assert "该单位有自己的法定代表人或管理员可以办理" in page
    assert not [form for form in page.forms if form.button("指定")]


def test_equals_do_not_end_each_other(stage: Stage) -> None:
    page = appoint(stage.rector, stage.page_of("海洋学院"), "外人", OUTSIDER)
    end = page.links("解除")[-1]
    page = stage.dean.open(end)
    assert "您与本单位其他管理员权限相同" in page
    assert not [form for form in page.forms if form.button("确认解除")]


def test_a_refused_act_offers_the_capacity_in_which_it_could_be_done(stage: Stage) -> None:
    person = stage.person("校长")
    page = person.open(f"/office/unit/{stage.world['物理学院'].id}/appoint")
    assert page.status == 403
    page = person.submit(page, "法定代表人 · 演示大学")
    assert page.status == 200
    assert "为“物理学院”指定管理员" in page


def test_support_sees_everything_and_appoints_nowhere(stage: Stage) -> None:
    support = stage.staff(StaffRole.PLATFORM_SUPPORT)
    assert support.open(stage.page_of("邻居学院")).status == 200
    page = support.open(f"/office/unit/{stage.world['邻居学院'].id}/appoint")
    assert page.status == 403
    assert "以平台支持人员身份不能办理这一事项" in page
