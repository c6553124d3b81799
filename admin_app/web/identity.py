"""Who is asking, in which capacity, and the act they do it by.

The browser holds a token and nothing else; whom it stands for and what they may do is looked up
anew for each request.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from flask import Flask, current_app, g, request, session
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user, login_user
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Request
from werkzeug.wrappers import Response as AnyResponse

from admin_app.audit.act import PLATFORM, Act, Limits
from admin_app.delegation.capacities import CapacityChoice, capacities_of, choose
from admin_app.identity.models import Person, SignInSession, StaffAccount
from admin_app.identity.sessions import (
    end_session,
    find_session,
    is_touch_due,
    open_session,
    touch_session,
)
from admin_app.policy.actor import Actor
from admin_app.sealing import Sealer
from admin_app.settings import Settings
from admin_app.web.database import close_session, current_session, database, in_passing
from admin_app.web.logs import log_error
from admin_app.web.security import cookie_name, is_https

_COOKIE = "yihaotong"
_KEPT_AT_SIGN_IN = ("lang",)
_REASON_MOST = 1000  # what the forms offer room for, and what the tables hold


@dataclass
class Visitor(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """Somebody signed in: their session, what they may act as, and what they act as now."""

    signed_in: SignInSession
    capacities: list[CapacityChoice]
    capacity: CapacityChoice

    @property
    def actor(self) -> Actor:
        return self.capacity.actor

    @property
    def is_staff(self) -> bool:
        return self.signed_in.staff_id is not None

    def get_id(self) -> str:
        return str(self.signed_in.id)


def fit(app: Flask, settings: Settings) -> None:
    app.extensions["yihaotong.sealer"] = Sealer(
        [key.get_secret_value() for key in settings.identity_keys],
        settings.index_key.get_secret_value(),
    )
    logins = LoginManager(app)
    logins.session_protection = None  # the session is a row of ours, not a cookie's content
    logins.request_loader(_load)
    app.jinja_env.globals.update(visitor=_visitor_for_page)
    app.teardown_request(_touch)


def now() -> datetime:
    return datetime.now(UTC)


def current_visitor() -> Visitor | None:
    """Whoever is signed in."""
    user: Any = current_user._get_current_object()
    return None if user is None or isinstance(user, AnonymousUserMixin) else cast(Visitor, user)


def visit_as(capacity: CapacityChoice) -> None:
    """Let a job look at pages as whoever asked for it, in a request that nobody sent."""
    actor = capacity.actor
    unsigned = SignInSession(person_id=actor.person_id, staff_id=actor.staff_id)
    login_user(Visitor(unsigned, [capacity], capacity))


def current_actor() -> Actor:
    """Whoever is signed in, in the capacity they act in.

    Raises:
        Unauthorized: nobody is.
    """
    visitor = current_visitor()
    if visitor is None:
        raise Unauthorized
    return visitor.actor


def current_capacity() -> CapacityChoice:
    """What whoever is signed in acts as, with the key it is remembered by.

    Raises:
        Unauthorized: nobody is.
    """
    visitor = current_visitor()
    if visitor is None:
        raise Unauthorized
    return visitor.capacity


def current_capacities() -> list[CapacityChoice]:
    """Everything the visitor may act as."""
    visitor = current_visitor()
    return visitor.capacities if visitor else []


def make_act(reason: str = "") -> Act:
    """The act of the visitor in their present capacity."""
    return _act(current_actor(), reason[:_REASON_MOST])


def platform_act() -> Act:
    """An act of the platform itself, such as noting an arrival."""
    return _act(PLATFORM, "")


def sealer() -> Sealer:
    return cast(Sealer, current_app.extensions["yihaotong.sealer"])


def is_known_token() -> bool:
    """Whether somebody signed in asks; looked up apart from the request's own session."""
    token = request.cookies.get(cookie_name(_COOKIE, _settings()), "")
    if not token:
        return False
    with database().sessions() as own:
        return find_session(own, token, now(), idle_limit()) is not None


def idle_limit() -> timedelta:
    return timedelta(minutes=_settings().session_idle_minutes)


def sign_in(owner: Person | StaffAccount, id_token: str | None, response: AnyResponse) -> None:
    """Open a session for somebody and give the browser its token.

    The session the browser had before ends, and nothing of it is carried over but the language.
    """
    former = current_visitor()
    if former is not None:
        end_session(_act(former.actor, ""), former.signed_in.id, signing_out=True)
    act = platform_act()
    _signed_in, token = open_session(
        act,
        owner,
        address=request.remote_addr or "",
        user_agent=request.user_agent.string,
        id_token=id_token,
        idle=idle_limit(),
        lasts=timedelta(hours=_settings().session_hours),
    )
    _start_afresh()
    settings = _settings()
    response.set_cookie(
        cookie_name(_COOKIE, settings),
        token,
        max_age=settings.session_hours * 3600,
        secure=is_https(settings),
        httponly=True,
        samesite="Lax",
        path="/",
    )


def forget(response: AnyResponse) -> None:
    """Take the token away from the browser."""
    settings = _settings()
    _start_afresh()
    response.delete_cookie(
        cookie_name(_COOKIE, settings),
        secure=is_https(settings),
        httponly=True,
        samesite="Lax",
        path="/",
    )


def _act(actor: Actor, reason: str) -> Act:
    return Act(current_session(), actor, now(), sealer(), reason, Limits.of(_settings()))


def _load(asked: Request) -> Visitor | None:
    token = asked.cookies.get(cookie_name(_COOKIE, _settings()), "")
    if not token:
        return None
    session_ = current_session()
    signed_in = find_session(session_, token, now(), idle_limit())
    if signed_in is None:
        return None
    capacities = capacities_of(session_, signed_in)
    if not capacities:
        return None
    visitor = Visitor(signed_in, capacities, choose(capacities, signed_in.capacity_key))
    owner = ("staff", signed_in.staff_id) if visitor.is_staff else ("person", signed_in.person_id)
    g.actor_label = f"{owner[0]}:{owner[1]} {visitor.actor.capacity.value}"
    g.signed_in_session = signed_in
    return visitor


def _visitor_for_page() -> Visitor | None:
    """For templates; the page of an error of the database shows nobody signed in."""
    return None if g.get("bare", False) else current_visitor()


def _start_afresh() -> None:
    kept = {name: session[name] for name in _KEPT_AT_SIGN_IN if name in session}
    session.clear()
    session.update(kept)
    g.pop("csrf_token", None)


def _touch(_error: BaseException | None) -> None:
    """Note that the session is in use: apart from the request's own work, once a minute."""
    signed_in = g.pop("signed_in_session", None)
    if signed_in is None or not is_touch_due(signed_in, now()):
        return
    close_session()  # it may hold the one write lock that SQLite has
    try:
        with in_passing() as own:
            touch_session(own, signed_in, now())
    except SQLAlchemyError as error:
        log_error(error)  # the page has been served; the next request notes it


def _settings() -> Settings:
    return cast(Settings, current_app.extensions["yihaotong.settings"])
