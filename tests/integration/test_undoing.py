"""Undoing a binding restores exactly what was before, whatever happened meanwhile (R56).

Random stories of binding by password and by hand, merging, rebinding, unbinding and appointing
end with whatever was bound in them being unbound. Whose everything is has to be as before them,
and who holds which office as in a world where only the appointments were made.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.delegation.arrival import arrive
from admin_app.delegation.models import Appointment
from admin_app.delegation.operations import appoint, end
from admin_app.delegation.queries import current_offices
from admin_app.delegation.vocabulary import AppointmentState
from admin_app.errors import DomainError
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.models import Person, Representation
from admin_app.migration.arrivals import note_sign_in
from admin_app.migration.by_hand import bind_by_hand, merge, rebind
from admin_app.migration.models import AccountBinding, Affiliation, BusinessRecord, LegacyAccount
from admin_app.migration.operations import bind, unbind
from admin_app.migration.receipts import holdings_of
from admin_app.migration.vocabulary import AccountKind, AccountState
from admin_app.policy.actor import Actor, Office
from admin_app.policy.vocabulary import AssuranceLevel, Capacity
from tests import builders
from tests.builders_migration import PASSWORD, affiliation, history, legacy_account
from tests.databases import Database
from tests.effort import THOROUGH, examples

DESK = Actor("示例支持", Capacity.PLATFORM_SUPPORT, staff_id=1)
# By the number of their ID: 1 and 2 represent the unit; 4 had two accounts.
PEOPLE = {number: f"人{number}" for number in (1, 2, 3, 4)}
ACCOUNTS_OF = (1, 2, 3, 4, 4)
numbers = st.sampled_from(sorted(PEOPLE))
accounts = st.integers(0, len(ACCOUNTS_OF))  # the last is the unit's own

Step = tuple[str, int, int]
BINDINGS = ("bind", "bind", "by_hand", "merge", "rebind", "unbind")
bindings = st.tuples(st.sampled_from(BINDINGS), numbers, accounts)
offices = st.tuples(st.sampled_from(("appoint", "end")), numbers, st.integers(0, 1))
former = st.lists(bindings, max_size=4)
stories = st.lists(st.one_of(bindings, bindings, offices), min_size=3, max_size=12)


@dataclass
class Town:
    """A unit and its college, four people, six accounts; each step is tried and may be refused."""

    session: Session
    minutes: int = 0
    units: list[Unit] = field(default_factory=list)
    accounts: list[LegacyAccount] = field(default_factory=list)
    people: dict[int, Person] = field(default_factory=dict)
    kept: set[int] = field(default_factory=set)  # bindings that stay

    def __post_init__(self) -> None:
        root = builders.root(self.session)
        unit = builders.unit(self.session, root, "示例大学", UnitKind.FIRST_LEVEL)
        self.units = [unit, builders.unit(self.session, unit, "示例学院")]
        self.accounts = [
            legacy_account(self.session, PEOPLE[number], builders.id_number(number), unit=unit)
            for number in ACCOUNTS_OF
        ]
        of_unit = legacy_account(self.session, unit.name, kind=AccountKind.UNIT, unit=unit)
        self.accounts.append(of_unit)
        for account in self.accounts:
            affiliation(self.session, account, unit)
            history(self.session, account, 2)
        for number, name in PEOPLE.items():
            reported = (builders.enterprise(unit),) if number in (1, 2) else ()
            act = self.act()
            person = arrive(act, builders.identity(name, number, enterprises=reported)).person
            assert person is not None
            note_sign_in(act, person)
            self.people[number] = person

    def act(self, actor: Actor = DESK) -> Act:
        self.minutes += 3
        return builders.act(
            self.session, actor, minutes=self.minutes, reason="测试", involved=builders.PROPOSED
        )

    @property
    def representative(self) -> Actor:
        unit, person = self.units[0], self.people[1]
        return Actor(
            person.name,
            Capacity.LEGAL_REPRESENTATIVE,
            AssuranceLevel.INTERMEDIATE,
            Office(unit.id, unit.path, unit.name),
            person.id,
        )

    def attempt(self, what: Callable[[], object]) -> bool:
        savepoint = self.session.begin_nested()
        try:
            what()
        except DomainError:
            savepoint.rollback()
            self.session.expire_all()
            return False
        savepoint.commit()
        return True

    def open_bindings(self) -> list[AccountBinding]:
        """Those that are in force and don't stay."""
        statement = select(AccountBinding).where(
            AccountBinding.until.is_(None), AccountBinding.id.not_in(self.kept)
        )
        return list(self.session.scalars(statement.order_by(AccountBinding.account_id)))

    def take(self, step: Step) -> bool:
        """Try a step.

        Returns:
            whether it was done.
        """
        verb, number, which = step
        person, account = self.people[number], self.accounts[which]
        held = self.open_bindings()
        match verb:
            case "bind":
                return self.attempt(
                    lambda: bind(self.act(), person.id, account.id, PASSWORD, consented=True)
                )
            case "by_hand":
                return self.attempt(lambda: bind_by_hand(self.act(), person.id, account.id))
            case "merge":
                both = {account.id, self.accounts[ACCOUNTS_OF.index(4)].id}
                return self.attempt(lambda: merge(self.act(), person.id, both))
            case "rebind" if held:
                chosen = held[which % len(held)]
                return self.attempt(lambda: rebind(self.act(), chosen.id, person.id))
            case "unbind" if held:
                chosen = held[which % len(held)]
                return self.attempt(lambda: unbind(self.act(), chosen.id))
            case "appoint":
                who = builders.candidate(person.name, number)
                act = self.act(self.representative)
                return self.attempt(lambda: appoint(act, self.units[which].id, who))
            case "end":
                return self.end(person, self.units[which])
        return False

    def end(self, person: Person, unit: Unit) -> bool:
        here = [
            each.id for each in current_offices(self.session, person.id) if each.unit_id == unit.id
        ]
        act = self.act(self.representative)
        return bool(here) and self.attempt(lambda: end(act, here[0], confirmed_last=True))

    def undo_all(self, order: int) -> None:
        while held := self.open_bindings():
            assert self.attempt(lambda: unbind(self.act(), held[order % len(held)].id))

    def whose(self) -> dict[str, Any]:
        """What is whose, and where."""
        everything = self.session.execute
        return {
            "holders": everything(
                select(AccountBinding.account_id, AccountBinding.person_id)
                .where(AccountBinding.until.is_(None))
                .order_by(AccountBinding.account_id)
            ).all(),
            "holdings": [holdings_of(self.session, each) for each in self.people.values()],
            "representatives": everything(
                select(
                    Representation.person_id, Representation.uscc, Representation.until
                ).order_by(Representation.id)
            ).all(),
            "affiliations": everything(
                select(Affiliation.account_id, Affiliation.unit_id, Affiliation.until).order_by(
                    Affiliation.id
                )
            ).all(),
            "history": everything(
                select(BusinessRecord.id, BusinessRecord.account_id).order_by(BusinessRecord.id)
            ).all(),
            "accounts": [
                (each.name, each.id_index, each.uscc, each.unit_id) for each in self.accounts
            ],
        }

    def offices(self) -> list[tuple[str, str, AppointmentState]]:
        names = {person.id: person.name for person in self.people.values()}
        places = {unit.id: unit.name for unit in self.units}
        return [
            (places[each.unit_id], names[each.person_id or 0], each.state)
            for each in self.session.scalars(select(Appointment).order_by(Appointment.id))
        ]


def test_undone_is_as_never_done(database: Database) -> None:
    seen: Counter[str] = Counter()

    @given(former, stories, st.integers(0, 5))
    @settings(max_examples=examples(25), deadline=None)
    def undone_is_as_never_done(before: list[Step], story: list[Step], order: int) -> None:
        with builders.scratch(database) as session:
            town = Town(session)
            for step in before:
                town.take(step)
            town.kept = {each.id for each in town.open_bindings()}
            former = town.whose()
            ever = set()
            done = []
            for step in story:
                done.append(town.take(step))
                seen[step[0]] += done[-1]
                ever |= {each.account_id for each in town.open_bindings()}
            town.undo_all(order)
            assert town.whose() == former
            for account in town.accounts:
                if account.id in ever:
                    assert account.state is AccountState.STUCK  # the desk binds it anew
            offices = town.offices()
        with builders.scratch(database) as session:
            control = Town(session)
            for step, was_done in zip(story, done, strict=True):
                if step[0] in ("appoint", "end"):
                    assert control.take(step) == was_done
            assert control.offices() == offices

    undone_is_as_never_done()
    if THOROUGH:  # fewer stories may miss one
        assert set(seen) == {*BINDINGS, "appoint", "end"}, seen
