"""A form sent after its sign-in has ended: what was typed is there again for whoever typed it."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from admin_app.database import transaction
from admin_app.identity.models import SignInSession
from tests.browser.servers import Servers
from tests.browser.test_change_forms import has_an_old_account, other_digit
from tests.browser.town import PEOPLE
from tests.browser.visitor import SIGN_IN, Visit, Visitor

pytestmark = pytest.mark.browser

REASON = "与学校公文一致 <2026>"
LARGE = {
    "name": "身份证.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.4\n" + b"x" * (9 * 2**20),
}


def everybodys_sign_in_runs_out(servers: Servers) -> None:
    with transaction(servers.database.sessions) as session:
        for signed_in in session.scalars(select(SignInSession)):
            signed_in.last_seen_at -= timedelta(days=2)


def comes_too_late(visitor: Visitor, servers: Servers) -> None:
    visitor.sign_in("示例法人一")
    visitor.open(f"{servers.page_of('数学学院')}rename")
    visitor.page.get_by_label("新名称").fill("数学与统计学院")
    visitor.page.get_by_label("理由").fill(REASON)
    everybodys_sign_in_runs_out(servers)
    visitor.click("保存")
    visitor.is_at("请先登录")
    visitor.sees("您填写的内容没有提交")
    expect(visitor.page.get_by_label("理由")).to_have_value(REASON)


def test_what_was_typed_is_put_back_by_a_press_and_never_sent_by_itself(
    visitor: Visitor, servers: Servers
) -> None:
    comes_too_late(visitor, servers)
    visitor.click("重新登录")
    visitor.click(SIGN_IN)  # the portal knows them still
    expect(visitor.page.get_by_label("新名称")).to_have_value("数学学院")
    visitor.sees("您上次填写的内容没有提交成功")
    visitor.click("填回表单")
    expect(visitor.page.get_by_label("新名称")).to_have_value("数学与统计学院")
    expect(visitor.page.get_by_label("理由")).to_have_value(REASON)
    visitor.sees_no("您上次填写的内容没有提交成功")
    visitor.click("保存")
    visitor.is_at("数学与统计学院")
    visitor.open(f"{servers.page_of('数学学院')}rename")
    visitor.sees_no("您上次填写的内容没有提交成功")


def test_somebody_else_at_the_same_machine_is_offered_nothing(
    visit: Visit, servers: Servers
) -> None:
    visitor = visit()
    comes_too_late(visitor, servers)
    visitor.context.clear_cookies()
    visitor.sign_in("示例院长辛", at=f"/?next={servers.page_of('数学学院')}rename")
    expect(visitor.page.get_by_label("新名称")).to_have_value("数学学院")
    visitor.sees_no("您上次填写的内容没有提交成功")
    assert visitor.page.evaluate("sessionStorage.getItem('typed')") is None


def test_the_words_beside_files_however_large_come_back(visitor: Visitor, servers: Servers) -> None:
    row = PEOPLE["示例证号丑"]
    has_an_old_account(servers, row["name"], other_digit(row["id_number"]))
    visitor.sign_in(row["name"])
    visitor.click("申请人工核实")
    visitor.page.get_by_role("main").get_by_role("link", name="填写变更表").first.click()
    visitor.page.get_by_label("情况说明").fill(REASON)
    visitor.page.get_by_label("身份证").set_input_files([LARGE])
    visitor.page.get_by_label("我同意平台使用我的证件号码").check()
    everybodys_sign_in_runs_out(servers)
    visitor.click("提交申请")
    visitor.is_at("请先登录")
    expect(visitor.page.get_by_label("情况说明")).to_have_value(REASON)
