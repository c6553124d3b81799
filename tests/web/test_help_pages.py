"""The help as pages: contents, finding, articles; open to all, in both languages."""

from pathlib import Path

import pytest
from flask import render_template_string

from admin_app.application import create_app
from admin_app.help.contents import ENTRIES, TOPICS
from admin_app.migration.blockers import Blocker, Desk
from admin_app.setting_kinds import Contacts
from admin_app.settings import Settings
from tests.web.stage import Stage, make_console, make_settings

pytest_plugins = "tests.web.staging"

PORTAL, PLATFORM = "18951758659", "0531-66777094"


def test_the_contents_lead_to_every_article(stage: Stage) -> None:
    page = stage.anonymous().open("/help/")
    for topic in TOPICS:
        assert topic.title.zh in page
    assert {f"/help/{slug}/" for slug in ENTRIES} <= set(page.links())


@pytest.mark.parametrize("slug", ENTRIES)
def test_every_article_opens_for_anybody_in_both_languages(stage: Stage, slug: str) -> None:
    visitor = stage.anonymous()
    for language in ("zh", "en"):
        page = visitor.open(f"/help/{slug}/?lang={language}")
        assert page.status == 200
        assert "{" not in page.part("main").text
        for address in page.links():
            if address.startswith(".."):
                assert visitor.open(f"/help/{address.strip('./')}/").status == 200


def test_an_article_shows_its_own_desk_and_leads_to_the_other(stage: Stage) -> None:
    visitor = stage.anonymous()
    for slug, entry in ENTRIES.items():
        if slug == "contacts":  # which is about nothing else
            continue
        side = visitor.open(f"/help/{slug}/").part("desks")
        assert (PORTAL in side) == (entry.desk in (None, Desk.PORTAL)), slug
        assert (PLATFORM in side) == (entry.desk in (None, Desk.PLATFORM)), slug


def test_numbers_in_a_text_can_be_tapped(stage: Stage) -> None:
    page = stage.anonymous().open("/help/contacts/")
    settings = make_settings().contacts
    for phone in settings.portal_phones + settings.platform_phones:
        assert page.links(phone) == [f"tel:{phone}"]
    assert page.links(settings.platform_email) == [f"mailto:{settings.platform_email}"]


def test_related_articles_are_one_click_away(stage: Stage) -> None:
    page = stage.anonymous().open("/help/old-password/")
    assert "/help/page-does-not-respond/" in page.links()
    assert "/help/" in page.links()


def test_the_registering_article_has_the_portals_links(stage: Stage) -> None:
    """R11, R13: for a local portal the simulator's pages."""
    page = stage.anonymous().open("/help/register/")
    assert any(address.endswith("/register") for address in page.links("省统一身份认证平台"))
    assert any(address.endswith("/help") for address in page.links("使用帮助"))


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("忘记密码", "忘记密码，或提示密码错误"),
        ("护照", "原账号是用护照注册的"),
        ("多个账号", "存在多个账号"),
        ("企业绑定", "法定代表人登录与企业绑定"),
    ],
)
def test_it_is_found_by_what_people_type(stage: Stage, typed: str, title: str) -> None:
    visitor = stage.anonymous()
    page = visitor.submit(visitor.open("/help/"), "查找", q=typed)
    assert page.links(title)
    assert typed in page.part("hits")


def test_when_nothing_is_found_the_contents_stay(stage: Stage) -> None:
    page = stage.anonymous().open("/help/?q=天王盖地虎")
    assert "没有找到“天王盖地虎”" in page
    assert page.links("存在多个账号")
    assert PLATFORM in page


@pytest.mark.parametrize("typed", ["%00", "%F0%9F", "x" * 5000, "%3Cscript%3E", "{portal_phones}"])
def test_strange_words_do_no_harm(stage: Stage, typed: str) -> None:
    page = stage.anonymous().open(f"/help/?q={typed}")
    assert page.status == 200
    assert "<script>" not in page.part("main").text or typed == "%3Cscript%3E"


@pytest.mark.parametrize("slug", ["nothing", "..%2Fzh%2Fregister", "register.md"])
def test_what_is_no_article_is_not_there(stage: Stage, slug: str) -> None:
    assert stage.anonymous().open(f"/help/{slug}/").status == 404


@pytest.mark.parametrize("blocker", Blocker, ids=lambda blocker: blocker.value)
def test_a_blocker_links_to_its_article(blocker: Blocker) -> None:
    with make_console().test_request_context("/?lang=zh"):
        shown = render_template_string(
            '{% from "macros.html" import help_link %}{{ help_link(blocker) }}', blocker=blocker
        )
    assert f'href="/help/{blocker.advice.article}/"' in shown
    assert blocker.label.zh in shown


@pytest.fixture
def edited(tmp_path: Path) -> Settings:
    (tmp_path / "zh").mkdir()
    (tmp_path / "zh" / "passport.md").write_text(
        "# 本省的护照说明\n\n摘要在此\n\n请打 {platform_phones}，{wrong} {0} <b>粗</b>",
        encoding="utf-8",
    )
    changed = {
        "help_folder": str(tmp_path),
        "contacts": Contacts(platform_phones=["0000-1"], portal_phones=["0000-2", "0000-3"]),
        "pending_days": 77,
    }
    return make_settings().model_copy(update=changed)


def test_an_operator_changes_numbers_in_one_place_and_words_in_a_folder(
    edited: Settings, stage: Stage
) -> None:
    app = create_app(edited)
    app.extensions["yihaotong.database"] = stage.app.extensions["yihaotong.database"]
    client = app.test_client()
    text = client.get("/help/passport/").text
    assert "本省的护照说明" in text
    assert '请打 <a href="tel:0000-1">0000-1</a>，{wrong} {0} &lt;b&gt;粗&lt;/b&gt;' in text
    assert "0000-2</a>、<a" in client.get("/help/register/").text
    assert "77 天" in client.get("/help/administrators/").text
    assert "本省的护照说明" in client.get("/help/?q=本省").text
