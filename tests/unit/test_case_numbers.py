"""The number of a case as people write, type and dictate it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.service_desk.papers.numbers import CaseNumber, parse_number, write_number

DAYS = st.dates(date(2026, 1, 1), date(2099, 12, 31))
IDS = st.integers(1, 2**31 - 1)


@given(IDS, DAYS)
def test_what_is_written_is_read(case_id: int, day: date) -> None:
    assert parse_number(write_number(case_id, day)) == CaseNumber(case_id, day)


@given(IDS, DAYS, st.data())
def test_one_digit_mistyped_is_found(case_id: int, day: date, data: st.DataObject) -> None:
    number = write_number(case_id, day)
    place = data.draw(st.sampled_from([i for i, c in enumerate(number) if c.isdigit()]))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != number[place]]))
    assert parse_number(number[:place] + other + number[place + 1 :]) is None


def test_it_is_short_and_begins_with_the_day() -> None:
    assert write_number(123, date(2026, 11, 28)).startswith("20261128-000123-")


@pytest.mark.parametrize("change", [str.strip, lambda n: n.replace("-", ""), lambda n: f"  {n} "])
@pytest.mark.parametrize("hyphen", ["-", "－", "–", " ", "—"])
def test_it_is_read_however_it_was_typed(change: object, hyphen: str) -> None:
    number = write_number(123, date(2026, 11, 28))
    assert callable(change)
    typed = change(number).replace("-", hyphen)
    wide = typed.translate({ord(str(d)): chr(0xFF10 + d) for d in range(10)})
    for each in (typed, wide):
        assert parse_number(each) == CaseNumber(123, date(2026, 11, 28))


@pytest.mark.parametrize(
    "typed", ["", "123", "张三", "20261128-000123", "20261328-000123-0", "9" * 40]
)
def test_anything_else_is_no_number(typed: str) -> None:
    assert parse_number(typed) is None
