"""How texts are written down to be searched: pieces are found, ID numbers are nowhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.service_desk.search_rules import has_id_number, terms, text_key
from tests import builders

WORDS = st.text(alphabet="账号密码登录示例学院ab12 Ａ，。\n", min_size=0, max_size=30)


@given(WORDS, WORDS, st.data())
def test_whatever_part_of_a_text_is_typed_its_terms_are_among_the_texts(
    one: str, other: str, data: st.DataObject
) -> None:
    key = text_key(one, other)
    whole = data.draw(st.sampled_from(key.split("\n")))
    start = data.draw(st.integers(0, len(whole)))
    part = whole[start : data.draw(st.integers(start, len(whole)))]
    assert terms(part) <= terms(key)


@given(WORDS, WORDS)
def test_nothing_is_found_across_two_texts(one: str, other: str) -> None:
    assert terms(text_key(one, other)) == terms(text_key(one)) | terms(text_key(other))


@given(st.integers(1, 20_000), WORDS, WORDS)
def test_an_id_number_somebody_wrote_is_kept_in_no_form(
    sequence: int, before: str, after: str
) -> None:
    number = builders.id_number(sequence)
    for written in (number, number.lower(), f"{number[:6]} {number[6:14]} {number[14:]}"):
        text = f"{before}，{written}。{after}"
        assert has_id_number(text)
        assert number[6:14] not in text_key(text)


@pytest.mark.parametrize("written", ["G12345678", "ABC110012345678", "11010119800101001"])
def test_other_documents_numbers_are_left_out_too(written: str) -> None:
    assert text_key(f"证件{written}过期") == "证件\n过期"


@pytest.mark.parametrize("written", ["13800138000", "0531-66777094", "old2019", "2026年3月3日"])
def test_telephones_names_and_dates_are_no_id_numbers(written: str) -> None:
    assert not has_id_number(written)


def test_width_case_and_space_do_not_count() -> None:
    assert text_key(" ＡＢ c１ ", "") == "abc1"
