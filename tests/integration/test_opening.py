"""Cases that a sign-in opens by itself: several accounts, a number that differs, a dispute."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.audit.act import PLATFORM, Limits
from admin_app.audit.models import OutboxMessage
from admin_app.identity.models import Person
from admin_app.identity.vocabulary import IdType
from admin_app.migration.blockers import Blocker
from admin_app.migration.models import LegacyAccount
from admin_app.migration.progress import Hold
from admin_app.policy.actor import Actor
from admin_app.service_desk import desk
from admin_app.service_desk.case_queries import history_of
from admin_app.service_desk.case_vocabulary import AlreadyOnFile, CaseState
from admin_app.service_desk.cases import (
    answer,
    file_case_about,
    file_own_case,
    filed_about,
    own_cases,
    withdraw_case,
)
from admin_app.service_desk.models import Case, InformationChange
from admin_app.service_desk.opening import note_arrival
from admin_app.service_desk.turns import set_duty
from tests import builders
from tests.builders_desk import by_person, by_staff, supporter
from tests.builders_migration import legacy_account
from tests.integration.test_binding import binds, comes

IN_TURN = Limits(case_assignment=True)


def signs_in(
    session: Session, name: str = "示例甲", serial: int = 1, *, limits: Limits = IN_TURN
) -> Person:
    """Somebody comes through the portal, as the callback has it."""
    person = comes(session, name, serial)
    act = replace(builders.act(session, limits=limits), actor=PLATFORM)
    note_arrival(act, person)
    return person


def cases(session: Session) -> list[Case]:
    return list(session.scalars(select(Case).order_by(Case.id)))


def account(session: Session, serial: int = 1) -> LegacyAccount:
    return legacy_account(session, number=builders.id_number(serial))


def somebody_on_duty(session: Session) -> Actor:
    member = supporter(session)
    assert member.staff_id is not None
    set_duty(by_staff(session, member), member.staff_id, None, away=False)
    return member


def turns_out_to_be(session: Session, one: LegacyAccount, serial: int) -> None:
    """The account has another number than it seemed to have."""
    number = builders.id_number(serial)
    one.id_index = builders.SEALER.index(IdType.RESIDENT_ID.value, number)
    one.id_sealed = builders.SEALER.seal(number)
    session.flush()


def test_several_accounts_are_one_case_that_waits_for_the_form(session: Session) -> None:
    """R40; the clock stands still, nobody at the desk has it in hand, and the person is told."""
    somebody_on_duty(session)
    both = [account(session) for _ in range(2)]
    person = signs_in(session)
    [case] = cases(session)
    assert (case.blocker, case.account_id) == (Blocker.SEVERAL_ACCOUNTS, both[0].id)
    assert (case.state, case.asked_on) == (CaseState.WAITING, builders.NOON.date())
    assert (case.person_id, case.filed_by, case.assignee_id) == (person.id, "一号通", None)
    asked = session.get_one(InformationChange, case.id).account_ids
    assert asked == [each.id for each in both]
    [entry] = history_of(session, case.id, internal=False)
    assert entry.canned is not None
    assert "请填写信息变更表" in entry.canned.zh
    topics = session.scalars(select(OutboxMessage.topic).order_by(OutboxMessage.id)).all()
    assert topics == ["case.filed", "case.evidence_asked"]


def test_a_number_that_differs_is_a_case(session: Session) -> None:
    """R39."""
    near = account(session, 2)
    signs_in(session)
    [case] = cases(session)
    assert (case.blocker, case.account_id) == (Blocker.ID_DIFFERS, near.id)
    assert case.state is CaseState.WAITING


def test_what_somebody_else_has_bound_goes_to_the_desk_at_once(session: Session) -> None:
    """R56: it is urgent, and the person need do nothing."""
    theirs = account(session, 2)
    near = signs_in(session, "示例甲", 2)
    binds(session, near, theirs)
    turns_out_to_be(session, theirs, 1)
    person = signs_in(session)
    [case] = own_cases(session, person.id)
    assert (case.blocker, case.account_id) == (Blocker.DISPUTED, theirs.id)
    assert case.state is CaseState.FILED
    assert filed_about(session, person.id) == {Blocker.DISPUTED}


@pytest.mark.parametrize("number", [1, 2, 3])
def test_coming_again_opens_no_other(session: Session, number: int) -> None:
    for _ in range(2):
        account(session)
    for _ in range(number):
        signs_in(session)
    assert len(cases(session)) == 1


def test_who_can_go_on_alone_has_no_case(session: Session) -> None:
    """An account to bind by its password, a name that differs, nothing at all."""
    account(session)
    legacy_account(session, "另一个名字", builders.id_number(3))
    for name, serial in (("示例甲", 1), ("示例丙", 3), ("示例丁", 4)):
        signs_in(session, name, serial)
    assert cases(session) == []


def test_one_more_account_than_is_bound_is_its_own_case(session: Session) -> None:
    first = account(session)
    person = signs_in(session)
    binds(session, person, first)
    more = [account(session) for _ in range(2)]
    signs_in(session)
    assert {(each.blocker, each.account_id) for each in cases(session)} == {
        (Blocker.SEVERAL_ACCOUNTS, each.id) for each in more
    }


def test_the_form_takes_the_case_up(session: Session) -> None:
    """With the accounts that are one's own; then it is in somebody's hands, and its clock runs."""
    member = somebody_on_duty(session)
    both = [account(session) for _ in range(2)]
    person = signs_in(session)
    assert filed_about(session, person.id) == set()
    hold = Hold(Blocker.SEVERAL_ACCOUNTS, both[0].id)
    act = replace(by_person(session, person), limits=IN_TURN)
    case = file_own_case(act, person.id, hold, "一个是读书时注册的", [both[1].id])
    assert cases(session) == [case]
    assert (case.state, case.asked_on) == (CaseState.FILED, None)
    assert (case.assignee_id, case.statement) == (member.staff_id, "一个是读书时注册的")
    assert session.get_one(InformationChange, case.id).account_ids == [both[1].id]
    assert filed_about(session, person.id) == {Blocker.SEVERAL_ACCOUNTS}
    with pytest.raises(AlreadyOnFile):
        file_own_case(act, person.id, hold, "")


def test_an_answer_without_the_form_takes_it_up_too(session: Session) -> None:
    for _ in range(2):
        account(session)
    person = signs_in(session)
    [case] = cases(session)
    answer(by_person(session, person), case.id, "两个都是我的")
    assert case.state is CaseState.FILED
    assert filed_about(session, person.id) == {Blocker.SEVERAL_ACCOUNTS}


def test_what_was_taken_back_or_refused_isnt_opened_again(session: Session) -> None:
    both = [account(session) for _ in range(2)]
    person = signs_in(session)
    withdraw_case(by_person(session, person), cases(session)[0].id)
    signs_in(session)
    assert [each.state for each in cases(session)] == [CaseState.WITHDRAWN]
    hold = Hold(Blocker.SEVERAL_ACCOUNTS, both[0].id)
    again = file_own_case(by_person(session, person), person.id, hold, "")
    assert again.state is CaseState.FILED


def test_what_is_solved_meanwhile_is_taken_back_and_the_person_is_done_with_it(
    session: Session,
) -> None:
    both = [account(session) for _ in range(2)]
    person = signs_in(session)
    turns_out_to_be(session, both[1], 999)
    signs_in(session)
    [case] = cases(session)
    assert case.state is CaseState.WITHDRAWN
    last = history_of(session, case.id, internal=False)[-1]
    assert last.canned is not None
    assert "问题已经解决" in last.canned.zh
    assert own_cases(session, person.id) == [case]


def test_a_case_follows_the_accounts_that_are_still_in_question(session: Session) -> None:
    """As long as nobody has filled it in; after that it is one for all, and the desk's to judge."""
    first, *others = (account(session) for _ in range(3))
    person = signs_in(session)
    turns_out_to_be(session, first, 999)
    signs_in(session)
    assert [each.state for each in cases(session)] == [CaseState.WITHDRAWN, CaseState.WAITING]
    hold = Hold(Blocker.SEVERAL_ACCOUNTS, others[0].id)
    file_own_case(by_person(session, person), person.id, hold, "")
    account(session)
    turns_out_to_be(session, others[0], 998)
    signs_in(session)
    assert [each.state for each in cases(session)] == [CaseState.WITHDRAWN, CaseState.FILED]


def test_what_the_person_has_filed_stays_whatever_is_solved(session: Session) -> None:
    both = [account(session) for _ in range(2)]
    person = signs_in(session)
    hold = Hold(Blocker.SEVERAL_ACCOUNTS, both[0].id)
    case = file_own_case(by_person(session, person), person.id, hold, "")
    turns_out_to_be(session, both[1], 999)
    signs_in(session)
    assert case.state is CaseState.FILED


def test_what_is_bound_and_said_to_be_anothers_waits_for_its_form(session: Session) -> None:
    """Nothing holds it against the person, and yet it is theirs to file."""
    member, mine = supporter(session), account(session)
    person = signs_in(session)
    binds(session, person, mine)
    hold = Hold(Blocker.DISPUTED, mine.id)
    case = file_own_case(by_person(session, person), person.id, hold, "")
    case = desk.take(by_staff(session, member), case.id, case.version)
    desk.ask(by_staff(session, member), case.id, case.version, "", "fill_in")
    signs_in(session)
    assert case.state is CaseState.WAITING


def test_what_the_desk_filed_for_whoever_called_isnt_opened_twice(session: Session) -> None:
    """Their own form joins it when they come."""
    near = account(session, 2)
    comes(session)
    stuck = file_case_about(by_staff(session, supporter(session)), near.id, "来电")
    stuck.person_id = None
    session.flush()
    signs_in(session)
    assert cases(session) == [stuck]


def test_the_desk_may_ask_for_the_form_and_gets_it_in_the_case_there_is(session: Session) -> None:
    """As after a call: filed for somebody who has come, without what only they can say."""
    member = supporter(session)
    near = account(session, 2)
    person = comes(session)
    case = file_case_about(by_staff(session, member), near.id, "来电")
    case = desk.take(by_staff(session, member), case.id, case.version)
    case = desk.ask(by_staff(session, member), case.id, case.version, "", "fill_in")
    filed = file_own_case(
        by_person(session, person), person.id, Hold(Blocker.ID_DIFFERS, near.id), "换过证"
    )
    assert filed == case
    assert (case.state, case.assignee_id) == (CaseState.IN_REVIEW, member.staff_id)
