"""Authority: the rule, its SQL filter and an independent oracle agree on any tree."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.delegation.facts import facts_of_all, permitted
from admin_app.delegation.queries import authorities_over
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import within
from admin_app.identity.models import Representation
from admin_app.policy.actor import Actor, Office
from admin_app.policy.reach import EVERYWHERE, NOWHERE, Reach
from admin_app.policy.rules import decide
from admin_app.policy.vocabulary import AssuranceLevel, Capacity, Permission, UnitKind
from tests import builders
from tests.databases import Database
from tests.world import build_world

OFFICES = [Capacity.LEGAL_REPRESENTATIVE, Capacity.UNIT_ADMINISTRATOR, Capacity.DEPARTMENT_STAFF]


@dataclass
class Node:
    """A node of the drawn tree, known to the oracle by its parent alone, never by a path."""

    kind: UnitKind
    parent: int | None
    represented: bool = False
    administered: bool = False


@dataclass
class Drawn:
    nodes: list[Node]
    capacity: Capacity
    office: int | None
    level: AssuranceLevel

    def above(self, index: int) -> list[int]:
        chain, parent = [], self.nodes[index].parent
        while parent is not None:
            chain.append(parent)
            parent = self.nodes[parent].parent
        return chain


@st.composite
def drawn_trees(draw: st.DrawFn) -> Drawn:
    nodes = [Node(UnitKind.DEPARTMENT, None)]
    for _ in range(draw(st.integers(1, 11))):
        parent = draw(st.integers(0, len(nodes) - 1))
        if nodes[parent].kind is UnitKind.DEPARTMENT:
            kind = draw(st.sampled_from([UnitKind.DEPARTMENT, UnitKind.FIRST_LEVEL]))
        else:
            kind = UnitKind.SECONDARY
        node = Node(kind, parent)
        if kind is not UnitKind.DEPARTMENT:
            node.administered = draw(st.booleans())
            node.represented = kind is UnitKind.FIRST_LEVEL and draw(st.booleans())
        nodes.append(node)
    capacity = draw(st.sampled_from(list(Capacity)))
    fitting = {
        Capacity.LEGAL_REPRESENTATIVE: [UnitKind.FIRST_LEVEL],
        Capacity.UNIT_ADMINISTRATOR: [UnitKind.FIRST_LEVEL, UnitKind.SECONDARY],
        Capacity.DEPARTMENT_STAFF: [UnitKind.DEPARTMENT],
        Capacity.MANAGER: [UnitKind.DEPARTMENT],
    }.get(capacity, [])
    places = [i for i, node in enumerate(nodes) if node.kind in fitting]
    office = draw(st.sampled_from(places)) if places else None
    level = AssuranceLevel.NONE if capacity.is_staff else draw(st.sampled_from(AssuranceLevel))
    return Drawn(nodes, capacity, office, level)


def oracle_may_appoint(drawn: Drawn, target: int) -> bool:
    """The rule as design.md says it, without paths, reaches or the table."""
    if drawn.office is None or drawn.capacity not in OFFICES:
        return False
    above = drawn.above(target)
    node = drawn.nodes[target]
    if drawn.capacity is Capacity.DEPARTMENT_STAFF:
        insiders = [i for i in above if drawn.nodes[i].kind is not UnitKind.DEPARTMENT]
        somebody = node.represented or any(
            drawn.nodes[i].represented or drawn.nodes[i].administered for i in insiders
        )
        return drawn.office in above and node.kind is not UnitKind.DEPARTMENT and not somebody
    if drawn.level < AssuranceLevel.INTERMEDIATE:
        return False
    represents = drawn.capacity is Capacity.LEGAL_REPRESENTATIVE and drawn.office == target
    return drawn.office in above or represents


def plant(session: Session, drawn: Drawn) -> list[Unit]:
    units: list[Unit] = []
    for node in drawn.nodes:
        if node.parent is None:
            units.append(builders.root(session))
            continue
        unit = builders.unit(session, units[node.parent], kind=node.kind)
        unit.administrators = int(node.administered)
        units.append(unit)
        if node.represented:
            person = builders.person(session)
            session.add(
                Representation(
                    person_id=person.id,
                    uscc=unit.uscc,
                    enterprise_name=unit.name,
                    since=builders.NOON,
                )
            )
    session.flush()
    return units


def actor_of(drawn: Drawn, units: list[Unit]) -> Actor:
    office = None
    if drawn.office is not None:
        unit = units[drawn.office]
        office = Office(unit.id, unit.path, unit.name)
    return Actor("某人", drawn.capacity, drawn.level, office, person_id=1)


@given(drawn=drawn_trees())
def test_rule_filter_and_oracle_agree_on_who_may_appoint(database: Database, drawn: Drawn) -> None:
    with builders.scratch(database) as session:
        units = plant(session, drawn)
        actor = actor_of(drawn, units)
        facts = facts_of_all(session, units)
        for permission in (
            Permission.ADMINISTRATOR_APPOINT,
            Permission.ADMINISTRATOR_REASSIGN,
            Permission.ADMINISTRATOR_END,
        ):
            by_rule = {u.id for u in units if decide(actor, permission, facts[u.id])}
            by_filter = set(session.scalars(select(Unit.id).where(permitted(actor, permission))))
            by_oracle = {u.id for i, u in enumerate(units) if oracle_may_appoint(drawn, i)}
            assert by_rule == by_filter == by_oracle


@given(drawn=drawn_trees())
def test_rule_and_filter_agree_on_every_permission(database: Database, drawn: Drawn) -> None:
    with builders.scratch(database) as session:
        units = plant(session, drawn)
        actor = actor_of(drawn, units)
        facts = facts_of_all(session, units)
        for permission in Permission:
            by_rule = {u.id for u in units if decide(actor, permission, facts[u.id])}
            by_filter = set(session.scalars(select(Unit.id).where(permitted(actor, permission))))
            assert by_rule == by_filter, permission


@given(drawn=drawn_trees(), strict=st.booleans())
def test_a_reach_answers_for_one_row_as_it_does_in_sql(
    database: Database, drawn: Drawn, strict: bool
) -> None:
    with builders.scratch(database) as session:
        units = plant(session, drawn)
        for reach in (NOWHERE, EVERYWHERE, *(Reach(unit.path, strict) for unit in units)):
            in_sql = set(session.scalars(select(Unit.id).where(within(reach))))
            assert in_sql == {unit.id for unit in units if reach.covers(unit.path)}


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("潮汐实验室", ["院长", "校长", "处长"]),
        ("海洋学院", ["校长", "处长"]),
        ("演示大学", ["校长"]),
        ("邻居学院", ["邻居"]),
        ("无人公司", []),
    ],
)
def test_a_unit_says_who_may_administer_it_nearest_first(
    session: Session, unit: str, expected: list[str]
) -> None:
    world = build_world(session)
    found = authorities_over(session, world[unit])
    assert sorted(a.name for a in found) == sorted(expected)
    lengths = [len(a.office.path) for a in found]
    assert lengths == sorted(lengths, reverse=True)
    assert all(a.decision.sentence.zh for a in found)
