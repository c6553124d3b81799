"""Authorization codes and access tokens as they are stored, in the shape that Authlib expects."""

import sqlite3
import time
from dataclasses import dataclass

from authlib.oauth2.rfc6749 import TokenMixin
from authlib.oidc.core import AuthorizationCodeMixin

from portal_simulator.client import Client
from portal_simulator.people import Person

CODE_LIFETIME = 60
TOKEN_LIFETIME = 600


@dataclass(frozen=True)
class Code(AuthorizationCodeMixin):  # type: ignore[misc]  # Authlib ships no types
    code: str
    sid: str
    sub: str
    auth_time: int
    redirect_uri: str
    scope: str
    nonce: str | None
    code_challenge: str
    code_challenge_method: str = "S256"

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.auth_time


@dataclass(frozen=True)
class AccessToken(TokenMixin):  # type: ignore[misc]  # Authlib ships no types
    scope: str
    person: Person
    client: Client
    expires_at: int
    revoked: bool

    def get_scope(self) -> str:
        return self.scope

    def is_expired(self) -> bool:
        return self.expires_at <= time.time()

    def is_revoked(self) -> bool:
        return self.revoked

    def get_user(self) -> Person:
        return self.person

    def get_client(self) -> Client:
        return self.client


def save_code(db: sqlite3.Connection, code: Code, now: int) -> None:
    db.execute(
        "insert into authorization_code"
        " (code, sid, redirect_uri, scope, nonce, code_challenge, expires_at)"
        " values (?, ?, ?, ?, ?, ?, ?)",
        (
            code.code,
            code.sid,
            code.redirect_uri,
            code.scope,
            code.nonce,
            code.code_challenge,
            now + CODE_LIFETIME,
        ),
    )


def spend_code(db: sqlite3.Connection, code: str, now: int) -> Code | None:
    """A code is good once, whatever comes of that attempt.

    A second use means that somebody else has seen it, so what it bought the first time is revoked
    (RFC 6749, 4.1.2).
    """
    row = db.execute(
        "select * from authorization_code join portal_session using (sid)"
        " where code = ? and expires_at > ? and ended_at is null",
        (code, now),
    ).fetchone()
    if row is None:
        return None
    if row["used_at"] is not None:
        db.execute("update access_token set revoked_at = ? where code = ?", (now, code))
        return None
    db.execute("update authorization_code set used_at = ? where code = ?", (now, code))
    return Code(
        row["code"],
        row["sid"],
        row["sub"],
        row["auth_time"],
        row["redirect_uri"],
        row["scope"],
        row["nonce"],
        row["code_challenge"],
    )


def save_token(db: sqlite3.Connection, token: str, code: str, now: int) -> None:
    db.execute(
        "insert into access_token (token, code, expires_at) values (?, ?, ?)",
        (token, code, now + TOKEN_LIFETIME),
    )
