"""R56: an account bound to the wrong person becomes whose it is; two members of staff see to it."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from admin_app.cli.worker import Worker
from admin_app.database import transaction
from admin_app.identity.models import Person
from admin_app.migration.models import LegacyAccount
from tests.browser.belongings import is_bound_to_the_wrong_one
from tests.browser.desk import PICTURE, act_on, starts_review
from tests.browser.servers import Servers
from tests.browser.visitor import Visit, Visitor

pytestmark = pytest.mark.browser

RIGHT, WRONG = "示例教师丙", "示例主任壬"


@pytest.fixture(autouse=True)
def mistaken(servers: Servers) -> None:
    """The old account of one is bound to the other."""
    with transaction(servers.database.sessions) as session:
        account = session.scalars(select(LegacyAccount).where(LegacyAccount.name == RIGHT)).one()
        wrong = session.scalars(select(Person).where(Person.name == WRONG)).one()
        is_bound_to_the_wrong_one(act_on(session, servers), account, wrong)


def test_whose_account_it_is_gets_it_when_two_agree(visit: Visit, servers: Servers) -> None:
    """From the affected person's first sign-in to their history, and what the other one reads."""
    right, support, colleague = visit(), visit(), visit()
    right.sign_in(RIGHT)
    right.sees("绑定有争议", "平台工作人员会核实并与您联系")
    right.click("查看我的申请")
    right.click("第 1 号 · 绑定有争议")
    right.page.get_by_label("内容").fill("这是我的账号，被别人绑走了")
    right.click("提交")
    right.sees("已提交，平台会继续核实。")

    support.sign_in_locally("support")
    starts_review(support)
    expect(support.section("事项")).to_contain_text(f"现在绑定在谁名下{WRONG}")
    expect(support.section("逐项比对").get_by_text("不一致", exact=True)).to_have_count(0)
    support.page.get_by_label("理由").fill("号码与姓名都是申请人的")
    support.click("提出办理，请人复核")
    _cant_confirm_alone(support)
    right.open("/cases/1/")
    right.sees("核实中")
    right.sees_no("号码与姓名都是申请人的")

    colleague.sign_in_locally("colleague")
    colleague.open("/desk/1/")
    colleague.sees("示例支持提出：撤销他人的绑定，改绑到本人名下。")
    colleague.page.get_by_label("复核意见").fill("同意")
    colleague.click("同意，办理")
    colleague.sees("已通过")

    right.open("/cases/1/")
    right.sees("已通过", "号码与姓名都是申请人的")
    right.open("/")
    right.sees("都办好了。")
    right.sees_no("绑定有争议")
    _has_everything(right)
    wrong = visit()
    wrong.sign_in(WRONG)
    _has_lost_it(wrong, servers)


def test_who_says_it_isnt_theirs_is_rid_of_it_and_it_is_bound_anew(
    visit: Visit, servers: Servers
) -> None:
    """The other way round: undone by two, and then its owner's by the change form (R41)."""
    wrong, support, colleague, right = visit(), visit(), visit(), visit()
    wrong.sign_in(WRONG)
    wrong.open("/cases/")
    _opens_form(wrong, "这个账号不是我的，绑错了")
    wrong.sees("核实通过后，平台会撤销这项绑定。")
    wrong.page.get_by_label("我同意平台使用我的证件号码").check()
    wrong.click("提交申请")
    support.sign_in_locally("support")
    starts_review(support)
    support.page.get_by_label("理由").fill("号码是别人的")
    support.click("提出办理，请人复核")
    _cant_confirm_alone(support)
    colleague.sign_in_locally("colleague")
    colleague.open("/desk/1/")
    colleague.page.get_by_label("复核意见").fill("属实")
    colleague.click("同意，办理")
    colleague.sees("已通过")
    _has_lost_it(wrong, servers)

    right.sign_in(RIGHT)
    right.click("申请人工核实")
    _opens_form(right, "原密码错误、锁定或忘记")
    right.page.get_by_label("身份证").set_input_files([PICTURE])
    right.page.get_by_label("我同意平台使用我的证件号码").check()
    right.click("提交申请")
    starts_review(support, "2")
    support.page.get_by_label("理由").fill("身份证与本人一致")
    support.page.get_by_role("button", name="通过", exact=True).click()
    support.sees("已通过")
    _has_everything(right)


def _opens_form(person: Visitor, about: str) -> None:
    row = person.section("填写信息变更表").get_by_role("listitem").filter(has_text=about)
    row.get_by_role("link").click()
    person.is_at("信息变更表")


def _cant_confirm_alone(support: Visitor) -> None:
    """Neither by what the page offers nor by what one makes of it."""
    support.sees("您不能复核自己的提议")
    expect(support.page.get_by_role("button", name="同意，办理")).to_have_count(0)
    support.page.get_by_label("复核意见").fill("没问题")
    own = support.page.get_by_role("button", name="收回提议")
    own.evaluate("button => { button.value = 'confirm'; }")
    own.click()
    support.sees("这是您自己提出的，须由另一名工作人员复核。")
    support.open("/desk/1/")
    support.sees("待复核", "核实中")


def _has_everything(right: Visitor) -> None:
    right.open("/binding/")
    right.click("绑定的回执")
    right.sees("一条数据也没有少")
    expect(right.section("隶属关系")).to_contain_text("海洋学院")
    expect(right.section("隶属关系")).to_contain_text("不变")
    right.open("/history/")
    right.sees("科研项目 12", "科技奖励 3")


def _has_lost_it(wrong: Visitor, servers: Servers) -> None:
    """They are told, read what was undone, and see nothing of it any more."""
    Worker(servers.database.sessions, servers.settings).run(once=True)
    wrong.open("/notices/")
    wrong.sees("绑定已撤销")
    wrong.open("/binding/")
    wrong.click("撤销绑定的回执")
    wrong.sees("绑定已由平台撤销", "不再归您名下")
    wrong.open("/history/")
    wrong.sees("还没有绑定原账号")
