"""The rule of authority decides as the reviewed table says: every permission, capacity and unit."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from admin_app.delegation.facts import facts_of
from admin_app.policy.actor import Actor
from admin_app.policy.rules import decide
from admin_app.policy.vocabulary import STAFF_CAPACITIES, AssuranceLevel, Capacity, Permission
from tests.guards.reviewed_table import BELOW, EVERYWHERE, OWN_AND_BELOW, Cell, reviewed
from tests.world import World

# The world's facts in words of its own, so that nothing here asks the code under test.
PARENTS = {
    "济南市科技局": "省科技厅",
    "青岛市科技局": "省科技厅",
    "演示大学": "济南市科技局",
    "海洋学院": "演示大学",
    "潮汐实验室": "海洋学院",
    "物理学院": "演示大学",
    "无人公司": "济南市科技局",
    "邻居大学": "青岛市科技局",
    "邻居学院": "邻居大学",
}
DEPARTMENTS = {"省科技厅", "济南市科技局", "青岛市科技局"}
REPRESENTED = {"演示大学", "邻居大学"}
ADMINISTERED = {"演示大学", "海洋学院"}
UNITS = ["省科技厅", *PARENTS]


def above(unit: str) -> list[str]:
    """The units strictly above, nearest first."""
    return [PARENTS[unit], *above(PARENTS[unit])] if unit in PARENTS else []


def overseen(unit: str) -> bool:
    """Somebody below the departments holds office above."""
    return bool((REPRESENTED | ADMINISTERED) & set(above(unit)))


# The conditions as the document words them; a reworded one has to be read again here.
CONDITIONS: dict[str, Callable[[str], bool]] = {
    "the actor has intermediate verification": lambda unit: True,
    "the unit is not a department (those have staff instead)": lambda unit: unit not in DEPARTMENTS,
    "nobody within may appoint (no legal representative, nobody in office above)": lambda unit: (
        unit not in REPRESENTED and not overseen(unit)
    ),
    "nobody within may create (no legal representative or administrator, "
    "nobody in office above)": lambda unit: (
        unit not in REPRESENTED | ADMINISTERED and not overseen(unit)
    ),
    "nobody but departments holds office above": lambda unit: not overseen(unit),
    "a reason is given": lambda unit: True,  # about the act: see needs_reason below
    # About who else is involved: see tests/integration/test_two_people.py.
    "neither the subject nor of the subject's unit": lambda unit: True,
    "another member of staff has proposed it": lambda unit: True,
}


def agreed(cell: Cell | None, office: str | None, unit: str) -> bool:
    """What the document says of one actor and one unit."""
    if cell is None or not all(CONDITIONS[condition](unit) for condition in cell.conditions):
        return False
    return {
        EVERYWHERE: True,
        OWN_AND_BELOW: office in (unit, *above(unit)),
        BELOW: office in above(unit),
    }[cell.scope]


@pytest.fixture
def session(lived_in: tuple[Session, World]) -> Session:
    return lived_in[0]


@pytest.fixture
def world(lived_in: tuple[Session, World]) -> World:
    return lived_in[1]


def actors(world: World) -> list[tuple[Actor, str | None]]:
    """Everybody in every capacity, and from where they act."""
    people = [
        (world.rector, "演示大学"),
        (world.director, "演示大学"),
        (world.dean, "海洋学院"),
        (world.neighbour, "邻居大学"),
        (world.outsider, None),
    ]
    departments = [
        (world.staff(capacity, unit), unit)
        for capacity in (Capacity.DEPARTMENT_STAFF, Capacity.MANAGER)
        for unit in sorted(DEPARTMENTS)
    ]
    others = sorted(
        STAFF_CAPACITIES - {Capacity.DEPARTMENT_STAFF, Capacity.MANAGER}, key=lambda c: c.value
    )
    unbound = [(Actor(name="职员", capacity=capacity, staff_id=2), None) for capacity in others]
    return [*people, *departments, *unbound]


def test_every_permission_and_capacity_is_in_the_document() -> None:
    assert set(reviewed()) == {(p, c) for p in Permission for c in Capacity}


def test_everybody_in_every_capacity_is_asked_about(session: Session, world: World) -> None:
    assert {actor.capacity for actor, _ in actors(world)} == set(Capacity)


@pytest.mark.parametrize("permission", Permission, ids=lambda p: p.value)
def test_the_rule_decides_as_the_document_says(
    session: Session, world: World, permission: Permission
) -> None:
    wrong = []
    for actor, office in actors(world):
        cell = reviewed()[permission, actor.capacity]
        for unit in UNITS:
            decision = decide(actor, permission, facts_of(session, world[unit]))
            if decision.allowed is not agreed(cell, office, unit):
                wrong.append((actor.capacity.value, office, unit, decision.ground))
            if decision and cell:
                assert decision.needs_reason is ("a reason is given" in cell.conditions)
    assert wrong == []


@pytest.mark.parametrize("level", [AssuranceLevel.NONE, AssuranceLevel.BASIC])
def test_nobody_below_intermediate_verification_may_do_anything(
    session: Session, world: World, level: AssuranceLevel
) -> None:
    """R10, R51: whoever came in once keeps no right when the level falls."""
    world.people["校长"].level = level
    world.people["处长"].level = level
    allowed = [
        (actor.capacity, permission, unit)
        for actor in (world.rector, world.director)
        for permission in Permission
        for unit in UNITS
        if decide(actor, permission, facts_of(session, world[unit]))
    ]
    assert allowed == []
