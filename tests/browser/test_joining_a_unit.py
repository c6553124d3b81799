"""No old account: apply to a unit, its administrator accepts, and the page says so (R46)."""

import pytest

from tests.browser.visitor import Visit

pytestmark = pytest.mark.browser


def test_without_an_old_account_one_applies_to_a_unit_and_is_accepted(visit: Visit) -> None:
    teacher = visit()
    teacher.sign_in("示例教师甲")
    header = teacher.page.get_by_role("banner")
    header.locator("summary").click()
    teacher.click("申请加入单位", within=header)
    teacher.page.get_by_label("单位名称或统一社会信用代码").fill("海洋学院")
    teacher.click("查找")
    teacher.click("申请加入")
    teacher.is_at("申请加入“海洋学院”")
    teacher.page.get_by_label("理由").fill("观测组，教师")
    teacher.click("提交申请")
    teacher.sees("已提交加入“海洋学院”的申请", "等待该单位的法定代表人或管理员处理")

    director = visit()
    director.sign_in("示例主任壬")
    director.click("去处理")
    director.sees("示例教师甲", "观测组，教师")
    director.page.get_by_role("checkbox").and_(director.page.get_by_label("示例教师甲")).check()
    director.click("同意加入")
    director.sees("已同意 1 份申请：示例教师甲。")
    director.open_unit("海洋学院")
    director.click("查看成员")
    director.sees("示例教师甲", "加入申请")

    teacher.open("/apply/")
    teacher.sees("由示例主任壬处理")
    teacher.open("/me/")
    teacher.is_at("我的资料")
    assert "海洋学院" in teacher.section("我的单位").inner_text()
