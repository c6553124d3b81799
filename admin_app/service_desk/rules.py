"""The state machine of cases, what approving one does, and by when; pure.

``MOVES`` is the specification: from where, to where, and on whose side one has to stand.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from admin_app.migration.blockers import Blocker
from admin_app.migration.counts import Counted
from admin_app.migration.vocabulary import AccountKind
from admin_app.service_desk.case_vocabulary import (
    CaseOver,
    CaseState,
    Deed,
    Move,
    NotInThisState,
    Priority,
    Side,
)
from admin_app.service_desk.form_vocabulary import CaseKind, FormKind


class Way(NamedTuple):
    """One kind of move."""

    of: frozenset[CaseState]
    to: CaseState
    by: Side


_OPEN = frozenset(state for state in CaseState if state.is_open)
_ENDED = frozenset({CaseState.APPROVED, CaseState.REFUSED, CaseState.WITHDRAWN})

MOVES = {
    Move.REVIEW: Way(
        frozenset({CaseState.FILED, CaseState.WAITING}), CaseState.IN_REVIEW, Side.DESK
    ),
    Move.ASK: Way(frozenset({CaseState.FILED, CaseState.IN_REVIEW}), CaseState.WAITING, Side.DESK),
    Move.ANSWER: Way(frozenset({CaseState.WAITING}), CaseState.IN_REVIEW, Side.PERSON),
    Move.HAND_IN: Way(frozenset({CaseState.WAITING}), CaseState.FILED, Side.PERSON),
    Move.APPROVE: Way(frozenset({CaseState.IN_REVIEW}), CaseState.APPROVED, Side.DESK),
    Move.REFUSE: Way(frozenset({CaseState.IN_REVIEW}), CaseState.REFUSED, Side.DESK),
    Move.WITHDRAW: Way(_OPEN, CaseState.WITHDRAWN, Side.PERSON),
    Move.CLOSE: Way(_ENDED, CaseState.CLOSED, Side.DESK),
}

# Somebody may be in another's account: that goes first.
_URGENT: frozenset[CaseKind] = frozenset({Blocker.DISPUTED})


def may_move(state: CaseState, move: Move, side: Side) -> bool:
    """Whether somebody on this side may move a case that is in this state."""
    return state in MOVES[move].of and side is MOVES[move].by


def moved(state: CaseState, move: Move, side: Side) -> CaseState:
    """The state after a move.

    Raises:
        CaseOver, NotInThisState
    """
    if may_move(state, move, side):
        return MOVES[move].to
    if not state.is_open:
        raise CaseOver(state=state.label)
    raise NotInThisState(state=state.label)


def moves_now(state: CaseState, side: Side) -> set[Move]:
    """What somebody on this side may do now: the buttons of the page."""
    return {move for move in Move if may_move(state, move, side)}


def days_for(kind: CaseKind, days: Mapping[str, int], otherwise: int) -> int:
    """Within how many working days a case of a kind is to be decided; ``days`` are configured."""
    return days.get(kind.value, otherwise)


def priority_for(kind: CaseKind) -> Priority:
    return Priority.URGENT if kind in _URGENT else Priority.NORMAL


def is_overdue(state: CaseState, due_on: date, today: date) -> bool:
    """While the person is asked for something, the desk's clock stands still."""
    return state in (CaseState.FILED, CaseState.IN_REVIEW) and due_on < today


def deed_of(
    blocker: Blocker, *, has_account: bool, holder: int | None, person: int | None
) -> Deed | None:
    """What approving does; none where staff act elsewhere and the case only says so.

    ``holder`` is whose the account is now, ``person`` whose case it is.
    """
    if not has_account:
        return None
    match blocker:
        case Blocker.OLD_PASSWORD:
            return Deed.BIND
        case Blocker.SEVERAL_ACCOUNTS:
            return Deed.MERGE
        case Blocker.ID_DIFFERS | Blocker.NAME_DIFFERS | Blocker.REGISTERED_BY_PASSPORT:
            return Deed.CORRECT
        case Blocker.DISPUTED if holder is not None and holder == person:
            return Deed.UNBIND
        case Blocker.DISPUTED if holder is not None:
            return Deed.REBIND
    return None


_DEEDS = {
    FormKind.UNIT_RENAMED: Deed.RENAME,
    FormKind.USCC_CHANGED: Deed.RECODE,
    FormKind.REPRESENTATIVE_CHANGED: Deed.MAKE_WAY,
    FormKind.UNIT_MISSING: Deed.REGISTER,
    FormKind.ADMINISTRATOR_UNREACHABLE: Deed.IMPOSE,
}


def deed_of_form(kind: FormKind) -> Deed:
    """What approving a unit's change form does."""
    return _DEEDS[kind]


# Of the kinds that figures count, the one that a case is about. Staff's own blockers that name no
# account are about an enterprise that the portal reports.
ABOUT_FORMS = {
    FormKind.UNIT_RENAMED: Counted.ENTERPRISES,
    FormKind.USCC_CHANGED: Counted.ENTERPRISES,
    FormKind.REPRESENTATIVE_CHANGED: Counted.LEGAL_REPRESENTATIVES,
    FormKind.UNIT_MISSING: Counted.ENTERPRISES,
    FormKind.ADMINISTRATOR_UNREACHABLE: Counted.ADMINISTRATORS,
}
ABOUT_ACCOUNTS = {
    AccountKind.UNIT: Counted.LEGAL_REPRESENTATIVES,
    AccountKind.UNIT_ADMINISTRATOR: Counted.ADMINISTRATORS,
    AccountKind.SECONDARY_UNIT: Counted.ADMINISTRATORS,
}
ABOUT_NO_ACCOUNT = {
    Blocker.ENTERPRISE_NOT_ON_PLATFORM: Counted.ENTERPRISES,
    Blocker.DISPUTED: Counted.LEGAL_REPRESENTATIVES,  # somebody else has its old account
}
ABOUT_OTHERS = Counted.NATURAL_PERSONS


def about(kind: CaseKind, account: AccountKind | None) -> Counted:
    """Which kind of thing a case counts with; ``account`` is what its old account was, if any."""
    if isinstance(kind, FormKind):
        return ABOUT_FORMS[kind]
    if account is not None:
        return ABOUT_ACCOUNTS.get(account, ABOUT_OTHERS)
    return ABOUT_NO_ACCOUNT.get(kind, ABOUT_OTHERS)
