"""Checking an old password against its old hash, whatever scheme the old platform used.

It proves whose an account was and is never a way in by itself; no rule for new passwords applies.
Schemes and the form in which a hash is stored:

* ``md5``, ``sha1``, ``sha256``, ``sm3`` (GB/T 32905): hexadecimal digest of the password;
* ``md5_salted``: ``salt$digest``, the digest of password followed by salt;
* ``pbkdf2_sha256``: ``iterations$salt$digest`` (RFC 8018), digest in hexadecimal or base64;
* ``bcrypt``: as the library writes it.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable

import bcrypt

_ITERATIONS_MOST = 2_000_000

# What a hash of each scheme looks like. A bcrypt cost above 15 would keep a server busy for
# seconds, so nobody may bring one in.
_FORMS = {
    "md5": re.compile(r"[0-9a-fA-F]{32}"),
    "md5_salted": re.compile(r"[^$]{0,64}\$[0-9a-fA-F]{32}"),
    "sha1": re.compile(r"[0-9a-fA-F]{40}"),
    "sha256": re.compile(r"[0-9a-fA-F]{64}"),
    "sm3": re.compile(r"[0-9a-fA-F]{64}"),
    "pbkdf2_sha256": re.compile(r"[0-9]{1,7}\$[^$]{1,64}\$((?:[0-9a-fA-F]{2})+|[A-Za-z0-9+/]+=*)"),
    "bcrypt": re.compile(r"\$2[abxy]\$(0[4-9]|1[0-5])\$[./A-Za-z0-9]{53}"),
}


def _plain(algorithm: str) -> Callable[[str, str], bool]:
    def check(stored: str, password: str) -> bool:
        return _same(hashlib.new(algorithm, password.encode()).hexdigest(), stored)

    return check


def _md5_salted(stored: str, password: str) -> bool:
    salt, _, digest = stored.partition("$")
    return _same(hashlib.md5((password + salt).encode(), usedforsecurity=False).hexdigest(), digest)


def _pbkdf2(stored: str, password: str) -> bool:
    iterations, salt, digest = stored.split("$")
    made = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), int(iterations))
    try:
        wanted = bytes.fromhex(digest)
    except ValueError:
        wanted = base64.b64decode(digest, validate=True)
    return hmac.compare_digest(made, wanted)


def _bcrypt(stored: str, password: str) -> bool:
    # bcrypt reads 72 bytes and no null; what old systems cut off in silence is cut off here too.
    return bcrypt.checkpw(password.encode().replace(b"\0", b"")[:72], stored.encode())


SCHEMES: dict[str, Callable[[str, str], bool]] = {
    "md5": _plain("md5"),
    "md5_salted": _md5_salted,
    "sha1": _plain("sha1"),
    "sha256": _plain("sha256"),
    "sm3": _plain("sm3"),
    "pbkdf2_sha256": _pbkdf2,
    "bcrypt": _bcrypt,
}


def is_well_formed(scheme: str, stored: str) -> bool:
    """Whether this can be a hash of the scheme at all."""
    form = _FORMS.get(scheme)
    if form is None or not form.fullmatch(stored):
        return False
    return scheme != "pbkdf2_sha256" or 0 < int(stored.split("$")[0]) <= _ITERATIONS_MOST


def is_old_password(scheme: str, stored: str, password: str) -> bool:
    """Whether the password is the one that was hashed; a broken hash is nobody's password."""
    if not is_well_formed(scheme, stored):
        return False
    try:
        return SCHEMES[scheme](stored, password)
    except (ValueError, binascii.Error):
        return False


def _same(made: str, stored: str) -> bool:
    return hmac.compare_digest(made.encode(), stored.strip().lower().encode())
