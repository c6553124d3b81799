"""What takes two members of staff: no way lets one do both halves, and what is agreed is done."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.audit.models import AuditEntry
from admin_app.errors import DomainError
from admin_app.identity.models import Person, StaffAccount
from admin_app.identity.vocabulary import IdType
from admin_app.migration.blockers import Blocker
from admin_app.migration.by_hand import bind_by_hand, correct, merge, rebind
from admin_app.migration.matching import accounts_of, match_of
from admin_app.migration.models import AccountBinding, AccountCorrection, LegacyAccount, Receipt
from admin_app.migration.operations import unbind
from admin_app.migration.progress import Hold
from admin_app.migration.rules import Outcome as Matched
from admin_app.migration.vocabulary import AccountState, BindingEnding, NotTheirAccount, Proof
from admin_app.policy.actor import Actor, Involved, Office, Subject
from admin_app.policy.rules import decide, require
from admin_app.policy.table import TABLE, Condition
from admin_app.policy.vocabulary import Capacity, Ground, Permission, Refused
from admin_app.service_desk import deciding, desk
from admin_app.service_desk.case_vocabulary import (
    AlreadyProposed,
    CaseState,
    Deed,
    NothingProposed,
    Outcome,
    PersonNotHere,
    TakesTwoPeople,
)
from admin_app.service_desk.cases import file_case_about, withdraw_case
from admin_app.service_desk.models import Case, Proposal
from admin_app.service_desk.parties import matter_of
from tests import builders
from tests.builders_desk import by_person, by_staff, filed, in_review, supporter
from tests.builders_migration import history, legacy_account
from tests.databases import Database
from tests.effort import examples
from tests.integration.test_binding import binds, comes

TWO = {
    Permission.ACCOUNT_UNBIND,
    Permission.ACCOUNT_CORRECT,
    Permission.ACCOUNT_MERGE,
    Permission.UNIT_RECODE,
    Permission.REPRESENTATIVE_END,
    Permission.ADMINISTRATOR_IMPOSE,
}


def several(session: Session) -> tuple[Case, Person, list[LegacyAccount]]:
    accounts = [legacy_account(session, number=builders.id_number(1)) for _ in range(2)]
    person = comes(session)
    return filed(session, person, Hold(Blocker.SEVERAL_ACCOUNTS, accounts[0].id)), person, accounts


def forgotten(session: Session) -> tuple[Case, Person, list[LegacyAccount]]:
    account = legacy_account(session, number=builders.id_number(1))
    person = comes(session)
    account.hindrance, account.held_for_id = Blocker.OLD_PASSWORD, person.id
    return filed(session, person, Hold(Blocker.OLD_PASSWORD, account.id)), person, [account]


def differs(session: Session) -> tuple[Case, Person, list[LegacyAccount]]:
    account = legacy_account(session, number=builders.id_number(2))
    person = comes(session)
    return filed(session, person, Hold(Blocker.ID_DIFFERS, account.id)), person, [account]


def bound_by_mistake(session: Session) -> tuple[Case, Person, list[LegacyAccount]]:
    account = legacy_account(session, number=builders.id_number(1))
    person = comes(session)
    binds(session, person, account)
    return filed(session, person, Hold(Blocker.DISPUTED, account.id)), person, [account]


def bound_by_another(session: Session) -> tuple[Case, Person, list[LegacyAccount]]:
    """It bears 示例甲's number, and somebody else has got it."""
    account = legacy_account(session, number=builders.id_number(1))
    thief = builders.person(session, "示例乙")
    session.add(
        AccountBinding(
            account_id=account.id, person_id=thief.id, proof=Proof.DESK, since=builders.NOON
        )
    )
    session.flush()
    person = comes(session)
    return filed(session, person, Hold(Blocker.DISPUTED, account.id)), person, [account]


STORIES = [several, differs, bound_by_mistake, bound_by_another]


def test_the_table_says_what_takes_two() -> None:
    marked = {
        permission
        for permission, rights in TABLE.items()
        for right in rights.values()
        if Condition.TWO_PEOPLE in right.conditions
    }
    assert marked == TWO


@pytest.mark.parametrize("story", STORIES, ids=lambda each: each.__name__)
def test_one_proposes_another_confirms_and_it_is_done(
    session: Session, story: Callable[[Session], tuple[Case, Person, list[LegacyAccount]]]
) -> None:
    case, person, accounts = story(session)
    one, other = supporter(session), supporter(session)
    in_review(session, case, one)
    with pytest.raises(TakesTwoPeople):
        deciding.approve(by_staff(session, one), case.id, case.version)
    deciding.propose(by_staff(session, one, "材料齐全"), case.id, case.version)
    with pytest.raises(AlreadyProposed):
        deciding.propose(by_staff(session, one), case.id, case.version)
    with pytest.raises(Refused) as refused:
        deciding.confirm(by_staff(session, one), case.id, case.version)
    assert refused.value.ground is Ground.SAME_PERSON_TWICE
    deciding.confirm(by_staff(session, other), case.id, case.version)
    assert (case.state, case.ended_at) == (CaseState.APPROVED, builders.NOON)
    proposal = session.scalars(select(Proposal)).one()
    assert (proposal.outcome, proposal.decided_by_id) == (Outcome.CONFIRMED, other.staff_id)
    _effect(session, story, person, accounts)


def _effect(session: Session, story: object, person: Person, accounts: list[LegacyAccount]) -> None:
    """What each story was to bring about."""
    account = accounts[0]
    if story is several:
        assert set(accounts_of(session, person.id)) == {each.id for each in accounts}
        assert {each.state for each in accounts} == {AccountState.MIGRATED}
    elif story is differs:
        assert account.id_index == person.id_index
        assert match_of(session, builders.SEALER, person).outcome is Matched.PROMPT
        kept = session.scalars(select(AccountCorrection)).one()
        assert kept.id_sealed is not None
        assert builders.SEALER.open(kept.id_sealed) == builders.id_number(2)
    elif story is bound_by_mistake:
        assert accounts_of(session, person.id) == []
        assert account.state is AccountState.STUCK
    else:
        assert accounts_of(session, person.id) == [account.id]
        ended = session.scalars(
            select(AccountBinding).where(AccountBinding.until.is_not(None))
        ).one()
        assert ended.ending is BindingEnding.UNDONE


def test_a_forgotten_password_takes_one_and_binds_with_the_whole_history(session: Session) -> None:
    """R41: proof is the desk's; the receipt says that nothing was lost."""
    account = legacy_account(session, number=builders.id_number(1))
    history(session, account, 3)
    person = comes(session)
    account.hindrance, account.held_for_id = Blocker.OLD_PASSWORD, person.id
    case = filed(session, person, Hold(Blocker.OLD_PASSWORD, account.id))
    one = supporter(session)
    in_review(session, case, one)
    with pytest.raises(NothingProposed):
        deciding.propose(by_staff(session, one), case.id, case.version)
    deciding.approve(by_staff(session, one, "身份证与签字相符"), case.id, case.version)
    binding = session.scalars(select(AccountBinding)).one()
    assert (binding.person_id, binding.proof) == (person.id, Proof.DESK)
    assert account.password_hash is None
    receipt = session.scalars(select(Receipt)).one()
    assert receipt.content["unchanged"] is True
    events = set(session.scalars(select(AuditEntry.event)))
    assert {"case.approved", "account.bound"} <= events


def test_binding_by_hand_never_stands_in_for_correcting(session: Session) -> None:
    """Or one person could give an account to whom they like."""
    _case, person, (account,) = differs(session)
    one = supporter(session)
    with pytest.raises(NotTheirAccount):
        bind_by_hand(by_staff(session, one), person.id, account.id)


@pytest.mark.parametrize("story", STORIES, ids=lambda each: each.__name__)
def test_underneath_nobody_does_it_alone_either(
    session: Session, story: Callable[[Session], tuple[Case, Person, list[LegacyAccount]]]
) -> None:
    """The operations themselves ask for the second person, whoever calls them."""
    _case, person, accounts = story(session)
    one = supporter(session)
    binding = session.scalar(select(AccountBinding.id).limit(1)) or 0
    for involved in (None, Involved(), Involved(proposer=one)):
        act = replace(by_staff(session, one), involved=involved)
        for attempt in _attempts(act, person, accounts, binding):
            with pytest.raises(Refused):
                attempt()


def _attempts(
    act: Act, person: Person, accounts: list[LegacyAccount], binding: int
) -> list[Callable[[], object]]:
    attempts: list[Callable[[], object]] = [
        lambda: merge(act, person.id, [each.id for each in accounts]),
        lambda: correct(act, person.id, accounts[0].id),
        lambda: unbind(act, binding),
    ]
    return [*attempts, lambda: rebind(act, binding, person.id)] if binding else attempts


def test_the_database_itself_refuses_one_person_in_both_halves(session: Session) -> None:
    case, _person, _accounts = several(session)
    one = supporter(session)
    session.add(
        Proposal(
            case_id=case.id,
            deed=Deed.MERGE,
            reason="",
            proposed_at=builders.NOON,
            proposed_by_id=one.staff_id,
            outcome=Outcome.CONFIRMED,
            decided_at=builders.NOON,
            decided_by_id=one.staff_id,
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_neither_is_the_subject_nor_their_namesake(session: Session) -> None:
    case, person, _accounts = several(session)
    one, namesake = supporter(session), supporter(session, person.name)
    in_review(session, case, one)
    deciding.propose(by_staff(session, one), case.id, case.version)
    with pytest.raises(Refused) as refused:
        deciding.confirm(by_staff(session, namesake), case.id, case.version)
    assert refused.value.ground is Ground.ABOUT_ONESELF


def test_whoever_holds_the_account_now_is_a_subject_too(session: Session) -> None:
    case, _person, _accounts = bound_by_another(session)
    holder = supporter(session, "示例乙")
    in_review(session, case, holder)
    with pytest.raises(Refused) as refused:
        deciding.propose(by_staff(session, holder), case.id, case.version)
    assert refused.value.ground is Ground.ABOUT_ONESELF


def test_colleagues_in_office_at_one_unit_keep_out() -> None:
    office = Office(5, "000001", "某单位")
    colleague = Actor("科员", Capacity.PLATFORM_SUPPORT, office=office, staff_id=1)
    about = Involved(
        (Subject(9, "示例甲", frozenset({5})),), Actor("乙", colleague.capacity, staff_id=2)
    )
    assert decide(colleague, Permission.CASE_DECIDE, None, about).ground is Ground.OF_THE_SAME_UNIT
    swapped = Involved(about.subjects, colleague)
    with pytest.raises(Refused):
        require(
            Actor("丙", colleague.capacity, staff_id=3),
            Permission.ACCOUNT_MERGE, None, "理由", swapped,
        )  # fmt: skip


def test_a_proposal_of_somebody_who_has_left_counts_for_nothing(session: Session) -> None:
    case, _person, _accounts = several(session)
    one, other = supporter(session), supporter(session)
    in_review(session, case, one)
    deciding.propose(by_staff(session, one), case.id, case.version)
    session.get_one(StaffAccount, one.staff_id).active = False
    with pytest.raises(Refused) as refused:
        deciding.confirm(by_staff(session, other), case.id, case.version)
    assert refused.value.ground is Ground.SECOND_PERSON_MISSING


def test_declined_or_withdrawn_nothing_is_left_to_confirm(session: Session) -> None:
    case, person, _accounts = several(session)
    one, other = supporter(session), supporter(session)
    in_review(session, case, one)
    deciding.propose(by_staff(session, one), case.id, case.version)
    deciding.decline(by_staff(session, other, "照片不清"), case.id, case.version)
    with pytest.raises(NothingProposed):
        deciding.confirm(by_staff(session, other), case.id, case.version)
    deciding.propose(by_staff(session, one), case.id, case.version)
    withdraw_case(by_person(session, person), case.id)
    outcomes = session.scalars(select(Proposal.outcome).order_by(Proposal.id)).all()
    assert outcomes == [Outcome.DECLINED, Outcome.TAKEN_BACK]


def test_who_never_came_has_to_come_first(session: Session) -> None:
    """Support files for a passport holder who called; approving waits for the person."""
    account = legacy_account(session, "示例丁", "E12345678", id_type=IdType.PASSPORT)
    one = supporter(session)
    case = file_case_about(by_staff(session, one), account.id, "来电")
    in_review(session, case, one)
    with pytest.raises(PersonNotHere):
        deciding.propose(by_staff(session, one), case.id, case.version)


STEPS = ("take", "review", "ask", "propose", "confirm", "decline", "approve", "refuse")


@settings(max_examples=examples(30))
@given(
    story=st.sampled_from(STORIES),
    steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 1)), max_size=14),
)
def test_whatever_two_people_try_only_both_together_change_anything(
    database: Database,
    story: Callable[[Session], tuple[Case, Person, list[LegacyAccount]]],
    steps: list[tuple[str, int]],
) -> None:
    """Random ways through the desk: approved means proposed by one and confirmed by the other."""
    with builders.scratch(database) as session:
        case, person, accounts = story(session)
        staff = [supporter(session), supporter(session)]
        before = _state_of(session, accounts)
        for name, who in steps:
            savepoint = session.begin_nested()
            try:
                tries(name, by_staff(session, staff[who]), case)
                savepoint.commit()
            except DomainError:
                savepoint.rollback()
            session.refresh(case)
        proposals = session.scalars(select(Proposal)).all()
        confirmed = [each for each in proposals if each.outcome is Outcome.CONFIRMED]
        assert (case.state is CaseState.APPROVED) is (len(confirmed) == 1)
        assert all(each.decided_by_id != each.proposed_by_id for each in confirmed)
        assert (_state_of(session, accounts) == before) is (not confirmed)
        assert matter_of(session, case).person is person


def tries(name: str, act: Act, case: Case) -> None:
    """One of ``STEPS``."""
    verbs: dict[str, Callable[[Act, int, int], object]] = {
        "take": desk.take,
        "review": desk.review,
        "ask": lambda act, number, version: desk.ask(act, number, version, "请补充"),
        "propose": deciding.propose,
        "confirm": deciding.confirm,
        "decline": deciding.decline,
        "approve": deciding.approve,
        "refuse": desk.refuse,
    }
    verbs[name](act, case.id, case.version)


def _state_of(session: Session, accounts: list[LegacyAccount]) -> object:
    bindings = session.execute(
        select(AccountBinding.account_id, AccountBinding.person_id, AccountBinding.until).order_by(
            AccountBinding.id
        )
    ).all()
    for each in accounts:
        session.refresh(each)
    return bindings, [(each.name, each.id_index) for each in accounts]
