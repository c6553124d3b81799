"""The tree: rooted at the visitor's top, opened level by level, with and without a script."""

import pytest

from admin_app.identity.vocabulary import StaffRole
from admin_app.policy.vocabulary import Capacity
from tests import builders
from tests.web.reading import Page
from tests.web.stage import Stage

pytest_plugins = "tests.web.staging"


def names(page: Page) -> list[str]:
    """The units drawn, in order."""
    return [a.text for a in page.root.all("a") if a["class"] == "tree-name"]


def toggle(page: Page, unit: str) -> str:
    return next(a["href"] for a in page.root.all("a") if a["aria-label"] == f"展开“{unit}”")


def test_it_begins_at_the_top_of_what_the_visitor_may_see(stage: Stage) -> None:
    assert names(stage.rector.open("/tree/")) == ["演示大学", "海洋学院", "物理学院"]
    assert names(stage.dean.open("/tree/")) == ["海洋学院", "潮汐实验室"]
    assert names(stage.bureau.open("/tree/")) == ["济南市科技局", "演示大学", "无人公司"]
    support = stage.staff(StaffRole.PLATFORM_SUPPORT)
    assert names(support.open("/tree/")) == ["省科技厅", "济南市科技局", "青岛市科技局"]


def test_branches_open_one_by_one_without_a_script(stage: Stage) -> None:
    bureau = stage.bureau
    page = bureau.open(toggle(bureau.open("/tree/"), "演示大学"))
    assert names(page) == ["济南市科技局", "演示大学", "海洋学院", "物理学院", "无人公司"]
    page = bureau.open(toggle(page, "海洋学院"))
    assert "潮汐实验室" in names(page)


def test_from_a_units_page_the_tree_is_open_at_that_unit(stage: Stage) -> None:
    bureau = stage.bureau
    page = bureau.follow(bureau.open(stage.page_of("海洋学院")), "在单位树中查看")
    assert "潮汐实验室" in names(page)
    marked = [a.text for a in page.root.all("a") if "aria-current" in a.attributes]
    assert "海洋学院" in marked


def test_a_script_gets_one_level_as_a_fragment(stage: Stage) -> None:
    fragment = stage.bureau.open(f"/tree/{stage.world['演示大学'].id}/")
    assert names(fragment) == ["海洋学院", "物理学院"]
    assert not list(fragment.root.all("html", "head", "nav", "script"))
    loads = [a["data-load"] for a in fragment.root.all("a") if a["data-load"]]
    assert loads == [f"/tree/{stage.world['海洋学院'].id}/"]


def test_units_without_an_administrator_stand_out(stage: Stage) -> None:
    page = stage.rector.open("/tree/")
    assert "物理学院 没有管理员" in page
    assert "海洋学院 没有管理员" not in page


@pytest.fixture
def crowded(stage: Stage) -> Stage:
    """演示大学 with 120 colleges more."""
    with stage.writing() as session:
        university = session.merge(stage.world["演示大学"])
        for number in range(120):
            builders.unit(session, university, f"第{number:03}学院")
    return stage


def test_a_crowded_level_comes_in_pages_of_fifty(crowded: Stage) -> None:
    rector = crowded.rector
    page, seen, turns = rector.open("/tree/"), [], 0
    while True:
        below = [name for name in names(page) if name != "演示大学"]
        assert len(below) <= 50
        seen += below
        if not page.links("显示更多"):
            break
        page, turns = rector.follow(page, "显示更多"), turns + 1
    assert turns == 2
    assert len(seen) == len(set(seen)) == 122


def test_a_script_goes_on_in_the_same_pages(crowded: Stage) -> None:
    rector = crowded.rector
    address, seen = f"/tree/{crowded.world['演示大学'].id}/", []
    while address:
        page = rector.open(address)
        seen += names(page)
        more = [a["data-load-more"] for a in page.root.all("a") if a["data-load-more"]]
        address = more[0] if more else ""
    assert len(seen) == len(set(seen)) == 122


def test_a_unit_beyond_the_first_page_is_shown_when_asked_for(crowded: Stage) -> None:
    rector = crowded.rector
    wanted = rector.open("/search/?q=第119").link("第119学院")
    page = rector.follow(rector.open(wanted), "演示大学")
    number = wanted.strip("/").rpartition("/")[2]
    page = rector.open(f"/tree/?open={number}")
    assert "第119学院" in names(page)


def test_a_natural_person_has_no_tree_and_is_told_why(stage: Stage) -> None:
    page = stage.person("外人", Capacity.NATURAL_PERSON).open("/tree/")
    assert page.status == 403
    assert "以自然人身份不能办理这一事项" in page
