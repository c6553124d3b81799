"""The receipt: what somebody had before and has after, counted and with digests.

Only tallies are read, never the records themselves: a million records cost no more than one.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.hierarchy.models import Unit
from admin_app.identity.models import Person
from admin_app.migration.matching import accounts_of
from admin_app.migration.models import (
    Affiliation,
    HistoryTally,
    LegacyAccount,
    Receipt,
)

_MODULUS = 2**256


def holdings_of(session: Session, person: Person, coming: Iterable[int] = ()) -> dict[str, Any]:
    """Accounts, history by kind with digests, and affiliations: a person's, and of accounts
    about to become theirs.
    """
    accounts = session.execute(
        select(LegacyAccount.id, LegacyAccount.external_id, LegacyAccount.kind, LegacyAccount.name)
        .where(LegacyAccount.id.in_({*accounts_of(session, person.id), *coming}))
        .order_by(LegacyAccount.id)
    ).all()
    ids = [account.id for account in accounts]
    return {
        "accounts": [
            {"id": a.id, "number": a.external_id, "kind": a.kind.value, "name": a.name}
            for a in accounts
        ],
        "history": history_of(session, ids),
        "affiliations": affiliations_of(session, ids, person.id),
    }


def history_of(session: Session, account_ids: Iterable[int]) -> dict[str, dict[str, Any]]:
    """How many records of each kind some accounts have, and the digest over them."""
    history: dict[str, dict[str, Any]] = {}
    for tally in session.scalars(
        select(HistoryTally)
        .where(HistoryTally.account_id.in_(account_ids))
        .order_by(HistoryTally.kind, HistoryTally.account_id)
    ):
        entry = history.setdefault(tally.kind.value, {"number": 0, "digest": ""})
        entry["number"] += tally.number
        entry["digest"] = add_digests(bytes.fromhex(entry["digest"]), tally.digest).hex()
    return history


def affiliations_of(
    session: Session, account_ids: Iterable[int], person_id: int | None
) -> list[dict[str, Any]]:
    """The units some accounts, or a person, belong to."""
    rows = session.execute(
        select(Affiliation.id, Unit.id, Unit.name)
        .join(Unit, Unit.id == Affiliation.unit_id)
        .where(
            or_(
                Affiliation.account_id.in_(account_ids),
                Affiliation.person_id == (person_id or 0),
            ),
            Affiliation.until.is_(None),
        )
        .order_by(Affiliation.id)
    )
    return [{"id": number, "unit_id": unit_id, "unit": name} for number, unit_id, name in rows]


def write_receipt(
    act: Act, person: Person, before: dict[str, Any], *, undone: bool = False
) -> Receipt:
    """Keep what was before and what is after.

    ``unchanged``: history and affiliations are, to the digest, what the accounts had (R18, R26).
    """
    after = holdings_of(act.session, person)
    content = {"before": before, "after": after, "undone": undone, "unchanged": before == after}
    receipt = Receipt(person_id=person.id, at=act.at, content=content, digest=digest_of(content))
    act.session.add(receipt)
    act.session.flush()
    return receipt


def digest_of(content: dict[str, Any]) -> bytes:
    """SHA-256 of the content in one written form."""
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).digest()


def record_digest(kind: str, external_id: str, title: str, happened_on: str) -> bytes:
    """The digest of one record of business history."""
    return hashlib.sha256("\x1f".join((kind, external_id, title, happened_on)).encode()).digest()


def add_digests(one: bytes, other: bytes) -> bytes:
    """The digest over two disjoint sets of records: the sum modulo 2^256."""
    total = int.from_bytes(one, "big") + int.from_bytes(other, "big")
    return (total % _MODULUS).to_bytes(32, "big")


def subtract_digest(whole: bytes, part: bytes) -> bytes:
    """The digest over a set of records without those of a part of it."""
    rest = int.from_bytes(whole, "big") - int.from_bytes(part, "big")
    return (rest % _MODULUS).to_bytes(32, "big")
