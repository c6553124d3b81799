"""Two people at one unit: the second is told, sees both versions, and loses nothing typed."""

import pytest
from playwright.sync_api import expect

from tests.browser.town import PEOPLE
from tests.browser.visitor import Visit

pytestmark = pytest.mark.browser


def test_the_second_of_two_who_rename_a_unit_sees_both_names_and_decides(visit: Visit) -> None:
    """§4."""
    first, second = visit(), visit()
    first.sign_in("示例法人一")
    second.sign_in("示例院长辛")
    for each in (first, second):
        each.open_unit("数学学院")
        each.click("更名")
    first.page.get_by_label("新名称").fill("数学与统计学院")
    first.click("保存")
    first.is_at("数学与统计学院")

    second.page.get_by_label("新名称").fill("应用数学学院")
    second.page.get_by_label("理由").fill("校务会决定")
    second.click("保存")
    second.sees("您填写期间，“数学与统计学院”已被他人修改。")
    versions = second.page.locator(".versions")
    expect(versions).to_contain_text("数学与统计学院")
    expect(versions).to_contain_text("应用数学学院")
    expect(second.page.get_by_label("新名称")).to_have_value("应用数学学院")
    expect(second.page.get_by_label("理由")).to_have_value("校务会决定")
    second.click("仍按我填写的保存")
    second.is_at("应用数学学院")
    second.sees("原：数学与统计学院", "理由：校务会决定")


def test_the_second_of_two_who_reassign_a_unit_is_told_what_happened(visit: Visit) -> None:
    """§5: one wins, the other reads by whom and what."""
    first, second = visit(), visit()
    first.sign_in("示例法人一")
    second.sign_in("示例院长辛")
    for each in (first, second):
        each.open_unit("海洋学院")
        each.click("变更")
    first.name_somebody("示例教师甲")
    first.click("变更")
    first.is_at("海洋学院")

    second.name_somebody("示例教师丙")
    second.click("变更")
    second.sees("示例主任壬的任职已有变化：变更为他人（办理人：示例法人一）。")
    expect(second.page.get_by_label("姓名")).to_have_value("示例教师丙")
    number = second.page.get_by_label("证件号码")
    expect(number).to_have_value(PEOPLE["示例教师丙"]["id_number"])
