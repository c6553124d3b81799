"""Who could appoint somebody at many units at once: three queries, however many units there are."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.database import among
from admin_app.delegation.models import Appointment
from admin_app.delegation.vocabulary import AppointmentState
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import chains
from admin_app.identity.models import Representation


def responsible_for(
    session: Session, units: Sequence[Unit]
) -> Iterator[tuple[Unit, frozenset[int]]]:
    """Each unit with its own legal representative and administrators, or the nearest above."""
    above = chains(session, units)
    lines = {unit.id: [*above[unit.id], unit][::-1] for unit in units}  # itself first
    everybody = {each.id: each for line in lines.values() for each in line}
    in_office = _administrators(session, set(everybody))
    representing = _representatives(
        session, {each.uscc for each in everybody.values() if each.uscc}
    )
    for unit in units:
        for each in lines[unit.id]:
            found = in_office.get(each.id, set()) | representing.get(each.uscc or "", set())
            if found:
                yield unit, frozenset(found)
                break


def _administrators(session: Session, unit_ids: set[int]) -> dict[int, set[int]]:
    rows = session.execute(
        select(Appointment.unit_id, Appointment.person_id).where(
            among(session, Appointment.unit_id, unit_ids),
            Appointment.state == AppointmentState.CURRENT,
        )
    )
    found: dict[int, set[int]] = {}
    for unit_id, person_id in rows:
        if person_id is not None:
            found.setdefault(unit_id, set()).add(person_id)
    return found


def _representatives(session: Session, codes: set[str]) -> dict[str, set[int]]:
    rows = session.execute(
        select(Representation.uscc, Representation.person_id).where(
            among(session, Representation.uscc, codes), Representation.until.is_(None)
        )
    )
    found: dict[str, set[int]] = {}
    for uscc, person_id in rows:
        found.setdefault(uscc, set()).add(person_id)
    return found
