"""What every page shares: the provider, the signed-in person, language, CSRF, headers, errors."""

import sqlite3
from contextlib import AbstractContextManager
from typing import cast
from urllib.parse import urlencode

from flask import (
    Flask,
    Response,
    current_app,
    make_response,
    render_template,
    request,
    session,
    url_for,
)
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from werkzeug.exceptions import HTTPException

from portal_simulator import faults, identifiers, people, sessions
from portal_simulator.faults import Fault
from portal_simulator.people import Person
from portal_simulator.provider import Provider, now
from portal_simulator.refusals import Refusal
from portal_simulator.sessions import PortalSession

# These are called by the relying party, from its server or through a redirected browser, and carry
# proof of their own: client secret, access token, registered address, signed hint.
_PROTOCOL = {
    "endpoints.authorize",
    "endpoints.token",
    "endpoints.userinfo",
    "endpoints.end_session",
}
_LOOPBACK = {"127.0.0.1", "::1"}

_csrf = CSRFProtect()


def fit(app: Flask, provider: Provider) -> None:
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    _csrf.init_app(app)
    app.extensions["portal"] = provider
    app.before_request(_play_outage)
    app.before_request(_choose_language)
    app.before_request(_check_csrf)
    app.after_request(_headers)
    # Globals rather than a context processor: imported macros see no context.
    app.jinja_env.globals.update(
        t=in_language,
        is_english=is_english,
        sentence=sentence,
        masked=identifiers.masked,
        level_label=lambda level: in_language(*people.LEVEL_LABELS[level]),
        id_type_label=lambda kind: in_language(*identifiers.ID_TYPE_LABELS[kind]),
        csrf_token=generate_csrf,
        other_language=_other_language,
        console_url=provider.settings.console_url,
        hotline=provider.settings.hotline,
    )
    app.register_error_handler(HTTPException, _error_page)


def provider() -> Provider:
    return cast(Provider, current_app.extensions["portal"])


def transaction() -> AbstractContextManager[sqlite3.Connection]:
    return provider().store.transaction()


def portal_session(db: sqlite3.Connection) -> PortalSession | None:
    return sessions.find(db, session.get("sid", ""), now())


def signed_in(db: sqlite3.Connection) -> Person | None:
    found = portal_session(db)
    return people.get(db, found.sub) if found else None


def sign_in(db: sqlite3.Connection, person: Person) -> None:
    if previous := portal_session(db):
        sessions.end(db, previous.sid, now())
    session["sid"] = sessions.begin(db, person.sub, now()).sid


def is_english() -> bool:
    return session.get("lang") == "en"


def in_language(zh: str, en: str) -> str:
    return en if is_english() else zh


def sentence(refusal: Refusal) -> str:
    return in_language(*refusal.sentences).format(hotline=provider().settings.hotline)


def is_test_hook() -> bool:
    """A header that no other site can send without asking first, and only from this machine."""
    return request.headers.get("X-Portal-Test") == "1" and request.remote_addr in _LOOPBACK


def _play_outage() -> Response | None:
    if request.blueprint == "backstage" or request.endpoint == "static":
        return None
    with transaction() as db:
        down = faults.current(db) is Fault.DOWN
    return make_response(render_template("down.html"), 503) if down else None


def _choose_language() -> None:
    asked = request.args.get("lang") or request.args.get("ui_locales", "")[:2]
    if asked in ("zh", "en"):
        session["lang"] = asked


def _check_csrf() -> None:
    hooked = request.blueprint == "backstage" and is_test_hook()
    if request.endpoint not in _PROTOCOL and not hooked:
        _csrf.protect()


def _headers(response: Response) -> Response:
    # Browsers hold redirects after a form to form-action too, and signing in ends at the client.
    targets = " ".join(["'self'", *provider().settings.client_origins()])
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action {targets}"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _other_language() -> str:
    """This page in the other language; the front page if this one is only the answer to a form."""
    path, arguments = request.path, request.args.to_dict()
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        path, arguments = url_for("pages.home"), {}
    return f"{path}?{urlencode({**arguments, 'lang': 'zh' if is_english() else 'en'})}"


def _error_page(error: HTTPException) -> tuple[str, int]:
    code = error.code or 500
    template = "expired.html" if isinstance(error, CSRFError) else "error.html"
    return render_template(template, code=code), code
