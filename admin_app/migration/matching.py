"""The accounts that may be somebody's, found by index, and what ``rules.match`` makes of them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, delete, select, union_all
from sqlalchemy.orm import Session

from admin_app.database import unindexed
from admin_app.identity.models import Person
from admin_app.identity.vocabulary import IdType
from admin_app.migration.models import AccountBinding, LegacyAccount, PersonKin
from admin_app.migration.rules import Candidate, Identity, Match, kinship, match
from admin_app.migration.vocabulary import AccountKind
from admin_app.sealing import Sealer

# However many share a name and a date of birth: more than these no member of staff sorts out.
CANDIDATES_MOST = 20


def match_of(session: Session, sealer: Sealer, person: Person) -> Match:
    """Whether somebody is asked for an old password, has nothing to bind, or is stuck."""
    accounts = candidates_of(session, sealer, person)
    answered = _answered(session, person, accounts)
    bound_to = holders_of(session, [account.id for account in accounts])
    return match(
        identity_of(sealer, person),
        person.id,
        [
            Candidate(
                id=account.id,
                name=account.name,
                id_type=account.id_type,
                id_number=sealer.open(account.id_sealed),
                bound_to=bound_to.get(account.id),
                has_password=account.password_hash is not None,
                hindrance=account.hindrance,
                answered=account.id_index in answered,
            )
            for account in accounts
            if account.id_type is not None and account.id_sealed is not None
        ],
    )


def identity_of(sealer: Sealer, person: Person) -> Identity:
    return Identity(person.name, person.id_type, sealer.open(person.id_sealed))


def candidates_of(session: Session, sealer: Sealer, person: Person) -> Sequence[LegacyAccount]:
    """Personal accounts with the person's number, of kin to it, or bound to them.

    Those with the number come first, so that no namesakes crowd them out.
    """
    return session.scalars(_candidates(sealer, person, LegacyAccount)).all()


def candidate_ids(session: Session, sealer: Sealer, person: Person) -> Sequence[int]:
    """The numbers of these accounts, for who is about to lock and read them."""
    return session.scalars(_candidates(sealer, person, LegacyAccount.id)).all()


def _candidates(sealer: Sealer, person: Person, what: Any) -> Select[Any]:
    own = select(AccountBinding.account_id).where(
        AccountBinding.person_id == person.id, AccountBinding.until.is_(None)
    )
    # One look-up an index each: with OR, SQLite would read every personal account.
    ids = union_all(
        own,
        select(LegacyAccount.id).where(LegacyAccount.id_index == person.id_index),
        select(LegacyAccount.id).where(LegacyAccount.kin_index.in_(kin_of(sealer, person))),
    )
    return (
        select(what)
        .where(LegacyAccount.id.in_(ids), unindexed(LegacyAccount.kind) == AccountKind.PERSONAL)
        .order_by(LegacyAccount.id_index != person.id_index, LegacyAccount.id)
        .limit(CANDIDATES_MOST)
    )


def kin_of(sealer: Sealer, person: Person) -> set[bytes]:
    """What accounts of kin to somebody bear."""
    number = sealer.open(person.id_sealed)
    kin = {kin_index(sealer, person.name, person.id_type, number)}
    if person.id_type is IdType.FOREIGN_PERMANENT_RESIDENCE:
        # Those who can't use a passport at the portal may have used it on the old platform.
        kin.add(kin_index(sealer, person.name, IdType.PASSPORT, ""))
    return {index for index in kin if index is not None}


def remember_kin(session: Session, sealer: Sealer, person: Person) -> None:
    """Let the person be found by accounts of kin that come later, or turn out to be another's."""
    mine = PersonKin.person_id == person.id
    known = set(session.scalars(select(PersonKin.kin_index).where(mine)))
    now = kin_of(sealer, person)
    if known - now:
        session.execute(delete(PersonKin).where(mine, PersonKin.kin_index.in_(known - now)))
    session.add_all(PersonKin(person_id=person.id, kin_index=index) for index in now - known)


def accounts_of(session: Session, person_id: int) -> Sequence[int]:
    """The accounts bound to a person now.

    A list and not a subquery: PostgreSQL reads a whole table for one inside an OR.
    """
    return session.scalars(
        select(AccountBinding.account_id).where(
            AccountBinding.person_id == person_id, AccountBinding.until.is_(None)
        )
    ).all()


def _answered(
    session: Session, person: Person, accounts: Sequence[LegacyAccount]
) -> set[bytes | None]:
    """The numbers among these accounts' with which somebody else has come."""
    others = {each.id_index for each in accounts if each.id_index != person.id_index}
    if not others:
        return set()
    return set(session.scalars(select(Person.id_index).where(Person.id_index.in_(others))))


def kin_index(sealer: Sealer, name: str, id_type: IdType, number: str) -> bytes | None:
    """The blind index over what stays the same when a number differs or is renewed."""
    kin = kinship(name, id_type, number)
    return sealer.index("kin", *kin) if kin else None


def holders_of(session: Session, account_ids: Sequence[int]) -> dict[int, int]:
    """Whose each account is now: the person's number by the account's."""
    if not account_ids:
        return {}
    rows = session.execute(
        select(AccountBinding.account_id, AccountBinding.person_id).where(
            AccountBinding.account_id.in_(account_ids), AccountBinding.until.is_(None)
        )
    )
    return {row.account_id: row.person_id for row in rows}
