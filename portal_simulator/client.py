"""The one relying party, registered by configuration: the console."""

import secrets
from typing import Any

from authlib.oauth2.rfc6749 import ClientMixin

from portal_simulator.settings import Settings

SCOPES = ("openid", "profile", "phone")


class Client(ClientMixin):  # type: ignore[misc]  # Authlib ships no types
    def __init__(self, settings: Settings) -> None:
        self.client_id = settings.client_id
        self._secret = settings.client_secret
        self._redirect_uris = settings.redirect_uris
        self.client_metadata: dict[str, Any] = {
            "post_logout_redirect_uris": list(settings.logout_uris)
        }

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> None:
        # OpenID Connect demands the redirect URI in each request, so there is no default.
        return None

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """Unknown scopes are ignored; without `openid` it is no sign-in at all."""
        asked = (scope or "").split()
        return " ".join(s for s in asked if s in SCOPES) if "openid" in asked else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self._redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        return secrets.compare_digest(self._secret.encode(), client_secret.encode())

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in ("client_secret_basic", "client_secret_post")

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"
