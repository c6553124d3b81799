"""Lines of the change form: Chinese breaks anywhere but before a closing mark, words stay whole."""

from hypothesis import given
from hypothesis import strategies as st

from admin_app.service_desk.papers.lines import broken


def units(text: str) -> float:
    return sum(1 if c.isascii() else 2 for c in text)


def test_no_line_begins_with_a_closing_mark() -> None:
    assert broken("一二三四，五六", 8, units) == ["一二三", "四，五六"]


def test_no_line_ends_with_an_opening_mark() -> None:
    assert broken("一二三（四五）", 8, units) == ["一二三", "（四五）"]


def test_words_stay_whole_and_long_ones_are_cut() -> None:
    assert broken("大学 University of Examples", 14, units) == ["大学", "University of", "Examples"]
    assert broken("a" * 25, 10, units) == ["a" * 10, "a" * 10, "a" * 5]


def test_paragraphs_stay() -> None:
    assert broken("一\n\n二", 8, units) == ["一", "", "二"]
    assert broken("", 8, units) == [""]


@given(st.text("一二三，。（） abc\n", max_size=80), st.integers(2, 30))
def test_nothing_is_lost_and_nothing_is_too_wide(text: str, width: int) -> None:
    lines = broken(text, width, units)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(units(line) <= width for line in lines)
