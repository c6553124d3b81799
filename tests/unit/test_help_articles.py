"""The help's articles: complete in both languages, nothing literal that is configuration."""

import os
import re
from pathlib import Path

import pytest

from admin_app.help.articles import (
    FOLDER,
    LANGUAGES,
    PLACEHOLDERS,
    Article,
    NotAnArticle,
    article,
    articles,
    fill,
    parse,
    placeholders,
)
from admin_app.help.contents import ENTRIES, TOPICS
from admin_app.help.markdown import plain, rendered
from admin_app.migration.blockers import Blocker, Desk
from admin_app.setting_kinds import Contacts

VALUES = {name: f"«{name}»" for name in PLACEHOLDERS}
FILES = sorted(FOLDER.glob("*/*.md"))
_NUMBER = re.compile(r"\d{3,4}-\d{6,}|\d{7,}")
_ADDRESS = re.compile(r"https?://|\w@\w|\bwww\.|\.gov\.cn|\.cn\b")


def source(slug: str, language: str) -> str:
    return (FOLDER / language / f"{slug}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("blocker", Blocker, ids=lambda blocker: blocker.value)
def test_every_blocker_has_its_article_in_both_languages(blocker: Blocker) -> None:
    for language in LANGUAGES:
        found = article(blocker.advice.article, language, VALUES)
        assert found.title
        assert found.body


@pytest.mark.parametrize("blocker", Blocker, ids=lambda blocker: blocker.value)
def test_an_article_names_the_desk_of_its_blockers(blocker: Blocker) -> None:
    """Trap 3: the wrong desk costs a day. Where an article serves both, both numbers are in it."""
    if blocker.advice.desk is Desk.UNIT:
        return
    wanted = f"{blocker.advice.desk.value}_phones"
    texts = [source(blocker.advice.article, language) for language in LANGUAGES]
    shown = ENTRIES[blocker.advice.article].desk
    # The representative's own article leads to whatever holds them up, with that desk.
    chained = blocker is Blocker.BLOCKED_BY_REPRESENTATIVE
    assert chained or shown in (None, blocker.advice.desk)
    assert chained or all(wanted in placeholders(text) for text in texts)


def test_both_languages_have_the_articles_of_the_contents_and_no_others() -> None:
    for language in LANGUAGES:
        assert {file.stem for file in (FOLDER / language).glob("*")} == set(ENTRIES)
    assert len(ENTRIES) == sum(len(topic.entries) for topic in TOPICS)


@pytest.mark.parametrize("slug", ENTRIES)
def test_both_languages_say_it_in_the_same_places(slug: str) -> None:
    """The same placeholders, headings, list entries, and links to the same articles."""
    zh, en = (source(slug, language) for language in LANGUAGES)
    assert sorted(re.findall(r"{\w+}", zh)) == sorted(re.findall(r"{\w+}", en))
    for pattern in (r"^#+ ", r"^(?:-|\d\.) ", r"\]\(([^)]*)\)"):
        assert len(re.findall(pattern, zh, re.M)) == len(re.findall(pattern, en, re.M)), pattern
    assert sorted(_links(zh)) == sorted(_links(en))


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_numbers_and_addresses_are_left_to_the_configuration(file: Path) -> None:
    """Trap 5."""
    text = file.read_text(encoding="utf-8")
    assert placeholders(text) <= PLACEHOLDERS
    assert _NUMBER.findall(text) == []
    assert _ADDRESS.findall(text) == []
    for value in Contacts().model_dump().values():
        for literal in value if isinstance(value, list) else [value]:
            assert literal not in text


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_its_shape_is_title_summary_text(file: Path) -> None:
    found = parse(file.stem, file.parent.name, file.read_text(encoding="utf-8"))
    assert len(found.title) <= 60
    assert 20 <= len(found.summary) <= 200
    assert "**" not in found.summary
    assert not found.text.startswith("# ")


def test_links_between_articles_lead_to_articles() -> None:
    for slug in ENTRIES:
        for link in _links(source(slug, "zh")):
            known = link in ("/signin/staff", "/changes/") or link.strip("{}") in PLACEHOLDERS
            assert known or re.fullmatch(r"\.\./([a-z-]+)/", link), link
            assert known or link.strip("./") in ENTRIES, link


def test_related_articles_exist_and_are_others() -> None:
    for slug, entry in ENTRIES.items():
        assert entry.related
        assert set(entry.related) <= set(ENTRIES) - {slug}


def test_the_placeholders_are_filled() -> None:
    for language in LANGUAGES:
        for each in articles(language, VALUES):
            assert "{" not in each.text + each.summary + each.title


def test_no_mark_of_the_markdown_is_left_in_the_words() -> None:
    for language in LANGUAGES:
        for each in articles(language, VALUES):
            assert not re.search(r"[*_#\[\]|]{2}|\]\(", each.words), each.slug


def test_a_placeholder_nobody_knows_stays_as_written() -> None:
    assert fill("拨打 {platform_phone} 或 {0} {", {"platform_phones": "1"}) == (
        "拨打 {platform_phone} 或 {0} {"
    )


def test_an_article_without_title_or_summary_is_none() -> None:
    for text in ("", "没有标题", "# 只有标题", "# 只有标题\n\n\n", "## 小标题\n\n文字"):
        with pytest.raises(NotAnArticle):
            parse("register", "zh", text)


def test_the_summary_is_the_second_paragraph() -> None:
    found = parse("register", "zh", "# 标题\r\n\r\n第一行\r\n第二行\r\n\r\n正文\r\n")
    assert (found.title, found.summary, found.text) == ("标题", "第一行 第二行", "正文")


class TestAnOperatorsFolder:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        (tmp_path / "zh").mkdir()
        return tmp_path

    def put(self, folder: Path, text: str | bytes) -> Path:
        file = folder / "zh" / "passport.md"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def title(self, folder: Path, slug: str = "passport", language: str = "zh") -> str:
        return article(slug, language, VALUES, folder).title

    def test_its_articles_take_precedence_one_by_one(self, folder: Path) -> None:
        self.put(folder, "# 我们的护照说明\n\n摘要\n\n请打 {platform_phones}")
        found = article("passport", "zh", VALUES, folder)
        assert (found.title, found.text) == ("我们的护照说明", "请打 «platform_phones»")
        assert self.title(folder, language="en") == article("passport", "en", VALUES).title
        assert self.title(folder, "foreigners") == article("foreigners", "zh", VALUES).title

    def test_an_edit_shows_at_once(self, folder: Path) -> None:
        file = self.put(folder, "# 一\n\n摘要")
        assert self.title(folder) == "一"
        self.put(folder, "# 二\n\n摘要")
        os.utime(file, (1, 1))
        assert self.title(folder) == "二"

    @pytest.mark.parametrize(
        "spoilt",
        [b"", "# 只有标题".encode(), "# 标题\n\n摘要".encode("gb18030"), b"# a\n\n" * 30_000],
    )
    def test_a_spoilt_file_gives_way_to_ours(self, folder: Path, spoilt: bytes) -> None:
        self.put(folder, spoilt)
        assert self.title(folder) == article("passport", "zh", VALUES).title

    def test_a_name_outside_the_contents_is_no_article(self, folder: Path) -> None:
        for slug in ("other", "../zh/passport", ""):
            with pytest.raises(KeyError):
                self.title(folder, slug)


def test_html_is_shown_and_not_obeyed() -> None:
    shown = rendered("<script>alert(1)</script>\n\n[x](javascript:alert(1)) <b onclick=x>", "zh")
    assert "<script" not in shown
    assert "<b" not in shown
    assert 'href="javascript' not in shown


def test_links_out_say_nothing_of_where_one_came_from() -> None:
    assert rendered("[a](https://portal.example/)", "zh").count('rel="noreferrer"') == 1
    assert "rel=" not in rendered("[a](../binding/)", "zh")


def test_chinese_labels_in_english_are_marked_as_chinese() -> None:
    assert '<span lang="zh-Hans">企业绑定</span> &amp; more' in rendered("企业绑定 & more", "en")
    assert "<span" not in rendered("企业绑定", "zh")


def test_the_words_alone_have_no_marks_in_them() -> None:
    text = "## 一\n\n- **二**[三](../x/)\n四"
    assert plain(text) == "一 二三 四"
    assert Article("a", "zh", "", "", text).words == plain(text)


def _links(text: str) -> list[str]:
    return re.findall(r"\]\(([^)]*)\)", text)
