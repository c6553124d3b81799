"""What a sign-in through the portal sets off among the legacy accounts."""

from collections.abc import Iterable

from sqlalchemy import select

from admin_app.audit.act import Act
from admin_app.hierarchy.queries import find_by_uscc
from admin_app.identity.claims import PortalIdentity
from admin_app.identity.models import Person, PortalSubject
from admin_app.migration.blockers import Blocker
from admin_app.migration.concerned import accounts_concerning
from admin_app.migration.matching import match_of, remember_kin
from admin_app.migration.models import LegacyAccount
from admin_app.migration.rules import Match, Outcome
from admin_app.migration.standings import restate
from admin_app.migration.steps import hold, lock_person, release, take_along
from admin_app.migration.vocabulary import AccountKind
from admin_app.policy.vocabulary import AssuranceLevel

# What a sign-in doesn't clear: matching decides the rest anew.
_LASTING = (Blocker.DISPUTED, Blocker.OLD_PASSWORD)


def note_sign_in(act: Act, person: Person) -> Match:
    """After an arrival: whose accounts these are, what waits, and what binds by itself.

    An enterprise newly reported brings its unit account along if the person has proven theirs
    before; one that was another representative's is taken over. Gives what matching found.
    """
    lock_person(act.session, person.id)
    remember_kin(act.session, act.sealer, person)
    accounts = accounts_concerning(act, person)
    for account in accounts:
        _link_to_unit(act, account)
    found = _match(act, person, accounts)
    for account in accounts:
        prompted = found.outcome is Outcome.PROMPT and account.id == found.account_id
        if prompted or account.id_index == person.id_index:
            account.seen_level, account.seen_at = person.level, act.at
    if found.outcome in (Outcome.BOUND, Outcome.NOTHING):
        take_along(act, person, proven=found.outcome is Outcome.BOUND)
    restate(act, accounts)
    return found


def note_enterprise(act: Act, person: Person) -> None:
    """An enterprise they represent came to the platform, or took its right code, after they had.

    Its unit account comes along as at a sign-in. The caller has locked the person.
    """
    accounts = accounts_concerning(act, person)
    for account in accounts:
        _link_to_unit(act, account)
    found = match_of(act.session, act.sealer, person)
    if found.outcome in (Outcome.BOUND, Outcome.NOTHING):
        take_along(act, person, proven=found.outcome is Outcome.BOUND)
    restate(act, accounts)


def note_import(act: Act, person: Person) -> None:
    """Old accounts came in after the person had: whose they are and what waits.

    Nothing binds by itself until the person comes again. The caller has locked the accounts.
    """
    accounts = accounts_concerning(act, person, lock=False)
    for account in accounts:
        if account.id_index == person.id_index and account.seen_level is None:
            account.seen_level, account.seen_at = person.level, person.last_signed_in_at
    if person.level >= AssuranceLevel.INTERMEDIATE:
        _match(act, person, accounts)
    restate(act, accounts)


def note_refused(act: Act, identity: PortalIdentity) -> None:
    """Somebody below intermediate verification was turned away: their accounts wait for that.

    With whom had come before, the enterprises they represented are theirs no longer.
    """
    person = _who_had_come(act, identity)
    if person is not None:
        index, accounts = person.id_index, accounts_concerning(act, person)
    else:
        index, accounts = _accounts_naming(act, identity)
    for account in accounts:
        if account.id_index == index:
            account.seen_level, account.seen_at = identity.level, act.at
    restate(act, accounts)


def _link_to_unit(act: Act, account: LegacyAccount) -> None:
    """The enterprise may have come to the platform after its account did."""
    if account.unit_id is None and account.uscc is not None:
        unit = find_by_uscc(act.session, account.uscc)
        account.unit_id = unit.id if unit else None


def _match(act: Act, person: Person, accounts: Iterable[LegacyAccount]) -> Match:
    """Hold against each personal account what matching holds against it now.

    What is held for somebody else stays, unless the account turns out to be this person's.
    """
    found = match_of(act.session, act.sealer, person)
    held = dict(found.held)
    for account in accounts:
        if account.kind is not AccountKind.PERSONAL:
            continue
        is_theirs = found.account_id == account.id or account.id_index == person.id_index
        if account.id in held:
            hold(account, held[account.id], person)
        elif account.hindrance not in _LASTING and (
            is_theirs or account.held_for_id in (None, person.id)
        ):
            release(account)
    act.session.flush()
    return found


def _who_had_come(act: Act, identity: PortalIdentity) -> Person | None:
    linked = act.session.get(PortalSubject, (identity.issuer, identity.subject))
    return act.session.get(Person, linked.person_id) if linked else None


def _accounts_naming(act: Act, identity: PortalIdentity) -> tuple[bytes, list[LegacyAccount]]:
    """Without any verification the number is a mere claim, and tells nothing of anybody."""
    if identity.level < AssuranceLevel.BASIC or not (identity.id_type and identity.id_number):
        return b"", []
    index = act.sealer.index(identity.id_type.value, identity.id_number)
    person = act.session.scalar(select(Person).where(Person.id_index == index))
    if person is not None:
        return index, accounts_concerning(act, person)
    statement = select(LegacyAccount).where(LegacyAccount.id_index == index)
    return index, list(act.session.scalars(statement.order_by(LegacyAccount.id).with_for_update()))
