"""Who acts, and what is known of the unit acted upon: plain values, never live rows."""

from dataclasses import dataclass

from admin_app.policy.vocabulary import AssuranceLevel, Capacity, UnitKind


@dataclass(frozen=True, slots=True)
class Office:
    """The node of the tree from which somebody acts."""

    unit_id: int
    path: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody acting in one capacity; exactly one of ``person_id`` and ``staff_id`` is set."""

    name: str
    capacity: Capacity
    level: AssuranceLevel = AssuranceLevel.NONE
    office: Office | None = None
    person_id: int | None = None
    staff_id: int | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom an act of the service desk is about, and the units where they hold office."""

    person_id: int | None = None
    name: str = ""
    unit_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Involved:
    """Who has to do with such an act besides the actor: its subjects, and whoever proposed it."""

    subjects: tuple[Subject, ...] = ()
    proposer: Actor | None = None


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """What the rule needs to know of a unit.

    ``represented``: the unit itself has a current legal representative.
    ``administered``: the unit itself has a current administrator.
    ``overseen_within``: somebody below the departments holds office at a strict ancestor.
    """

    path: str
    kind: UnitKind
    represented: bool = False
    administered: bool = False
    overseen_within: bool = False
