"""The gate: closed by default, and plain about what to do when it stays closed."""

import json

import pytest
from flask import Flask

from admin_app.application import create_app
from admin_app.identity.vocabulary import StaffRole
from admin_app.policy.vocabulary import Permission
from admin_app.web.addresses import safe_next
from admin_app.web.gate import Access, declare, need_of
from tests.databases import Database
from tests.web.conftest import settings_for
from tests.web.reading import Page
from tests.web.stage import Stage, Visitor, make_console

pytest_plugins = "tests.web.staging"

ENDPOINTS = sorted({rule.endpoint for rule in make_console().url_map.iter_rules()})

# Whoever adds to this list opens a door to everybody in the world.
OPEN = {
    "static",
    "dashboard.asset",
    "dashboard.bundle",
    "health.alive",
    "health.ready",
    "home.index",
    "help.index",
    "help.show",
    "signin.start",
    "signin.callback",
    "signin.staff",
    "signin.staff_submit",
    "signin.sign_out",
}


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_every_endpoint_declares_what_it_needs(endpoint: str) -> None:
    assert isinstance(need_of(make_console(), endpoint), Access | Permission)


def test_only_the_known_few_are_open_to_all() -> None:
    assert {e for e in ENDPOINTS if need_of(make_console(), e) is Access.ALL} == OPEN


@pytest.fixture
def careless(empty_town: Database) -> Flask:
    """A console to which somebody added a page and forgot to say who may open it."""
    app = create_app(settings_for(empty_town.url, "http://127.0.0.1:9"))
    app.add_url_rule("/forgotten", "forgotten", lambda: "secrets")
    return app


def test_an_endpoint_that_declares_nothing_stays_closed(careless: Flask) -> None:
    page = Visitor(careless.test_client()).open("/forgotten")
    assert page.status == 500  # loud where it is built …
    assert "secrets" not in page.html
    settings = careless.extensions["yihaotong.settings"]
    careless.extensions["yihaotong.settings"] = settings.model_copy(
        update={"environment": "production"}
    )
    page = Visitor(careless.test_client()).open("/forgotten")
    assert page.status == 403  # … and quiet where it runs
    assert "secrets" not in page.html


def test_a_declaration_that_is_no_declaration_stays_closed(careless: Flask) -> None:
    declare(careless.view_functions["forgotten"], "anything")  # type: ignore[arg-type]
    assert Visitor(careless.test_client()).open("/forgotten").status == 500


def test_whoever_is_not_signed_in_is_asked_to_and_comes_back(stage: Stage) -> None:
    page = stage.anonymous().open("/units/?kind=secondary&size=50")
    assert page.address == "/?next=/units/?kind%3Dsecondary%26size%3D50"
    assert "请先登录，登录后会自动回到您要打开的页面。" in page
    assert page.link("自然人与法人登录").startswith("/signin?next=/units/")


def test_a_script_is_told_in_its_own_words(stage: Stage) -> None:
    answer = stage.anonymous().get("/tree/", headers={"X-Requested-With": "XMLHttpRequest"})
    assert answer.status_code == 401
    assert answer.json is not None
    assert answer.json["message"] == "登录已过期或尚未登录。"


def test_a_form_sent_after_the_session_ended_leads_home(stage: Stage) -> None:
    visitor = stage.rector
    page = visitor.open("/sessions/")
    visitor.client.delete_cookie("yihaotong")
    answer = visitor.client.post("/sessions/end-others", data=page.form("退出登录").fields)
    assert answer.headers["Location"] == "/"


def test_a_refusal_says_why_and_offers_the_capacities_that_could(stage: Stage) -> None:
    """The page of a decision shows the decision's own reason."""
    page = stage.person("校长").open("/units/")
    assert (page.status, page.heading) == (403, "现在还不能办理")
    assert "以自然人身份不能办理这一事项" in page
    form = page.form("法定代表人 · 演示大学")
    assert form.fields["next"] == "/units/"


def test_taking_the_offer_opens_the_page_first_asked_for(stage: Stage) -> None:
    visitor = stage.person("校长")
    page = visitor.submit(visitor.open("/units/"), "法定代表人 · 演示大学")
    assert (page.status, page.address) == (200, "/units/")


def test_where_no_capacity_could_none_is_offered(stage: Stage) -> None:
    page = stage.rector.open("/audit/")
    assert page.status == 403
    assert all("换成" not in form.node.text for form in page.forms)


def test_one_page_shows_only_what_belongs_to_the_capacity_acted_in(stage: Stage) -> None:
    assert _menu(stage.rector.open("/")) >= {"首页", "单位树"}
    assert _menu(stage.person("校长").open("/")) == {"首页", "帮助"}
    assert _menu(stage.staff(StaffRole.AUDITOR).open("/")) == {"首页", "审计日志", "帮助"}


def test_nobody_switches_to_a_capacity_that_is_not_theirs(stage: Stage) -> None:
    visitor = stage.rector
    form = visitor.open("/").form("退出登录")
    key = f"legal_representative:{stage.world['邻居大学'].id}"
    answer = visitor.client.post("/capacity", data={**form.fields, "key": key})
    assert answer.status_code == 404


@pytest.mark.parametrize("address", ["/nothing", "/unit/999999/", "/static/../wsgi.py"])
def test_what_is_not_there_is_said_plainly(stage: Stage, address: str) -> None:
    page = stage.rector.open(address)
    assert (page.status, page.heading) == (404, "没有找到")
    assert page.link("回到首页") == "/"


def test_a_page_asked_in_the_wrong_way_says_so(stage: Stage) -> None:
    assert stage.anonymous().open("/signout").heading == "操作方式不对"


def test_an_unexpected_error_shows_a_number_that_is_in_the_log(
    careless: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody sees a trace, and no ID number reaches the log."""

    def fails() -> str:
        raise RuntimeError("holder of 370102199001011234 is missing")

    careless.add_url_rule("/fails", "fails", declare(fails, Access.ALL))
    page = Visitor(careless.test_client()).open("/fails")
    written = capsys.readouterr().err
    entries = [json.loads(line) for line in written.splitlines()]
    error = next(entry for entry in entries if entry["event"] == "error")
    assert page.status == 500
    assert error["request"] in page
    assert "RuntimeError" not in page.html
    assert "Traceback" not in page.html
    assert "370102199001011234" not in written
    assert "370***1234" in error["message"]


def test_the_log_names_the_visitor_by_number_and_leaves_out_what_was_asked(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.rector.get("/search/?q=370102199001011234")
    written = capsys.readouterr().err
    entry = json.loads(written.splitlines()[-1])
    number = stage.world.people["校长"].id
    assert entry["actor"] == f"person:{number} legal_representative"
    assert "370102199001011234" not in written


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/units/?kind=secondary", "/units/?kind=secondary"),
        ("/", "/"),
        (None, None),
        ("", None),
        ("units/", None),
        ("https://evil.example/", None),
        ("//evil.example/", None),
        ("///evil.example/", None),
        ("/\\evil.example/", None),
        ("/\n/evil.example/", None),
        ("/ /evil.example", None),
        ("javascript:alert(1)", None),
        ("/signin/callback?code=1", None),
        ("/signout", None),
        ("/" + "x" * 2000, None),
    ],
)
def test_only_pages_of_this_site_are_gone_back_to(
    address: str | None, expected: str | None
) -> None:
    assert safe_next(address) == expected


def _menu(page: Page) -> set[str]:
    menu = next(nav for nav in page.root.all("nav") if nav["class"] == "menu")
    return {link.text for link in menu.all("a")}
