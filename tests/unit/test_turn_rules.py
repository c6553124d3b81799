"""Whose turn it is: fair, within departments, past those who are away."""

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from admin_app.service_desk.turn_rules import Member, next_in_turn, those_for

PATHS = st.sampled_from(["a", "ab", "b", "bc"])
MEMBERS = st.lists(
    st.builds(
        Member,
        staff_id=st.integers(1, 9),
        turn=st.integers(0, 5),
        away=st.booleans(),
        departments=st.lists(PATHS, max_size=2).map(tuple),
    ),
    max_size=6,
    unique_by=lambda each: each.staff_id,
)


@given(MEMBERS, st.none() | PATHS)
def test_whoever_is_next_is_there_looks_after_it_and_has_waited_longest(
    members: list[Member], path: str | None
) -> None:
    fit = [
        each
        for each in members
        if not each.away
        and (not each.departments or any((path or "-").startswith(d) for d in each.departments))
    ]
    chosen = next_in_turn(members, path)
    assert (chosen is None) == (not fit)
    if chosen is not None:
        assert chosen in fit
        assert all((chosen.turn, chosen.staff_id) <= (o.turn, o.staff_id) for o in fit)
    assert next_in_turn(reversed(members), path) == chosen


@given(MEMBERS, st.none() | PATHS)
def test_a_case_in_nobodys_hands_is_somebodys_as_long_as_there_is_anybody(
    members: list[Member], path: str | None
) -> None:
    found = those_for(members, path)
    assert bool(found) == bool(members)
    if next_in_turn(members, path) is not None:
        assert all(each.looks_after(path) and not each.away for each in found)
        assert next_in_turn(members, path) in found
    elif any(not each.away for each in members):
        assert found == [each for each in members if not each.away]


@given(st.integers(1, 6), st.integers(1, 40))
def test_all_get_as_many_but_one(people: int, cases: int) -> None:
    members = {number: Member(number) for number in range(people)}
    given_to: Counter[int] = Counter(dict.fromkeys(members, 0))
    for turn in range(1, cases + 1):
        chosen = next_in_turn(members.values(), None)
        assert chosen is not None
        given_to[chosen.staff_id] += 1
        members[chosen.staff_id] = replace(chosen, turn=turn)
    assert max(given_to.values()) - min(given_to.values()) <= 1
