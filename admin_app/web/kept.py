"""What was typed into a form that came too late: shown again, and put back when its page is open.

A form is refused when its page has expired or the sign-in has ended. Then whatever a view names
with ``@keeps_typed`` comes back, as text and never as a form: the browser's tab keeps it (see
``console.js``), and puts it into the form on a press of the person whose form it was. Passwords,
numbers, files and tokens are nothing a view may name. Each form says whose it is by a tag, which
nobody else can make, so that a form of another site or of another person brings nothing back.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request
from werkzeug.exceptions import HTTPException

from admin_app.web.addresses import safe_next
from admin_app.web.forms import read_form
from admin_app.web.identity import current_visitor
from admin_app.wording import Text

View = TypeVar("View", bound=Callable[..., object])

FIELD = "typed_by"
REASON = Text("理由", "Reason")
CONTENT = Text("内容", "Text")
STATEMENT = Text("情况说明", "What it is about")
UNIT_NAME = Text("单位名称", "Name of the unit")


@dataclass(frozen=True)
class Kept:
    """What was typed, field by field, where it was to go, and on which page it was typed."""

    fields: tuple[tuple[str, Text, str], ...]
    action: str
    tag: str
    page: str | None


def fit(app: Flask) -> None:
    app.jinja_env.globals.update(typed_by=_tag_for_page)


def keeps_typed(**fields: Text) -> Callable[[View], View]:
    """Name the text fields of a view's form that are kept, each with its label."""

    def mark(view: View) -> View:
        view.kept_fields = fields  # type: ignore[attr-defined]
        return view

    return mark


def tag_of_visitor() -> str:
    """A word for whoever is signed in that only this server can make; nobody: empty."""
    visitor = current_visitor()
    if visitor is None:
        return ""
    owner = f"typed:{visitor.actor.person_id}:{visitor.actor.staff_id}"
    return hmac.digest(str(current_app.secret_key).encode(), owner.encode(), "sha256").hex()[:32]


def kept() -> Kept | None:
    """What this request's form holds that is worth keeping, for whoever typed it."""
    view = current_app.view_functions.get(request.endpoint or "")
    named: dict[str, Text] = getattr(view, "kept_fields", {})
    if request.method != "POST" or not named:
        return None
    tag, form = read_form(FIELD)[FIELD], read_form(*named)
    present = tag_of_visitor()
    # Cookies don't come along from another site: whoever seems signed out must come from our page.
    if not tag or (tag != present if present else not came_from_here()):
        return None
    typed = tuple((name, label, form[name]) for name, label in named.items() if form[name])
    return Kept(typed, request.path, tag, _page()) if typed else None


def _tag_for_page() -> str:
    """For templates; the page of an error of the database asks for nobody."""
    return "" if g.get("bare", False) else tag_of_visitor()


def _page() -> str | None:
    """The page of the form: where the browser says it was, if that can be opened again."""
    parts = urlsplit(request.referrer or "")
    came_from = f"{parts.path}?{parts.query}" if parts.query else parts.path
    if came_from_here() and _opens(parts.path):
        return safe_next(came_from)
    return request.path if _opens(request.path) else None


def came_from_here() -> bool:
    """Whether the browser says that this was sent from a page of ours."""
    return urlsplit(request.referrer or "").netloc == request.host


def _opens(path: str) -> bool:
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return False
    return True
