"""Builders of legacy accounts, and of what belonged to them."""

import hashlib
from datetime import date, datetime
from itertools import count

from sqlalchemy.orm import Session

from admin_app.hierarchy.models import Unit
from admin_app.identity.vocabulary import IdType
from admin_app.migration.matching import kin_index
from admin_app.migration.models import Affiliation, BusinessRecord, HistoryTally, LegacyAccount
from admin_app.migration.receipts import add_digests, record_digest
from admin_app.migration.rules import AccountFacts, standing
from admin_app.migration.vocabulary import AccountKind, RecordKind
from admin_app.sealing import Sealer
from tests import builders

PASSWORD = "old-pass-1"
_numbers = count(1)


def legacy_account(
    session: Session,
    name: str = "示例甲",
    number: str | None = None,
    *,
    kind: AccountKind = AccountKind.PERSONAL,
    id_type: IdType = IdType.RESIDENT_ID,
    unit: Unit | None = None,
    password: str | None = PASSWORD,
    at: datetime = builders.NOON,
    username: str | None = None,
    sealer: Sealer = builders.SEALER,
) -> LegacyAccount:
    """A legacy account as an import leaves it; ``number`` is an ID number, if it has one."""
    sequence = next(_numbers)
    facts = AccountFacts(
        kind=kind, id_type=id_type if number else None, on_platform=unit is not None
    )
    follows_unit = not kind.is_bound and not kind.lives_on
    state, blocker = (None, None) if follows_unit else standing(facts)
    account = LegacyAccount(
        external_id=f"test:{sequence}",
        kind=kind,
        username=username or f"old{sequence}",
        name=name,
        id_type=id_type if number else None,
        id_sealed=sealer.seal(number) if number else None,
        id_index=sealer.index(id_type.value, number) if number else None,
        kin_index=kin_index(sealer, name, id_type, number) if number else None,
        uscc=unit.uscc if unit and kind is AccountKind.UNIT else None,
        unit_id=unit.id if unit else None,
        password_scheme="sha256" if password else None,
        password_hash=hashlib.sha256(password.encode()).hexdigest() if password else None,
        imported_at=at,
        state=state,
        blocker=blocker,
        stated_at=at,
    )
    session.add(account)
    session.flush()
    return account


def affiliation(session: Session, account: LegacyAccount, unit: Unit) -> Affiliation:
    """An account's holder belonged to a unit."""
    made = Affiliation(account_id=account.id, unit_id=unit.id, since=builders.NOON)
    session.add(made)
    session.flush()
    return made


def history(
    session: Session,
    account: LegacyAccount,
    number: int = 3,
    kind: RecordKind = RecordKind.PROJECT,
) -> None:
    """Business records of an account, tallied as an import does."""
    digest, day = bytes(32), date(2020, 1, 2)
    for _ in range(number):
        external_id, title = f"r{next(_numbers)}", "示例项目"
        session.add(
            BusinessRecord(
                kind=kind,
                external_id=external_id,
                account_id=account.id,
                title=title,
                happened_on=day,
            )
        )
        record = record_digest(kind.value, external_id, title, day.isoformat())
        digest = add_digests(digest, record)
    session.add(HistoryTally(account_id=account.id, kind=kind, number=number, digest=digest))
    session.flush()
