"""Working on cases: who holds one, what is asked, what the clock does, who may at all."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.audit.models import AuditEntry, OutboxMessage
from admin_app.errors import NotFound
from admin_app.migration.blockers import Blocker
from admin_app.migration.progress import Hold
from admin_app.policy.actor import Actor
from admin_app.policy.reach import EVERYWHERE, Reach
from admin_app.policy.vocabulary import Capacity, Refused
from admin_app.service_desk import deciding, desk
from admin_app.service_desk.case_queries import case_within, history_of, overdue
from admin_app.service_desk.case_vocabulary import (
    CaseChanged,
    CaseOver,
    CaseState,
    NoSuchColleague,
    NothingSaid,
    NotInThisState,
    NotYourCase,
    Priority,
)
from admin_app.service_desk.cases import answer, withdraw_case
from admin_app.service_desk.models import Case
from admin_app.service_desk.rules import is_overdue
from tests import builders
from tests.builders_desk import by_person, by_staff, filed, in_review, supporter
from tests.builders_migration import legacy_account
from tests.integration.test_binding import comes


@pytest.fixture
def case(session: Session) -> Case:
    """Somebody with two accounts of one number asks to have them merged."""
    account, _ = (legacy_account(session, number=builders.id_number(1)) for _ in range(2))
    return filed(session, comes(session), Hold(Blocker.SEVERAL_ACCOUNTS, account.id))


def test_a_case_is_due_in_working_days(case: Case) -> None:
    """Filed on Tuesday 3 March 2026 at noon."""
    assert case.due_on == date(2026, 3, 6)
    assert case.priority is Priority.NORMAL


def test_whoever_works_on_a_case_takes_it_first(session: Session, case: Case) -> None:
    one, other = supporter(session), supporter(session)
    with pytest.raises(NotYourCase):
        desk.review(by_staff(session, one), case.id, case.version)
    desk.take(by_staff(session, one), case.id, case.version)
    desk.review(by_staff(session, one), case.id, case.version)
    for verb in (desk.refuse, deciding.propose):
        with pytest.raises(NotYourCase):
            verb(by_staff(session, other), case.id, case.version)
    assert other.staff_id is not None
    desk.hand_over(by_staff(session, one), case.id, case.version, other.staff_id, "请接着办")
    assert case.assignee_id == other.staff_id
    with pytest.raises(NotYourCase):
        desk.ask(by_staff(session, one), case.id, case.version, "？")
    desk.refuse(by_staff(session, other, "账号不是本人的"), case.id, case.version)
    assert case.state is CaseState.REFUSED
    events = session.scalars(
        select(AuditEntry.event).where(AuditEntry.event.like("case.%")).order_by(AuditEntry.id)
    )
    assert list(events) == [
        "case.filed", "case.taken", "case.reviewed", "case.handed_over", "case.refused",
    ]  # fmt: skip


def test_a_case_goes_to_active_members_of_support_alone(session: Session, case: Case) -> None:
    one = supporter(session)
    desk.take(by_staff(session, one), case.id, case.version)
    for nobody in (0, 9_999):
        with pytest.raises(NoSuchColleague):
            desk.hand_over(by_staff(session, one), case.id, case.version, nobody)


def test_how_urgent_a_case_is_stands_in_the_trail(session: Session, case: Case) -> None:
    one = supporter(session)
    desk.take(by_staff(session, one), case.id, case.version)
    desk.rank(by_staff(session, one), case.id, case.version, Priority.URGENT)
    assert case.priority is Priority.URGENT
    assert "case.ranked" in session.scalars(select(AuditEntry.event)).all()


def test_what_was_seen_is_what_is_decided_on(session: Session, case: Case) -> None:
    """Two at once: the second is told, and nothing of theirs is done."""
    one = supporter(session)
    seen = case.version
    desk.take(by_staff(session, one), case.id, seen)
    answer(by_person(session, comes(session)), case.id, "还有一件事")
    with pytest.raises(CaseChanged):
        desk.review(by_staff(session, one), case.id, seen + 1)
    assert case.state is CaseState.FILED


def test_the_clock_stands_still_while_the_person_is_asked(session: Session, case: Case) -> None:
    one, person = supporter(session), comes(session)
    in_review(session, case, one)
    day = 24 * 60
    desk.ask(by_staff(session, one, minutes=day), case.id, case.version, "请上传身份证")
    assert (case.state, case.asked_on) == (CaseState.WAITING, date(2026, 3, 4))
    assert not is_overdue(case.state, case.due_on, date(2027, 1, 1))
    answer(by_person(session, person, minutes=9 * day), case.id, "已上传")
    assert case.state is CaseState.IN_REVIEW
    # Two working days were left on 4 March; 12 March is a Thursday.
    assert (case.asked_on, case.due_on) == (None, date(2026, 3, 16))


def test_the_person_reads_what_is_for_them_and_no_more(session: Session, case: Case) -> None:
    one = supporter(session)
    in_review(session, case, one)
    desk.note(by_staff(session, one), case.id, "字迹可疑")
    desk.write_to_person(by_staff(session, one), case.id, "正在核对")
    desk.ask(by_staff(session, one), case.id, case.version, "请上传身份证")
    read = [each.text for each in history_of(session, case.id, internal=False) if each.text]
    assert read == ["正在核对", "请上传身份证"]
    assert "字迹可疑" in [each.text for each in history_of(session, case.id, internal=True)]
    told = session.scalars(select(OutboxMessage)).all()
    assert "字迹可疑" not in str([each.payload for each in told])
    assert told[-1].topic == "case.evidence_asked"


def test_words_are_needed_where_somebody_is_to_read_them(session: Session, case: Case) -> None:
    one = supporter(session)
    in_review(session, case, one)
    for verb in (desk.note, desk.write_to_person):
        with pytest.raises(NothingSaid):
            verb(by_staff(session, one), case.id, "  ")
    with pytest.raises(NothingSaid):
        desk.ask(by_staff(session, one), case.id, case.version, " ")
    with pytest.raises(Refused):
        desk.refuse(by_staff(session, one, reason=" "), case.id, case.version)
    assert case.state is CaseState.IN_REVIEW


def test_what_is_over_stays_over(session: Session, case: Case) -> None:
    one, person = supporter(session), comes(session)
    desk.take(by_staff(session, one), case.id, case.version)
    withdraw_case(by_person(session, person), case.id)
    with pytest.raises(CaseOver):
        answer(by_person(session, person), case.id, "再说一句")
    for verb in (desk.take, desk.review, deciding.approve):
        with pytest.raises(CaseOver):
            verb(by_staff(session, one), case.id, case.version)
    desk.close(by_staff(session, one), case.id, case.version)
    assert case.state is CaseState.CLOSED
    with pytest.raises(CaseOver):
        desk.close(by_staff(session, one), case.id, case.version)


def test_nothing_is_decided_before_somebody_has_looked(session: Session, case: Case) -> None:
    one = supporter(session)
    desk.take(by_staff(session, one), case.id, case.version)
    for verb in (deciding.approve, deciding.propose, desk.refuse):
        with pytest.raises(NotInThisState):
            verb(by_staff(session, one), case.id, case.version)


@pytest.mark.parametrize(
    "capacity", [each for each in Capacity if each is not Capacity.PLATFORM_SUPPORT]
)
def test_nobody_but_support_works_on_cases(
    session: Session, case: Case, capacity: Capacity
) -> None:
    actor = Actor("某人", capacity, staff_id=7)
    act = by_staff(session, actor)
    for verb in (desk.take, desk.review, desk.refuse, desk.close, deciding.approve,
                 deciding.propose, deciding.confirm, deciding.decline):  # fmt: skip
        with pytest.raises(Refused):
            verb(act, case.id, case.version)
    for say in (desk.note, desk.write_to_person):
        with pytest.raises(Refused):
            say(act, case.id, "？")


def test_a_department_sees_the_cases_of_its_own_units_alone(session: Session) -> None:
    root = builders.root(session)
    ours, theirs = (builders.unit(session, root) for _ in range(2))
    account, _ = (
        legacy_account(session, number=builders.id_number(1), unit=ours) for _ in range(2)
    )
    case = filed(session, comes(session), Hold(Blocker.SEVERAL_ACCOUNTS, account.id))
    assert case_within(session, Reach(ours.path), case.id) is case
    assert case_within(session, EVERYWHERE, case.id) is case
    with pytest.raises(NotFound):
        case_within(session, Reach(theirs.path), case.id)


def test_late_in_a_list_is_late_on_the_page(session: Session, case: Case) -> None:
    one = supporter(session)
    steps: tuple[Callable[[], object], ...] = (
        lambda: None,
        lambda: in_review(session, case, one),
        lambda: desk.ask(by_staff(session, one), case.id, case.version, "？"),
    )
    for step in steps:
        step()
        for today in (case.due_on, date(2026, 3, 7)):
            listed = session.scalar(select(Case.id).where(overdue(today))) is not None
            assert listed is is_overdue(case.state, case.due_on, today)
