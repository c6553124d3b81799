"""Departments sign in locally, and step in only where nobody else can."""

import pytest
from playwright.sync_api import expect

from tests.browser.town import BUREAU
from tests.browser.visitor import SIGN_IN, Visitor

pytestmark = pytest.mark.browser


def test_a_wrong_password_and_an_unknown_name_are_refused_in_the_same_words(
    visitor: Visitor,
) -> None:
    """R02, R03, R19, R47: also says where everybody else signs in, and takes them there."""
    answers = []
    for username in ("bureau", "nobody-here", "370102198001011234", "示例大学管理员"):
        visitor.sign_in_locally(username, "not the password")
        visitor.is_at("主管部门与管理者登录")
        alert = visitor.page.get_by_role("alert")
        expect(alert).to_contain_text("用户名或密码不正确")
        expect(alert).to_contain_text("请从“自然人与法人登录”进入")
        expect(visitor.page.get_by_label("密码")).to_have_value("")
        answers.append(alert.inner_text())
    assert len(set(answers)) == 1
    visitor.click(SIGN_IN)
    visitor.is_at("一个账号，办好科技云平台的事")


def test_a_department_acts_only_where_the_unit_has_nobody_who_can_and_says_why(
    visitor: Visitor,
) -> None:
    """R19, design §2: refused in the university, allowed with a reason in the company."""
    visitor.sign_in_locally("bureau")
    visitor.acts_as("主管部门工作人员", BUREAU)
    visitor.open_unit("数学学院")
    visitor.sees("您为什么不能办理")
    expect(visitor.page.get_by_role("link", name="指定管理员")).to_have_count(0)

    visitor.open_unit("演示海洋装备有限公司")
    visitor.click("指定管理员", within=visitor.page.locator(".page-title"))
    visitor.name_somebody("示例教师甲")
    visitor.click("指定")
    visitor.is_at("为“演示海洋装备有限公司”指定管理员")
    expect(visitor.page.get_by_label("姓名")).to_have_value("示例教师甲")
    visitor.page.get_by_label("理由").fill("法定代表人长期在外")
    visitor.click("指定")
    visitor.is_at("演示海洋装备有限公司")
    expect(visitor.section("管理员")).to_contain_text("示例教师甲 在任")
    visitor.sees("理由：法定代表人长期在外")
