"""Binding legacy accounts: proven by the old password, disowned, forgotten, undone.

Each verb locks the person first and the accounts after, in the order of their numbers; nothing
here commits. A binding is one row: history and affiliations hang from the account and stay.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.audit.operations import announce, record
from admin_app.audit.vocabulary import Event
from admin_app.errors import DomainError, NotFound
from admin_app.identity.models import Person
from admin_app.identity.old_passwords import is_old_password
from admin_app.migration.attempts import count_wrong, forget_wrong, require_unlocked
from admin_app.migration.blockers import Blocker
from admin_app.migration.concerned import accounts_concerning, represented_accounts
from admin_app.migration.matching import holders_of, match_of
from admin_app.migration.models import AccountBinding, Consent, LegacyAccount, Receipt
from admin_app.migration.receipts import holdings_of, write_receipt
from admin_app.migration.rules import Outcome
from admin_app.migration.standings import restate
from admin_app.migration.steps import about, begin, end, hold, lock_person, take_along
from admin_app.migration.vocabulary import (
    AccountKind,
    BindingEnding,
    BindingLocked,
    BindingOver,
    BoundToSomebodyElse,
    ConsentMissing,
    NothingToBind,
    OldPasswordGone,
    OldPasswordWrong,
    Proof,
)
from admin_app.policy.rules import require
from admin_app.policy.vocabulary import Permission

CONSENT_WORDING = "2026-11"


@dataclass(frozen=True, slots=True)
class BindingOutcome:
    """How an attempt came out: a receipt, or a refusal that has to be kept.

    A value and not an exception, for a wrong password is counted: the caller commits either way.
    """

    receipt: Receipt | None = None
    error: DomainError | None = None


def bind(
    act: Act, person_id: int, account_id: int, password: str, *, consented: bool
) -> BindingOutcome:
    """Bind a prompted account by its old password, and all that comes with it.

    Done already: the receipt there is. The error is one of NothingToBind, ConsentMissing,
    BindingLocked, OldPasswordWrong, OldPasswordGone, BoundToSomebodyElse.

    Raises:
        NotFound: no such account, or not one this person could bind.
    """
    person = lock_person(act.session, person_id)
    account, accounts = _concerned(act, person, account_id)
    holder = holders_of(act.session, [account.id]).get(account.id)
    if holder == person.id:
        return BindingOutcome(receipt=_last_receipt(act.session, person))
    try:
        if holder is not None:
            raise BoundToSomebodyElse
        _require_prompted(act, person, account)
        if not consented:
            raise ConsentMissing(field="consented")
        require_unlocked(act, account, person)
        if account.password_scheme is None or account.password_hash is None:
            raise OldPasswordGone
    except DomainError as error:
        return BindingOutcome(error=error)
    if not is_old_password(account.password_scheme, account.password_hash, password):
        return BindingOutcome(error=_refuse(act, person, account))
    return BindingOutcome(receipt=_prove(act, person, account, accounts))


def disown(act: Act, person_id: int, account_id: int) -> None:
    """“This is not me”: the account waits for the platform to find out whose it is.

    Raises:
        NotFound, NothingToBind
    """
    person = lock_person(act.session, person_id)
    account, accounts = _concerned(act, person, account_id)
    _require_prompted(act, person, account)
    hold(account, Blocker.DISPUTED, person)
    restate(act, accounts)
    record(act, Event.ACCOUNT_DISOWNED, **about(account, person))


def forget(act: Act, person_id: int, account_id: int) -> None:
    """“I have forgotten the old password”: nothing is locked, but somebody has to help (R41).

    Raises:
        NotFound, NothingToBind
    """
    person = lock_person(act.session, person_id)
    account, accounts = _concerned(act, person, account_id)
    _require_prompted(act, person, account)
    hold(account, Blocker.OLD_PASSWORD, person)
    restate(act, accounts)


def unbind(act: Act, binding_id: int) -> AccountBinding:
    """Undo a binding: whose the account, its history and its affiliations are is as before.

    The old password is gone for good, so binding again takes the desk. Two members of staff.

    Raises:
        NotFound, Refused, BindingOver
    """
    decision = require(act.actor, Permission.ACCOUNT_UNBIND, None, act.reason, act.involved)
    binding = act.session.get(AccountBinding, binding_id)
    if binding is None:
        raise NotFound
    person = lock_person(act.session, binding.person_id)
    account, accounts = _concerned(act, person, binding.account_id)
    act.session.refresh(binding)
    if binding.until is not None:
        raise BindingOver
    before = holdings_of(act.session, person)
    end(act, binding, BindingEnding.UNDONE)
    is_personal = account.kind is AccountKind.PERSONAL
    # A unit's account would come along again at the next sign-in.
    hold(account, Blocker.OLD_PASSWORD if is_personal else Blocker.DISPUTED, person)
    restate(act, accounts)
    write_receipt(act, person, before, undone=True)
    record(act, Event.ACCOUNT_UNBOUND, **about(account, person), decision=decision)
    announce(act, "account.unbound", account=account.external_id, person_id=person.id)
    return binding


def _prove(
    act: Act, person: Person, account: LegacyAccount, accounts: list[LegacyAccount]
) -> Receipt:
    """The password was right: bind the account and what comes with it, and write the receipt."""
    units = represented_accounts(act.session, person)
    coming = {account.id, *(each.id for each in units)}
    before = holdings_of(act.session, person, coming)
    act.session.add(Consent(person_id=person.id, wording=CONSENT_WORDING, at=act.at))
    record(
        act,
        Event.CONSENT_GIVEN,
        person_id=person.id,
        subject=person.name,
        wording=CONSENT_WORDING,
    )
    is_personal = account.kind is AccountKind.PERSONAL
    begin(act, person, account, Proof.OLD_PASSWORD if is_personal else Proof.UNIT_PASSWORD)
    forget_wrong(act, account, person)
    along = Proof.PERSONAL_ACCOUNT if is_personal else Proof.UNIT_PASSWORD
    take_along(act, person, proven=True, by=along, accounts=units)
    restate(act, accounts)
    return write_receipt(act, person, before)


def _refuse(act: Act, person: Person, account: LegacyAccount) -> DomainError:
    left, minutes = count_wrong(act, account, person)
    record(act, Event.ACCOUNT_BINDING_REFUSED, **about(account, person), left=left)
    if left > 0:
        return OldPasswordWrong(field="password", left=left)
    hold(account, Blocker.OLD_PASSWORD, person)
    restate(act, accounts_concerning(act, person))
    record(act, Event.ACCOUNT_LOCKED, **about(account, person))
    return BindingLocked(field="password", minutes=minutes)


def _require_prompted(act: Act, person: Person, account: LegacyAccount) -> None:
    """The account is the one this person is asked to bind."""
    found = match_of(act.session, act.sealer, person)
    if account.kind is AccountKind.PERSONAL:
        if found.outcome is not Outcome.PROMPT or found.account_id != account.id:
            raise NothingToBind
    elif found.outcome is not Outcome.NOTHING:
        raise NothingToBind  # the personal account comes first (R31)
    elif account.hindrance is Blocker.DISPUTED:
        raise NothingToBind


def _concerned(
    act: Act, person: Person, account_id: int
) -> tuple[LegacyAccount, list[LegacyAccount]]:
    """Lock every account that concerns the person, in one order, and find this one among them."""
    accounts = accounts_concerning(act, person)
    for account in accounts:
        if account.id == account_id:
            return account, accounts
    raise NotFound


def _last_receipt(session: Session, person: Person) -> Receipt | None:
    return session.scalar(
        select(Receipt).where(Receipt.person_id == person.id).order_by(Receipt.id.desc()).limit(1)
    )
