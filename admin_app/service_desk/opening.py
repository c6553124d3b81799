"""Cases that nobody has to think of: a sign-in that finds what only staff can put right opens them.

The person is asked for the change form at once, and until it comes the desk's clock stands still:
nobody's turn is used up by somebody who may never answer.
"""

from collections.abc import Sequence

from sqlalchemy import select

from admin_app.audit.act import Act
from admin_app.audit.vocabulary import Event
from admin_app.identity.models import Person
from admin_app.migration.arrivals import note_sign_in
from admin_app.migration.blockers import Blocker
from admin_app.migration.progress import Hold
from admin_app.migration.rules import Match, Outcome
from admin_app.service_desk.case_vocabulary import Move, Side
from admin_app.service_desk.cases import (
    file_case,
    filed_on_behalf,
    matters_of,
    without_form,
)
from admin_app.service_desk.models import Case
from admin_app.service_desk.steps import lock_case, move_case, write_entry

_OPENED = frozenset({Blocker.SEVERAL_ACCOUNTS, Blocker.ID_DIFFERS, Blocker.DISPUTED})


def note_arrival(act: Act, person: Person) -> None:
    """After an arrival: what it sets off among the accounts, and cases for what is left (R39, R40).

    Once for each thing: what was refused or taken back is theirs to file anew. What a sign-in
    before had opened and is put right meanwhile, without a form, is taken back.
    """
    found = note_sign_in(act, person)
    holds = [hold for hold in _holds(found) if hold.blocker in _OPENED]
    filed = select(Case).where(Case.person_id == person.id, Case.blocker.in_(_OPENED))
    cases = act.session.scalars(filed).all()
    _take_back(act, person, cases)
    one_for_all = found.outcome is Outcome.BLOCKED
    for hold in holds:
        known = any(_is_about(each, hold, one_for_all=one_for_all) for each in cases)
        # What the desk has on file for whoever called waits for the person's own form.
        if not known and filed_on_behalf(act, hold) is None:
            file_case(act, person, *hold, asks=hold.blocker is not Blocker.DISPUTED)


def _holds(found: Match) -> list[Hold]:
    """Of several accounts at once one case is about all; once one is bound, each has its own."""
    if found.outcome is Outcome.BOUND:
        return [Hold(blocker, account_id) for account_id, blocker in found.held]
    if found.blocker is None or found.account_id is None:
        return []
    return [Hold(found.blocker, found.account_id)]


def _is_about(case: Case, hold: Hold, *, one_for_all: bool) -> bool:
    """Whether a case is about the same, or was; one that is open may be about all accounts."""
    if case.blocker is not hold.blocker:
        return False
    return case.account_id == hold.account_id or (one_for_all and case.state.is_open)


def _take_back(act: Act, person: Person, cases: Sequence[Case]) -> None:
    """Nobody is asked for the form of something that they could not file any more."""
    asked = without_form(act.session, cases)
    if not asked:
        return
    matters = matters_of(act.session, act.sealer, person)
    for each in cases:
        if each.id in asked and (each.blocker, each.account_id) not in matters:
            case = lock_case(act, each.id)
            move_case(act, case, Move.WITHDRAW, Side.PERSON)
            write_entry(act, case, Event.CASE_WITHDRAWN, Side.DESK, reply="solved")
