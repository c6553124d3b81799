"""Which members of support are told what happens at the desk: whoever holds a case, or whose it is.

Of a case that a colleague takes, whoever held it until then.

Nobody is told what they did themselves, and nobody who has left.
"""

from typing import Any

from admin_app.audit.act import Act
from admin_app.hierarchy.models import Unit
from admin_app.identity.models import StaffAccount
from admin_app.notices.vocabulary import NoticeKind
from admin_app.service_desk.escalation import TO_EVERYBODY
from admin_app.service_desk.models import Case
from admin_app.service_desk.turn_rules import those_for
from admin_app.service_desk.turns import members_of

_TOLD = {NoticeKind.DESK_LATE: "staff_id", NoticeKind.DESK_TAKEN: "former_staff_id"}


def staff_to_tell(act: Act, kind: NoticeKind, payload: dict[str, Any]) -> list[int]:
    """The accounts of members of support who are told of a message, in the order of numbers."""
    case = act.session.get(Case, payload.get("case_id"))
    if case is None:
        return []
    doer = payload.get("actor_staff_id")
    members = [each for each in members_of(act.session) if each.staff_id != doer]
    everybody = {each.staff_id for each in members}
    holder = payload.get(_TOLD.get(kind, "assignee_id"))
    if kind is NoticeKind.DESK_LATE and payload.get("level") == TO_EVERYBODY:
        found = everybody
    elif holder in everybody and kind is not NoticeKind.DESK_TO_CONFIRM:
        found = {holder}
    elif kind in (NoticeKind.DESK_LATE, NoticeKind.DESK_TO_CONFIRM):
        unit = act.session.get(Unit, case.unit_id) if case.unit_id is not None else None
        found = {each.staff_id for each in those_for(members, unit.path if unit else None)}
    else:
        found = set()
    return sorted(found)


def values_for(act: Act, payload: dict[str, Any]) -> dict[str, Any]:
    """What the placeholders of such a notice stand for: never whom a case is about."""
    case = act.session.get_one(Case, payload["case_id"])
    doer = payload.get("actor_staff_id")
    account = act.session.get(StaffAccount, doer) if doer is not None else None
    return {
        "case": case.id,
        "about": list(case.kind.label),
        "due_on": payload.get("due_on") or case.due_on.isoformat(),
        "by": account.name if account else "—",
    }
