"""Where one is signed in: seen, ended from elsewhere, and signed out for good."""

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import SIGN_IN, Visit, Visitor

pytestmark = pytest.mark.browser


def test_a_sign_in_elsewhere_is_seen_and_ended_and_that_browser_is_out(visit: Visit) -> None:
    """§3: sessions are listed and ended by their owner."""
    here, there = visit(), visit()
    there.sign_in("示例教师甲")
    here.sign_in("示例教师甲")
    here.open("/sessions/")
    rows = here.page.get_by_role("main").get_by_role("listitem").filter(has_text="登录于")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="本次登录")).to_have_count(1)
    expect(rows.filter(has_text="本次登录").get_by_role("button", name="结束")).to_have_count(0)
    here.click("结束", within=rows)
    here.sees("该登录已结束。")
    expect(rows).to_have_count(1)

    there.open("/sessions/")
    there.is_at("一个账号，办好科技云平台的事")
    there.sees("请先登录，登录后会自动回到您要打开的页面。")
    here.open("/")
    here.acts_as("自然人", "示例教师甲")


def test_signing_out_ends_at_the_portal_as_well(visitor: Visitor) -> None:
    """The next person at this machine is asked who they are."""
    visitor.sign_in("示例教师甲")
    visitor.sign_out()
    visitor.is_at("一个账号，办好科技云平台的事")
    visitor.open("/sessions/")
    visitor.is_at("一个账号，办好科技云平台的事")
    visitor.click(SIGN_IN)
    visitor.is_at("登录")
    assert visitor.page.url.startswith(f"{visitor.servers.portal}/signin")
    visitor.choose("示例法人五")
    visitor.acts_as("自然人", "示例法人五")
