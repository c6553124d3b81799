"""Chinese first, English complete; times in the configured zone."""

from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, has_request_context, request, session
from flask_babel import Babel, format_date, format_datetime, get_locale
from markupsafe import Markup

from admin_app.settings import Settings
from admin_app.wording import Text

ENGLISH = "en"
LANGUAGES = {"zh": "zh_Hans_CN", "en": ENGLISH}  # as in an address: as a locale
_DAYS = {False: "y年M月d日", True: "d MMM y"}
_TRANSLATIONS = Path(__file__).parents[2] / "translations"


def fit(app: Flask, settings: Settings) -> None:
    app.config.update(
        BABEL_DEFAULT_LOCALE=settings.language,
        BABEL_DEFAULT_TIMEZONE=settings.time_zone,
        BABEL_TRANSLATION_DIRECTORIES=str(_TRANSLATIONS),
    )
    Babel(app, locale_selector=_choose)
    app.before_request(_remember_choice)
    app.jinja_env.filters.update(say=say, moment=moment, day=day, show=show)
    app.jinja_env.globals.update(is_english=is_english)


def is_english() -> bool:
    return str(get_locale()) == ENGLISH


def say(text: Text | str) -> str:
    """A sentence in the reader's language."""
    return text.in_language(str(get_locale())) if isinstance(text, Text) else text


def moment(value: datetime | None) -> str:
    """A point in time: 2026年3月3日 14:05, or 3 Mar 2026, 14:05."""
    if value is None:
        return "—"
    pattern = "d MMM y, HH:mm" if is_english() else "y年M月d日 HH:mm"
    return str(format_datetime(value, pattern))


def day(value: datetime | date | None) -> str:
    """A day: 2026年3月3日, or 3 Mar 2026."""
    if value is None:
        return "—"
    if isinstance(value, datetime):
        return str(format_date(value, _DAYS[is_english()]))  # which day it is depends on the zone
    return _day(value, is_english=is_english())


@lru_cache(maxsize=2_000)  # a table of a year asks for hundreds, again and again
def _day(value: date, *, is_english: bool) -> str:
    return str(format_date(value, _DAYS[is_english]))


def show(value: Any) -> str | Markup:
    """Any value standing by itself, as in a cell or a heading."""
    match value:
        case None | "":
            return "—"
        case Markup():
            return value
        case Text():
            return _begun(say(value))
        case Enum():
            return _begun(say(getattr(value, "label", value.name)))
        case datetime():
            return moment(value)
        case date():
            return day(value)
    return str(value)


def _begun(text: str) -> str:
    """Labels are written for the middle of a sentence; here one begins it."""
    return text[:1].upper() + text[1:]


def _choose() -> str:
    default = str(current_app.config["BABEL_DEFAULT_LOCALE"])
    if not has_request_context():
        return default
    chosen = session.get("lang")
    if chosen in LANGUAGES:
        return LANGUAGES[chosen]
    accepted = [tag.lower() for tag, _ in request.accept_languages]
    if accepted and not any(tag.startswith("zh") or tag == "*" for tag in accepted):
        return ENGLISH if any(tag.startswith("en") for tag in accepted) else default
    return default


def _remember_choice() -> None:
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        session["lang"] = asked
