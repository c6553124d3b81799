"""Approving cases: what was asked for is done in the same transaction, or not at all.

What takes two is proposed by one member of staff and confirmed by another; the policy holds every
operation underneath to that, so that no way leads around it. Nothing here commits.
"""

from dataclasses import replace

from admin_app.audit.act import Act
from admin_app.audit.vocabulary import Event
from admin_app.database import serialise_on
from admin_app.identity.models import StaffAccount
from admin_app.migration.by_hand import bind_by_hand, correct, merge, rebind
from admin_app.migration.operations import unbind
from admin_app.policy.actor import Actor, Involved
from admin_app.policy.rules import Decision, require
from admin_app.policy.vocabulary import AssuranceLevel, Capacity, Permission
from admin_app.service_desk.case_vocabulary import (
    CaseChanged,
    CaseOver,
    CaseState,
    Deed,
    Move,
    NothingProposed,
    NotInThisState,
    Outcome,
    PersonNotHere,
    Side,
    TakesTwoPeople,
)
from admin_app.service_desk.desk import require_own
from admin_app.service_desk.evidence import require_evidence_of
from admin_app.service_desk.form_deeds import carry_out
from admin_app.service_desk.models import Case, Proposal
from admin_app.service_desk.parties import Matter, binding_of, involved_in, matter_of
from admin_app.service_desk.proposals import require_none_waiting, waiting_proposal
from admin_app.service_desk.steps import lock_case, move_case, write_entry


def approve(act: Act, case_id: int, version: int) -> Case:
    """Approve what one person may; the person reads the act's reason.

    Raises:
        Refused, NotFound, CaseChanged, NotYourCase, CaseOver, NotInThisState, TakesTwoPeople,
        PersonNotHere, EvidenceMissing, and what the deed itself raises
    """
    case, matter, parties, decision = _open(act, case_id, version)
    require_own(act, case)
    if matter.deed is not None and matter.deed.takes_two:
        raise TakesTwoPeople
    require_evidence_of(act, case)
    _do(replace(act, involved=parties), case, matter)
    move_case(act, case, Move.APPROVE, Side.DESK)
    write_entry(act, case, Event.CASE_APPROVED, Side.DESK, act.reason.strip(), decision=decision)
    return case


def propose(act: Act, case_id: int, version: int) -> Proposal:
    """The first half of what takes two; nothing happens yet.

    Raises:
        Refused, NotFound, CaseChanged, NotYourCase, CaseOver, NotInThisState, NothingProposed,
        AlreadyProposed, PersonNotHere
    """
    case, matter, _parties, decision = _open(act, case_id, version)
    require_own(act, case)
    require_none_waiting(act.session, case)
    if matter.deed is None or not matter.deed.takes_two or act.actor.staff_id is None:
        raise NothingProposed
    if matter.form is None:
        _require_person(matter)
    require_evidence_of(act, case)
    proposal = Proposal(
        case_id=case.id,
        deed=matter.deed,
        reason=act.reason.strip(),
        proposed_at=act.at,
        proposed_by_id=act.actor.staff_id,
    )
    act.session.add(proposal)
    write_entry(
        act,
        case,
        Event.CASE_PROPOSED,
        Side.DESK,
        act.reason.strip(),
        internal=True,
        decision=decision,
    )
    return proposal


def confirm(act: Act, case_id: int, version: int) -> Case:
    """The second half: another member of staff agrees, and it is done.

    Raises:
        Refused: it is the same person, the subject, or of the subject's unit.
        NotFound, CaseChanged, CaseOver, NotInThisState, NothingProposed, and what the deed raises
    """
    case, matter, _parties, _decision = _open(act, case_id, version)
    proposal = _waiting(act, case)
    if proposal.deed is not matter.deed:
        raise CaseChanged  # things have changed since it was proposed
    parties = involved_in(act.session, case, _proposer(proposal.proposed_by))
    decision = _do(replace(act, involved=parties), case, matter)
    move_case(act, case, Move.APPROVE, Side.DESK)
    _settle(act, proposal, Outcome.CONFIRMED)
    write_entry(act, case, Event.CASE_APPROVED, Side.DESK, proposal.reason, decision=decision)
    return case


def decline(act: Act, case_id: int, version: int) -> Case:
    """The second person doesn't agree, or the first takes it back; the case goes on as before.

    Raises:
        Refused, NotFound, CaseChanged, CaseOver, NotInThisState, NothingProposed
    """
    case, _matter, _parties, decision = _open(act, case_id, version)
    proposal = _waiting(act, case)
    own = proposal.proposed_by_id == act.actor.staff_id
    _settle(act, proposal, Outcome.TAKEN_BACK if own else Outcome.DECLINED)
    write_entry(
        act,
        case,
        Event.CASE_PROPOSAL_DECLINED,
        Side.DESK,
        act.reason.strip(),
        internal=True,
        decision=decision,
    )
    return case


def _open(act: Act, case_id: int, version: int) -> tuple[Case, Matter, Involved, Decision]:
    """The case in review, with its persons locked, and the right to decide on it."""
    require(act.actor, Permission.CASE_WORK)
    unlocked = act.session.get(Case, case_id)
    before = matter_of(act.session, unlocked) if unlocked else None
    if before and before.form and before.form.nominee:
        # Before any row: whoever arrives waits in the same order.
        serialise_on(act.session, before.form.nominee.id_index)
    also = [each.id for each in before.people] if before else []
    case = lock_case(act, case_id, version, also)
    parties = involved_in(act.session, case)
    decision = require(act.actor, Permission.CASE_DECIDE, None, act.reason, parties)
    if not case.state.is_open:
        raise CaseOver(state=case.state.label)
    if case.state is not CaseState.IN_REVIEW:
        raise NotInThisState(state=case.state.label)
    matter = matter_of(act.session, case)
    if not {each.id for each in matter.people} <= {*also, case.person_id}:
        raise CaseChanged  # somebody came this very moment, and isn't locked
    return case, matter, parties, decision


def _do(act: Act, case: Case, matter: Matter) -> Decision:
    """Do what the case asks for, by the same services as everywhere."""
    decision = require(act.actor, Permission.CASE_DECIDE, None, act.reason, act.involved)
    if matter.deed is None:
        return decision
    if matter.form is not None:
        carry_out(act, case, matter.form, {each.id for each in matter.people})
        return decision
    person = _require_person(matter)
    (first, *_), held = matter.account_ids, binding_of(act.session, matter.account_ids[0])
    match matter.deed:
        case Deed.BIND:
            bind_by_hand(act, person, first)
        case Deed.CORRECT:
            correct(act, person, first)
        case Deed.MERGE:
            merge(act, person, matter.account_ids)
        case Deed.UNBIND if held is not None:
            unbind(act, held.id)
        case Deed.REBIND if held is not None:
            rebind(act, held.id, person)
        case _:
            raise CaseChanged
    return decision


def _require_person(matter: Matter) -> int:
    if matter.person is None or matter.person.level < AssuranceLevel.INTERMEDIATE:
        raise PersonNotHere
    return matter.person.id


def _waiting(act: Act, case: Case) -> Proposal:
    proposal = waiting_proposal(act.session, case.id)
    if proposal is None:
        raise NothingProposed
    return proposal


def _settle(act: Act, proposal: Proposal, outcome: Outcome) -> None:
    proposal.outcome, proposal.decided_at = outcome, act.at
    proposal.decided_by_id = act.actor.staff_id
    act.session.flush()


def _proposer(staff: StaffAccount) -> Actor | None:
    """Whoever has left since has proposed nothing."""
    if not staff.active:
        return None
    return Actor(staff.name, Capacity.PLATFORM_SUPPORT, staff_id=staff.id)
