"""One transaction a request: committed once, after a good answer, and otherwise undone.

Requests by an unsafe method write; so do endpoints marked with ``@writes``, such as the portal's
way back. One marked with ``@reads`` only asks, whatever its method.
Committing happens where a broken constraint can still be answered in plain words.
"""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, g, request
from werkzeug.wrappers import Response

from admin_app.web.database import open_session_if_any

View = TypeVar("View", bound=Callable[..., object])

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def fit(app: Flask) -> None:
    app.before_request(_take_note)


def writes(view: View) -> View:
    """Mark a view that writes although it answers a safe method."""
    view.writes = True  # type: ignore[attr-defined]
    return view


def reads(view: View) -> View:
    """Mark a view that only reads although it is asked by an unsafe method."""
    view.writes = False  # type: ignore[attr-defined]
    return view


def keep() -> None:
    """Commit whatever the status is: a refused sign-in is counted all the same."""
    g.keep = True


def finish(response: Response) -> None:
    """Commit after a good answer; undo otherwise."""
    session = open_session_if_any()
    if session is None or not g.get("writes", False):
        return
    if response.status_code < 400 or g.get("keep", False):
        session.commit()
    else:
        session.rollback()


def finish_early() -> None:
    """Commit what was done before asking somebody who may be slow: no lock is held meanwhile."""
    session = open_session_if_any()
    if session is not None:
        session.commit()


def undo() -> None:
    """Forget what was written; the error page starts from a clean session."""
    session = open_session_if_any()
    if session is not None:
        session.rollback()


def _take_note() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    g.writes = getattr(view, "writes", request.method not in _SAFE)
