"""Signing in at the portal: OpenID Connect by Authlib, with the checks it leaves to us.

Authlib brings state, nonce, PKCE and signatures. Ours besides: a fixed list of algorithms, the
issuer and the origins of the endpoints compared, an audience that must be there, the same subject
in the ID token and in userinfo, and no waiting, reading or following redirects without end.
"""

from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urljoin

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Flask, current_app, request, session, url_for
from joserfc.errors import JoseError
from requests import RequestException
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from admin_app.settings import Settings
from admin_app.web.addresses import safe_next
from admin_app.web.language import is_english
from admin_app.web.portal_client import PortalApp, PortalMetadataWrong
from admin_app.web.portal_troubles import (
    PortalAnswerWrong,
    PortalUnreachable,
    SignInCancelled,
    SignInStale,
)

_NAME = "portal"
_ATTEMPTS_KEPT = 3
_PORTAL_BUSY = ("server_error", "temporarily_unavailable")


@dataclass(frozen=True)
class PortalAnswer:
    """What the portal says of somebody, and the page they first asked for."""

    claims: dict[str, Any]
    id_token: str
    next: str | None


def fit(app: Flask, settings: Settings) -> None:
    OAuth(app).register(
        _NAME,
        client_cls=PortalApp,
        client_id=settings.portal_client_id,
        client_secret=settings.portal_client_secret.get_secret_value(),
        server_metadata_url=f"{settings.portal_issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile",
            "code_challenge_method": "S256",
            "default_timeout": settings.portal_timeout_seconds,
        },
    ).hold_to(settings)


def begin(next_page: str | None, *, another_account: bool = False) -> Response:
    """Send somebody to the portal.

    Raises:
        PortalUnreachable, PortalAnswerWrong
    """
    _forget_old_attempts()
    asked = {"ui_locales": "en" if is_english() else "zh-CN"}
    if another_account:
        asked["prompt"] = "login"
    # A portal that is down says so here, in our words, before anybody is sent there.
    _client().ask_anew()
    try:
        made = _client().create_authorization_url(_callback_address(), **asked)
    except (RequestException, AuthlibBaseError, PortalMetadataWrong, ValueError) as error:
        raise _trouble(error, next_page) from error
    kept = {"redirect_uri": _callback_address(), "next": next_page}
    kept.update({name: made[name] for name in ("nonce", "code_verifier")})
    _client().framework.set_state_data(session, made["state"], kept)
    return redirect(made["url"])


def finish() -> PortalAnswer:
    """Take the portal's answer when somebody comes back.

    Raises:
        SignInCancelled, SignInStale, PortalUnreachable, PortalAnswerWrong
    """
    settings, client = _settings(), _client()
    state = request.args.get("state", "")
    kept = client.framework.get_state_data(session, state)
    next_page = safe_next(kept.get("next")) if kept else None
    if kept is None:
        raise SignInStale("no such state in this browser")
    if refusal := request.args.get("error"):
        client.framework.clear_state_data(session, state)
        raise _portal_error(refusal, next_page)
    try:
        token = client.authorize_access_token(
            claims_options={
                "iss": {"essential": True, "values": [settings.portal_issuer]},
                "aud": {"essential": True, "values": [settings.portal_client_id]},
            },
            leeway=settings.clock_skew_seconds,
        )
        claims = _same_person(token.get("userinfo"), client.userinfo(token=token))
        id_token = str(token["id_token"])
    except (
        RequestException,
        AuthlibBaseError,
        JoseError,
        PortalMetadataWrong,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,  # an answer that is JSON, but not an object
    ) as error:
        raise _trouble(error, next_page) from error
    return PortalAnswer(claims, id_token, next_page)


def sign_out_address(id_token: str) -> str | None:
    """Where the portal ends its own session, if it offers that; quietly none if it is down."""
    home = urljoin(_settings().public_url + "/", url_for("home.index").lstrip("/"))
    try:
        made = _client().create_logout_url(
            post_logout_redirect_uri=home,
            id_token_hint=id_token,
            client_id=_settings().portal_client_id,
        )
    except (RequestException, AuthlibBaseError, PortalMetadataWrong, RuntimeError, ValueError):
        return None
    return str(made["url"])


def _same_person(from_token: Any, from_userinfo: dict[str, Any]) -> dict[str, Any]:
    if not from_token or not from_token.get("sub"):
        raise PortalMetadataWrong("no ID token, or one without a subject")
    if from_userinfo.get("sub") != from_token["sub"]:
        raise PortalMetadataWrong("userinfo speaks of another subject than the ID token")
    return {**from_token, **from_userinfo}


def _portal_error(error: str, next_page: str | None) -> Exception:
    # What stands in an address anybody can write: only known words reach the log.
    if error in _PORTAL_BUSY:
        return PortalUnreachable(f"the portal answered {error}", next_page)
    if error == "access_denied":
        return SignInCancelled("cancelled at the portal", next_page)
    return PortalAnswerWrong("the portal answered an error", next_page)


def _trouble(error: Exception, next_page: str | None) -> Exception:
    unreachable = isinstance(error, RequestException) and not isinstance(error, ValueError)
    kind = PortalUnreachable if unreachable else PortalAnswerWrong
    # A library's message can quote a claim; ours and an error's code can't.
    detail = str(error) if isinstance(error, PortalMetadataWrong) else ""
    code = getattr(error, "error", "")
    return kind(f"{type(error).__name__} {detail or code}".strip(), next_page)


def _forget_old_attempts() -> None:
    """Sign-ins begun and never finished; a cookie has room for a few only."""
    attempts = [key for key in session if key.startswith(f"_state_{_NAME}_")]
    attempts.sort(key=lambda key: session[key].get("exp", 0))
    for key in attempts[: -(_ATTEMPTS_KEPT - 1)]:
        session.pop(key)


def _callback_address() -> str:
    # From the settings, never from the request: its Host header is anybody's to write.
    return _settings().public_url + url_for("signin.callback")


def _client() -> PortalApp:
    oauth = current_app.extensions["authlib.integrations.flask_client"]
    return cast(PortalApp, oauth.create_client(_NAME))


def _settings() -> Settings:
    return cast(Settings, current_app.extensions["yihaotong.settings"])
