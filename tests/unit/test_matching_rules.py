"""Whose a legacy account is: every outcome and every difference, by example and by property."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.identity.vocabulary import IdType
from admin_app.migration.blockers import Blocker
from admin_app.migration.rules import (
    Candidate,
    Difference,
    Identity,
    Match,
    Outcome,
    compare_names,
    compare_numbers,
    kinship,
    match,
)
from tests import builders

RESIDENT, CARD, PASSPORT = IdType.RESIDENT_ID, IdType.FOREIGN_PERMANENT_RESIDENCE, IdType.PASSPORT
NUMBER = builders.id_number(1)
NEAR = "98" + NUMBER[2:]  # one digit wrong
OTHER = builders.id_number(40_000)  # another date of birth
NEW_CARD, OLD_CARD = "932682198501010017", "SAU320085010100"  # both of one Saudi born in 1985
ME, SOMEBODY = 1, 2

IDENTITY = Identity("示例甲", RESIDENT, NUMBER)
FOREIGNER = Identity("示例外籍", CARD, NEW_CARD)
ACCOUNT = Candidate(7, "示例甲", RESIDENT, NUMBER)

CASES: dict[str, tuple[Identity, list[Candidate], Match]] = {
    "no account at all": (IDENTITY, [], Match(Outcome.NOTHING)),
    "somebody else's number": (
        IDENTITY,
        [replace(ACCOUNT, id_number=OTHER)],
        Match(Outcome.NOTHING),
    ),
    "one account, same number and name": (IDENTITY, [ACCOUNT], Match(Outcome.PROMPT, 7)),
    "the number still has 15 digits": (
        replace(IDENTITY, id_number="150102198807303035"),
        [replace(ACCOUNT, id_number="150102880730303")],
        Match(Outcome.PROMPT, 7),
    ),
    "only the check character is wrong": (
        IDENTITY,
        [replace(ACCOUNT, id_number=NUMBER[:17] + ("1" if NUMBER[17] != "1" else "2"))],
        Match(Outcome.PROMPT, 7),
    ),
    "bound already": (IDENTITY, [replace(ACCOUNT, bound_to=ME)], Match(Outcome.BOUND, 7)),
    "bound already, though the number differs": (
        IDENTITY,
        [replace(ACCOUNT, bound_to=ME, id_number=OTHER)],
        Match(Outcome.BOUND, 7),
    ),
    "bound to somebody else": (
        IDENTITY,
        [replace(ACCOUNT, bound_to=SOMEBODY)],
        Match(Outcome.BLOCKED, 7, Blocker.DISPUTED),
    ),
    "said before that it isn't theirs": (
        IDENTITY,
        [replace(ACCOUNT, hindrance=Blocker.DISPUTED)],
        Match(Outcome.BLOCKED, 7, Blocker.DISPUTED, ((7, Blocker.DISPUTED),)),
    ),
    "locked for a while, and may try again": (
        IDENTITY,
        [replace(ACCOUNT, hindrance=Blocker.OLD_PASSWORD)],
        Match(Outcome.PROMPT, 7),
    ),
    "the old password is gone": (
        IDENTITY,
        [replace(ACCOUNT, has_password=False)],
        Match(Outcome.BLOCKED, 7, Blocker.OLD_PASSWORD, ((7, Blocker.OLD_PASSWORD),)),
    ),
    "another name": (
        IDENTITY,
        [replace(ACCOUNT, name="别的名字")],
        Match(Outcome.BLOCKED, 7, Blocker.NAME_DIFFERS, ((7, Blocker.NAME_DIFFERS),)),
    ),
    "a name with another dot and width": (
        replace(IDENTITY, name="示例·某 甲"),
        [replace(ACCOUNT, name="示例•某甲")],
        Match(Outcome.PROMPT, 7),
    ),
    "two accounts": (
        IDENTITY,
        [ACCOUNT, replace(ACCOUNT, id=8)],
        Match(
            Outcome.BLOCKED,
            7,
            Blocker.SEVERAL_ACCOUNTS,
            ((7, Blocker.SEVERAL_ACCOUNTS), (8, Blocker.SEVERAL_ACCOUNTS)),
        ),
    ),
    "two accounts, one of them in dispute, which stays so": (
        IDENTITY,
        [replace(ACCOUNT, hindrance=Blocker.DISPUTED), replace(ACCOUNT, id=8)],
        Match(
            Outcome.BLOCKED,
            7,
            Blocker.SEVERAL_ACCOUNTS,
            ((7, Blocker.DISPUTED), (8, Blocker.SEVERAL_ACCOUNTS)),
        ),
    ),
    "one bound, and another turns up": (
        IDENTITY,
        [replace(ACCOUNT, bound_to=ME), replace(ACCOUNT, id=8)],
        Match(Outcome.BOUND, 7, held=((8, Blocker.SEVERAL_ACCOUNTS),)),
    ),
    "two accounts, both bound to them": (
        IDENTITY,
        [replace(ACCOUNT, bound_to=ME), replace(ACCOUNT, id=8, bound_to=ME)],
        Match(Outcome.BOUND, 7),
    ),
    "a digit of the old number is wrong": (
        IDENTITY,
        [replace(ACCOUNT, id_number=NEAR)],
        Match(Outcome.BLOCKED, 7, Blocker.ID_DIFFERS, ((7, Blocker.ID_DIFFERS),)),
    ),
    "a number close by whose bearer has come themselves": (
        IDENTITY,
        [replace(ACCOUNT, id_number=NEAR, answered=True)],
        Match(Outcome.NOTHING),
    ),
    "a number close by, bound to its bearer": (
        IDENTITY,
        [replace(ACCOUNT, id_number=NEAR, bound_to=SOMEBODY)],
        Match(Outcome.NOTHING),
    ),
    "the exact number comes before one close by": (
        IDENTITY,
        [replace(ACCOUNT, id=6, id_number=NEAR), ACCOUNT],
        Match(Outcome.PROMPT, 7),
    ),
    "a permanent-residence card renewed in the new form": (
        FOREIGNER,
        [Candidate(7, "示例外籍", CARD, OLD_CARD)],
        Match(Outcome.BLOCKED, 7, Blocker.ID_DIFFERS, ((7, Blocker.ID_DIFFERS),)),
    ),
    "registered by passport": (
        FOREIGNER,
        [Candidate(7, "示例外籍", PASSPORT, "XX9900001")],
        Match(
            Outcome.BLOCKED,
            7,
            Blocker.REGISTERED_BY_PASSPORT,
            ((7, Blocker.REGISTERED_BY_PASSPORT),),
        ),
    ),
    "registered by passport, which came to the portal at the basic level before": (
        FOREIGNER,
        [Candidate(7, "示例外籍", PASSPORT, "XX9900001", answered=True)],
        Match(
            Outcome.BLOCKED,
            7,
            Blocker.REGISTERED_BY_PASSPORT,
            ((7, Blocker.REGISTERED_BY_PASSPORT),),
        ),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_case_has_its_outcome(case: str) -> None:
    identity, candidates, expected = CASES[case]
    assert match(identity, ME, candidates) == expected


def test_the_cases_reach_every_outcome_and_every_blocker_of_matching() -> None:
    outcomes = {expected.outcome for _, _, expected in CASES.values()}
    assert outcomes == set(Outcome)
    assert {expected.blocker for _, _, expected in CASES.values()} - {None} == {
        Blocker.SEVERAL_ACCOUNTS,
        Blocker.ID_DIFFERS,
        Blocker.NAME_DIFFERS,
        Blocker.OLD_PASSWORD,
        Blocker.REGISTERED_BY_PASSPORT,
        Blocker.DISPUTED,
    }


NONE, HARMLESS, EXPLAINABLE, SERIOUS = Difference


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("示例甲", "示例甲", NONE),
        ("示例 甲", "示例甲", NONE),
        ("ＬＩ　Ｍｉｎｇ", "li ming", NONE),
        ("买买提·示例", "买买提•示例", NONE),
        ("买买提‧示例", "买买提．示例", NONE),
        ("JOHN SMITH", "Smith John", HARMLESS),
        ("SMITH, JOHN", "John Smith", HARMLESS),
        ("ＪＯＨＮ ＳＭＩＴＨ", "Smith John", HARMLESS),
        ("JOSÉ GARCÍA", "García José", HARMLESS),
        ("J. SMITH", "Smith J.", HARMLESS),
        ("买买提·示例", "买买提示例", EXPLAINABLE),
        ("买买提·示例", "买买提", EXPLAINABLE),
        ("示例呂", "示例吕", EXPLAINABLE),
        ("示例甲", "示例乙", EXPLAINABLE),
        ("示例甲", "示例甲乙", EXPLAINABLE),
        ("示例甲", "别的人", SERIOUS),
        ("示", "例", SERIOUS),
        ("示例", "例示", SERIOUS),
        ("JOHN SMITH", "JANE SMYTHE", SERIOUS),
    ],
)
def test_names_by_example(one: str, other: str, expected: Difference) -> None:
    assert compare_names(one, other) is expected
    assert compare_names(other, one) is expected


@pytest.mark.parametrize(
    ("types", "one", "other", "expected"),
    [
        (RESIDENT, NUMBER, NUMBER, NONE),
        (RESIDENT, "150102880730303", "150102198807303035", NONE),
        (RESIDENT, "150102880730303", "150102880730303", NONE),
        (RESIDENT, NUMBER[:17] + "1", NUMBER[:17] + "2", HARMLESS),
        (RESIDENT, NUMBER, NEAR, EXPLAINABLE),
        (RESIDENT, builders.id_number(1), builders.id_number(2), EXPLAINABLE),
        (RESIDENT, builders.id_number(11), builders.id_number(122), SERIOUS),  # three digits
        (RESIDENT, NUMBER, OTHER, SERIOUS),  # another date of birth
        (RESIDENT, NUMBER, NUMBER[:17], SERIOUS),
        (CARD, NEW_CARD, NEW_CARD, NONE),
        (CARD, NEW_CARD, OLD_CARD, EXPLAINABLE),  # renewed
        (CARD, NEW_CARD, "SAU320085010200", SERIOUS),  # another date of birth
        (CARD, NEW_CARD, "USA320085010100", SERIOUS),  # another nationality
        (CARD, OLD_CARD, "SAU310085010100", EXPLAINABLE),
        (CARD, OLD_CARD, "SAU320086010100", SERIOUS),
        (CARD, NEW_CARD, "911124198108030024", SERIOUS),
        (CARD, NEW_CARD, NEW_CARD[:10], SERIOUS),
        (CARD, NEW_CARD[:9], NEW_CARD[:10], SERIOUS),
        (PASSPORT, "XX9900001", "XX9900001", NONE),
        (PASSPORT, "XX9900001", "XX9900002", SERIOUS),
    ],
)
def test_numbers_by_example(types: IdType, one: str, other: str, expected: Difference) -> None:
    assert compare_numbers(types, one, types, other) is expected
    assert compare_numbers(types, other, types, one) is expected


def test_numbers_of_two_kinds_are_never_the_same() -> None:
    assert compare_numbers(RESIDENT, NEW_CARD, CARD, NEW_CARD) is SERIOUS


def test_kin_survives_what_a_number_may_lose() -> None:
    """The blind index that finds an account though its number differs."""
    assert kinship("示例甲", RESIDENT, NUMBER) == kinship("示例 甲", RESIDENT, NEAR)
    assert kinship("甲", RESIDENT, "150102880730303") == kinship(
        "甲", RESIDENT, "150102198807303035"
    )
    assert kinship("一个名字", CARD, NEW_CARD) == kinship("ANOTHER", CARD, OLD_CARD)
    assert kinship("示例甲", PASSPORT, "A1") == kinship("示例甲", PASSPORT, "B2")
    assert kinship("示例甲", RESIDENT, "nonsense") is None
    assert kinship("示例甲", CARD, "nonsense") is None


names = st.one_of(
    st.text(st.sampled_from("示例甲乙·•．. ab,AＢé"), max_size=8), st.text(max_size=12)
)
types = st.sampled_from(IdType)
numbers = st.one_of(
    st.integers(0, 3_000).map(builders.id_number),
    st.text("0123456789", min_size=15, max_size=18),
    st.sampled_from([NUMBER, NEAR, OTHER, NEW_CARD, OLD_CARD, "XX9900001"]),
    st.text(max_size=18),
)


@given(names, names)
def test_comparing_names_is_reflexive_and_symmetric(one: str, other: str) -> None:
    assert compare_names(one, one) is Difference.NONE
    assert compare_names(one, other) is compare_names(other, one)


@given(types, numbers, types, numbers)
def test_comparing_numbers_is_reflexive_and_symmetric(
    one_type: IdType, one: str, other_type: IdType, other: str
) -> None:
    assert compare_numbers(one_type, one, one_type, one) is Difference.NONE
    assert compare_numbers(one_type, one, other_type, other) is compare_numbers(
        other_type, other, one_type, one
    )


accounts = st.builds(
    Candidate,
    id=st.integers(1, 9),
    name=names,
    id_type=types,
    id_number=numbers,
    bound_to=st.sampled_from([None, ME, SOMEBODY]),
    has_password=st.booleans(),
    hindrance=st.sampled_from([None, Blocker.DISPUTED, Blocker.OLD_PASSWORD]),
    answered=st.booleans(),
)


@given(
    st.builds(Identity, name=names, id_type=types, id_number=numbers),
    st.lists(accounts, max_size=5, unique_by=lambda each: each.id),
)
def test_whoever_comes_gets_one_coherent_answer(
    identity: Identity, candidates: list[Candidate]
) -> None:
    """Only a free account of one's own number and name is asked for; a blocker comes with BLOCKED
    alone; nothing is held against an account that is bound; the order of accounts tells nothing
    of the outcome.
    """
    found = match(identity, ME, candidates)
    by_id = {each.id: each for each in candidates}
    assert (found.blocker is not None) == (found.outcome is Outcome.BLOCKED)
    assert (found.account_id is None) == (found.outcome is Outcome.NOTHING)
    assert all(by_id[number].bound_to is None for number, _ in found.held)
    if found.outcome is Outcome.PROMPT:
        account = by_id[found.account_id or 0]
        assert account.bound_to is None
        assert account.has_password
        assert account.hindrance is not Blocker.DISPUTED
        assert compare_names(identity.name, account.name) <= Difference.HARMLESS
        assert all(each.bound_to != ME for each in candidates)
    again = match(identity, ME, candidates[::-1])
    assert (again.outcome, again.blocker) == (found.outcome, found.blocker)
