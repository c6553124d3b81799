"""Two at once about one old account, on both databases: one binds it, nobody waits for ever."""

from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app.database import transaction
from admin_app.delegation.arrival import arrive
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.models import Person
from admin_app.migration.arrivals import note_sign_in
from admin_app.migration.models import AccountBinding, LegacyAccount, Receipt
from admin_app.migration.operations import BindingOutcome, bind, forget, unbind
from admin_app.migration.standings import standing_of
from admin_app.migration.vocabulary import (
    AccountKind,
    AccountState,
    BindingLocked,
    BindingOver,
    BoundToSomebodyElse,
    NothingToBind,
    OldPasswordWrong,
    Proof,
)
from admin_app.policy.actor import Actor
from admin_app.policy.vocabulary import Capacity
from tests import builders
from tests.builders_migration import PASSWORD, history, legacy_account
from tests.databases import Database
from tests.races import at_once

SUPPORT = Actor("示例支持", Capacity.PLATFORM_SUPPORT, staff_id=1)


def comes(session: Session, sequence: int, *enterprises: Unit, minutes: int = 0) -> Person:
    act = builders.act(session, minutes=minutes)
    reported = tuple(builders.enterprise(unit) for unit in enterprises)
    identity = builders.identity("示例甲", sequence, enterprises=reported)
    person = arrive(act, identity).person
    assert person is not None
    note_sign_in(act, person)
    return person


def plant(database: Database, *work: Callable[[Session], object]) -> list[int]:
    """Do it beforehand; the numbers of what it made."""
    with transaction(database.sessions) as session:
        return [each(session).id for each in work]  # type: ignore[attr-defined]


def binds(session: Session, person_id: int, account_id: int, password: str = PASSWORD):  # type: ignore[no-untyped-def]
    return bind(builders.act(session, minutes=5), person_id, account_id, password, consented=True)


def in_force(database: Database) -> list[tuple[int, int]]:
    with database.sessions() as session:
        statement = select(AccountBinding.account_id, AccountBinding.person_id)
        rows = session.execute(statement.where(AccountBinding.until.is_(None)))
        return sorted((account_id, person_id) for account_id, person_id in rows)


def assert_stored_is_computed(database: Database) -> None:
    with database.sessions() as session:
        for account in session.scalars(select(LegacyAccount)):
            found = standing_of(session, builders.SEALER, account)
            assert (account.state, account.blocker) == found


def test_two_tabs_of_one_person_leave_one_binding_and_one_receipt(database: Database) -> None:
    account, person = plant(
        database,
        lambda session: legacy_account(session, number=builders.id_number(1)),
        lambda session: comes(session, 1),
    )
    outcomes = at_once(database, 4, lambda session, _: binds(session, person, account))
    receipts = {outcome.receipt.id for outcome in outcomes if outcome.receipt}
    assert len(receipts) == 1
    assert all(outcome.error is None for outcome in outcomes)
    assert in_force(database) == [(account, person)]
    with database.sessions() as session:
        assert session.scalar(select(func.count(Receipt.id))) == 1
    assert_stored_is_computed(database)


def test_of_two_representatives_who_report_one_enterprise_one_has_its_account(
    database: Database,
) -> None:
    """The portal reports a unit for one, then for another, and both know its old password."""
    with transaction(database.sessions) as session:
        unit = builders.unit(session, builders.root(session), kind=UnitKind.FIRST_LEVEL)
        account = legacy_account(session, unit.name, kind=AccountKind.UNIT, unit=unit).id

    def either(session: Session, index: int) -> object:
        person = comes(session, 900 + index * 1_000, unit, minutes=index)
        return binds(session, person.id, account)

    outcomes = at_once(database, 2, either)
    assert any(isinstance(each, BindingOutcome) and each.receipt for each in outcomes)
    bound = in_force(database)
    assert len(bound) == 1
    with database.sessions() as session:
        proofs = session.scalars(select(AccountBinding.proof).order_by(AccountBinding.id)).all()
        assert proofs == [Proof.UNIT_PASSWORD, Proof.SUCCESSION]
    assert_stored_is_computed(database)


def test_of_two_people_for_one_personal_account_one_is_told(database: Database) -> None:
    """Two of one name and birthday: the number is one's, and close to the other's."""
    number = builders.id_number(1)
    with transaction(database.sessions) as session:
        account = legacy_account(session, number=number).id
        people = [comes(session, 1).id, comes(session, 2).id]
    outcomes = at_once(database, 2, lambda session, index: binds(session, people[index], account))
    assert sum(outcome.receipt is not None for outcome in outcomes) == 1
    assert outcomes[0].receipt is not None, "only whose number it is, is asked for the password"
    assert in_force(database) == [(account, people[0])]
    later = at_once(database, 1, lambda session, _: binds(session, people[1], account))
    assert isinstance(later[0].error, BoundToSomebodyElse)


def test_signing_in_while_binding_ends_with_everything_bound(database: Database) -> None:
    """The enterprise is newly reported in one tab while the personal account is bound in another:
    whichever comes first, the unit's account has come along.
    """
    with transaction(database.sessions) as session:
        unit = builders.unit(session, builders.root(session), kind=UnitKind.FIRST_LEVEL)
        theirs = legacy_account(session, unit.name, kind=AccountKind.UNIT, unit=unit).id
        own = legacy_account(session, number=builders.id_number(1))
        history(session, own)
        account, person = own.id, comes(session, 1).id

    def either(session: Session, index: int) -> object:
        if index:
            return comes(session, 1, unit, minutes=1)
        return binds(session, person, account)

    at_once(database, 2, either)
    assert in_force(database) == sorted([(account, person), (theirs, person)])
    assert_stored_is_computed(database)


def test_many_who_share_a_birthday_sign_in_and_bind_at_once(database: Database) -> None:
    """Each concerns the others' accounts as well; nobody waits in a circle."""
    with transaction(database.sessions) as session:
        accounts = [
            legacy_account(session, number=builders.id_number(each)).id for each in range(1, 7)
        ]

    def each_of_them(session: Session, index: int) -> object:
        person = comes(session, index + 1)
        return binds(session, person.id, accounts[index])

    outcomes = at_once(database, 6, each_of_them)
    assert all(isinstance(each, BindingOutcome) and each.receipt for each in outcomes)
    assert [account for account, _ in in_force(database)] == accounts
    assert_stored_is_computed(database)


def test_wrong_passwords_in_many_tabs_are_all_counted(database: Database) -> None:
    account, person = plant(
        database,
        lambda session: legacy_account(session, number=builders.id_number(1)),
        lambda session: comes(session, 1),
    )
    outcomes = at_once(database, 7, lambda session, _: binds(session, person, account, "?"))
    errors = [outcome.error for outcome in outcomes]
    assert sum(isinstance(error, OldPasswordWrong) for error in errors) == 4
    assert sum(isinstance(error, BindingLocked) for error in errors) == 3
    (then,) = at_once(database, 1, lambda session, _: binds(session, person, account))
    assert isinstance(then.error, BindingLocked), "not even the right one is looked at"
    assert_stored_is_computed(database)


def test_forgetting_and_binding_at_once_end_in_the_binding_or_the_note(
    database: Database,
) -> None:
    account, person = plant(
        database,
        lambda session: legacy_account(session, number=builders.id_number(1)),
        lambda session: comes(session, 1),
    )

    def either(session: Session, index: int) -> object:
        if index:
            return binds(session, person, account)
        try:
            forget(builders.act(session), person, account)
        except NothingToBind as error:
            session.rollback()
            return error
        return None

    at_once(database, 2, either)
    assert in_force(database) == [(account, person)]
    with database.sessions() as session:
        assert session.get_one(LegacyAccount, account).state is AccountState.MIGRATED
    assert_stored_is_computed(database)


def test_a_binding_is_undone_once(database: Database) -> None:
    account, person = plant(
        database,
        lambda session: legacy_account(session, number=builders.id_number(1)),
        lambda session: comes(session, 1),
    )
    at_once(database, 1, lambda session, _: binds(session, person, account))
    with database.sessions() as session:
        binding = session.scalars(select(AccountBinding.id)).one()

    def undo(session: Session, _: int) -> bool:
        try:
            unbind(
                builders.act(
                    session, SUPPORT, reason="绑错了", minutes=9, involved=builders.PROPOSED
                ),
                binding,
            )
        except BindingOver:
            session.rollback()
            return False
        return True

    assert sorted(at_once(database, 3, undo)) == [False, False, True]
    assert in_force(database) == []
    assert_stored_is_computed(database)
