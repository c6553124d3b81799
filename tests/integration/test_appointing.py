"""Appointing: at once or pending, reassigned without a gap, ended, resigned, withdrawn."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.audit.act import Limits
from admin_app.audit.models import AuditEntry
from admin_app.delegation import vocabulary
from admin_app.delegation.candidates import Candidate
from admin_app.delegation.models import Appointment
from admin_app.delegation.operations import (
    acknowledge,
    appoint,
    end,
    reassign,
    resign,
    withdraw,
)
from admin_app.delegation.queries import administrators_of, former_administrators_of
from admin_app.delegation.vocabulary import AppointmentState, Ending, Waiting
from admin_app.errors import DomainError, NotFound
from admin_app.identity import vocabulary as identity_vocabulary
from admin_app.identity.vocabulary import AssuranceLevel, IdType
from admin_app.policy.vocabulary import Refused
from tests import builders
from tests.world import SEQUENCES, World, sign_in

A_DAY = 24 * 60


@pytest.fixture
def session(lived_in: tuple[Session, World]) -> Session:
    return lived_in[0]


@pytest.fixture
def world(lived_in: tuple[Session, World]) -> World:
    return lived_in[1]


def named(name: str) -> Candidate:
    return builders.candidate(name, SEQUENCES[name])


def last_event(session: Session) -> AuditEntry:
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    return entry


def current_at(session: Session, world: World, unit: str) -> list[str]:
    return [a.name for a in administrators_of(session, world[unit]) if a.state.value == "current"]


def test_somebody_known_and_verified_is_in_office_at_once(session: Session, world: World) -> None:
    """R48, R50."""
    act = builders.act(session, world.director, reason="新设岗位")
    appointment = appoint(act, world["物理学院"].id, named("外人"))
    assert appointment.state is AppointmentState.CURRENT
    assert appointment.since == act.at
    assert (appointment.appointed_by, appointment.appointed_from) == ("处长", "演示大学")
    assert world["物理学院"].administrators == 1
    entry = last_event(session)
    assert (entry.event, entry.actor_capacity, entry.actor_office, entry.ground, entry.reason) == (
        "administrator.appointed",
        "unit_administrator",
        "演示大学",
        "office_above",
        "新设岗位",
    )


def test_somebody_who_never_signed_in_is_pending_until_they_do(
    session: Session, world: World
) -> None:
    """R51."""
    pending = appoint(builders.act(session, world.rector), world["物理学院"].id, named("新人"))
    assert pending.state is AppointmentState.PENDING
    assert pending.waiting is Waiting.FIRST_SIGN_IN
    assert world["物理学院"].administrators == 0
    sign_in(session, "新人", minutes=5)
    assert pending.state is AppointmentState.CURRENT
    assert pending.since == builders.act(session, minutes=5).at
    assert world["物理学院"].administrators == 1


def test_too_low_a_level_takes_no_office_but_the_right_one_later_does(
    session: Session, world: World
) -> None:
    """R10, R51."""
    pending = appoint(builders.act(session, world.rector), world["物理学院"].id, named("新人"))
    assert sign_in(session, "新人", level=AssuranceLevel.BASIC) is None
    assert pending.state is AppointmentState.PENDING
    assert sign_in(session, "新人", level=AssuranceLevel.ADVANCED, minutes=9) is not None
    assert pending.state is AppointmentState.CURRENT


def test_the_same_number_under_another_name_waits_and_says_so(
    session: Session, world: World
) -> None:
    wrong = Candidate("信人", IdType.RESIDENT_ID, builders.id_number(SEQUENCES["新人"]))
    pending = appoint(builders.act(session, world.rector), world["物理学院"].id, wrong)
    sign_in(session, "新人", minutes=5)
    assert pending.state is AppointmentState.PENDING
    assert pending.waiting is Waiting.NAME_DIFFERS
    assert last_event(session).event == "appointment.held_up"


def test_a_pending_appointment_expires(session: Session, world: World) -> None:
    act = builders.act(session, world.rector)
    pending = appoint(act, world["物理学院"].id, named("新人"))
    sign_in(session, "新人", minutes=31 * A_DAY)
    assert pending.state is AppointmentState.EXPIRED
    assert world["物理学院"].administrators == 0


def test_a_pending_appointment_can_be_withdrawn_once(session: Session, world: World) -> None:
    act = builders.act(session, world.rector)
    pending = appoint(act, world["物理学院"].id, named("新人"))
    assert withdraw(act, pending.id).state is AppointmentState.WITHDRAWN
    with pytest.raises(vocabulary.NotPending):
        withdraw(act, pending.id)
    sign_in(session, "新人", minutes=5)
    assert current_at(session, world, "物理学院") == []


def test_reassigning_leaves_no_gap(session: Session, world: World) -> None:
    former = administrators_of(session, world["海洋学院"])[0]
    act = builders.act(session, world.rector, minutes=60, reason="轮岗")
    successor = reassign(act, former.id, named("外人"))
    assert former.until == successor.since == act.at
    assert former.ending is Ending.REASSIGNED
    assert current_at(session, world, "海洋学院") == ["外人"]
    assert world["海洋学院"].administrators == 1
    assert last_event(session).event == "administrator.reassigned"


def test_the_one_in_office_stays_until_a_pending_successor_arrives(
    session: Session, world: World
) -> None:
    former = administrators_of(session, world["海洋学院"])[0]
    successor = reassign(builders.act(session, world.rector), former.id, named("新人"))
    assert successor.state is AppointmentState.PENDING
    assert current_at(session, world, "海洋学院") == ["院长"]
    sign_in(session, "新人", minutes=90)
    assert current_at(session, world, "海洋学院") == ["新人"]
    assert former.until == successor.since


def test_an_office_has_one_successor_at_a_time(session: Session, world: World) -> None:
    former = administrators_of(session, world["海洋学院"])[0]
    act = builders.act(session, world.rector)
    successor = reassign(act, former.id, named("新人"))
    with pytest.raises(vocabulary.SuccessorPending) as refused:
        reassign(act, former.id, builders.candidate("另一人", 800))
    assert "新人" in refused.value.sentence.zh
    withdraw(act, successor.id)
    assert reassign(act, former.id, builders.candidate("另一人", 800)).replaces_id == former.id


def test_of_two_who_reassign_one_is_told_what_happened(session: Session, world: World) -> None:
    former = administrators_of(session, world["海洋学院"])[0]
    reassign(builders.act(session, world.rector), former.id, named("外人"))
    with pytest.raises(vocabulary.AppointmentOver) as told:
        reassign(builders.act(session, world.director), former.id, named("新人"))
    assert "校长" in told.value.sentence.zh
    assert "变更为他人" in told.value.sentence.zh


def test_ending_the_last_administrator_asks_for_confirmation(
    session: Session, world: World
) -> None:
    appointment = administrators_of(session, world["海洋学院"])[0]
    act = builders.act(session, world.rector)
    with pytest.raises(vocabulary.LastAdministrator):
        end(act, appointment.id)
    end(act, appointment.id, confirmed_last=True)
    assert current_at(session, world, "海洋学院") == []
    assert former_administrators_of(session, world["海洋学院"])[0].ended_by == "校长"


def test_equals_and_inferiors_cannot_end_an_office(session: Session, world: World) -> None:
    own = administrators_of(session, world["海洋学院"])[0]
    above = administrators_of(session, world["演示大学"])[0]
    with pytest.raises(Refused):
        end(builders.act(session, world.dean), own.id)
    with pytest.raises(NotFound):
        end(builders.act(session, world.dean), above.id)
    with pytest.raises(NotFound):
        end(builders.act(session, world.neighbour), own.id)
    with pytest.raises(NotFound):
        end(builders.act(session, world.outsider), own.id)


def test_one_resigns_ones_own_office_and_nobody_elses(session: Session, world: World) -> None:
    own = administrators_of(session, world["海洋学院"])[0]
    with pytest.raises(NotFound):
        resign(builders.act(session, world.director), own.id, confirmed_last=True)
    resigned = resign(builders.act(session, world.dean), own.id, confirmed_last=True)
    assert resigned.ending is Ending.RESIGNED


def test_a_unit_has_three_administrators_at_most_pending_ones_included(
    session: Session, world: World
) -> None:
    act = builders.act(session, world.rector)
    for number in range(3):
        appoint(act, world["物理学院"].id, builders.candidate(f"示例{number}", 200 + number))
    with pytest.raises(vocabulary.UnitFull):
        appoint(act, world["物理学院"].id, builders.candidate("示例多", 300))


def test_when_the_limit_falls_a_pending_one_waits_for_room(session: Session, world: World) -> None:
    act = builders.act(session, world.rector)
    pending = appoint(act, world["海洋学院"].id, named("新人"))
    from admin_app.delegation.arrival import arrive

    later = builders.act(session, limits=Limits(administrators_per_unit=1))
    arrive(later, builders.identity("新人", SEQUENCES["新人"]))
    assert pending.waiting is Waiting.UNIT_FULL
    assert world["海洋学院"].administrators == 1


@pytest.mark.parametrize(
    ("candidate", "error"),
    [
        (named("院长"), vocabulary.AlreadyAdministrator),
        (
            Candidate("别名", IdType.RESIDENT_ID, builders.id_number(SEQUENCES["外人"])),
            vocabulary.NameAndNumberDiffer,
        ),
        (
            Candidate("", IdType.RESIDENT_ID, builders.id_number(9)),
            identity_vocabulary.PersonNameMissing,
        ),
        (Candidate("某", IdType.RESIDENT_ID, "12345"), identity_vocabulary.IdNumberMalformed),
        (
            Candidate("某", IdType.RESIDENT_ID, "11010519491231002" + "1"),
            identity_vocabulary.IdNumberCheckWrong,
        ),
        (Candidate("某", IdType.PASSPORT, "E12345678"), identity_vocabulary.PassportNotVerifiable),
    ],
)
def test_a_candidate_who_cannot_be_appointed_is_refused_in_a_sentence(
    session: Session, world: World, candidate: Candidate, error: type[DomainError]
) -> None:
    """R44 among others."""
    with pytest.raises(error) as refused:
        appoint(builders.act(session, world.rector), world["海洋学院"].id, candidate)
    assert refused.value.sentence.zh


def test_appointing_twice_while_pending_is_refused(session: Session, world: World) -> None:
    act = builders.act(session, world.rector)
    appoint(act, world["物理学院"].id, named("新人"))
    with pytest.raises(vocabulary.AlreadyPending):
        appoint(act, world["物理学院"].id, named("新人"))


def test_a_department_appoints_only_where_nobody_within_can(session: Session, world: World) -> None:
    staff = world.staff()
    with pytest.raises(Refused):
        appoint(builders.act(session, staff, reason="催办"), world["物理学院"].id, named("外人"))
    with pytest.raises(Refused):
        appoint(builders.act(session, staff), world["无人公司"].id, named("外人"))
    act = builders.act(session, staff, reason="法定代表人失联")
    assert appoint(act, world["无人公司"].id, named("外人")).reason == "法定代表人失联"


def test_an_office_lapses_with_the_level_and_comes_back_with_it(
    session: Session, world: World
) -> None:
    """Nobody below intermediate verification holds an office."""
    sign_in(session, "院长", level=AssuranceLevel.BASIC, minutes=10)
    assert world["海洋学院"].administrators == 0
    waiting = administrators_of(session, world["海洋学院"])[0]
    assert waiting.waiting is Waiting.VERIFICATION
    sign_in(session, "院长", minutes=20)
    assert current_at(session, world, "海洋学院") == ["院长"]
    lapsed = former_administrators_of(session, world["海洋学院"])[0]
    assert lapsed.ending is Ending.LAPSED


def test_the_appointed_close_their_own_notice_only(session: Session, world: World) -> None:
    own = administrators_of(session, world["海洋学院"])[0]
    with pytest.raises(NotFound):
        acknowledge(builders.act(session, world.director), own.id)
    acknowledge(builders.act(session, world.dean, minutes=3), own.id)
    assert own.told_at == builders.act(session, minutes=3).at


def test_no_id_number_reaches_the_audit_trail(session: Session, world: World) -> None:
    appoint(builders.act(session, world.rector), world["物理学院"].id, named("新人"))
    numbers = {builders.id_number(sequence) for sequence in SEQUENCES.values()}
    for entry in session.scalars(select(AuditEntry)):
        told = f"{entry.subject} {entry.reason} {entry.details}"
        assert not any(number in told for number in numbers)
    sealed = session.scalars(select(Appointment.id_sealed)).all()
    assert not any(number.encode() in blob for number in numbers for blob in sealed)
