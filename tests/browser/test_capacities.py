"""One person, several capacities: the header says which, and rights follow it alone."""

import pytest
from playwright.sync_api import expect

from tests.browser.town import USCC
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

SEA, BAY = "演示星海科技有限公司", "演示蓝湾生物有限公司"


def test_a_legal_representative_of_two_companies_switches_and_rights_follow(
    visitor: Visitor,
) -> None:
    """R29, R53: every page shows the capacity one acts in."""
    visitor.sign_in("示例法人二")
    for here, elsewhere in ((SEA, BAY), (BAY, SEA), (SEA, BAY)):
        visitor.switch_to(here)
        for address in ("/", "/tree/", "/search/", "/vacancies/", "/units/", "/sessions/"):
            answer = visitor.open(address)
            assert answer is not None
            assert answer.status == 200
            visitor.acts_as("法定代表人", here)
        answer = visitor.open_unit(elsewhere)
        assert answer is not None
        assert answer.status == 404
        visitor.open_unit(here)
        visitor.is_at(here)
        expect(visitor.page.locator(".page-title").get_by_role("link")).to_have_text("指定管理员")

    visitor.switch_to("示例法人二")
    visitor.acts_as("自然人", "示例法人二")
    visitor.open("/tree/")
    visitor.is_at("现在还不能办理")
    visitor.click(f"法定代表人 · {BAY}")
    visitor.is_at("单位树")
    visitor.acts_as("法定代表人", BAY)


def test_an_enterprise_that_is_not_on_the_platform_is_explained_with_whom_to_call(
    visitor: Visitor,
) -> None:
    """R21, R54: the platform's desk, not the portal's."""
    visitor.sign_in("示例法人四")
    own = visitor.section("我的任职")
    expect(own).to_contain_text("演示尚未入库企业有限公司")
    expect(own).to_contain_text("这家单位还没有在科技云平台登记")
    expect(own).to_contain_text("0531-66777094")
    expect(own).to_contain_text(USCC["演示尚未入库企业有限公司"])
    visitor.acts_as("自然人", "示例法人四")


def test_a_capacity_ends_at_the_next_sign_in_after_the_portal_stops_reporting_the_enterprise(
    visitor: Visitor,
) -> None:
    """§3: unbound at the portal, gone here; the other company stays."""
    visitor.sign_in("示例法人二")
    visitor.switch_to(SEA)
    visitor.page.goto(f"{visitor.servers.portal}/enterprises")
    visitor.page.get_by_role("button", name=f"解除绑定：{SEA}").click()
    expect(visitor.page.get_by_role("status")).to_contain_text("已解除绑定")

    visitor.open("/")
    visitor.sign_out()
    visitor.sign_in("示例法人二")
    visitor.acts_as("法定代表人", BAY)
    header = visitor.page.get_by_role("banner")
    header.locator("summary").click()
    expect(header.get_by_role("button", name=BAY)).to_be_visible()
    expect(header.get_by_role("button", name=SEA)).to_have_count(0)
    expect(visitor.section("我的任职")).not_to_contain_text(SEA)
