"""Every form brings a token of this browser's own; without one nothing happens."""

import pytest
from flask import Flask

from tests.guards.digests import digest
from tests.guards.routes import Door, doors
from tests.web.stage import Stage, make_console

pytest_plugins = "tests.web.staging"

WRITING = [door for door in doors(make_console()) if door.method != "GET"]


@pytest.mark.parametrize("door", WRITING, ids=str)
def test_nothing_is_taken_without_a_token(stage: Stage, door: Door) -> None:
    for visitor in (stage.rector, stage.anonymous()):
        before = digest(stage)
        for sent in ({}, {"csrf_token": ""}, {"csrf_token": "made.up.token"}):
            address = door.address(**dict.fromkeys(door.arguments, 1))
            response = visitor.client.post(address, data=sent)
            assert response.status_code == 400
            assert "页面已过期，请返回刷新后再试" in response.text
        assert digest(stage) == before


def test_the_token_of_another_browser_is_not_taken(stage: Stage) -> None:
    form = stage.director.open(f"{stage.page_of('物理学院')}rename").form("保存")
    stage.rector.open("/")
    response = stage.rector.client.post(form.action, data={**form.fields, "name": "理学院"})
    assert response.status_code == 400


def test_every_form_that_changes_something_carries_the_token(stage: Stage) -> None:
    visitor, seen = stage.rector, 0
    for address in ("/", "/sessions/", stage.page_of("海洋学院"), "/unit/999/"):
        for form in visitor.open(address).forms:
            if form.is_post:
                assert form.fields["csrf_token"], (address, form.action)
                seen += 1
    assert seen >= 4


def test_the_check_is_on_by_default(stage: Stage) -> None:
    app: Flask = make_console()
    assert app.config["WTF_CSRF_ENABLED"]
    assert app.config["WTF_CSRF_CHECK_DEFAULT"]
