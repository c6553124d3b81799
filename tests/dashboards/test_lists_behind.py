"""A figure that leads to a list is as large as the list is long (D4, D5)."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from admin_app.hierarchy.models import Unit
from admin_app.identity.vocabulary import IdType, StaffRole
from admin_app.migration.counts import Counted
from admin_app.migration.vocabulary import AccountKind
from dashboards.panels import PANELS
from tests.dashboards.asking import ask, body_for, token_of
from tests.dashboards.desk_stories import MATTERS, has
from tests.databases import SqliteDatabases
from tests.effort import examples
from tests.population import NAMES, Town, accounts, moves
from tests.web.stage import Stage, Visitor, open_console
from tests.world import World

pytest_plugins = "tests.web.staging"

REGIONS = ("", "9900", "1100", "0000")
READERS = (
    (StaffRole.DEPARTMENT_STAFF, "省"),
    (StaffRole.DEPARTMENT_STAFF, "局1"),
    (StaffRole.PLATFORM_SUPPORT, None),
    (StaffRole.MANAGER, "省"),
    (StaffRole.MANAGER, "局1"),
)
PLACES = (None, "省", "局1", "局2", "企1", "企2", "企3", "院1", "院2", "室1")
# Where in a row of a panel's table the figure stands that the row's link is to list.
FIGURES = {"headlines": 2, "blockers": 1, "funnel": 3, "cases": 2}
LISTS = ("/legacy-accounts/", "/enterprises/", "/administration/", "/desk/")


class Link(NamedTuple):
    """A link to a list, and the figure it is the list of."""

    address: str
    figure: int


@settings(
    max_examples=examples(20),
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    people=accounts,
    story=moves,
    abroad=st.integers(0, 2),
    on_file=st.lists(
        st.tuples(
            st.sampled_from(sorted(MATTERS)),
            st.sampled_from((None, *PLACES[1:])),
            st.sampled_from(("filed", "asked", "in review", "approved")),
            st.integers(0, 40),
        ),
        max_size=12,
    ),
    reader=st.sampled_from(READERS),
    looks=st.lists(
        st.tuples(st.sampled_from(PLACES), st.sampled_from(REGIONS), st.sampled_from(Counted)),
        min_size=2,
        max_size=2,
        unique=True,
    ),
)
def test_each_list_is_as_long_as_the_figure_that_leads_to_it(
    sqlite_databases: SqliteDatabases,
    people: list[tuple],
    story: list[tuple],
    abroad: int,
    on_file: list[tuple[str, str | None, str, int]],
    reader: tuple[StaffRole, str | None],
    looks: list[tuple[str | None, str, Counted]],
) -> None:
    with sqlite_databases.fresh() as database:
        stage = open_console(database, World())
        settle(stage, people, story, abroad)
        with stage.writing() as session:
            for matter, where, way, ago in on_file:
                has(session, stage.world[where] if where else None, matter, way, ago, 1)
        visitor = stage.staff(*reader)
        token = token_of(visitor)
        for place, region, counted in looks:
            unit = f"unit={stage.world[place].id}&" if place else ""
            search = f"?{unit}kind={counted.value}&region={region}"
            for panel in PANELS:
                for link in links_of(visitor, token, panel, search):
                    assert length(visitor, link.address) == link.figure, (panel, link)


def settle(stage: Stage, people: list[tuple], story: list[tuple], abroad: int) -> None:
    """A town, one of whose enterprises is registered elsewhere, and what happens there."""
    with stage.writing() as session:
        town = Town(session)
        elsewhere = town.units[abroad]
        code = "91110000" + (elsewhere.uscc or "")[8:]
        session.execute(update(Unit).where(Unit.id == elsewhere.id).values(uscc=code))
        session.refresh(elsewhere)
        for each in people:
            town.has(*each)
        for each in story:
            town.move(*each)
        root = session.get_one(Unit, town.bureaus[0].parent_id)
        names = ("省", "局1", "局2", "企1", "企2", "企3", "院1", "院2", "室1")
        found = (root, *town.bureaus, *town.units)
        stage.world.units = dict(zip(names, found, strict=True))


def links_of(visitor: Visitor, token: str, panel: str, search: str) -> list[Link]:
    """The links of a panel to lists, in its table and beside its cards."""
    answer = ask(visitor, body_for(panel, search), token)
    if answer.status_code != 200:
        return []
    props = answer.get_json()["response"]
    table = props[f"shown-{panel}"]["data"]["table"]
    found = list(_in_rows(panel, table)) if table else []
    if PANELS[panel].is_cards:
        found += _in_cards(props[f"cards-{panel}"]["children"])
    return found


def _in_rows(panel: str, table: dict[str, Any]) -> Iterator[Link]:
    for row in table["rows"]:
        if row.get("address", "").startswith(LISTS):
            yield Link(row["address"], _number(row["cells"][FIGURES[panel]]))


def _in_cards(cards: Any) -> Iterator[Link]:
    for line in _all(cards, "Li"):
        number = line["props"]["children"][-1]
        for link in _all(line, "A"):
            yield Link(link["props"]["href"], _number(number))


def _all(part: Any, kind: str) -> Iterator[dict[str, Any]]:
    """The elements of a kind in what Dash is sent."""
    if isinstance(part, list):
        for each in part:
            yield from _all(each, kind)
    elif isinstance(part, dict):
        if part["type"] == kind:
            yield part
        yield from _all(part["props"].get("children"), kind)


def _number(part: Any) -> int:
    while not isinstance(part, str):
        part = part[0] if isinstance(part, list) else part["props"]["children"]
    return int(part.replace(",", ""))


def length(visitor: Visitor, address: str) -> int:
    """How many rows a list has, page after page."""
    rows = 0
    while address:
        page = visitor.open(address)
        assert page.status == 200, address
        body = next(page.root.all("tbody"), None)
        rows += len(list(body.all("tr"))) if body else 0
        onward = [a["href"] for a in page.root.all("a") if a["rel"] == "next"]
        address = onward[0] if onward else ""
    return rows


@pytest.mark.parametrize("reader", [READERS[0], READERS[3]], ids=str)
def test_the_funnel_leads_to_those_who_stopped(
    sqlite_databases: SqliteDatabases, reader: tuple[StaffRole, str | None]
) -> None:
    """Where a list says who they are, and the reader may see it."""
    with sqlite_databases.fresh() as database:
        stage = open_console(database, World())
        settle(stage, [(AccountKind.PERSONAL, 1, NAMES[1], IdType.RESIDENT_ID, 0)], [], 2)
        visitor = stage.staff(*reader)
        token = token_of(visitor)
        units = links_of(visitor, token, "funnel", "?kind=enterprises")
        assert units == [Link("/enterprises/?stage=imported", 3)]
        people = links_of(visitor, token, "funnel", "?kind=natural_persons")
        sees = reader[0] is not StaffRole.MANAGER
        assert people == [Link("/legacy-accounts/?kind=personal&stage=imported", 1)][:sees]
