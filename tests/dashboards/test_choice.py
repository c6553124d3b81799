"""The choice and its address are the same thing; whatever else stands in an address is none."""

from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.identity.vocabulary import StaffRole
from admin_app.migration.counts import Counted
from admin_app.rollups.vocabulary import NoSuchPlace
from dashboards.choice import PERIOD_MOST, period_of, read_search, search_of
from dashboards.values import Choice
from tests.web.stage import Stage, Visitor

pytest_plugins = "tests.web.staging"

TODAY = date(2026, 11, 25)
USUAL = Counted.ENTERPRISES
days = st.integers(1, 360).map(lambda ago: TODAY - timedelta(days=ago))
FIELDS = ("unit", "department", "kind", "region", "first", "last", "compare", "lang", "")


@st.composite
def choices(draw: st.DrawFn) -> Choice:
    last = draw(st.none() | days)
    end = last or TODAY
    return Choice(
        unit_id=draw(st.none() | st.integers(1, 2**31 - 1)),
        region=draw(st.sampled_from(("", "3701", "0000"))),
        counted=draw(st.sampled_from(Counted)),
        first=draw(st.none() | st.integers(0, 366).map(lambda long: end - timedelta(days=long))),
        last=last,
        compared_with=draw(st.none() | days),
    )


@given(choices(), st.sampled_from(Counted))
def test_an_address_passed_on_says_the_same_to_whoever_gets_it(
    choice: Choice, usual: Counted
) -> None:
    assert read_search(f"?{search_of(choice)}", TODAY, usual) == choice


@given(
    st.one_of(
        st.text(),
        st.lists(st.tuples(st.sampled_from(FIELDS), st.text(max_size=12))).map(urlencode),
        st.none() | st.integers() | st.lists(st.text()),
    )
)
def test_nonsense_in_an_address_is_no_choice_and_never_an_error(search: object) -> None:
    try:
        choice = read_search(search, TODAY, USUAL)
    except NoSuchPlace:  # to show everything would be to show something else than was asked for
        assert isinstance(search, str)
        assert "unit" in search or "department" in search
        return
    first, last = period_of(choice, TODAY)
    assert first <= last <= TODAY
    assert last - first <= PERIOD_MOST
    assert read_search(f"?{search_of(choice)}", TODAY, USUAL) == choice


def begins_with(visitor: Visitor) -> str:
    """The kind that the page has chosen when nobody has."""
    page = visitor.open("/dashboard/")
    select = next(node for node in page.root.all("select") if node["id"] == "choose-kind")
    return next(o["value"] for o in select.all("option") if "selected" in o.attributes)


@pytest.mark.parametrize(
    ("role", "kind"),
    [
        (StaffRole.MANAGER, Counted.ENTERPRISES),
        (StaffRole.DEPARTMENT_STAFF, Counted.LEGAL_REPRESENTATIVES),
    ],
    ids=lambda each: each.value,
)
def test_everybody_begins_with_what_they_may_look_up(
    stage: Stage, role: StaffRole, kind: Counted
) -> None:
    """Managers have no list of accounts."""
    assert begins_with(stage.staff(role, "济南市科技局")) == kind.value
