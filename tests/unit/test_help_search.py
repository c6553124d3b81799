"""Finding an article by the words people use."""

import pytest

from admin_app.help.articles import PLACEHOLDERS, Article, articles
from admin_app.help.search import SHOWN_MOST, search

VALUES = dict.fromkeys(PLACEHOLDERS, "1")


def first(typed: str, language: str = "zh") -> str | None:
    hits = search(articles(language, VALUES), typed)
    return hits[0].article.slug if hits else None


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("忘记密码", "old-password"),
        ("密码错误", "old-password"),
        ("密码忘记了怎么办", "old-password"),
        ("护照", "passport"),
        ("外国人永久居留身份证", "foreigners"),
        ("多个账号", "several-accounts"),
        ("企业绑定", "representatives"),
        ("企业数量不全", "enterprises"),
        ("法定代表人", "representatives"),
        ("实名认证", "register"),
        ("身份证号信息重复", "register"),
        ("绑定错误", "disputed"),
        ("请申请单位", "apply"),
        ("隶属关系", "binding"),
        ("３６０", "page-does-not-respond"),
        ("chrome", "page-does-not-respond"),
        ("没有反应", "page-does-not-respond"),
        ("二级单位", "secondary-units"),
        ("管理员的设置", "administrators"),
        ("打电话", "contacts"),
        ("切换身份", "capacities"),
    ],
)
def test_what_people_type_leads_to_the_article(typed: str, slug: str) -> None:
    assert first(typed) == slug


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("forgotten password", "old-password"),
        ("PASSPORT", "passport"),
        ("several accounts", "several-accounts"),
        ("enterprise binding", "representatives"),
        ("administrators", "administrators"),
        ("cache", "page-does-not-respond"),
    ],
)
def test_in_english_too(typed: str, slug: str) -> None:
    assert first(typed, "en") == slug


def test_every_word_must_be_there_and_a_title_counts_most() -> None:
    made = [
        Article("a", "zh", "别的", "摘要", "护照 护照 护照 换证"),
        Article("b", "zh", "护照", "摘要", "换证"),
        Article("c", "zh", "护照", "摘要", "无"),
    ]
    assert [hit.article.slug for hit in search(made, "护照 换证")] == ["b", "a"]
    assert [hit.article.slug for hit in search(made, "护照")] == ["b", "c", "a"]


def test_a_hit_shows_the_place() -> None:
    text = "前" * 60 + "极速模式" + "后" * 100
    (hit,) = search([Article("a", "zh", "标题", "摘要", text)], "极速模式")
    assert hit.found == "极速模式"
    assert hit.before == "…" + "前" * 40
    assert hit.after == "后" * 80 + "…"


def test_in_a_hit_nothing_of_the_text_is_html_and_chinese_in_english_is_marked() -> None:
    (hit,) = search([Article("a", "en", "t", "<b> 极速模式 & speed mode", "")], "speed")
    assert hit.before == '&lt;b&gt; <span lang="zh-Hans">极速模式</span> &amp; '


@pytest.mark.parametrize("typed", ["", "   ", "天王盖地虎", "q", "(((", "%_*", "x" * 10_000])
def test_what_is_nowhere_finds_nothing(typed: str) -> None:
    assert search([Article("a", "zh", "题", "摘要", "文")], typed) == []


def test_the_answer_is_bounded() -> None:
    many = [Article(str(n), "zh", "护照", "护照", "护照") for n in range(50)]
    assert len(search(many, "护照")) == SHOWN_MOST
