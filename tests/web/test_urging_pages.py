"""Whom to help next: the list, the buttons of a department, and what the unit sees of it."""

from admin_app.identity.vocabulary import StaffRole
from admin_app.migration.vocabulary import AccountKind
from tests import builders
from tests.builders_migration import legacy_account
from tests.web.reading import Page
from tests.web.stage import Stage, Visitor

pytest_plugins = "tests.web.staging"


def _with_an_old_account(stage: Stage) -> None:
    """无人公司's old account names somebody who has never come; it has a secondary unit."""
    with stage.writing() as session:
        company = session.merge(stage.world["无人公司"])
        number = builders.id_number(700)
        legacy_account(session, "无人公司", number, kind=AccountKind.UNIT, unit=company)
        builders.unit(session, company, "研发部")


def _rows(page: Page) -> list[str]:
    lists = [node for node in page.root.all("ul") if "rows" in node["class"].split()]
    return [row.text for rows in lists for row in rows.all("li")]


def test_the_list_says_who_holds_up_how_many_and_what_to_tell_them(stage: Stage) -> None:
    """Issue 4, §1.6."""
    _with_an_old_account(stage)
    page = stage.bureau.open("/urging/")
    assert page.heading == "先帮谁"
    assert "这 2 个人和单位卡住了 1 家企业和 3 个二级单位。" in page
    first, second = _rows(page)
    for words in ("演示大学", "单位没有管理员", "卡住了 2 个二级单位", "还没有督办过。"):
        assert words in first
    for words in ("无人公司", "本人尚未登录", "卡住了 1 家企业和 1 个二级单位", "可以告诉对方："):
        assert words in second


def test_it_reads_in_english_too(stage: Stage) -> None:
    _with_an_old_account(stage)
    page = stage.bureau.open("/urging/?lang=en")
    assert page.heading == "Who next?"
    assert "These 2 people and units hold up 1 enterprise and 3 secondary units." in page
    assert "Holds up 1 enterprise and 1 secondary unit" in page
    pressed = _press(stage.bureau, page, "Urge: 无人公司, sign in and bind")
    assert "“无人公司” is urged: the legal representative is asked to sign in and bind" in pressed


def test_one_click_urges_and_the_button_rests(stage: Stage) -> None:
    _with_an_old_account(stage)
    page = _press(stage.bureau, stage.bureau.open("/urging/"), "督办：演示大学，指定管理员")
    assert page.status == 200
    assert "已督办“演示大学”：请尽快为二级单位指定管理员。" in page
    first = _rows(stage.bureau.open("/urging/"))[0]
    assert "由济南市科技局督办：请尽快为二级单位指定管理员。" in first
    assert "起可以再次督办。" in first
    assert "督办：演示大学" not in stage.bureau.open("/urging/")


def test_a_second_department_is_told_when_the_first_did(stage: Stage) -> None:
    province = stage.staff(StaffRole.DEPARTMENT_STAFF, "省科技厅")
    stale = province.open("/urging/")
    _press(stage.bureau, stage.bureau.open("/urging/"), "督办：演示大学，指定管理员")
    page = _press(province, stale, "督办：演示大学，指定管理员")
    assert "“演示大学”已由济南市科技局在" in page
    assert "起才能再次督办。" in page


def test_those_ticked_are_urged_at_once_and_each_is_answered(stage: Stage) -> None:
    province = stage.staff(StaffRole.DEPARTMENT_STAFF, "省科技厅")
    page = province.open("/urging/")
    chosen = [box["value"] for box in page.root.all("input") if box["name"] == "chosen"]
    assert len(chosen) == 2
    page = _post(province, page, {"chosen": chosen, "note": "月底前办完"})
    assert "已督办“演示大学”" in page
    assert "已督办“邻居大学”" in page
    assert "附言：月底前办完" in stage.rector.open("/")


def test_with_nothing_ticked_it_asks_to_tick_something(stage: Stage) -> None:
    page = stage.bureau.submit(stage.bureau.open("/urging/"), "督办所选")
    assert page.status == 422
    assert "请先勾选要督办的单位。" in page


def test_a_unit_out_of_reach_is_no_unit_and_nothing_is_kept(stage: Stage) -> None:
    page = stage.bureau.open("/urging/")
    own, foreign = stage.world["演示大学"].id, stage.world["邻居大学"].id
    for chosen in ([f"{own}:appoint", f"{foreign}:appoint"], ["1:nonsense"], ["9" * 400], ["x"]):
        assert _post(stage.bureau, page, {"chosen": chosen}).status == 404
        assert _post(stage.bureau, page, {"one": chosen[-1]}).status == 404
    assert "还没有督办过。" in _rows(stage.bureau.open("/urging/"))[0]


def test_the_list_can_be_narrowed_within_ones_reach_alone(stage: Stage) -> None:
    world, bureau = stage.world, stage.bureau
    page = bureau.open(f"/urging/?unit={world['演示大学'].id}&region=9900")
    assert "这 1 个人或单位卡住了 2 个二级单位。" in page
    assert bureau.follow(page, "查看全部").address == "/urging/"
    assert "没有谁卡住别人" in bureau.open("/urging/?region=3701")
    for query in (f"unit={world['邻居大学'].id}", "unit=0", "unit=x", "unit=１", "region=x"):
        assert bureau.open(f"/urging/?{query}").status == 404
    pressed = _press(bureau, page, "督办：演示大学，指定管理员")
    assert "查看全部" in pressed


def test_a_manager_reads_the_list_without_buttons_and_can_urge_nobody(stage: Stage) -> None:
    manager = stage.staff(StaffRole.MANAGER, "济南市科技局")
    page = manager.open("/urging/")
    assert "演示大学" in _rows(page)[0]
    assert not page.part("main").text.count("督办所选")
    assert page.links("看卡在哪里") == []
    token = next(form.fields["csrf_token"] for form in page.forms if form.is_post)
    for field in ("chosen", "one"):
        data = {"csrf_token": token, field: f"{stage.world['演示大学'].id}:appoint"}
        assert manager.client.post("/urging/", data=data).status_code == 403
    assert "还没有督办过。" in _rows(stage.bureau.open("/urging/"))[0]


def test_support_reads_all_and_others_may_not_read_it(stage: Stage) -> None:
    support = stage.staff(StaffRole.PLATFORM_SUPPORT)
    assert len(_rows(support.open("/urging/"))) == 2
    assert "督办所选" not in support.open("/urging/").part("main")
    for visitor in (stage.rector, stage.dean, stage.staff(StaffRole.AUDITOR)):
        assert visitor.open("/urging/").status == 403


def test_the_unit_is_told_on_its_start_page_and_led_to_what_is_asked(stage: Stage) -> None:
    _press(stage.bureau, stage.bureau.open("/urging/"), "督办：演示大学，指定管理员")
    for visitor in (stage.rector, stage.director):
        page = visitor.open("/")
        assert "主管部门督办 演示大学 济南市科技局在" in page.part("main")
        vacancies = visitor.submit(page, "去指定管理员")
        assert vacancies.heading == "缺管理员的单位"
    for visitor in (stage.dean, stage.person("邻居"), stage.bureau):
        assert "主管部门督办" not in visitor.open("/").part("main")


def test_who_acts_as_somebody_else_sees_it_all_the_same(stage: Stage) -> None:
    _press(stage.bureau, stage.bureau.open("/urging/"), "督办：演示大学，指定管理员")
    himself = stage.person("校长")
    page = himself.open("/")
    assert "主管部门督办" in page
    assert "物理学院" in himself.submit(page, "去指定管理员")


def test_it_goes_away_when_noted_and_the_department_sees_that(stage: Stage) -> None:
    _press(stage.bureau, stage.bureau.open("/urging/"), "督办：演示大学，指定管理员")
    page = stage.rector.submit(stage.rector.open("/"), "知道了")
    assert "已记录您知悉这次督办。" in page
    assert "主管部门督办" not in page
    assert "主管部门督办" in stage.director.open("/")
    assert "已知悉。" in _rows(stage.bureau.open("/urging/"))[0]


def _press(visitor: Visitor, page: Page, label: str) -> Page:
    """Press the button of one row."""
    buttons = (button for button in page.root.all("button") if label in button)
    return _post(visitor, page, {"one": next(buttons)["value"]})


def _post(visitor: Visitor, page: Page, values: dict[str, object]) -> Page:
    form = next(each for each in page.forms if "note" in each.offered)
    data = {"csrf_token": form.fields["csrf_token"], **values}
    response = visitor.client.post(form.action, data=data, follow_redirects=True)
    return Page(response.status_code, form.action, response.get_data(as_text=True))
