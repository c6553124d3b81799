"""How a unit's rows are written: its number, path, periods and search index, and the locks.

What ``operations`` allows is carried out here; nothing here asks who may.
"""

from typing import Any

from sqlalchemy import delete, func, insert, literal, select, update
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.errors import NotFound
from admin_app.hierarchy import rules
from admin_app.hierarchy.models import Sequence, Unit, UnitNameGram, UnitPeriod
from admin_app.hierarchy.queries import within
from admin_app.hierarchy.vocabulary import UnitKind, UnitStatus
from admin_app.policy.reach import Reach


def lock_tree(session: Session) -> None:
    """Serialise changes of structure.

    Two moves at once could make a cycle; a unit created while its parent is moving would keep
    a path that no longer exists.
    """
    session.execute(select(Sequence).where(Sequence.name == "units").with_for_update())


def lock_unit(session: Session, unit_id: int) -> Unit:
    """The unit as it is now, locked until the transaction ends.

    Raises:
        NotFound
    """
    statement = (
        select(Unit)
        .where(Unit.id == unit_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    unit = session.scalar(statement)
    if unit is None:
        raise NotFound
    return unit


def reserve_ids(session: Session, count: int) -> int:
    """Take ``count`` consecutive unit numbers; returns the first."""
    taken: int | None = session.scalar(
        update(Sequence)
        .where(Sequence.name == "units")
        .values(next_number=Sequence.next_number + count)
        .returning(Sequence.next_number)
    )
    if taken is None:
        raise LookupError("the schema lacks the sequence of unit numbers")
    return taken - count


def add_unit(act: Act, parent: Unit | None, kind: UnitKind, name: str, uscc: str | None) -> Unit:
    """Write a unit and all that belongs to it, unchecked: for ``create_unit`` and for seeding."""
    unit_id = reserve_ids(act.session, 1)
    unit = Unit(
        id=unit_id,
        parent_id=parent.id if parent else None,
        path=rules.path_under(parent.path if parent else "", unit_id),
        kind=kind,
        status=UnitStatus.ACTIVE,
        name=name,
        name_key=rules.name_key(name),
        uscc=uscc,
        administrators=0,
        version=1,
        created_at=act.at,
        updated_at=act.at,
    )
    act.session.add(unit)
    act.session.flush()
    _begin_period(act, unit)
    _add_grams(act.session, unit.id, rules.grams(unit.name_key))
    return unit


def change(act: Act, unit: Unit, **values: Any) -> None:
    """Write the new values, close the current period and begin the next."""
    for name, value in values.items():
        setattr(unit, name, value)
    unit.version += 1
    unit.updated_at = act.at
    act.session.execute(
        update(UnitPeriod)
        .where(UnitPeriod.unit_id == unit.id, UnitPeriod.until.is_(None))
        .values(until=act.at)
    )
    _begin_period(act, unit)
    act.session.flush()


def repath(session: Session, unit: Unit, new_path: str) -> None:
    """Give the unit and all below it their new paths, in one statement."""
    old_path = unit.path
    below = func.substr(Unit.path, len(old_path) + 1)
    session.execute(
        update(Unit)
        .where(within(Reach(old_path)))
        .values(path=literal(new_path).concat(below))
        .execution_options(synchronize_session=False)
    )
    session.expire(unit, ["path"])


def height(session: Session, unit: Unit) -> int:
    """How many levels the unit and what is below it take."""
    longest = session.scalar(
        select(func.max(func.length(Unit.path))).where(within(Reach(unit.path)))
    )
    return rules.depth(" " * (longest or 0)) - rules.depth(unit.path) + 1


def index_name(session: Session, unit: Unit, new_key: str) -> None:
    old, new = rules.grams(unit.name_key), rules.grams(new_key)
    gone = old - new
    if gone:
        session.execute(
            delete(UnitNameGram).where(UnitNameGram.unit_id == unit.id, UnitNameGram.gram.in_(gone))
        )
    _add_grams(session, unit.id, new - old)


def _begin_period(act: Act, unit: Unit) -> None:
    act.session.add(
        UnitPeriod(
            unit_id=unit.id,
            parent_id=unit.parent_id,
            name=unit.name,
            status=unit.status,
            since=act.at,
        )
    )


def _add_grams(session: Session, unit_id: int, wanted: set[int]) -> None:
    if wanted:
        rows = [{"gram": gram, "unit_id": unit_id} for gram in sorted(wanted)]
        session.execute(insert(UnitNameGram), rows)
