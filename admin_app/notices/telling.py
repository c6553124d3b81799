"""From messages of the outbox to notices: each message once, in one transaction with its mark.

A worker that dies on the way leaves both undone. Messages that nobody is told of, and topics this
package doesn't know, are marked and passed over.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import or_, select

from admin_app.audit.act import Act
from admin_app.audit.models import OutboxMessage
from admin_app.delegation.models import Appointment
from admin_app.delegation.vocabulary import AppointmentState, Ending
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import ancestors
from admin_app.identity.models import NoticeAddress, Person, Representation
from admin_app.identity.vocabulary import Channel
from admin_app.migration.models import LegacyAccount
from admin_app.notices.desk_news import staff_to_tell, values_for
from admin_app.notices.models import Delivery, Notice
from admin_app.notices.rules import kind_of, mail_due_at
from admin_app.notices.vocabulary import DeliveryState, NoticeKind
from admin_app.service_desk.form_vocabulary import FormKind
from admin_app.service_desk.models import Case
from admin_app.service_desk.unit_cases import kept_out
from admin_app.wording import Text

BATCH = 100
_TO_WHOEVER_IS_IN_CHARGE = {
    NoticeKind.APPLICATION_TO_DECIDE,
    NoticeKind.UNIT_URGED,
    NoticeKind.UNIT_PUT_RIGHT,
}
_OF_A_UNITS_FORM = {
    NoticeKind.UNIT_FORM_FILED,
    NoticeKind.UNIT_FORM_MOVED,
    NoticeKind.UNIT_FORM_ASKED,
}
_OFFICES = {
    NoticeKind.OFFICE_BEGAN,
    NoticeKind.OFFICE_WAITING,
    NoticeKind.OFFICE_ENDED,
    NoticeKind.OFFICE_VOID,
}


def tell_waiting(act: Act, limit: int = BATCH) -> int:
    """Tell the oldest messages nobody else is telling.

    Returns:
        how many messages were taken.
    """
    messages = act.session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.told_at.is_(None))
        .order_by(OutboxMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for message in messages:
        notices = list(_notices(act, message))
        act.session.add_all(notices)
        act.session.flush()
        deliver(act, notices)
        message.told_at = act.at
    act.session.flush()
    return len(messages)


def _notices(act: Act, message: OutboxMessage) -> Iterator[Notice]:
    payload = message.payload
    kind = kind_of(message.topic, payload)
    if kind is None:
        return
    if kind.is_for_staff:
        for staff_id in staff_to_tell(act, kind, payload):
            values = values_for(act, payload)
            yield _notice(message, kind, None, values, staff_id)
        return
    values = _values(act, kind, payload)
    for person_id in _recipients(act, kind, payload):
        yield _notice(message, kind, person_id, values)
    if kind is NoticeKind.ACCOUNT_BOUND and payload.get("former_person_id") is not None:
        former = payload["former_person_id"]
        yield _notice(message, NoticeKind.ACCOUNT_TAKEN_OVER, former, values)


def _notice(
    message: OutboxMessage,
    kind: NoticeKind,
    person_id: int | None,
    values: dict[str, Any],
    staff_id: int | None = None,
) -> Notice:
    return Notice(
        message_id=message.id,
        person_id=person_id,
        staff_id=staff_id,
        kind=kind,
        values=values,
        at=message.at,
    )


def _recipients(act: Act, kind: NoticeKind, payload: dict[str, Any]) -> Sequence[int]:
    if kind is NoticeKind.OFFICE_EXPIRING:
        return sorted({*_appointee(act, payload), *_in_charge(act, payload.get("unit_id"))})
    if kind in _OF_A_UNITS_FORM:
        return _in_charge_of_form(act, payload)
    if kind in _TO_WHOEVER_IS_IN_CHARGE:
        return _in_charge(act, payload.get("unit_id"))
    person_id = payload.get("person_id")
    if person_id is None and kind in _OFFICES:
        return _appointee(act, payload)
    if person_id is None or act.session.get(Person, person_id) is None:
        return ()
    return (person_id,)


def _appointee(act: Act, payload: dict[str, Any]) -> Sequence[int]:
    """A waiting appointment names somebody by number; they may have been here before."""
    appointment = _appointment(act, payload)
    if appointment is None:
        return ()
    return act.session.scalars(
        select(Person.id).where(Person.id_index == appointment.id_index)
    ).all()


def _in_charge_of_form(act: Act, payload: dict[str, Any]) -> Sequence[int]:
    """Who sees a form that the desk filed for a unit; of a missing one whom the portal reports."""
    case = act.session.get(Case, payload.get("case_id"))
    if case is None:
        return ()
    if case.uscc is not None and case.state.is_open:
        reported = select(Representation.person_id).where(
            Representation.uscc == case.uscc, Representation.until.is_(None)
        )
        found: Sequence[int] = act.session.scalars(reported).all()
    else:
        found = _in_charge(act, case.unit_id, kept_out(act.session, case))
    return [each for each in found if each != payload.get("actor_person_id")]


def _in_charge(
    act: Act, unit_id: int | None, without: frozenset[int] = frozenset()
) -> Sequence[int]:
    """Who decides for a unit: its own administrators and legal representative, or the nearest's."""
    unit = act.session.get(Unit, unit_id) if unit_id is not None else None
    if unit is None:
        return ()
    above = [each for each in ancestors(act.session, unit) if each.id != unit.id]
    for each in (unit, *sorted(above, key=lambda other: other.path, reverse=True)):
        offices = select(Appointment.person_id).where(
            Appointment.unit_id == each.id, Appointment.state == AppointmentState.CURRENT
        )
        found = {person_id for person_id in act.session.scalars(offices) if person_id is not None}
        if each.uscc:
            reported = select(Representation.person_id).where(
                Representation.uscc == each.uscc, Representation.until.is_(None)
            )
            found.update(act.session.scalars(reported))
        if found - without:
            return sorted(found - without)
    return ()


def _values(act: Act, kind: NoticeKind, payload: dict[str, Any]) -> dict[str, Any]:
    """What the sentence's placeholders stand for."""
    unit_id = payload.get("unit_id")
    unit = act.session.get(Unit, unit_id) if unit_id is not None else None
    values: dict[str, Any] = {"unit": unit.name if unit else "—"}
    if kind is NoticeKind.UNIT_URGED:
        values["department"] = payload.get("department", "—")
    if kind in _OF_A_UNITS_FORM:
        case = act.session.get(Case, payload.get("case_id"))
        values["case"] = payload.get("case_id")
        if case is not None and case.uscc is not None:
            values["unit"] = case.uscc  # its unit is the department it belongs under
    if kind in {NoticeKind.UNIT_PUT_RIGHT, *_OF_A_UNITS_FORM}:
        values["form"] = list(FormKind(payload["form"]).label)
    if payload.get("days") is not None:
        values["days"] = payload["days"]
    if kind in _OFFICES:
        appointment = _appointment(act, payload)
        values["by"] = appointment.appointed_by if appointment else payload.get("by", "—")
        values["ending"] = list(_ending(payload))
    if payload.get("account") is not None:
        name = act.session.scalar(
            select(LegacyAccount.name).where(LegacyAccount.external_id == payload["account"])
        )
        values["account"] = name or payload["account"]
    return values


def _appointment(act: Act, payload: dict[str, Any]) -> Appointment | None:
    number = payload.get("appointment_id")
    return act.session.get(Appointment, number) if number is not None else None


def _ending(payload: dict[str, Any]) -> Text:
    for kinds, value in ((Ending, payload.get("ending")), (AppointmentState, payload.get("state"))):
        for each in kinds:
            if each.value == value:
                return each.label
    return Text("—", "—")


def deliver(act: Act, notices: Sequence[Notice]) -> None:
    """Have notices sent too, wherever those told have addresses that reach them and want it."""
    addresses: dict[tuple[int | None, int | None], list[NoticeAddress]] = {}
    theirs = or_(
        NoticeAddress.person_id.in_({each.person_id for each in notices if each.person_id}),
        NoticeAddress.staff_id.in_({each.staff_id for each in notices if each.staff_id}),
    )
    for address in act.session.scalars(
        select(NoticeAddress).where(theirs, NoticeAddress.confirmed_at.is_not(None))
    ):
        addresses.setdefault((address.person_id, address.staff_id), []).append(address)
    for notice in notices:
        urgent = notice.kind.is_about_security
        for address in addresses.get((notice.person_id, notice.staff_id), ()):
            if address.channel is Channel.SMS and not notice.kind.merits_sms:
                continue
            if notice.kind.value in address.muted and not urgent:
                continue
            act.session.add(
                Delivery(
                    address_id=address.id,
                    channel=address.channel,
                    notice_id=notice.id,
                    state=DeliveryState.WAITING,
                    urgent=urgent,
                    due_at=mail_due_at(notice.kind, act.at, digest=address.digest),
                )
            )
    act.session.flush()
