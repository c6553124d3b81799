"""The steps that work on cases is made of: locking one, moving it on, writing its history.

Persons are locked first, in the order of their numbers, then the case, then accounts.
"""

from collections.abc import Iterable

from sqlalchemy import select

from admin_app.audit.act import Act
from admin_app.audit.operations import announce, record
from admin_app.audit.vocabulary import Event
from admin_app.errors import NotFound
from admin_app.migration.steps import lock_person
from admin_app.policy.rules import Decision
from admin_app.rollups.rules import day_of
from admin_app.service_desk.case_tallies import tally
from admin_app.service_desk.case_vocabulary import (
    CaseChanged,
    CaseState,
    Move,
    NothingSaid,
    Side,
    StatementTooLong,
)
from admin_app.service_desk.models import Case, CaseEntry
from admin_app.service_desk.rules import moved
from admin_app.service_desk.search_index import index_words
from admin_app.service_desk.working_days import working_days_after, working_days_between

TEXT_MOST = 2000


def lock_case(act: Act, case_id: int, version: int | None = None, also: Iterable[int] = ()) -> Case:
    """The case, locked; ``also`` are further persons that what follows will lock.

    Raises:
        NotFound
        CaseChanged: it isn't the version that the actor has seen.
    """
    person_id = act.session.scalar(select(Case.person_id).where(Case.id == case_id))
    for each in sorted({*also, *([person_id] if person_id is not None else [])}):
        lock_person(act.session, each)
    case = act.session.scalar(
        select(Case).where(Case.id == case_id).with_for_update(),
        execution_options={"populate_existing": True},
    )
    if case is None:
        raise NotFound
    if version is not None and case.version != version:
        raise CaseChanged
    return case


def move_case(act: Act, case: Case, move: Move, side: Side) -> None:
    """Bring a case to its next state, and its clock with it.

    Raises:
        CaseOver, NotInThisState
    """
    today, former = day_of(act.at), case.state
    case.state = moved(case.state, move, side)
    if case.state is CaseState.WAITING:
        case.asked_on = today
    elif former is CaseState.WAITING and case.asked_on is not None:
        left = working_days_between(case.asked_on, case.due_on)
        case.due_on = working_days_after(today, max(left, 1))
        case.asked_on = None
    if not case.state.is_open and case.ended_at is None:
        case.ended_at = act.at
        tally(act.session, case)


def write_entry(
    act: Act,
    case: Case,
    event: Event,
    side: Side,
    text: str = "",
    *,
    internal: bool = False,
    decision: Decision | None = None,
    reply: str = "",
    along: bool = False,
    former: int | None = None,
) -> None:
    """Add a step to the history, the trail, and what others are told; the words stay in the case.

    ``along``: it comes with another step that is told, so that nobody is told twice.
    ``former``: the member of support who held the case until this step.

    Raises:
        StatementTooLong
    """
    if len(text) > TEXT_MOST:
        raise StatementTooLong(field="text", most=TEXT_MOST)
    case.version += 1
    act.session.add(
        CaseEntry(
            case_id=case.id,
            at=act.at,
            side=side,
            author=act.actor.name,
            is_internal=internal,
            event=event.value,
            text=text,
            reply=reply,
        )
    )
    index_words(act.session, case, text, reply)
    tell_of(act, case, event, decision, along=along, former=former)


def tell_of(
    act: Act,
    case: Case,
    event: Event,
    decision: Decision | None = None,
    *,
    along: bool = False,
    former: int | None = None,
) -> None:
    """Record a step and announce it; never with what somebody wrote."""
    about = {"form" if case.form else "blocker": case.kind.value}
    record(
        act,
        event,
        unit_id=case.unit_id,
        person_id=case.person_id,
        subject=named(case),
        decision=decision,
        case_id=case.id,
        account_id=case.account_id,
        **about,
    )
    announce(
        act,
        event.value,
        case_id=case.id,
        person_id=case.person_id,
        unit_id=case.unit_id,
        assignee_id=case.assignee_id,
        actor_person_id=act.actor.person_id,
        actor_staff_id=act.actor.staff_id,
        **({"along": True} if along else {}),
        **({"former_staff_id": former} if former is not None else {}),
        **about,
    )


def named(case: Case) -> str:
    """Whom or what a case is about: the person, by name; of a form the unit, or its code."""
    if case.form is not None:
        return case.uscc or (case.unit.name if case.unit else "")
    return case.person.name if case.person else case.account.name if case.account else ""


def require_words(text: str, field: str = "text") -> str:
    """What was written, if anything was.

    Raises:
        NothingSaid
    """
    if not text.strip():
        raise NothingSaid(field=field)
    return text.strip()
