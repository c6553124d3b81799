"""Without a mouse, and without JavaScript: the same pages, the same work."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.test_dashboard import figures_are_there
from tests.browser.town import PEOPLE
from tests.browser.visitor import SIGN_IN, Visit, Visitor

pytestmark = pytest.mark.browser


def test_the_tree_opens_level_by_level_with_the_keyboard_alone(visitor: Visitor) -> None:
    visitor.sign_in_locally("support")
    visitor.open("/tree/")
    names = visitor.page.locator(".tree-name:visible")
    for name in ("演示市科学技术局", "演示大学", "海洋学院"):
        _press(visitor, visitor.page.get_by_role("link", name=f"展开“{name}”", exact=True))
        toggle = visitor.page.get_by_role("link", name=f"收起“{name}”", exact=True)
        expect(toggle).to_have_attribute("aria-expanded", "true")
        expect(toggle).to_be_focused()
    expect(names.filter(has_text="潮汐实验室")).to_have_count(1)

    visitor.page.keyboard.press("Enter")
    expect(names.filter(has_text="潮汐实验室")).to_have_count(0)
    visitor.page.keyboard.press("Enter")
    _press(visitor, names.filter(has_text="潮汐实验室"))
    visitor.is_at("潮汐实验室")


def test_the_tree_opens_by_links_where_there_is_no_javascript(visit: Visit) -> None:
    visitor = visit(java_script_enabled=False)
    visitor.sign_in("示例法人一")
    visitor.open("/tree/")
    visitor.click("展开“海洋学院”")
    visitor.click("潮汐实验室")
    visitor.is_at("潮汐实验室")
    visitor.click("指定管理员", within=visitor.page.locator(".page-title"))
    visitor.name_somebody("示例教师甲")
    visitor.click("指定")
    expect(visitor.section("管理员")).to_contain_text("示例教师甲 在任")


def test_an_administrator_is_appointed_with_the_keyboard_alone(visitor: Visitor) -> None:
    """From the home page, through the portal, to the unit's page: Tab, Enter and typing."""
    page = visitor.page
    visitor.open("/")
    _press(visitor, page.get_by_role("link", name=SIGN_IN, exact=True))
    _press(visitor, page.get_by_role("button", name="示例法人一"))
    visitor.acts_as("法定代表人", "演示大学")
    _press(visitor, page.get_by_role("link", name="逐个处理", exact=True))
    row = page.get_by_role("listitem").filter(has_text="数学学院")
    _press(visitor, row.get_by_role("link", name="指定管理员"))

    expect(page.get_by_label("姓名")).to_be_focused()
    page.keyboard.type("示例教师甲")
    _reach(visitor, page.get_by_label("证件号码"))
    page.keyboard.type(PEOPLE["示例教师甲"]["id_number"])
    _press(visitor, page.get_by_role("button", name="指定", exact=True))
    visitor.is_at("数学学院")
    visitor.sees("示例教师甲现在是“数学学院”的管理员")


def test_the_dashboard_leads_to_the_list_with_the_keyboard_alone(visitor: Visitor) -> None:
    """Another kind, one unit, a table, and the list behind a figure (D4)."""
    page = visitor.page
    visitor.sign_in_locally("bureau")
    visitor.open("/dashboard/")
    figures_are_there(visitor)
    _reach(visitor, page.get_by_label("对象"))
    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(re.compile("kind=enterprises"))
    expect(page.get_by_label("对象")).to_be_focused()
    _press(visitor, page.locator(".picker summary"))
    _reach(visitor, page.get_by_label("按名称或信用代码查找"))
    page.keyboard.type("星海")
    found = page.locator("#unit-hits").get_by_role("link", name="演示星海科技有限公司")
    expect(found).to_have_count(1)
    _press(visitor, found)
    visitor.is_at("演示星海科技有限公司 · 迁移看板")
    figures_are_there(visitor)
    headlines = page.locator("#panel-headlines")
    _press(visitor, headlines.get_by_role("button", name="看表格"))
    row = headlines.get_by_role("row").filter(has_text="企事业单位").filter(has_text="未开始")
    _press(visitor, row.get_by_role("link"))
    visitor.is_at("企事业单位迁移")
    expect(page.get_by_role("table").get_by_role("link")).to_have_text("演示星海科技有限公司")


def test_the_first_tab_leads_past_the_menu_to_the_page_itself(visitor: Visitor) -> None:
    visitor.sign_in("示例法人一")
    visitor.acts_as("法定代表人", "演示大学")
    visitor.page.keyboard.press("Tab")
    skip = visitor.page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    visitor.page.keyboard.press("Enter")
    visitor.page.keyboard.press("Tab")
    focused = visitor.page.get_by_role("main").locator(":focus")
    expect(focused).to_have_count(1)


def _reach(visitor: Visitor, target: Locator) -> None:
    """Press Tab until the focus is there and can be seen."""
    expect(target).to_have_count(1)
    for _ in range(80):
        if target.evaluate("element => element === document.activeElement"):
            outline = target.evaluate("e => getComputedStyle(e).outlineStyle")
            shadow = target.evaluate("e => getComputedStyle(e).boxShadow")
            assert outline != "none" or shadow != "none", "one can't see where the focus is"
            return
        visitor.page.keyboard.press("Tab")
    pytest.fail(f"the Tab key never leads to {target}")


def _press(visitor: Visitor, target: Locator) -> None:
    _reach(visitor, target)
    visitor.page.keyboard.press("Enter")
