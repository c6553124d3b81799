"""Authlib's client with the patience, the size and the addresses of its questions bounded."""

import time
from typing import Any

from authlib.integrations.flask_client import FlaskOAuth2App
from authlib.integrations.requests_client import OAuth2Session
from requests import ReadTimeout, RequestException, Response

from admin_app.settings import Settings
from admin_app.web.security import origin

_BODY_MOST = 512 * 1024
_CHUNK = 16 * 1024
_METADATA_SECONDS = 3600

_NEEDED = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
_OFFERED = "end_session_endpoint"


class PortalMetadataWrong(Exception):
    """The portal's answer isn't what was agreed; the message names what, never a value of it."""


class AnswerTooLarge(RequestException):
    """The portal sends more than any answer needs."""


class PortalSession(OAuth2Session):  # type: ignore[misc]  # Authlib ships no types
    """Follows no redirects, and takes neither for ever nor without bound."""

    def request(self, method: str, url: str, **kwargs: Any) -> Response:
        kwargs.update(allow_redirects=False, stream=True)
        deadline = time.monotonic() + float(self.default_timeout)
        answer: Response = super().request(method, url, **kwargs)
        with answer:
            body = b""
            for chunk in answer.iter_content(_CHUNK):
                body += chunk
                if len(body) > _BODY_MOST:
                    raise AnswerTooLarge
                if time.monotonic() > deadline:
                    raise ReadTimeout
        answer._content = body  # what requests itself does when it reads all at once
        if answer.is_redirect:
            raise PortalMetadataWrong("a redirect where an answer was expected")
        return answer


class PortalApp(FlaskOAuth2App):  # type: ignore[misc]  # Authlib ships no types
    """The portal; what it says about itself is checked before it is believed."""

    client_cls = PortalSession
    OAUTH_APP_CONFIG = None
    settings: Settings
    server_metadata: dict[str, Any]

    def hold_to(self, settings: Settings) -> None:
        self.settings = settings

    def ask_anew(self) -> None:
        """Let the next question about the portal go to the portal itself."""
        self.server_metadata.pop("_loaded_at", None)

    def load_server_metadata(self) -> dict[str, Any]:
        known = self.server_metadata
        if known.get("_loaded_at", 0) + _METADATA_SECONDS > time.time():
            return known
        with self._get_session() as session:
            answer = session.request("GET", self._server_metadata_url, withhold_token=True)
            answer.raise_for_status()
            told = answer.json()
        self.server_metadata = {**self._checked(told), "_loaded_at": time.time()}
        return self.server_metadata

    def _checked(self, told: Any) -> dict[str, Any]:
        if not isinstance(told, dict):
            raise PortalMetadataWrong("discovery is not an object")
        if told.get("issuer") != self.settings.portal_issuer:
            raise PortalMetadataWrong("discovery names another issuer")
        allowed = {origin(self.settings.portal_issuer)}
        allowed.update(map(origin, self.settings.portal_extra_origins))
        for name in (*_NEEDED, _OFFERED):
            address = told.get(name)
            if address is None and name == _OFFERED:
                continue
            if not isinstance(address, str) or origin(address) not in allowed:
                raise PortalMetadataWrong(f"{name} lies elsewhere or is missing")
        told.pop("jwks", None)  # keys come from jwks_uri and nowhere else
        # Ours, whatever the portal offers: a list it sends could name a weaker one.
        return {**told, "id_token_signing_alg_values_supported": self.settings.portal_algorithms}
