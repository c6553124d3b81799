"""Binding a legacy account: by its old password, wholly or not at all, once."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app.audit.models import AuditEntry, OutboxMessage
from admin_app.delegation.arrival import arrive
from admin_app.errors import NotFound
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.models import Person
from admin_app.migration.arrivals import note_refused, note_sign_in
from admin_app.migration.blockers import Blocker
from admin_app.migration.models import AccountBinding, Affiliation, LegacyAccount, Receipt
from admin_app.migration.operations import bind, disown, forget, unbind
from admin_app.migration.progress import Hold, holds_of
from admin_app.migration.vocabulary import (
    AccountKind,
    AccountState,
    BindingLocked,
    BoundToSomebodyElse,
    ConsentMissing,
    NothingToBind,
    OldPasswordWrong,
    Proof,
)
from admin_app.policy.actor import Actor
from admin_app.policy.vocabulary import AssuranceLevel, Capacity
from admin_app.service_desk.cases import file_own_case
from tests import builders
from tests.builders_migration import PASSWORD, affiliation, history, legacy_account

SUPPORT = Actor("示例支持", Capacity.PLATFORM_SUPPORT, staff_id=1)


def comes(
    session: Session,
    name: str = "示例甲",
    sequence: int = 1,
    *enterprises: Unit,
    minutes: int = 0,
) -> Person:
    """Somebody signs in through the portal."""
    act = builders.act(session, minutes=minutes)
    reported = tuple(builders.enterprise(unit) for unit in enterprises)
    person = arrive(act, builders.identity(name, sequence, enterprises=reported)).person
    assert person is not None
    note_sign_in(act, person)
    return person


def binds(
    session: Session,
    person: Person,
    account: LegacyAccount,
    password: str = PASSWORD,
    minutes: int = 1,
) -> Receipt:
    outcome = bind(
        builders.act(session, minutes=minutes), person.id, account.id, password, consented=True
    )
    assert outcome.error is None, outcome.error
    assert outcome.receipt is not None
    return outcome.receipt


def test_a_sign_in_moves_the_account_on_and_the_old_password_binds_it(session: Session) -> None:
    """R27, R28: prompted, bound, migrated; the hash is gone and others are told."""
    account = legacy_account(session, number=builders.id_number(1))
    assert (account.state, account.blocker) == (AccountState.NOT_STARTED, Blocker.NOT_SIGNED_IN)
    person = comes(session)
    assert account.state is AccountState.IN_PROGRESS
    binds(session, person, account)
    assert account.state is AccountState.MIGRATED
    assert account.password_hash is None
    message = session.scalars(select(OutboxMessage)).one()
    assert message.payload["account"] == account.external_id
    assert message.payload["end_sessions"] is True
    assert "account.bound" in session.scalars(select(AuditEntry.event)).all()


def test_an_account_knows_for_whom_it_is_held(session: Session) -> None:
    """R39: until its owner comes; a namesake with nothing to do with it changes nothing."""
    account = legacy_account(session, number=builders.id_number(2))
    near = comes(session)
    assert (account.hindrance, account.held_for_id) == (Blocker.ID_DIFFERS, near.id)
    comes(session, "示例甲", 999)
    assert (account.hindrance, account.held_for_id) == (Blocker.ID_DIFFERS, near.id)
    owner = comes(session, "示例甲", 2)
    assert (account.hindrance, account.held_for_id) == (None, None)
    forget(builders.act(session), owner.id, account.id)
    assert (account.hindrance, account.held_for_id) == (Blocker.OLD_PASSWORD, owner.id)
    binds(session, owner, account)
    assert account.held_for_id is None
    binding = session.scalars(select(AccountBinding)).one()
    unbind(builders.act(session, SUPPORT, reason="绑错人", involved=builders.PROPOSED), binding.id)
    assert (account.hindrance, account.held_for_id) == (Blocker.OLD_PASSWORD, owner.id)


def test_the_receipt_proves_that_nothing_was_lost(session: Session) -> None:
    """R18, R26: history and affiliations are to the digest what the account had."""
    account = legacy_account(session, number=builders.id_number(1))
    university = builders.unit(session, builders.root(session), kind=UnitKind.FIRST_LEVEL)
    kept = affiliation(session, account, university)
    history(session, account, 4)
    receipt = binds(session, comes(session), account)
    assert receipt.content["unchanged"] is True
    assert receipt.content["after"]["history"]["project"]["number"] == 4
    assert [each["unit"] for each in receipt.content["after"]["affiliations"]] == [university.name]
    assert session.get_one(Affiliation, kept.id).account_id == account.id


def test_binding_twice_is_binding_once(session: Session) -> None:
    account = legacy_account(session, number=builders.id_number(1))
    person = comes(session)
    first = binds(session, person, account)
    assert binds(session, person, account, "anything").id == first.id
    assert session.scalar(select(func.count()).select_from(AccountBinding)) == 1


def test_wrong_passwords_are_counted_and_lock_for_a_while(session: Session) -> None:
    """R42: four warnings, then a lock that not even the right password opens; it ends by itself."""
    account = legacy_account(session, number=builders.id_number(1))
    person = comes(session)
    for left in (4, 3, 2, 1):
        error = bind(builders.act(session), person.id, account.id, "?", consented=True).error
        assert isinstance(error, OldPasswordWrong)
        assert str(left) in error.sentence.zh
    for password in ("?", PASSWORD):
        error = bind(builders.act(session), person.id, account.id, password, consented=True).error
        assert isinstance(error, BindingLocked)
    assert (account.state, account.blocker) == (AccountState.STUCK, Blocker.OLD_PASSWORD)
    binds(session, person, account, minutes=31)
    assert account.state is AccountState.MIGRATED


def test_without_consent_nothing_is_compared(session: Session) -> None:
    account = legacy_account(session, number=builders.id_number(1))
    person = comes(session)
    error = bind(builders.act(session), person.id, account.id, PASSWORD, consented=False).error
    assert isinstance(error, ConsentMissing)


def test_nobody_binds_an_account_that_isnt_offered(session: Session) -> None:
    account = legacy_account(session, number=builders.id_number(5_001))
    person = comes(session)
    with pytest.raises(NotFound):
        bind(builders.act(session), person.id, account.id, PASSWORD, consented=True)


def test_several_accounts_bind_none(session: Session) -> None:
    """R40."""
    accounts = [legacy_account(session, number=builders.id_number(1)) for _ in range(2)]
    person = comes(session)
    assert {account.blocker for account in accounts} == {Blocker.SEVERAL_ACCOUNTS}
    error = bind(builders.act(session), person.id, accounts[0].id, PASSWORD, consented=True).error
    assert isinstance(error, NothingToBind)


def test_another_account_found_later_is_held_up_alone(session: Session) -> None:
    """R33, R40: what is bound stays so, and an enterprise reported later still comes along."""
    account = legacy_account(session, number=builders.id_number(1))
    unit = builders.unit(session, builders.root(session), kind=UnitKind.FIRST_LEVEL)
    of_unit = legacy_account(session, unit.name, kind=AccountKind.UNIT, unit=unit)
    person = comes(session)
    binds(session, person, account)
    another = legacy_account(session, number=builders.id_number(1))
    comes(session, "示例甲", 1, unit, minutes=5)
    assert account.state is of_unit.state is AccountState.MIGRATED
    assert (another.state, another.blocker) == (AccountState.STUCK, Blocker.SEVERAL_ACCOUNTS)
    proofs = session.scalars(select(AccountBinding.proof).order_by(AccountBinding.id)).all()
    assert proofs == [Proof.OLD_PASSWORD, Proof.PERSONAL_ACCOUNT]
    assert holds_of(session, builders.SEALER, person) == [
        Hold(Blocker.SEVERAL_ACCOUNTS, another.id)
    ]
    act = builders.act(session, minutes=6)
    case = file_own_case(act, person.id, Hold(Blocker.SEVERAL_ACCOUNTS, another.id), "")
    assert case.account_id == another.id


def test_the_personal_account_brings_the_units_along(session: Session) -> None:
    """R31-R33: the unit account waits for the personal one, and then needs no password."""
    department = builders.root(session)
    units = [builders.unit(session, department, kind=UnitKind.FIRST_LEVEL) for _ in range(2)]
    theirs = [
        legacy_account(session, unit.name, kind=AccountKind.UNIT, unit=unit) for unit in units
    ]
    own = legacy_account(session, number=builders.id_number(1))
    person = comes(session, "示例甲", 1, *units)
    assert [account.state for account in theirs] == [AccountState.IN_PROGRESS] * 2
    with_units_first = bind(
        builders.act(session), person.id, theirs[0].id, PASSWORD, consented=True
    )
    assert isinstance(with_units_first.error, NothingToBind)
    binds(session, person, own)
    assert [account.state for account in theirs] == [AccountState.MIGRATED] * 2


def test_a_stuck_representative_blocks_every_enterprise(session: Session) -> None:
    """Trap 1: the units wait for the person."""
    unit = builders.unit(session, builders.root(session), kind=UnitKind.FIRST_LEVEL)
    theirs = legacy_account(session, unit.name, kind=AccountKind.UNIT, unit=unit)
    legacy_account(session, "别的名字", number=builders.id_number(1))
    comes(session, "示例甲", 1, unit)
    assert (theirs.state, theirs.blocker) == (
        AccountState.STUCK,
        Blocker.BLOCKED_BY_REPRESENTATIVE,
    )


def test_without_a_personal_account_the_unit_accounts_own_password_proves_it(
    session: Session,
) -> None:
    unit = builders.unit(session, builders.root(session), kind=UnitKind.FIRST_LEVEL)
    theirs = legacy_account(session, unit.name, kind=AccountKind.UNIT, unit=unit)
    binds(session, comes(session, "示例甲", 1, unit), theirs)
    assert theirs.state is AccountState.MIGRATED


def test_a_new_representative_takes_over_at_sign_in(session: Session) -> None:
    unit = builders.unit(session, builders.root(session), kind=UnitKind.FIRST_LEVEL)
    theirs = legacy_account(session, unit.name, kind=AccountKind.UNIT, unit=unit)
    binds(session, comes(session, "示例甲", 1, unit), theirs)
    successor = comes(session, "示例乙", 2, unit, minutes=5)
    holder = session.scalars(
        select(AccountBinding.person_id).where(
            AccountBinding.account_id == theirs.id, AccountBinding.until.is_(None)
        )
    ).one()
    assert holder == successor.id
    assert theirs.state is AccountState.MIGRATED


def test_somebody_turned_away_leaves_the_reason_on_the_account(session: Session) -> None:
    """R10: the level is missing, and the account says so."""
    account = legacy_account(session, number=builders.id_number(1))
    note_refused(builders.act(session), builders.identity("示例甲", 1, level=AssuranceLevel.BASIC))
    assert account.blocker is Blocker.VERIFICATION_TOO_LOW


def test_not_me_waits_for_the_platform(session: Session) -> None:
    account = legacy_account(session, number=builders.id_number(1))
    person = comes(session)
    disown(builders.act(session), person.id, account.id)
    assert (account.state, account.blocker) == (AccountState.STUCK, Blocker.DISPUTED)
    comes(session, minutes=3)
    assert account.blocker is Blocker.DISPUTED


def test_undoing_a_binding_gives_back_everything(session: Session) -> None:
    """What the person holds is what it was before; the record of it stays."""
    account = legacy_account(session, number=builders.id_number(1))
    history(session, account, 2)
    person = comes(session)
    binds(session, person, account)
    binding = session.scalars(select(AccountBinding)).one()
    unbind(
        builders.act(session, SUPPORT, reason="绑错了", minutes=9, involved=builders.PROPOSED),
        binding.id,
    )
    assert (account.state, account.blocker) == (AccountState.STUCK, Blocker.OLD_PASSWORD)
    last = session.scalars(select(Receipt).order_by(Receipt.id.desc())).first()
    assert last is not None
    assert last.content["after"]["accounts"] == []


def test_an_account_already_somebody_elses_is_refused(session: Session) -> None:
    """Two people of one name and birthday for one account: the second binds nothing."""
    account = legacy_account(session, number=builders.id_number(1))
    binds(session, comes(session), account)
    other = comes(session, "示例甲", 2)
    outcome = bind(builders.act(session), other.id, account.id, PASSWORD, consented=True)
    assert isinstance(outcome.error, BoundToSomebodyElse)
