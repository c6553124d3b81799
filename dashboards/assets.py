"""The dashboard's scripts and styles: compressed, and kept a year by their hash."""

import gzip
import hashlib
import mimetypes
from collections.abc import Callable
from functools import cache
from pathlib import Path

from flask import Flask, Response, request, url_for
from werkzeug.exceptions import NotFound

from admin_app.web.gate import open_to_all

FOLDER = Path(__file__).parent / "assets"
FILES = (
    "dashboard.css",
    "dashboard.js",
    "drawing.js",
    "plotly/plotly-basic.min.js",
    "plotly/plotly-locale-zh-cn.js",
)
_A_YEAR = 31_536_000
_WORTH_IT = 1_000  # bytes; below, compressing saves nothing


def fit(app: Flask) -> None:
    app.add_url_rule("/dashboard/assets/<path:name>", endpoint="dashboard.asset", view_func=serve)


def address(name: str) -> str:
    """Where a file is had; the address changes with the content."""
    return url_for("dashboard.asset", name=name, v=_read(name)[1])


@open_to_all
def serve(name: str) -> Response:
    """One of the files named here."""
    if name not in FILES:
        raise NotFound
    content, fingerprint = _read(name)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = Response(content, mimetype=kind)
    if request.args.get("v") == fingerprint:
        response.headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable"
    return squeeze_for_good(response)


def squeeze_for_good(response: Response) -> Response:
    """Compress a file that is asked for again and again: as small as can be, once."""
    return _squeezed(response, _smallest) if _worth_it(response) else response


def squeeze(response: Response) -> Response:
    """Compress an answer that is made once: quickly. It must hold nothing secret beside what the
    asker chose."""
    return _squeezed(response, _quickly) if _worth_it(response) else response


def _worth_it(response: Response) -> bool:
    response.vary.add("Accept-Encoding")
    return (
        response.status_code == 200
        and request.accept_encodings["gzip"] > 0
        and len(response.get_data()) >= _WORTH_IT
    )


def _squeezed(response: Response, way: Callable[[bytes], bytes]) -> Response:
    response.set_data(way(response.get_data()))
    response.headers["Content-Encoding"] = "gzip"
    return response


def _quickly(content: bytes) -> bytes:
    return gzip.compress(content, 4)


@cache  # the files are few: those of this folder, and those of Dash that the page names
def _smallest(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)


@cache
def _read(name: str) -> tuple[bytes, str]:
    content = (FOLDER / name).read_bytes()
    return content, hashlib.sha256(content).hexdigest()[:12]
