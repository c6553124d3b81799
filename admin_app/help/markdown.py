"""Markdown as the help shows it: no HTML of the author's, headings below the page's own."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

_CHINESE = re.compile(r"([㐀-鿿]+(?:[，、：（）]*[㐀-鿿]+)*)")
_CHINESE_SPAN = Markup('<span lang="zh-Hans">{}</span>')


@lru_cache(maxsize=256)
def rendered(text: str, language: str) -> Markup:
    """The text as HTML; html in it is shown, not obeyed."""
    return Markup(_MAKERS[language].render(text))  # noqa: S704 - markdown-it escapes what it is given


@lru_cache(maxsize=256)
def plain(text: str) -> str:
    """The words alone, one block after the other."""
    blocks = (token.children or () for token in _MAKERS["zh"].parse(text) if token.type == "inline")
    words = ("".join(_word(token) for token in block) for block in blocks)
    return " ".join(" ".join(words).split())


def shown(text: str, language: str) -> Markup:
    """Words as HTML; in English the portal's own labels are marked as the Chinese they are."""
    if language != "en":
        return escape(text)
    parts = enumerate(_CHINESE.split(text))
    return Markup().join(_CHINESE_SPAN.format(p) if place % 2 else escape(p) for place, p in parts)


def _word(token: Token) -> str:
    return " " if token.type in ("softbreak", "hardbreak") else token.content


def _shown_token(_self: Any, tokens: Sequence[Token], index: int, *_rest: Any) -> str:
    return shown(tokens[index].content, "en")


def _opened_link(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    if str(tokens[index].attrGet("href")).startswith(("http:", "https:")):
        tokens[index].attrSet("rel", "noreferrer")
    return str(self.renderToken(tokens, index, options, env))


def _maker(language: str) -> MarkdownIt:
    maker = MarkdownIt("commonmark", {"html": False}).disable("image")
    maker.add_render_rule("link_open", _opened_link)
    if language == "en":
        maker.add_render_rule("text", _shown_token)
    return maker


_MAKERS = {language: _maker(language) for language in ("zh", "en")}
