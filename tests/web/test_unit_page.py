"""A unit's page: where it stands, who administers it, who may change that and why, its history."""

from admin_app.identity.vocabulary import StaffRole
from tests import builders
from tests.web.stage import Stage

pytest_plugins = "tests.web.staging"


def test_the_page_says_where_the_unit_stands(stage: Stage) -> None:
    page = stage.rector.open(stage.page_of("潮汐实验室"))
    assert (page.status, page.heading) == (200, "潮汐实验室")
    assert "省科技厅 / 济南市科技局 / 演示大学 / 海洋学院" in page


def test_units_above_the_visitors_own_are_named_and_not_linked(stage: Stage) -> None:
    page = stage.dean.open(stage.page_of("潮汐实验室"))
    assert page.links("海洋学院") == [stage.page_of("海洋学院")]
    assert "演示大学" in page
    assert page.links("演示大学") == []


def test_the_page_names_the_administrator_and_who_appointed_them(stage: Stage) -> None:
    part = stage.rector.open(stage.page_of("海洋学院")).part("administrators")
    assert "院长 在任" in part
    assert "自2026年3月3日起任职" in part
    assert "由演示大学法定代表人校长指定" in part


def test_the_page_of_a_first_level_unit_names_its_legal_representative(stage: Stage) -> None:
    """R05, R29: the right of the unit is a right of a person."""
    page = stage.rector.open(stage.page_of("演示大学"))
    assert "法定代表人：校长" in page.part("administrators")
    assert "统一社会信用代码" in page


def test_the_page_says_who_may_appoint_here_and_why(stage: Stage) -> None:
    """R50: a first-level unit's representative or administrator, and nobody at the unit itself."""
    part = stage.rector.open(stage.page_of("海洋学院")).part("authorities")
    assert "校长 因为是上级单位“演示大学”的法定代表人" in part
    assert "处长 因为是上级单位“演示大学”的单位管理员" in part
    assert "院长" not in part


def test_a_department_may_appoint_only_where_nobody_else_can(stage: Stage) -> None:
    bureau = stage.bureau
    assert "无人可以办理，由主管部门代为办理，须写明理由" in bureau.open(
        stage.page_of("无人公司")
    ).part("authorities")
    page = bureau.open(stage.page_of("物理学院"))
    assert "主管部门" not in page.part("authorities").text.split("您为什么不能办理")[0]
    assert "您为什么不能办理 该单位有自己的法定代表人或管理员可以办理" in page.part("authorities")
    assert page.links("指定管理员") == []


def test_where_nobody_can_appoint_the_page_gives_the_platforms_number(stage: Stage) -> None:
    """R48, R21: unit without anybody who could act: the platform's desk, not the portal's."""
    support = stage.staff(StaffRole.PLATFORM_SUPPORT)
    part = support.open(stage.page_of("无人公司")).part("authorities")
    assert "目前没有人可以办理" in part
    assert "0531-66777094" in part


def test_an_administrator_reads_why_their_own_unit_is_not_theirs_to_change(stage: Stage) -> None:
    """Equals don't end each other."""
    page = stage.dean.open(stage.page_of("海洋学院"))
    assert "您与本单位其他管理员权限相同，只能管理下级单位" in page.part("authorities")
    assert "自己所在的单位不能由自己更名、移动或停用" in page.part("unit-itself")
    for refused in ("指定管理员", "变更", "解除", "更名", "移动", "停用"):
        assert page.links(refused) == []
    assert page.links("辞任"), "their own office they may give up"


def test_whoever_may_act_finds_the_buttons(stage: Stage) -> None:
    page = stage.director.open(stage.page_of("海洋学院"))
    for offered in ("指定管理员", "变更", "解除", "更名", "移动", "停用", "新增下级单位"):
        assert page.links(offered), offered


def test_the_history_tells_who_did_what_in_which_capacity_and_why(stage: Stage) -> None:
    director = stage.director
    page = director.follow(director.open(stage.page_of("物理学院")), "更名")
    page = director.submit(page, "保存", name="应用物理学院", reason="学科调整")
    part = page.part("history")
    assert "更改单位名称 应用物理学院 原：物理学院" in part
    assert "理由：学科调整" in part
    assert "处长 · 演示大学 · 单位管理员" in part


def test_a_long_history_goes_on_on_pages_of_its_own(stage: Stage) -> None:
    director = stage.director
    for number in range(16):
        form = director.open(f"{stage.page_of('物理学院')[:-1]}/rename")
        page = director.submit(form, "保存", name=f"物理学院{number:02}")
    assert len(list(page.part("history").all("li"))) == 15
    history = director.follow(page, "全部记录")
    assert "新增单位 物理学院" not in history  # the world is seeded, not created by somebody
    assert len(list(history.root.all("ol"))) >= 1
    assert all(f"物理学院{number:02}" in history for number in range(16))


def test_former_administrators_stay_on_the_page(stage: Stage) -> None:
    rector = stage.rector
    page = rector.follow(rector.open(stage.page_of("海洋学院")), "变更", within="administrators")
    page = rector.submit(page, "变更", name="外人", id_number=builders.id_number(105))
    assert "院长 2026年3月3日 — " in page.part("former")
    assert "变更为他人 · 办理人：校长" in page.part("former")


def test_units_below_are_listed_and_the_vacant_ones_marked(stage: Stage) -> None:
    part = stage.rector.open(stage.page_of("演示大学")).part("below")
    assert "共 3 个在用的下级单位" in part
    assert "物理学院 没有管理员" in part
    assert "海洋学院 没有管理员" not in part


def test_the_page_reads_in_english_too(stage: Stage) -> None:
    page = stage.rector.open(stage.page_of("海洋学院") + "?lang=en")
    words = page.root.text.lower()
    assert "secondary unit" in words
    assert "院长 in office" in words
    assert "unit administrator" in words
