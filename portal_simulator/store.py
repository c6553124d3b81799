"""The simulator's own SQLite file: its tables, and the one way to change them.

Nothing is kept in memory between requests, so several threads, several workers and a restart all
see the same people, keys, codes and sessions.
"""

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SCHEMA = """
create table if not exists remembered (
    name text primary key,
    value text not null
);
create table if not exists person (
    sub text primary key,
    name text not null,
    id_type text not null
        check (id_type in ('resident_id', 'foreign_permanent_residence', 'passport')),
    id_number text not null unique,
    level text not null check (level in ('none', 'basic', 'intermediate', 'advanced')),
    mobile text not null unique,
    password_hash text not null,
    shows_zh text,
    shows_en text,
    check (id_type <> 'passport' or level in ('none', 'basic'))
);
create table if not exists enterprise (
    uscc text primary key,
    name text not null,
    legal_representative text
);
create table if not exists binding (
    uscc text primary key references enterprise (uscc),
    sub text not null references person (sub) on delete cascade
);
create table if not exists portal_session (
    sid text primary key,
    sub text not null references person (sub) on delete cascade,
    auth_time integer not null,
    ended_at integer
);
create table if not exists authorization_code (
    code text primary key,
    sid text not null references portal_session (sid) on delete cascade,
    redirect_uri text,
    scope text not null,
    nonce text,
    code_challenge text not null,
    expires_at integer not null,
    used_at integer
);
create table if not exists access_token (
    token text primary key,
    code text not null references authorization_code (code) on delete cascade,
    expires_at integer not null,
    revoked_at integer
);
create table if not exists signing_key (
    kid text primary key,
    private_jwk text not null,
    public_jwk text not null,
    retired_at integer
);
create unique index if not exists one_signing_key_in_use
    on signing_key ((retired_at is null)) where retired_at is null;
"""


class Store:
    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        db = self._connect()
        db.execute("pragma journal_mode = wal")
        db.executescript(SCHEMA)
        db.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        db = self._connect()
        try:
            # Immediate, so that what is read stays true until it is written: two requests with the
            # same code or the same ID number come one after the other.
            db.execute("begin immediate")
            yield db
            db.execute("commit")
        except BaseException:
            if db.in_transaction:
                db.execute("rollback")
            raise
        finally:
            db.close()

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, timeout=10, isolation_level=None)
        db.row_factory = sqlite3.Row
        db.execute("pragma foreign_keys = on")
        db.execute("pragma synchronous = normal")
        return db


def remember(db: sqlite3.Connection, name: str, value: str) -> None:
    db.execute("insert or replace into remembered (name, value) values (?, ?)", (name, value))


def recall(db: sqlite3.Connection, name: str) -> str | None:
    row = db.execute("select value from remembered where name = ?", (name,)).fetchone()
    return row["value"] if row else None


def secret_key(db: sqlite3.Connection) -> str:
    """The key that signs cookies; drawn once, so that sessions survive a restart."""
    if key := recall(db, "secret_key"):
        return key
    key = secrets.token_urlsafe(32)
    remember(db, "secret_key", key)
    return key
