"""Appoint, reassign, end, move, archive, sign in, in any order: what must never break."""

from collections.abc import Callable

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from admin_app.audit.act import Limits
from admin_app.delegation.arrival import arrive
from admin_app.delegation.capacities import capacities_of
from admin_app.delegation.facts import facts_of
from admin_app.delegation.models import Appointment
from admin_app.delegation.operations import appoint, close_unit, end, reassign, resign, withdraw
from admin_app.delegation.vocabulary import AppointmentState
from admin_app.errors import DomainError
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.operations import move_unit, restore_unit
from admin_app.hierarchy.rules import path_under
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.models import Person, Representation, SignInSession
from admin_app.identity.vocabulary import AssuranceLevel
from admin_app.policy.actor import Actor
from admin_app.policy.reach import Reach
from tests import builders
from tests.databases import Database
from tests.effort import examples

PEOPLE = range(1, 6)
LIMITS = Limits(administrators_per_unit=2)
OVER = (AppointmentState.ENDED, AppointmentState.WITHDRAWN, AppointmentState.EXPIRED)

people = st.sampled_from(PEOPLE)
places = st.integers(0, 6)
choices = st.integers(0, 30)


def offices_machine(database: Database) -> type[RuleBasedStateMachine]:
    """The machine, on one of the databases."""

    class Offices(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.scratch = builders.scratch(database)
            self.session = self.scratch.__enter__()
            self.minutes = 0
            self.history: dict[int, tuple[object, ...]] = {}

        def teardown(self) -> None:
            self.scratch.__exit__(None, None, None)

        @initialize()
        def plant(self) -> None:
            root = builders.root(self.session)
            one = builders.unit(self.session, root, "甲大学", UnitKind.FIRST_LEVEL)
            two = builders.unit(self.session, root, "乙大学", UnitKind.FIRST_LEVEL)
            college = builders.unit(self.session, one, "学院")
            lab = builders.unit(self.session, college, "实验室")
            other = builders.unit(self.session, one, "另一学院")
            self.units = [root, one, two, college, lab, other]
            self.come(1, AssuranceLevel.INTERMEDIATE, 1)
            self.come(2, AssuranceLevel.ADVANCED, 2)

        def act(self, actor: Actor | None = None):  # type: ignore[no-untyped-def]
            self.minutes += 1
            given = (actor,) if actor else ()
            return builders.act(
                self.session, *given, minutes=self.minutes, limits=LIMITS, reason="测试"
            )

        def actor(self, number: int, choice: int) -> Actor | None:
            index = builders.identity(sequence=number).id_number
            person = self.session.scalar(
                select(Person).where(Person.id_index == builders.SEALER.index("resident_id", index))
            )
            if person is None:
                return None
            capacities = capacities_of(self.session, SignInSession(person=person))
            return capacities[choice % len(capacities)].actor

        def attempt(self, actor: Actor | None, what: Callable[[], Unit | Appointment]) -> None:
            """Do it; if it is refused, nothing may have changed."""
            if actor is None:
                return
            savepoint = self.session.begin_nested()
            try:
                done = what()
            except DomainError:
                savepoint.rollback()
                self.session.expire_all()
                return
            savepoint.commit()
            unit = self.session.get(
                Unit, done.unit_id if isinstance(done, Appointment) else done.id
            )
            assert unit is not None
            own = isinstance(done, Appointment) and done.person_id == actor.person_id
            reach = Reach(actor.office.path) if actor.office else Reach(None)
            assert own or reach.covers(unit.path), "acted outside the reach"

        @rule(number=people, level=st.sampled_from(AssuranceLevel), represents=st.integers(0, 2))
        def come(self, number: int, level: AssuranceLevel, represents: int) -> None:
            enterprises = (builders.enterprise(self.units[represents]),) if represents else ()
            reported = builders.identity(
                f"人{number}", number, level=level, enterprises=enterprises
            )
            arrive(self.act(), reported)

        @rule(by=people, choice=choices, place=places, number=people)
        def appoint(self, by: int, choice: int, place: int, number: int) -> None:
            actor = self.actor(by, choice)
            unit = self.units[place % len(self.units)]
            somebody = builders.candidate(f"人{number}", number)
            self.attempt(actor, lambda: appoint(self.act(actor), unit.id, somebody))

        @precondition(lambda self: self.session.scalar(select(func.count(Appointment.id))))
        @rule(by=people, choice=choices, which=choices, number=people, verb=st.integers(0, 3))
        def change(self, by: int, choice: int, which: int, number: int, verb: int) -> None:
            actor = self.actor(by, choice)
            ids = self.session.scalars(select(Appointment.id).order_by(Appointment.id)).all()
            chosen = ids[which % len(ids)]
            somebody = builders.candidate(f"人{number}", number)
            verbs: list[Callable[[], Appointment]] = [
                lambda: end(self.act(actor), chosen, confirmed_last=True),
                lambda: reassign(self.act(actor), chosen, somebody),
                lambda: resign(self.act(actor), chosen, confirmed_last=True),
                lambda: withdraw(self.act(actor), chosen),
            ]
            self.attempt(actor, verbs[verb])

        @rule(by=people, choice=choices, place=places, to=places)
        def move(self, by: int, choice: int, place: int, to: int) -> None:
            actor = self.actor(by, choice)
            unit, parent = (self.units[i % len(self.units)] for i in (place, to))
            self.attempt(
                actor,
                lambda: move_unit(self.act(actor), facts_of, unit.id, parent.id, unit.version),
            )

        @rule(by=people, choice=choices, place=places)
        def archive_or_restore(self, by: int, choice: int, place: int) -> None:
            actor = self.actor(by, choice)
            unit = self.units[place % len(self.units)]
            if unit.status.value == "active":
                self.attempt(actor, lambda: close_unit(self.act(actor), unit.id, unit.version))
            else:
                self.attempt(
                    actor, lambda: restore_unit(self.act(actor), facts_of, unit.id, unit.version)
                )

        @invariant()
        def nobody_below_intermediate_verification_holds_an_office(self) -> None:
            too_low = self.session.scalar(
                select(func.count(Appointment.id))
                .join(Person, Person.id == Appointment.person_id)
                .where(Appointment.state == AppointmentState.CURRENT, Person.level < 2)
            )
            representing = self.session.scalar(
                select(func.count(Representation.id))
                .join(Person, Person.id == Representation.person_id)
                .where(Representation.until.is_(None), Person.level < 2)
            )
            assert (too_low, representing) == (0, 0)

        @invariant()
        def counts_are_right_and_never_over_the_limit(self) -> None:
            for unit in self.session.scalars(select(Unit)):
                current = self.session.scalars(
                    select(Appointment.person_id).where(
                        Appointment.unit_id == unit.id,
                        Appointment.state == AppointmentState.CURRENT,
                    )
                ).all()
                assert len(current) == len(set(current)) == unit.administrators
                assert len(current) <= LIMITS.administrators_per_unit
                assert not current or unit.status.value == "active"

        @invariant()
        def paths_follow_parents(self) -> None:
            for unit in self.session.scalars(select(Unit)):
                parent = self.session.get(Unit, unit.parent_id) if unit.parent_id else None
                assert unit.path == path_under(parent.path if parent else "", unit.id)

        @invariant()
        def history_never_changes(self) -> None:
            for row in self.session.scalars(select(Appointment)):
                told = (row.unit_id, row.person_id, row.since, row.until, row.ending, row.ended_by)
                if row.id in self.history:
                    assert self.history[row.id] == told
                elif row.state in OVER:
                    self.history[row.id] = told
            known = self.session.scalar(select(func.count(Appointment.id))) or 0
            assert known >= len(self.history)

    return Offices


def test_offices_hold_their_promises_in_any_order(database: Database) -> None:
    run_state_machine_as_test(
        offices_machine(database),
        settings=settings(max_examples=examples(12), stateful_step_count=25),
    )
