"""A small world whose people and enterprises are those of the portal simulator.

演示省科学技术厅
├── 演示市科学技术局                local accounts: bureau, manager; the province's: governor
│   ├── 演示大学                    represented by 示例法人一, administered by 示例院长辛
│   │   ├── 海洋学院                administered by 示例主任壬
│   │   │   └── 潮汐实验室
│   │   ├── 物理学院                示例教师乙 appointed, not yet arrived
│   │   ├── 数学学院                nobody
│   │   └── 化学学院                示例教师丙 and two others appointed: no room left
│   ├── 演示星海科技有限公司        示例法人二, not yet arrived
│   ├── 演示蓝湾生物有限公司        示例法人二, not yet arrived
│   └── 演示海洋装备有限公司        nobody who could act
└── 邻市科学技术局
    └── 邻市研究院
"""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.audit.act import PLATFORM, Act
from admin_app.delegation.arrival import arrive
from admin_app.delegation.candidates import Candidate
from admin_app.delegation.operations import appoint
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.rows import add_unit
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.claims import read_identity
from admin_app.identity.models import Person
from admin_app.identity.staff import HASHER, add_staff
from admin_app.identity.vocabulary import IdType, StaffRole
from admin_app.migration.models import LegacyAccount
from admin_app.migration.vocabulary import AccountKind, RecordKind
from admin_app.policy.actor import Actor, Office
from admin_app.policy.vocabulary import Capacity
from admin_app.sealing import Sealer
from admin_app.service_desk.opening import note_arrival
from admin_app.setting_kinds import ClaimNames
from admin_app.settings import Settings
from tests import builders
from tests.browser.belongings import applies, moves_in
from tests.builders_migration import affiliation, history, legacy_account

PORTAL_DATA = json.loads(
    (Path(__file__).parents[2] / "portal_simulator" / "people.json").read_text(encoding="utf-8")
)
PEOPLE: dict[str, dict[str, Any]] = {row["name"]: row for row in PORTAL_DATA["people"]}
USCC = {row["name"]: row["uscc"] for row in PORTAL_DATA["enterprises"]}

PASSWORD = "a long enough password"
PROVINCE = "演示省科学技术厅"
BUREAU, NEIGHBOURING_BUREAU = "演示市科学技术局", "邻市科学技术局"
STAFF = {
    "bureau": ("示例科员", StaffRole.DEPARTMENT_STAFF),
    "manager": ("示例管理者", StaffRole.MANAGER),
    "governor": ("示例厅领导", StaffRole.MANAGER),
    "support": ("示例支持", StaffRole.PLATFORM_SUPPORT),
    "colleague": ("示例同事", StaffRole.PLATFORM_SUPPORT),
    "security": ("示例安全员", StaffRole.SECURITY_ADMINISTRATOR),
    "auditor": ("示例审计员", StaffRole.AUDITOR),
}
_UNITS = (
    (BUREAU, "演示省科学技术厅", UnitKind.DEPARTMENT),
    (NEIGHBOURING_BUREAU, "演示省科学技术厅", UnitKind.DEPARTMENT),
    ("邻市研究院", NEIGHBOURING_BUREAU, UnitKind.FIRST_LEVEL),
    ("演示大学", BUREAU, UnitKind.FIRST_LEVEL),
    ("海洋学院", "演示大学", UnitKind.SECONDARY),
    ("潮汐实验室", "海洋学院", UnitKind.SECONDARY),
    ("物理学院", "演示大学", UnitKind.SECONDARY),
    ("数学学院", "演示大学", UnitKind.SECONDARY),
    ("化学学院", "演示大学", UnitKind.SECONDARY),
    ("演示星海科技有限公司", BUREAU, UnitKind.FIRST_LEVEL),
    ("研发中心", "演示星海科技有限公司", UnitKind.SECONDARY),
    ("演示蓝湾生物有限公司", BUREAU, UnitKind.FIRST_LEVEL),
    ("演示海洋装备有限公司", BUREAU, UnitKind.FIRST_LEVEL),
)


def populate(session: Session, settings: Settings) -> dict[str, int]:
    """Build the world through the real operations; the numbers of its units by name."""
    sealer = Sealer(
        [key.get_secret_value() for key in settings.identity_keys],
        settings.index_key.get_secret_value(),
    )
    act = Act(session, PLATFORM, datetime.now(UTC) - timedelta(days=3), sealer)
    units = {"演示省科学技术厅": builders.root(session, "演示省科学技术厅")}
    for number, (name, parent, kind) in enumerate(_UNITS):
        code = USCC.get(name) or builders.uscc(number)
        first = kind is UnitKind.FIRST_LEVEL
        units[name] = add_unit(act, units[parent], kind, name, code if first else None)
    rector, dean, director, _teacher = (
        _comes(act, settings, name)
        for name in ("示例法人一", "示例院长辛", "示例主任壬", "示例教师甲")
    )
    university = units["演示大学"]
    represents = _acting(act, rector, Capacity.LEGAL_REPRESENTATIVE, university)
    appoint(represents, university.id, named("示例院长辛"))
    administers = _acting(act, dean, Capacity.UNIT_ADMINISTRATOR, university)
    appoint(administers, units["海洋学院"].id, named("示例主任壬"))
    appoint(administers, units["物理学院"].id, named("示例教师乙"))
    for somebody in (named("示例教师丙"), *(builders.candidate(f"示例某{n}", n) for n in (1, 2))):
        appoint(administers, units["化学学院"].id, somebody)
    moves_in(act, dean, university)
    for unit in ("物理学院", "潮汐实验室"):
        applies(act, director, units[unit])
    for username, (name, role) in STAFF.items():
        there = PROVINCE if username == "governor" else BUREAU
        office = units[there].id if role.needs_department else None
        add_staff(act, username, name, PASSWORD, role, office, hasher=HASHER)
    move_in(act, units)
    _old_accounts(act, units)
    return {name: unit.id for name, unit in units.items()}


def move_in(act: Act, units: dict[str, Unit]) -> None:
    """Old accounts: 示例教师丙 has one, 示例外籍己 two, 示例法人二 one and both companies."""
    accounts = [
        _old(act, name) for name in ("示例教师丙", "示例法人二", "示例外籍己", "示例外籍己")
    ]
    for company in ("演示星海科技有限公司", "演示蓝湾生物有限公司"):
        unit = units[company]
        accounts.append(
            legacy_account(
                act.session, company, kind=AccountKind.UNIT, unit=unit, sealer=act.sealer
            )
        )
    affiliation(act.session, accounts[0], units["海洋学院"])
    for account in accounts:
        history(act.session, account, 12)
        history(act.session, account, 3, RecordKind.AWARD)


def _old(act: Act, name: str) -> LegacyAccount:
    row = PEOPLE[name]
    kind = IdType(row["id_type"])
    return legacy_account(act.session, name, row["id_number"], id_type=kind, sealer=act.sealer)


def _old_accounts(act: Act, units: dict[str, Unit]) -> None:
    """Accounts of the old platform: migrated, stuck in several ways, not started."""
    university = units["演示大学"]
    for username, name, kind, unit, bearer in (
        ("old-teacher-a", "示例教师甲", AccountKind.PERSONAL, units["海洋学院"], "示例教师甲"),
        ("old-teacher-b", "示例教师乙", AccountKind.PERSONAL, units["物理学院"], "示例教师乙"),
        ("old-university", "演示大学", AccountKind.UNIT, university, "示例法人一"),
        ("old-admin", "示例院长辛", AccountKind.UNIT_ADMINISTRATOR, university, None),
        ("old-rector", "示例某", AccountKind.PERSONAL, university, "示例法人一"),
    ):
        row = PEOPLE[bearer] if bearer else None
        legacy_account(
            act.session,
            name,
            row["id_number"] if row else None,
            kind=kind,
            unit=unit,
            username=username,
            sealer=act.sealer,
        )
    for name in ("示例教师甲", "示例法人一"):
        index = act.sealer.index(PEOPLE[name]["id_type"], PEOPLE[name]["id_number"])
        person = act.session.scalars(select(Person).where(Person.id_index == index)).one()
        note_arrival(act, person)


def named(name: str) -> Candidate:
    """Somebody from the portal as an appointer names them."""
    row = PEOPLE[name]
    return Candidate(name, IdType(row["id_type"]), row["id_number"])


def _comes(act: Act, settings: Settings, name: str) -> Person:
    row = PEOPLE[name]
    claims = {**row, "assurance_level": row["level"]}
    person = arrive(act, read_identity(settings.portal_issuer, claims, ClaimNames())).person
    assert person is not None
    return person


def _acting(act: Act, person: Person, capacity: Capacity, unit: Unit) -> Act:
    office = Office(unit.id, unit.path, unit.name)
    actor = Actor(person.name, capacity, person.assurance_level, office, person.id)
    return replace(act, actor=actor)
