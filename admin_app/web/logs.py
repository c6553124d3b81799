"""One JSON line a request: what was asked, how it was answered, how long it took, by whom.

Never an ID number, a token, or the query string of an address.
"""

import re
import secrets
import sys
import time
import traceback
from typing import Any

import structlog
from flask import Flask, Response, g, request
from structlog.typing import EventDict, WrappedLogger

_LONG_NUMBER = re.compile(r"\w*\d{12,}\w*")
_QUIET = frozenset({"static", "health.alive", "health.ready"})


def fit(app: Flask) -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _mask,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    app.before_request(_begin)
    app.after_request(_end)


def log() -> Any:
    return structlog.get_logger()


def reference() -> str:
    """The request's number, short enough to be read out on the telephone."""
    return str(g.get("reference", ""))


def log_error(error: BaseException) -> None:
    """Where an unexpected error came from; its message without long numbers."""
    frames = [
        f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)
    ]
    # A database error quotes the values it was given, so only its kind is logged.
    is_database = type(error).__module__.startswith(("sqlalchemy", "psycopg", "sqlite3"))
    message = type(getattr(error, "orig", error)).__name__ if is_database else str(error)
    log().error("error", kind=type(error).__name__, message=message, where=frames[-12:])


def _begin() -> None:
    code = secrets.token_hex(4).upper()
    g.reference = f"{code[:4]}-{code[4:]}"
    g.began = time.monotonic()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.reference, endpoint=request.endpoint)


def _end(response: Response) -> Response:
    if request.endpoint not in _QUIET and "began" in g:
        milliseconds = round((time.monotonic() - g.began) * 1000, 1)
        log().info(
            "request",
            method=request.method,
            status=response.status_code,
            ms=milliseconds,
            actor=g.get("actor_label", ""),
        )
    return response


def _mask(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    for key, value in event.items():
        if isinstance(value, str) and key != "timestamp":
            event[key] = _LONG_NUMBER.sub(lambda m: m[0][:3] + "***" + m[0][-4:], value)
    return event
