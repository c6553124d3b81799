"""Sessions at the portal: who is signed in, since when, and until when that counts."""

import secrets
import sqlite3
from dataclasses import dataclass

LIFETIME = 8 * 3600


@dataclass(frozen=True)
class PortalSession:
    sid: str
    sub: str
    auth_time: int


def begin(db: sqlite3.Connection, sub: str, now: int) -> PortalSession:
    session = PortalSession(secrets.token_urlsafe(16), sub, now)
    db.execute(
        "insert into portal_session (sid, sub, auth_time) values (?, ?, ?)",
        (session.sid, sub, now),
    )
    return session


def find(db: sqlite3.Connection, sid: str, now: int) -> PortalSession | None:
    row = db.execute(
        "select * from portal_session where sid = ? and ended_at is null and auth_time > ?",
        (sid, now - LIFETIME),
    ).fetchone()
    return PortalSession(row["sid"], row["sub"], row["auth_time"]) if row else None


def end(db: sqlite3.Connection, sid: str, now: int) -> None:
    """Ends the access that was granted in the session as well."""
    db.execute(
        "update portal_session set ended_at = ? where sid = ? and ended_at is null", (now, sid)
    )
    db.execute(
        "update access_token set revoked_at = ? where revoked_at is null"
        " and code in (select code from authorization_code where sid = ?)",
        (now, sid),
    )
