"""A department urges a unit: once in so many days, only for what is left, recorded and announced.

物理学院 and 潮汐实验室 of 演示大学 have no administrator; 无人公司's old account names somebody who
has never come.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from admin_app.audit.act import Limits
from admin_app.audit.models import AuditEntry, OutboxMessage
from admin_app.database import transaction
from admin_app.delegation.operations import appoint
from admin_app.errors import DomainError, NotFound
from admin_app.identity.models import StaffAccount
from admin_app.identity.vocabulary import StaffRole
from admin_app.migration.vocabulary import AccountKind
from admin_app.policy.actor import Actor
from admin_app.policy.vocabulary import Capacity, Refused
from admin_app.rollups.upkeep import fold
from admin_app.service_desk.models import Urging
from admin_app.service_desk.urging import acknowledge, urge, urge_all
from admin_app.service_desk.urging_queries import urged
from admin_app.service_desk.vocabulary import AlreadyUrged, Asked, NothingToUrge
from tests import builders
from tests.builders_migration import legacy_account
from tests.databases import Database
from tests.races import at_once
from tests.world import World, build_world

DAY = 24 * 60
NOON_PAST = 12 * 60 + 1  # minutes from noon back into the day before


def settled(session: Session) -> tuple[World, dict[str, Actor]]:
    """The world, and a member of staff of each department."""
    world = build_world(session)
    company = world["无人公司"]
    kind, number = AccountKind.UNIT, builders.id_number(700)
    legacy_account(session, company.name, number, kind=kind, unit=company)
    staff = {}
    for number_, name in enumerate(("省科技厅", "济南市科技局", "青岛市科技局")):
        account = StaffAccount(
            username=f"staff{number_}",
            name="科员",
            password_hash="none",
            role=StaffRole.DEPARTMENT_STAFF,
            unit_id=world[name].id,
            created_at=builders.NOON,
        )
        session.add(account)
        session.flush()
        office = world.office(name)
        capacity = Capacity.DEPARTMENT_STAFF
        staff[name] = Actor("科员", capacity, office=office, staff_id=account.id)
    fold(session)
    return world, staff


@pytest.fixture
def world_and_staff(session: Session) -> tuple[World, dict[str, Actor]]:
    return settled(session)


def test_it_is_written_down_and_announced(
    session: Session, world_and_staff: tuple[World, dict[str, Actor]]
) -> None:
    """Issue 4, §1.6: recorded; what tells the unit takes it from the outbox."""
    world, staff = world_and_staff
    act = builders.act(session, staff["济南市科技局"], reason="请抓紧")
    urging = urge(act, world["无人公司"].id, Asked.GET_THROUGH)
    session.flush()
    assert (urging.department.name, urging.note, urging.at) == (
        "济南市科技局",
        "请抓紧",
        builders.NOON,
    )
    entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "unit.urged")).one()
    assert (entry.subject, entry.actor_office) == ("无人公司", "济南市科技局")
    message = session.scalars(
        select(OutboxMessage).where(OutboxMessage.topic == "unit.urged")
    ).one()
    assert message.payload["unit_id"] == world["无人公司"].id
    assert message.payload["asked"] == "get_through"


def test_a_unit_rests_for_the_days_set_whoever_urges(
    session: Session, world_and_staff: tuple[World, dict[str, Actor]]
) -> None:
    world, staff = world_and_staff
    number = world["演示大学"].id
    urge(builders.act(session, staff["济南市科技局"]), number, Asked.APPOINT)
    limits = Limits(urging_days=3)
    province = staff["省科技厅"]
    too_soon = builders.act(session, province, limits=limits, minutes=3 * DAY - NOON_PAST)
    with pytest.raises(AlreadyUrged) as refused:
        urge(too_soon, number, Asked.APPOINT)
    assert refused.value.sentence.zh == (
        "“演示大学”已由济南市科技局在2026年3月3日督办过，2026年3月6日起才能再次督办。"
    )
    assert "urged by 济南市科技局 on 3 Mar 2026" in refused.value.sentence.en
    day = builders.act(session, province, limits=limits, minutes=3 * DAY - NOON_PAST + 1)
    assert urge(day, number, Asked.APPOINT).department.name == "省科技厅"


def test_nobody_is_urged_for_what_is_not_left_to_do(
    session: Session, world_and_staff: tuple[World, dict[str, Actor]]
) -> None:
    world, staff = world_and_staff
    act = builders.act(session, staff["省科技厅"])
    for unit, asked in (
        ("演示大学", Asked.GET_THROUGH),  # has come through already
        ("无人公司", Asked.APPOINT),  # has no secondary units
        ("物理学院", Asked.APPOINT),  # is a secondary unit itself
        ("济南市科技局", Asked.APPOINT),  # is a department
    ):
        with pytest.raises(NothingToUrge):
            urge(act, world[unit].id, asked)
    assert session.scalars(select(Urging)).all() == []


def test_only_the_staff_of_a_department_above_may(
    session: Session, world_and_staff: tuple[World, dict[str, Actor]]
) -> None:
    """Out of reach isn't there; a manager, support and the unit's own people may not."""
    world, staff = world_and_staff
    number = world["演示大学"].id
    with pytest.raises(NotFound):
        urge(builders.act(session, staff["青岛市科技局"]), number, Asked.APPOINT)
    support = Actor("支持", Capacity.PLATFORM_SUPPORT, staff_id=1)
    for actor in (support, world.rector, world.director):
        with pytest.raises(Refused):
            urge(builders.act(session, actor), number, Asked.APPOINT)
    with pytest.raises(NotFound):
        urge(builders.act(session, world.staff(Capacity.MANAGER)), number, Asked.APPOINT)


def test_of_several_each_is_told_apart_and_one_out_of_reach_is_no_unit(
    session: Session, world_and_staff: tuple[World, dict[str, Actor]]
) -> None:
    world, staff = world_and_staff
    university, company = world["演示大学"].id, world["无人公司"].id
    act = builders.act(session, staff["济南市科技局"])
    urge(act, university, Asked.APPOINT)
    outcomes = urge_all(act, [(company, Asked.GET_THROUGH), (university, Asked.APPOINT)])
    assert [(each.unit.name, type(each.refusal)) for each in outcomes] == [
        ("演示大学", AlreadyUrged),
        ("无人公司", type(None)),
    ]
    with pytest.raises(NotFound):
        urge_all(act, [(world["邻居大学"].id, Asked.APPOINT)])


def test_of_two_things_wanted_of_one_unit_the_first_is_asked(
    session: Session, world_and_staff: tuple[World, dict[str, Actor]]
) -> None:
    """The list has the greater first; the second isn't asked on the same day."""
    world, staff = world_and_staff
    company = world["无人公司"]
    builders.unit(session, company, "研发部")
    fold(session)
    wanted = [(company.id, Asked.GET_THROUGH), (company.id, Asked.APPOINT)]
    outcomes = urge_all(builders.act(session, staff["济南市科技局"]), wanted)
    assert [(each.asked, type(each.refusal)) for each in outcomes] == [
        (Asked.GET_THROUGH, type(None)),
        (Asked.APPOINT, AlreadyUrged),
    ]


def test_the_unit_sees_it_until_it_is_done(
    session: Session, world_and_staff: tuple[World, dict[str, Actor]]
) -> None:
    world, staff = world_and_staff
    number, rector = world["演示大学"].id, world.people["校长"].id
    urging = urge(builders.act(session, staff["济南市科技局"]), number, Asked.APPOINT)
    assert urged(session, rector, [number]) == [urging]
    for lower, sequence in (("物理学院", 102), ("潮汐实验室", 103)):
        name = "处长" if sequence == 102 else "院长"
        somebody = builders.candidate(name, sequence)
        appoint(builders.act(session, world.rector), world[lower].id, somebody)
    fold(session)
    assert urged(session, rector, [number]) == []


def test_whoever_takes_note_is_no_longer_told_and_that_is_recorded_once(
    session: Session, world_and_staff: tuple[World, dict[str, Actor]]
) -> None:
    world, staff = world_and_staff
    number = world["演示大学"].id
    urging = urge(builders.act(session, staff["济南市科技局"]), number, Asked.APPOINT)
    for _ in range(2):
        acknowledge(builders.act(session, world.rector), urging.id)
    assert urged(session, world.people["校长"].id, [number]) == []
    assert urged(session, world.people["处长"].id, [number]) == [urging]
    entries = select(AuditEntry).where(AuditEntry.event == "urging.acknowledged")
    assert len(session.scalars(entries).all()) == 1
    for actor in (world.dean, world.neighbour, world.outsider, staff["济南市科技局"]):
        with pytest.raises(NotFound):
            acknowledge(builders.act(session, actor), urging.id)


def test_an_urging_is_never_rewritten(
    session: Session, world_and_staff: tuple[World, dict[str, Actor]]
) -> None:
    world, staff = world_and_staff
    urge(builders.act(session, staff["省科技厅"]), world["演示大学"].id, Asked.APPOINT)
    with pytest.raises(IntegrityError):
        session.execute(update(Urging).values(at=builders.NOON - timedelta(days=9)))


def test_of_several_who_urge_at_once_one_does(database: Database) -> None:
    """Two clicks, or two departments, at the same moment."""
    with transaction(database.sessions) as session:
        world, staff = settled(session)
    departments = ["省科技厅", "济南市科技局", "济南市科技局", "省科技厅"]

    def press(session: Session, index: int) -> DomainError | None:
        act = builders.act(session, staff[departments[index]])
        try:
            urge(act, world["演示大学"].id, Asked.APPOINT)
        except DomainError as error:
            session.rollback()
            return error
        return None

    outcomes = at_once(database, len(departments), press)
    assert [type(each) for each in outcomes if each is not None] == [AlreadyUrged] * 3
    with database.sessions() as session:
        assert len(session.scalars(select(Urging)).all()) == 1


def test_of_two_lists_that_overlap_none_waits_for_ever(database: Database) -> None:
    with transaction(database.sessions) as session:
        world, staff = settled(session)
    wanted = [(world["演示大学"].id, Asked.APPOINT), (world["无人公司"].id, Asked.GET_THROUGH)]

    def press(session: Session, index: int) -> int:
        act = builders.act(session, staff["省科技厅"])
        outcomes = urge_all(act, wanted if index else wanted[::-1])
        return sum(outcome.refusal is None for outcome in outcomes)

    assert sorted(at_once(database, 2, press)) == [0, 2]
