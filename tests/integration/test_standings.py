"""Random populations moved in through the real services: one state each.

What is kept with an account is what would be computed anew, and the SQL that lists and counts
says the same as the rules.
"""

from hypothesis import given, settings
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from admin_app.delegation.facts import facts_of
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.operations import move_unit
from admin_app.hierarchy.queries import within
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.models import Person
from admin_app.identity.vocabulary import IdType
from admin_app.migration.blockers import Blocker
from admin_app.migration.diagnosis import personal_standing
from admin_app.migration.matching import match_of
from admin_app.migration.models import LegacyAccount
from admin_app.migration.person_sql import (
    NOTHING_TO_BIND,
    is_within,
    person_standing,
)
from admin_app.migration.rules import Outcome, Standing, stuck
from admin_app.migration.standing_sql import (
    accounts_held_by,
    accounts_standing,
    administration_standing,
    enterprise_standing,
    enterprises_standing,
    read,
)
from admin_app.migration.standings import administration_of, enterprise_of, standing_of
from admin_app.migration.vocabulary import AccountKind, AccountState
from admin_app.policy.actor import Actor, Office
from admin_app.policy.reach import EVERYWHERE, Reach
from admin_app.policy.vocabulary import AssuranceLevel, Capacity
from admin_app.rollups.person_places import (
    PersonPlace,
    fold_persons,
    held_by,
    persons_at,
    persons_first_within,
    restate_persons,
    wrong_persons,
)
from tests import builders
from tests.databases import Database
from tests.effort import examples
from tests.population import NAMES, Town, accounts, moves


def _persons_stand_where_the_rules_say(session: Session) -> None:
    rows = session.execute(select(Person, person_standing())).all()
    for person, standing in rows:
        its = personal_standing(session, builders.SEALER, person)
        if person.level < AssuranceLevel.INTERMEDIATE:
            its = stuck(Blocker.VERIFICATION_TOO_LOW)
        if standing == NOTHING_TO_BIND:
            found = match_of(session, builders.SEALER, person)
            assert found.outcome is Outcome.NOTHING
        else:
            assert read(standing) == its, person.name
    fold_persons(session)
    kept = select(PersonPlace.person_id).where(persons_first_within(EVERYWHERE))
    for state in AccountState:
        found = session.scalars(kept.where(PersonPlace.state == state.value)).all()
        assert set(found) == {p.id for p, its in rows if its.startswith(f"{state.value}/")}
    for blocker in Blocker:
        found = session.scalars(kept.where(held_by(blocker.value))).all()
        assert set(found) == {p.id for p, its in rows if its == f"stuck/{blocker.value}"}


def _persons_are_listed_where_they_stand(session: Session, reach: Reach) -> None:
    """What is kept is what asking each person finds; each once, at the first of their units."""
    kept = session.scalars(select(PersonPlace).where(persons_first_within(reach))).all()
    asked = session.scalars(select(Person.id).where(is_within(reach))).all()
    assert sorted(place.person_id for place in kept) == sorted(asked)
    assert all(reach.covers(place.path) for place in kept)
    for unit in session.scalars(select(Unit).where(within(reach))):
        by_name = persons_at(session, reach, Unit.id == unit.id)
        found = session.scalars(
            select(PersonPlace.person_id).where(persons_first_within(reach), by_name)
        )
        there = select(PersonPlace.person_id).where(PersonPlace.path == unit.path)
        assert sorted(found) == sorted(session.scalars(there))


@settings(max_examples=examples(10))
@given(people=accounts, story=moves)
def test_everything_is_in_one_state(
    database: Database, people: list[tuple], story: list[tuple]
) -> None:
    with builders.scratch(database) as session:
        town = Town(session)
        for each in people:
            town.has(*each)
        for each in story:
            town.move(*each)
        session.flush()
        session.expire_all()
        _what_is_kept_is_what_is_computed(session)
        _sql_says_what_the_rules_say(session)
        _persons_stand_where_the_rules_say(session)
        for reach in [EVERYWHERE, *(Reach(unit.path) for unit in session.scalars(select(Unit)))]:
            _persons_are_listed_where_they_stand(session, reach)
        assert [wrong for wrong in wrong_persons(session) if wrong] == []
        town.session.execute(update(PersonPlace).values(state="?"))
        for wrong in wrong_persons(session):
            restate_persons(session, wrong)
        _persons_stand_where_the_rules_say(session)


def _what_is_kept_is_what_is_computed(session: Session) -> None:
    for account in session.scalars(select(LegacyAccount)):
        now = standing_of(session, builders.SEALER, account)
        assert isinstance(now.state, AccountState)
        assert (now.state is AccountState.STUCK) <= (now.blocker is not None)
        if account.state is not None:
            assert (account.state, account.blocker) == now, account.kind


def _sql_says_what_the_rules_say(session: Session) -> None:
    rows = session.execute(select(Unit, administration_standing(), enterprise_standing())).all()
    for unit, administration, enterprise in rows:
        assert read(administration) == administration_of(session, unit)
        if unit.kind is UnitKind.FIRST_LEVEL:
            assert read(enterprise) == enterprise_of(session, unit)
    first_level = [unit for unit, _, _ in rows if unit.kind is UnitKind.FIRST_LEVEL]
    joined = select(LegacyAccount).outerjoin(Unit, Unit.id == LegacyAccount.unit_id)
    everybody = session.scalars(select(LegacyAccount)).all()
    standings = {a.id: standing_of(session, builders.SEALER, a) for a in everybody}
    for state in AccountState:
        found = set(session.scalars(joined.where(accounts_standing(state))))
        assert {a.id for a in found} == {n for n, its in standings.items() if its.state is state}
        for kind in AccountKind:
            of_kind = set(session.scalars(joined.where(accounts_standing(state, kind))))
            of_kind = {each for each in of_kind if each.kind is kind}  # the list's other filter
            assert of_kind == {each for each in found if each.kind is kind}
        condition = enterprises_standing(session, state)
        units = session.scalars(
            select(Unit).where(Unit.kind == UnitKind.FIRST_LEVEL, condition)
        ).all()
        expected = {u.id for u in first_level if enterprise_of(session, u).state is state}
        assert {u.id for u in units} == expected
    for blocker in Blocker:
        found = set(session.scalars(joined.where(accounts_held_by(blocker))))
        expected = {number for number, its in standings.items() if its.blocker is blocker}
        assert {a.id for a in found} == expected
        condition = enterprises_standing(session, None, blocker)
        units = session.scalars(
            select(Unit).where(Unit.kind == UnitKind.FIRST_LEVEL, condition)
        ).all()
        expected = {u.id for u in first_level if enterprise_of(session, u).blocker is blocker}
        assert {u.id for u in units} == expected


def test_a_standing_is_read_as_it_was_written() -> None:
    assert read("stuck/id_differs") == Standing(AccountState.STUCK, Blocker.ID_DIFFERS)
    assert read("migrated/") == Standing(AccountState.MIGRATED)


def test_whoever_seemed_to_be_somebody_else_is_free_again_when_that_one_comes(
    session: Session,
) -> None:
    """Two namesakes born on one day: the account is the second's, so the first isn't stuck."""
    town = Town(session)
    town.has(AccountKind.PERSONAL, 3, NAMES[1], IdType.RESIDENT_ID, 0)
    enterprise = town.has(AccountKind.UNIT, 0, NAMES[1], IdType.RESIDENT_ID, 0)
    town.move("comes", 1, {0})
    assert enterprise.blocker is Blocker.BLOCKED_BY_REPRESENTATIVE
    town.move("comes", 3, set())
    assert enterprise.state is AccountState.IN_PROGRESS


def test_people_go_along_with_their_unit(database: Database) -> None:
    """Moved with all below it, or given another code: they are listed where it is now."""
    with builders.scratch(database) as session:
        town = Town(session)
        town.has(AccountKind.PERSONAL, 1, NAMES[1], IdType.RESIDENT_ID, 5)
        town.move("comes", 1, set())
        laboratory, university, other = town.units[5], town.units[0], town.units[2]
        assert _listed(session, laboratory) == _listed(session, university) != []
        root, college = (
            session.scalars(select(Unit).order_by(Unit.path).limit(1)).one(),
            town.units[3],
        )
        office = Office(root.id, root.path, root.name)
        staff = Actor("科员", Capacity.DEPARTMENT_STAFF, office=office, staff_id=1)
        act = builders.act(session, staff, reason="合并")
        move_unit(act, facts_of, college.id, other.id, college.version)
        assert _listed(session, laboratory) == _listed(session, other) != []
        assert _listed(session, university) == []
        town.move("comes", 2, {0})
        assert _listed(session, university) != []
        university.uscc = builders.uscc(99_000)
        session.flush()
        assert _listed(session, university) == [], "they represented the former code"


def _listed(session: Session, unit: Unit) -> list[int]:
    fold_persons(session)
    session.refresh(unit)
    found = select(PersonPlace.person_id).where(persons_first_within(Reach(unit.path)))
    return list(session.scalars(found))
