"""Cases: on file once, only for what somebody is really stuck by, and taken back by their owner."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.audit.models import AuditEntry, OutboxMessage
from admin_app.delegation.arrival import arrive
from admin_app.errors import NotFound
from admin_app.identity.models import Person
from admin_app.migration.blockers import Blocker
from admin_app.migration.models import LegacyAccount
from admin_app.migration.progress import Hold, holds_of, progress_of, should_apply
from admin_app.migration.progress_rules import Verdict
from admin_app.policy.actor import Actor
from admin_app.policy.vocabulary import AssuranceLevel, Capacity
from admin_app.service_desk.case_vocabulary import (
    AlreadyOnFile,
    CaseOver,
    CaseState,
    NothingToFile,
    Priority,
    StatementTooLong,
)
from admin_app.service_desk.cases import (
    file_case,
    file_own_case,
    own_cases,
    withdraw_case,
)
from admin_app.service_desk.models import Case
from tests import builders
from tests.builders_migration import affiliation, legacy_account
from tests.integration.test_binding import binds, comes


def by(session: Session, person: Person) -> Act:
    """An act of the person's own."""
    level = AssuranceLevel.INTERMEDIATE
    actor = Actor(person.name, Capacity.NATURAL_PERSON, level, None, person.id)
    return replace(builders.act(session), actor=actor)


@pytest.fixture
def stuck(session: Session) -> tuple[Person, LegacyAccount]:
    """Somebody with two accounts of one number."""
    account, _ = (legacy_account(session, number=builders.id_number(1)) for _ in range(2))
    return comes(session), account


def test_a_case_is_filed_recorded_and_listed(
    session: Session, stuck: tuple[Person, LegacyAccount]
) -> None:
    person, account = stuck
    act = by(session, person)
    case = file_own_case(act, person.id, Hold(Blocker.SEVERAL_ACCOUNTS, account.id), "请合并")
    assert (case.state, case.filed_by, case.statement) == (CaseState.FILED, "示例甲", "请合并")
    assert own_cases(session, person.id) == [case]
    entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "case.filed")).one()
    assert entry.details["blocker"] == "several_accounts"
    assert "请合并" not in str(entry.details)


def test_one_case_is_open_for_one_thing_at_a_time(
    session: Session, stuck: tuple[Person, LegacyAccount]
) -> None:
    """And another once it has been taken back."""
    person, account = stuck
    act = by(session, person)
    first = file_own_case(act, person.id, Hold(Blocker.SEVERAL_ACCOUNTS, account.id), "")
    with pytest.raises(AlreadyOnFile):
        file_own_case(act, person.id, Hold(Blocker.SEVERAL_ACCOUNTS, account.id), "")
    withdraw_case(act, first.id)
    assert first.ended_at is not None
    with pytest.raises(CaseOver):
        withdraw_case(act, first.id)
    second = file_own_case(act, person.id, Hold(Blocker.SEVERAL_ACCOUNTS, account.id), "")
    assert second.id != first.id


def test_filing_and_taking_back_are_announced(
    session: Session, stuck: tuple[Person, LegacyAccount]
) -> None:
    """What notices are made of; of what the person wrote, nothing."""
    person, account = stuck
    act = by(session, person)
    case = file_own_case(act, person.id, Hold(Blocker.SEVERAL_ACCOUNTS, account.id), "请合并")
    withdraw_case(act, case.id)
    messages = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    about = {
        "case_id": case.id,
        "person_id": person.id,
        "unit_id": None,
        "assignee_id": None,
        "actor_person_id": person.id,
        "actor_staff_id": None,
        "blocker": "several_accounts",
    }
    assert [(each.topic, each.payload) for each in messages] == [
        ("case.filed", about),
        ("case.withdrawn", about),
    ]


@pytest.mark.parametrize("with_account", [True, False])
def test_the_database_itself_keeps_one_open(
    session: Session, stuck: tuple[Person, LegacyAccount], with_account: bool
) -> None:
    person, account = stuck
    number = account.id if with_account else None
    file_case(by(session, person), person, Blocker.DISPUTED, number)
    session.add(
        Case(
            blocker=Blocker.DISPUTED,
            state=CaseState.FILED,
            priority=Priority.NORMAL,
            due_on=builders.NOON.date(),
            person_id=person.id,
            account_id=number,
            filed_at=builders.NOON,
            filed_by="",
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_what_one_is_not_stuck_by_is_not_filed(
    session: Session, stuck: tuple[Person, LegacyAccount]
) -> None:
    person, account = stuck
    for blocker, number in (
        (Blocker.ID_DIFFERS, account.id),
        (Blocker.SEVERAL_ACCOUNTS, account.id + 1000),
        (Blocker.SEVERAL_ACCOUNTS, None),
    ):
        with pytest.raises(NothingToFile):
            file_own_case(by(session, person), person.id, Hold(blocker, number), "")
    with pytest.raises(StatementTooLong):
        file_own_case(
            by(session, person), person.id, Hold(Blocker.SEVERAL_ACCOUNTS, account.id), "长" * 2001
        )


def test_nobody_takes_back_somebody_elses_case(
    session: Session, stuck: tuple[Person, LegacyAccount]
) -> None:
    person, account = stuck
    case = file_case(by(session, person), person, Blocker.SEVERAL_ACCOUNTS, account.id)
    for act in (by(session, comes(session, "示例乙", 2)), builders.act(session)):
        with pytest.raises(NotFound):
            withdraw_case(act, case.id)
    assert own_cases(session, comes(session, "示例乙", 2).id) == []


def test_who_has_no_account_and_no_unit_should_apply_until_they_belong(session: Session) -> None:
    """R37, R38."""
    person = comes(session, "示例丙", 3)
    assert should_apply(session, builders.SEALER, person)
    account = legacy_account(session, "示例丁", builders.id_number(4))
    affiliation(session, account, builders.unit(session, builders.root(session)))
    other = comes(session, "示例丁", 4)
    assert not should_apply(session, builders.SEALER, other)
    binds(session, other, account)
    assert not should_apply(session, builders.SEALER, other)
    assert progress_of(session, builders.SEALER, other, new_since=builders.NOON).is_done


def test_an_enterprise_that_is_not_on_the_platform_can_be_put_on_file(session: Session) -> None:
    """R54."""
    builders.root(session)
    reported = builders.ReportedEnterprise(builders.uscc(77), "示例未登记公司")
    act = builders.act(session)
    person = builders.person(session, "示例戊", 5)
    arrive(act, builders.identity("示例戊", 5, enterprises=(reported,)))
    progress = progress_of(session, builders.SEALER, person, new_since=builders.NOON)
    assert [line.verdict for line in progress.enterprises] == [Verdict.NOT_ON_PLATFORM]
    assert holds_of(session, builders.SEALER, person) == [Hold(Blocker.ENTERPRISE_NOT_ON_PLATFORM)]
