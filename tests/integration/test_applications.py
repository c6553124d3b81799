"""Joining a unit: applying, withdrawing, accepting, declining; one by one, in bulk and at once."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from admin_app.audit.models import AuditEntry, OutboxMessage
from admin_app.database import transaction
from admin_app.errors import DomainError, NotFound
from admin_app.hierarchy.vocabulary import UnitStatus
from admin_app.migration.models import AccountBinding, Affiliation
from admin_app.migration.queries import affiliations_of_person, belongs_to, members_of
from admin_app.migration.vocabulary import Proof
from admin_app.policy.actor import Actor
from admin_app.policy.reach import EVERYWHERE, Reach
from admin_app.policy.vocabulary import Refused
from admin_app.service_desk.applications import (
    accept,
    accept_all,
    decline,
    decline_all,
    file_application,
    withdraw_application,
)
from admin_app.service_desk.models import UnitApplication
from admin_app.service_desk.queries import applications_of, waiting_page
from admin_app.service_desk.vocabulary import (
    AlreadyApplied,
    AlreadyMember,
    ApplicationDecided,
    ApplicationState,
    NotAUnitToJoin,
    ReasonMissing,
)
from admin_app.web.constraints import broken_rule
from tests import builders
from tests.builders_migration import affiliation, legacy_account
from tests.databases import Database
from tests.races import at_once
from tests.world import World, build_world


@pytest.fixture
def session(lived_in: tuple[Session, World]) -> Session:
    return lived_in[0]


@pytest.fixture
def world(lived_in: tuple[Session, World]) -> World:
    return lived_in[1]


def applies(
    session: Session,
    world: World,
    unit: str = "物理学院",
    *,
    actor: Actor | None = None,
    reason: str = "我在这里工作",
) -> UnitApplication:
    act = builders.act(session, actor or world.outsider, reason=reason)
    return file_application(act, world[unit].id)


def events(session: Session) -> list[str]:
    return list(
        session.scalars(
            select(AuditEntry.event)
            .where(AuditEntry.event.startswith("application."))
            .order_by(AuditEntry.id)
        )
    )


def test_accepted_somebody_belongs_to_the_unit(session: Session, world: World) -> None:
    application = applies(session, world)
    accept(builders.act(session, world.director, minutes=5), application.id)
    (held,) = affiliations_of_person(session, world.people["外人"].id)
    assert (held.unit.name, held.account_id) == ("物理学院", None)
    assert application.state is ApplicationState.ACCEPTED
    assert (application.decided_by, application.decided_as) == ("处长", "unit_administrator")
    assert events(session) == ["application.filed", "application.accepted"]
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.unit_id, entry.person_id) == (world["物理学院"].id, world.people["外人"].id)
    assert (entry.subject, entry.ground) == ("外人", "office_above")


def test_each_move_is_announced_with_it(session: Session, world: World) -> None:
    """What notices are made of; what was refused in the end announces nothing."""
    first = applies(session, world)
    decline(builders.act(session, world.rector, reason="请写明部门"), first.id)
    second = applies(session, world)
    accept_all(builders.act(session, world.rector), [first.id, second.id])
    ours = OutboxMessage.topic.startswith("application.")
    messages = session.scalars(select(OutboxMessage).where(ours).order_by(OutboxMessage.id)).all()
    assert [(message.topic, message.payload["application_id"]) for message in messages] == [
        ("application.filed", first.id),
        ("application.declined", first.id),
        ("application.filed", second.id),
        ("application.accepted", second.id),
    ]
    assert {message.payload["person_id"] for message in messages} == {world.people["外人"].id}


def test_declining_takes_a_reason_and_the_applicant_is_told_it(
    session: Session, world: World
) -> None:
    application = applies(session, world)
    with pytest.raises(ReasonMissing):
        decline(builders.act(session, world.rector, reason=" "), application.id)
    decline(builders.act(session, world.rector, reason="不是本单位的人"), application.id)
    (own,) = applications_of(session, world.people["外人"].id)
    assert (own.state, own.decision_reason) == (ApplicationState.DECLINED, "不是本单位的人")
    assert affiliations_of_person(session, world.people["外人"].id) == []


def test_declined_or_withdrawn_one_may_apply_again(session: Session, world: World) -> None:
    decline(builders.act(session, world.rector, reason="请写明部门"), applies(session, world).id)
    again = applies(session, world)
    withdraw_application(builders.act(session, world.outsider), again.id)
    assert applies(session, world).state is ApplicationState.FILED


def test_one_applies_with_a_reason_to_a_unit_in_use_and_once(
    session: Session, world: World
) -> None:
    with pytest.raises(ReasonMissing):
        applies(session, world, reason="")
    with pytest.raises(NotAUnitToJoin):
        applies(session, world, "济南市科技局")
    with pytest.raises(NotFound):
        file_application(builders.act(session, world.outsider, reason="x"), 999_999)
    with pytest.raises(NotFound):
        applies(session, world, actor=world.staff())
    applies(session, world)
    with pytest.raises(AlreadyApplied):
        applies(session, world)
    world["海洋学院"].status = UnitStatus.ARCHIVED
    session.flush()
    with pytest.raises(NotAUnitToJoin):
        applies(session, world, "海洋学院")


def test_a_member_by_an_old_account_need_not_apply(session: Session, world: World) -> None:
    """R18: the affiliation is as it was."""
    person = world.people["外人"]
    account = legacy_account(session, "外人", builders.id_number(105))
    affiliation(session, account, world["物理学院"])
    assert not belongs_to(session, person.id, world["物理学院"].id)
    application = applies(session, world)
    session.add(
        AccountBinding(
            account_id=account.id,
            person_id=person.id,
            proof=Proof.OLD_PASSWORD,
            since=builders.NOON,
        )
    )
    session.flush()
    accept(builders.act(session, world.rector), application.id)
    assert len(affiliations_of_person(session, person.id)) == 1
    with pytest.raises(AlreadyMember):
        applies(session, world)
    (member,) = members_of(session, world["物理学院"].id, 0, 10)
    assert (member.name, member.account, member.person) == ("外人", account, person)


def test_who_may_decide_is_who_holds_office_at_the_unit_or_above(
    session: Session, world: World
) -> None:
    application = applies(session, world)
    for actor in (world.neighbour, world.dean, world.outsider):
        with pytest.raises(NotFound):
            accept(builders.act(session, actor), application.id)
    with pytest.raises(Refused):
        accept(builders.act(session, world.staff(), reason="代办"), application.id)
    at_college = applies(session, world, "海洋学院")
    accept(builders.act(session, world.dean), at_college.id)


def test_only_ones_own_application_is_withdrawn_and_only_before_it_is_decided(
    session: Session, world: World
) -> None:
    application = applies(session, world)
    with pytest.raises(NotFound):
        withdraw_application(builders.act(session, world.neighbour), application.id)
    accept(builders.act(session, world.rector), application.id)
    with pytest.raises(ApplicationDecided, match="accepted"):
        withdraw_application(builders.act(session, world.outsider), application.id)
    with pytest.raises(ApplicationDecided):
        decline(builders.act(session, world.rector, reason="晚了"), application.id)


def test_in_bulk_what_can_not_be_accepted_is_told_apart(session: Session, world: World) -> None:
    filed = [
        applies(session, world, unit, actor=actor)
        for unit, actor in (
            ("物理学院", world.outsider),
            ("海洋学院", world.outsider),
            ("物理学院", world.neighbour),
        )
    ]
    withdraw_application(builders.act(session, world.outsider), filed[1].id)
    decided = accept_all(builders.act(session, world.rector), [each.id for each in filed])
    assert decided.done == [filed[0], filed[2]]
    ((left, why),) = decided.refused
    assert left is filed[1]
    assert isinstance(why, ApplicationDecided)
    assert len(members_of(session, world["物理学院"].id, 0, 10)) == 2


def test_one_out_of_reach_in_a_bulk_stops_the_whole(session: Session, world: World) -> None:
    theirs = applies(session, world, "邻居学院")
    ours = applies(session, world)
    with pytest.raises(NotFound):
        decline_all(builders.act(session, world.rector, reason="不行"), [ours.id, theirs.id])
    with pytest.raises(ReasonMissing):
        decline_all(builders.act(session, world.rector), [ours.id])


def test_what_waits_is_listed_within_reach_page_by_page(session: Session, world: World) -> None:
    units = ("物理学院", "海洋学院", "演示大学", "邻居学院")
    filed = [applies(session, world, unit) for unit in units]
    reach = Reach(world["演示大学"].path)
    assert waiting_page(session, reach, 0, 2) == filed[:3]
    assert waiting_page(session, reach, filed[1].id, 2) == [filed[2]]
    assert waiting_page(session, Reach(world["海洋学院"].path), 0, 9) == [filed[1]]
    accept(builders.act(session, world.rector), filed[0].id)
    assert waiting_page(session, EVERYWHERE, 0, 9) == filed[1:]


def outcomes(database: Database, work: list[object]) -> list[DomainError | None]:
    """Each of several things done at once: the rule it broke, or None."""

    def run(session: Session, which: int) -> DomainError | None:
        try:
            with session.begin_nested():
                work[which](session)  # type: ignore[operator]
        except DomainError as error:
            return error
        except IntegrityError as error:
            return broken_rule(error)
        return None

    return at_once(database, len(work), run)


def test_of_two_who_decide_at_once_the_second_is_told(database: Database) -> None:
    with transaction(database.sessions) as session:
        world = build_world(session)
        number = applies(session, world).id
    found = outcomes(
        database,
        [
            lambda session: accept(builders.act(session, world.rector), number),
            lambda session: decline(builders.act(session, world.director, reason="否"), number),
            lambda session: withdraw_application(builders.act(session, world.outsider), number),
        ],
    )
    assert sorted(type(each).__name__ for each in found) == [
        "ApplicationDecided",
        "ApplicationDecided",
        "NoneType",
    ]
    with database.sessions() as session:
        accepted = session.get_one(UnitApplication, number).state is ApplicationState.ACCEPTED
        assert session.scalar(select(func.count(Affiliation.id))) == int(accepted)


def test_two_tabs_file_one_application(database: Database) -> None:
    with transaction(database.sessions) as session:
        world = build_world(session)
    found = outcomes(database, [lambda session: applies(session, world)] * 2)
    assert sorted(type(each).__name__ for each in found) == ["AlreadyApplied", "NoneType"]
    with database.sessions() as session:
        assert session.scalar(select(func.count(UnitApplication.id))) == 1


def test_two_who_decide_on_the_same_several_never_wait_for_each_other(
    database: Database,
) -> None:
    with transaction(database.sessions) as session:
        world = build_world(session)
        numbers = [
            applies(session, world, unit).id for unit in ("物理学院", "海洋学院", "潮汐实验室")
        ]
    found = outcomes(
        database,
        [
            lambda session: accept_all(builders.act(session, world.rector), numbers),
            lambda session: accept_all(builders.act(session, world.director), numbers[::-1]),
        ],
    )
    assert found == [None, None]
    with database.sessions() as session:
        assert session.scalar(select(func.count(Affiliation.id))) == 3
