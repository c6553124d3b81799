"""The steps that binding is made of: an account becomes somebody's, stops being it, comes along.

Person and accounts are locked by the caller.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.audit.operations import announce, record
from admin_app.audit.vocabulary import Event
from admin_app.identity.models import Person
from admin_app.migration.blockers import Blocker
from admin_app.migration.concerned import represented_accounts
from admin_app.migration.matching import holders_of
from admin_app.migration.models import AccountBinding, LegacyAccount
from admin_app.migration.vocabulary import BindingEnding, Proof


def take_along(
    act: Act,
    person: Person,
    *,
    proven: bool,
    by: Proof = Proof.PERSONAL_ACCOUNT,
    accounts: Sequence[LegacyAccount] | None = None,
) -> None:
    """Bind the unit accounts of the enterprises the portal reports (R33), read already or now.

    What another representative had proven passes to the new one; what nobody has proven needs
    ``proven``.
    """
    if accounts is None:
        accounts = represented_accounts(act.session, person)
    holders = holders_of(act.session, [account.id for account in accounts])
    proven = proven or person.id in holders.values()
    for account in accounts:
        holder = holders.get(account.id)
        if holder == person.id:
            continue
        if holder is not None:
            end(act, _binding_of(act.session, account), BindingEnding.SUCCEEDED)
            begin(act, person, account, Proof.SUCCESSION, former_person_id=holder)
        elif proven and account.hindrance is not Blocker.DISPUTED:
            begin(act, person, account, by)


def begin(act: Act, person: Person, account: LegacyAccount, proof: Proof, **details: Any) -> None:
    """Bind an account. Its old password is destroyed, and other systems end what it signed in."""
    act.session.add(
        AccountBinding(account_id=account.id, person_id=person.id, proof=proof, since=act.at)
    )
    account.password_hash = account.password_scheme = None
    release(account)
    account.seen_level, account.seen_at = person.level, act.at
    taken_over = proof is Proof.SUCCESSION
    event = Event.ACCOUNT_TAKEN_OVER if taken_over else Event.ACCOUNT_BOUND
    record(act, event, **about(account, person), proof=proof.value, **details)
    announce(
        act,
        "account.bound",
        account=account.external_id,
        kind=account.kind.value,
        person_id=person.id,
        end_sessions=True,
        **details,
    )
    act.session.flush()


def hold(account: LegacyAccount, hindrance: Blocker, person: Person) -> None:
    """Something about this person holds the account up; a dispute stays whose it was."""
    if hindrance is Blocker.DISPUTED and account.hindrance is hindrance:
        return
    account.hindrance, account.held_for_id = hindrance, person.id


def release(account: LegacyAccount) -> None:
    account.hindrance = account.held_for_id = None


def end(act: Act, binding: AccountBinding, ending: BindingEnding) -> None:
    binding.until, binding.ending = act.at, ending
    act.session.flush()


def about(account: LegacyAccount, person: Person | None = None) -> dict[str, Any]:
    return {
        "unit_id": account.unit_id,
        "person_id": person.id if person else None,
        "subject": f"{person.name} · {account.name}" if person else account.name,
        "account_id": account.id,
    }


def lock_person(session: Session, person_id: int) -> Person:
    statement = select(Person).where(Person.id == person_id).with_for_update(key_share=True)
    return session.scalars(statement, execution_options={"populate_existing": True}).one()


def _binding_of(session: Session, account: LegacyAccount) -> AccountBinding:
    return session.scalars(
        select(AccountBinding).where(
            AccountBinding.account_id == account.id, AccountBinding.until.is_(None)
        )
    ).one()
