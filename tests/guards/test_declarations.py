"""Closed by default: every route says what it needs, and one that says nothing stays shut."""

import pytest
from flask import Flask

from admin_app.application import create_app
from admin_app.policy.vocabulary import Permission
from admin_app.settings import Settings
from admin_app.web.gate import Access
from tests.guards.routes import doors
from tests.web.stage import Stage, make_console, make_settings

pytest_plugins = "tests.web.staging"

# Open to whoever comes; a new one belongs here only after somebody has thought about it.
OPEN = {
    "GET static",
    "GET home.index",
    "GET help.index",
    "GET help.show",
    "GET health.alive",
    "GET health.ready",
    "GET signin.start",
    "GET signin.callback",
    "GET signin.staff",
    "POST signin.staff_submit",
    "POST signin.sign_out",
    # Scripts and styles, the same for everybody.
    "GET dashboard.asset",
    "GET dashboard.bundle",
}


def test_every_route_of_flask_and_flask_admin_declares_its_need() -> None:
    assert [str(door) for door in doors(make_console()) if door.need is None] == []


def test_only_these_routes_are_open_to_all() -> None:
    assert {str(door) for door in doors(make_console()) if door.need is Access.ALL} == OPEN


def test_whatever_changes_a_unit_or_an_office_needs_a_permission_or_ones_own_office() -> None:
    writing = {door.endpoint: door.need for door in doors(make_console()) if door.method == "POST"}
    of_units = {e: n for e, n in writing.items() if e.startswith(("unit", "appointing"))}
    own = {endpoint for endpoint, need in of_units.items() if not isinstance(need, Permission)}
    assert own == {"appointing.resign", "appointing.noted"}


def test_flask_admins_own_ways_of_writing_and_its_assets_have_no_routes() -> None:
    endpoints = {door.endpoint for door in doors(make_console())}
    names = ("create_view", "edit_view", "details_view", "delete_view", "action_view")
    assert not [e for e in endpoints if e.endswith((*names, "ajax_lookup", "ajax_update"))]
    assert {e for e in endpoints if "static" in e} == {"static"}


@pytest.fixture
def forgetful(stage: Stage) -> Flask:
    """The console with a page whose maker forgot to say who may see it."""
    app = create_app(make_settings())
    app.add_url_rule("/forgotten", "forgotten", lambda: "the secret of the house")
    app.extensions["yihaotong.database"] = stage.app.extensions["yihaotong.database"]
    return app


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_route_that_declares_nothing_is_refused_to_everybody(
    forgetful: Flask, stage: Stage, method: str
) -> None:
    for visitor in (stage.anonymous(), stage.rector):
        client = forgetful.test_client()
        cookie = visitor.client.get_cookie("yihaotong")
        if cookie is not None:
            client.set_cookie(cookie.key, cookie.value)
        response = client.open("/forgotten", method=method)
        assert response.status_code == 500
        assert "the secret of the house" not in response.text


def test_in_production_too_and_without_a_word_about_why(
    forgetful: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings: Settings = forgetful.extensions["yihaotong.settings"]
    monkeypatch.setattr(settings, "environment", "production")
    response = forgetful.test_client().get("/forgotten")
    assert response.status_code == 403
    assert "the secret of the house" not in response.text
    assert "declares" not in response.text
