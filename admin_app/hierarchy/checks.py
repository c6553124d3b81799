"""What has to be so before a unit is changed; each check raises the rule it guards."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.hierarchy import rules
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import find_by_uscc
from admin_app.hierarchy.vocabulary import (
    ChangedMeanwhile,
    CodeMissing,
    CodeTaken,
    NameTaken,
    ParentArchived,
    RootStays,
    UnitKind,
    UnitStatus,
)


def parent_of(session: Session, unit: Unit) -> Unit:
    """
    Raises:
        RootStays
    """
    parent = session.get(Unit, unit.parent_id)
    if parent is None:
        raise RootStays
    return parent


def require_version(unit: Unit, version: int) -> None:
    """
    Raises:
        ChangedMeanwhile
    """
    if unit.version != version:
        raise ChangedMeanwhile(name=unit.name)


def require_active(parent: Unit) -> None:
    """
    Raises:
        ParentArchived
    """
    if parent.status is UnitStatus.ARCHIVED:
        raise ParentArchived(field="parent", parent=parent.name)


def require_free_name(session: Session, parent: Unit, name: str) -> None:
    """
    Raises:
        NameTaken
    """
    taken = session.scalar(
        select(Unit.id).where(
            Unit.parent_id == parent.id,
            Unit.name_key == rules.name_key(name),
            Unit.status == UnitStatus.ACTIVE,
        )
    )
    if taken is not None:
        raise NameTaken(field="name", parent=parent.name, name=name)


def require_free_code(session: Session, code: str) -> None:
    """
    Raises:
        CodeTaken
    """
    if find_by_uscc(session, code) is not None:
        raise CodeTaken(field="uscc", value=code)


def free_code(session: Session, kind: UnitKind, uscc: str) -> str | None:
    """The code of a unit to be, if its kind has one.

    Raises:
        CodeMissing, CodeMalformed, CodeCheckWrong, CodeTaken
    """
    if not uscc.strip():
        if kind is UnitKind.FIRST_LEVEL:
            raise CodeMissing(field="uscc")
        return None
    code = rules.clean_uscc(uscc)
    require_free_code(session, code)
    return code
