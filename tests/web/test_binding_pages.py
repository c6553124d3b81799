"""The pages of binding as named people see them: found, bound, refused, disowned, and receipts."""

import pytest
from sqlalchemy import func, select

from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.vocabulary import StaffRole
from admin_app.migration.models import AccountBinding, Consent, LegacyAccount, Receipt
from admin_app.migration.vocabulary import AccountKind
from admin_app.service_desk.models import Case
from tests import builders
from tests.builders_migration import PASSWORD, affiliation, history, legacy_account
from tests.web.reading import Page
from tests.web.stage import Stage, Visitor

pytest_plugins = "tests.web.staging"

NEWCOMER = ("新来", 410)
FOUND = "我们找到了您的原账号"
BIND = "这是我，绑定"


def has_account(stage: Stage, number: int = 1, name: str = NEWCOMER[0], sequence: int = 410) -> int:
    """Personal accounts of the newcomer, with history and a unit; the last one's number."""
    with stage.writing() as session:
        for _ in range(number):
            account = legacy_account(session, name, builders.id_number(sequence))
            affiliation(session, account, stage.world["海洋学院"])
            history(session, account, 4)
        return account.id


def has_unit_account(stage: Stage, *units: str) -> None:
    with stage.writing() as session:
        for each in units:
            unit = stage.world[each]
            account = legacy_account(session, unit.name, kind=AccountKind.UNIT, unit=unit)
            history(session, account, 2)


def tries(visitor: Visitor, page: Page, password: str = PASSWORD, consented: str = "yes") -> Page:
    return visitor.submit(page, BIND, password=password, consented=consented)


def test_a_person_with_one_account_is_prompted_and_binds_it(stage: Stage) -> None:
    """R16, R26-R28: from the start page, by the old password; the receipt proves it."""
    has_account(stage)
    visitor = stage.arrives(*NEWCOMER)
    page = visitor.open("/")
    assert FOUND in page.part("panel-found")
    page = visitor.follow(page, "去看看并绑定")
    assert page.heading == FOUND
    account = page.part("account")
    assert "新来" in account
    assert "4 科研项目" in account
    assert "海洋学院" in account
    page = tries(visitor, page)
    assert page.address.startswith("/binding/receipt/")
    assert "一条数据也没有少" in page
    assert "海洋学院 不变" in page.part("affiliations")
    assert "科研项目 4 4 前后一致" in page.part("history")
    page = visitor.open("/binding/")
    assert page.heading == "原账号与回执"
    assert page.links("绑定的回执")
    start = visitor.open("/")
    assert FOUND not in start
    assert "都办好了。" in start
    with stage.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Consent)) == 1


def test_a_wrong_password_says_how_many_tries_are_left_and_then_locks(stage: Stage) -> None:
    """R42: counted although the answer is a refusal; the tick stays, the password doesn't."""
    has_account(stage)
    visitor = stage.arrives(*NEWCOMER)
    page = visitor.open("/binding/")
    for left in (4, 3, 2, 1):
        page = tries(visitor, page, "wrong")
        assert page.status == 422
        assert f"还可以再试 {left} 次" in page
        form = page.form(BIND)
        assert form.fields["consented"] == "yes"
        assert not form.fields["password"]
        assert "wrong" not in [node["value"] for node in page.root.all("input")]
    page = tries(visitor, page, "wrong")
    assert page.status == 409
    for each in (page, visitor.open("/binding/")):
        assert "分钟后再试" in each
        assert not [form for form in each.forms if form.button(BIND)]
        assert each.form("忘记了原密码")
    assert "原密码错误、锁定或忘记" in visitor.open("/")


def test_without_consent_nothing_is_compared_and_nothing_counted(stage: Stage) -> None:
    has_account(stage)
    visitor = stage.arrives(*NEWCOMER)
    page = visitor.submit(visitor.open("/binding/"), BIND, password=PASSWORD)
    assert page.status == 422
    assert "请先勾选同意" in page
    assert tries(visitor, page).address.startswith("/binding/receipt/")


def test_a_double_click_and_a_second_tab_leave_one_binding_and_one_receipt(stage: Stage) -> None:
    """R34: whoever waits and presses again gets the same answer."""
    has_account(stage)
    visitor = stage.arrives(*NEWCOMER)
    first, second = visitor.open("/binding/"), visitor.open("/binding/")
    one, two = tries(visitor, first), tries(visitor, second, "anything")
    assert one.address == two.address
    with stage.sessions() as session:
        for model in (AccountBinding, Receipt):
            assert session.scalar(select(func.count()).select_from(model)) == 1


def test_not_me_puts_the_account_on_hold_and_a_case_on_file(stage: Stage) -> None:
    """R56; twice is once."""
    has_account(stage)
    visitor = stage.arrives(*NEWCOMER)
    page, second = visitor.open("/binding/"), visitor.open("/binding/")
    page = visitor.submit(page, "确认，这不是我的账号")
    assert page.heading == "我的人工核实申请"
    assert "绑定有争议" in page
    assert visitor.submit(second, "确认，这不是我的账号").status == 409
    assert "绑定有争议" in visitor.open("/")
    assert FOUND not in visitor.open("/")
    with stage.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 1


def test_a_forgotten_password_becomes_a_case_and_can_still_be_remembered(stage: Stage) -> None:
    """R41."""
    has_account(stage)
    visitor = stage.arrives(*NEWCOMER)
    page = visitor.submit(visitor.open("/binding/"), "忘记了原密码")
    assert "已为您提交人工核实申请" in page
    assert "原密码错误、锁定或忘记" in page
    page = tries(visitor, visitor.open("/binding/"))
    assert page.address.startswith("/binding/receipt/")


def test_no_account_and_no_unit_says_apply_to_a_unit_on_the_page_and_under_the_avatar(
    stage: Stage,
) -> None:
    """R37, R38: exactly 请申请单位, with the way there."""
    visitor = stage.arrives(*NEWCOMER)
    page = visitor.open("/")
    titles = [p.text for p in page.root.all("p") if "step-title" in p["class"]]
    assert titles[-1] == "请申请单位"
    assert page.links("请申请单位")[0] == "/apply/"
    assert page.link("去申请单位") == "/apply/"
    assert "没有原账号，不需要绑定" in page
    assert "请申请单位" not in stage.rector.open("/")


def test_an_id_number_that_differs_says_so_and_whom_to_call(stage: Stage) -> None:
    """R39."""
    number = builders.id_number(410)
    with stage.writing() as session:
        legacy_account(session, "新来", f"{number[:16]}{(int(number[16]) + 1) % 10}X")
    visitor = stage.arrives(*NEWCOMER)
    page = visitor.open("/")
    assert "证件号码对不上" in page
    assert "0531-66777094" in page
    assert "请申请单位" not in page
    assert visitor.follow(page, "申请人工核实").heading == "我的人工核实申请"


def test_several_accounts_bind_none_and_become_one_case(stage: Stage) -> None:
    """R40; on file as they come, filled in with a statement, and taken back."""
    has_account(stage, 2)
    visitor = stage.arrives(*NEWCOMER)
    page = visitor.follow(visitor.open("/"), "申请人工核实")
    assert "存在多个原账号" in page
    page = visitor.follow(page, "第 1 号")
    assert "待补充材料" in page
    assert "请填写信息变更表，上传需要的材料" in page
    page = visitor.follow(page, "填写变更表")
    page = visitor.submit(page, "提交申请", statement="一个是读书时注册的", consented="yes")
    assert "您的说明：一个是读书时注册的" in page
    assert "前办结" in page
    assert not page.links("填写变更表")
    assert "第 2 号" not in page
    assert visitor.open("/").links("查看我的申请")
    page = visitor.submit(visitor.follow(page, "存在多个原账号"), "确认撤回")
    assert "已撤回。" in page
    assert page.links("填写变更表")


def test_a_case_is_filed_only_for_what_one_is_stuck_by(stage: Stage) -> None:
    has_account(stage, 2)
    visitor = stage.arrives(*NEWCOMER)
    page = visitor.follow(visitor.open("/cases/"), "填写变更表")
    token = page.form("提交申请").fields["csrf_token"]
    for about in ("id_differs:1", "several_accounts:99", "nonsense", "", "disputed:x"):
        answer = visitor.client.post("/cases/file", data={"csrf_token": token, "about": about})
        assert answer.status_code == 409, about
    long = {
        "csrf_token": token,
        "about": page.form("提交申请").fields["about"],
        "statement": "长" * 2001,
        "consented": "yes",
    }
    answer = visitor.client.post("/cases/file", data=long)
    assert answer.status_code == 422
    assert "长" * 2001 in answer.get_data(as_text=True)


def test_a_representative_binds_the_personal_account_first_and_the_units_follow(
    stage: Stage,
) -> None:
    """R31-R33, R54: each enterprise with its verdict and the next step."""
    has_account(stage)
    has_unit_account(stage, "无人公司")
    reported = (
        builders.enterprise(stage.world["无人公司"]),
        builders.ReportedEnterprise(builders.uscc(990), "未登记公司"),
    )
    visitor = stage.arrives(*NEWCOMER, enterprises=reported)
    page = visitor.open("/")
    assert page.html.index("panel-found") < page.html.index("panel-standing")
    assert page.html.index("panel-standing") < page.html.index("panel-enterprises")
    assert "无人公司 等您本人的账号绑定" in page
    assert "未登记公司 不在科技云平台上" in page
    page = tries(visitor, visitor.open("/binding/"))
    assert "无人公司 原单位账号" in page.part("accounts")
    assert "无人公司 本次已绑定" in visitor.open("/")
    again = stage.arrives(*NEWCOMER, enterprises=reported)
    with stage.writing() as session:
        for binding in session.scalars(select(AccountBinding)):
            binding.since = builders.NOON
    assert "无人公司 以前已绑定" in again.open("/")


def test_a_representative_without_a_personal_account_is_asked_for_the_units_password(
    stage: Stage,
) -> None:
    with stage.writing() as session:
        above = session.merge(stage.world["济南市科技局"])
        units = [
            builders.unit(session, above, n, UnitKind.FIRST_LEVEL) for n in ("甲公司", "乙公司")
        ]
        for unit in units:
            legacy_account(session, unit.name, kind=AccountKind.UNIT, unit=unit, password=unit.name)
        reported = tuple(builders.enterprise(unit) for unit in units)
    visitor = stage.arrives(*NEWCOMER, enterprises=reported)
    page = visitor.open("/binding/")
    assert "原单位账号的密码" in page
    page = visitor.follow(page, "改用“乙公司”的原单位账号")
    assert "乙公司" in page.part("account")
    page = tries(visitor, page, "乙公司")
    assert "甲公司" in page.part("accounts")
    assert "乙公司" in page.part("accounts")


def test_the_account_of_a_stuck_representative_is_told_to_wait(stage: Stage) -> None:
    """Trap 1."""
    has_account(stage, 2)
    has_unit_account(stage, "无人公司")
    reported = (builders.enterprise(stage.world["无人公司"]),)
    page = stage.arrives(*NEWCOMER, enterprises=reported).open("/")
    assert "存在多个原账号" in page
    assert "无人公司 等您本人的账号绑定" in page


def test_whom_an_old_unit_account_names_is_told_to_bind_the_enterprise_at_the_portal(
    stage: Stage,
) -> None:
    """R24."""
    with stage.writing() as session:
        unit = stage.world["无人公司"]
        number = builders.id_number(410)
        legacy_account(session, unit.name, number, kind=AccountKind.UNIT, unit=unit)
    page = stage.arrives(*NEWCOMER).open("/")
    assert "在省平台做企业绑定" in page
    assert "法定代表人未做企业绑定" in page
    assert page.links("去省平台做企业绑定")


def test_somebody_elses_account_is_a_case_and_never_a_binding(stage: Stage) -> None:
    """Two people for one account: the second is told, and a case is on file."""
    account_id = has_account(stage)
    second = stage.arrives("新来", 411)
    page = second.open("/")
    assert "证件号码对不上" in page
    first = stage.arrives(*NEWCOMER)
    tries(first, first.open("/binding/"))
    token = second.open("/cases/").root
    form = next(n for n in token.all("input") if n["name"] == "csrf_token")
    answer = second.client.post(
        f"/binding/account/{account_id}/bind",
        data={"csrf_token": form["value"], "password": PASSWORD, "consented": "yes"},
    )
    assert answer.status_code == 409
    assert "刚刚已被他人绑定" in answer.get_data(as_text=True)
    assert "绑定有争议" in second.open("/cases/")


def test_receipts_and_accounts_are_ones_own(stage: Stage) -> None:
    account_id = has_account(stage)
    visitor, stranger = stage.arrives(*NEWCOMER), stage.person("外人")
    receipt = tries(visitor, visitor.open("/binding/")).address
    assert visitor.open(receipt).status == 200
    assert stranger.open(receipt).status == 404
    assert stage.bureau.open(receipt).status == 404
    form = stranger.open("/").form("退出登录")
    for verb in ("bind", "disown", "forget"):
        address = f"/binding/account/{account_id}/{verb}"
        answer = stranger.client.post(address, data={"csrf_token": form.fields["csrf_token"]})
        assert answer.status_code == 404


@pytest.mark.parametrize("address", ["/binding/", "/cases/"])
def test_local_accounts_have_nothing_to_bind(stage: Stage, address: str) -> None:
    page = stage.staff(StaffRole.MANAGER, "济南市科技局").open(address)
    assert "您用的是本地账号，没有需要绑定的原账号。" in page


def test_no_id_number_is_on_these_pages(stage: Stage) -> None:
    has_account(stage)
    visitor = stage.arrives(*NEWCOMER)
    number = builders.id_number(410)
    pages = [visitor.open(address) for address in ("/", "/binding/", "/cases/")]
    pages.append(tries(visitor, pages[1]))
    assert not [page.address for page in pages if number in page.html]
    with stage.sessions() as session:
        account = session.scalars(select(LegacyAccount)).one()
        assert account.password_hash is None
