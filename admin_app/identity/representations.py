"""Whom the portal reports as legal representative: the last report wins (R05, R29).

The desk may end what was reported long ago; nobody but the portal begins anything.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.audit.operations import record
from admin_app.audit.vocabulary import Event
from admin_app.database import serialise_on
from admin_app.errors import NotFound
from admin_app.hierarchy.queries import find_by_uscc
from admin_app.identity.claims import ReportedEnterprise
from admin_app.identity.models import Person, Representation
from admin_app.policy.rules import require
from admin_app.policy.vocabulary import Permission


def reconcile(act: Act, person: Person, reported: Iterable[ReportedEnterprise]) -> None:
    """Make a person's representations those just reported; the person is locked.

    What is no longer reported ends. An enterprise held by somebody else passes over.
    """
    wanted = {enterprise.uscc: enterprise for enterprise in reported}
    # In one order, so that two people who report the same enterprises never wait in a circle.
    for uscc in sorted(wanted.keys() | _current(act, person).keys()):
        serialise(act, uscc)
    current = _current(act, person)
    for uscc in sorted(current.keys() - wanted.keys()):
        _end(act, current[uscc])
    for uscc in sorted(wanted):
        if uscc in current:
            current[uscc].enterprise_name = wanted[uscc].name
        else:
            _begin(act, person, wanted[uscc])


def end_by_hand(act: Act, uscc: str) -> Representation:
    """End the capacity of somebody whom the portal reported once; its next report counts again.

    The person is locked.

    Raises:
        Refused
        NotFound: nobody represents the enterprise.
    """
    right = Permission.REPRESENTATIVE_END
    decision = require(act.actor, right, None, act.reason, act.involved)
    serialise(act, uscc)
    held = held_by_anybody(act.session, uscc)
    if held is None:
        raise NotFound
    _end(act, held, Event.REPRESENTATION_ENDED_BY_DESK, decision=decision)
    return held


def serialise(act: Act, uscc: str) -> None:
    """Let whatever else concerns who represents an enterprise wait; after persons, before units."""
    serialise_on(act.session, f"representation {uscc}".encode())


def held_by_anybody(session: Session, uscc: str) -> Representation | None:
    """Whom the portal reports as representing an enterprise, as things are now."""
    return session.scalar(
        select(Representation).where(Representation.uscc == uscc, Representation.until.is_(None)),
        execution_options={"populate_existing": True},
    )


def _current(act: Act, person: Person) -> dict[str, Representation]:
    rows = act.session.scalars(
        select(Representation).where(
            Representation.person_id == person.id, Representation.until.is_(None)
        ),
        execution_options={"populate_existing": True},
    )
    return {row.uscc: row for row in rows}


def _begin(act: Act, person: Person, enterprise: ReportedEnterprise) -> None:
    held = held_by_anybody(act.session, enterprise.uscc)
    if held is not None:
        _end(act, held, successor_id=person.id)
    representation = Representation(
        person_id=person.id,
        uscc=enterprise.uscc,
        enterprise_name=enterprise.name,
        since=act.at,
    )
    act.session.add(representation)
    act.session.flush()
    former = {"former_person_id": held.person_id} if held else {}
    _record(act, Event.REPRESENTATION_BEGAN, representation, person.name, **former)


def _end(
    act: Act,
    representation: Representation,
    event: Event = Event.REPRESENTATION_ENDED,
    **details: Any,
) -> None:
    representation.until = act.at
    act.session.flush()
    name = representation.person.name
    _record(act, event, representation, name, **details)


def _record(
    act: Act, event: Event, representation: Representation, name: str, **details: Any
) -> None:
    unit = find_by_uscc(act.session, representation.uscc)
    record(
        act,
        event,
        unit_id=unit.id if unit else None,
        person_id=representation.person_id,
        subject=f"{name} · {representation.enterprise_name}",
        uscc=representation.uscc,
        **details,
    )
