"""The desk's panel on the page: narrowed like the others, and where a click leads (R39, D4)."""

from datetime import datetime, timedelta

import pytest

from admin_app.hierarchy.models import Unit
from admin_app.identity.vocabulary import StaffRole
from admin_app.migration.blockers import Blocker
from admin_app.policy.vocabulary import Capacity
from dashboards import marks
from dashboards.values import Mark, OnDesk
from tests import builders
from tests.dashboards.asking import ask, body_for, shown
from tests.dashboards.desk_stories import has
from tests.web.stage import Stage, Visitor

pytest_plugins = "tests.web.staging"

PERSONS = "?kind=natural_persons"
ALL_CHOSEN = "自然人（原个人账号）（所选）"
ADMINISTRATORS_CHOSEN = "单位管理员（所选）"


def settle(stage: Stage) -> None:
    """Of natural persons two overdue cases and an open one at 海洋学院, an overdue one in another
    region, and one that is over; one about an administrator."""
    with stage.writing() as session:
        for unit, matter, way, ago in (
            ("海洋学院", "password", "filed", 0),
            ("海洋学院", "disputed", "in review", 30),
            ("海洋学院", "password", "filed", 30),
            ("邻居学院", "password", "filed", 30),
            ("海洋学院", "password", "approved", 30),
            ("海洋学院", "unreachable", "filed", 0),
        ):
            case = has(session, stage.world[unit], matter, way, ago, 1)
            shift = _now() - builders.NOON
            case.filed_at += shift
            case.due_on += timedelta(days=shift.days)
        elsewhere = session.get_one(Unit, stage.world["邻居大学"].id)
        elsewhere.uscc = f"91110000{(elsewhere.uscc or '')[8:]}"


def _now() -> datetime:
    return datetime.now(builders.NOON.tzinfo)


def rows(visitor: Visitor, search: str = PERSONS) -> dict[str, dict]:
    found = shown(ask(visitor, body_for("cases", search)), "cases")
    return {row["cells"][1]: row for row in found["table"]["rows"]} if found["table"] else {}


def test_support_goes_from_a_figure_to_its_list(stage: Stage) -> None:
    settle(stage)
    visitor = stage.staff(StaffRole.PLATFORM_SUPPORT)
    found = rows(visitor)
    all_of_them = found[ALL_CHOSEN]
    assert all_of_them["cells"][2:4] == ["4", "3"]
    assert _length(visitor.open(all_of_them["address"])) == 4
    narrowed = rows(visitor, f"{PERSONS}&unit={stage.world['海洋学院'].id}")[ALL_CHOSEN]
    assert narrowed["cells"][2:4] == ["3", "2"]
    assert _length(visitor.open(narrowed["address"])) == 3


def test_a_bar_leads_to_what_is_overdue(stage: Stage) -> None:
    settle(stage)
    visitor = stage.staff(StaffRole.PLATFORM_SUPPORT)
    mark = marks.written(Mark(case_kind=Blocker.OLD_PASSWORD, on_desk=OnDesk.OVERDUE))
    asked = {"kind": "natural_persons", "mark": mark}
    answer = visitor.client.get("/dashboard/list", query_string=asked)
    assert answer.status_code == 302
    assert _length(visitor.open(answer.headers["Location"])) == 2


def test_it_is_narrowed_by_region_and_by_kind_and_so_is_its_list(stage: Stage) -> None:
    settle(stage)
    visitor = stage.staff(StaffRole.PLATFORM_SUPPORT)
    for search, name, figures in (
        (f"{PERSONS}&region=9900", ALL_CHOSEN, ["3", "2"]),
        (f"{PERSONS}&region=1100", ALL_CHOSEN, ["1", "1"]),
        ("?kind=administrators", ADMINISTRATORS_CHOSEN, ["1", "0"]),
    ):
        row = rows(visitor, search)[name]
        assert row["cells"][2:4] == figures
        assert _length(visitor.open(row["address"])) == int(figures[0])
        late = visitor.open(f"{row['address']}&when=late")
        assert _length(late) == int(figures[1])


def test_whatever_kind_is_chosen_all_kinds_are_shown(stage: Stage) -> None:
    settle(stage)
    visitor = stage.staff(StaffRole.PLATFORM_SUPPORT)
    found = shown(ask(visitor, body_for("cases", "?kind=enterprises")), "cases")
    assert found["finding"] == ("没有涉及企事业单位的申请；全部对象：5 件未办结，其中 3 件超期")
    lines = [(row, *row["cells"]) for row in found["table"]["rows"]]
    figures = {(by, name): cells[:2] for _row, by, name, *cells in lines}
    assert figures["对象", "自然人（原个人账号）"] == ["4", "3"]
    assert figures["对象", "单位管理员"] == ["1", "0"]
    assert figures["事项", Blocker.DISPUTED.label.zh] == ["1", "1"]
    assert figures["主管部门", "济南市科技局"] == ["4", "2"]
    for row, _by, _name, number, late, *_ in lines:
        assert _length(visitor.open(row["address"])) == int(number)
        assert _length(visitor.open(f"{row['address']}&when=late")) == int(late)
    found = shown(ask(visitor, body_for("cases", PERSONS)), "cases")
    assert found["finding"].endswith("；其他对象另有 1 件未办结")


def test_what_is_taken_away_is_narrowed_too(stage: Stage) -> None:
    settle(stage)
    visitor = stage.staff(StaffRole.PLATFORM_SUPPORT)
    taken = visitor.client.get(f"/dashboard/download/cases.csv{PERSONS}&region=1100")
    assert f"对象,{ALL_CHOSEN},1,1," in taken.text


def test_the_list_of_what_is_over_is_narrowed_the_same_way(stage: Stage) -> None:
    settle(stage)
    visitor = stage.staff(StaffRole.PLATFORM_SUPPORT)
    everything = "/desk/?state=all&about=natural_persons"
    assert _length(visitor.open(everything)) == 5
    assert _length(visitor.open(f"{everything}&region=9900")) == 4
    assert _length(visitor.open("/desk/?state=all&about=administrators")) == 1


@pytest.mark.parametrize(("state", "persons"), [("", 3), ("all", 4)])
def test_a_search_keeps_to_what_the_list_is_narrowed_to(
    stage: Stage, state: str, persons: int
) -> None:
    settle(stage)
    visitor = stage.staff(StaffRole.PLATFORM_SUPPORT)
    for search, expected in (
        ("about=natural_persons", persons),
        ("about=administrators", 1),
        ("about=natural_persons&region=9900", persons),
        ("about=natural_persons&region=1100", 0),
    ):
        page = visitor.open(f"/desk/?q=海洋学院&state={state}&{search}")
        assert _length(page) == expected, search


@pytest.mark.parametrize("role", [StaffRole.MANAGER, StaffRole.DEPARTMENT_STAFF], ids=str)
def test_only_who_sees_cases_gets_a_way_to_them(stage: Stage, role: StaffRole) -> None:
    settle(stage)
    visitor = stage.staff(role, "济南市科技局")
    found = rows(visitor)
    assert found[ALL_CHOSEN]["cells"][2] == "3"
    addresses = [row.get("address", "") for row in found.values()]
    leads = any(each.startswith("/desk/") for each in addresses)
    assert leads == (role is StaffRole.DEPARTMENT_STAFF)
    if not leads:
        mark = {"mark": "on_desk=open"}
        answer = visitor.client.get("/dashboard/list", query_string=mark)
        assert answer.status_code == 404


def test_a_unit_sees_its_own(stage: Stage) -> None:
    settle(stage)
    visitor = stage.person("院长", Capacity.UNIT_ADMINISTRATOR, "海洋学院")
    found = rows(visitor)
    assert found[ALL_CHOSEN]["cells"][2:4] == ["3", "2"]
    assert [name for name, row in found.items() if "address" in row] == ["单位管理员"]
    assert "kind=administrators" in found["单位管理员"]["address"]


def _length(page) -> int:  # type: ignore[no-untyped-def]  # tests.web.reading's
    assert page.status == 200
    body = next(page.root.all("tbody"), None)
    return len(list(body.all("tr"))) if body else 0
