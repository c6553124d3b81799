"""The start page: what I hold, what waits for me, and how near the next step is."""

from collections import deque

from admin_app.identity.vocabulary import StaffRole
from tests import builders
from tests.web.reading import Page
from tests.web.stage import Stage, Visitor

pytest_plugins = "tests.web.staging"


def clicks_to(visitor: Visitor, page: Page, goal: str, most: int) -> int:
    """The fewest links from a page to an address, looking no further than ``most``."""
    queue, seen = deque([(page, 0)]), {page.address}
    while queue:
        here, clicks = queue.popleft()
        for address in here.links():
            path = address.partition("#")[0]
            if path == goal:
                return clicks + 1
            if clicks + 1 < most and path.startswith("/") and "lang=" not in path:
                if path in seen or path.startswith(("/static", "/signin")):
                    continue
                seen.add(path)
                queue.append((visitor.open(path), clicks + 1))
    raise AssertionError(f"{goal} is more than {most} clicks away")


def test_a_college_administrator_is_appointed_in_four_clicks_and_one_form(stage: Stage) -> None:
    """The last click sends the form; so at most three lead to it. Counted by following links."""
    rector = stage.rector
    form_address = f"/office/unit/{stage.world['物理学院'].id}/appoint"
    assert clicks_to(rector, rector.open("/"), form_address, most=3) <= 3
    page = rector.open(form_address)
    page = rector.submit(page, "指定", name="外人", id_number=builders.id_number(105))
    assert "外人 在任" in page.part("administrators")


def test_the_way_over_the_units_page_is_as_short(stage: Stage) -> None:
    """Start → own unit → college → form, then sending it: four clicks."""
    rector = stage.rector
    page = rector.follow(rector.open("/"), "打开单位页面")
    page = rector.follow(page, "物理学院", within="below")
    page = rector.follow(page, "指定管理员")
    page = rector.submit(page, "指定", name="外人", id_number=builders.id_number(105))
    assert "外人 在任" in page.part("administrators")


def test_it_says_in_which_capacity_one_acts(stage: Stage) -> None:
    assert "您正在以“演示大学”法定代表人的身份办理业务" in stage.rector.open("/")
    assert "您正在以自然人的身份办理业务" in stage.person("外人").open("/")


def test_it_lists_what_a_person_holds(stage: Stage) -> None:
    page = stage.rector.open("/")
    assert "我的任职 演示大学 法定代表人" in page
    page = stage.dean.open("/")
    assert "我的任职 海洋学院 单位管理员" in page
    assert page.links("辞任")


def test_whoever_holds_nothing_reads_what_to_do(stage: Stage) -> None:
    """R24, R48."""
    page = stage.person("外人").open("/")
    assert "您目前没有管理任何单位" in page
    assert "请先到省统一身份认证平台完成“企业绑定”" in page
    assert "请单位的法定代表人或上级单位管理员指定您" in page


def test_an_enterprise_that_the_platform_lacks_is_named_with_the_right_desk(stage: Stage) -> None:
    """R53, R54: several enterprises, not all of them known here."""
    unknown = builders.ReportedEnterprise(uscc=builders.uscc(900), name="外地公司")
    page = stage.arrives("新人", enterprises=(unknown,)).open("/")
    assert "外地公司" in page
    assert "这家单位还没有在科技云平台登记" in page
    assert "0531-66777094" in page.part("main")


def test_what_one_represented_before_is_named_as_past(stage: Stage) -> None:
    """Taken over by the new representative, or no longer reported: either way nothing to do."""
    first, second = (
        builders.ReportedEnterprise(uscc=builders.uscc(number), name=name)
        for number, name in ((901, "先前公司"), (902, "从前公司"))
    )
    old = stage.arrives("旧人", 420, enterprises=(first, second))
    assert "以前由您代表" not in old.open("/")
    stage.arrives("旧人", 420, enterprises=(first,))
    stage.arrives("新人", 421, enterprises=(first,))
    panel = stage.arrives("旧人", 420).open("/").part("main")
    assert "从前公司 曾经代表" in panel
    assert "省平台不再报告由您代表" in panel
    assert "先前公司 曾经代表" in panel
    assert "已由新的法定代表人接续，历史业务数据留在单位" in panel
    assert "申请人工核实" not in panel
    again = stage.arrives("旧人", 420, enterprises=(first, second))
    assert "以前由您代表" not in again.open("/")


def test_the_menu_offers_only_what_the_capacity_may_open(stage: Stage) -> None:
    auditor = stage.staff(StaffRole.AUDITOR)
    security = stage.staff(StaffRole.SECURITY_ADMINISTRATOR)
    for visitor in (stage.rector, stage.person("外人"), auditor, security):
        page = visitor.open("/")
        for address in page.links():
            if address.startswith("/") and "lang=" not in address:
                assert visitor.open(address).status == 200, address
    assert auditor.open("/").links("审计日志")
    assert not security.open("/").links("审计日志")
    assert not stage.rector.open("/").links("本地账号")


def test_switching_capacity_changes_what_one_sees(stage: Stage) -> None:
    rector = stage.rector
    page = rector.submit(rector.open("/"), "自然人 校长")
    assert "您正在以自然人的身份办理业务" in page
    assert rector.open(stage.page_of("海洋学院")).status == 403
