"""The OpenID Connect provider: Authlib's server with the store behind it.

Authorization code with PKCE (S256) and nothing else; ID tokens name the person and the session,
userinfo tells the rest.
"""

import time
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector
from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode, UserInfoEndpoint
from authlib.oidc.core.errors import RequestNotSupportedError, RequestURINotSupportedError
from authlib.oidc.rpinitiated import EndSessionEndpoint
from joserfc.jwk import KeySetSerialization, RSAKey

from portal_simulator import claims, faults, grants, keys, people, sessions
from portal_simulator.client import Client
from portal_simulator.faults import Fault
from portal_simulator.grants import AccessToken, Code
from portal_simulator.people import Person
from portal_simulator.sessions import PortalSession
from portal_simulator.settings import Settings
from portal_simulator.store import Store


def now() -> int:
    return int(time.time())


class Provider(AuthorizationServer):  # type: ignore[misc]  # Authlib ships no types
    def __init__(self, settings: Settings, store: Store) -> None:
        super().__init__()
        self.settings = settings
        self.store = store
        self.client = Client(settings)
        lifetimes = {AuthorizationCodeGrant.GRANT_TYPE: grants.TOKEN_LIFETIME}
        self.load_config({"OAUTH2_TOKEN_EXPIRES_IN": lifetimes})
        self.register_grant(CodeGrant, [Pkce(), IdTokens(self)])
        protector = ResourceProtector()
        protector.register_token_validator(BearerTokens(self))
        self.register_endpoint(UserInfo(resource_protector=protector))
        self.register_endpoint(EndSession)

    def query_client(self, client_id: str) -> Client | None:
        return self.client if client_id == self.client.client_id else None

    def save_token(self, token: dict[str, Any], request: Any) -> None:
        with self.store.transaction() as db:
            grants.save_token(db, token["access_token"], request.authorization_code.code, now())


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]  # Authlib ships no types
    def save_authorization_code(self, code: str, request: Any) -> None:
        session: PortalSession = request.user
        data = request.payload.data
        issued = Code(
            code,
            session.sid,
            session.sub,
            session.auth_time,
            request.payload.redirect_uri,
            request.scope,
            data.get("nonce"),
            data["code_challenge"],
        )
        with self.server.store.transaction() as db:
            grants.save_code(db, issued, now())

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        # Spent when it is read: two requests at the same moment must not both find it unused.
        with self.server.store.transaction() as db:
            return grants.spend_code(db, code, now())

    def delete_authorization_code(self, authorization_code: Code) -> None:
        """Spent codes are kept, so that a second use can be recognised."""

    def authenticate_user(self, authorization_code: Code) -> Person | None:
        with self.server.store.transaction() as db:
            return people.get(db, authorization_code.sub)


class Pkce(CodeChallenge):  # type: ignore[misc]  # Authlib ships no types
    """Authlib asks public clients only for PKCE and allows `plain`; here it is S256 for all."""

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        data = grant.request.payload.data
        if not data.get("code_challenge"):
            raise InvalidRequestError("Missing 'code_challenge'")
        if data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("Unsupported 'code_challenge_method', use S256")
        super().validate_code_challenge(grant, redirect_uri)


class IdTokens(OpenIDCode):  # type: ignore[misc]  # Authlib ships no types
    def __init__(self, provider: Provider) -> None:
        super().__init__(require_nonce=False)
        self.provider = provider

    def validate_openid_authorization_request(self, grant: Any, redirect_uri: str) -> None:
        data = grant.request.payload.data
        if "request" in data:
            raise RequestNotSupportedError()
        if "request_uri" in data:
            raise RequestURINotSupportedError()
        super().validate_openid_authorization_request(grant, redirect_uri)

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        # The client checks its nonce; somebody who pressed Back must not be told of a replay.
        return False

    def resolve_client_private_key(self, client: Client) -> RSAKey:
        with self.provider.store.transaction() as db:
            key = keys.in_use(db)
            return keys.impostor(key) if faults.current(db) is Fault.BAD_SIGNATURE else key

    def get_encode_header(self, client: Client) -> dict[str, str | None]:
        with self.provider.store.transaction() as db:
            return {"alg": keys.ALGORITHM, "kid": keys.kid_in_use(db)}

    def get_client_claims(self, client: Client) -> dict[str, str]:
        with self.provider.store.transaction() as db:
            wrong = faults.current(db) is Fault.WRONG_ISSUER
        issuer = "https://somebody-else.invalid" if wrong else self.provider.settings.issuer
        # One audience as a plain string: end_session finds the client by it.
        return {"iss": issuer, "aud": client.client_id}

    def get_authorization_code_claims(self, authorization_code: Code) -> dict[str, Any]:
        standard = super().get_authorization_code_claims(authorization_code)
        return {**standard, "sid": authorization_code.sid}

    def generate_user_info(self, user: Person, scope: str) -> dict[str, str]:
        return {"sub": user.sub}


class BearerTokens(BearerTokenValidator):  # type: ignore[misc]  # Authlib ships no types
    def __init__(self, provider: Provider) -> None:
        super().__init__()
        self.provider = provider

    def authenticate_token(self, token_string: str) -> AccessToken | None:
        with self.provider.store.transaction() as db:
            row = db.execute(
                "select t.*, c.scope, s.sub from access_token t"
                " join authorization_code c using (code) join portal_session s using (sid)"
                " where token = ?",
                (token_string,),
            ).fetchone()
            person = people.get(db, row["sub"]) if row else None
        if person is None:
            return None
        client, revoked = self.provider.client, row["revoked_at"] is not None
        return AccessToken(row["scope"], person, client, row["expires_at"], revoked)


class UserInfo(UserInfoEndpoint):  # type: ignore[misc]  # Authlib ships no types
    def generate_user_info(self, user: Person, scope: str) -> dict[str, Any]:
        with self.server.store.transaction() as db:
            return claims.of(db, user)


class EndSession(EndSessionEndpoint):  # type: ignore[misc]  # Authlib ships no types
    def get_server_jwks(self) -> KeySetSerialization:
        with self.server.store.transaction() as db:
            return keys.published(db, now())

    def get_algorithms(self) -> list[str]:
        return [keys.ALGORITHM]

    def end_session(self, end_session_request: Any) -> None:
        # Without a hint there are no claims, and the page asks before anything is ended.
        hint = end_session_request.id_token_claims or {}
        with self.server.store.transaction() as db:
            sessions.end(db, hint.get("sid", ""), now())
