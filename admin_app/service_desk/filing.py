"""What becomes of each new case, whoever files it: by when, found how, told to whom, whose turn."""

from datetime import date

from admin_app.audit.act import Act
from admin_app.audit.vocabulary import Event
from admin_app.rollups.rules import day_of
from admin_app.service_desk.case_vocabulary import CaseState, Move, Side
from admin_app.service_desk.form_vocabulary import CaseKind
from admin_app.service_desk.models import Case
from admin_app.service_desk.rules import days_for
from admin_app.service_desk.search_index import index_case
from admin_app.service_desk.steps import move_case, tell_of, write_entry
from admin_app.service_desk.turns import give_in_turn
from admin_app.service_desk.working_days import working_days_after


def days_within(act: Act, kind: CaseKind) -> int:
    """In how many working days a case of a kind is decided."""
    return days_for(kind, act.limits.case_days, act.limits.case_days_otherwise)


def due_day(act: Act, kind: CaseKind) -> date:
    """When what is filed now has to be decided."""
    return working_days_after(day_of(act.at), days_within(act, kind))


def put_on_the_desk(act: Act, case: Case) -> None:
    """A case has been written down: index it, announce it, give it to whose turn it is.

    One that waits for the person is nobody's turn yet.
    """
    index_case(act.session, case)
    tell_of(act, case, Event.CASE_FILED)
    if case.state is not CaseState.WAITING:
        _give_to_somebody(act, case)


def take_up(act: Act, case: Case) -> None:
    """What waited for the person is the desk's again, and somebody's who has it in hand."""
    if case.state is not CaseState.WAITING:
        return
    if case.assignee_id is not None:
        move_case(act, case, Move.ANSWER, Side.PERSON)
        return
    move_case(act, case, Move.HAND_IN, Side.PERSON)
    _give_to_somebody(act, case)


def _give_to_somebody(act: Act, case: Case) -> None:
    if give_in_turn(act, case) is not None:
        write_entry(act, case, Event.CASE_ASSIGNED, Side.DESK, internal=True)
