"""What a page is about, fetched through the visitor's reach, and what they may do with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from admin_app.delegation.facts import facts_of
from admin_app.delegation.models import Appointment
from admin_app.delegation.queries import get_appointment
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import ancestors, get_unit
from admin_app.identity.names import mask_name
from admin_app.policy.rules import Decision, decide, reach
from admin_app.policy.vocabulary import Permission
from admin_app.web.database import current_session
from admin_app.web.identity import current_actor

# In an address: a number that both databases take; anything else is no such page.
NUMBER = "int(max=2147483647)"


@dataclass(frozen=True)
class Step:
    """A unit on the way from the root; one beyond the visitor's reach is named, not linked."""

    unit: Unit
    within_reach: bool


def shown_name(name: str) -> str:
    """A person's name as the visitor may read it in a list: masked, but for who sees numbers."""
    return name if decide(current_actor(), Permission.IDENTITY_REVEAL) else mask_name(name)


def last_shown() -> str:
    """The path after which a page of units begins, from the address; anything else is none."""
    after = request.args.get("after", "")
    return after if after.isascii() and after.isalnum() and len(after) < 200 else ""


def viewed_unit(unit_id: int) -> Unit:
    """A unit the visitor may see.

    Raises:
        NotFound
    """
    return get_unit(current_session(), reach(current_actor(), Permission.UNIT_VIEW), unit_id)


def viewed_appointment(appointment_id: int) -> Appointment:
    """An appointment at a unit the visitor may see.

    Raises:
        NotFound
    """
    seen = reach(current_actor(), Permission.UNIT_VIEW)
    return get_appointment(current_session(), seen, appointment_id)


def way_to(unit: Unit) -> list[Step]:
    """The units above, root first."""
    return steps(ancestors(current_session(), unit))


def steps(units: Sequence[Unit]) -> list[Step]:
    """Units as steps of a way."""
    seen = reach(current_actor(), Permission.UNIT_VIEW)
    return [Step(unit, seen.covers(unit.path)) for unit in units]


def decisions_about(unit: Unit) -> dict[str, Decision]:
    """For each permission about units, by its name: whether the visitor holds it here, and why."""
    facts, actor = facts_of(current_session(), unit), current_actor()
    return {
        permission.name.lower(): decide(actor, permission, facts)
        for permission in Permission
        if permission.value.startswith(("unit.", "administrator."))
    }
