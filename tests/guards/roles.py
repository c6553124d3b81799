"""Who comes to the console: each role, and the rows of the small world that lie out of its reach.

校长 and everybody else are those of ``tests.world``; units are named, never numbered.
"""

from collections.abc import Callable
from dataclasses import dataclass

from admin_app.identity.vocabulary import StaffRole
from admin_app.policy.vocabulary import Capacity
from tests.web.stage import Stage, Visitor


@dataclass(frozen=True)
class Role:
    """A visitor, the capacity they act in, and units they may not even see.

    ``outside`` is empty for who sees everything; rows that don't exist are out of reach for all.
    """

    name: str
    capacity: Capacity | None
    enter: Callable[[Stage], Visitor]
    outside: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name


EVERY_UNIT = ("省科技厅", "演示大学", "海洋学院", "邻居学院")

ROLES = (
    Role(
        "legal representative",
        Capacity.LEGAL_REPRESENTATIVE,
        lambda stage: stage.rector,
        ("济南市科技局", "无人公司", "邻居大学", "邻居学院"),
    ),
    Role(
        "first-level unit administrator",
        Capacity.UNIT_ADMINISTRATOR,
        lambda stage: stage.director,
        ("省科技厅", "无人公司", "邻居大学", "邻居学院"),
    ),
    Role(
        "secondary unit administrator",
        Capacity.UNIT_ADMINISTRATOR,
        lambda stage: stage.dean,
        ("演示大学", "物理学院", "邻居学院"),
    ),
    Role(
        "natural person",
        Capacity.NATURAL_PERSON,
        lambda stage: stage.person("外人"),
        EVERY_UNIT,
    ),
    Role(
        "department of another city",
        Capacity.DEPARTMENT_STAFF,
        lambda stage: stage.staff(StaffRole.DEPARTMENT_STAFF, "青岛市科技局"),
        ("省科技厅", "济南市科技局", "演示大学", "海洋学院", "无人公司"),
    ),
    Role(
        "manager",
        Capacity.MANAGER,
        lambda stage: stage.staff(StaffRole.MANAGER, "济南市科技局"),
        ("省科技厅", "青岛市科技局", "邻居大学", "邻居学院"),
    ),
    Role(
        "platform support",
        Capacity.PLATFORM_SUPPORT,
        lambda stage: stage.staff(StaffRole.PLATFORM_SUPPORT),
    ),
    Role(
        "security administrator",
        Capacity.SECURITY_ADMINISTRATOR,
        lambda stage: stage.staff(StaffRole.SECURITY_ADMINISTRATOR),
        EVERY_UNIT,
    ),
    Role("auditor", Capacity.AUDITOR, lambda stage: stage.staff(StaffRole.AUDITOR), EVERY_UNIT),
    Role("anonymous", None, lambda stage: stage.anonymous(), EVERY_UNIT),
)
