"""Changing the tree through the pages: each refusal explains itself, and nothing typed is lost."""

import pytest

from tests import builders
from tests.web.reading import Page
from tests.web.stage import Stage, Visitor

pytest_plugins = "tests.web.staging"


def form_of(visitor: Visitor, stage: Stage, unit: str, verb: str) -> Page:
    return visitor.open(f"{stage.page_of(unit)}{verb}")


def test_a_secondary_unit_is_set_up_with_a_name_alone(stage: Stage) -> None:
    """R52: setting up secondary units is one of the two functions."""
    director = stage.director
    form = director.follow(director.open(stage.page_of("演示大学")), "新增下级单位")
    page = director.submit(form, "新增", name="法 学院", reason="新设")
    assert (page.status, page.heading) == (200, "法 学院")
    assert "已新增“法 学院”" in page
    assert "新增单位 法 学院" in page.part("history")
    assert "理由：新设" in page.part("history")
    assert page.links("指定管理员"), "the next step is at hand"


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ({"name": "  "}, 422, "请填写单位名称。"),
        ({"name": "院" * 201}, 422, "单位名称最多 200 个字。"),
        ({"name": "海洋学院"}, 409, "“演示大学”下已有名为“海洋学院”的单位"),
        ({"uscc": "91-1"}, 422, "应为 18 位数字或大写字母"),
        ({"uscc": builders.uscc(7)[:-1] + "?"}, 422, "应为 18 位数字或大写字母"),
        ({"uscc": "91350100M000100Y4Z"}, 422, "应为 18 位"),
        ({"uscc": "91350100M000100Y44"}, 422, "校验码不对"),
    ],
    ids=["no name", "too long", "taken", "malformed", "odd character", "never Z", "check"],
)
def test_what_can_not_be_created_is_said_and_kept(
    stage: Stage, typed: dict[str, str], status: int, sentence: str
) -> None:
    filled = {"name": "法学院", "uscc": "", "reason": "新设学院"} | typed
    page = stage.director.submit(
        form_of(stage.director, stage, "演示大学", "create"), "新增", **filled
    )
    assert page.status == status
    assert sentence in page
    again = page.form("新增").fields
    assert {n: again[n] for n in filled} == {n: value.strip() for n, value in filled.items()}


def test_a_credit_code_is_registered_once(stage: Stage) -> None:
    code = stage.world["邻居大学"].uscc
    assert code is not None
    form = form_of(stage.director, stage, "演示大学", "create")
    page = stage.director.submit(form, "新增", name="法学院", uscc=code)
    assert page.status == 409
    assert f"统一社会信用代码“{code}”已登记在另一单位名下" in page
    assert "邻居大学" not in page, "whose it is lies beyond the visitor's reach"


def test_a_department_registers_an_enterprise_that_the_tree_lacks(stage: Stage) -> None:
    bureau = stage.bureau
    form = form_of(bureau, stage, "济南市科技局", "create")
    page = bureau.submit(form, "新增", name="新公司", reason="企业申请")
    assert "请选择单位类别。" in page
    page = bureau.submit(page, "新增", kind="first_level")
    assert (page.status, "一级单位必须填写统一社会信用代码。" in page) == (422, True)
    page = bureau.submit(page, "新增", uscc=builders.uscc(77))
    assert (page.status, page.heading) == (200, "新公司")
    without_reason = form_of(bureau, stage, "济南市科技局", "create")
    page = bureau.submit(
        without_reason, "新增", kind="first_level", name="乙公司", uscc=builders.uscc(78)
    )
    assert (page.status, "必须写明理由" in page) == (403, True)
    assert page.form("新增").fields["name"] == "乙公司"


def test_renaming_keeps_the_former_name_in_the_history(stage: Stage) -> None:
    form = form_of(stage.director, stage, "物理学院", "rename")
    assert form.form("保存").fields["name"] == "物理学院"
    page = stage.director.submit(form, "保存", name="应用物理学院")
    assert (page.heading, "已更名为“应用物理学院”" in page) == ("应用物理学院", True)
    assert "原：物理学院" in page.part("history")


def test_a_name_taken_by_a_sibling_is_refused_and_kept(stage: Stage) -> None:
    page = stage.director.submit(
        form_of(stage.director, stage, "物理学院", "rename"), "保存", name="海洋学院"
    )
    assert page.status == 409
    assert page.form("保存").fields["name"] == "海洋学院"


def test_of_two_people_renaming_one_unit_the_second_sees_both_and_may_go_on(
    stage: Stage,
) -> None:
    rector, director = stage.rector, stage.director
    forms = [form_of(visitor, stage, "物理学院", "rename") for visitor in (rector, director)]
    rector.submit(forms[0], "保存", name="理学院")
    page = director.submit(forms[1], "保存", name="物理与天文学院", reason="合并天文系")
    assert page.status == 409
    assert "已被他人修改。请核对现在的内容" in page
    assert "现在的内容 理学院" in page
    assert "您填写的内容 物理与天文学院" in page
    again = page.form("仍按我填写的保存").fields
    assert (again["name"], again["reason"]) == ("物理与天文学院", "合并天文系")
    page = director.submit(page, "仍按我填写的保存")
    assert (page.status, page.heading) == (200, "物理与天文学院")
    assert "原：理学院" in page.part("history")


def test_a_form_without_its_version_is_taken_for_an_old_one(stage: Stage) -> None:
    form = form_of(stage.director, stage, "物理学院", "rename")
    page = stage.director.submit(form, "保存", name="理学院", version="nonsense")
    assert page.status == 409


def test_a_unit_moves_to_where_search_finds_it(stage: Stage) -> None:
    director = stage.director
    page = form_of(director, stage, "潮汐实验室", "move")
    page = director.submit(page, "查找", q="物理")
    assert "省科技厅 / 济南市科技局 / 演示大学" in page
    page = director.submit(page, "移动到所选单位之下", parent=str(stage.world["物理学院"].id))
    assert (page.status, "“潮汐实验室”已移动" in page) == (200, True)
    assert "演示大学 / 物理学院" in page
    assert "海洋学院 → 物理学院" in page.part("history")


@pytest.mark.parametrize(
    ("unit", "parent", "sentence"),
    [
        ("海洋学院", "潮汐实验室", "不能把“海洋学院”移动到它自己或它的下级单位之下"),
        ("海洋学院", "海洋学院", "不能把“海洋学院”移动到它自己或它的下级单位之下"),
        ("潮汐实验室", "海洋学院", "“潮汐实验室”已经在该单位之下"),
        ("潮汐实验室", "邻居大学", "请先查找并选择新的上级单位"),
        ("潮汐实验室", None, "请先查找并选择新的上级单位"),
    ],
    ids=["below itself", "itself", "no change", "out of reach", "none chosen"],
)
def test_a_move_that_can_not_be_is_refused_with_the_reason(
    stage: Stage, unit: str, parent: str | None, sentence: str
) -> None:
    director = stage.director
    page = director.submit(form_of(director, stage, unit, "move"), "查找", q="学院")
    chosen = {"parent": str(stage.world[parent].id)} if parent else {}
    page = director.submit(page, "移动到所选单位之下", **chosen, reason="调整")
    assert page.status == 422
    assert sentence in page
    assert page.form("移动到所选单位之下").fields["reason"] == "调整"


def test_the_search_for_a_new_parent_offers_only_where_one_may_create(stage: Stage) -> None:
    page = stage.dean.submit(form_of(stage.dean, stage, "潮汐实验室", "move"), "查找", q="学院")
    assert "物理学院" not in page
    assert "邻居学院" not in page


def test_archiving_ends_the_offices_and_restoring_brings_the_unit_back(stage: Stage) -> None:
    director = stage.director
    refused = director.submit(form_of(director, stage, "海洋学院", "archive"), "确认停用")
    assert refused.status == 409
    assert "“海洋学院”之下还有 1 个在用单位，请先停用或移走它们" in refused
    director.submit(form_of(director, stage, "潮汐实验室", "archive"), "确认停用")
    form = form_of(director, stage, "海洋学院", "archive")
    assert "停用会同时结束这些任职 院长" in form
    page = director.submit(form, "确认停用", reason="撤销")
    assert "已停用，其管理员的任职随之结束" in page
    assert "单位停用" in page.part("former")
    assert page.links("指定管理员") == []
    page = director.submit(director.follow(page, "恢复使用"), "恢复使用")
    assert "“海洋学院”已恢复使用" in page
    assert "还没有管理员" in page.part("administrators")


def test_below_an_archived_unit_nothing_is_created_restored_or_appointed(stage: Stage) -> None:
    director = stage.director
    for unit in ("潮汐实验室", "海洋学院"):
        director.submit(form_of(director, stage, unit, "archive"), "确认停用")
    page = director.submit(form_of(director, stage, "海洋学院", "create"), "新增", name="新室")
    assert (page.status, "上级单位“海洋学院”已停用" in page) == (409, True)
    page = director.submit(form_of(director, stage, "潮汐实验室", "restore"), "恢复使用")
    assert (page.status, "上级单位“海洋学院”已停用" in page) == (409, True)
    form = director.open(f"/office/unit/{stage.world['海洋学院'].id}/appoint")
    page = director.submit(form, "指定", name="外人", id_number=builders.id_number(105))
    assert (page.status, "“海洋学院”已停用，不能指定管理员" in page) == (409, True)


def test_what_somebody_else_has_archived_meanwhile_is_told(stage: Stage) -> None:
    rector, director = stage.rector, stage.director
    form = form_of(director, stage, "物理学院", "archive")
    rector.submit(form_of(rector, stage, "物理学院", "archive"), "确认停用")
    page = director.submit(form, "确认停用")
    assert page.status == 409
    assert "现在的内容 物理学院 已停用" in page


@pytest.mark.parametrize("verb", ["rename", "move", "archive", "restore"])
def test_who_may_not_change_a_unit_reads_why_instead_of_filling_in_a_form(
    stage: Stage, verb: str
) -> None:
    page = form_of(stage.dean, stage, "海洋学院", verb)
    assert page.status == 403
    assert "自己所在的单位不能由自己更名、移动或停用，请由上级单位办理" in page


def test_a_unit_that_left_ones_reach_while_typing_is_not_there_any_more(
    stage: Stage,
) -> None:
    form = form_of(stage.dean, stage, "潮汐实验室", "rename")
    rector = stage.rector
    moving = rector.submit(form_of(rector, stage, "潮汐实验室", "move"), "查找", q="演示大学")
    rector.submit(moving, "移动到所选单位之下", parent=str(stage.world["演示大学"].id))
    page = stage.dean.submit(form, "保存", name="潮汐中心")
    assert page.status == 404, "the unit has left the dean's reach altogether"


def test_white_space_and_width_do_not_make_another_name(stage: Stage) -> None:
    form = form_of(stage.director, stage, "演示大学", "create")
    page = stage.director.submit(form, "新增", name=" 海 洋　学院 ")
    assert page.status == 409
