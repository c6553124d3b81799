"""What time brings: the deadline, appointments about to expire, cases that wait for their person.

A duty opens the walks that are due; workers go through them in batches, each one transaction with
how far the walk has come. Whoever dies at one leaves it as it was; nobody is told twice.
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from sqlalchemy import select

from admin_app.audit.act import Act
from admin_app.audit.models import OutboxMessage
from admin_app.audit.operations import announce
from admin_app.delegation.models import Appointment
from admin_app.delegation.vocabulary import AppointmentState
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.vocabulary import UnitKind, UnitStatus
from admin_app.identity.models import Person
from admin_app.jobs.rules import CHINA
from admin_app.migration.person_sql import person_standing
from admin_app.migration.standing_sql import read
from admin_app.migration.vocabulary import AccountState
from admin_app.notices.models import Notice, Reminder
from admin_app.notices.responsible import responsible_for, unmoved_enterprises
from admin_app.notices.rules import EXPIRING_DAYS, WAITING_DAYS, deadline_step
from admin_app.notices.telling import deliver
from admin_app.notices.vocabulary import NoticeKind
from admin_app.service_desk.case_vocabulary import CaseState
from admin_app.service_desk.models import Case

BATCH = 500
_FIRST_WINDOW = timedelta(days=30)  # of a walk that never was: not all the past
_PERSONS, _UNITS, _CASES = "persons", "units", "cases waiting"


def open_walks(act: Act) -> None:
    """Open the walks that are due today; a duty. Those still under way go on as they are."""
    deadline = act.limits.deadline
    today = act.at.astimezone(CHINA).date()
    step = deadline_step((deadline - today).days) if deadline else None
    if deadline and step:
        for about in (_PERSONS, _UNITS):
            name = f"deadline {deadline} {step} {about}"
            if act.session.get(Reminder, name) is None:
                # Told already as far as the outbox goes: the walk tells of it, person by person.
                message = OutboxMessage(
                    at=act.at,
                    topic="deadline.near",
                    payload={"deadline": str(deadline), "days": (deadline - today).days},
                    told_at=act.at,
                )
                act.session.add(message)
                act.session.flush()
                act.session.add(_walk(name, act.at, act.at, message.id))
    for days in EXPIRING_DAYS:
        _open_again(act, f"expiring {days}", act.at + timedelta(days=days), timedelta(days=1))
    asked = datetime.combine(today - timedelta(days=WAITING_DAYS), time(), CHINA)
    _open_again(act, _CASES, asked, _FIRST_WINDOW)
    act.session.flush()


def remind(act: Act) -> bool:
    """The next batch of a walk that nobody else is at; whether there was one."""
    walk = act.session.scalars(
        select(Reminder)
        .where(Reminder.done_at.is_(None))
        .order_by(Reminder.name)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if walk is None:
        return False
    last = _step_of(walk)(act, walk)
    if last is None:
        walk.done_at = act.at
    else:
        walk.last_id = last
    act.session.flush()
    return True


def _step_of(walk: Reminder) -> Callable[[Act, Reminder], int | None]:
    if walk.name == _CASES:
        return _waiting_cases
    if walk.name.startswith("expiring"):
        return _expiring
    return _persons if walk.name.endswith(_PERSONS) else _units


def _walk(name: str, from_at: datetime, until_at: datetime, message_id: int | None) -> Reminder:
    return Reminder(name=name, from_at=from_at, until_at=until_at, message_id=message_id, last_id=0)


def _open_again(act: Act, name: str, until: datetime, first: timedelta) -> None:
    """The next window begins where the last one ended: whatever the pauses, each is told once."""
    walk = act.session.get(Reminder, name)
    if walk is None:
        act.session.add(_walk(name, until - first, until, None))
    elif walk.done_at is not None and until > walk.until_at:
        walk.from_at, walk.until_at, walk.last_id, walk.done_at = walk.until_at, until, 0, None


def _persons(act: Act, walk: Reminder) -> int | None:
    """Those who have come and whose own old account hasn't moved, or an enterprise of theirs.

    Who has both to do is told of their own, which comes first.
    """
    rows = act.session.execute(
        select(Person.id, person_standing())
        .where(Person.id > walk.last_id)
        .order_by(Person.id)
        .limit(BATCH)
    ).all()
    unmoved = [
        person_id
        for person_id, standing in rows
        if standing and read(standing).state is not AccountState.MIGRATED
    ]
    _tell(act, walk, NoticeKind.DEADLINE_NEAR, {each: {} for each in unmoved})
    others = {person_id for person_id, _ in rows} - set(unmoved)
    _tell(act, walk, NoticeKind.ENTERPRISE_DEADLINE_NEAR, unmoved_enterprises(act.session, others))
    return rows[-1][0] if rows else None


def _units(act: Act, walk: Reminder) -> int | None:
    """Units without an administrator: whoever could appoint one, each told once."""
    units = act.session.scalars(
        select(Unit)
        .where(
            Unit.id > walk.last_id,
            Unit.status == UnitStatus.ACTIVE,
            Unit.kind != UnitKind.DEPARTMENT,
            Unit.administrators == 0,
        )
        .order_by(Unit.id)
        .limit(BATCH)
    ).all()
    found: dict[int, dict[str, str]] = {}
    for unit, people in responsible_for(act.session, units):
        for person_id in people:
            found.setdefault(person_id, {"unit": unit.name})
    _tell(act, walk, NoticeKind.UNIT_DEADLINE_NEAR, found)
    return units[-1].id if units else None


def _tell(act: Act, walk: Reminder, kind: NoticeKind, people: dict[int, dict[str, str]]) -> None:
    message = act.session.get_one(OutboxMessage, walk.message_id)
    told = act.session.scalars(
        select(Notice.person_id).where(
            Notice.message_id == message.id, Notice.person_id.in_(people), Notice.kind == kind
        )
    ).all()
    notices = [
        Notice(
            message_id=message.id,
            person_id=person_id,
            kind=kind,
            values={**message.payload, **values},
            at=act.at,
        )
        for person_id, values in sorted(people.items())
        if person_id not in told
    ]
    act.session.add_all(notices)
    act.session.flush()
    deliver(act, notices)


def _expiring(act: Act, walk: Reminder) -> int | None:
    """Pending appointments that expire within this walk's time; the outbox tells of each."""
    found = act.session.scalars(
        select(Appointment)
        .where(
            Appointment.state == AppointmentState.PENDING,
            Appointment.expires_at > walk.from_at,
            Appointment.expires_at <= walk.until_at,
            Appointment.id > walk.last_id,
        )
        .order_by(Appointment.id)
        .limit(BATCH)
    ).all()
    days = int(walk.name.split()[1])
    for each in found:
        announce(
            act, "appointment.expiring", appointment_id=each.id, unit_id=each.unit_id, days=days
        )
    return found[-1].id if found else None


def _waiting_cases(act: Act, walk: Reminder) -> int | None:
    """Cases that were asked for an answer in this walk's days; the outbox tells of each."""
    found = act.session.scalars(
        select(Case)
        .where(Case.state == CaseState.WAITING, Case.id > walk.last_id)
        .order_by(Case.id)
        .limit(BATCH)
    ).all()
    first, last = (each.astimezone(CHINA).date() for each in (walk.from_at, walk.until_at))
    today = act.at.astimezone(CHINA).date()
    for case in found:
        if case.asked_on is None or not first < case.asked_on <= last:
            continue
        days = (today - case.asked_on).days
        if case.person_id is not None:
            announce(
                act, "waiting.for_person", case_id=case.id, person_id=case.person_id, days=days
            )
        elif case.form is not None:
            announce(
                act,
                "waiting.for_unit",
                case_id=case.id,
                unit_id=case.unit_id,
                form=case.form.value,
                days=days,
            )
    return found[-1].id if found else None
