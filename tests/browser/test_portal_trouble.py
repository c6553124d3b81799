"""The portal fails in every way it can: a page in plain words, a way on; then it works again."""

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import SIGN_IN, Visitor

pytestmark = pytest.mark.browser

_NO_ANSWER = "省统一身份认证平台暂时没有响应"
_NOT_BELIEVED = "省统一身份认证平台的答复无法核实"


@pytest.mark.parametrize(
    ("fault", "heading"),
    [
        ("slow", _NO_ANSWER),
        ("nonsense", _NOT_BELIEVED),
        ("wrong-issuer", _NOT_BELIEVED),
        ("bad-signature", _NOT_BELIEVED),
    ],
)
def test_a_portal_that_fails_half_way_is_a_plain_page_and_one_click_tries_again(
    visitor: Visitor, fault: str, heading: str
) -> None:
    """R12, R34: no trace, the portal's desk, and back to the page first asked for."""
    visitor.servers.play(fault)
    visitor.sign_in("示例教师甲", at="/?next=/sessions/")
    _is_plain(visitor, heading)

    visitor.servers.play("none")
    visitor.click("重新登录")
    visitor.is_at("我的登录")
    visitor.acts_as("自然人", "示例教师甲")


def test_a_portal_that_is_down_keeps_nobody_waiting_at_its_door(visitor: Visitor) -> None:
    """R12: said here, before anybody is sent away; department staff sign in all the same."""
    visitor.servers.play("down")
    visitor.open("/")
    visitor.click(SIGN_IN)
    _is_plain(visitor, _NO_ANSWER)
    visitor.sign_in_locally("manager")
    visitor.acts_as("管理者", "演示市科学技术局")
    visitor.sign_out()

    visitor.servers.play("none")
    visitor.sign_in("示例教师甲")
    visitor.acts_as("自然人", "示例教师甲")


def _is_plain(visitor: Visitor, heading: str) -> None:
    visitor.is_at(heading)
    visitor.sees("18951758659", "编号")
    visitor.sees_no("Traceback", "Error", "requests.", "authlib")
    main = visitor.page.get_by_role("main")
    expect(main.get_by_role("link", name="重新登录")).to_be_visible()
    expect(main.get_by_role("link", name="回到首页")).to_be_visible()
