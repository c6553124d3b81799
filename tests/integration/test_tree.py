"""Changing the tree: who may, what is refused in a sentence, and what stays true."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.audit.models import AuditEntry
from admin_app.delegation.facts import facts_of
from admin_app.delegation.operations import close_unit
from admin_app.errors import DomainError, NotFound
from admin_app.hierarchy import operations, vocabulary
from admin_app.hierarchy.models import Unit, UnitPeriod
from admin_app.hierarchy.queries import ancestors, children_of, get_unit
from admin_app.hierarchy.search import search_units
from admin_app.hierarchy.vocabulary import UnitKind, UnitStatus
from admin_app.policy.reach import EVERYWHERE, Reach
from admin_app.policy.vocabulary import Refused
from tests import builders
from tests.world import World


@pytest.fixture
def session(lived_in: tuple[Session, World]) -> Session:
    return lived_in[0]


@pytest.fixture
def world(lived_in: tuple[Session, World]) -> World:
    return lived_in[1]


def create(session: Session, world: World, parent: str, name: str, **more: object) -> Unit:
    act = builders.act(session, more.pop("actor", world.rector), reason="登记")  # type: ignore[arg-type]
    kind = more.pop("kind", UnitKind.SECONDARY)
    return operations.create_unit(act, facts_of, world[parent].id, kind, name, **more)  # type: ignore[arg-type]


def test_a_legal_representative_sets_up_a_secondary_unit(session: Session, world: World) -> None:
    """R52."""
    unit = create(session, world, "演示大学", " 化学  学院 ")
    assert unit.name == "化学 学院"
    assert [u.name for u in ancestors(session, unit)][-1] == "演示大学"
    assert unit.path.startswith(world["演示大学"].path)
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.event, entry.actor_name, entry.actor_capacity, entry.unit_id) == (
        "unit.created",
        "校长",
        "legal_representative",
        unit.id,
    )


@pytest.mark.parametrize(
    ("parent", "name", "more", "error"),
    [
        ("演示大学", "海洋学院", {}, vocabulary.NameTaken),
        ("演示大学", "海 洋 学 院", {}, vocabulary.NameTaken),
        ("演示大学", "  ", {}, vocabulary.NameMissing),
        ("演示大学", "长" * 201, {}, vocabulary.NameTooLong),
        ("演示大学", "分校", {"kind": UnitKind.FIRST_LEVEL}, vocabulary.KindMisplaced),
        ("演示大学", "附属公司", {"uscc": "91350100M000100Y44"}, vocabulary.CodeCheckWrong),
        ("演示大学", "附属公司", {"uscc": "91350100M000100Y4Z"}, vocabulary.CodeMalformed),
        ("邻居大学", "间谍学院", {}, NotFound),
    ],
)
def test_what_cannot_be_created_is_refused_in_a_sentence(
    session: Session,
    world: World,
    parent: str,
    name: str,
    more: dict[str, object],
    error: type[DomainError],
) -> None:
    with pytest.raises(error) as refused:
        create(session, world, parent, name, **more)
    assert refused.value.sentence.zh
    assert refused.value.sentence.en


def test_a_credit_code_is_used_once(session: Session, world: World) -> None:
    code = world["演示大学"].uscc
    with pytest.raises(vocabulary.CodeTaken):
        create(session, world, "海洋学院", "同码单位", uscc=code)


def test_departments_register_first_level_units_with_a_code_and_a_reason(
    session: Session, world: World
) -> None:
    staff = world.staff()
    with pytest.raises(vocabulary.CodeMissing):
        create(session, world, "济南市科技局", "新公司", actor=staff, kind=UnitKind.FIRST_LEVEL)
    unit = create(
        session,
        world,
        "济南市科技局",
        "新公司",
        actor=staff,
        kind=UnitKind.FIRST_LEVEL,
        uscc="91350100M000100Y43",
    )
    assert unit.uscc == "91350100M000100Y43"
    with pytest.raises(Refused):
        create(session, world, "演示大学", "越权学院", actor=staff)


def test_the_second_of_two_editors_is_told_and_loses_nothing(
    session: Session, world: World
) -> None:
    college, act = world["海洋学院"], builders.act(session, world.rector)
    seen = college.version
    operations.rename_unit(act, facts_of, college.id, "海洋与大气学院", seen)
    with pytest.raises(vocabulary.ChangedMeanwhile):
        operations.rename_unit(act, facts_of, college.id, "海洋科学学院", seen)
    assert college.name == "海洋与大气学院"


def test_a_renamed_unit_is_found_by_its_new_name_only(session: Session, world: World) -> None:
    act = builders.act(session, world.rector)
    operations.rename_unit(act, facts_of, world["物理学院"].id, "天文学院", 1)
    assert [u.name for u in search_units(session, EVERYWHERE, "天文").units] == ["天文学院"]
    assert not search_units(session, EVERYWHERE, "物理").units


def test_moving_takes_everything_below_along(session: Session, world: World) -> None:
    act = builders.act(session, world.rector)
    operations.move_unit(act, facts_of, world["海洋学院"].id, world["物理学院"].id, 1)
    session.refresh(world["潮汐实验室"])
    assert [u.name for u in ancestors(session, world["潮汐实验室"])] == [
        "省科技厅",
        "济南市科技局",
        "演示大学",
        "物理学院",
        "海洋学院",
    ]


def test_an_office_follows_its_unit(session: Session, world: World) -> None:
    act = builders.act(session, world.rector)
    operations.move_unit(act, facts_of, world["潮汐实验室"].id, world["物理学院"].id, 1)
    session.refresh(world["潮汐实验室"])
    with pytest.raises(NotFound):
        get_unit(session, Reach(world["海洋学院"].path), world["潮汐实验室"].id)


@pytest.mark.parametrize(
    ("unit", "parent", "error"),
    [
        ("海洋学院", "海洋学院", vocabulary.MoveIntoItself),
        ("海洋学院", "潮汐实验室", vocabulary.MoveIntoItself),
        ("海洋学院", "演示大学", vocabulary.MoveChangesNothing),
        ("海洋学院", "邻居大学", NotFound),
        ("演示大学", "海洋学院", Refused),
        ("邻居学院", "演示大学", NotFound),
    ],
)
def test_moves_that_make_no_sense_are_refused(
    session: Session, world: World, unit: str, parent: str, error: type[DomainError]
) -> None:
    act = builders.act(session, world.rector)
    with pytest.raises(error):
        operations.move_unit(act, facts_of, world[unit].id, world[parent].id, world[unit].version)


def test_nothing_stands_more_than_twenty_levels_down(session: Session, world: World) -> None:
    parent = world["潮汐实验室"]
    for level in range(6, 21):
        parent = builders.unit(session, parent, f"第{level}级")
    world.units["最深"] = parent
    with pytest.raises(vocabulary.TooDeep):
        create(session, world, "最深", "再深一级")
    act = builders.act(session, world.rector)
    college = builders.unit(session, world["演示大学"], "一级学院")
    builders.unit(session, college, "一级学院的系")
    deep = session.scalars(select(Unit).where(Unit.name == "第19级")).one()
    with pytest.raises(vocabulary.TooDeep):
        operations.move_unit(act, facts_of, college.id, deep.id, college.version)


def test_a_unit_with_units_in_use_below_it_is_not_archived(session: Session, world: World) -> None:
    act = builders.act(session, world.rector)
    with pytest.raises(vocabulary.StillHasUnits) as refused:
        close_unit(act, world["海洋学院"].id, 1)
    assert "1 个" in refused.value.sentence.zh


def test_archiving_ends_offices_and_restoring_brings_the_unit_back(
    session: Session, world: World
) -> None:
    act = builders.act(session, world.rector)
    close_unit(act, world["潮汐实验室"].id, world["潮汐实验室"].version)
    closed = close_unit(act, world["海洋学院"].id, world["海洋学院"].version)
    assert closed.status is UnitStatus.ARCHIVED
    assert closed.administrators == 0
    with pytest.raises(vocabulary.ParentArchived):
        operations.restore_unit(act, facts_of, world["潮汐实验室"].id, 2)
    restored = operations.restore_unit(act, facts_of, closed.id, closed.version)
    assert restored.status is UnitStatus.ACTIVE


def test_an_archived_units_name_is_free_but_then_it_cannot_come_back(
    session: Session, world: World
) -> None:
    act = builders.act(session, world.rector)
    former = close_unit(act, world["物理学院"].id, 1)
    create(session, world, "演示大学", "物理学院")
    with pytest.raises(vocabulary.NameTaken):
        operations.restore_unit(act, facts_of, former.id, former.version)


def test_every_change_leaves_the_tree_as_it_was_on_record(session: Session, world: World) -> None:
    college = world["物理学院"]
    for minutes, name in ((10, "物理系"), (20, "应用物理系")):
        act = builders.act(session, world.rector, minutes=minutes)
        operations.rename_unit(act, facts_of, college.id, name, college.version)
    periods = session.scalars(
        select(UnitPeriod).where(UnitPeriod.unit_id == college.id).order_by(UnitPeriod.id)
    ).all()
    assert [p.name for p in periods] == ["物理学院", "物理系", "应用物理系"]
    assert [p.until for p in periods] == [periods[1].since, periods[2].since, None]


def test_children_come_in_pages_that_neither_repeat_nor_skip(session: Session) -> None:
    parent = builders.unit(session, builders.root(session), kind=UnitKind.FIRST_LEVEL)
    made = [builders.unit(session, parent, f"系{number}").id for number in range(23)]
    seen: list[int] = []
    after = ""
    while True:
        page = children_of(session, EVERYWHERE, parent, after=after, limit=5)
        seen += [unit.id for unit in page.units]
        if page.next_after is None:
            break
        after = page.next_after
    assert seen == made
