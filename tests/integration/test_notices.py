"""What happens is told: whom, once, and nobody else (R33, R36, R46)."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.audit.models import OutboxMessage
from admin_app.delegation.arrival import arrive
from admin_app.delegation.operations import appoint, end, reassign, resign
from admin_app.errors import NotFound
from admin_app.notices.models import Notice
from admin_app.notices.operations import read_all, read_notice
from admin_app.notices.queries import UNREAD_MOST, notices_of, sentence_of, unread_of
from admin_app.notices.telling import tell_waiting
from admin_app.notices.vocabulary import NoticeKind
from admin_app.policy.actor import Actor
from admin_app.policy.vocabulary import Capacity
from admin_app.service_desk.applications import accept, file_application
from tests import builders
from tests.builders_notices import news
from tests.databases import Database
from tests.world import SEQUENCES, World, build_world


@pytest.fixture
def world(session: Session) -> World:
    """The small world, of which everybody has been told already."""
    built = build_world(session)
    session.flush()
    for message in session.scalars(select(OutboxMessage)):
        message.told_at = builders.NOON
    session.flush()
    return built


def told(session: Session, world: World, name: str) -> list[tuple[NoticeKind, str]]:
    """What somebody is told, oldest first."""
    while tell_waiting(builders.act(session)):
        pass
    found = notices_of(session, _as(world.people[name].id), limit=100)
    return [(each.kind, sentence_of(each).zh) for each in reversed(found)]


def test_whoever_is_appointed_is_told_where_and_by_whom(session: Session, world: World) -> None:
    candidate = builders.candidate("外人", SEQUENCES["外人"])
    appoint(builders.act(session, world.rector), world["物理学院"].id, candidate)
    assert told(session, world, "外人") == [
        (NoticeKind.OFFICE_BEGAN, "您已成为“物理学院”的管理员，由校长指定。")
    ]
    assert told(session, world, "校长") == []


def test_somebody_never_seen_is_told_when_they_come(session: Session, world: World) -> None:
    candidate = builders.candidate("后来", 320)
    appoint(builders.act(session, world.rector), world["物理学院"].id, candidate)
    assert tell_waiting(builders.act(session)) == 1
    assert session.scalars(select(Notice)).all() == []
    person = arrive(builders.act(session, minutes=5), builders.identity("后来", 320)).person
    assert person is not None
    world.people["后来"] = person
    assert told(session, world, "后来") == [
        (NoticeKind.OFFICE_BEGAN, "您已成为“物理学院”的管理员，由校长指定。")
    ]


def test_whoever_is_replaced_is_told_that_and_the_successor_of_the_office(
    session: Session, world: World
) -> None:
    from admin_app.delegation.models import Appointment

    dean = session.scalars(
        select(Appointment).where(Appointment.unit_id == world["海洋学院"].id)
    ).one()
    successor = builders.candidate("外人", SEQUENCES["外人"])
    reassign(builders.act(session, world.rector, reason="轮岗"), dean.id, successor)
    assert told(session, world, "院长") == [
        (NoticeKind.OFFICE_ENDED, "您不再是“海洋学院”的管理员（变更为他人）。")
    ]
    assert [kind for kind, _ in told(session, world, "外人")] == [NoticeKind.OFFICE_BEGAN]


def test_ending_is_told_and_resigning_is_not(session: Session, world: World) -> None:
    candidate = builders.candidate("外人", SEQUENCES["外人"])
    for leave in (end, resign):
        office = appoint(builders.act(session, world.rector), world["物理学院"].id, candidate)
        own = world.acting("外人", Capacity.NATURAL_PERSON)
        actor = world.rector if leave is end else own
        leave(builders.act(session, actor, reason="期满"), office.id, confirmed_last=True)
    kinds = [kind for kind, _ in told(session, world, "外人")]
    assert kinds == [NoticeKind.OFFICE_BEGAN, NoticeKind.OFFICE_ENDED, NoticeKind.OFFICE_BEGAN]


def test_an_application_is_told_to_who_decides_and_the_answer_to_who_applied(
    session: Session, world: World
) -> None:
    own = world.acting("外人", Capacity.NATURAL_PERSON)
    filed = file_application(builders.act(session, own, reason="观测组"), world["海洋学院"].id)
    assert [kind for kind, _ in told(session, world, "院长")] == [NoticeKind.APPLICATION_TO_DECIDE]
    assert told(session, world, "处长") == []
    accept(builders.act(session, world.rector), filed.id)
    assert told(session, world, "外人") == [
        (NoticeKind.APPLICATION_ACCEPTED, "您已加入“海洋学院”。")
    ]


def test_where_nobody_administers_the_nearest_above_are_asked(
    session: Session, world: World
) -> None:
    own = world.acting("外人", Capacity.NATURAL_PERSON)
    file_application(builders.act(session, own, reason="观测组"), world["物理学院"].id)
    for name in ("处长", "校长"):
        assert [kind for kind, _ in told(session, world, name)] == [
            NoticeKind.APPLICATION_TO_DECIDE
        ]
    assert told(session, world, "院长") == []


def test_a_message_nobody_understands_is_passed_over_and_told_to_nobody(
    session: Session, world: World
) -> None:
    for topic in ("weather.changed", "appointment.began", "application.filed", "account.bound"):
        session.add(OutboxMessage(at=builders.NOON, topic=topic, payload={"person_id": 2**30}))
    session.flush()
    assert tell_waiting(builders.act(session)) == 4
    assert tell_waiting(builders.act(session)) == 0
    assert session.scalars(select(Notice)).all() == []


def test_told_twice_at_once_everybody_is_told_once(database: Database) -> None:
    """Two workers on the same outbox: on PostgreSQL the second passes by what the first holds."""
    with database.sessions() as session:
        person = builders.person(session)
        for _ in range(4):
            news(session, person)
        session.commit()
    with database.sessions() as first:
        assert tell_waiting(builders.act(first), limit=2) == 2
        if database.kind != "sqlite":  # which has one writer, who would be waited for
            with database.sessions() as second:
                assert tell_waiting(builders.act(second)) == 2
                second.commit()
        first.commit()
    with database.sessions() as session:
        while tell_waiting(builders.act(session)):
            pass
        session.commit()
        assert len(notices_of(session, _as(person.id))) == 4


def test_nobody_reads_somebody_elses_notice(session: Session) -> None:
    mine, other = builders.person(session), builders.person(session)
    news(session, mine)
    tell_waiting(builders.act(session))
    (notice,) = notices_of(session, _as(mine.id))
    with pytest.raises(NotFound):
        read_notice(builders.act(session, _as(other.id)), notice.id)
    read_all(builders.act(session, _as(other.id)))
    assert (unread_of(session, _as(mine.id)), notice.read_at) == (1, None)
    read_notice(builders.act(session, _as(mine.id)), notice.id)
    assert unread_of(session, _as(mine.id)) == 0


def test_the_bell_counts_no_further_than_it_says(session: Session) -> None:
    person = builders.person(session)
    for _ in range(UNREAD_MOST + 5):
        news(session, person)
    while tell_waiting(builders.act(session)):
        pass
    assert unread_of(session, _as(person.id)) == UNREAD_MOST
    read_all(builders.act(session, _as(person.id)))
    assert unread_of(session, _as(person.id)) == 0


def _as(person_id: int) -> Actor:
    return Actor(name="本人", capacity=Capacity.NATURAL_PERSON, person_id=person_id)
