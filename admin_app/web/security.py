"""What a browser is told to refuse, and the token every form must bring along."""

import hashlib
import secrets
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request, url_for
from flask_wtf.csrf import CSRFProtect

from admin_app.settings import Settings

_BODY_MOST = 2 * 1024 * 1024
_A_YEAR = 31_536_000


def fit(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        SESSION_COOKIE_NAME=cookie_name("yihaotong_page", settings),
        SESSION_COOKIE_SECURE=is_https(settings),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        MAX_CONTENT_LENGTH=_BODY_MOST,
        MAX_FORM_MEMORY_SIZE=_BODY_MOST,
        # A token lives as long as the session it is bound to: nobody loses a form by thinking.
        WTF_CSRF_TIME_LIMIT=None,
    )
    CSRFProtect(app)
    app.jinja_env.globals.update(csp_nonce=csp_nonce, asset=asset)
    policy = _policy(settings)
    drawing = policy.replace("style-src 'self' {nonce}", "style-src 'self' 'unsafe-inline'")
    drawing = drawing.replace("img-src 'self' data:", "img-src 'self' data: blob:")

    def add_headers(response: Response) -> Response:
        headers = response.headers
        applied = drawing if g.get("draws", False) else policy
        headers.setdefault(
            "Content-Security-Policy", applied.replace("{nonce}", f"'nonce-{csp_nonce()}'")
        )
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if is_https(settings):
            headers.setdefault("Strict-Transport-Security", f"max-age={_A_YEAR}; includeSubDomains")
        _set_caching(response)
        return response

    app.after_request(add_headers)


def is_https(settings: Settings) -> bool:
    return settings.public_url.startswith("https://")


def cookie_name(name: str, settings: Settings) -> str:
    """With the prefix that binds a cookie to this host, where the browser would take it."""
    return f"__Host-{name}" if is_https(settings) else name


def let_draw() -> None:
    """Loosen this answer's policy as charts need: styles set while drawing, pictures to take away.

    Scripts stay as strict as everywhere.
    """
    g.draws = True


def csp_nonce() -> str:
    """This answer's nonce: only scripts and styles that carry it run."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def asset(name: str) -> str:
    """The address of a static file; it changes with the content, so it may be kept for a year."""
    folder = current_app.static_folder or ""
    return url_for("static", filename=name, v=_fingerprint(Path(folder, name)))


def origin(url: str) -> str:
    """Scheme, host and port of an address, the way browsers compare them."""
    parts = urlsplit(url)
    default = {"http": 80, "https": 443}.get(parts.scheme)
    port = f":{parts.port}" if parts.port and parts.port != default else ""
    return f"{parts.scheme}://{parts.hostname or ''}{port}"


@cache
def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _policy(settings: Settings) -> str:
    # Browsers hold the redirect after a form to form-action too, and signing out ends there.
    portal = {origin(settings.portal_issuer), *map(origin, settings.portal_extra_origins)}
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self' {nonce}",
            "style-src 'self' {nonce}",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            f"form-action 'self' {' '.join(sorted(portal))}",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


def _set_caching(response: Response) -> None:
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
        return
    asked = request.args.get("v", "")
    file = Path(current_app.static_folder or "", (request.view_args or {}).get("filename", ""))
    if asked and file.is_file() and asked == _fingerprint(file):
        response.headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable"
