"""Who has something to do for units, of many at once: a few queries, however many there are."""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.database import among
from admin_app.delegation.models import Appointment
from admin_app.delegation.vocabulary import AppointmentState
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import chains
from admin_app.identity.models import Representation
from admin_app.migration.counts import Counted
from admin_app.migration.models import LegacyAccount
from admin_app.migration.vocabulary import AccountKind, AccountState
from admin_app.rollups.models import UnitStanding


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


def unmoved_enterprises(session: Session, people: Collection[int]) -> dict[int, dict[str, str]]:
    """Of each of some people one enterprise of theirs that hasn't moved, by name.

    Its unit says so, or, where the platform has no such unit, the old account itself.
    """
    theirs = among(session, Representation.person_id, people), Representation.until.is_(None)
    standing = (
        select(Representation.person_id, Unit.name)
        .join(Unit, Unit.uscc == Representation.uscc)
        .join(UnitStanding, UnitStanding.unit_id == Unit.id)
        .where(
            *theirs,
            UnitStanding.kind == Counted.ENTERPRISES.value,
            UnitStanding.state != AccountState.MIGRATED.value,
        )
    )
    missing = (
        select(Representation.person_id, Representation.enterprise_name)
        .join(LegacyAccount, LegacyAccount.uscc == Representation.uscc)
        .where(
            *theirs,
            LegacyAccount.kind == AccountKind.UNIT,
            LegacyAccount.unit_id.is_(None),
            LegacyAccount.state != AccountState.MIGRATED,
        )
    )
    rows = [*session.execute(missing), *session.execute(standing.order_by(Unit.id.desc()))]
    return {person_id: {"unit": name} for person_id, name in rows}


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
