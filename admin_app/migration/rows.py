"""Writing single legacy accounts and what belonged to them: for the demo and the rehearsal.

Imports write whole files at once, by the same rules.
"""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from admin_app.audit.act import Act
from admin_app.hierarchy.models import Unit
from admin_app.identity.vocabulary import IdType
from admin_app.migration.matching import kin_index
from admin_app.migration.models import Affiliation, BusinessRecord, HistoryTally, LegacyAccount
from admin_app.migration.receipts import add_digests, record_digest
from admin_app.migration.rules import AccountFacts, standing
from admin_app.migration.vocabulary import AccountKind, RecordKind


class Bearer(NamedTuple):
    """Whom an account names."""

    id_type: IdType
    id_number: str


class Record(NamedTuple):
    """A piece of business history."""

    external_id: str
    title: str
    happened_on: date
    role: str = ""
    status: str = ""


def add_account(
    act: Act,
    kind: AccountKind,
    external_id: str,
    name: str,
    bearer: Bearer | None = None,
    *,
    unit: Unit | None = None,
    uscc: str | None = None,
    password: str | None = None,
    last_used_at: datetime | None = None,
) -> LegacyAccount:
    """An account that nobody has asked after yet, as an import leaves it."""
    sealer, id_type = act.sealer, bearer.id_type if bearer else None
    facts = AccountFacts(kind=kind, id_type=id_type, on_platform=unit is not None)
    follows_unit = not kind.is_bound and not kind.lives_on
    state, blocker = (None, None) if follows_unit else standing(facts)
    account = LegacyAccount(
        external_id=external_id,
        kind=kind,
        username=external_id.replace(":", "-"),
        name=name,
        id_type=id_type,
        id_sealed=sealer.seal(bearer.id_number) if bearer else None,
        id_index=sealer.index(bearer.id_type.value, bearer.id_number) if bearer else None,
        kin_index=kin_index(sealer, name, bearer.id_type, bearer.id_number) if bearer else None,
        uscc=uscc,
        unit_id=unit.id if unit else None,
        password_scheme="sha256" if password else None,
        password_hash=hashlib.sha256(password.encode()).hexdigest() if password else None,
        last_used_at=last_used_at,
        imported_at=act.at,
        state=state,
        blocker=blocker,
        stated_at=act.at,
    )
    act.session.add(account)
    act.session.flush()
    return account


def add_affiliation(
    act: Act, account: LegacyAccount, unit: Unit, since: datetime, position: str = ""
) -> None:
    """The account's holder has belonged to a unit."""
    act.session.add(
        Affiliation(
            external_id=f"{account.external_id}:{unit.id}",
            account_id=account.id,
            unit_id=unit.id,
            position=position,
            since=since,
        )
    )


def add_history(
    act: Act, account: LegacyAccount, kind: RecordKind, records: Iterable[Record]
) -> None:
    """All records of one kind that an account has, with their tally."""
    number, digest = 0, bytes(32)
    for each in records:
        act.session.add(BusinessRecord(kind=kind, account_id=account.id, **each._asdict()))
        day = each.happened_on.isoformat()
        digest = add_digests(digest, record_digest(kind.value, each.external_id, each.title, day))
        number += 1
    if number:
        act.session.add(
            HistoryTally(account_id=account.id, kind=kind, number=number, digest=digest)
        )
