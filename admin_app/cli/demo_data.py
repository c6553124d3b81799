"""A made-up province: departments, units, colleges and staff accounts, plainly synthetic.

The enterprises that the portal simulator's people represent are in it under their credit codes,
apart from the one whose story is that the platform doesn't know it.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select

from admin_app.audit.act import Act
from admin_app.audit.operations import record
from admin_app.audit.vocabulary import Event
from admin_app.cli.rehearsing import rehearse
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.rows import add_unit
from admin_app.hierarchy.rules import check_character
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.staff import add_staff
from admin_app.identity.vocabulary import StaffRole
from admin_app.migration.rehearsal.script import draw
from admin_app.rollups.upkeep import fold

SUPPORT_USERS = ("demo-support", "demo-support-2")
PASSWORD = "demo-pass-2026"  # noqa: S105 - the demo's, printed at its start
DEPARTMENT_USER = "demo-department"
ROOT = "演示省科学技术厅"
NOT_ON_THE_PLATFORM = "尚未入库"

LONG = timedelta(days=46)  # since the units were imported
_DAYS = 45  # of the rehearsed migration
_SHARES = ((1, 50), (2, 30), (3, 20))  # of its people, in percent: a department a seed

_CITIES = "一二三四五六七八九十"
_COUNTIES = "东西南北"
_TRADES = ("海洋装备", "生物医药", "新材料", "智能制造", "数字农业", "清洁能源")
_INSTITUTES = ("农业科学院", "海洋研究所", "医学研究院")
_COLLEGES = (
    "数学学院", "物理学院", "化学化工学院", "生命科学学院", "海洋学院", "计算机学院", "医学院",
    "机械工程学院", "材料学院", "环境学院", "经济学院", "外国语学院",
)  # fmt: skip
_LABORATORIES = ("第一实验室", "第二实验室", "测试中心")
_DIVISIONS = ("研发中心", "技术部")


class Planned(NamedTuple):
    """A unit to be, and what is to stand below it."""

    name: str
    kind: UnitKind
    uscc: str | None = None
    below: tuple["Planned", ...] = ()


def seed(act: Act, people: Path, show: Callable[[int, int], None]) -> None:
    """Fill an empty database; ``show`` is told how many units are done, of how many."""
    known = json.loads(people.read_text(encoding="utf-8"))["enterprises"]
    plan = _province([(item["name"], item["uscc"]) for item in known])
    total = _size(plan)
    done = count(1)
    then = replace(act, at=act.at - LONG)

    def plant(planned: Planned, parent: Unit | None) -> Unit:
        unit = add_unit(then, parent, planned.kind, planned.name, planned.uscc)
        show(next(done), total)
        for lower in planned.below:
            plant(lower, unit)
        return unit

    root = plant(plan, None)
    record(then, Event.UNITS_IMPORTED, unit_id=root.id, subject=root.name, taken=total)
    for username, name, role in (
        (DEPARTMENT_USER, "示例科员", StaffRole.DEPARTMENT_STAFF),
        ("demo-manager", "示例管理者", StaffRole.MANAGER),
        (SUPPORT_USERS[0], "示例支持", StaffRole.PLATFORM_SUPPORT),
        # What takes two people can be played with a second one.
        (SUPPORT_USERS[1], "示例支持二", StaffRole.PLATFORM_SUPPORT),
        ("demo-security", "示例安全员", StaffRole.SECURITY_ADMINISTRATOR),
        ("demo-auditor", "示例审计员", StaffRole.AUDITOR),
    ):
        department = root.id if role.needs_department else None
        add_staff(act, username, name, PASSWORD, role, department)


def let_move_in(act: Act, people: int, show: Callable[[int, int], None]) -> None:
    """Let many more move in until yesterday, so that there is something to see in the figures."""
    if not people:
        return
    act.session.flush()
    fold(act.session)  # the units are older than what happens now
    root = act.session.scalars(select(Unit).where(Unit.parent_id.is_(None))).one()
    scripts = [draw(seed, people * share // 100, _DAYS) for seed, share in _SHARES]
    total = sum(len(script.cast) + len(script.steps) for script in scripts)
    done = count(1)

    def one_more() -> None:
        show(next(done), total)

    for script in scripts:
        rehearse(act, root, script, _DAYS, (one_more, one_more))


def _province(known: list[tuple[str, str]]) -> Planned:
    codes = _codes()
    named = [_known_unit(name, uscc) for name, uscc in known if NOT_ON_THE_PLATFORM not in name]
    cities = []
    for number, city in enumerate(_CITIES):
        counties = tuple(
            Planned(
                f"演示{city}市{county}区科学技术局",
                UnitKind.DEPARTMENT,
                below=tuple(_company(f"演示{city}市{county}区{t}", codes) for t in _TRADES),
            )
            for county in _COUNTIES
        )
        own = tuple(_institute(f"演示{city}市{name}", next(codes)) for name in _INSTITUTES)
        here = tuple(named[number :: len(_CITIES)])
        cities.append(
            Planned(f"演示{city}市科学技术局", UnitKind.DEPARTMENT, below=(*here, *own, *counties))
        )
    return Planned(ROOT, UnitKind.DEPARTMENT, below=tuple(cities))


def _known_unit(name: str, uscc: str) -> Planned:
    if "大学" in name:
        return _university(name, uscc)
    if "院" in name:
        return _institute(name, uscc)
    return Planned(name, UnitKind.FIRST_LEVEL, uscc, _leaves(_DIVISIONS))


def _university(name: str, uscc: str) -> Planned:
    colleges = tuple(
        Planned(college, UnitKind.SECONDARY, below=_leaves(_LABORATORIES)) for college in _COLLEGES
    )
    return Planned(name, UnitKind.FIRST_LEVEL, uscc, colleges)


def _institute(name: str, uscc: str) -> Planned:
    return Planned(name, UnitKind.FIRST_LEVEL, uscc, _leaves(_LABORATORIES))


def _company(name: str, codes: Iterator[str]) -> Planned:
    return Planned(f"{name}有限公司", UnitKind.FIRST_LEVEL, next(codes), _leaves(_DIVISIONS))


def _leaves(names: tuple[str, ...]) -> tuple[Planned, ...]:
    return tuple(Planned(name, UnitKind.SECONDARY) for name in names)


def _codes() -> Iterator[str]:
    """Credit codes of a division that doesn't exist, with the check character right."""
    bodies = (f"91990001{number:09d}" for number in count(100_000_001))
    return (body + check_character(body) for body in bodies)


def _size(planned: Planned) -> int:
    return 1 + sum(_size(lower) for lower in planned.below)
