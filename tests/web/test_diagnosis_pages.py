"""Why somebody is stuck, as pages: asking, the chain, what to say, lists, a number shown once."""

import csv
import io

import pytest
from sqlalchemy import select

from admin_app.audit.models import AuditEntry
from admin_app.delegation.facts import facts_of
from admin_app.hierarchy.operations import rename_unit
from admin_app.identity.vocabulary import StaffRole
from admin_app.migration.arrivals import note_sign_in
from admin_app.migration.models import LegacyAccount
from admin_app.migration.vocabulary import AccountKind, AccountState
from admin_app.service_desk.models import Case
from admin_app.views.account_list import AccountList
from tests import builders
from tests.builders_migration import legacy_account
from tests.integration.test_diagnosis import staff_of
from tests.web.reading import Page
from tests.web.stage import Stage, Visitor

pytest_plugins = "tests.web.staging"

HIDDEN = "没有找到，或不在您的管理范围内"


@pytest.fixture
def peopled(stage: Stage) -> Stage:
    """Old accounts on both sides of the border, one with nobody's unit; 校长 is stuck by name."""
    world = stage.world
    with stage.writing() as session:
        for name, sequence, unit in (
            ("另名", 101, "海洋学院"),
            ("外人", 105, "物理学院"),
            ("邻居", 104, "邻居学院"),
            ("无单位", 330, None),
        ):
            place = world[unit] if unit else None
            legacy_account(session, name, builders.id_number(sequence), unit=place)
        for unit in ("演示大学", "邻居大学", "无人公司"):
            legacy_account(session, unit, kind=AccountKind.UNIT, unit=world[unit])
        legacy_account(
            session, "旧管理员", kind=AccountKind.UNIT_ADMINISTRATOR, unit=world["物理学院"]
        )
        for name in ("校长", "邻居"):
            note_sign_in(builders.act(session), session.merge(world.people[name]))
    return stage


@pytest.fixture
def support(peopled: Stage) -> Visitor:
    return peopled.staff(StaffRole.PLATFORM_SUPPORT)


def account_of(stage: Stage, name: str) -> LegacyAccount:
    with stage.sessions() as session:
        return session.scalars(select(LegacyAccount).where(LegacyAccount.name == name)).one()


def asks(visitor: Visitor, name: str, sequence: int) -> Page:
    page = visitor.open("/diagnosis/")
    return visitor.submit(page, "查询", name=name, id_number=builders.id_number(sequence))


def names(page: Page) -> list[str]:
    rows = [row for row in page.root.all("tr") if list(row.all("td"))]
    return [list(row.all("td"))[2].text for row in rows]


def test_a_caller_is_told_what_holds_them_up_and_whom_to_call(support: Visitor) -> None:
    page = asks(support, "校长", 101)
    assert page.status == 200
    assert "姓名对不上" in page
    assert "原账号登记的姓名与省平台相差 2 个字" in page.part("evidence")
    assert "登录之后的问题" in page.part("desk")
    assert "三方" not in page.part("say")
    assert "等法定代表人绑定" in page.part("reconciliation")
    number = builders.id_number(101)
    assert number not in page.html
    assert number not in page.address
    assert "?" not in page.address


def test_an_enterprise_is_blocked_by_its_representative_and_says_why(
    peopled: Stage, support: Visitor
) -> None:
    """Trap 1."""
    page = support.open(f"/diagnosis/unit/{peopled.world['演示大学'].id}/")
    assert "被法定代表人卡住" in page
    assert "姓名对不上" in page.part("chain")
    assert "要等法定代表人本人的账号办好" in page.part("say")
    code = peopled.world["演示大学"].uscc
    assert code is not None
    by_code = support.submit(support.open("/diagnosis/"), "查单位", uscc=code)
    assert by_code.part("say").text == page.part("say").text


def test_an_old_user_name_leads_to_the_account(peopled: Stage, support: Visitor) -> None:
    account = account_of(peopled, "外人")
    page = support.submit(support.open("/diagnosis/"), "查原账号", username=account.username)
    assert "本人尚未登录" in page
    assert "注册、实名认证、企业绑定" in page.part("desk"), "the portal's desk"
    assert builders.id_number(105) not in page.html


def test_what_lies_out_of_reach_is_not_found_in_the_same_words(peopled: Stage) -> None:
    """Hidden and missing can't be told apart, whatever is typed."""
    bureau = peopled.bureau
    form = bureau.open("/diagnosis/")
    hidden, none = account_of(peopled, "邻居"), account_of(peopled, "无单位")
    told = {
        asks(bureau, "邻居", 104).part("main").text,
        asks(bureau, "邻居", 399).part("main").text,
    }
    assert len(told) == 1
    assert HIDDEN in told.pop()
    for username in (hidden.username, none.username, "nobody"):
        assert HIDDEN in bureau.submit(form, "查原账号", username=username)
    for uscc in (peopled.world["邻居大学"].uscc, builders.uscc(99_999)):
        assert HIDDEN in bureau.submit(form, "查单位", uscc=uscc or "")
    assert asks(bureau, "外人", 105).status == 200
    assert HIDDEN in asks(bureau, "别的名字", 105), "a number alone finds nobody"


def test_a_mistyped_number_is_said_to_be_one(support: Visitor) -> None:
    page = support.submit(support.open("/diagnosis/"), "查询", name="外人", id_number="12")
    assert page.status == 422
    assert "号码的格式不对" in page


def test_somebody_quite_new_is_told_to_register(support: Visitor) -> None:
    page = asks(support, "全新", 340)
    assert "没有这个证件号码的原账号" in page
    assert "本人尚未登录" in page


def test_a_whole_number_is_shown_once_with_a_reason_and_recorded(
    peopled: Stage, support: Visitor
) -> None:
    account, number = account_of(peopled, "外人"), builders.id_number(105)
    page = support.open(f"/diagnosis/account/{account.id}/")
    refused = support.submit(page, "查看完整号码", reason="")
    assert refused.status == 403
    assert number not in refused.html
    shown = support.submit(page, "查看完整号码", reason="与来电人核对")
    assert number in shown.part("reveal").text
    assert number not in support.open(f"/diagnosis/account/{account.id}/").html
    with peopled.sessions() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.event == "id_number.revealed")
        ).one()
    assert entry.reason == "与来电人核对"
    assert number not in f"{entry.subject}{entry.details}"


def test_only_support_may_see_a_whole_number(peopled: Stage) -> None:
    account = account_of(peopled, "外人")
    page = peopled.bureau.open(f"/diagnosis/account/{account.id}/")
    assert "完整证件号码" not in page
    answer = peopled.bureau.client.post(f"/diagnosis/account/{account.id}/reveal")
    assert answer.status_code in (400, 403)


def test_the_list_of_accounts_goes_as_far_as_the_reach(peopled: Stage, support: Visitor) -> None:
    everything = ["另名", "外人", "邻居", "无单位", "演示大学", "邻居大学", "无人公司", "旧管理员"]
    assert names(support.open("/legacy-accounts/")) == everything
    assert names(peopled.bureau.open("/legacy-accounts/")) == [
        "演示大学", "另名", "外人", "旧管理员", "无人公司",
    ]  # fmt: skip
    assert names(peopled.dean.open("/legacy-accounts/")) == ["另名"]
    assert peopled.person("外人").get("/legacy-accounts/").status_code == 403


@pytest.mark.parametrize("sort", ["tree", "-tree"])
@pytest.mark.parametrize("counted", [10, 1000], ids=["many", "few"])
def test_accounts_of_a_part_of_the_tree_come_along_it_page_by_page(
    stage: Stage, sort: str, counted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Along their numbers, which lie far apart, somebody with a large unit waited for seconds."""
    monkeypatch.setattr(AccountList, "count_most", counted)
    units = ("海洋学院", "演示大学", "物理学院", "潮汐实验室")
    with stage.writing() as session:
        for number in range(60):
            unit = stage.world[units[number % len(units)]]
            legacy_account(session, f"示例{number:02}", unit=unit)
    rector = stage.rector
    first = rector.open(f"/legacy-accounts/?sort={sort}")
    expected = [
        f"示例{number:02}"
        for unit in sorted(units, key=lambda name: stage.world[name].path)
        for number in range(60)
        if units[number % len(units)] == unit
    ]
    page, forth = first, [names(first)]
    while page.links("下一页"):
        page = rector.follow(page, "下一页")
        forth.append(names(page))
    assert [len(each) for each in forth] == [25, 25, 10]
    met = [name for each in forth for name in each]
    assert met == (expected if sort == "tree" else expected[::-1])
    back = [names(page)]
    while page.links("上一页"):
        page = rector.follow(page, "上一页")
        back.append(names(page))
    assert back == forth[::-1]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"kind": "unit"}, ["演示大学", "邻居大学", "无人公司"]),
        ({"state": "stuck"}, ["另名", "演示大学", "旧管理员"]),
        ({"kind": "personal", "state": "stuck"}, ["另名"]),
        ({"blocker": "blocked_by_representative"}, ["演示大学"]),
        ({"blocker": "unit_without_administrator"}, ["旧管理员"]),
        ({"unit_name": "物理"}, ["外人", "旧管理员"]),
    ],
    ids=str,
)
def test_filters_narrow_the_accounts(
    support: Visitor, typed: dict[str, str], found: list[str]
) -> None:
    page = support.submit(support.open("/legacy-accounts/"), "查找", **typed)
    assert names(page) == found


def test_a_row_leads_to_its_diagnosis(peopled: Stage, support: Visitor) -> None:
    account = account_of(peopled, "旧管理员")
    page = support.follow(support.open("/legacy-accounts/"), account.username)
    assert page.address.endswith(f"/diagnosis/account/{account.id}/")
    assert "单位没有管理员" in page


def people(page: Page) -> list[list[str]]:
    rows = [[cell.text for cell in row.all("td")] for row in page.root.all("tr")]
    return [row[:4] for row in rows if row]


def test_people_are_listed_as_far_as_the_reach_with_their_names_masked(
    peopled: Stage, support: Visitor
) -> None:
    """Whoever may see numbers reads names; who belongs outside the reach isn't there."""
    dean = people(peopled.dean.open("/persons/"))
    assert dean == [
        ["校*", "海洋学院", "卡住", "姓名对不上"],
        ["院*", "海洋学院", "没有原账号，不需要绑定", "—"],
    ]
    assert "邻*" not in {row[0] for row in people(peopled.bureau.open("/persons/"))}
    everybody = {row[0]: row[1:] for row in people(support.open("/persons/"))}
    assert everybody["邻居"] == ["邻居大学", "进行中", "—"]
    assert everybody["处长"] == ["演示大学", "没有原账号，不需要绑定", "—"]
    assert peopled.person("外人").get("/persons/").status_code == 403


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"state": "stuck"}, ["校长"]),
        ({"state": "in_progress"}, ["邻居"]),
        ({"state": "none"}, ["处长", "院长"]),
        ({"blocker": "name_differs"}, ["校长"]),
        ({"blocker": "several_accounts"}, []),
        ({"unit": "邻居"}, ["邻居"]),
        ({"state": "stuck", "unit": "邻居"}, []),
    ],
    ids=str,
)
def test_filters_narrow_the_people(
    support: Visitor, typed: dict[str, str], found: list[str]
) -> None:
    page = support.submit(support.open("/persons/"), "查找", **typed)
    assert [row[0] for row in people(page)] == found


def test_the_name_of_a_unit_out_of_reach_finds_nobody(peopled: Stage) -> None:
    """校长 represents 演示大学 as well, which the dean doesn't look after."""
    page = peopled.dean.submit(peopled.dean.open("/persons/"), "查找", unit="演示大学")
    assert people(page) == []


def test_a_person_in_the_list_leads_to_their_diagnosis(peopled: Stage, support: Visitor) -> None:
    page = peopled.dean.follow(peopled.dean.open("/persons/"), "校*")
    assert (page.status, page.heading) == (200, "校*")
    assert "姓名对不上" in page
    assert support.open(page.address).heading == "校长"
    neighbour = peopled.world.people["邻居"].id
    assert peopled.dean.open(f"/diagnosis/person/{neighbour}/").status == 404


def test_enterprises_are_listed_by_where_they_stand(peopled: Stage, support: Visitor) -> None:
    page = support.open("/enterprises/")
    rows = {
        cells[0]: cells[2:]
        for row in page.root.all("tr")
        if (cells := [cell.text for cell in row.all("td")])
    }
    assert rows == {
        "演示大学": [AccountState.STUCK.label.zh, "被法定代表人卡住"],
        "无人公司": [AccountState.NOT_STARTED.label.zh, "本人尚未登录"],
        "邻居大学": [AccountState.IN_PROGRESS.label.zh, "—"],
    }
    rector = peopled.rector.open("/enterprises/")
    assert next(rector.root.all("td")).text == "演示大学"
    assert "邻居大学" not in rector
    stuck = support.submit(page, "查找", state="stuck")
    assert "演示大学" in stuck
    assert "无人公司" not in stuck


def test_enterprises_are_reconciled_a_page_of_the_reach_at_a_time(
    peopled: Stage, support: Visitor
) -> None:
    """R54: what needs somebody first; a unit reads its own alone; from list and diagnosis alike."""
    page = support.follow(support.open("/enterprises/"), "企业核对", within="main")
    assert page.address.startswith("/reconciliation/")
    main = page.part("main").text
    assert "无人公司 省平台没有报告法定代表人" in main
    assert "演示大学 等法定代表人绑定" in main
    rector = peopled.rector.open("/reconciliation/")
    assert "演示大学" in rector.part("main")
    assert "邻居大学" not in rector.part("main")
    assert peopled.person("外人").get("/reconciliation/").status_code == 403


def test_an_enterprise_to_reconcile_is_found_by_code_and_by_former_name(
    peopled: Stage, support: Visitor
) -> None:
    """R53: within reach alone; of a code unknown here, what the portal reports."""
    unknown = builders.ReportedEnterprise(uscc=builders.uscc(903), name="外地公司")
    peopled.arrives("新人", 430, enterprises=(unknown,))
    with peopled.writing() as session:
        company = session.merge(peopled.world["无人公司"])
        code = company.uscc or ""
        account = session.scalars(
            select(LegacyAccount).where(LegacyAccount.unit_id == company.id)
        ).one()
        account.organisation_code = "ABCDEFGH1"
        act = builders.act(session, staff_of(peopled.world["省科技厅"]), reason="换照")
        rename_unit(act, facts_of, company.id, "改名公司", company.version)
    for typed in (code.lower(), "abcdefgh1", "改名公司", "无人公司"):
        found = support.open(f"/reconciliation/?q={typed}").part("main")
        assert "改名公司 省平台没有报告法定代表人" in found, typed
        assert "没有找到" in peopled.dean.open(f"/reconciliation/?q={typed}"), typed
    abroad = f"/reconciliation/?q={unknown.uscc}"
    assert "外地公司 单位不在平台上" in support.open(abroad)
    assert "没有找到" in peopled.bureau.open(abroad)


def test_the_lists_can_be_taken_away(support: Visitor) -> None:
    for address, rows in (("/legacy-accounts/", 8), ("/persons/", 5), ("/enterprises/", 3)):
        response = support.get(support.open(address).link("导出表格"))
        text = response.get_data(as_text=True).removeprefix("\ufeff")
        assert len(list(csv.reader(io.StringIO(text)))) == rows + 1
        assert "None" not in text


def test_support_puts_a_case_on_file_for_whoever_called_once(
    peopled: Stage, support: Visitor
) -> None:
    """What only staff can put right is filed from the page that says so; twice is once."""
    account = account_of(peopled, "另名")
    address = f"/diagnosis/account/{account.id}/"
    page = support.submit(support.open(address), "代为申请人工核实", statement="来电核对过曾用名")
    assert "已有申请在办" in page
    with peopled.sessions() as session:
        case = session.scalars(select(Case)).one()
        assert (case.account_id, case.statement) == (account.id, "来电核对过曾用名")
        assert case.person_id == peopled.world.people["校长"].id
    token = support.open("/diagnosis/").form("查询").fields["csrf_token"]
    again = support.client.post(f"{address}case", data={"csrf_token": token})
    assert again.status_code == 409


def test_units_read_why_but_file_nothing_for_others(peopled: Stage) -> None:
    account = account_of(peopled, "另名")
    page = peopled.dean.open(f"/diagnosis/account/{account.id}/")
    assert page.status == 200
    assert "代为申请人工核实" not in page
