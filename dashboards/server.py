"""Dash's routes inside the console: only those named here exist, and each declares its need.

Dash puts its routes on the application itself, beside every guard but the gate. This class is the
way it offers to do that differently; what a later version of Dash adds stays shut.
"""

from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Any

from dash.backends._flask import FlaskDashServer
from dash.exceptions import DependencyException, InvalidResourceError
from flask import request
from werkzeug.exceptions import BadRequest, NotFound

from admin_app.policy.vocabulary import Permission
from admin_app.web.gate import Access, Need, declare
from admin_app.web.transaction import reads
from dashboards.assets import squeeze, squeeze_for_good

PREFIX = "/dashboard/"
_SUITES = "_dash-component-suites/<string:package_name>/<path:fingerprinted_path>"
_CALLBACK = "_dash-update-component"

# Dash's routes, under the names the console gives them.
_ROUTES: dict[str, tuple[str, Need]] = {
    "": ("index", Permission.FIGURES_VIEW),
    "_dash-layout": ("layout", Permission.FIGURES_VIEW),
    "_dash-dependencies": ("dependencies", Permission.FIGURES_VIEW),
    _CALLBACK: ("callback", Permission.FIGURES_VIEW),
    _SUITES: ("bundle", Access.ALL),  # Dash's own scripts, the same for everybody
}


class ConsoleServer(FlaskDashServer):
    """Flask as Dash's server, with the console in charge of routes and errors."""

    def register_assets_blueprint(self, *_args: Any, **_kwargs: Any) -> None:
        """The dashboard's own files are served by ``assets``."""

    def register_error_handlers(self) -> None:
        """Errors become pages in one place, ``admin_app.web.errors``."""

    def before_request(self, func: Callable[[], Any]) -> None:
        """Dash gets ready at the first request; others that come meanwhile wait, for without that
        it knows none of its own scripts."""
        turn = Lock()

        def in_turn() -> None:
            with turn:
                func()

        self.server.before_request(in_turn)

    def setup_catchall(self, dash_app: Any) -> None:
        """An address that isn't there is not found, rather than the page once more."""

    def serve_callback(self, dash_app: Any) -> Callable[..., Any]:
        """Dash's own way of answering a callback, once the question is known to be one."""
        answer: Callable[..., Any] = super().serve_callback(dash_app)

        @wraps(answer)
        def dispatch() -> Any:
            _require_sense(request.get_json(silent=True), dash_app.callback_map)
            return answer()

        return dispatch

    def add_url_rule(
        self,
        rule: str,
        view_func: Callable[..., Any],
        endpoint: str | None = None,
        methods: list[str] | None = None,
    ) -> None:
        name = rule.removeprefix(PREFIX)
        if name not in _ROUTES:
            return
        own_name, need = _ROUTES[name]
        view = declare(_answering(name, view_func), need)
        self.server.add_url_rule(
            rule, endpoint=f"dashboard.{own_name}", view_func=view, methods=methods or ["GET"]
        )


def _answering(name: str, view: Callable[..., Any]) -> Callable[..., Any]:
    """A view of Dash's that refuses nonsense as the console does, and sends less."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Any:
        try:
            response = view(*args, **kwargs)
        except (InvalidResourceError, DependencyException):
            raise NotFound from None
        if name == _SUITES:
            return squeeze_for_good(response)
        return response if name == "" else squeeze(response)

    # A callback is asked by POST and only reads: on SQLite it must not wait for the one writer.
    return reads(answer) if name == _CALLBACK else answer


def _require_sense(body: object, callbacks: dict[str, Any]) -> None:
    """What the page's own script sends has this form; anything else would be an error of Dash's.

    Raises:
        BadRequest
    """
    if not isinstance(body, dict) or not isinstance(body.get("output"), str):
        raise BadRequest
    callback = callbacks.get(body["output"])
    changed = body.get("changedPropIds", [])
    if callback is None or not _all(changed, lambda each: isinstance(each, str)):
        raise BadRequest
    for name, wanted in (("inputs", callback["inputs"]), ("state", callback["state"])):
        given = body.get(name, [])
        if not _all(given, lambda each: isinstance(each, dict)):
            raise BadRequest
        if [(g.get("id"), g.get("property")) for g in given] != [
            (w["id"], w["property"]) for w in wanted
        ]:
            raise BadRequest
    outputs = body.get("outputs", [])
    if not _all(outputs, lambda each: isinstance(each, dict)):
        raise BadRequest
    named = "...".join(f"{each.get('id')}.{each.get('property')}" for each in outputs)
    if body["output"] != f"..{named}..":
        raise BadRequest


def _all(values: object, test: Callable[[object], bool]) -> bool:
    return isinstance(values, list) and all(map(test, values))
