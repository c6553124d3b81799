"""Closed by default: every endpoint declares what it needs, and one place holds it to that.

A view function declares with ``@open_to_all``, ``@signed_in`` or ``@needs(Permission.X)``; a
Flask-Admin view with its class attribute ``needs``, and a method of it that differs with one of
the decorators. An endpoint that declares nothing is refused.
"""

from collections.abc import Callable, Sequence
from enum import Enum
from typing import NoReturn, TypeAlias, TypeVar

from flask import Flask, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden, Unauthorized

from admin_app.delegation.capacities import CapacityChoice
from admin_app.policy.rules import decide
from admin_app.policy.vocabulary import Ground, Permission, Refused
from admin_app.web.addresses import safe_next, this_page
from admin_app.web.identity import current_actor, current_capacities, current_visitor
from admin_app.web.kept import Kept, kept
from admin_app.web.logs import log

View = TypeVar("View", bound=Callable[..., object])


class Access(Enum):
    """What an endpoint needs, if it isn't a permission."""

    ALL = "open to all"
    SIGNED_IN = "signed in"


Need: TypeAlias = Access | Permission


class Undeclared(Exception):
    """An endpoint declares nothing: a mistake of ours that must never open a door."""


class TypedAndSignedOut(Exception):
    """A form came after its sign-in had ended, with something worth keeping."""

    def __init__(self, typed: Kept) -> None:
        super().__init__()
        self.typed = typed


def fit(app: Flask) -> None:
    declare(app.view_functions["static"], Access.ALL)
    app.before_request(_guard)


def declare(view: View, need: Need) -> View:
    view.declared_need = need  # type: ignore[attr-defined]
    return view


def open_to_all(view: View) -> View:
    """Anybody may ask for this."""
    return declare(view, Access.ALL)


def signed_in(view: View) -> View:
    """Anybody signed in may ask for this, in whichever capacity."""
    return declare(view, Access.SIGNED_IN)


def needs(permission: Permission) -> Callable[[View], View]:
    """Only who holds a permission somewhere may ask for this."""
    return lambda view: declare(view, permission)


def need_of(app: Flask, endpoint: str) -> Need | None:
    """What an endpoint declares: the function itself first, then the Flask-Admin view it is of."""
    view = app.view_functions.get(endpoint)
    declared = getattr(view, "declared_need", None)
    if declared is None:
        declared = getattr(getattr(view, "__self__", None), "needs", None)
    return declared if isinstance(declared, Access | Permission) else None


def permits(need: Need | None) -> bool:
    """Whether the visitor meets a need in the capacity they act in."""
    if need is Access.ALL:
        return True
    visitor = current_visitor()
    if visitor is None or need is None:
        return False
    return need is Access.SIGNED_IN or (
        isinstance(need, Permission) and bool(decide(visitor.actor, need))
    )


def capacities_that_could() -> list[CapacityChoice]:
    """The visitor's other capacities in which what was just refused is possible."""
    if "capacities_offered" in g:
        return list(g.capacities_offered)
    permission = g.get("refused_permission")
    if permission is None:
        return []
    return [c for c in current_capacities() if decide(c.actor, permission)]


def refuse_but_offer(capacities: Sequence[CapacityChoice]) -> NoReturn:
    """Say that something isn't for the present capacity, but for these of the visitor's.

    Raises:
        Refused
    """
    g.capacities_offered = capacities
    ground, capacity = Ground.NOT_IN_THIS_CAPACITY, current_actor().capacity.label
    raise Refused(ground, ground.text.format(capacity=capacity))


def _guard() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # no such page: routing says so
    need = need_of(current_app, request.endpoint)
    if need is None:
        return _refuse_undeclared(request.endpoint)
    if need is Access.ALL:
        return None
    if current_visitor() is None:
        return _ask_to_sign_in()
    if isinstance(need, Permission):
        decision = decide(current_actor(), need)
        if not decision:
            g.refused_permission = need
            raise Refused(decision.ground, decision.sentence)
    return None


def _ask_to_sign_in() -> ResponseReturnValue:
    if wants_fragment():
        raise Unauthorized
    typed = kept()
    if typed is not None:
        raise TypedAndSignedOut(typed)
    page = safe_next(this_page()) if request.method == "GET" else None
    return redirect(url_for("home.index", next=page))


def wants_fragment() -> bool:
    """Whether a script asked, rather than somebody opening a page."""
    return request.headers.get("X-Requested-With") == "XMLHttpRequest" or (
        request.accept_mimetypes.best == "application/json"
    )


def _refuse_undeclared(endpoint: str) -> ResponseReturnValue:
    log().error("undeclared", undeclared=endpoint)
    if current_app.extensions["yihaotong.settings"].is_production:
        raise Forbidden
    raise Undeclared(f"the endpoint {endpoint} declares nothing; see admin_app/web/gate.py")
