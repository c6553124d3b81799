"""Random populations moved in through the real services: one state each, and sums that hold.

What is kept with an account is what would be computed anew, and the SQL that lists and counts
says the same as the rules.
"""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app.delegation.operations import appoint
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import within
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.models import Person, Representation
from admin_app.identity.vocabulary import IdType
from admin_app.migration.arrivals import note_refused
from admin_app.migration.blockers import Blocker
from admin_app.migration.counts import Counted, counts
from admin_app.migration.diagnosis import personal_standing
from admin_app.migration.matching import match_of
from admin_app.migration.models import AccountBinding, LegacyAccount, Snapshot
from admin_app.migration.operations import bind, disown, unbind
from admin_app.migration.person_sql import (
    NOTHING_TO_BIND,
    is_within,
    person_standing,
    persons_standing,
    persons_within,
    place_within,
)
from admin_app.migration.rules import Outcome, Standing, stuck
from admin_app.migration.snapshots import backfill, day_of, take_snapshot
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
from tests import builders
from tests.builders_migration import PASSWORD, legacy_account
from tests.databases import Database
from tests.integration.test_binding import SUPPORT, comes

NAMES = ("示例甲", "示例乙")
PEOPLE = 4
MOVES = ("comes", "too_low", "binds", "wrong", "disowns", "unbinds", "appoints")

moves = st.lists(
    st.tuples(
        st.sampled_from(MOVES),
        st.integers(1, PEOPLE),
        st.sets(st.integers(0, 2), max_size=2),
    ),
    max_size=14,
)
accounts = st.lists(
    st.tuples(
        st.sampled_from(list(AccountKind)),
        st.integers(0, PEOPLE),  # 0: no number
        st.sampled_from(NAMES),
        st.sampled_from((IdType.RESIDENT_ID, IdType.RESIDENT_ID, IdType.PASSPORT)),
        st.integers(-1, 4),  # -1: no unit
    ),
    max_size=10,
)


class Town:
    """Two bureaus, three enterprises, two colleges; whoever lives there moves in or doesn't."""

    def __init__(self, session: Session) -> None:
        self.session = session
        root = builders.root(session)
        self.bureaus = [builders.unit(session, root, kind=UnitKind.DEPARTMENT) for _ in range(2)]
        first = UnitKind.FIRST_LEVEL
        self.units = [
            builders.unit(session, self.bureaus[number // 2], kind=first) for number in range(3)
        ]
        self.units += [builders.unit(session, self.units[0]) for _ in range(2)]
        self.minutes = 0

    def has(
        self, kind: AccountKind, sequence: int, name: str, id_type: IdType, unit: int
    ) -> LegacyAccount:
        place = self.units[unit] if unit >= 0 else None
        if kind is AccountKind.UNIT and unit > 2:
            place = self.units[0]
        number = None
        if sequence:
            passport = id_type is IdType.PASSPORT
            number = f"E{sequence:08}" if passport else builders.id_number(sequence)
        return legacy_account(self.session, name, number, kind=kind, id_type=id_type, unit=place)

    def move(self, what: str, sequence: int, enterprises: set[int]) -> None:
        self.minutes += 1
        name = NAMES[sequence % 2]
        if what == "comes":
            units = [self.units[number] for number in sorted(enterprises)]
            comes(self.session, name, sequence, *units, minutes=self.minutes)
            return
        if what == "too_low":
            identity = builders.identity(name, sequence, level=AssuranceLevel.BASIC)
            note_refused(builders.act(self.session, minutes=self.minutes), identity)
            return
        index = builders.SEALER.index(IdType.RESIDENT_ID.value, builders.id_number(sequence))
        person = self.session.scalar(select(Person).where(Person.id_index == index))
        if what == "appoints":
            self._appoint(sequence)
        elif person is not None:
            self._does(what, person)

    def _does(self, what: str, person: Person) -> None:
        act = builders.act(self.session, minutes=self.minutes)
        found = match_of(self.session, builders.SEALER, person)
        if what == "unbinds":
            binding = self.session.scalar(
                select(AccountBinding).where(
                    AccountBinding.person_id == person.id, AccountBinding.until.is_(None)
                )
            )
            if binding is not None:
                support = builders.act(self.session, SUPPORT, reason="绑错了", minutes=self.minutes)
                unbind(support, binding.id)
        elif found.outcome is Outcome.PROMPT and found.account_id is not None:
            if what == "disowns":
                disown(act, person.id, found.account_id)
            else:
                password = PASSWORD if what == "binds" else "?"
                bind(act, person.id, found.account_id, password, consented=True)

    def _appoint(self, sequence: int) -> None:
        """The bureau's staff names somebody where nobody within can; else nothing happens."""
        unit = self.units[2]
        represented = select(Representation.id).where(
            Representation.uscc == unit.uscc, Representation.until.is_(None)
        )
        if self.session.scalar(represented) or unit.administrators:
            return
        bureau = self.bureaus[1]
        staff = Actor(
            "科员",
            Capacity.DEPARTMENT_STAFF,
            office=Office(bureau.id, bureau.path, bureau.name),
            staff_id=1,
        )
        awaited = enterprise_pending(self.session, unit)
        if not awaited:
            name = NAMES[sequence % 2]
            act = builders.act(self.session, staff, reason="无人", minutes=self.minutes)
            appoint(act, unit.id, builders.candidate(name, sequence))


def enterprise_pending(session: Session, unit: Unit) -> bool:
    return administration_of(session, unit).blocker in (
        Blocker.APPOINTEE_NOT_REGISTERED,
        Blocker.APPOINTEE_NOT_VERIFIED,
    )


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
    for state in AccountState:
        condition = persons_standing(session, state)
        found = session.scalars(select(Person.id).where(condition)).all()
        assert set(found) == {p.id for p, its in rows if its.startswith(f"{state.value}/")}
    for blocker in Blocker:
        condition = persons_standing(session, None, blocker)
        found = session.scalars(select(Person.id).where(condition)).all()
        assert set(found) == {p.id for p, its in rows if its == f"stuck/{blocker.value}"}


def _persons_are_found_both_ways(session: Session, reach: Reach) -> None:
    """From the few units, and by asking each person met; each with a unit of that reach."""
    few = set(session.scalars(select(Person.id).where(persons_within(session, reach))))
    asked = session.execute(select(Person.id, place_within(reach)).where(is_within(reach))).all()
    assert few == {number for number, _ in asked}
    if not reach.is_everywhere:
        assert all(place for _, place in asked)


@settings(max_examples=10)
@given(people=accounts, story=moves)
def test_everything_is_in_one_state_and_the_sums_hold(
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
            _sums_hold(session, reach)
            _persons_are_found_both_ways(session, reach)


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


def _sums_hold(session: Session, reach: Reach) -> None:
    figures = counts(session, reach)
    for found in figures.values():
        by_state = sum(found.by_state[state] for state in AccountState)
        assert found.total == by_state
        assert sum(found.stuck_by.values()) == found.by_state[AccountState.STUCK]
    assert figures[Counted.NATURAL_PERSONS].total == _number(session, reach, AccountKind.PERSONAL)
    assert figures[Counted.LEGAL_REPRESENTATIVES].total == _number(session, reach, AccountKind.UNIT)
    units = session.scalars(select(Unit).where(within(reach))).all()
    first = [unit for unit in units if unit.kind is UnitKind.FIRST_LEVEL]
    assert figures[Counted.ENTERPRISES].total == len(first)
    others = [unit for unit in units if unit.kind is not UnitKind.DEPARTMENT]
    assert figures[Counted.ADMINISTRATORS].total == len(others)


def _number(session: Session, reach: Reach, kind: AccountKind) -> int:
    """By hand: an account without a unit counts only everywhere."""
    statement = select(func.count()).select_from(LegacyAccount).where(LegacyAccount.kind == kind)
    if not reach.is_everywhere:
        statement = statement.join(Unit).where(within(reach))
    return session.scalar(statement) or 0


def test_a_snapshot_is_kept_once_a_day_for_every_department(session: Session) -> None:
    town = Town(session)
    town.has(AccountKind.PERSONAL, 1, NAMES[1], IdType.RESIDENT_ID, 0)
    assert take_snapshot(builders.act(session)) == take_snapshot(builders.act(session, minutes=5))
    kept = session.scalars(select(Snapshot).where(Snapshot.kind == "natural_persons")).all()
    root = session.scalars(select(Unit).where(Unit.parent_id.is_(None))).one()
    assert [(each.unit_id, each.number) for each in kept] == [
        (root.id, 1),
        (town.bureaus[0].id, 1),
    ]
    assert {each.state for each in kept} == {AccountState.NOT_STARTED}


def test_days_before_the_first_snapshot_are_reconstructed(session: Session) -> None:
    """From when accounts came and from what they went through since."""
    town = Town(session)
    account = town.has(AccountKind.PERSONAL, 1, NAMES[1], IdType.RESIDENT_ID, 0)
    day = 24 * 60
    person = comes(session, NAMES[1], 1, minutes=2 * day)
    outcome = bind(
        builders.act(session, minutes=4 * day), person.id, account.id, PASSWORD, consented=True
    )
    assert outcome.error is None
    later = builders.act(session, minutes=6 * day)
    assert backfill(later) == 6
    assert backfill(later) == 0
    root = session.scalars(select(Unit).where(Unit.parent_id.is_(None))).one()
    rows = session.scalars(
        select(Snapshot).where(Snapshot.unit_id == root.id).order_by(Snapshot.day)
    ).all()
    start = day_of(builders.NOON)
    states = [AccountState.NOT_STARTED] * 2 + [AccountState.IN_PROGRESS] * 2
    states += [AccountState.MIGRATED] * 2
    assert [(row.day - start, row.state) for row in rows] == [
        (timedelta(days=number), state) for number, state in enumerate(states)
    ]


def test_a_standing_is_read_as_it_was_written() -> None:
    assert read("stuck/id_differs") == Standing(AccountState.STUCK, Blocker.ID_DIFFERS)
    assert read("migrated/") == Standing(AccountState.MIGRATED)
