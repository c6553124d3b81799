"""Builders for the service desk: members of support, their acts, and cases of every kind."""

from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.hierarchy.models import Unit
from admin_app.identity.models import Person, StaffAccount
from admin_app.identity.vocabulary import StaffRole
from admin_app.migration.progress import Hold
from admin_app.policy.actor import Actor, Office
from admin_app.policy.vocabulary import AssuranceLevel, Capacity
from admin_app.service_desk import desk
from admin_app.service_desk.cases import file_own_case
from admin_app.service_desk.form_vocabulary import FormKind
from admin_app.service_desk.forms import Filing, file_form
from admin_app.service_desk.models import Case
from tests import builders

_staff = count(1)


def supporter(session: Session, name: str | None = None) -> Actor:
    """A member of the platform's support."""
    number = next(_staff)
    account = StaffAccount(
        username=f"desk{number}",
        name=name or f"示例支持{number}",
        password_hash="none",
        role=StaffRole.PLATFORM_SUPPORT,
        created_at=builders.NOON,
    )
    session.add(account)
    session.flush()
    return Actor(account.name, Capacity.PLATFORM_SUPPORT, staff_id=account.id)


def by_staff(session: Session, actor: Actor, reason: str = "已核实", minutes: int = 0) -> Act:
    return builders.act(session, actor, reason=reason, minutes=minutes)


def by_person(session: Session, person: Person, minutes: int = 0) -> Act:
    actor = Actor(
        person.name, Capacity.NATURAL_PERSON, AssuranceLevel.INTERMEDIATE, None, person.id
    )
    return builders.act(session, actor, minutes=minutes)


def filed(session: Session, person: Person, hold: Hold) -> Case:
    """A case as its person files it."""
    return file_own_case(by_person(session, person), person.id, hold, "请核实")


def in_review(session: Session, case: Case, actor: Actor) -> Case:
    """Somebody has taken the case and looks into it."""
    desk.take(by_staff(session, actor), case.id, case.version)
    return desk.review(by_staff(session, actor), case.id, case.version)


def files_form(
    session: Session, actor: Actor, kind: FormKind, unit: Unit, minutes: int = 0, **asked: Any
) -> Case:
    """A unit's change form as somebody files it."""
    act = builders.act(session, actor, minutes=minutes)
    return file_form(act, Filing(kind, unit.id, **asked))


def acting(person: Person, capacity: Capacity, unit: Unit) -> Actor:
    """Somebody in an office of theirs."""
    office = Office(unit.id, unit.path, unit.name)
    return Actor(person.name, capacity, person.assurance_level, office, person.id)
