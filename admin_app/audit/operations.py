"""Writing the trail and the outbox: always in the transaction of what they tell of."""

from typing import Any

from admin_app.audit.act import Act
from admin_app.audit.models import AuditEntry, OutboxMessage
from admin_app.audit.vocabulary import Event
from admin_app.policy.rules import Decision


def record(
    act: Act,
    event: Event,
    *,
    unit_id: int | None = None,
    person_id: int | None = None,
    subject: str = "",
    decision: Decision | None = None,
    **details: Any,
) -> None:
    """Record an event of the catalogue.

    Args:
        subject: what it was about, as people would name it; never an ID number.
        decision: the authority it was done by.
        details: JSON values, such as former and new name.
    """
    actor = act.actor
    act.session.add(
        AuditEntry(
            at=act.at,
            event=event.value,
            actor_name=actor.name,
            actor_capacity=actor.capacity.value,
            actor_office=actor.office.unit_name if actor.office else "",
            actor_person_id=actor.person_id,
            actor_staff_id=actor.staff_id,
            unit_id=unit_id,
            person_id=person_id,
            subject=subject,
            ground=decision.ground.value if decision else "",
            reason=act.reason,
            details=details,
        )
    )


def announce(act: Act, topic: str, **payload: Any) -> None:
    """Put a message for other systems into the outbox; JSON values, and never an ID number."""
    act.session.add(OutboxMessage(at=act.at, topic=topic, payload=payload))
