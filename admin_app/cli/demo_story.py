"""What has already happened in the demo: who has come, and whom they have appointed.

Told through the real operations, so that the pages show what they would show after a week's work:
administrators in office, one who hasn't arrived yet, old accounts bound and stuck, and plenty left
to do.
"""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from admin_app.audit.act import Act
from admin_app.cli import demo_accounts, demo_moving
from admin_app.delegation.arrival import arrive
from admin_app.delegation.candidates import Candidate
from admin_app.delegation.operations import appoint
from admin_app.hierarchy.models import Unit
from admin_app.identity.claims import read_identity
from admin_app.identity.models import Person
from admin_app.identity.staff import add_staff
from admin_app.identity.vocabulary import IdType, StaffRole
from admin_app.policy.actor import Actor, Office
from admin_app.policy.vocabulary import Capacity
from admin_app.setting_kinds import ClaimNames

UNIVERSITY = "演示大学"
REPRESENTATIVE, DEAN, DIRECTOR = "demo-legal-1", "demo-dean-1", "demo-director-1"
CITY_USER = "demo-city"


def tell(act: Act, people: Path, issuer: str, password: str) -> None:
    """Let the story happen in the days before ``act.at``."""
    cast = json.loads(people.read_text(encoding="utf-8"))
    known = {row["sub"]: row for row in cast["people"]}
    demo_accounts.add_accounts(act, cast)
    rector = _comes(act, known[REPRESENTATIVE], issuer, days_ago=6)
    dean = _comes(act, known[DEAN], issuer, days_ago=5)
    _comes(act, known[DIRECTOR], issuer, days_ago=5)
    demo_moving.bind_first(act, cast, issuer)

    university = _unit(act, UNIVERSITY)
    office = Office(university.id, university.path, university.name)
    representing = _acting(rector, Capacity.LEGAL_REPRESENTATIVE, office)
    administering = _acting(dean, Capacity.UNIT_ADMINISTRATOR, office)
    appoint(
        _then(act, representing, 4, "负责全校管理员的指定工作"),
        university.id,
        _named(known[DEAN]),
    )
    appoint(
        _then(act, administering, 3), _unit(act, "海洋学院", university).id, _named(known[DIRECTOR])
    )
    appoint(
        _then(act, administering, 2, "物理学院推荐"),
        _unit(act, "物理学院", university).id,
        _named(cast["not_registered"][0]),
    )
    chemistry = _unit(act, "化学化工学院", university)
    demo_moving.move_in(act, cast, issuer, administering, chemistry)
    city = act.session.get_one(Unit, university.parent_id)
    add_staff(act, CITY_USER, "示例市局科员", password, StaffRole.DEPARTMENT_STAFF, city.id)


def _comes(act: Act, row: dict[str, Any], issuer: str, days_ago: int) -> Person:
    claims = {**row, "assurance_level": row["level"]}
    arrival = arrive(_then(act, act.actor, days_ago), read_identity(issuer, claims, ClaimNames()))
    if arrival.person is None:
        raise LookupError(f"{row['sub']} should be let in")
    return arrival.person


def _acting(person: Person, capacity: Capacity, office: Office) -> Actor:
    return Actor(person.name, capacity, person.assurance_level, office, person.id)


def _then(act: Act, actor: Actor, days_ago: int, reason: str = "") -> Act:
    return replace(act, actor=actor, at=act.at - timedelta(days=days_ago), reason=reason)


def _named(row: dict[str, Any]) -> Candidate:
    return Candidate(row["name"], IdType(row["id_type"]), row["id_number"])


def _unit(act: Act, name: str, parent: Unit | None = None) -> Unit:
    below = Unit.parent_id == parent.id if parent else Unit.parent_id.is_not(None)
    return act.session.scalars(select(Unit).where(Unit.name == name, below)).one()
