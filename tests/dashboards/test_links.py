"""Where a click leads: to the list behind, further down, or nowhere."""

import pytest

from admin_app.identity.vocabulary import StaffRole
from admin_app.migration.blockers import Blocker
from admin_app.migration.counts import Counted
from admin_app.migration.vocabulary import AccountState
from admin_app.rollups.vocabulary import Stage as Step
from dashboards import marks
from dashboards.values import Mark
from tests.dashboards.asking import ask, body_for
from tests.web.stage import Stage, Visitor

pytest_plugins = "tests.web.staging"

STUCK = AccountState.STUCK
ENTERPRISES, PERSONS = Counted.ENTERPRISES, Counted.NATURAL_PERSONS
REPRESENTATIVES, OFFICES = Counted.LEGAL_REPRESENTATIVES, Counted.ADMINISTRATORS
WAYS = (
    (Mark(counted=ENTERPRISES, state=STUCK), "/enterprises/?region=9900&state=stuck"),
    (Mark(counted=PERSONS, state=STUCK), "/legacy-accounts/?kind=personal&region=9900&state=stuck"),
    (
        Mark(counted=REPRESENTATIVES, state=STUCK, blocker=Blocker.NAME_DIFFERS),
        "/legacy-accounts/?kind=unit&region=9900&state=stuck&blocker=name_differs",
    ),
    (Mark(counted=OFFICES, state=STUCK), "/administration/?region=9900&state=stuck"),
    (Mark(counted=ENTERPRISES, stage=Step.VERIFIED), "/enterprises/?region=9900&stage=verified"),
    (Mark(counted=PERSONS, region="1100"), "/dashboard/?kind=natural_persons&region=1100"),
    (Mark(), None),
)


def leads_to(visitor: Visitor, mark: Mark) -> str | None:
    """Where the browser is sent that asks about a mark, with a region chosen."""
    answer = visitor.get(
        "/dashboard/list", query_string={"mark": marks.written(mark), "region": "9900"}
    )
    return answer.headers["Location"] if answer.status_code == 302 else None


@pytest.mark.parametrize(("mark", "address"), WAYS, ids=lambda each: str(each)[:60])
def test_a_mark_leads_to_its_list_with_the_same_narrowing(
    stage: Stage, mark: Mark, address: str | None
) -> None:
    assert leads_to(stage.bureau, mark) == address


@pytest.mark.parametrize("counted", Counted, ids=lambda each: each.value)
def test_managers_are_led_to_units_and_never_to_people(stage: Stage, counted: Counted) -> None:
    manager = stage.staff(StaffRole.MANAGER, "济南市科技局")
    address = leads_to(manager, Mark(counted=counted, state=STUCK))
    assert (address is not None) == (counted in (ENTERPRISES, OFFICES))


@pytest.mark.parametrize(
    ("role", "words"),
    [(StaffRole.DEPARTMENT_STAFF, "去督办…"), (StaffRole.MANAGER, "看全部名单")],
    ids=["department", "manager"],
)
def test_the_panel_of_levers_leads_to_urging(stage: Stage, role: StaffRole, words: str) -> None:
    number = stage.world["演示大学"].id
    visitor = stage.staff(role, "济南市科技局")
    answer = ask(visitor, body_for("levers", f"?unit={number}&region=9900"))
    note = answer.get_json()["response"]["note-levers"]["children"]["props"]
    assert note["children"] == words
    assert note["href"] == f"/urging/?unit={number}&region=9900"
    assert visitor.get(note["href"]).status_code == 200
