"""Whatever a browser sends, a callback answers within the visitor's reach or not at all (D4)."""

import pytest
from sqlalchemy import event

from admin_app.identity.vocabulary import StaffRole
from admin_app.policy.vocabulary import Permission
from admin_app.rollups.vocabulary import NoSuchPlace
from dashboards.panels import PANELS
from tests.dashboards.asking import ask, body_for, shown, token_of
from tests.guards.reviewed_table import grants
from tests.guards.roles import ROLES, Role
from tests.web.stage import Stage

pytest_plugins = "tests.web.staging"

BY_NAME = {role.name: role for role in ROLES}
SEES = [r for r in ROLES if r.capacity and grants(r.capacity, Permission.FIGURES_VIEW)]
SEES_NOTHING = [r for r in ROLES if r not in SEES]
UNITS = ("省科技厅", "济南市科技局", "青岛市科技局", "演示大学", "海洋学院", "邻居大学", "邻居学院")
NONSENSE = (
    "?unit=abc", "?unit=0", "?unit=-1", "?unit=99999999999999999999", "?unit=1%00", "?unit=1,2",
    "?unit=2147483647", "?unit=１", "?department=999999999", "?unit=1' or '1'='1",
)  # fmt: skip


def names_in(text: str, stage: Stage, but: set[str]) -> set[str]:
    return {name for name in stage.world.units if name in text and name not in but}


@pytest.mark.parametrize("role", SEES_NOTHING, ids=str)
@pytest.mark.parametrize("panel", PANELS)
def test_who_may_not_see_figures_gets_none(stage: Stage, role: Role, panel: str) -> None:
    visitor = role.enter(stage)
    body = body_for(panel, f"?unit={stage.world['演示大学'].id}")
    answer = ask(visitor, body, token_of(BY_NAME["anonymous"].enter(stage)))
    assert answer.status_code in (400, 401, 403)
    assert names_in(answer.text, stage, set()) == set()


@pytest.mark.parametrize("role", SEES_NOTHING, ids=str)
@pytest.mark.parametrize(
    "address",
    ["", "_dash-layout", "_dash-dependencies", "units/?q=大学", "list?mark=state%3Dstuck",
     "download/funnel.csv", "download/headlines.xlsx"],
)  # fmt: skip
def test_nor_anything_else_of_the_dashboard(stage: Stage, role: Role, address: str) -> None:
    answer = role.enter(stage).get(f"/dashboard/{address}")
    assert answer.status_code in (302, 403)
    assert "finding-funnel" not in answer.text
    assert answer.status_code == 403 or "/dashboard" not in answer.headers["Location"].split("?")[0]


@pytest.mark.parametrize("role", SEES, ids=str)
@pytest.mark.parametrize("panel", PANELS)
def test_another_units_number_gets_a_sentence_and_nothing_else(
    stage: Stage, role: Role, panel: str
) -> None:
    visitor = role.enter(stage)
    token = token_of(visitor)
    for name in role.outside:
        found = shown(ask(visitor, body_for(panel, f"?unit={stage.world[name].id}"), token), panel)
        assert found["note"] == NoSuchPlace.text.zh
        assert found["table"] is None
        assert "is-troubled" in found["tone"]
        answer = ask(visitor, body_for(panel, f"?unit={stage.world[name].id}"), token)
        assert names_in(answer.text, stage, set()) == set()


@pytest.mark.parametrize("role", SEES, ids=str)
def test_the_rest_of_the_doors_stay_shut_too(stage: Stage, role: Role) -> None:
    visitor = role.enter(stage)
    for name in role.outside:
        number = stage.world[name].id
        for address in (
            "?unit={}",
            "download/parts.csv?unit={}",
            "list?mark=state%3Dstuck&unit={}",
        ):
            answer = visitor.get(f"/dashboard/{address.format(number)}")
            assert answer.status_code == 404, address
            assert name not in answer.text
        assert name not in visitor.get(f"/dashboard/units/?q={name}").text.replace(f"q={name}", "")


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_a_unit_that_makes_no_sense_is_no_such_unit(stage: Stage, nonsense: str) -> None:
    visitor = stage.bureau
    found = shown(ask(visitor, body_for("funnel", nonsense)), "funnel")
    assert found["note"] == NoSuchPlace.text.zh
    assert visitor.get(f"/dashboard/{nonsense}").status_code == 404


@pytest.mark.parametrize(
    "search",
    [None, 7, [], {}, "?region=9999&kind=nobody", "?first=9999-99-99&last=x&compare=1", "?&&&=;",
     "?region=%27", "x" * 100_000, "?" + "a=1&" * 5_000],
    ids=lambda value: str(value)[:20],
)  # fmt: skip
def test_what_makes_no_sense_otherwise_is_no_choice(stage: Stage, search: object) -> None:
    found = shown(ask(stage.bureau, body_for("headlines", search)), "headlines")
    assert "is-troubled" not in found["tone"]


@pytest.mark.parametrize("look", [0, "dark", [1], {"dark": "yes", "narrow": 3}], ids=str)
def test_a_look_that_is_none_is_the_plain_one(stage: Stage, look: object) -> None:
    found = shown(ask(stage.bureau, body_for("headlines", "", look)), "headlines")
    assert "is-troubled" not in found["tone"]


@pytest.mark.parametrize(
    "body",
    ["", "nonsense", "[]", "3", "null", '{"output": 5}', '{"output": "x", "inputs": 3}',
     '{"output": "x", "inputs": [3]}', '{"inputs": [{"id": {}, "property": []}]}',
     '{"output": "..a.b..", "changedPropIds": [{}]}'],
)  # fmt: skip
def test_a_body_that_is_none_is_refused_in_plain_words(stage: Stage, body: str) -> None:
    answer = ask(stage.bureau, body)
    assert 400 <= answer.status_code < 500
    assert "Traceback" not in answer.text
    assert answer.get_json()["message"]


def test_a_callback_that_does_not_exist_is_refused(stage: Stage) -> None:
    body = body_for("funnel", "")
    answer = ask(stage.bureau, {**body, "output": "..secret.children.."})
    assert 400 <= answer.status_code < 500
    assert "secret" not in answer.text


def test_a_huge_body_is_refused(stage: Stage) -> None:
    assert ask(stage.bureau, body_for("funnel", "x" * 3_000_000)).status_code == 413


def test_without_the_pages_token_nothing_is_answered(stage: Stage) -> None:
    answer = ask(stage.bureau, body_for("funnel", ""), "")
    assert answer.status_code == 400
    assert answer.get_json()["code"] == "page_expired"


def test_a_figure_that_fails_says_so_in_its_own_place(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: object) -> None:
        raise ValueError("the password is swordfish")

    monkeypatch.setattr("admin_app.rollups.queries.funnel", fails)
    answer = ask(stage.bureau, body_for("funnel", ""))
    assert "is-troubled" in shown(answer, "funnel")["tone"]
    assert "swordfish" not in answer.text
    assert (
        "is-troubled"
        not in shown(ask(stage.bureau, body_for("headlines", "")), "headlines")["tone"]
    )


def test_a_callback_begins_no_writing(stage: Stage) -> None:
    """On SQLite it would wait for whoever writes, and make others wait."""
    visitor = stage.staff(StaffRole.MANAGER, "济南市科技局")
    token = token_of(visitor)
    begun: list[str] = []
    engine = stage.sessions.kw["bind"]

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.upper().startswith(("BEGIN IMMEDIATE", "INSERT", "UPDATE", "DELETE")):
            begun.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        for panel in PANELS:
            shown(ask(visitor, body_for(panel, ""), token), panel)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert begun == []
