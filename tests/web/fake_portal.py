"""A portal that says whatever a test wants, truly signed or not; it runs in a thread of the test.

The portal simulator is honest and has its own tests; this one lies.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Flask, Response, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from werkzeug.serving import make_server

from tests import builders

CLIENT = "yihaotong"


@dataclass
class FakePortal:
    """What it answers; a test changes what it needs to."""

    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    signing_key: RSAKey | OctKey | None = None
    algorithm: str = "RS256"
    metadata: dict[str, Any] = field(default_factory=dict)
    id_claims: dict[str, Any] = field(default_factory=dict)
    person: dict[str, Any] = field(default_factory=dict)
    token_answer: Callable[[], Any] | None = None
    discovery_answer: Callable[[], Any] | None = None
    nonce: str = ""
    seen_token_request: dict[str, str] = field(default_factory=dict)

    def discovery(self) -> dict[str, Any]:
        standard = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/logout",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }
        return {name: value for name, value in (standard | self.metadata).items() if value}

    def id_token(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "someone",
            "nonce": self.nonce,
            "iat": now,
            "exp": now + 300,
        } | self.id_claims
        header = {"alg": self.algorithm, "kid": "one"}
        key = self.signing_key or self.key
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(header, kept, key, algorithms=[self.algorithm])

    def userinfo(self) -> dict[str, Any]:
        return {
            "sub": "someone",
            "name": "外人",
            "id_type": "resident_id",
            "id_number": builders.id_number(105),
            "assurance_level": "intermediate",
            "enterprises": [],
        } | self.person

    def asked(self, address: str) -> dict[str, str]:
        """What an address at the authorization endpoint asks; its nonce goes into the token."""
        parts = urlsplit(address)
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{self.issuer}/authorize"
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.nonce = query["nonce"]
        return query


def _app(portal: FakePortal) -> Flask:
    app = Flask("fake_portal")

    @app.get("/.well-known/openid-configuration")
    def discovery() -> Any:
        if portal.discovery_answer:
            return portal.discovery_answer()
        return jsonify(portal.discovery())

    @app.get("/jwks")
    def jwks() -> Any:
        return jsonify(keys=[portal.key.as_dict(private=False)])

    @app.post("/token")
    def token() -> Any:
        portal.seen_token_request = request.form.to_dict()
        if portal.token_answer:
            return portal.token_answer()
        return jsonify(access_token="a", token_type="Bearer", id_token=portal.id_token())

    @app.get("/userinfo")
    def userinfo() -> Any:
        return jsonify(portal.userinfo())

    @app.get("/elsewhere")
    def elsewhere() -> Response:
        return Response(status=204)

    return app


@contextmanager
def running() -> Iterator[FakePortal]:
    portal = FakePortal()
    server = make_server("127.0.0.1", 0, _app(portal), threaded=True)
    portal.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield portal
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def moved() -> Any:
    """An answer that sends the console somewhere else."""
    return redirect("/elsewhere")
