"""Chinese first, English complete, times as people here read them."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from admin_app.web.language import day, moment, say, show
from admin_app.wording import Text
from tests.web.fake_portal import FakePortal
from tests.web.stage import Stage, Visitor

pytest_plugins = "tests.web.staging"

HOME = {"zh": "自然人与法人登录", "en": "Sign in as a person or legal representative"}
MORNING = datetime(2026, 3, 3, 6, 5, tzinfo=UTC)  # 14:05 in Jinan


def test_the_console_speaks_chinese_until_told_otherwise(browser: Visitor) -> None:
    page = browser.open("/")
    assert HOME["zh"] in page
    assert next(page.root.all("html"))["lang"] == "zh-Hans"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-US,en;q=0.9,zh;q=0.1", "zh"),  # somebody who reads Chinese at all gets Chinese
        ("en-US,en;q=0.9", "en"),
        ("*", "zh"),
        ("fr", "zh"),
        ("", "zh"),
    ],
)
def test_a_browser_without_chinese_gets_english(
    browser: Visitor, accepted: str, language: str
) -> None:
    assert HOME[language] in browser.open("/", headers={"Accept-Language": accepted})


def test_the_choice_is_kept(browser: Visitor) -> None:
    page = browser.open("/signin/staff?next=/units/")
    english = browser.follow(page, "English")
    assert english.address == "/signin/staff?next=%2Funits%2F&lang=en"
    assert english.heading == "Sign-in for departments and managers"
    assert HOME["en"] in browser.open("/")
    assert HOME["zh"] in browser.follow(browser.open("/"), "中文")


def test_signing_in_keeps_the_language(portal: FakePortal, browser: Visitor) -> None:
    browser.open("/?lang=en")
    asked = portal.asked(browser.get("/signin").headers["Location"])
    assert asked["ui_locales"] == "en"
    page = browser.open("/signin/callback", query_string={"state": asked["state"], "code": "c"})
    assert page.heading == "Hello, 外人"


def test_an_unknown_language_changes_nothing(browser: Visitor) -> None:
    assert HOME["zh"] in browser.open("/?lang=xx")


def test_the_answer_to_a_form_offers_the_other_language_of_a_page_that_exists(
    stage: Stage,
) -> None:
    answer = stage.anonymous().client.post("/signin/staff")
    assert b'href="/signin/staff?lang=en"' in answer.data


@pytest.mark.parametrize("address", ["/", "/units/", "/tree/", "/sessions/", "/vacancies/"])
def test_pages_in_english_say_nothing_in_chinese_but_names(stage: Stage, address: str) -> None:
    visitor = stage.rector
    visitor.open("/?lang=en")
    page = visitor.open(address)
    names = [*stage.world.units, *stage.world.people, "中文"]
    words = page.root.text
    for name in sorted(names, key=len, reverse=True):
        words = words.replace(name, "")
    left = {word for word in words.split() if any("\u4e00" <= c <= "\u9fff" for c in word)}
    assert left <= {word[:1] for word in names}  # the first character stands for a face


def test_times_are_those_of_the_province(console: Flask) -> None:
    with console.test_request_context("/"):
        assert moment(MORNING) == "2026年3月3日 14:05"
        assert day(MORNING) == "2026年3月3日"
        assert moment(None) == "—"
    with console.test_request_context("/", headers={"Accept-Language": "en"}):
        assert moment(MORNING) == "3 Mar 2026, 14:05"
        assert day(MORNING) == "3 Mar 2026"


def test_a_sentence_follows_the_language(console: Flask) -> None:
    text = Text("审计员", "auditor")
    with console.test_request_context("/", headers={"Accept-Language": "en"}):
        assert say(text) == "auditor"
        assert show(text) == "Auditor"  # standing by itself
    with console.test_request_context("/"):
        assert say(text) == "审计员"
