"""People's names: stored as written, compared without what keyboards differ in (R39)."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from admin_app.identity.names import clean_person_name, mask_name, name_for_comparison, same_name
from admin_app.identity.vocabulary import PersonNameMissing, PersonNameTooLong

NAME = "阿迪力·买买提"


@pytest.mark.parametrize("dot", list("·•‧∙⋅・･．.●ꞏ\u0387\u2024"))
def test_the_dots_of_minority_names_are_one(dot: str) -> None:
    assert same_name(NAME, f"阿迪力{dot}买买提")


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("张三", "张 三"),
        ("张三", " 张\u3000三 "),
        ("张三", "张三\u200b"),
        ("ＺＨＡＮＧ Ｓａｎ", "zhang san"),
        ("John Smith", "JOHN  SMITH"),
        (NAME, "阿迪力 · 买买提"),
    ],
)
def test_width_spaces_and_case_do_not_count(a: str, b: str) -> None:
    assert same_name(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("张三", "张叁"),
        ("张国强", "張國強"),
        ("吕布", "呂布"),
        (NAME, "阿迪力买买提"),
        ("张三", ""),
    ],
)
def test_nothing_more_is_evened_out(a: str, b: str) -> None:
    """A different character is a different name; so is a missing dot."""
    assert not same_name(a, b)


@given(st.text())
@example("A´")  # an accent with a space of its own
def test_comparing_is_settled_after_one_step(text: str) -> None:
    once = name_for_comparison(text)

    assert name_for_comparison(once) == once


def test_a_name_is_stored_without_what_cannot_be_seen() -> None:
    assert clean_person_name("  John \t\n Smith\u200b ") == "John Smith"
    assert clean_person_name(NAME) == NAME


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "·", "123"])
def test_a_name_must_be_given(text: str) -> None:
    with pytest.raises(PersonNameMissing) as refused:
        clean_person_name(text)

    assert refused.value.field == "name"


def test_a_name_has_at_most_100_characters() -> None:
    assert len(clean_person_name("长" * 100)) == 100
    with pytest.raises(PersonNameTooLong):
        clean_person_name("长" * 101)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("张三丰", "张**"), ("张三", "张*"), ("张", "*"), ("", ""), ("John", "J***")],
)
def test_strangers_see_the_first_character(name: str, shown: str) -> None:
    assert mask_name(name) == shown
