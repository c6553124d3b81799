"""Changing the tree: create, rename, recode, move, archive, restore.

Each verb locks the unit, asks the rule of authority, checks, changes, and records; it never
commits. ``delegation.facts`` gives the authority facts, so the callers pass them in. ``by`` is the
right something is done by: the desk has its own, on a change form.
"""

from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.audit.operations import record
from admin_app.audit.vocabulary import Event
from admin_app.hierarchy import rules
from admin_app.hierarchy.checks import (
    free_code,
    parent_of,
    require_active,
    require_free_code,
    require_free_name,
    require_version,
)
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.rows import (
    add_unit,
    change,
    height,
    index_name,
    lock_tree,
    lock_unit,
    repath,
)
from admin_app.hierarchy.vocabulary import (
    AlreadyArchived,
    CodeNotBorne,
    MoveChangesNothing,
    MoveIntoItself,
    NotArchived,
    RootStays,
    StillHasUnits,
    UnitKind,
    UnitStatus,
)
from admin_app.policy.actor import UnitFacts
from admin_app.policy.reach import Reach
from admin_app.policy.rules import require
from admin_app.policy.vocabulary import Permission

# What authority needs to know of a unit; offices are known one layer up.
Facts = Callable[[Session, Unit], UnitFacts]


def create_unit(
    act: Act,
    facts: Facts,
    parent_id: int,
    kind: UnitKind,
    name: str,
    uscc: str = "",
    *,
    by: Permission = Permission.UNIT_CREATE,
) -> Unit:
    """Create a unit in use under a parent.

    Raises:
        NotFound, Refused, NameMissing, NameTooLong, NameTaken, KindMisplaced, TooDeep,
        ParentArchived, CodeMissing, CodeMalformed, CodeCheckWrong, CodeTaken
    """
    lock_tree(act.session)
    parent = lock_unit(act.session, parent_id)
    decision = require(act.actor, by, facts(act.session, parent), act.reason, act.involved)
    require_active(parent)
    rules.require_place(kind, parent.kind)
    rules.require_depth(rules.depth(parent.path) + 1)
    name = rules.clean_name(name)
    require_free_name(act.session, parent, name)
    code = free_code(act.session, kind, uscc)
    unit = add_unit(act, parent, kind, name, code)
    record(
        act,
        Event.UNIT_CREATED,
        unit_id=unit.id,
        subject=name,
        decision=decision,
        parent=parent.name,
        parent_id=parent.id,
    )
    return unit


def rename_unit(
    act: Act,
    facts: Facts,
    unit_id: int,
    name: str,
    version: int,
    *,
    by: Permission = Permission.UNIT_RENAME,
) -> Unit:
    """Rename a unit; ``version`` is the one the actor saw.

    Raises:
        NotFound, Refused, ChangedMeanwhile, NameMissing, NameTooLong, NameTaken
    """
    unit = lock_unit(act.session, unit_id)
    decision = require(act.actor, by, facts(act.session, unit), act.reason, act.involved)
    require_version(unit, version)
    name = rules.clean_name(name)
    if name == unit.name:
        return unit
    if rules.name_key(name) != unit.name_key and unit.status is UnitStatus.ACTIVE:
        require_free_name(act.session, parent_of(act.session, unit), name)
    former = unit.name
    index_name(act.session, unit, rules.name_key(name))
    change(act, unit, name=name, name_key=rules.name_key(name))
    record(
        act,
        Event.UNIT_RENAMED,
        unit_id=unit.id,
        subject=name,
        decision=decision,
        former=former,
        name=name,
    )
    return unit


def recode_unit(act: Act, facts: Facts, unit_id: int, uscc: str) -> Unit:
    """Give a first-level unit its right credit code; what hangs from the code is the caller's.

    Raises:
        NotFound, Refused, CodeNotBorne, CodeMalformed, CodeCheckWrong, CodeTaken
    """
    unit = lock_unit(act.session, unit_id)
    right = Permission.UNIT_RECODE
    decision = require(act.actor, right, facts(act.session, unit), act.reason, act.involved)
    if unit.kind is not UnitKind.FIRST_LEVEL:
        raise CodeNotBorne(field="uscc", name=unit.name)
    former, code = unit.uscc, rules.clean_uscc(uscc)
    if code == former:
        return unit
    require_free_code(act.session, code)
    change(act, unit, uscc=code)
    record(
        act,
        Event.UNIT_RECODED,
        unit_id=unit.id,
        subject=unit.name,
        decision=decision,
        former=former,
        uscc=code,
    )
    return unit


def move_unit(act: Act, facts: Facts, unit_id: int, new_parent_id: int, version: int) -> Unit:
    """Move a unit, with everything below it, under another parent.

    The actor needs the right over the unit and the right to create under the new parent.

    Raises:
        NotFound, Refused, ChangedMeanwhile, RootStays, MoveIntoItself, MoveChangesNothing,
        KindMisplaced, TooDeep, ParentArchived, NameTaken
    """
    lock_tree(act.session)
    unit = lock_unit(act.session, unit_id)
    new_parent = lock_unit(act.session, new_parent_id)
    decision = require(act.actor, Permission.UNIT_MOVE, facts(act.session, unit), act.reason)
    if unit.parent_id is None:
        raise RootStays
    require(act.actor, Permission.UNIT_CREATE, facts(act.session, new_parent), act.reason)
    require_version(unit, version)
    if Reach(unit.path).covers(new_parent.path):
        raise MoveIntoItself(field="parent", name=unit.name)
    if unit.parent_id == new_parent.id:
        raise MoveChangesNothing(field="parent", name=unit.name)
    rules.require_place(unit.kind, new_parent.kind)
    rules.require_depth(rules.depth(new_parent.path) + height(act.session, unit))
    require_active(new_parent)
    if unit.status is UnitStatus.ACTIVE:
        require_free_name(act.session, new_parent, unit.name)
    former = parent_of(act.session, unit)
    repath(act.session, unit, rules.path_under(new_parent.path, unit.id))
    change(act, unit, parent_id=new_parent.id)
    record(
        act,
        Event.UNIT_MOVED,
        unit_id=unit.id,
        subject=unit.name,
        decision=decision,
        former_parent=former.name,
        former_parent_id=former.id,
        parent=new_parent.name,
        parent_id=new_parent.id,
    )
    return unit


def archive_unit(act: Act, facts: Facts, unit_id: int, version: int) -> Unit:
    """Take a unit out of use; its history stays and it can be restored.

    Raises:
        NotFound, Refused, ChangedMeanwhile, RootStays, AlreadyArchived, StillHasUnits
    """
    lock_tree(act.session)
    unit = lock_unit(act.session, unit_id)
    decision = require(act.actor, Permission.UNIT_ARCHIVE, facts(act.session, unit), act.reason)
    require_version(unit, version)
    if unit.parent_id is None:
        raise RootStays
    if unit.status is UnitStatus.ARCHIVED:
        raise AlreadyArchived(name=unit.name)
    active_below = act.session.scalar(
        select(func.count()).where(Unit.parent_id == unit.id, Unit.status == UnitStatus.ACTIVE)
    )
    if active_below:
        raise StillHasUnits(name=unit.name, count=active_below)
    change(act, unit, status=UnitStatus.ARCHIVED)
    record(act, Event.UNIT_ARCHIVED, unit_id=unit.id, subject=unit.name, decision=decision)
    return unit


def restore_unit(act: Act, facts: Facts, unit_id: int, version: int) -> Unit:
    """Take an archived unit into use again.

    Raises:
        NotFound, Refused, ChangedMeanwhile, NotArchived, ParentArchived, NameTaken
    """
    lock_tree(act.session)
    unit = lock_unit(act.session, unit_id)
    decision = require(act.actor, Permission.UNIT_RESTORE, facts(act.session, unit), act.reason)
    require_version(unit, version)
    if unit.status is UnitStatus.ACTIVE:
        raise NotArchived(name=unit.name)
    parent = parent_of(act.session, unit)
    require_active(parent)
    require_free_name(act.session, parent, unit.name)
    change(act, unit, status=UnitStatus.ACTIVE)
    record(act, Event.UNIT_RESTORED, unit_id=unit.id, subject=unit.name, decision=decision)
    return unit
