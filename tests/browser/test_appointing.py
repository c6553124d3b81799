"""The main story: appointed by the legal representative, arrived, and reassigned further down."""

import pytest
from playwright.sync_api import expect

from tests.browser.servers import Servers
from tests.browser.visitor import SIGN_IN, Visit, Visitor
from tests.databases import kinds

pytestmark = pytest.mark.browser
on_every_database = pytest.mark.parametrize("servers", kinds(), indirect=True)


@on_every_database
def test_a_legal_representative_appoints_a_college_administrator_in_four_clicks_and_one_form(
    visitor: Visitor,
) -> None:
    """R08, R29, R48, R50, R52: at once, for the person is known and verified."""
    visitor.open("/")
    expect(visitor.page.get_by_role("link", name=SIGN_IN, exact=True)).to_be_visible()
    visitor.sign_in("示例法人一")
    visitor.acts_as("法定代表人", "演示大学")

    visitor.clicks = 0
    visitor.click("逐个处理")
    row = visitor.page.get_by_role("listitem").filter(has_text="数学学院")
    visitor.click("指定管理员", within=row)
    visitor.name_somebody("示例教师甲")
    visitor.click("指定")

    assert visitor.clicks <= 4
    visitor.is_at("数学学院")
    visitor.sees("示例教师甲现在是“数学学院”的管理员，立即生效。")
    administrators = visitor.section("管理员")
    expect(administrators).to_contain_text("示例教师甲 在任")
    expect(administrators).to_contain_text("由演示大学法定代表人示例法人一指定")
    expect(visitor.section("单位记录")).to_contain_text("示例教师甲 · 数学学院")


@on_every_database
def test_somebody_appointed_before_ever_signing_in_takes_office_on_arrival(
    visitor: Visitor,
) -> None:
    """R48, R51: told where, by whom and what they can do; sees their college and below alone."""
    visitor.sign_in("示例教师乙")
    news = visitor.section("您已是“物理学院”的管理员")
    expect(news).to_contain_text("由演示大学的示例院长辛指定")
    expect(news).to_contain_text("为下级单位指定、变更、解除管理员")
    visitor.click("以这个身份进入", within=news)

    visitor.is_at("物理学院")
    visitor.acts_as("单位管理员", "物理学院")
    visitor.open("/tree/")
    expect(visitor.page.locator(".tree-name")).to_have_text(["物理学院"])
    visitor.open("/search/?q=学院")
    expect(visitor.page.locator(".hit")).to_have_text(["物理学院"])
    for beyond in ("演示大学", "数学学院", "潮汐实验室"):
        answer = visitor.open_unit(beyond)
        assert answer is not None
        assert answer.status == 404
        visitor.is_at("没有找到")


@on_every_database
def test_a_university_administrator_reassigns_a_college_and_the_former_one_can_no_longer_act(
    visit: Visit, servers: Servers
) -> None:
    """R50: in one step, without a gap; the page the former one still has open refuses."""
    former, dean, successor = visit(), visit(), visit()
    former.sign_in("示例主任壬")
    former.open_unit("潮汐实验室")
    former.click("指定管理员", within=former.page.locator(".page-title"))
    former.name_somebody("示例法人一")

    dean.sign_in("示例院长辛")
    dean.open_unit("海洋学院")
    dean.click("变更")
    dean.name_somebody("示例教师甲")
    dean.click("变更")
    dean.is_at("海洋学院")
    expect(dean.section("管理员")).to_contain_text("示例教师甲 在任")
    expect(dean.section("历任管理员")).to_contain_text("示例主任壬")

    former.click("指定")
    former.is_at("现在还不能办理")
    former.open("/")
    former.acts_as("自然人", "示例主任壬")
    former.sees("您目前没有管理任何单位。")

    successor.sign_in("示例教师甲")
    successor.acts_as("单位管理员", "海洋学院")
    successor.open_unit("潮汐实验室")
    expect(successor.section("管理员")).to_contain_text("还没有管理员")
    successor.click("指定管理员", within=successor.page.locator(".page-title"))
    successor.name_somebody("示例主任壬")
    successor.click("指定")
    expect(successor.section("管理员")).to_contain_text("示例主任壬 在任")
