"""New cases go to members of support in turn, each for the departments they look after.

Nothing here commits.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.audit.operations import record
from admin_app.audit.vocabulary import Event
from admin_app.database import serialise_on
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.rules import name_key
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.models import StaffAccount
from admin_app.identity.vocabulary import StaffRole
from admin_app.policy.rules import require
from admin_app.policy.vocabulary import Permission
from admin_app.service_desk.case_vocabulary import NoSuchColleague
from admin_app.service_desk.desk_models import DeskDepartment, DeskMember
from admin_app.service_desk.desk_vocabulary import NotADepartment
from admin_app.service_desk.models import Case
from admin_app.service_desk.turn_rules import Member, next_in_turn

_TURNS = b"whose turn at the desk"


def give_in_turn(act: Act, case: Case) -> StaffAccount | None:
    """Give a new case to whose turn it is, if the desk works that way and somebody is there.

    Of two cases at once the second sees whom the first was given to.
    """
    if not act.limits.case_assignment:
        return None
    serialise_on(act.session, _TURNS)
    members = members_of(act.session)
    unit = act.session.get(Unit, case.unit_id) if case.unit_id is not None else None
    chosen = next_in_turn(members, unit.path if unit else None)
    if chosen is None:
        return None
    row = _row(act.session, chosen.staff_id)
    row.turn = max(each.turn for each in members) + 1
    case.assignee_id = chosen.staff_id
    act.session.flush()
    return act.session.get_one(StaffAccount, chosen.staff_id)


def set_duty(
    act: Act, staff_id: int, department_ids: Collection[int] | None, *, away: bool | None
) -> None:
    """Say which departments a member of support looks after, and whether they are away.

    None leaves things as they are; no departments are all.

    Raises:
        Refused, NoSuchColleague, NotADepartment
    """
    require(act.actor, Permission.CASE_WORK)
    account = act.session.get(StaffAccount, staff_id)
    if account is None or account.role is not StaffRole.PLATFORM_SUPPORT or not account.active:
        raise NoSuchColleague(field="staff")
    serialise_on(act.session, _TURNS)
    row = _row(act.session, staff_id)
    if away is not None:
        row.away = away
    if department_ids is not None:
        _set_departments(act.session, staff_id, set(department_ids))
    act.session.flush()
    mine = select(DeskDepartment.unit_id).where(DeskDepartment.staff_id == staff_id)
    record(
        act,
        Event.DESK_MEMBER_CHANGED,
        subject=account.name,
        staff_id=staff_id,
        departments=sorted(act.session.scalars(mine)),
        away=row.away,
    )


def members_of(session: Session) -> Sequence[Member]:
    """Every active member of support, in the order of their numbers."""
    paths: dict[int, list[str]] = {}
    rows = session.execute(
        select(DeskDepartment.staff_id, Unit.path)
        .join(Unit, Unit.id == DeskDepartment.unit_id)
        .order_by(Unit.path)
    )
    for staff_id, path in rows:
        paths.setdefault(staff_id, []).append(path)
    members = session.execute(
        select(StaffAccount.id, DeskMember.turn, DeskMember.away)
        .outerjoin(DeskMember, DeskMember.staff_id == StaffAccount.id)
        .where(StaffAccount.role == StaffRole.PLATFORM_SUPPORT, StaffAccount.active.is_(True))
        .order_by(StaffAccount.id)
        .execution_options(populate_existing=True)
    )
    return [
        Member(staff_id, turn or 0, bool(away), tuple(paths.get(staff_id, ())))
        for staff_id, turn, away in members
    ]


def departments_of(session: Session) -> dict[int, list[Unit]]:
    """The departments each member of support looks after."""
    found: dict[int, list[Unit]] = {}
    rows = session.execute(
        select(DeskDepartment.staff_id, Unit)
        .join(Unit, Unit.id == DeskDepartment.unit_id)
        .order_by(Unit.path)
    )
    for staff_id, unit in rows:
        found.setdefault(staff_id, []).append(unit)
    return found


def find_departments(session: Session, names: Collection[str]) -> list[int]:
    """The numbers of departments named by number or whole name.

    Raises:
        NotADepartment: there is none of this name, or several.
    """
    found: list[int] = []
    for name in names:
        is_number = name.isascii() and name.isdecimal() and len(name) < 10
        matching = Unit.id == int(name) if is_number else Unit.name_key == name_key(name)
        wanted = select(Unit.id).where(Unit.kind == UnitKind.DEPARTMENT, matching).limit(2)
        ids = session.scalars(wanted).all()
        if len(ids) != 1:
            raise NotADepartment(field="departments", name=name)
        found.append(ids[0])
    return found


def _set_departments(session: Session, staff_id: int, wanted: set[int]) -> None:
    departments = Unit.id.in_(wanted), Unit.kind == UnitKind.DEPARTMENT
    if set(session.scalars(select(Unit.id).where(*departments))) != wanted:
        raise NotADepartment(field="departments", name="…")
    session.execute(delete(DeskDepartment).where(DeskDepartment.staff_id == staff_id))
    session.add_all(DeskDepartment(staff_id=staff_id, unit_id=each) for each in sorted(wanted))


def _row(session: Session, staff_id: int) -> DeskMember:
    row = session.get(DeskMember, staff_id, populate_existing=True)
    if row is None:
        row = DeskMember(staff_id=staff_id, away=False, turn=0)
        session.add(row)
    return row
