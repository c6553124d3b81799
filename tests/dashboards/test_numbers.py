"""Numbers and dates in the words of both languages."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from admin_app.migration.counts import Counted
from admin_app.wording import Text
from dashboards.numbers import day_text, percent, quantity, signed


def test_shares_have_one_decimal_at_most() -> None:
    assert [percent(62, 100), percent(1, 3), percent(0, 9), percent(9, 9)] == [
        "62%",
        "33.3%",
        "0%",
        "100%",
    ]
    assert percent(0, 0) == "–"


@given(st.integers(1, 10**7), st.data())
def test_all_and_none_mean_it(total: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, total))
    assert (percent(part, total) == "100%") == (part == total)
    assert (percent(part, total) == "0%") == (part == 0)


def test_a_day_names_its_year_when_it_is_another() -> None:
    day = date(2026, 11, 25)
    assert day_text(day, date(2026, 1, 1)) == Text("11月25日", "25 Nov")
    assert day_text(day, date(2027, 1, 1)) == Text("2026年11月25日", "25 Nov 2026")


def test_thousands_are_set_apart_as_in_the_console() -> None:
    assert quantity(Counted.ENTERPRISES, 1234) == Text("1,234 家企事业单位", "1,234 enterprises")
    assert quantity(Counted.ENTERPRISES, 1).en == "1 enterprise"
    assert [signed(1234), signed(-5), signed(0)] == ["+1,234", "−5", "0"]
