"""A department urges, by the keyboard alone; the unit reads it, does it, and is told no more."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visit, Visitor

pytestmark = pytest.mark.browser

ROW = "演示大学，指定管理员"


def test_from_the_button_of_the_department_to_the_end_of_the_matter(visit: Visit) -> None:
    """Issue 4, §1.6."""
    bureau = visit()
    bureau.sign_in_locally("bureau")
    bureau.page.get_by_role("navigation").get_by_role("link", name="先帮谁").first.click()
    bureau.is_at("先帮谁")
    _reach(bureau, ROW)
    bureau.page.keyboard.press("Enter")
    bureau.sees("已督办“演示大学”：请尽快为二级单位指定管理员。")
    expect(bureau.page.get_by_role("button", name=ROW)).to_have_count(0)

    rector = visit()
    rector.sign_in("示例法人一")
    told = rector.section("主管部门督办")
    expect(told).to_contain_text("演示市科学技术局")
    rector.click("去指定管理员", within=told)
    rector.is_at("缺管理员的单位")


def test_the_return_key_on_a_box_urges_those_ticked_and_never_somebody_else(visit: Visit) -> None:
    bureau = visit()
    bureau.sign_in_locally("bureau")
    bureau.open("/urging/")
    box = bureau.page.get_by_role("checkbox", name=re.compile("演示大学.*指定管理员"))
    box.focus()
    bureau.page.keyboard.press("Space")
    expect(box).to_be_checked()
    _reach(bureau, "督办所选", backwards=True)
    bureau.page.keyboard.press("Enter")
    bureau.sees("已督办“演示大学”")


def test_what_is_done_is_urged_no_more(visit: Visit) -> None:
    """Both companies of 示例法人二 are through once their account is bound."""
    owner = visit()
    owner.sign_in("示例法人二")
    bureau = visit()
    bureau.sign_in_locally("bureau")
    bureau.open("/urging/")
    bureau.page.get_by_role("button", name="演示星海科技有限公司，登录并绑定").click()
    owner.open("/")
    told = owner.section("主管部门督办")
    owner.click("去绑定原账号", within=told)
    owner.bind("old-pass-1")
    owner.open("/")
    expect(told).to_have_count(0)


def _reach(visitor: Visitor, label: str, *, backwards: bool = False) -> None:
    """Go with the Tab key to the button with this name."""
    wanted = visitor.page.get_by_role("button", name=label)
    for _ in range(60):
        visitor.page.keyboard.press("Shift+Tab" if backwards else "Tab")
        if wanted.evaluate("(each) => each === document.activeElement"):
            return
    pytest.fail(f"the Tab key never reaches {label}")
