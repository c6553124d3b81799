"""ID numbers: one written form, the check character, and what is never refused (R25, R39, R44)."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from admin_app.identity.id_numbers import (
    clean_id_number,
    doubt_about,
    mask_id_number,
    require_verifiable,
    resident_id_18,
)
from admin_app.identity.vocabulary import (
    IdNumberCheckWrong,
    IdNumberMalformed,
    IdType,
    PassportNotVerifiable,
)

RESIDENT = IdType.RESIDENT_ID
FOREIGN = IdType.FOREIGN_PERMANENT_RESIDENCE
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def with_check(body: str) -> str:
    """The check character by GB 11643's own table of weights, apart from the code's way."""
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


births = st.dates(date(1900, 1, 1), date(2020, 12, 31)).map(lambda day: day.strftime("%Y%m%d"))
divisions = st.integers(0, 999_999).map("{:06d}".format)
orders = st.integers(0, 999).map("{:03d}".format)
residents = st.builds(lambda d, b, o: with_check(d + b + o), divisions, births, orders)
foreigners = st.builds(
    lambda place, birth, order: with_check(f"9{place:05d}{birth}{order}"),
    st.integers(0, 99_999),
    births,
    orders,
)


def test_the_standards_own_example_is_right() -> None:
    assert clean_id_number(RESIDENT, "11010519491231002X") == "11010519491231002X"


@pytest.mark.parametrize("number", ["932682198501010017", "911124198108030024"])
def test_a_new_permanent_residence_card_is_right(number: str) -> None:
    """R44."""
    assert clean_id_number(FOREIGN, number) == number


@given(residents)
def test_any_division_is_taken_if_the_check_character_is_right(number: str) -> None:
    assert clean_id_number(RESIDENT, number) == number


@pytest.mark.parametrize("division", ["810000", "820000", "830000", "371202", "990001"])
def test_residence_permits_and_abolished_divisions_are_taken(division: str) -> None:
    number = with_check(f"{division}19800101001")

    assert clean_id_number(RESIDENT, number) == number


@given(residents, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_changed_character_is_refused(number: str, place: int, character: str) -> None:
    """R39: the commonest slip of the pen."""
    assume(number[place] != character)
    changed = number[:place] + character + number[place + 1 :]

    with pytest.raises((IdNumberMalformed, IdNumberCheckWrong)) as refused:
        clean_id_number(RESIDENT, changed)

    assert refused.value.field == "id_number"


@given(residents, st.integers(0, 16))
def test_two_neighbours_in_the_wrong_order_are_refused(number: str, place: int) -> None:
    assume(number[place] != number[place + 1])
    changed = number[:place] + number[place + 1] + number[place] + number[place + 2 :]

    with pytest.raises((IdNumberMalformed, IdNumberCheckWrong)):
        clean_id_number(RESIDENT, changed)


@given(foreigners, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_changed_character_of_a_foreign_card_is_refused(
    number: str, place: int, character: str
) -> None:
    assume(number[place] != character)
    assert clean_id_number(FOREIGN, number) == number

    with pytest.raises((IdNumberMalformed, IdNumberCheckWrong)):
        clean_id_number(FOREIGN, number[:place] + character + number[place + 1 :])


def test_a_wrong_check_character_is_told_apart_from_a_wrong_form() -> None:
    with pytest.raises(IdNumberCheckWrong):
        clean_id_number(RESIDENT, "110105194912310021")
    with pytest.raises(IdNumberMalformed):
        clean_id_number(RESIDENT, "1101051949123100")


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        "  110105 19491231 002X ",
        "110105-19491231-002X",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105\u200b19491231\u3000002\u2010X",
    ],
)
def test_width_case_spaces_and_dashes_do_not_count(typed: str) -> None:
    assert clean_id_number(RESIDENT, typed) == "11010519491231002X"


@pytest.mark.parametrize("typed", ["", "   ", "张三", "１１", "١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", "1" * 400])
def test_what_is_no_number_is_malformed(typed: str) -> None:
    for id_type in (RESIDENT, FOREIGN):
        with pytest.raises(IdNumberMalformed):
            clean_id_number(id_type, typed)


@pytest.mark.parametrize("birth", ["19800230", "19801301", "19800100", "17000101", "00000101"])
def test_an_impossible_date_of_birth_is_malformed(birth: str) -> None:
    with pytest.raises(IdNumberMalformed):
        clean_id_number(RESIDENT, with_check(f"370101{birth}001"))


def test_nobody_is_born_in_the_future() -> None:
    next_week = (date.today() + timedelta(days=7)).strftime("%Y%m%d")

    with pytest.raises(IdNumberMalformed):
        clean_id_number(RESIDENT, with_check(f"370101{next_week}001"))


def test_a_number_of_the_first_generation_is_compared_with_18_digits() -> None:
    assert resident_id_18("150102880730303") == "150102198807303035"
    assert clean_id_number(RESIDENT, "150102 880730 303") == "150102198807303035"
    assert resident_id_18("150102198807303035") == "150102198807303035"


@given(divisions, st.dates(date(1910, 1, 1), date(1999, 12, 31)), orders)
def test_every_number_of_the_first_generation_becomes_a_right_one(
    division: str, birth: date, order: str
) -> None:
    long = clean_id_number(RESIDENT, f"{division}{birth:%y%m%d}{order}")

    assert long == with_check(f"{division}{birth:%Y%m%d}{order}")


def test_an_impossible_date_in_15_digits_is_malformed() -> None:
    with pytest.raises(IdNumberMalformed):
        clean_id_number(RESIDENT, "150102881330303")


@given(st.from_regex(r"[A-Z]{3}[0-9]{12}", fullmatch=True))
def test_an_old_permanent_residence_card_is_taken_with_a_doubt(number: str) -> None:
    """R44: no rule for its check digit is sure enough to turn somebody away."""
    assert clean_id_number(FOREIGN, number.lower()) == number
    assert doubt_about(FOREIGN, number) is not None


def test_numbers_with_a_check_character_leave_no_doubt() -> None:
    assert doubt_about(FOREIGN, "932682198501010017") is None
    assert doubt_about(RESIDENT, "11010519491231002X") is None


def test_a_resident_number_is_no_foreign_card() -> None:
    with pytest.raises(IdNumberMalformed):
        clean_id_number(FOREIGN, "11010519491231002X")


def test_a_passport_can_be_written_down_but_not_vouched_for() -> None:
    """R44, R57."""
    assert clean_id_number(IdType.PASSPORT, " e12345678 ") == "E12345678"
    with pytest.raises(IdNumberMalformed):
        clean_id_number(IdType.PASSPORT, "护照")
    with pytest.raises(PassportNotVerifiable):
        require_verifiable(IdType.PASSPORT)
    require_verifiable(RESIDENT)
    require_verifiable(FOREIGN)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("370101198001011234", "370***********1234"),
        ("ABC123456789012", "ABC********9012"),
        ("E12345678", "E******78"),
        ("E12", "***"),
        ("", ""),
    ],
)
def test_a_number_is_shown_in_part(number: str, shown: str) -> None:
    assert mask_id_number(number) == shown
