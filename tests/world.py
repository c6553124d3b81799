"""A small named world: two cities, two universities, colleges, a company, people, one outsider.

省科技厅
├── 济南市科技局
│   ├── 演示大学            represented by 校长, administered by 处长
│   │   ├── 海洋学院        administered by 院长
│   │   │   └── 潮汐实验室
│   │   └── 物理学院
│   └── 无人公司            nobody represents it
└── 青岛市科技局
    └── 邻居大学            represented by 邻居
        └── 邻居学院
"""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from admin_app.database import begin_writing
from admin_app.delegation.arrival import arrive
from admin_app.delegation.operations import appoint
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.claims import ReportedEnterprise
from admin_app.identity.models import Person
from admin_app.policy.actor import Actor, Office
from admin_app.policy.vocabulary import AssuranceLevel, Capacity
from tests import builders
from tests.databases import Database


@dataclass
class World:
    """The units and people by name; ``acting`` makes an actor of them."""

    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Unit:
        return self.units[name]

    def acting(self, name: str, capacity: Capacity, unit: str | None = None) -> Actor:
        """A person of this world in a capacity, at a unit."""
        person = self.people[name]
        return Actor(
            name=name,
            capacity=capacity,
            level=AssuranceLevel(person.level),
            office=self.office(unit) if unit else None,
            person_id=person.id,
        )

    def office(self, unit: str) -> Office:
        found = self.units[unit]
        return Office(found.id, found.path, found.name)

    @property
    def rector(self) -> Actor:
        return self.acting("校长", Capacity.LEGAL_REPRESENTATIVE, "演示大学")

    @property
    def director(self) -> Actor:
        return self.acting("处长", Capacity.UNIT_ADMINISTRATOR, "演示大学")

    @property
    def dean(self) -> Actor:
        return self.acting("院长", Capacity.UNIT_ADMINISTRATOR, "海洋学院")

    @property
    def neighbour(self) -> Actor:
        return self.acting("邻居", Capacity.LEGAL_REPRESENTATIVE, "邻居大学")

    @property
    def outsider(self) -> Actor:
        return self.acting("外人", Capacity.NATURAL_PERSON)

    def staff(
        self, capacity: Capacity = Capacity.DEPARTMENT_STAFF, unit: str = "济南市科技局"
    ) -> Actor:
        return Actor(name="科员", capacity=capacity, office=self.office(unit), staff_id=1)


# Who is who: the sequence number makes the ID number.
SEQUENCES = {"校长": 101, "处长": 102, "院长": 103, "邻居": 104, "外人": 105, "新人": 106}


def build_world(session: Session) -> World:
    """Build it through the real operations."""
    world = World()
    units = world.units
    units["省科技厅"] = builders.root(session, "省科技厅")
    for name, parent, kind in (
        ("济南市科技局", "省科技厅", UnitKind.DEPARTMENT),
        ("青岛市科技局", "省科技厅", UnitKind.DEPARTMENT),
        ("演示大学", "济南市科技局", UnitKind.FIRST_LEVEL),
        ("海洋学院", "演示大学", UnitKind.SECONDARY),
        ("潮汐实验室", "海洋学院", UnitKind.SECONDARY),
        ("物理学院", "演示大学", UnitKind.SECONDARY),
        ("无人公司", "济南市科技局", UnitKind.FIRST_LEVEL),
        ("邻居大学", "青岛市科技局", UnitKind.FIRST_LEVEL),
        ("邻居学院", "邻居大学", UnitKind.SECONDARY),
    ):
        units[name] = builders.unit(session, units[parent], name, kind)
    for name, represents in (
        ("校长", "演示大学"),
        ("处长", None),
        ("院长", None),
        ("邻居", "邻居大学"),
        ("外人", None),
    ):
        enterprises = (builders.enterprise(units[represents]),) if represents else ()
        person = sign_in(session, name, enterprises=enterprises)
        assert person is not None
        world.people[name] = person
    appoint(
        builders.act(session, world.rector),
        units["演示大学"].id,
        builders.candidate("处长", SEQUENCES["处长"]),
    )
    appoint(
        builders.act(session, world.rector),
        units["海洋学院"].id,
        builders.candidate("院长", SEQUENCES["院长"]),
    )
    session.flush()
    return world


def settle(database: Database) -> World:
    """Build it in a database for good."""
    with database.sessions() as session:
        begin_writing(session)
        world = build_world(session)
        session.commit()
        return world


def sign_in(
    session: Session,
    name: str,
    *,
    enterprises: tuple[ReportedEnterprise, ...] = (),
    level: AssuranceLevel = AssuranceLevel.INTERMEDIATE,
    minutes: int = 0,
) -> Person | None:
    """Somebody comes through the portal; None if they aren't let in."""
    identity = builders.identity(name, SEQUENCES[name], level=level, enterprises=enterprises)
    return arrive(builders.act(session, minutes=minutes), identity).person
