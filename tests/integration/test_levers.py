"""Where help releases the most, held to a count along the blocking graph in plain Python.

Somebody holds up the enterprises that haven't migrated and are theirs: by the portal's report, or,
where it reports nobody, by the number in their unit account. Those hold up the secondary units
that nobody may appoint in.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.delegation.arrival import arrive
from admin_app.delegation.facts import facts_of
from admin_app.delegation.models import Appointment
from admin_app.delegation.operations import appoint
from admin_app.delegation.vocabulary import AppointmentState
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.operations import move_unit
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.models import Person, Representation
from admin_app.migration.models import LegacyAccount
from admin_app.migration.vocabulary import AccountKind, AccountState
from admin_app.policy.actor import Actor, Office
from admin_app.policy.reach import Reach
from admin_app.policy.rules import condition_holds
from admin_app.policy.table import Condition
from admin_app.policy.vocabulary import Capacity
from admin_app.rollups import levers as finding
from admin_app.rollups import queries
from admin_app.rollups.levers import held_up
from admin_app.rollups.rules import region_of
from admin_app.rollups.upkeep import fold
from admin_app.rollups.vocabulary import REGION_UNKNOWN, Lever, LeverKind, Narrowed
from tests import builders
from tests.builders_migration import legacy_account
from tests.databases import Database, scratch
from tests.effort import examples

PEOPLE = range(4)
SOMEBODY = st.none() | st.sampled_from(PEOPLE)
ALL = 1_000
UNREADABLE = "ABCD"  # no region can be told from it


@dataclass(frozen=True)
class Enterprise:
    """An enterprise to be: registered where, what is below, whom accounts and portal name."""

    city: int
    region: str
    colleges: int
    nested: bool
    named: tuple[int | None, ...]
    migrated: bool
    reported: int | None
    reported_later: int | None
    appointed: bool


ENTERPRISES = st.builds(
    Enterprise,
    city=st.integers(0, 1),
    region=st.sampled_from(("3701", "3702", UNREADABLE)),
    colleges=st.integers(0, 3),
    nested=st.booleans(),
    named=st.lists(SOMEBODY, max_size=2).map(tuple),
    migrated=st.booleans(),
    reported=SOMEBODY,
    reported_later=SOMEBODY,
    appointed=st.booleans(),
)


@pytest.mark.parametrize(("few", "along"), [(0, 0), (finding.FEW, finding.ALONG)])
@settings(max_examples=examples(20))
@given(plan=st.lists(ENTERPRISES, max_size=6))
def test_they_are_what_the_blocking_graph_says(
    database: Database, few: int, along: int, plan: list[Enterprise]
) -> None:
    """Issue 4, §1.6: whichever way they are found, before and after the portal reports others.

    And one enterprise has moved to the other city by then.
    """
    with scratch(database) as session, pytest.MonkeyPatch.context() as patch:
        patch.setattr(finding, "FEW", few)
        patch.setattr(finding, "ALONG", along)
        province = builders.root(session)
        cities = [
            builders.unit(session, province, f"第{n}市", UnitKind.DEPARTMENT) for n in range(2)
        ]
        made = [_make(session, cities[each.city], each) for each in plan]
        for later in (False, True):
            if later and made:
                _moves(session, made[0], cities[1 - plan[0].city])
            _report(session, plan, made, later=later)
            fold(session)
            for top, region in product((province, *cities), ("", "3701", REGION_UNKNOWN)):
                place = queries.place_of(session, Reach(top.path), top.id)
                found = queries.levers(session, Narrowed(place, region), ALL)
                expected = _counted(session, top, region, alone_too=few > 0)
                assert Counter(map(_told, found)) == expected
                assert found == sorted(found, key=lambda lever: -lever.releases)
                assert held_up(session, found) == _together(session, top, found)


def test_only_so_many_are_given_the_greatest_first(session: Session) -> None:
    province = builders.root(session)
    for number in range(4):
        unit = builders.unit(session, province, f"第{number}公司", UnitKind.FIRST_LEVEL)
        kind = AccountKind.UNIT
        legacy_account(session, unit.name, builders.id_number(number), kind=kind, unit=unit)
        for lower in range(number):
            builders.unit(session, unit, f"第{lower}部")
    fold(session)
    found = queries.levers(session, Narrowed(queries.EVERYTHING), 2)
    assert [(lever.unit_name, lever.releases) for lever in found] == [
        ("第3公司", 4),
        ("第2公司", 3),
    ]


def test_two_people_of_one_enterprise_hold_it_up_once(session: Session) -> None:
    province = builders.root(session)
    unit = builders.unit(session, province, "合营公司", UnitKind.FIRST_LEVEL)
    builders.unit(session, unit, "研发部")
    for number in (1, 2):
        kind = AccountKind.UNIT
        legacy_account(session, "合营公司", builders.id_number(number), kind=kind, unit=unit)
    fold(session)
    found = queries.levers(session, Narrowed(queries.EVERYTHING), 20)
    assert [(lever.enterprises, lever.secondary_units) for lever in found] == [(1, 1), (1, 1)]
    assert held_up(session, found) == (1, 1)


def test_a_place_narrowed_to_a_region_has_only_the_enterprises_registered_there(
    session: Session,
) -> None:
    province = builders.root(session)
    unit = builders.unit(session, province, "演示公司", UnitKind.FIRST_LEVEL)
    legacy_account(session, unit.name, builders.id_number(1), kind=AccountKind.UNIT, unit=unit)
    fold(session)
    assert queries.levers(session, Narrowed(queries.EVERYTHING, "9900"), 20)
    assert not queries.levers(session, Narrowed(queries.EVERYTHING, "3701"), 20)


def _moves(session: Session, unit: Unit, city: Unit) -> None:
    province = session.get_one(Unit, city.parent_id)
    office = Office(province.id, province.path, province.name)
    staff = Actor("科员", Capacity.DEPARTMENT_STAFF, office=office, staff_id=1)
    act = builders.act(session, staff, reason="归口调整", minutes=1)
    move_unit(act, facts_of, unit.id, city.id, unit.version)
    session.expire_all()


def _make(session: Session, city: Unit, plan: Enterprise) -> Unit:
    unit = builders.unit(session, city, kind=UnitKind.FIRST_LEVEL)
    unit.uscc = f"91{plan.region}{(unit.uscc or '')[6:]}"
    session.flush()
    above = unit
    for _ in range(plan.colleges):
        lower = builders.unit(session, above)
        above = lower if plan.nested else unit
    for person in plan.named:
        number = None if person is None else builders.id_number(person)
        account = legacy_account(session, unit.name, number, kind=AccountKind.UNIT, unit=unit)
        if plan.migrated:
            account.state, account.blocker = AccountState.MIGRATED, None
    session.flush()
    return unit


def _report(session: Session, plan: list[Enterprise], made: list[Unit], *, later: bool) -> None:
    """Everybody comes through the portal, with the enterprises it reports now."""
    at = builders.act(session, minutes=later)
    for person in PEOPLE:
        theirs = [
            builders.enterprise(unit)
            for each, unit in zip(plan, made, strict=True)
            if (each.reported_later if later else each.reported) == person
        ]
        arrive(at, builders.identity(f"某{person}", person, enterprises=tuple(theirs)))
    if later:
        return
    for each, unit in zip(plan, made, strict=True):
        if each.appointed and each.reported is not None:
            office = Office(unit.id, unit.path, unit.name)
            person_id = _person_id(session, each.reported)
            level = builders.identity().level
            capacity = Capacity.LEGAL_REPRESENTATIVE
            actor = Actor("某人", capacity, level, office, person_id=person_id)
            appoint(builders.act(session, actor), unit.id, builders.candidate("某丙", 40))
            lower = session.scalar(select(Unit.id).where(Unit.parent_id == unit.id).limit(1))
            if lower is not None:
                known = builders.candidate(f"某{each.reported}", each.reported)
                appoint(builders.act(session, actor), lower, known)


def _person_id(session: Session, sequence: int) -> int:
    index = builders.SEALER.index("resident_id", builders.id_number(sequence))
    return session.scalars(select(Person.id).where(Person.id_index == index)).one()


def _counted(
    session: Session, top: Unit, region: str, *, alone_too: bool
) -> Counter[tuple[LeverKind, int, int]]:
    """The levers of a place; where only the greatest are kept, without whoever holds up one."""
    holding = _holding(session)
    found: Counter[tuple[LeverKind, int, int]] = Counter()
    for units in holding.values():
        inside = [unit for unit in units if _is_in(unit, top, region)]
        lower = sum(len(_lower(session, unit, blocked=True)) for unit in inside)
        if inside and (alone_too or len(inside) + lower > 1):
            found[LeverKind.PERSON, len(inside), lower] += 1
    for unit in _enterprises(session):
        vacant = len(_lower(session, unit, blocked=False))
        if vacant and _is_in(unit, top, region):
            found[LeverKind.UNIT, 0, vacant] += 1
    return found


def _is_in(unit: Unit, top: Unit, region: str) -> bool:
    is_there = region in ("", region_of(unit.uscc))
    return is_there and unit.path.startswith(top.path)


def _told(lever: Lever) -> tuple[LeverKind, int, int]:
    return lever.kind, lever.enterprises, lever.secondary_units


def _together(session: Session, top: Unit, found: list[Lever]) -> tuple[int, int]:
    shown = {number for lever in found for number in lever.enterprise_ids}
    vacant = {lever.unit_id for lever in found if lever.kind is LeverKind.UNIT}
    lower = 0
    for unit in _enterprises(session):
        lower += len(_lower(session, unit, blocked=True)) if unit.id in shown else 0
        lower += len(_lower(session, unit, blocked=False)) if unit.id in vacant else 0
    return len(shown), lower


def _holding(session: Session) -> dict[bytes, list[Unit]]:
    """The enterprises that wait on each."""
    found: defaultdict[bytes, list[Unit]] = defaultdict(list)
    for unit in _enterprises(session):
        accounts = session.scalars(
            select(LegacyAccount).where(
                LegacyAccount.unit_id == unit.id, LegacyAccount.kind == AccountKind.UNIT
            )
        ).all()
        reported = session.scalars(
            select(Person.id_index)
            .join(Representation, Representation.person_id == Person.id)
            .where(Representation.uscc == unit.uscc, Representation.until.is_(None))
        ).all()
        states = [account.state for account in accounts]
        done = all(s is AccountState.MIGRATED for s in states) if states else bool(reported)
        if not done:
            named = {account.id_index for account in accounts if account.id_index}
            for holder in set(reported) or named:
                found[holder].append(unit)
    return found


def _enterprises(session: Session) -> list[Unit]:
    return list(session.scalars(select(Unit).where(Unit.kind == UnitKind.FIRST_LEVEL)))


def _lower(session: Session, unit: Unit, *, blocked: bool) -> list[Unit]:
    """The secondary units without an administrator: nobody may appoint one, or somebody may."""
    found = []
    for lower in session.scalars(select(Unit).where(Unit.kind == UnitKind.SECONDARY)):
        if not lower.path.startswith(unit.path) or lower.administrators:
            continue
        pending = session.scalar(
            select(Appointment.id).where(
                Appointment.unit_id == lower.id, Appointment.state == AppointmentState.PENDING
            )
        )
        nobody = condition_holds(Condition.NOBODY_WITHIN_APPOINTS, facts_of(session, lower))
        if (nobody and pending is None) is blocked:
            found.append(lower)
    return found
