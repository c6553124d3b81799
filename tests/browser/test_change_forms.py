"""Each kind of change form from filing, in a browser, to what has come of it, in the browser too.

What the desk does in between is done by its own operations; ``test_desk`` shows its pages.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.database import transaction
from admin_app.identity.models import Person
from admin_app.identity.vocabulary import IdType
from admin_app.migration.models import Affiliation
from admin_app.service_desk.form_vocabulary import FormKind
from tests import builders
from tests.browser.desk import (
    PICTURE,
    act_on,
    files_a_change_form,
    files_for_a_unit,
    is_decided,
    starts_review,
)
from tests.browser.servers import Servers
from tests.browser.town import PEOPLE, USCC
from tests.browser.visitor import Visit, Visitor
from tests.builders_migration import PASSWORD as OLD_PASSWORD
from tests.builders_migration import legacy_account

pytestmark = pytest.mark.browser

UNIVERSITY = "演示大学"


def has_an_old_account(
    servers: Servers, name: str, number: str, id_type: IdType = IdType.RESIDENT_ID
) -> None:
    with transaction(servers.database.sessions) as session:
        act = act_on(session, servers)
        legacy_account(session, name, number, id_type=id_type, sealer=act.sealer, at=act.at)


def other_digit(number: str) -> str:
    """The same number with one digit of its sequence mistyped."""
    return number[:15] + str((int(number[15]) + 1) % 10) + number[16:]


def person_of(session: Session, servers: Servers, name: str) -> Person:
    row = PEOPLE[name]
    index = act_on(session, servers).sealer.index(row["id_type"], row["id_number"])
    return session.scalars(select(Person).where(Person.id_index == index)).one()


def chooses(visitor: Visitor, what: str) -> None:
    """On the page that asks what is wrong."""
    rows = visitor.page.get_by_role("main").get_by_role("listitem")
    rows.filter(has_text=what).get_by_role("link").click()


# What is about the person.


@pytest.mark.parametrize(
    ("name", "borne"),
    [
        ("示例证号丑", lambda row: (row["name"], other_digit(row["id_number"]))),
        ("示例异名寅", lambda row: ("示例曾用名", row["id_number"])),
    ],
    ids=["ID number", "name"],
)
def test_what_differs_is_corrected_and_the_old_password_binds(
    visitor: Visitor, name: str, borne: Callable[[dict[str, str]], tuple[str, str]]
) -> None:
    """R39: corrected to what the portal has verified; the proof is still the old password."""
    has_an_old_account(visitor.servers, *borne(PEOPLE[name]))
    visitor.sign_in(name)
    files_a_change_form(visitor, "登记时写错了")
    is_decided(visitor.servers)
    visitor.open("/cases/1/")
    visitor.sees("已通过", "材料相符")
    visitor.bind(OLD_PASSWORD)
    visitor.is_at("绑定的回执")


def test_an_account_registered_by_passport_needs_both_documents(visitor: Visitor) -> None:
    """R57."""
    name = "示例外籍卯"
    has_an_old_account(visitor.servers, name, "E99000012", IdType.PASSPORT)
    visitor.sign_in(name)
    visitor.click("申请人工核实")
    visitor.page.get_by_role("main").get_by_role("link", name="填写变更表").first.click()
    visitor.page.get_by_label("身份证").set_input_files([PICTURE])
    visitor.page.get_by_label("我同意平台使用我的证件号码").check()
    visitor.click("提交申请")
    visitor.sees("还缺材料：护照。")
    for each in ("id_card", "passport"):
        visitor.page.locator(f"#file-{each}").set_input_files([PICTURE])
    visitor.click("提交申请")
    visitor.sees("已提交。")
    is_decided(visitor.servers)
    visitor.bind(OLD_PASSWORD)
    visitor.is_at("绑定的回执")


def test_several_accounts_become_one_persons(visitor: Visitor) -> None:
    """R40."""
    visitor.sign_in("示例外籍己")
    files_a_change_form(visitor, "都是我的")
    is_decided(visitor.servers)
    visitor.open("/binding/")
    visitor.sees_no("存在多个原账号")
    expect(visitor.page.get_by_role("link", name="绑定的回执")).to_have_count(1)


def test_what_was_bound_by_mistake_is_undone(visitor: Visitor) -> None:
    """R56."""
    visitor.sign_in("示例教师丙")
    visitor.bind(OLD_PASSWORD)
    visitor.is_at("绑定的回执")
    visitor.open("/changes/")
    chooses(visitor, "这个账号不是我的")
    visitor.page.get_by_label("情况说明").fill("这不是我的账号")
    visitor.page.get_by_label("我同意平台使用我的证件号码").check()
    visitor.click("提交申请")
    visitor.sees("已提交。")
    is_decided(visitor.servers)
    visitor.open("/history/")
    visitor.sees_no("示例项目")


# What is about a unit.


def test_a_unit_takes_its_new_name(visitor: Visitor) -> None:
    kind = FormKind.UNIT_RENAMED
    visitor.sign_in("示例法人一")
    visitor.open_unit(UNIVERSITY)
    visitor.click("自己办不了的，请平台核实办理")
    visitor.click(kind.label.zh)
    files_for_a_unit(visitor, kind, name="演示海洋大学")
    visitor.sees("演示海洋大学")
    is_decided(visitor.servers)
    visitor.open_unit(UNIVERSITY)
    visitor.is_at("演示海洋大学")
    expect(visitor.section("单位记录")).to_contain_text("原：演示大学")


def test_a_code_put_right_gives_the_unit_whom_the_portal_reports_by_it(visit: Visit) -> None:
    """Filed at the desk for a unit that wrote; 示例法人四 is reported by the right code."""
    kind, support = FormKind.USCC_CHANGED, visit()
    support.sign_in_locally("support")
    support.open("/diagnosis/")
    support.click("代单位填写信息变更表")
    support.page.get_by_label("单位名称或统一社会信用代码").fill("邻市研究院")
    support.click("查找")
    support.click("邻市研究院")
    support.click(kind.label.zh)
    code = USCC["演示尚未入库企业有限公司"]
    files_for_a_unit(support, kind, uscc=code)
    expect(support.section("逐项比对")).to_contain_text("不一致")
    is_decided(support.servers)
    person = visit()
    person.sign_in("示例法人四")
    person.acts_as("法定代表人", "邻市研究院")


def test_a_former_representative_makes_way(visit: Visit) -> None:
    """示例法人一 loses the capacity at once; nobody gains it but by the portal's report."""
    kind, former, administrator = FormKind.REPRESENTATIVE_CHANGED, visit(), visit()
    former.sign_in("示例法人一")
    former.acts_as("法定代表人", UNIVERSITY)
    administrator.sign_in("示例院长辛")
    administrator.open_unit(UNIVERSITY)
    administrator.click("自己办不了的，请平台核实办理")
    administrator.click(kind.label.zh)
    row = PEOPLE["示例教师甲"]
    files_for_a_unit(administrator, kind, name=row["name"], id_number=row["id_number"])
    is_decided(administrator.servers)
    administrator.open_unit(UNIVERSITY)
    administrator.sees_no("法定代表人：示例")
    answer = former.open_unit(UNIVERSITY)
    assert answer is not None
    assert answer.status in (403, 404)


def test_a_missing_enterprise_is_registered_for_whom_the_portal_reports(visitor: Visitor) -> None:
    """R53-R55."""
    name = "演示尚未入库企业有限公司"
    visitor.sign_in("示例法人四")
    visitor.click("填写变更表", within=visitor.section("我的企业和单位"))
    visitor.page.get_by_label("主管部门").select_option(label="　演示市科学技术局")
    files_for_a_unit(visitor, FormKind.UNIT_MISSING)
    is_decided(visitor.servers)
    visitor.open("/")
    visitor.acts_as("法定代表人", name)


def test_an_administrator_nobody_can_reach_is_succeeded_by_two_at_the_desk(visit: Visit) -> None:
    """示例教师甲 belongs to 海洋学院, whose administrator is out of reach."""
    kind, member, servers = FormKind.ADMINISTRATOR_UNREACHABLE, visit(), None
    servers = member.servers
    member.sign_in("示例教师甲")
    with transaction(servers.database.sessions) as session:
        person, unit = person_of(session, servers, "示例教师甲"), servers.units["海洋学院"]
        session.add(Affiliation(person_id=person.id, unit_id=unit, since=builders.NOON))
    member.open("/changes/")
    chooses(member, kind.label.zh)
    member.page.get_by_role("group", name="谁卸任").get_by_role("checkbox").check()
    row = PEOPLE["示例教师甲"]
    files_for_a_unit(member, kind, name=row["name"], id_number=row["id_number"])

    one, other = visit(), visit()
    one.sign_in_locally("support")
    starts_review(one)
    one.page.get_by_label("理由").fill("单位来函属实")
    one.click("提出办理，请人复核")
    other.sign_in_locally("colleague")
    other.open("/desk/1/")
    other.page.get_by_label("复核意见").fill("同意")
    other.click("同意，办理")
    other.sees("已通过")

    member.open("/")
    member.acts_as("单位管理员", "海洋学院")
    member.open_unit("海洋学院")
    expect(member.section("管理员")).not_to_contain_text("示例主任壬")
    expect(member.section("历任管理员")).to_contain_text("示例主任壬")
