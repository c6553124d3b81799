"""Finding an article by what somebody would type: any part of a word, titles before texts."""

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from markupsafe import Markup

from admin_app.help.articles import Article
from admin_app.help.markdown import shown

TYPED_MOST = 60
WORDS_MOST = 5
SHOWN_MOST = 20
_AROUND = 40
_LIKE_ENOUGH = 0.5


class Hit(NamedTuple):
    """An article, and the place in it: what stands before, what was found, what stands after."""

    article: Article
    before: Markup
    found: Markup
    after: Markup


def search(articles: Iterable[Article], typed: str) -> list[Hit]:
    """Those with every word that was typed; if none has, those with most pairs of its letters."""
    words = _plain(typed[:TYPED_MOST]).split()[:WORDS_MOST]
    if not words:
        return []
    all_of_them = list(articles)
    ranked = [(_rank(each, words), each) for each in all_of_them]
    if not any(rank for rank, _each in ranked):
        ranked = [(_likeness(each, words), each) for each in all_of_them]
    best = sorted((r for r in ranked if r[0]), key=lambda r: -r[0])
    return [_hit(each, words) for _rank, each in best[:SHOWN_MOST]]


def _rank(article: Article, words: list[str]) -> float:
    """Title before summary before text; nothing if a word is in none of them."""
    title, summary, text = (_plain(t) for t in (article.title, article.summary, article.words))
    total = 0.0
    for word in words:
        times = text.count(word)
        points = 100 * (word in title) + 10 * (word in summary) + min(times, 9)
        if not points:
            return 0.0
        total += points
    return total


def _likeness(article: Article, words: list[str]) -> float:
    """How many of the typed pairs of letters are in it, as in 密码忘了; below half, none."""
    pairs = {word[at : at + 2] for word in words for at in range(len(word) - 1)}
    everything = _plain(f"{article.title} {article.summary} {article.words}")
    title = _plain(article.title)
    share = sum(pair in everything for pair in pairs) / len(pairs) if pairs else 0.0
    return share + sum(pair in title for pair in pairs) if share >= _LIKE_ENOUGH else 0.0


def _hit(article: Article, words: list[str]) -> Hit:
    for text in (article.summary, article.words):
        for word in words:
            at = _plain(text).find(word)
            if at >= 0:
                return _cut(article, text, at, at + len(word))
    return Hit(article, shown(article.summary, article.language), Markup(), Markup())


def _cut(article: Article, text: str, start: int, end: int) -> Hit:
    first, last = max(0, start - _AROUND), end + 2 * _AROUND
    before = ("…" if first else "") + text[first:start]
    after = text[end:last] + ("…" if last < len(text) else "")
    return Hit(article, *(shown(t, article.language) for t in (before, text[start:end], after)))


def _plain(text: str) -> str:
    """Width and case don't matter; one letter stays one letter, so places still agree."""
    return "".join(_letter(letter) for letter in text)


def _letter(letter: str) -> str:
    plain = unicodedata.normalize("NFKC", letter).casefold()
    return plain if len(plain) == 1 else letter
