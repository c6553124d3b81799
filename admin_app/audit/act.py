"""One act: who does it, when, why, and the session it is written through.

Every operation takes an ``Act``; it never asks a web session or a clock of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, Self

from sqlalchemy.orm import Session

from admin_app.policy.actor import Actor, Involved
from admin_app.policy.vocabulary import Capacity, Ground, Refused
from admin_app.sealing import Sealer
from admin_app.settings import Settings


@dataclass(frozen=True, slots=True)
class Limits:
    """The configured bounds that operations hold to."""

    administrators_per_unit: int = 3
    pending_days: int = 30
    # Which evidence a case has to bring, by the kind of case.
    evidence: Mapping[Any, Sequence[str]] = field(default_factory=dict)
    urging_days: int = 7
    # Working days within which a case is to be decided, by the kind of case.
    case_days: Mapping[Any, int] = field(default_factory=dict)
    case_days_otherwise: int = 3
    # Whether new cases are given to members of support in turn; when everybody hears of late ones.
    case_assignment: bool = False
    case_escalation_days: int = 3
    # By which day all are to have moved.
    deadline: date | None = None

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Those bounds that the settings have by the same names: all of them."""
        return cls(**{each.name: getattr(settings, each.name) for each in fields(cls)})


@dataclass(frozen=True, slots=True)
class Act:
    """The circumstances under which an operation runs.

    ``at`` is UTC; ``reason`` is what the actor typed, and empty if they weren't asked.
    """

    session: Session
    actor: Actor
    at: datetime
    sealer: Sealer
    reason: str = ""
    limits: Limits = Limits()
    # Of a case: whom it is about, and who proposed what is done now.
    involved: Involved | None = None


# What the platform does by itself, such as taking note of what the portal reports.
PLATFORM = Actor(name="一号通", capacity=Capacity.PLATFORM_SUPPORT)


def require_platform(act: Act) -> None:
    """A command acts as the platform; nobody who signs in does, whatever their capacity.

    Raises:
        Refused
    """
    actor = act.actor
    signed_in = actor.person_id is not None or actor.staff_id is not None
    if signed_in or actor.capacity is not PLATFORM.capacity:
        ground = Ground.NOT_IN_THIS_CAPACITY
        raise Refused(ground, ground.text.format(capacity=actor.capacity.label))
