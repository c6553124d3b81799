"""The steps of a person's way in, and the verdict on each enterprise."""

from dataclasses import replace

import pytest

from admin_app.migration.blockers import Blocker, Owner
from admin_app.migration.progress_rules import (
    PersonFacts,
    Step,
    StepState,
    UnitAccount,
    Verdict,
    Way,
    steps,
    verdict,
)
from admin_app.migration.rules import Outcome


def of(facts: PersonFacts) -> list[Step]:
    found = steps(facts)
    assert [each.state for each in found[:2]] == [StepState.DONE] * 2
    return found[2:]


def test_a_new_person_without_a_unit_is_told_exactly_to_apply() -> None:
    """R37, R38."""
    account, unit = of(PersonFacts(Outcome.NOTHING))
    assert account.state is StepState.DONE
    assert (unit.title.zh, unit.state, unit.way) == ("请申请单位", StepState.NEXT, Way.APPLY)
    assert PersonFacts(Outcome.NOTHING).should_apply
    assert not PersonFacts(Outcome.NOTHING, belongs=True).should_apply
    assert not PersonFacts(Outcome.NOTHING, applied=True).should_apply
    assert not PersonFacts(Outcome.NOTHING, unit_password=True).should_apply
    assert not PersonFacts(Outcome.PROMPT).should_apply


@pytest.mark.parametrize(
    "blocker",
    [
        Blocker.ID_DIFFERS,
        Blocker.NAME_DIFFERS,
        Blocker.SEVERAL_ACCOUNTS,
        Blocker.DISPUTED,
        Blocker.REGISTERED_BY_PASSPORT,
        Blocker.OLD_PASSWORD,
    ],
)
def test_whoever_is_stuck_reads_why_who_acts_and_how_long_it_takes(blocker: Blocker) -> None:
    """R39, R40: the harmful causes are told apart from the harmless one."""
    account, unit = of(PersonFacts(Outcome.BLOCKED, blocker))
    advice = blocker.advice
    assert (account.state, account.blocker, account.way) == (StepState.NEXT, blocker, Way.ASK)
    assert (account.text, account.owner, account.usually) == (
        advice.step,
        advice.owner,
        advice.usually,
    )
    assert (unit.state, unit.way) == (StepState.LATER, None)


def test_what_is_on_file_is_not_asked_for_again() -> None:
    account, _unit = of(PersonFacts(Outcome.BLOCKED, Blocker.SEVERAL_ACCOUNTS, filed=True))
    assert (account.state, account.way) == (StepState.NEXT, Way.FILED)
    assert account.blocker is Blocker.SEVERAL_ACCOUNTS


def test_a_prompted_person_binds_first() -> None:
    account, unit = of(PersonFacts(Outcome.PROMPT))
    assert (account.way, account.owner) == (Way.BIND, Owner.PERSON)
    assert unit.state is StepState.LATER


def test_a_locked_password_is_said_and_can_be_tried_again() -> None:
    (account, _unit) = of(PersonFacts(Outcome.PROMPT, forgotten=True))
    assert (account.blocker, account.way) == (Blocker.OLD_PASSWORD, Way.BIND)


def test_another_account_is_asked_about_beside_the_one_that_is_bound() -> None:
    """R40: what is bound stays done."""
    facts = PersonFacts(Outcome.BOUND, another=Blocker.SEVERAL_ACCOUNTS, belongs=True)
    own, another, _unit = of(facts)
    assert (own.state, own.blocker) == (StepState.DONE, None)
    assert (another.state, another.way) == (StepState.NEXT, Way.ASK)
    assert another.blocker is Blocker.SEVERAL_ACCOUNTS
    assert of(replace(facts, filed=True))[1].way is Way.FILED


def test_only_representatives_have_a_step_for_the_enterprise() -> None:
    """R24."""
    assert len(of(PersonFacts(Outcome.BOUND))) == 2
    enterprise, *_ = of(PersonFacts(Outcome.BOUND, enterprises=2, belongs=True))
    assert enterprise.state is StepState.DONE
    enterprise, *_ = of(PersonFacts(Outcome.NOTHING, named_by_unit=True))
    assert (enterprise.blocker, enterprise.way) == (
        Blocker.ENTERPRISE_NOT_BOUND,
        Way.ENTERPRISES,
    )


def test_the_way_ends_once_the_account_is_bound_and_the_unit_known() -> None:
    assert {each.state for each in steps(PersonFacts(Outcome.BOUND, belongs=True))} == {
        StepState.DONE
    }


def test_an_application_waits_for_the_unit() -> None:
    *_, unit = of(PersonFacts(Outcome.NOTHING, applied=True))
    assert (unit.state, unit.owner) == (StepState.NEXT, Owner.UNIT)


@pytest.mark.parametrize(
    ("on_platform", "accounts", "personal", "expected"),
    [
        (False, [], Outcome.BOUND, Verdict.NOT_ON_PLATFORM),
        (True, [], Outcome.BOUND, Verdict.NO_OLD_ACCOUNT),
        (True, [UnitAccount(is_theirs=True, is_new=True)], Outcome.BOUND, Verdict.BOUND_NOW),
        (True, [UnitAccount(is_theirs=True)], Outcome.BOUND, Verdict.BOUND_BEFORE),
        (True, [UnitAccount()], Outcome.PROMPT, Verdict.WAITS_FOR_OWN),
        (True, [UnitAccount()], Outcome.BLOCKED, Verdict.WAITS_FOR_OWN),
        (True, [UnitAccount()], Outcome.NOTHING, Verdict.WAITS_FOR_UNIT_PASSWORD),
        (True, [UnitAccount(is_somebody_elses=True)], Outcome.PROMPT, Verdict.SOMEBODY_ELSES),
        (True, [UnitAccount(is_disputed=True)], Outcome.NOTHING, Verdict.DISPUTED),
        (
            True,
            [UnitAccount(is_theirs=True), UnitAccount(is_somebody_elses=True)],
            Outcome.BOUND,
            Verdict.SOMEBODY_ELSES,
        ),
    ],
)
def test_each_enterprise_has_a_verdict(
    on_platform: bool, accounts: list[UnitAccount], personal: Outcome, expected: Verdict
) -> None:
    """R53, R54; the least good of several accounts counts."""
    assert verdict(on_platform, accounts, personal) is expected
    assert expected.step.zh
    assert expected.label.en
