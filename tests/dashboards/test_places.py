"""Ranking within the same size: no small one is first, or called behind, by chance."""

from hypothesis import given
from hypothesis import strategies as st

from admin_app.migration.vocabulary import AccountState
from admin_app.rollups.vocabulary import Part
from dashboards.statistics.intervals import wilson
from dashboards.statistics.places import Position, ranked, size_text


def a_place(name: str, migrated: int, total: int) -> Part:
    standing = dict.fromkeys(AccountState, 0)
    standing |= {AccountState.MIGRATED: migrated, AccountState.NOT_STARTED: total - migrated}
    return Part(name, standing)


def test_three_of_three_is_not_ahead_of_ninety_of_ninety_nine() -> None:
    places = ranked([a_place("small", 3, 3), a_place("large", 90, 99)])
    assert [place.part.name for place in places] == ["large", "small"]
    assert {place.position for place in places} == {Position.ALIKE}


def test_sizes_are_never_mixed() -> None:
    places = ranked([a_place("a", 99, 99), a_place("b", 1, 100), a_place("c", 5, 10_000)])
    assert [place.part.name for place in places] == ["c", "b", "a"]
    assert {place.position for place in places} == {Position.ALIKE}  # each alone in its size


def test_a_clear_difference_is_named() -> None:
    places = ranked([a_place("a", 4_000, 5_000), a_place("b", 1_000, 5_000)])
    assert [place.position for place in places] == [Position.AHEAD, Position.BEHIND]


def test_the_borders_are_stated() -> None:
    assert [size_text(least).zh for least in (0, 100, 1_000, 10_000)] == [
        "不到 100",
        "100–999",
        "1,000–9,999",
        "10,000 以上",
    ]


@given(st.integers(0, 10**7), st.data())
def test_an_interval_holds_its_share(total: int, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, total))
    low, high = wilson(number, total)
    assert 0 <= low <= high <= 1
    if total:
        assert low <= number / total <= high
        assert (
            wilson(total - number, total).low + high == 1
            or abs(wilson(total - number, total).low + high - 1) < 1e-9
        )


@given(st.integers(1, 10**5), st.data())
def test_more_figures_make_it_narrower(total: int, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, total))
    few, many = wilson(number, total), wilson(number * 4, total * 4)
    assert many.high - many.low <= few.high - few.low + 1e-12


def test_wilsons_own_figures() -> None:
    """Newcombe (1998), Statistics in Medicine 17, 857-872, table I: 81 of 263, and 0 of 20."""
    assert [round(end, 4) for end in wilson(81, 263)] == [0.2553, 0.3662]
    assert [round(end, 4) for end in wilson(0, 20)] == [0.0, 0.1611]
