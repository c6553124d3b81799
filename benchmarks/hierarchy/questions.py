"""The questions asked of the tree, each as the product asks it, some beside a plainer way."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from admin_app.delegation.facts import facts_of
from admin_app.delegation.queries import authorities_over
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import (
    ancestors,
    children_of,
    count_up_to,
    get_unit,
    tree_page,
    vacant,
    within,
)
from admin_app.hierarchy.search import search_units
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.policy.actor import Actor, Office
from admin_app.policy.reach import EVERYWHERE, Reach
from admin_app.policy.rules import decide
from admin_app.policy.vocabulary import AssuranceLevel, Capacity, Permission
from admin_app.views.columns import Sort
from admin_app.views.paging import Pager, Place, Rows
from admin_app.wording import Text

PAGE = 50
_BY_NAME = Pager(
    "benchmark", "units", Sort("name", Text("", ""), (Unit.name_key, Unit.path)), descending=False
)


@dataclass
class Sample:
    """Things to ask about, drawn once for each database from a fixed seed."""

    root: Unit
    department: Unit
    units: list[Unit]
    university: Unit
    after: str  # the last path of page 9,999, or of the last page but one of a smaller tree
    offset: int


@dataclass(frozen=True)
class Question:
    """A question, and how many times it is asked."""

    name: str
    ask: Callable[[Session, Sample, random.Random], object]
    baseline: bool = False
    times: int = 200


def draw_sample(session: Session, size: int) -> Sample:
    rng = random.Random(7)
    root = session.get(Unit, 1)
    department = session.get(Unit, 2)
    assert root is not None
    assert department is not None
    numbers = rng.sample(range(200, size), 300)
    units = list(session.scalars(select(Unit).where(Unit.id.in_(numbers))))
    widest = session.execute(
        select(Unit.parent_id, func.count().label("children"))
        .where(Unit.kind == UnitKind.SECONDARY)
        .group_by(Unit.parent_id)
        .order_by(text("children DESC"))
        .limit(1)
    ).one()
    university = session.get(Unit, widest.parent_id)
    assert university is not None
    offset = min(9_999 * PAGE, size - 2 * PAGE)
    after = session.scalar(select(Unit.path).order_by(Unit.path).offset(offset - 1).limit(1))
    assert after is not None
    return Sample(root, department, units, university, after, offset)


def _list_first(session: Session, sample: Sample, rng: random.Random) -> object:
    return tree_page(session, select(Unit).where(within(Reach(sample.root.path))), PAGE)


def _list_far(session: Session, sample: Sample, rng: random.Random) -> object:
    statement = select(Unit).where(within(Reach(sample.root.path), sample.after))
    return tree_page(session, statement, PAGE)


def _list_far_by_offset(session: Session, sample: Sample, rng: random.Random) -> object:
    statement = select(Unit).order_by(Unit.path).offset(sample.offset).limit(PAGE)
    return session.scalars(statement).all()


def _list_by_name(session: Session, sample: Sample, rng: random.Random) -> object:
    """A page in the middle of the list by name, as ``GuardedModelView`` asks for it."""
    place = Place((rng.choice(sample.units).name_key, ""))
    scope = within(Reach(sample.root.path), searched=False)
    statement = _BY_NAME.batch(Rows(select(Unit), (scope,)), place)
    return session.scalars(statement.limit(PAGE)).all()


def _list_filtered(session: Session, sample: Sample, rng: random.Random) -> object:
    statement = vacant(Reach(sample.department.path)).where(Unit.kind == UnitKind.FIRST_LEVEL)
    return tree_page(session, statement, PAGE), count_up_to(session, statement)


def _search(words: tuple[str, ...]) -> Callable[[Session, Sample, random.Random], object]:
    return lambda session, sample, rng: search_units(session, EVERYWHERE, rng.choice(words))


def _search_own_name(session: Session, sample: Sample, rng: random.Random) -> object:
    found = search_units(session, EVERYWHERE, rng.choice(sample.units).name)
    assert found.units
    return found


def _search_in_department(session: Session, sample: Sample, rng: random.Random) -> object:
    return search_units(session, Reach(sample.department.path), "海洋装备")


def _search_in_unit(session: Session, sample: Sample, rng: random.Random) -> object:
    return search_units(session, Reach(sample.university.path), "实验室")


def _search_code(session: Session, sample: Sample, rng: random.Random) -> object:
    coded = [unit for unit in sample.units if unit.uscc]
    return search_units(session, EVERYWHERE, rng.choice(coded).uscc or "")


def _search_by_scan(session: Session, sample: Sample, rng: random.Random) -> object:
    name = rng.choice(sample.units).name
    return session.scalars(select(Unit).where(Unit.name.contains(name)).limit(20)).all()


def _subtree(session: Session, sample: Sample, rng: random.Random) -> object:
    return tree_page(session, select(Unit).where(within(Reach(sample.department.path))), PAGE)


def _children(session: Session, sample: Sample, rng: random.Random) -> object:
    return children_of(session, EVERYWHERE, sample.university, limit=PAGE)


def _subtree_count(session: Session, sample: Sample, rng: random.Random) -> object:
    reach = Reach(rng.choice((sample.root, sample.department, sample.university)).path)
    return count_up_to(session, select(Unit).where(within(reach)))


def _subtree_by_recursion(session: Session, sample: Sample, rng: random.Random) -> object:
    below = select(Unit.id).where(Unit.id == sample.department.id).cte(recursive=True)
    below = below.union_all(select(Unit.id).join(below, Unit.parent_id == below.c.id))
    statement = select(Unit).join(below, below.c.id == Unit.id).order_by(Unit.path).limit(PAGE)
    return session.scalars(statement).all()


def _ancestors(session: Session, sample: Sample, rng: random.Random) -> object:
    return ancestors(session, rng.choice(sample.units))


def _authority(session: Session, sample: Sample, rng: random.Random) -> object:
    unit = rng.choice(sample.units)
    top = sample.root
    actor = Actor(
        "演示", Capacity.DEPARTMENT_STAFF, AssuranceLevel.NONE, Office(top.id, top.path, top.name)
    )
    return decide(actor, Permission.ADMINISTRATOR_APPOINT, facts_of(session, unit))


def _fetch_through_reach(session: Session, sample: Sample, rng: random.Random) -> object:
    return get_unit(session, Reach(sample.root.path), rng.choice(sample.units).id)


def _who_may(session: Session, sample: Sample, rng: random.Random) -> object:
    return authorities_over(session, rng.choice(sample.units))


def _vacant(where: str) -> Callable[[Session, Sample, random.Random], object]:
    def ask(session: Session, sample: Sample, rng: random.Random) -> object:
        unit = rng.choice(sample.units) if where == "unit" else getattr(sample, where)
        statement = vacant(Reach(unit.path))
        return tree_page(session, statement, PAGE), count_up_to(session, statement)

    return ask


def _vacant_counted(session: Session, sample: Sample, rng: random.Random) -> object:
    return session.scalar(
        select(func.count()).select_from(vacant(Reach(sample.root.path)).subquery())
    )


QUESTIONS = [
    Question("list, page 1", _list_first),
    Question("list, page 10,000", _list_far),
    Question("list by name, a page in the middle", _list_by_name),
    Question("list, first-level without administrator", _list_filtered),
    Question("list, page 10,000 by OFFSET", _list_far_by_offset, baseline=True, times=20),
    Question("search, two characters", _search(("泰岱", "沂蒙", "海洋", "装备"))),
    Question("search, in most names (有限公司)", _search(("有限公司",))),
    Question("search, in no name", _search(("蓝鲸", "有限学院", "火星"))),
    Question("search, a whole name", _search_own_name),
    Question("search, within a city", _search_in_department),
    Question("search, within one unit", _search_in_unit),
    Question("search, credit code", _search_code),
    Question("search, by scanning with LIKE", _search_by_scan, baseline=True, times=20),
    Question("children of the widest unit", _children),
    Question("subtree of a city, first 50", _subtree),
    Question("subtree of a city by recursion", _subtree_by_recursion, baseline=True, times=10),
    Question("subtree count (up to 1,000)", _subtree_count),
    Question("chain of ancestors", _ancestors),
    Question("one unit through the reach", _fetch_through_reach),
    Question("authority check", _authority),
    Question("who may administer, and why", _who_may),
    Question("without administrator, root", _vacant("root")),
    Question("without administrator, a city", _vacant("department")),
    Question("without administrator, one unit", _vacant("unit")),
    Question("without administrator, full count", _vacant_counted, baseline=True, times=20),
]
