"""The keys that sign ID tokens: one in use, and retired ones that stay published for a while."""

import json
import sqlite3

from joserfc.jwk import KeySetSerialization, RSAKey

ALGORITHM = "RS256"
# Longer than an ID token lives, so that rotation never breaks one that is on its way.
OVERLAP = 24 * 3600


def in_use(db: sqlite3.Connection) -> RSAKey:
    row = db.execute("select private_jwk from signing_key where retired_at is null").fetchone()
    if row is None:
        return _draw(db)
    return RSAKey.import_key(json.loads(row["private_jwk"]))


def kid_in_use(db: sqlite3.Connection) -> str | None:
    """Without reading the private key, which takes its time."""
    row = db.execute("select kid from signing_key where retired_at is null").fetchone()
    return row["kid"] if row else _draw(db).kid


def rotate(db: sqlite3.Connection, now: int) -> RSAKey:
    """From now on a new key signs; tokens of the old one verify until it is dropped."""
    db.execute("update signing_key set retired_at = ? where retired_at is null", (now,))
    db.execute("delete from signing_key where retired_at < ?", (now - OVERLAP,))
    return _draw(db)


def drop_retired(db: sqlite3.Connection) -> None:
    """Tokens signed by retired keys no longer verify."""
    db.execute("delete from signing_key where retired_at is not null")


def published(db: sqlite3.Connection, now: int) -> KeySetSerialization:
    """Public parts only, the key in use first."""
    kid_in_use(db)
    rows = db.execute(
        "select public_jwk from signing_key where retired_at is null or retired_at >= ?"
        " order by retired_at is not null, retired_at desc",
        (now - OVERLAP,),
    )
    return {"keys": [json.loads(row["public_jwk"]) for row in rows]}


def impostor(genuine: RSAKey) -> RSAKey:
    """A key that claims to be the genuine one, for the fault of the bad signature."""
    return RSAKey.generate_key(2048, {"kid": genuine.kid or ""})


def _draw(db: sqlite3.Connection) -> RSAKey:
    key = RSAKey.generate_key(2048, {"use": "sig", "alg": ALGORITHM}, auto_kid=True)
    db.execute(
        "insert into signing_key (kid, private_jwk, public_jwk) values (?, ?, ?)",
        (key.kid, json.dumps(key.as_dict(private=True)), json.dumps(key.as_dict(private=False))),
    )
    return key
