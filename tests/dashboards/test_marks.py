"""A Mark goes through the browser as a string, and what comes back may be made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.migration.blockers import Blocker
from admin_app.migration.counts import Counted
from admin_app.migration.vocabulary import AccountState
from admin_app.rollups.vocabulary import Stage
from admin_app.service_desk.form_vocabulary import CASE_KINDS
from dashboards.marks import read, written
from dashboards.values import Mark, OnDesk

any_mark = st.builds(
    Mark,
    counted=st.none() | st.sampled_from(Counted),
    state=st.none() | st.sampled_from(AccountState),
    blocker=st.none() | st.sampled_from(Blocker),
    case_kind=st.none() | st.sampled_from(CASE_KINDS),
    on_desk=st.none() | st.sampled_from(OnDesk),
    stage=st.none() | st.sampled_from(Stage),
    unit_id=st.none() | st.integers(0, 10**9),
    region=st.none() | st.sampled_from(["3701", "0000", ""]),
    listed_unit_id=st.none() | st.integers(0, 10**9),
)


@given(any_mark)
def test_it_comes_back_as_it_went(mark: Mark) -> None:
    assert read(written(mark)) == (mark if mark != Mark() else None)


@given(st.one_of(st.text(), st.none(), st.integers(), st.lists(st.text())))
def test_whatever_comes_is_a_mark_or_nothing(sent: object) -> None:
    found = read(sent)
    assert found is None or isinstance(found, Mark)


@pytest.mark.parametrize(
    "made_up",
    [
        "state=gone",
        "unit_id=-1",
        "unit_id=٣",
        "unit_id=1&unit_id=2",
        "name=x",
        "region=37%27",
        "region=370101",
        "unit_id=" + "9" * 500,
    ],
)
def test_what_is_made_up_leads_nowhere(made_up: str) -> None:
    assert read(made_up) is None
