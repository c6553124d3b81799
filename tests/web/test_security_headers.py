"""What every answer tells the browser to refuse, and the token every form has to bring."""

import re

import pytest
from flask import Flask

from admin_app.application import create_app
from tests import builders
from tests.databases import Database
from tests.web.conftest import settings_for
from tests.web.fake_portal import FakePortal
from tests.web.reading import Page
from tests.web.stage import Stage, Visitor

pytest_plugins = "tests.web.staging"

PAGES = ["/", "/help/", "/signin/staff", "/nothing", "/healthz"]
INSIDE = ["/", "/sessions/", "/units/", "/tree/", "/search/", "/vacancies/"]


@pytest.fixture
def production(empty_town: Database) -> Visitor:
    """The console as a province runs it."""
    settings = settings_for(
        empty_town.url,
        "https://portal.example",
        environment="production",
        public_url="https://cloud.example",
        secret_key="a-secret-of-our-own-0123456789abcdef",
        identity_keys=[builders.KEY],
        index_key=builders.KEY,
        portal_client_secret="another",
    )
    return Visitor(create_app(settings).test_client())


@pytest.mark.parametrize("address", PAGES)
def test_every_answer_carries_the_headers(browser: Visitor, address: str) -> None:
    headers = browser.get(address).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("address", PAGES)
def test_the_policy_lets_nothing_run_that_we_did_not_send(
    browser: Visitor, portal: FakePortal, address: str
) -> None:
    directives = _policy(browser, address)
    assert directives["default-src"] == ["'none'"]
    assert directives["frame-ancestors"] == ["'none'"]
    assert directives["base-uri"] == ["'none'"]
    assert directives["form-action"] == ["'self'", portal.issuer]
    for name in ("script-src", "style-src"):
        own, nonce = directives[name]
        assert own == "'self'"
        assert re.fullmatch(r"'nonce-[\w-]{20,}'", nonce)


def test_each_answer_has_a_nonce_of_its_own(browser: Visitor) -> None:
    assert _policy(browser, "/")["script-src"] != _policy(browser, "/")["script-src"]


@pytest.mark.parametrize("address", INSIDE)
def test_no_page_needs_what_the_policy_forbids(stage: Stage, address: str) -> None:
    """No inline handlers, no style attributes, nothing from elsewhere, no script without nonce."""
    answer = stage.rector.get(address)
    page = Page(answer.status_code, address, answer.get_data(as_text=True))
    nonce = re.search(r"'nonce-([\w-]+)'", answer.headers["Content-Security-Policy"])
    assert nonce is not None
    for element in page.root.all():
        assert "style" not in element.attributes
        assert not [name for name in element.attributes if name.startswith("on")]
        if element.tag in ("script", "link", "img"):
            assert (element["src"] or element["href"]).startswith("/static/")
        if element.tag == "script" or element["rel"] == "stylesheet":
            assert element["nonce"] == nonce[1]


def test_production_speaks_https_alone(production: Visitor) -> None:
    answer = production.get("/signin/staff", base_url="https://cloud.example")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-yihaotong_page=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_static_files_are_kept_for_a_year_under_an_address_of_their_content(
    browser: Visitor,
) -> None:
    page = browser.open("/")
    addresses = [n["href"] for n in page.root.all("link") if n["rel"] == "stylesheet"]
    assert addresses
    for address in addresses:
        assert "immutable" in browser.get(address).headers["Cache-Control"]
    assert "immutable" not in browser.get("/static/console.css").headers["Cache-Control"]
    assert "immutable" not in browser.get("/static/console.css?v=1").headers["Cache-Control"]


def test_a_form_without_its_token_changes_nothing(stage: Stage) -> None:
    visitor = stage.rector
    answer = visitor.client.post("/sessions/end-others")
    page = Page(answer.status_code, "", answer.get_data(as_text=True))
    assert (page.status, page.heading) == (400, "页面已过期")
    assert "页面已过期，请返回刷新后再试。" in page
    assert visitor.open("/sessions/").status == 200


def test_a_token_of_another_session_is_no_token(stage: Stage) -> None:
    token = stage.dean.open("/").form("退出登录").fields["csrf_token"]
    answer = stage.rector.client.post("/signout", data={"csrf_token": token})
    assert answer.status_code == 400


def test_every_form_that_changes_something_brings_its_token(stage: Stage) -> None:
    for address in INSIDE:
        for form in stage.rector.open(address).forms:
            assert ("csrf_token" in form.fields) == form.is_post


def test_a_body_beyond_the_limit_is_refused(browser: Visitor) -> None:
    answer = browser.client.post("/signout", data={"x": "y" * 3_000_000})
    assert answer.status_code == 413


def test_nothing_of_flask_admins_own_is_served(console: Flask) -> None:
    browser = Visitor(console.test_client())
    for address in ("/static/admin/bootstrap/bootstrap4/css/bootstrap.min.css", "/admin/"):
        assert browser.get(address).status_code == 404
    assert "bootstrap" not in browser.open("/").html


def test_health_is_json_and_ready_means_the_schema_is_current(browser: Visitor) -> None:
    assert browser.get("/healthz").json == {"status": "ok"}
    assert browser.get("/readyz").json == {
        "status": "ok",
        "database": "ok",
        "schema": "current",
    }


def _policy(visitor: Visitor, address: str) -> dict[str, list[str]]:
    header = visitor.get(address).headers["Content-Security-Policy"]
    return {name: values for name, *values in (part.split() for part in header.split(";"))}
