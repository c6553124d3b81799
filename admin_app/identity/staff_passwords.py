"""How a staff account's password is kept and checked: Argon2id, or at first its old hash.

Departments and managers keep the password they had on the old platform (R19, R20). Its hash is
stored as ``legacy:<scheme>:<hash>``, and gives way to Argon2id at the first good sign-in.

Every check costs the same, whoever's name was typed: one Argon2id, and one old hash as long as any
account still has one.
"""

import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.identity.models import StaffAccount
from admin_app.identity.old_passwords import is_old_password

# Argon2id with OWASP's least parameters: 19 MiB, two passes; about 20 ms of one core.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)

HASH_MOST = 200
NO_PASSWORD = "!"  # noqa: S105 - lets nobody in until an operator sets a password
_LEGACY = "legacy:"


def legacy_hash(scheme: str, stored: str) -> str:
    """An old platform's hash as a staff account keeps it."""
    return f"{_LEGACY}{scheme}:{stored}"


def is_right(session: Session, hasher: PasswordHasher, stored: str | None, password: str) -> bool:
    """Whether the password is the one that was hashed; None: there is no such account."""
    scheme, old = _legacy(stored or "")
    sample_scheme, sample = _legacy(_slowest_legacy(session))
    is_old = is_old_password(scheme, old, password)
    if sample_scheme != scheme:
        is_old_password(sample_scheme, sample, password)  # takes its time, decides nothing
    has_modern = stored is not None and not scheme and stored != NO_PASSWORD
    checked = stored if stored is not None and has_modern else _stand_in(hasher)
    is_modern = _verify(hasher, checked, password)
    return is_old if scheme else has_modern and is_modern


def is_outdated(hasher: PasswordHasher, stored: str) -> bool:
    """Whether the hash should be replaced now that the password is known."""
    return bool(_legacy(stored)[0]) or hasher.check_needs_rehash(stored)


def normal(password: str) -> str:
    """One form whatever keyboard it was typed on."""
    return unicodedata.normalize("NFKC", password)


def _legacy(stored: str) -> tuple[str, str]:
    """Scheme and hash of the old platform; both empty if there is none."""
    if not stored.startswith(_LEGACY):
        return "", ""
    scheme, _, old = stored.removeprefix(_LEGACY).partition(":")
    return scheme, old


def _slowest_legacy(session: Session) -> str:
    """Any old hash that is left, the slowest scheme first, as their names happen to be sorted."""
    found = session.scalar(
        select(StaffAccount.password_hash)
        .where(StaffAccount.password_hash.startswith(_LEGACY))
        .order_by(StaffAccount.password_hash)
        .limit(1)
    )
    return found or ""


@lru_cache(maxsize=8)
def _stand_in(hasher: PasswordHasher) -> str:
    """A hash to check against where there is none."""
    return hasher.hash("nobody has this password")


def _verify(hasher: PasswordHasher, stored: str, password: str) -> bool:
    try:
        return hasher.verify(stored, normal(password))
    except (VerificationError, InvalidHashError):
        return False
