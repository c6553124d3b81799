"""Where an account stands: total, one state each, every blocker of the closed list in reach."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.identity.vocabulary import IdType
from admin_app.migration.blockers import Blocker
from admin_app.migration.rules import (
    IN_PROGRESS,
    MIGRATED,
    NOT_STARTED,
    AccountFacts,
    Representing,
    Standing,
    administration,
    enterprise,
    standing,
    stuck,
)
from admin_app.migration.vocabulary import AccountKind, AccountState
from admin_app.policy.vocabulary import AssuranceLevel

PERSONAL, UNIT, ADMINISTRATOR, SECONDARY, DEPARTMENT, MANAGER = AccountKind
RESIDENT, PASSPORT = IdType.RESIDENT_ID, IdType.PASSPORT
NONE, BASIC, INTERMEDIATE, ADVANCED = AssuranceLevel


def of_unit(**facts: int | bool) -> Standing:
    plain = {"administrators": 0, "pending": 0, "pending_unverified": 0}
    return administration(**{**plain, "somebody_may_appoint": True, **facts})  # type: ignore[arg-type]


HINDRANCES = (
    Blocker.SEVERAL_ACCOUNTS,
    Blocker.ID_DIFFERS,
    Blocker.NAME_DIFFERS,
    Blocker.OLD_PASSWORD,
    Blocker.REGISTERED_BY_PASSPORT,
    Blocker.DISPUTED,
)

# What is said of a personal account, of a unit's, and of a unit's administration.
CASES: dict[str, tuple[Standing, Standing]] = {
    "nobody has come": (standing(AccountFacts(PERSONAL)), NOT_STARTED),
    "turned away for the level": (
        standing(AccountFacts(PERSONAL, seen_level=BASIC)),
        stuck(Blocker.VERIFICATION_TOO_LOW),
    ),
    "signed in, not bound yet": (
        standing(AccountFacts(PERSONAL, seen_level=INTERMEDIATE)),
        IN_PROGRESS,
    ),
    "bound": (standing(AccountFacts(PERSONAL, bound=True, seen_level=ADVANCED)), MIGRATED),
    "bound, whatever was held against it": (
        standing(AccountFacts(PERSONAL, bound=True, hindrance=Blocker.DISPUTED)),
        MIGRATED,
    ),
    "registered by passport": (
        standing(AccountFacts(PERSONAL, id_type=PASSPORT)),
        stuck(Blocker.REGISTERED_BY_PASSPORT),
    ),
    "a passport at the portal": (
        standing(AccountFacts(PERSONAL, id_type=PASSPORT, seen_level=BASIC)),
        stuck(Blocker.FOREIGNER_WITHOUT_CARD),
    ),
    **{
        f"held up: {hindrance.value}": (
            standing(AccountFacts(PERSONAL, seen_level=INTERMEDIATE, hindrance=hindrance)),
            stuck(hindrance),
        )
        for hindrance in HINDRANCES
    },
    "unit: nobody represents it yet": (standing(AccountFacts(UNIT)), NOT_STARTED),
    "unit: not on the platform": (
        standing(AccountFacts(UNIT, on_platform=False, representing=Representing.REPORTED)),
        stuck(Blocker.ENTERPRISE_NOT_ON_PLATFORM),
    ),
    "unit: its representative was turned away": (
        standing(AccountFacts(UNIT, seen_level=BASIC)),
        stuck(Blocker.VERIFICATION_TOO_LOW),
    ),
    "unit: its representative bound no enterprise": (
        standing(AccountFacts(UNIT, representing=Representing.NOT_BOUND)),
        stuck(Blocker.ENTERPRISE_NOT_BOUND),
    ),
    "unit: reported others only": (
        standing(AccountFacts(UNIT, representing=Representing.OTHERS_ONLY)),
        stuck(Blocker.NOT_THEIR_ENTERPRISE),
    ),
    "unit: its representative is stuck": (
        standing(
            AccountFacts(
                UNIT, representing=Representing.REPORTED, representative=AccountState.STUCK
            )
        ),
        stuck(Blocker.BLOCKED_BY_REPRESENTATIVE),
    ),
    "unit: its representative is at it": (
        standing(
            AccountFacts(
                UNIT, representing=Representing.REPORTED, representative=AccountState.IN_PROGRESS
            )
        ),
        IN_PROGRESS,
    ),
    "unit: its password is locked": (
        standing(
            AccountFacts(UNIT, representing=Representing.REPORTED, hindrance=Blocker.OLD_PASSWORD)
        ),
        stuck(Blocker.OLD_PASSWORD),
    ),
    "unit: bound": (standing(AccountFacts(UNIT, bound=True)), MIGRATED),
    "administrator in office": (of_unit(administrators=1), MIGRATED),
    "one in office and one to come": (of_unit(administrators=1, pending=1), MIGRATED),
    "appointed, not registered": (of_unit(pending=2), stuck(Blocker.APPOINTEE_NOT_REGISTERED)),
    "appointed, not verified": (
        of_unit(pending=2, pending_unverified=1),
        stuck(Blocker.APPOINTEE_NOT_VERIFIED),
    ),
    "nobody appointed": (of_unit(), stuck(Blocker.UNIT_WITHOUT_ADMINISTRATOR)),
    "nobody there to appoint": (of_unit(somebody_may_appoint=False), NOT_STARTED),
    "an administrator's account follows its unit": (
        standing(AccountFacts(ADMINISTRATOR, administration=of_unit())),
        stuck(Blocker.UNIT_WITHOUT_ADMINISTRATOR),
    ),
    "a secondary unit that is nowhere": (
        standing(AccountFacts(SECONDARY, on_platform=False)),
        stuck(Blocker.ENTERPRISE_NOT_ON_PLATFORM),
    ),
    "a department carries on": (standing(AccountFacts(DEPARTMENT)), MIGRATED),
    "a manager carries on": (standing(AccountFacts(MANAGER, on_platform=False)), MIGRATED),
}


@pytest.mark.parametrize("case", CASES)
def test_each_case_stands_where_it_should(case: str) -> None:
    found, expected = CASES[case]
    assert found == expected


def test_every_blocker_of_the_closed_list_can_be_reached() -> None:
    assert {found.blocker for found, _ in CASES.values()} - {None} == set(Blocker)


facts = st.builds(
    AccountFacts,
    kind=st.sampled_from(AccountKind),
    bound=st.booleans(),
    id_type=st.none() | st.sampled_from(IdType),
    seen_level=st.none() | st.sampled_from(AssuranceLevel),
    hindrance=st.none() | st.sampled_from(HINDRANCES),
    on_platform=st.booleans(),
    representing=st.sampled_from(Representing),
    representative=st.none() | st.sampled_from(AccountState),
    administration=st.sampled_from([found for found, _ in CASES.values()]),
)


@given(facts)
def test_whatever_the_facts_an_account_is_in_one_state(given_facts: AccountFacts) -> None:
    """Only who is stuck has a reason other than not having signed in, and always has one."""
    state, blocker = standing(given_facts)
    match state:
        case AccountState.STUCK:
            assert blocker not in (None, Blocker.NOT_SIGNED_IN)
        case AccountState.NOT_STARTED:
            assert blocker is Blocker.NOT_SIGNED_IN
        case _:
            assert blocker is None


@given(facts)
def test_what_is_bound_has_migrated(given_facts: AccountFacts) -> None:
    if given_facts.bound and given_facts.kind.is_bound:
        assert standing(given_facts) == MIGRATED


@given(st.lists(st.sampled_from([found for found, _ in CASES.values()]), max_size=4), st.booleans())
def test_an_enterprise_stands_where_its_last_account_does(
    accounts: list[Standing], represented: bool
) -> None:
    found = enterprise(accounts, represented=represented)
    if not accounts:
        assert found == (MIGRATED if represented else NOT_STARTED)
        return
    assert found in accounts
    for state in (AccountState.STUCK, AccountState.NOT_STARTED, AccountState.IN_PROGRESS):
        if any(each.state is state for each in accounts):
            assert found.state is state
            break
    else:
        assert found == MIGRATED


def test_an_administration_is_judged_in_all_its_combinations() -> None:
    for administrators, pending, unverified, somebody in product(
        (0, 1), (0, 1, 2), (0, 1), (False, True)
    ):
        if unverified > pending:
            continue
        found = administration(
            administrators=administrators,
            pending=pending,
            pending_unverified=unverified,
            somebody_may_appoint=somebody,
        )
        assert (found == MIGRATED) == bool(administrators)
        assert (found == NOT_STARTED) == (not administrators and not pending and not somebody)
