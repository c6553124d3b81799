"""What the service desk does to accounts in somebody's place: bind, merge, correct, rebind.

The same steps as elsewhere, with the desk's finding in place of the old password. Persons are
locked first, in the order of their numbers, then the accounts; nothing here commits.
"""

from collections.abc import Collection

from admin_app.audit.act import Act
from admin_app.audit.operations import announce, record
from admin_app.audit.vocabulary import Event
from admin_app.errors import NotFound
from admin_app.identity.models import Person
from admin_app.migration.arrivals import note_import
from admin_app.migration.blockers import Blocker
from admin_app.migration.concerned import accounts_concerning, represented_accounts
from admin_app.migration.matching import holders_of, identity_of, kin_index
from admin_app.migration.models import AccountBinding, AccountCorrection, LegacyAccount, Receipt
from admin_app.migration.operations import unbind
from admin_app.migration.receipts import holdings_of, write_receipt
from admin_app.migration.rules import Difference, compare_names, compare_numbers
from admin_app.migration.standings import restate
from admin_app.migration.steps import about, begin, lock_person, release, take_along
from admin_app.migration.vocabulary import (
    AccountKind,
    BindingOver,
    BoundToSomebodyElse,
    NothingToCorrect,
    NotTheirAccount,
    Proof,
)
from admin_app.policy.rules import require
from admin_app.policy.vocabulary import Permission


def bind_by_hand(act: Act, person_id: int, account_id: int) -> Receipt:
    """Bind the account whose old password somebody has forgotten (R41), and all that follows it.

    Raises:
        Refused, NotFound, BoundToSomebodyElse, NotTheirAccount
    """
    require(act.actor, Permission.ACCOUNT_BIND, None, act.reason, act.involved)
    return _bind(act, lock_person(act.session, person_id), {account_id})


def merge(act: Act, person_id: int, account_ids: Collection[int]) -> Receipt:
    """Several accounts become one person's, each with its history and affiliations (R40).

    Raises:
        Refused, NotFound, BoundToSomebodyElse, NotTheirAccount
    """
    require(act.actor, Permission.ACCOUNT_MERGE, None, act.reason, act.involved)
    return _bind(act, lock_person(act.session, person_id), set(account_ids))


def rebind(act: Act, binding_id: int, person_id: int) -> Receipt:
    """An account bound to the wrong person becomes whose it is (R56).

    Raises:
        Refused, NotFound, BindingOver, NotTheirAccount
    """
    binding = act.session.get(AccountBinding, binding_id)
    if binding is None:
        raise NotFound
    if binding.until is not None:
        raise BindingOver
    for each in sorted({binding.person_id, person_id}):
        lock_person(act.session, each)
    unbind(act, binding_id)
    return _bind(act, lock_person(act.session, person_id), {binding.account_id})


def correct(act: Act, person_id: int, account_id: int) -> AccountCorrection:
    """An old account takes the name and ID number that the portal has verified (R39, R57).

    Binding stays the person's own: with the old password, or by another case.

    Raises:
        Refused, NotFound, BoundToSomebodyElse, NothingToCorrect
    """
    decision = require(act.actor, Permission.ACCOUNT_CORRECT, None, act.reason, act.involved)
    person = lock_person(act.session, person_id)
    concerned = {each.id: each for each in accounts_concerning(act, person)}
    account = concerned.get(account_id)
    if account is None or account.kind is not AccountKind.PERSONAL:
        raise NotFound
    if holders_of(act.session, [account.id]).get(account.id, person.id) != person.id:
        raise BoundToSomebodyElse
    if (account.name, account.id_index) == (person.name, person.id_index):
        raise NothingToCorrect
    kept = AccountCorrection(
        account_id=account.id,
        person_id=person.id,
        at=act.at,
        former_name=account.name,
        former_id_type=account.id_type,
        id_sealed=account.id_sealed,
    )
    act.session.add(kept)
    record(act, Event.ACCOUNT_CORRECTED, **about(account, person), decision=decision)
    number = act.sealer.open(person.id_sealed)
    account.name, account.id_type = person.name, person.id_type
    account.id_sealed, account.id_index = act.sealer.seal(number), person.id_index
    account.kin_index = kin_index(act.sealer, person.name, person.id_type, number)
    account.id_check_wrong = False
    account.seen_level, account.seen_at = person.level, person.last_signed_in_at
    if account.hindrance not in (None, Blocker.DISPUTED, Blocker.OLD_PASSWORD):
        release(account)
    act.session.flush()
    note_import(act, person)
    restate(act, concerned.values())
    announce(act, "account.corrected", account=account.external_id, person_id=person.id)
    return kept


def _bind(act: Act, person: Person, account_ids: set[int]) -> Receipt:
    concerned = accounts_concerning(act, person)
    chosen = [each for each in concerned if each.id in account_ids]
    if not chosen or len(chosen) != len(account_ids):
        raise NotFound
    holders = holders_of(act.session, [each.id for each in chosen])
    if any(holders.get(each.id, person.id) != person.id for each in chosen):
        raise BoundToSomebodyElse
    represented = {each.id for each in represented_accounts(act.session, person)}
    for account in chosen:
        _require_theirs(act, person, account, represented)
    before = holdings_of(act.session, person, {*account_ids, *represented})
    for account in chosen:
        if account.id not in holders:
            begin(act, person, account, Proof.DESK)
    personal = any(each.kind is AccountKind.PERSONAL for each in chosen)
    # A unit's account is proven alone: the desk has looked at no other.
    if personal:
        take_along(act, person, proven=True)
    restate(act, concerned)
    return write_receipt(act, person, before)


def _require_theirs(
    act: Act, person: Person, account: LegacyAccount, represented: Collection[int]
) -> None:
    """The portal's number and name, or its report of the enterprise: never a finding alone."""
    if account.kind is AccountKind.PERSONAL:
        known = identity_of(act.sealer, person)
        if (
            account.id_type is None
            or account.id_sealed is None
            or compare_names(known.name, account.name) > Difference.HARMLESS
            or compare_numbers(
                known.id_type, known.id_number, account.id_type, act.sealer.open(account.id_sealed)
            )
            > Difference.HARMLESS
        ):
            raise NotTheirAccount
    elif account.id not in represented:
        raise NotTheirAccount
