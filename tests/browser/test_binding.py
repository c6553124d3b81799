"""Moving in, as people do it: bind, mistype, come with two companies, have two accounts."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import files_a_change_form
from tests.browser.visitor import Visit, Visitor
from tests.builders_migration import PASSWORD

pytestmark = pytest.mark.browser

SEA, BAY = "演示星海科技有限公司", "演示蓝湾生物有限公司"


def test_a_natural_person_finds_their_account_and_binds_it(visitor: Visitor) -> None:
    """R16-R18, R26-R28: prompted at the first sign-in; the receipt says nothing is lost."""
    visitor.sign_in("示例教师丙")
    visitor.sees("我们找到了您的原账号")
    visitor.click("去看看并绑定")
    visitor.is_at("我们找到了您的原账号")
    account = visitor.section("请核对，这是您的原账号吗？")
    expect(account).to_contain_text("示例教师丙")
    expect(account).to_contain_text("12 科研项目")
    expect(account).to_contain_text("所属单位：海洋学院")
    visitor.page.get_by_label("原个人账号的密码").fill(PASSWORD)
    visitor.page.get_by_role("checkbox").check()
    visitor.click("这是我，绑定")
    visitor.is_at("绑定的回执")
    visitor.sees("一条数据也没有少", "前后一致", "不变")
    expect(visitor.page.get_by_role("button", name="打印")).to_be_visible()
    visitor.open("/")
    visitor.sees_no("我们找到了您的原账号")
    visitor.sees("都办好了。")
    visitor.click("原账号与回执")
    visitor.click("绑定的回执")
    visitor.is_at("绑定的回执")


def test_pressing_twice_binds_once(visitor: Visitor) -> None:
    """R34."""
    visitor.sign_in("示例教师丙")
    visitor.open("/binding/")
    visitor.page.get_by_label("原个人账号的密码").fill(PASSWORD)
    visitor.page.get_by_role("checkbox").check()
    visitor.page.get_by_role("button", name="这是我，绑定").dblclick()
    visitor.is_at("绑定的回执")
    visitor.open("/binding/")
    expect(visitor.page.get_by_role("link", name="绑定的回执")).to_have_count(1)


def test_a_wrong_password_counts_down_to_a_lock_and_a_way_on(visit: Visit) -> None:
    """R41, R42: the same after signing in anew, in another browser; then a case."""
    visitor = visit()
    visitor.sign_in("示例教师丙")
    for left in (4, 3, 2, 1):
        visitor.bind("not the password")
        visitor.sees(f"还可以再试 {left} 次")
        expect(visitor.page.get_by_role("checkbox")).to_be_checked()
        expect(visitor.page.get_by_label("原个人账号的密码")).to_have_value("")
    visitor.bind("not the password")
    visitor.sees("原密码输错次数过多")

    other = visit()
    other.sign_in("示例教师丙")
    other.sees("原密码错误、锁定或忘记")
    other.click("去绑定原账号")
    other.sees("原密码输错次数过多")
    expect(other.page.get_by_label("原个人账号的密码")).to_have_count(0)
    other.click("忘记了原密码")
    other.is_at("我的人工核实申请")
    other.sees("已为您提交人工核实申请", "还缺材料，请打开上传。", "前办结")


def test_a_representative_of_two_companies_binds_once_and_both_come_along(
    visitor: Visitor,
) -> None:
    """R31-R33: the personal prompt first; then each company with what became of it."""
    visitor.sign_in("示例法人二")
    mine = visitor.section("我的企业和单位")
    expect(mine.get_by_text("等您本人的账号绑定")).to_have_count(2)
    first = visitor.page.get_by_role("main").get_by_role("heading", level=2).first
    expect(first).to_have_text("我们找到了您的原账号")
    visitor.bind(PASSWORD)
    visitor.is_at("绑定的回执")
    visitor.sees(SEA, BAY)
    visitor.open("/")
    expect(mine.get_by_text("本次已绑定")).to_have_count(2)
    visitor.switch_to(BAY)
    expect(mine.get_by_text("本次已绑定")).to_have_count(2)


def test_several_accounts_bind_none_and_the_case_can_be_taken_back(visitor: Visitor) -> None:
    """R40."""
    visitor.sign_in("示例外籍己")
    visitor.sees("存在多个原账号", "0531-66777094")
    visitor.sees_no("我们找到了您的原账号")
    files_a_change_form(visitor, "一个是换证以前注册的")
    visitor.sees("已提交。", "一个是换证以前注册的")
    visitor.click("第 1 号 · 存在多个原账号")
    visitor.page.locator("summary").filter(has_text="撤回").click()
    visitor.click("确认撤回")
    visitor.sees("已撤回")


def test_somebody_new_is_asked_to_apply_to_a_unit_there_and_under_the_avatar(
    visitor: Visitor,
) -> None:
    """R37, R38."""
    visitor.sign_in("示例多号子")
    visitor.sees("请申请单位", "没有原账号，不需要绑定")
    header = visitor.page.get_by_role("banner")
    header.locator("summary").click()
    expect(header.get_by_role("link", name="请申请单位")).to_be_visible()


def test_not_me_is_asked_twice_and_puts_the_account_on_hold(visitor: Visitor) -> None:
    """R56."""
    visitor.sign_in("示例教师丙")
    visitor.open("/binding/")
    visitor.page.locator("summary").filter(has_text="这不是我").click()
    visitor.click("确认，这不是我的账号")
    visitor.is_at("我的人工核实申请")
    visitor.sees("绑定有争议")
