"""The desk's day in a browser: search, a view of one's own, many at once."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import files_a_change_form
from tests.browser.visitor import Visit

pytestmark = pytest.mark.browser


def test_a_day_at_the_desk(visit: Visit) -> None:
    """R39-R43: by the keyboard where boxes are ticked, on a telephone where it is read."""
    person = visit()
    person.sign_in("示例外籍己")
    files_a_change_form(person, "旧手机丢了")
    other = visit()
    other.sign_in("示例教师丙")
    other.open("/binding/")
    other.click("忘记了原密码")
    other.sees("还缺材料，请打开上传。")

    support = visit()
    support.sign_in_locally("support")
    support.open("/desk/")
    support.page.get_by_label("搜索").fill("手机")
    support.click("查找")
    expect(support.page.get_by_role("row")).to_have_count(2)
    support.page.get_by_text("把现在的筛选保存为视图").click()
    support.page.get_by_label("视图名称").fill("丢了手机的")
    support.click("保存视图")
    support.sees("视图已保存。")

    support.click("全部未办结")
    expect(support.page.get_by_role("row")).to_have_count(3)
    support.page.get_by_label("选中本页全部").focus()
    support.page.keyboard.press("Space")
    expect(support.page.get_by_role("checkbox", name="选中工单 1")).to_be_checked()
    support.page.get_by_role("checkbox", name="选中工单 2").focus()
    support.page.keyboard.press("Space")
    support.click("接办所选")
    support.sees("接办：办了 1 件，没有办 0 件。")
    support.click("回到工单")
    support.click("丢了手机的")
    expect(support.page.get_by_role("row")).to_have_count(2)
