"""Each way of being refused: in plain words, with the way on, and nothing typed is lost."""

import pytest
from playwright.sync_api import expect

from tests import builders
from tests.browser.servers import Servers
from tests.browser.town import PEOPLE
from tests.browser.visitor import Visit, Visitor

pytestmark = pytest.mark.browser


def test_below_intermediate_verification_one_is_told_what_is_missing_and_is_back_in_one_click(
    visitor: Visitor,
) -> None:
    """R10, R12, R22: the page names the step, the portal and the portal's desk."""
    visitor.sign_in("示例新人戊", at="/?next=/sessions/")
    visitor.is_at("还差一步：完成中级实名认证")
    visitor.sees("您目前是“初级实名认证”", "18951758659")
    expect(visitor.page.get_by_role("banner").locator("summary")).to_have_count(0)

    with visitor.context.expect_page() as opened:
        visitor.page.get_by_role("link", name="去省平台认证").click(modifiers=["Control"])
    portal = opened.value
    expect(portal).to_have_url(f"{visitor.servers.portal}/level")
    portal.get_by_role("button", name="提交核验").click()
    expect(portal.get_by_role("status")).to_contain_text("核验通过")
    portal.close()

    visitor.clicks = 0
    visitor.click("我已完成，重新登录")

    assert visitor.clicks == 1
    visitor.is_at("我的登录")
    visitor.acts_as("自然人", "示例新人戊")


def test_a_passport_stays_below_and_the_page_says_which_documents_serve(visitor: Visitor) -> None:
    """R44, R45."""
    visitor.sign_in("示例护照庚")
    visitor.is_at("还差一步：完成中级实名认证")
    visitor.sees("不支持护照；外国人可使用外国人永久居留身份证。")


def test_equals_can_not_end_each_other(visit: Visit, servers: Servers) -> None:
    """Two administrators of one university: neither is offered it, and the address refuses."""
    rector, dean = visit(), visit()
    rector.sign_in("示例法人一")
    rector.open_unit("演示大学")
    rector.click("指定管理员", within=rector.page.locator(".page-title"))
    rector.name_somebody("示例教师甲")
    rector.click("指定")
    peer = rector.page.get_by_role("listitem").filter(has_text="示例教师甲")
    address = peer.get_by_role("link", name="解除").get_attribute("href")
    assert address is not None

    dean.sign_in("示例院长辛")
    dean.open_unit("演示大学")
    expect(dean.section("管理员")).to_contain_text("示例教师甲 在任")
    expect(dean.page.get_by_role("link", name="解除")).to_have_count(0)
    expect(dean.page.get_by_role("link", name="辞任")).to_have_count(1)
    dean.sees("您为什么不能办理")
    dean.open(address)
    dean.sees("您不能办理这一事项")


def test_who_is_named_wrongly_is_refused_by_the_field_and_nothing_typed_is_lost(
    visitor: Visitor,
) -> None:
    """R44: a passport; a wrong check digit; a name and a number of two people."""
    page = visitor.page
    visitor.sign_in("示例法人一")
    visitor.open_unit("数学学院")
    visitor.click("指定管理员", within=page.locator(".page-title"))

    page.get_by_label("证件类型").select_option(label="护照")
    visitor.name_somebody("示例护照庚")
    page.get_by_label("理由").fill("学院推荐")
    visitor.click("指定")
    visitor.sees("省统一身份认证平台不支持护照认证")

    page.get_by_label("证件类型").select_option(label="居民身份证")
    visitor.name_somebody("示例教师甲", "990001198006060067")
    visitor.click("指定")
    visitor.sees("证件号码的校验位不对")
    expect(page.get_by_label("证件号码")).to_be_focused()

    visitor.name_somebody("示例教师丙", PEOPLE["示例教师甲"]["id_number"])
    visitor.click("指定")
    visitor.sees("姓名与证件号码对不上")
    expect(page.get_by_label("姓名")).to_have_value("示例教师丙")
    expect(page.get_by_label("理由")).to_have_value("学院推荐")

    visitor.name_somebody("示例教师甲")
    visitor.click("指定")
    visitor.sees("立即生效", "理由：学院推荐")


def test_a_unit_takes_three_administrators_and_says_so_to_whoever_names_a_fourth(
    visitor: Visitor,
) -> None:
    """§5: pending ones keep their place; withdrawing one makes room."""
    visitor.sign_in("示例法人一")
    visitor.open_unit("化学学院")
    visitor.click("指定管理员", within=visitor.page.locator(".page-title"))
    visitor.name_somebody("示例教师甲")
    visitor.click("指定")
    visitor.sees("“化学学院”已有 3 名管理员（含待生效），达到上限。")

    visitor.open_unit("化学学院")
    row = visitor.page.get_by_role("listitem").filter(has_text="示例某2")
    visitor.click("撤回", within=row)
    visitor.click("确认撤回")
    visitor.click("指定管理员", within=visitor.page.locator(".page-title"))
    visitor.name_somebody("示例教师甲")
    visitor.click("指定")
    visitor.sees("示例教师甲现在是“化学学院”的管理员")


def test_ending_the_last_administrator_asks_first_and_says_who_can_act_afterwards(
    visitor: Visitor,
) -> None:
    visitor.sign_in("示例法人一")
    visitor.open_unit("海洋学院")
    visitor.click("解除")
    visitor.sees("这是最后一名管理员", "示例院长辛 · 演示大学 · 单位管理员")
    visitor.click("确认解除")
    visitor.sees("示例主任壬是“海洋学院”的最后一名管理员。请确认后再解除。")

    visitor.page.get_by_label("我知道之后这里没有管理员").check()
    visitor.click("确认解除")
    visitor.is_at("海洋学院")
    expect(visitor.section("管理员")).to_contain_text("还没有管理员")


def test_the_address_of_a_foreign_unit_is_not_found_whatever_one_tries(visitor: Visitor) -> None:
    """Out of reach is as if it weren't there: neither the name nor a form is shown."""
    visitor.sign_in("示例法人一")
    number = visitor.servers.units["邻市研究院"]
    for address in (f"/unit/{number}/", f"/office/unit/{number}/appoint", "/unit/999999/"):
        answer = visitor.open(address)
        assert answer is not None
        assert answer.status == 404
        visitor.is_at("没有找到")
        visitor.sees_no("邻市研究院")
    visitor.open("/search/?q=邻市研究院")
    visitor.sees("没有找到“邻市研究院”")


def test_somebody_nobody_has_heard_of_waits_for_their_first_sign_in(visitor: Visitor) -> None:
    """R09, R51: pending, with what it waits for and until when."""
    visitor.sign_in("示例法人一")
    visitor.open_unit("数学学院")
    visitor.click("指定管理员", within=visitor.page.locator(".page-title"))
    visitor.name_somebody("示例未注册癸", builders.id_number(77))
    visitor.click("指定")
    administrators = visitor.section("管理员")
    expect(administrators).to_contain_text("示例未注册癸 待生效")
    expect(administrators).to_contain_text("等待本人从“自然人与法人登录”首次登录")
    expect(administrators).to_contain_text("前有效")

    visitor.open("/vacancies/")
    row = visitor.page.get_by_role("listitem").filter(has_text="数学学院")
    expect(row).to_contain_text("已指定示例未注册癸，等待本人首次登录后生效。")
    visitor.click("打开单位页面", within=row)
    visitor.is_at("数学学院")
