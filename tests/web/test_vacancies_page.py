"""Units without an administrator: a figure on the start page, a list with the next step."""

import pytest

from admin_app.identity.vocabulary import StaffRole
from tests import builders
from tests.web.stage import Stage

pytest_plugins = "tests.web.staging"


def test_the_start_page_counts_them_in_ones_own_part_of_the_tree(stage: Stage) -> None:
    """R48, R50: every unit whose old administrator account is dead needs a new one."""
    for visitor, figure in (
        (stage.rector, "2"),
        (stage.dean, "1"),
        (stage.bureau, "3"),
        (stage.staff(StaffRole.PLATFORM_SUPPORT), "5"),
    ):
        assert f"缺管理员的单位 {figure}" in visitor.open("/").part("main")


def test_a_manager_sees_the_figure_and_no_list(stage: Stage) -> None:
    manager = stage.staff(StaffRole.MANAGER, "济南市科技局")
    page = manager.open("/")
    assert "缺管理员的单位 3" in page.part("main")
    assert page.links("逐个处理") == []
    assert manager.open("/vacancies/").status == 403


def test_the_list_says_where_each_stands_and_offers_to_appoint(stage: Stage) -> None:
    rector = stage.rector
    page = rector.follow(rector.open("/"), "逐个处理")
    assert "共 2 个" in page
    assert "物理学院 二级单位 省科技厅 / 济南市科技局 / 演示大学" in page
    form = rector.follow(page, "指定管理员", within="main")
    assert "为“潮汐实验室”指定管理员" in form


def test_who_may_not_appoint_is_told_why_and_who_may(stage: Stage) -> None:
    bureau = stage.bureau
    page = bureau.open("/vacancies/")
    assert "该单位有自己的法定代表人或管理员可以办理，主管部门不代为办理" in page
    authorities = bureau.follow(page, "谁可以办理")
    assert "校长" in authorities.part("authorities")
    assert page.links("指定管理员") == [f"/office/unit/{stage.world['无人公司'].id}/appoint"]


def test_once_everybody_has_an_administrator_the_page_says_so(stage: Stage) -> None:
    rector = stage.rector
    for number, unit in enumerate(("物理学院", "潮汐实验室"), start=310):
        stage.arrives(f"新任{'甲乙'[number - 310]}", number)
        form = rector.open(f"/office/unit/{stage.world[unit].id}/appoint")
        name = f"新任{'甲乙'[number - 310]}"
        rector.submit(form, "指定", name=name, id_number=builders.id_number(number))
    assert "范围内的单位都有管理员" in rector.open("/")
    assert "每个单位都有管理员" in rector.open("/vacancies/")


def test_a_pending_appointment_leaves_the_unit_on_the_list(stage: Stage) -> None:
    rector = stage.rector
    form = rector.open(f"/office/unit/{stage.world['物理学院'].id}/appoint")
    rector.submit(form, "指定", name="新人", id_number=builders.id_number(106))
    assert "物理学院" in rector.open("/vacancies/")


@pytest.fixture
def crowded(stage: Stage) -> Stage:
    with stage.writing() as session:
        university = session.merge(stage.world["演示大学"])
        for number in range(120):
            builders.unit(session, university, f"第{number:03}学院")
    return stage


def test_a_long_list_comes_in_pages_without_gaps_or_repeats(crowded: Stage) -> None:
    rector = crowded.rector
    page, seen = rector.open("/vacancies/"), []
    while True:
        seen += [a.text for a in page.root.all("a") if a["class"] == "hit"]
        if not page.links("下一页"):
            break
        page = rector.follow(page, "下一页")
    assert len(seen) == len(set(seen)) == 122
    assert rector.follow(page, "回到第一页").address == "/vacancies/"
