"""The one rule of authority, as truth tables over a small tree of plain values."""

import pytest

from admin_app.errors import NotFound
from admin_app.policy.actor import Actor, Office, UnitFacts
from admin_app.policy.reach import EVERYWHERE, NOWHERE, Reach
from admin_app.policy.rules import decide, reach, require
from admin_app.policy.table import TABLE
from admin_app.policy.vocabulary import (
    AssuranceLevel,
    Capacity,
    Ground,
    Permission,
    Refused,
    UnitKind,
)

DEPARTMENT, UNIVERSITY, COLLEGE, LAB = "000001", "000001000002", "000001000002000003", "0" * 24
LAB = COLLEGE + "000004"
NEIGHBOUR = "000001000009"
KINDS = {
    DEPARTMENT: UnitKind.DEPARTMENT,
    UNIVERSITY: UnitKind.FIRST_LEVEL,
    NEIGHBOUR: UnitKind.FIRST_LEVEL,
    COLLEGE: UnitKind.SECONDARY,
    LAB: UnitKind.SECONDARY,
}
APPOINT = Permission.ADMINISTRATOR_APPOINT


def actor(
    capacity: Capacity, path: str | None, level: AssuranceLevel = AssuranceLevel.INTERMEDIATE
) -> Actor:
    return Actor("某人", capacity, level, Office(1, path, "某单位") if path else None, person_id=1)


def facts(path: str, **known: bool) -> UnitFacts:
    return UnitFacts(path, KINDS[path], **known)


@pytest.mark.parametrize(
    ("capacity", "office", "may_appoint_at"),
    [
        (Capacity.LEGAL_REPRESENTATIVE, UNIVERSITY, {UNIVERSITY, COLLEGE, LAB}),
        (Capacity.UNIT_ADMINISTRATOR, UNIVERSITY, {COLLEGE, LAB}),
        (Capacity.UNIT_ADMINISTRATOR, COLLEGE, {LAB}),
        (Capacity.UNIT_ADMINISTRATOR, LAB, set()),
        (Capacity.DEPARTMENT_STAFF, DEPARTMENT, {UNIVERSITY, NEIGHBOUR, COLLEGE, LAB}),
        (Capacity.NATURAL_PERSON, None, set()),
        (Capacity.PLATFORM_SUPPORT, None, set()),
        (Capacity.MANAGER, DEPARTMENT, set()),
        (Capacity.SECURITY_ADMINISTRATOR, None, set()),
        (Capacity.AUDITOR, None, set()),
    ],
)
def test_office_at_a_strict_ancestor_or_representing_the_unit_lets_appoint(
    capacity: Capacity, office: str | None, may_appoint_at: set[str]
) -> None:
    """R50: the one rule, where nobody within a unit can act for it."""
    somebody = actor(capacity, office)
    assert {path for path in KINDS if decide(somebody, APPOINT, facts(path))} == may_appoint_at


def test_equals_cannot_end_each_other() -> None:
    colleague = actor(Capacity.UNIT_ADMINISTRATOR, COLLEGE)
    decision = decide(colleague, Permission.ADMINISTRATOR_END, facts(COLLEGE, administered=True))
    assert decision.ground is Ground.NOT_BELOW_OWN_UNIT


def test_nobody_renames_moves_or_archives_the_unit_they_act_from() -> None:
    rector = actor(Capacity.LEGAL_REPRESENTATIVE, UNIVERSITY)
    for permission in (Permission.UNIT_RENAME, Permission.UNIT_MOVE, Permission.UNIT_ARCHIVE):
        decision = decide(rector, permission, facts(UNIVERSITY, represented=True))
        assert decision.ground is Ground.OWN_UNIT_FROM_ABOVE
        assert "主管部门" in decision.sentence.zh


@pytest.mark.parametrize("level", [AssuranceLevel.NONE, AssuranceLevel.BASIC])
def test_nobody_below_intermediate_verification_may_do_anything(level: AssuranceLevel) -> None:
    """R10, R51."""
    for capacity in (Capacity.LEGAL_REPRESENTATIVE, Capacity.UNIT_ADMINISTRATOR):
        somebody = actor(capacity, UNIVERSITY, level)
        for permission in Permission:
            assert not decide(somebody, permission, facts(COLLEGE))
            assert reach(somebody, permission) == NOWHERE


@pytest.mark.parametrize(
    ("known", "allowed"),
    [
        ({}, True),
        ({"administered": True}, True),  # a colleague at the unit itself can't appoint there
        ({"represented": True}, False),
        ({"overseen_within": True}, False),
    ],
)
def test_a_department_steps_in_only_where_the_unit_has_nobody_who_can(
    known: dict[str, bool], allowed: bool
) -> None:
    staff = actor(Capacity.DEPARTMENT_STAFF, DEPARTMENT, AssuranceLevel.NONE)
    path = UNIVERSITY if "represented" in known else COLLEGE
    decision = decide(staff, APPOINT, facts(path, **known))
    assert bool(decision) is allowed
    assert decision.ground is (Ground.OFFICE_ABOVE if allowed else Ground.UNIT_CAN_ACT_ITSELF)


def test_a_department_must_say_why_it_steps_in() -> None:
    staff = actor(Capacity.DEPARTMENT_STAFF, DEPARTMENT)
    with pytest.raises(Refused) as refused:
        require(staff, APPOINT, facts(COLLEGE), reason="  ")
    assert refused.value.ground is Ground.REASON_MISSING
    assert require(staff, APPOINT, facts(COLLEGE), reason="单位注销后无人办理")


def test_departments_themselves_take_no_unit_administrators() -> None:
    staff = actor(Capacity.DEPARTMENT_STAFF, DEPARTMENT)
    below = UnitFacts(DEPARTMENT + "000007", UnitKind.DEPARTMENT)
    assert decide(staff, APPOINT, below).ground is Ground.DEPARTMENTS_HAVE_STAFF


def test_out_of_sight_is_not_found_and_within_sight_is_refused_with_the_reason() -> None:
    dean = actor(Capacity.UNIT_ADMINISTRATOR, COLLEGE)
    with pytest.raises(NotFound):
        require(dean, APPOINT, facts(NEIGHBOUR))
    with pytest.raises(NotFound):
        require(dean, APPOINT, facts(UNIVERSITY))
    with pytest.raises(Refused) as refused:
        require(dean, APPOINT, facts(COLLEGE))
    assert "法定代表人" in refused.value.sentence.zh


def test_each_decision_explains_itself_in_both_languages() -> None:
    rector = actor(Capacity.LEGAL_REPRESENTATIVE, UNIVERSITY)
    assert decide(rector, APPOINT, facts(COLLEGE)).sentence.zh == (
        "您是上级单位“某单位”的法定代表人。"
    )
    assert "legal representative" in decide(rector, APPOINT, facts(UNIVERSITY)).sentence.en


def test_the_three_duties_stay_apart() -> None:
    """GB/T 22239 level 3: the auditor reads the trail, the security administrator accounts."""
    held = {
        capacity: {p for p, rights in TABLE.items() if capacity in rights}
        for capacity in (Capacity.SECURITY_ADMINISTRATOR, Capacity.AUDITOR, Capacity.MANAGER)
    }
    assert held == {
        Capacity.SECURITY_ADMINISTRATOR: {Permission.STAFF_VIEW},
        Capacity.AUDITOR: {Permission.AUDIT_VIEW},
        Capacity.MANAGER: {Permission.FIGURES_VIEW, Permission.LEVER_VIEW},
    }


def test_every_permission_is_in_the_table() -> None:
    assert set(TABLE) == set(Permission)


def test_a_reach_covers_a_subtree_and_not_what_merely_begins_alike() -> None:
    assert Reach(UNIVERSITY).covers(UNIVERSITY)
    assert Reach(UNIVERSITY).covers(LAB)
    assert not Reach(UNIVERSITY, strict=True).covers(UNIVERSITY)
    assert not Reach(COLLEGE).covers(UNIVERSITY)
    assert not NOWHERE.covers(DEPARTMENT)
    assert EVERYWHERE.covers(NEIGHBOUR)
