"""The state machine of cases as a specification, and the desk's clock."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.migration.blockers import Blocker
from admin_app.service_desk.case_vocabulary import (
    CaseOver,
    CaseState,
    Deed,
    Move,
    NotInThisState,
    Priority,
    Side,
)
from admin_app.service_desk.form_vocabulary import FormKind
from admin_app.service_desk.rules import (
    days_for,
    deed_of,
    deed_of_form,
    is_overdue,
    may_move,
    moved,
    moves_now,
    priority_for,
)
from admin_app.service_desk.working_days import (
    is_working_day,
    working_days_after,
    working_days_between,
)
from admin_app.settings import Settings

# Written a second time, in words of its own: from, move, side, to.
ALLOWED = {
    ("filed", "review", "desk"): "in_review",
    ("filed", "ask", "desk"): "waiting",
    ("filed", "withdraw", "person"): "withdrawn",
    ("waiting", "review", "desk"): "in_review",
    ("waiting", "answer", "person"): "in_review",
    ("waiting", "hand_in", "person"): "filed",
    ("waiting", "withdraw", "person"): "withdrawn",
    ("in_review", "ask", "desk"): "waiting",
    ("in_review", "approve", "desk"): "approved",
    ("in_review", "refuse", "desk"): "refused",
    ("in_review", "withdraw", "person"): "withdrawn",
    ("approved", "close", "desk"): "closed",
    ("refused", "close", "desk"): "closed",
    ("withdrawn", "close", "desk"): "closed",
}
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 1))


@pytest.mark.parametrize("state", CaseState, ids=lambda each: each.value)
@pytest.mark.parametrize("move", Move, ids=lambda each: each.value)
@pytest.mark.parametrize("side", Side, ids=lambda each: each.value)
def test_every_move_leads_where_the_specification_says_or_is_refused(
    state: CaseState, move: Move, side: Side
) -> None:
    expected = ALLOWED.get((state.value, move.value, side.value))
    assert may_move(state, move, side) is (expected is not None)
    assert (move in moves_now(state, side)) is (expected is not None)
    if expected is not None:
        assert moved(state, move, side).value == expected
        return
    with pytest.raises(NotInThisState if state.is_open else CaseOver):
        moved(state, move, side)


@given(st.lists(st.tuples(st.sampled_from(Move), st.sampled_from(Side)), max_size=30))
def test_whatever_is_tried_a_case_ends_once_and_is_decided_only_in_review(
    tries: list[tuple[Move, Side]],
) -> None:
    state, seen = CaseState.FILED, [CaseState.FILED]
    for move, side in tries:
        if may_move(state, move, side):
            state = moved(state, move, side)
            seen.append(state)
    endings = [each for each in seen if not each.is_open and each is not CaseState.CLOSED]
    assert len(endings) <= 1
    for before, after in pairwise(seen):
        if after in (CaseState.APPROVED, CaseState.REFUSED):
            assert before is CaseState.IN_REVIEW
        assert before.is_open or after is CaseState.CLOSED


@pytest.mark.parametrize(
    ("blocker", "holder", "person", "deed"),
    [
        (Blocker.OLD_PASSWORD, None, 1, Deed.BIND),
        (Blocker.SEVERAL_ACCOUNTS, None, 1, Deed.MERGE),
        (Blocker.ID_DIFFERS, None, 1, Deed.CORRECT),
        (Blocker.NAME_DIFFERS, None, 1, Deed.CORRECT),
        (Blocker.REGISTERED_BY_PASSPORT, None, 1, Deed.CORRECT),
        (Blocker.DISPUTED, 1, 1, Deed.UNBIND),
        (Blocker.DISPUTED, 2, 1, Deed.REBIND),
        (Blocker.DISPUTED, None, 1, None),
        (Blocker.ENTERPRISE_NOT_ON_PLATFORM, None, 1, None),
    ],
)
def test_what_approving_does_follows_from_the_kind_and_the_holder(
    blocker: Blocker, holder: int | None, person: int, deed: Deed | None
) -> None:
    assert deed_of(blocker, has_account=True, holder=holder, person=person) is deed
    assert deed_of(blocker, has_account=False, holder=holder, person=person) is None


def test_what_takes_nothing_from_anybody_is_left_to_one() -> None:
    assert {deed for deed in Deed if not deed.takes_two} == {
        Deed.BIND,
        Deed.RENAME,
        Deed.REGISTER,
    }


def test_each_form_about_a_unit_has_a_deed_of_its_own() -> None:
    assert len({deed_of_form(kind) for kind in FormKind}) == len(FormKind)
    assert {kind for kind in FormKind if not deed_of_form(kind).takes_two} == {
        FormKind.UNIT_RENAMED,
        FormKind.UNIT_MISSING,
    }


def test_what_takes_two_has_more_time() -> None:
    configured = Settings.model_fields["case_days"].get_default(call_default_factory=True)
    for kind in FormKind:
        days = days_for(kind, configured, 3)
        assert days == (5 if deed_of_form(kind).takes_two else 3)


def test_somebody_in_anothers_account_goes_first() -> None:
    assert priority_for(Blocker.DISPUTED) is Priority.URGENT
    assert priority_for(Blocker.OLD_PASSWORD) is Priority.NORMAL


@pytest.mark.parametrize("state", CaseState, ids=lambda each: each.value)
def test_late_is_what_the_desk_has_and_not_what_the_person_is_asked_for(state: CaseState) -> None:
    today = date(2026, 11, 25)
    running = state in (CaseState.FILED, CaseState.IN_REVIEW)
    assert is_overdue(state, today - timedelta(days=1), today) is running
    assert not is_overdue(state, today, today)


@pytest.mark.parametrize(
    ("day", "number", "due"),
    [
        ("2026-11-24", 1, "2026-11-25"),
        ("2026-11-27", 1, "2026-11-30"),  # over a weekend
        ("2026-09-30", 1, "2026-10-08"),  # National Day
        ("2026-10-09", 1, "2026-10-10"),  # a Saturday worked in exchange
        ("2027-02-04", 1, "2027-02-11"),  # Spring Festival
    ],
)
def test_due_dates_know_chinas_holidays(day: str, number: int, due: str) -> None:
    assert working_days_after(date.fromisoformat(day), number) == date.fromisoformat(due)


def test_how_long_a_kind_may_take_is_configured() -> None:
    days = {"disputed": 1}
    assert days_for(Blocker.DISPUTED, days, otherwise=4) == 1
    assert days_for(Blocker.REGISTERED_BY_PASSPORT, days, otherwise=4) == 4


@given(DAYS, st.integers(1, 15))
def test_counting_forth_and_back_agree(day: date, number: int) -> None:
    due = working_days_after(day, number)
    assert is_working_day(due)
    assert working_days_between(day, due) == number
