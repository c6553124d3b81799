"""Reading urgings: the last of each unit, who has taken note, and what is left to be done."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.vocabulary import UnitKind, UnitStatus
from admin_app.migration.vocabulary import AccountState
from admin_app.rollups.holders import ENTERPRISES, blocked_below, vacant_below
from admin_app.rollups.models import UnitStanding
from admin_app.service_desk.models import Urging, UrgingAcknowledgement
from admin_app.service_desk.vocabulary import Asked


def last_urgings(session: Session, unit_ids: Collection[int]) -> dict[int, Urging]:
    """The last urging of each of some units that has been urged."""
    last = select(func.max(Urging.id)).where(Urging.unit_id.in_(unit_ids)).group_by(Urging.unit_id)
    whole = joinedload(Urging.unit), joinedload(Urging.department)
    found = session.scalars(select(Urging).where(Urging.id.in_(last)).options(*whole))
    return {urging.unit_id: urging for urging in found}


def noted_at(session: Session, urging_ids: Collection[int]) -> dict[int, datetime]:
    """When somebody in charge first took note of each of some urgings."""
    noted = UrgingAcknowledgement
    rows = session.execute(
        select(noted.urging_id, func.min(noted.at))
        .where(noted.urging_id.in_(urging_ids))
        .group_by(noted.urging_id)
    )
    return dict(rows.all())


def noted_by(session: Session, person_id: int, urging_ids: Collection[int]) -> set[int]:
    """Which of some urgings a person has taken note of."""
    noted = UrgingAcknowledgement
    statement = select(noted.urging_id).where(
        noted.person_id == person_id, noted.urging_id.in_(urging_ids)
    )
    return set(session.scalars(statement))


def outstanding(session: Session, units: Sequence[Unit]) -> dict[int, set[Asked]]:
    """What each of some units has left to do, as the figures have it."""
    found: dict[int, set[Asked]] = {unit.id: set() for unit in units}
    numbers = [
        unit.id
        for unit in units
        if unit.kind is UnitKind.FIRST_LEVEL and unit.status is UnitStatus.ACTIVE
    ]
    behind = session.scalars(
        select(UnitStanding.unit_id).where(
            UnitStanding.unit_id.in_(numbers),
            UnitStanding.kind == ENTERPRISES,
            UnitStanding.state != AccountState.MIGRATED.value,
        )
    )
    for number in behind:
        found[number].add(Asked.GET_THROUGH)
    lower = blocked_below(session, numbers) + vacant_below(session, numbers)
    for number in numbers:
        if lower[number] > 0:
            found[number].add(Asked.APPOINT)
    return found


def urged(session: Session, person_id: int, unit_ids: Collection[int]) -> list[Urging]:
    """What is asked of units that a person is in charge of: neither done nor taken note of."""
    last = last_urgings(session, unit_ids)
    noted = noted_by(session, person_id, [urging.id for urging in last.values()])
    left = outstanding(session, [urging.unit for urging in last.values()])
    open_still = [
        urging
        for urging in last.values()
        if urging.id not in noted and urging.asked in left[urging.unit_id]
    ]
    return sorted(open_still, key=lambda urging: -urging.id)
