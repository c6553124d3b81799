"""Which message is told as what, when its mail may go out, and when it is tried again: pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from admin_app.jobs.rules import CHINA, daily, pause_after
from admin_app.notices.vocabulary import NoticeKind

QUIET_FROM, QUIET_UNTIL = 22, 8  # in China; mail that rings at night helps nobody
DIGEST_HOUR = 9
ATTEMPTS_MOST = 12  # the last some twenty hours after the first
# A worker that claimed a mail this long ago is dead: mails have timeouts of seconds.
CLAIM_LASTS = timedelta(minutes=10)

_BY_TOPIC = {
    "appointment.began": NoticeKind.OFFICE_BEGAN,
    "appointment.waiting": NoticeKind.OFFICE_WAITING,
    "appointment.ended": NoticeKind.OFFICE_ENDED,
    "appointment.void": NoticeKind.OFFICE_VOID,
    "application.filed": NoticeKind.APPLICATION_TO_DECIDE,
    "application.accepted": NoticeKind.APPLICATION_ACCEPTED,
    "application.declined": NoticeKind.APPLICATION_DECLINED,
    "unit.urged": NoticeKind.UNIT_URGED,
    "unit.put_right": NoticeKind.UNIT_PUT_RIGHT,
    "representation.ended": NoticeKind.REPRESENTATION_ENDED,
    "account.bound": NoticeKind.ACCOUNT_BOUND,
    "account.unbound": NoticeKind.ACCOUNT_UNBOUND,
    "appointment.expiring": NoticeKind.OFFICE_EXPIRING,
    "waiting.for_person": NoticeKind.CASE_WAITS,
    "waiting.for_unit": NoticeKind.UNIT_FORM_ASKED,
    "desk.late": NoticeKind.DESK_LATE,
    "case.assigned": NoticeKind.DESK_GIVEN,
    "case.handed_over": NoticeKind.DESK_GIVEN,
    "case.taken": NoticeKind.DESK_TAKEN,
    "case.answered": NoticeKind.DESK_ANSWERED,
    "case.joined": NoticeKind.DESK_ANSWERED,
    "evidence.added": NoticeKind.DESK_ANSWERED,
    "case.proposed": NoticeKind.DESK_TO_CONFIRM,
}
# Of a case's moves the person is told these; others are their own doing, or the desk's business.
_CASE_NEWS = frozenset(
    f"case.{move}" for move in ("reviewed", "message_sent", "approved", "refused", "closed")
)
# Of a form that the desk filed for a unit whoever is in charge of it is told these. What approving
# it did is told as ``unit.put_right``.
_UNIT_FORM_NEWS = {
    "case.filed": NoticeKind.UNIT_FORM_FILED,
    "case.evidence_asked": NoticeKind.UNIT_FORM_ASKED,
    **dict.fromkeys(_CASE_NEWS - {"case.approved"}, NoticeKind.UNIT_FORM_MOVED),
    "case.withdrawn": NoticeKind.UNIT_FORM_MOVED,
}

# How many days before the deadline people are told, once each.
DEADLINE_DAYS = (30, 7, 1)
EXPIRING_DAYS = (7, 1)  # before a pending appointment expires
WAITING_DAYS = 5  # after somebody was asked for an answer


def deadline_step(days_left: int) -> int | None:
    """Which of the reminders is due now, or was last; none before the first and after the day."""
    if days_left < 0:
        return None
    return min((step for step in DEADLINE_DAYS if days_left <= step), default=None)


def kind_of(topic: str, payload: Mapping[str, Any]) -> NoticeKind | None:
    """What a message is told as; none if it is nothing people are told, or not known here."""
    person_id = payload.get("person_id")
    if payload.get("by_person_id") is not None and payload["by_person_id"] == person_id:
        return None  # they did it themselves
    if payload.get("along"):
        return None  # it came with something that is told
    if payload.get("form") is not None and person_id is None and topic in _UNIT_FORM_NEWS:
        return _UNIT_FORM_NEWS[topic]
    if topic == "case.evidence_asked":
        return NoticeKind.EVIDENCE_ASKED
    return NoticeKind.CASE_MOVED if topic in _CASE_NEWS else _BY_TOPIC.get(topic)


def mail_due_at(kind: NoticeKind, at: datetime, *, digest: bool) -> datetime:
    """When the mail of a notice may go out: security at once; a digest at nine; none at night."""
    if kind.is_about_security:
        return at
    if digest:
        return daily(DIGEST_HOUR)(at)
    if is_quiet(at):
        return daily(QUIET_UNTIL)(at)
    return at


def is_quiet(at: datetime) -> bool:
    hour = at.astimezone(CHINA).hour
    return hour >= QUIET_FROM or hour < QUIET_UNTIL


def next_attempt(attempts: int, at: datetime, *, down: bool = False) -> datetime | None:
    """When a mail that failed so many times is tried again; none: it is given up.

    While the server is down nothing is given up.
    """
    return at + pause_after(attempts) if down or attempts < ATTEMPTS_MOST else None
