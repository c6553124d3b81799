"""A department urges a unit that holds others up; whoever is in charge there takes note of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.audit.operations import announce, record
from admin_app.audit.vocabulary import Event
from admin_app.delegation.facts import facts_of
from admin_app.delegation.queries import current_offices
from admin_app.errors import DomainError, NotFound
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.rows import lock_unit
from admin_app.identity.queries import representations_of
from admin_app.policy.rules import require
from admin_app.policy.vocabulary import Permission
from admin_app.rollups.rules import day_of
from admin_app.service_desk.models import Urging, UrgingAcknowledgement
from admin_app.service_desk.urging_queries import last_urgings, outstanding
from admin_app.service_desk.vocabulary import AlreadyUrged, Asked, NothingToUrge, day_in_words

MOST_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of several urgings: no refusal means it was done."""

    unit: Unit
    asked: Asked
    refusal: DomainError | None = None


def urge(act: Act, unit_id: int, asked: Asked) -> Urging:
    """Ask a unit for something it really has left to do; the act's reason goes with it as a note.

    A unit is urged once in so many days, by whichever department: its row is locked meanwhile.

    Raises:
        NotFound, Refused, NothingToUrge, AlreadyUrged
    """
    unit = lock_unit(act.session, unit_id)
    decision = require(act.actor, Permission.UNIT_URGE, facts_of(act.session, unit), act.reason)
    office, staff_id = act.actor.office, act.actor.staff_id
    if office is None or staff_id is None:
        raise NotFound  # the rule gives this right to members of staff of a department alone
    if asked not in outstanding(act.session, [unit])[unit.id]:
        raise NothingToUrge(unit=unit.name)
    _require_rest(act, unit)
    urging = Urging(
        unit_id=unit.id,
        department_id=office.unit_id,
        staff_id=staff_id,
        urged_by=act.actor.name,
        at=act.at,
        asked=asked,
        note=act.reason,
    )
    act.session.add(urging)
    act.session.flush()
    record(
        act,
        Event.UNIT_URGED,
        unit_id=unit.id,
        subject=unit.name,
        decision=decision,
        asked=asked.value,
        urging_id=urging.id,
    )
    announce(
        act,
        Event.UNIT_URGED.value,
        urging_id=urging.id,
        unit_id=unit.id,
        unit=unit.name,
        department_id=office.unit_id,
        department=office.unit_name,
        asked=asked.value,
        note=act.reason,
    )
    return urging


def urge_all(act: Act, wanted: Collection[tuple[int, Asked]]) -> list[Outcome]:
    """Urge several, in one order, so that two who do so never wait for each other in a ring.

    Of two things wanted of one unit the first is asked; the unit rests from the second.

    Raises:
        NotFound, Refused: one of them is out of reach; then the whole isn't to be kept.
    """
    outcomes = []
    for unit_id, asked in sorted(dict.fromkeys(wanted), key=lambda each: each[0]):
        try:
            urging = urge(act, unit_id, asked)
            outcomes.append(Outcome(act.session.get_one(Unit, urging.unit_id), asked))
        except (AlreadyUrged, NothingToUrge) as error:  # raised before anything is written
            outcomes.append(Outcome(act.session.get_one(Unit, unit_id), asked, error))
    return outcomes


def rest_until(days: int, last: Urging) -> date:
    """From which day on a unit may be urged again."""
    return day_of(last.at) + timedelta(days=days)


def acknowledge(act: Act, urging_id: int) -> None:
    """Take note of an urging; done twice it is done once.

    Raises:
        NotFound: not there, or the actor neither represents nor administers the unit.
    """
    urging = act.session.scalar(select(Urging).where(Urging.id == urging_id).with_for_update())
    person_id = act.actor.person_id
    if urging is None or person_id is None or not _in_charge(act.session, person_id, urging):
        raise NotFound
    if act.session.get(UrgingAcknowledgement, (urging.id, person_id)) is not None:
        return
    act.session.add(UrgingAcknowledgement(urging_id=urging.id, person_id=person_id, at=act.at))
    record(
        act,
        Event.URGING_ACKNOWLEDGED,
        unit_id=urging.unit_id,
        person_id=person_id,
        subject=urging.unit.name,
        urging_id=urging.id,
    )


def _require_rest(act: Act, unit: Unit) -> None:
    last = last_urgings(act.session, [unit.id]).get(unit.id)
    if last is None:
        return
    again = rest_until(act.limits.urging_days, last)
    if day_of(act.at) < again:
        raise AlreadyUrged(
            unit=unit.name,
            department=last.department.name,
            day=day_in_words(day_of(last.at)),
            again=day_in_words(again),
        )


def _in_charge(session: Session, person_id: int, urging: Urging) -> bool:
    represented = (unit for _, unit in representations_of(session, person_id))
    administered = (office.unit for office in current_offices(session, person_id))
    units = (*represented, *administered)
    return any(unit is not None and unit.id == urging.unit_id for unit in units)
