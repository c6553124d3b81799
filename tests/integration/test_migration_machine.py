"""Sign in, bind, mistype, disown, forget, undo, take over, in any order: what must never break."""

from collections.abc import Callable

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from admin_app.audit.act import PLATFORM, Act
from admin_app.delegation.arrival import arrive
from admin_app.errors import DomainError
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.models import Person
from admin_app.identity.vocabulary import AssuranceLevel, IdType
from admin_app.migration.arrivals import note_import, note_refused, note_sign_in
from admin_app.migration.models import (
    AccountBinding,
    Affiliation,
    BusinessRecord,
    HistoryTally,
    LegacyAccount,
    StandingChange,
)
from admin_app.migration.operations import BindingOutcome, bind, disown, forget, unbind
from admin_app.migration.receipts import holdings_of
from admin_app.migration.standings import personal_state, standing_of
from admin_app.migration.vocabulary import AccountKind, AccountState
from admin_app.policy.actor import Actor
from admin_app.policy.vocabulary import Capacity
from tests import builders
from tests.builders_migration import PASSWORD, affiliation, history, legacy_account
from tests.databases import Database
from tests.effort import examples

SUPPORT = Actor("示例支持", Capacity.PLATFORM_SUPPORT, staff_id=1)
people = st.integers(1, 5)
places = st.integers(0, 30)
enterprises = st.sets(st.integers(0, 1))
VERIFIED = (AssuranceLevel.INTERMEDIATE, AssuranceLevel.ADVANCED)


def migration_machine(database: Database) -> type[RuleBasedStateMachine]:
    """The machine, on one of the databases."""

    class Migration(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.scratch = builders.scratch(database)
            self.session = self.scratch.__enter__()
            self.minutes = 0

        def teardown(self) -> None:
            self.scratch.__exit__(None, None, None)

        @initialize()
        def plant(self) -> None:
            """人1: one account. 人2: one, and a unit's. 人3: a digit wrong. 人4: two. 人5: none."""
            root = builders.root(self.session)
            self.units = [
                builders.unit(self.session, root, kind=UnitKind.FIRST_LEVEL) for _ in range(2)
            ]
            self.accounts = [
                legacy_account(self.session, f"人{number}", builders.id_number(bears))
                for number, bears in ((1, 1), (2, 2), (3, 13), (4, 4), (4, 4))
            ]
            for unit, number in zip(self.units, (2, 1), strict=True):
                account = legacy_account(
                    self.session,
                    unit.name,
                    builders.id_number(number),
                    kind=AccountKind.UNIT,
                    unit=unit,
                )
                self.accounts.append(account)
            for account in self.accounts:
                affiliation(self.session, account, self.units[0])
                history(self.session, account, 2)
            self.belongings = self.belongings_now()

        def act(self, actor: Actor = PLATFORM) -> Act:
            self.minutes += 3
            return builders.act(
                self.session,
                actor,
                minutes=self.minutes,
                reason="测试",
                involved=builders.PROPOSED,
            )

        def person(self, number: int) -> Person | None:
            index = builders.SEALER.index(IdType.RESIDENT_ID.value, builders.id_number(number))
            return self.session.scalar(select(Person).where(Person.id_index == index))

        def attempt(self, what: Callable[[], object]) -> object:
            """Do it; if it is refused, nothing may have changed."""
            savepoint = self.session.begin_nested()
            try:
                done = what()
            except DomainError:
                savepoint.rollback()
                self.session.expire_all()
                return None
            savepoint.commit()
            return done

        def open_bindings(self) -> list[AccountBinding]:
            statement = select(AccountBinding).where(AccountBinding.until.is_(None))
            return list(self.session.scalars(statement.order_by(AccountBinding.id)))

        def belongings_now(self) -> object:
            return (
                self.session.execute(
                    select(
                        HistoryTally.account_id, HistoryTally.number, HistoryTally.digest
                    ).order_by(HistoryTally.account_id)
                ).all(),
                self.session.execute(
                    select(BusinessRecord.id, BusinessRecord.account_id).order_by(BusinessRecord.id)
                ).all(),
                self.session.execute(
                    select(Affiliation.id, Affiliation.account_id, Affiliation.until).order_by(
                        Affiliation.id
                    )
                ).all(),
            )

        @rule(number=people, level=st.sampled_from(VERIFIED), represents=enterprises)
        def come(self, number: int, level: AssuranceLevel, represents: set[int]) -> None:
            reported = tuple(builders.enterprise(self.units[i]) for i in sorted(represents))
            act = self.act()
            identity = builders.identity(f"人{number}", number, level=level, enterprises=reported)
            person = arrive(act, identity).person
            assert person is not None
            note_sign_in(act, person)

        @rule(number=people, level=st.sampled_from([AssuranceLevel.NONE, AssuranceLevel.BASIC]))
        def is_turned_away(self, number: int, level: AssuranceLevel) -> None:
            act = self.act()
            identity = builders.identity(f"人{number}", number, level=level)
            assert arrive(act, identity).person is None
            note_refused(act, identity)

        @rule(number=people, which=places, right=st.booleans())
        def try_to_bind(self, number: int, which: int, right: bool) -> None:
            person = self.person(number)
            if person is None:
                return
            account = self.accounts[which % len(self.accounts)]
            password = PASSWORD if right else "?"
            held = {(each.account_id, each.person_id) for each in self.open_bindings()}
            outcome = self.attempt(
                lambda: bind(self.act(), person.id, account.id, password, consented=True)
            )
            now = {(each.account_id, each.person_id) for each in self.open_bindings()}
            if isinstance(outcome, BindingOutcome) and outcome.receipt is not None:
                assert (account.id, person.id) in now
                assert outcome.receipt.content["unchanged"] or outcome.receipt.content["undone"]
            else:
                assert now == held

        @rule(number=people, which=places, forgotten=st.booleans())
        def disown_or_forget(self, number: int, which: int, forgotten: bool) -> None:
            person, account = self.person(number), self.accounts[which % len(self.accounts)]
            if person is not None:
                verb = forget if forgotten else disown
                self.attempt(lambda: verb(self.act(), person.id, account.id))

        @rule()
        def another_account_comes_in(self) -> None:
            """人1's second; no more than that, or the machine grows with its run."""
            if len(self.accounts) == 7:
                another = legacy_account(self.session, "人1", builders.id_number(1))
                self.accounts.append(another)
                person = self.person(1)
                if person is not None:
                    note_import(self.act(), person)

        @rule(which=places)
        def undo(self, which: int) -> None:
            bindings = self.open_bindings()
            if bindings:
                chosen = bindings[which % len(bindings)]
                self.attempt(lambda: unbind(self.act(SUPPORT), chosen.id))

        @rule(number=people)
        def bind_and_undo(self, number: int) -> None:
            """Whose everything is comes out as it was."""
            person = self.person(number)
            if person is None:
                return
            before = holdings_of(self.session, person)
            held = {each.id for each in self.open_bindings()}
            for account in self.accounts:
                self.attempt(
                    lambda account=account: bind(  # type: ignore[misc]
                        self.act(), person.id, account.id, PASSWORD, consented=True
                    )
                )
            for binding in self.open_bindings():
                if binding.id not in held:
                    unbind(self.act(SUPPORT), binding.id)
            assert holdings_of(self.session, person) == before

        @invariant()
        def an_account_is_nobodys_or_one_persons(self) -> None:
            accounts = [each.account_id for each in self.open_bindings()]
            assert len(accounts) == len(set(accounts))

        @invariant()
        def who_has_bound_their_own_holds_nobody_up(self) -> None:
            """Whatever else of theirs turns up (R40)."""
            for binding in self.open_bindings():
                account = self.session.get_one(LegacyAccount, binding.account_id)
                if account.kind is AccountKind.PERSONAL:
                    person = self.session.get_one(Person, binding.person_id)
                    found = personal_state(self.session, builders.SEALER, person)
                    assert found is AccountState.MIGRATED

        @invariant()
        def what_is_stored_is_what_it_comes_to(self) -> None:
            for account in self.accounts:
                found = standing_of(self.session, builders.SEALER, account)
                assert (account.state, account.blocker) == found, account.name

        @invariant()
        def every_account_is_in_one_state(self) -> None:
            counted = self.session.execute(
                select(LegacyAccount.state, func.count()).group_by(LegacyAccount.state)
            ).all()
            assert sum(number for _, number in counted) == len(self.accounts)
            assert {state for state, _ in counted} <= set(AccountState)

        @invariant()
        def the_story_of_each_account_has_no_gap(self) -> None:
            for account in self.accounts:
                stood = (AccountState.NOT_STARTED, None)
                for change in self.session.scalars(
                    select(StandingChange)
                    .where(StandingChange.account_id == account.id)
                    .order_by(StandingChange.id)
                ):
                    assert change.former_state is stood[0]
                    stood = (change.state, change.blocker)
                assert account.state is stood[0]

        @invariant()
        def a_bound_account_has_no_password(self) -> None:
            for binding in self.open_bindings():
                account = self.session.get_one(LegacyAccount, binding.account_id)
                assert account.password_hash is None

        @invariant()
        def history_and_affiliations_never_move(self) -> None:
            assert self.belongings_now() == self.belongings

    return Migration


def test_moving_in_holds_its_promises_in_any_order(database: Database) -> None:
    run_state_machine_as_test(
        migration_machine(database),
        settings=settings(max_examples=examples(10), stateful_step_count=20),
    )
