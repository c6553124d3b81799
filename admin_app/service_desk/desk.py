"""Working on cases: take and hand over, ask and review, write, refuse, close.

Whoever decides on something holds the case: each verb but ``take`` and ``note`` asks for that. What
is in nobody's hands may be handed out and ranked by everybody. Nothing here commits.
"""

from admin_app.audit.act import Act
from admin_app.audit.vocabulary import Event
from admin_app.identity.models import StaffAccount
from admin_app.identity.vocabulary import StaffRole
from admin_app.policy.rules import Decision, require
from admin_app.policy.vocabulary import Permission
from admin_app.service_desk.case_vocabulary import (
    CaseOver,
    Move,
    NoSuchColleague,
    NotYourCase,
    Priority,
    Side,
)
from admin_app.service_desk.desk_vocabulary import AlreadyYours, HeldByColleague
from admin_app.service_desk.models import Case
from admin_app.service_desk.parties import involved_in
from admin_app.service_desk.proposals import require_none_waiting
from admin_app.service_desk.replies import REPLIES
from admin_app.service_desk.steps import lock_case, move_case, require_words, write_entry


def take(act: Act, case_id: int, version: int) -> Case:
    """Make a case one's own, also one that a colleague has.

    Raises:
        Refused, NotFound, CaseChanged, CaseOver
    """
    decision = require(act.actor, Permission.CASE_WORK)
    case = lock_case(act, case_id, version)
    _require_open(case)
    former, case.assignee_id = case.assignee_id, act.actor.staff_id
    write_entry(
        act, case, Event.CASE_TAKEN, Side.DESK, internal=True, decision=decision, former=former
    )
    return case


def take_free(act: Act, case_id: int, version: int) -> Case:
    """Make a case one's own that nobody has.

    Raises:
        Refused, NotFound, CaseChanged, CaseOver, AlreadyYours, HeldByColleague
    """
    require(act.actor, Permission.CASE_WORK)
    case = lock_case(act, case_id, version)
    if case.assignee_id is not None and case.assignee_id == act.actor.staff_id:
        raise AlreadyYours
    if case.assignee is not None:
        raise HeldByColleague(name=case.assignee.name)
    return take(act, case_id, version)


def hand_over(act: Act, case_id: int, version: int, staff_id: int, text: str = "") -> Case:
    """Give a case to a colleague: one's own, or one that nobody has.

    Raises:
        Refused, NotFound, CaseChanged, CaseOver, NotYourCase, NoSuchColleague
    """
    decision, case = _own_or_free(act, case_id, version)
    colleague = act.session.get(StaffAccount, staff_id)
    if (
        colleague is None
        or not colleague.active
        or colleague.role is not StaffRole.PLATFORM_SUPPORT
    ):
        raise NoSuchColleague(field="staff")
    case.assignee_id = colleague.id
    write_entry(
        act, case, Event.CASE_HANDED_OVER, Side.DESK, text.strip(), internal=True, decision=decision
    )
    return case


def rank(act: Act, case_id: int, version: int, priority: Priority) -> Case:
    """Say how urgent a case is.

    Raises:
        Refused, NotFound, CaseChanged, CaseOver, NotYourCase
    """
    decision, case = _own_or_free(act, case_id, version)
    case.priority = priority
    write_entry(act, case, Event.CASE_RANKED, Side.DESK, internal=True, decision=decision)
    return case


def review(act: Act, case_id: int, version: int) -> Case:
    """Begin to look into a case.

    Raises:
        Refused, NotFound, CaseChanged, NotYourCase, CaseOver, NotInThisState
    """
    decision, case = _own(act, case_id, version)
    move_case(act, case, Move.REVIEW, Side.DESK)
    write_entry(act, case, Event.CASE_REVIEWED, Side.DESK, decision=decision)
    return case


def ask(act: Act, case_id: int, version: int, text: str, reply: str = "") -> Case:
    """Ask the person for something; until they answer the desk's clock stands still.

    ``reply`` is the key of a canned answer, which stands before the text.

    Raises:
        Refused, NotFound, CaseChanged, NotYourCase, NothingSaid, CaseOver, NotInThisState,
        AlreadyProposed
    """
    decision, case = _own(act, case_id, version)
    require_none_waiting(act.session, case)
    words, reply = _words(text, reply)
    move_case(act, case, Move.ASK, Side.DESK)
    write_entry(
        act, case, Event.CASE_EVIDENCE_ASKED, Side.DESK, words, decision=decision, reply=reply
    )
    return case


def write_to_person(
    act: Act, case_id: int, text: str, reply: str = "", version: int | None = None
) -> Case:
    """Tell the person something without moving the case.

    Raises:
        Refused, NotFound, NothingSaid, CaseOver
        CaseChanged: a version was given.
    """
    decision = require(act.actor, Permission.CASE_WORK)
    case = lock_case(act, case_id, version)
    _require_open(case)
    words, reply = _words(text, reply)
    write_entry(
        act, case, Event.CASE_MESSAGE_SENT, Side.DESK, words, decision=decision, reply=reply
    )
    return case


def note(act: Act, case_id: int, text: str) -> Case:
    """Write down what only the desk reads.

    Raises:
        Refused, NotFound, NothingSaid
    """
    decision = require(act.actor, Permission.CASE_WORK)
    case = lock_case(act, case_id)
    words = require_words(text)
    write_entry(act, case, Event.CASE_NOTED, Side.DESK, words, internal=True, decision=decision)
    return case


def refuse(act: Act, case_id: int, version: int) -> Case:
    """Decide against what was asked; the person reads the act's reason.

    Raises:
        Refused, NotFound, CaseChanged, NotYourCase, CaseOver, NotInThisState, AlreadyProposed
    """
    _decision, case = _own(act, case_id, version)
    parties = involved_in(act.session, case)
    decision = require(act.actor, Permission.CASE_DECIDE, None, act.reason, parties)
    require_none_waiting(act.session, case)
    move_case(act, case, Move.REFUSE, Side.DESK)
    write_entry(act, case, Event.CASE_REFUSED, Side.DESK, act.reason.strip(), decision=decision)
    return case


def close(act: Act, case_id: int, version: int) -> Case:
    """Put away what has ended.

    Raises:
        Refused, NotFound, CaseChanged, CaseOver, NotInThisState
    """
    decision = require(act.actor, Permission.CASE_WORK)
    case = lock_case(act, case_id, version)
    move_case(act, case, Move.CLOSE, Side.DESK)
    write_entry(act, case, Event.CASE_CLOSED, Side.DESK, internal=True, decision=decision)
    return case


def require_own(act: Act, case: Case) -> None:
    """The case is in the actor's hands.

    Raises:
        NotYourCase
    """
    if case.assignee_id is None or case.assignee_id != act.actor.staff_id:
        raise NotYourCase


def _own(act: Act, case_id: int, version: int) -> tuple[Decision, Case]:
    decision = require(act.actor, Permission.CASE_WORK)
    case = lock_case(act, case_id, version)
    require_own(act, case)
    return decision, case


def _own_or_free(act: Act, case_id: int, version: int) -> tuple[Decision, Case]:
    decision = require(act.actor, Permission.CASE_WORK)
    case = lock_case(act, case_id, version)
    _require_open(case)
    if case.assignee_id is not None:
        require_own(act, case)
    return decision, case


def _words(text: str, reply: str) -> tuple[str, str]:
    """What is to be said: a canned answer, words of one's own, or both."""
    if reply in REPLIES:
        return text.strip(), reply
    return require_words(text), ""


def _require_open(case: Case) -> None:
    if not case.state.is_open:
        raise CaseOver(state=case.state.label)
