"""Reading an article: an operator's copy first, then ours; placeholders filled; Markdown shown."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup

from admin_app.help.contents import ENTRIES
from admin_app.help.markdown import plain, rendered

FOLDER = Path(__file__).parent
LANGUAGES = ("zh", "en")
# What an article may leave to the configuration.
PLACEHOLDERS = frozenset(
    {
        "portal_phones",
        "platform_phones",
        "platform_email",
        "portal_register_url",
        "portal_help_url",
        "platform_host",
        "pending_days",
        "administrators_per_unit",
    }
)
_PLACEHOLDER = re.compile(r"{(\w+)}")
_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
_LARGEST = 100_000

Values = Mapping[str, object]


class NotAnArticle(Exception):
    """A file that can't be read as one."""


@dataclass(frozen=True)
class Article:
    slug: str
    language: str
    title: str
    summary: str
    text: str

    @property
    def body(self) -> Markup:
        return rendered(self.text, self.language)

    @property
    def words(self) -> str:
        """What a reader sees of the text, for searching."""
        return plain(self.text)


def article(slug: str, language: str, values: Values, folder: Path | None = None) -> Article:
    """The article with its placeholders filled.

    Raises:
        KeyError: there is no article of that name.
    """
    if slug not in ENTRIES:
        raise KeyError(slug)
    return parse(slug, language, fill(_source(slug, language, folder), values))


def articles(language: str, values: Values, folder: Path | None = None) -> Iterator[Article]:
    """All of them, in the order of the contents."""
    return (article(slug, language, values, folder) for slug in ENTRIES)


def parse(slug: str, language: str, source: str) -> Article:
    """Take a file's text apart.

    Raises:
        NotAnArticle: no title in the first line, or no summary after it.
    """
    heading, _, rest = source.replace("\r\n", "\n").strip().partition("\n")
    summary, *text = _EMPTY_LINE.split(rest.strip(), maxsplit=1)
    if not heading.startswith("# ") or not summary:
        raise NotAnArticle(slug)
    words = plain(heading.removeprefix("# ")), plain(summary)
    return Article(slug, language, *words, "".join(text).strip())


def fill(source: str, values: Values) -> str:
    """Put the values in; a placeholder that nobody knows stays as it was written."""
    return _PLACEHOLDER.sub(lambda found: str(values.get(found[1], found[0])), source)


def placeholders(source: str) -> set[str]:
    return set(_PLACEHOLDER.findall(source))


def _source(slug: str, language: str, folder: Path | None) -> str:
    """The operator's text if there is a sound one; a spoilt file never takes the help away."""
    if folder is not None:
        try:
            text = _current(folder / language / f"{slug}.md")
            parse(slug, language, text)
        except (OSError, ValueError, NotAnArticle):
            pass
        else:
            return text
    return _current(FOLDER / language / f"{slug}.md")


def _current(path: Path) -> str:
    """The file as it stands now: an edit shows without a restart."""
    stamp = path.stat()
    if stamp.st_size > _LARGEST:
        raise NotAnArticle(path.name)
    return _read(path, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=256)
def _read(path: Path, _changed: int, _size: int) -> str:
    return path.read_text(encoding="utf-8-sig")
