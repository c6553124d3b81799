"""Cases on the person's side: filed once, answered, taken back; or filed for whoever called."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from admin_app.audit.act import Act
from admin_app.audit.vocabulary import Event
from admin_app.delegation.facts import facts_of
from admin_app.errors import NotFound
from admin_app.identity.models import Person
from admin_app.migration.blockers import Blocker, Owner
from admin_app.migration.matching import match_of
from admin_app.migration.models import LegacyAccount
from admin_app.migration.progress import Hold, holds_of
from admin_app.migration.queries import bindings_of
from admin_app.migration.standings import standing_of
from admin_app.migration.steps import lock_person
from admin_app.policy.actor import Actor
from admin_app.policy.rules import require
from admin_app.policy.vocabulary import Permission
from admin_app.sealing import Sealer
from admin_app.service_desk.case_vocabulary import (
    AlreadyOnFile,
    CaseOver,
    CaseState,
    Move,
    NothingToFile,
    Outcome,
    Side,
    StatementTooLong,
)
from admin_app.service_desk.filing import due_day, put_on_the_desk, take_up
from admin_app.service_desk.models import Case, CaseEntry, InformationChange
from admin_app.service_desk.proposals import waiting_proposal
from admin_app.service_desk.replies import FILL_IN
from admin_app.service_desk.rules import priority_for
from admin_app.service_desk.search_index import index_words
from admin_app.service_desk.steps import (
    lock_case,
    move_case,
    require_words,
    write_entry,
)
from admin_app.service_desk.unit_cases import is_in_charge

STATEMENT_MOST = 2000
_SHOWN_MOST = 50


def file_own_case(
    act: Act,
    person_id: int,
    hold: Hold,
    statement: str,
    account_ids: Collection[int] | None = None,
) -> Case:
    """Ask for a hand with something one is really stuck by, or has bound by mistake.

    ``account_ids``: of several accounts in question those that are one's own.

    Raises:
        NothingToFile: it isn't so, or not any more.
        StatementTooLong, AlreadyOnFile
    """
    person = lock_person(act.session, person_id)
    if hold not in matters_of(act.session, act.sealer, person):
        raise NothingToFile
    on_file = open_case(act.session, person.id, *hold)
    if on_file is not None and not without_form(act.session, [on_file]):
        raise AlreadyOnFile
    on_file = on_file or filed_on_behalf(act, hold)
    accounts = accounts_in_question(act.session, act.sealer, person, hold)
    if account_ids is not None:
        accounts = [each for each in accounts if each.id in account_ids]
        if len(accounts) != len(account_ids) or not accounts:
            raise NothingToFile
    if on_file is not None:
        return _adopt(act, on_file, person, statement, accounts)
    return _write(act, person, hold, statement, accounts)


def file_case(
    act: Act,
    person: Person,
    blocker: Blocker,
    account_id: int | None,
    statement: str = "",
    *,
    asks: bool = False,
) -> Case:
    """Put something on file for the platform's staff; the person is locked.

    ``asks``: the person is asked for the change form before anybody has a look at it.

    Raises:
        StatementTooLong, AlreadyOnFile
    """
    if open_case(act.session, person.id, blocker, account_id) is not None:
        raise AlreadyOnFile
    return _write(act, person, Hold(blocker, account_id), statement, asks=asks)


def file_case_about(act: Act, account_id: int, statement: str) -> Case:
    """File for whoever called what only staff can put right about an old account.

    What is on file already is added to, so that there is one case for one thing. The account has
    been fetched through the actor's reach.

    Raises:
        Refused, NothingToFile, StatementTooLong
        AlreadyOnFile: and there is nothing to add.
    """
    account = act.session.scalars(
        select(LegacyAccount).where(LegacyAccount.id == account_id).with_for_update()
    ).one()
    facts = facts_of(act.session, account.unit) if account.unit else None
    require(act.actor, Permission.CASE_FILE, facts, act.reason)
    now = standing_of(act.session, act.sealer, account)
    if now.blocker is None or now.blocker.advice.owner is not Owner.STAFF:
        raise NothingToFile
    on_file = case_about(act.session, account, now.blocker)
    if on_file is not None:
        if not statement.strip():
            raise AlreadyOnFile
        case = lock_case(act, on_file.id)
        write_entry(act, case, Event.CASE_JOINED, Side.DESK, statement.strip())
        return case
    person = act.session.scalar(select(Person).where(Person.id_index == account.id_index))
    if person is None and account.held_for_id is not None:
        person = act.session.get(Person, account.held_for_id)
    return _write(act, person, Hold(now.blocker, account.id), statement)


def withdraw_case(act: Act, case_id: int) -> Case:
    """Take one's own case back, or one's unit's.

    Raises:
        NotFound, CaseOver
    """
    case = _own(act, case_id)
    move_case(act, case, Move.WITHDRAW, Side.PERSON)
    waiting = waiting_proposal(act.session, case.id)
    if waiting is not None:
        # Nothing is left to confirm; the desk's own history keeps what was proposed.
        waiting.outcome, waiting.decided_at = Outcome.TAKEN_BACK, act.at
        waiting.decided_by_id = waiting.proposed_by_id
    write_entry(act, case, Event.CASE_WITHDRAWN, Side.PERSON)
    return case


def answer(act: Act, case_id: int, text: str) -> Case:
    """Say something about one's own case; what was asked for is answered with it.

    Raises:
        NotFound, CaseOver, NothingSaid, StatementTooLong
    """
    case = _own(act, case_id)
    words = require_words(text)
    if not case.state.is_open:
        raise CaseOver(state=case.state.label)
    take_up(act, case)
    write_entry(act, case, Event.CASE_ANSWERED, Side.PERSON, words)
    return case


def matters_of(session: Session, sealer: Sealer, person: Person) -> list[Hold]:
    """What somebody may file a case about: what they are stuck by, and what they have bound."""
    bound = [Hold(Blocker.DISPUTED, each.account_id) for each in bindings_of(session, person.id)]
    return list(dict.fromkeys([*holds_of(session, sealer, person), *bound]))


def accounts_in_question(
    session: Session, sealer: Sealer, person: Person, hold: Hold
) -> list[LegacyAccount]:
    """The old accounts that a case would be about."""
    ids = [hold.account_id] if hold.account_id is not None else []
    if hold.blocker is Blocker.SEVERAL_ACCOUNTS:
        found = match_of(session, sealer, person)
        ids = [number for number, why in found.held if why is hold.blocker] or ids
    return list(
        session.scalars(
            select(LegacyAccount).where(LegacyAccount.id.in_(ids)).order_by(LegacyAccount.id)
        )
    )


def own_cases(session: Session, person_id: int) -> Sequence[Case]:
    """A person's cases, the newest first."""
    return session.scalars(
        select(Case)
        .where(Case.person_id == person_id)
        .options(joinedload(Case.account), joinedload(Case.unit))
        .order_by(Case.id.desc())
        .limit(_SHOWN_MOST)
    ).all()


def own_case(session: Session, actor: Actor, case_id: int) -> Case:
    """One of a person's own cases, or a form that the desk filed for a unit of theirs.

    Raises:
        NotFound
    """
    case = session.get(Case, case_id)
    if case is None or not is_own(session, actor, case):
        raise NotFound
    return case


def is_own(session: Session, actor: Actor, case: Case) -> bool:
    """Whether somebody reads, answers and takes back a case."""
    if actor.person_id is not None and case.person_id == actor.person_id:
        return True
    return is_in_charge(session, actor, case)


def filed_about(session: Session, person_id: int) -> set[Blocker]:
    """What a person has open cases about that are with the desk; not those without their form."""
    filed = session.scalars(
        select(Case).where(Case.person_id == person_id, Case.ended_at.is_(None))
    ).all()
    theirs = without_form(session, filed)
    return {each.blocker for each in filed if each.blocker is not None and each.id not in theirs}


def without_form(session: Session, cases: Sequence[Case]) -> set[int]:
    """The numbers of those cases whose person has been asked for the change form itself."""
    waiting = [
        each.id
        for each in cases
        if each.state is CaseState.WAITING and each.person_id is not None and each.form is None
    ]
    if not waiting:
        return set()
    asked = session.execute(
        select(CaseEntry.case_id, CaseEntry.reply)
        .where(
            CaseEntry.case_id.in_(waiting),
            CaseEntry.event == Event.CASE_EVIDENCE_ASKED.value,
        )
        .order_by(CaseEntry.id)
    )
    last = {row.case_id: row.reply for row in asked}
    return {case_id for case_id, reply in last.items() if reply == FILL_IN}


def open_case(
    session: Session, person_id: int, blocker: Blocker, account_id: int | None
) -> Case | None:
    """The case on file about the same thing."""
    return session.scalar(
        select(Case).where(
            Case.person_id == person_id,
            Case.blocker == blocker,
            Case.account_id.is_(None) if account_id is None else Case.account_id == account_id,
            Case.ended_at.is_(None),
        )
    )


def case_about(session: Session, account: LegacyAccount, blocker: Blocker) -> Case | None:
    """The case on file about an account, whoever filed it."""
    return session.scalar(
        select(Case)
        .where(Case.account_id == account.id, Case.blocker == blocker, Case.ended_at.is_(None))
        .limit(1)
    )


def filed_on_behalf(act: Act, hold: Hold) -> Case | None:
    """What the desk has on file about an account for somebody who hadn't come yet."""
    if hold.account_id is None:
        return None
    # Whoever files about it at the desk locks it too.
    act.session.scalars(
        select(LegacyAccount).where(LegacyAccount.id == hold.account_id).with_for_update()
    ).one()
    return act.session.scalar(
        select(Case)
        .where(
            Case.account_id == hold.account_id,
            Case.blocker == hold.blocker,
            Case.person_id.is_(None),
            Case.ended_at.is_(None),
        )
        .limit(1)
    )


def _adopt(
    act: Act, case: Case, person: Person, statement: str, accounts: Sequence[LegacyAccount]
) -> Case:
    """The case becomes the person's own, with what they say besides."""
    if len(statement) > STATEMENT_MOST:
        raise StatementTooLong(field="statement", most=STATEMENT_MOST)
    case = lock_case(act, case.id)
    case.person_id = person.id
    act.session.get_one(InformationChange, case.id).account_ids = [each.id for each in accounts]
    act.session.flush()
    act.session.refresh(case)
    take_up(act, case)
    said = statement.strip()
    if not case.statement:
        # Nobody had said anything yet: it is the form's own statement, and goes on its paper.
        case.statement, said = said, ""
        index_words(act.session, case, case.statement)
    write_entry(act, case, Event.CASE_JOINED, Side.PERSON, said)
    return case


def _own(act: Act, case_id: int) -> Case:
    own_case(act.session, act.actor, case_id)
    return lock_case(act, case_id)


def _write(
    act: Act,
    person: Person | None,
    hold: Hold,
    statement: str,
    accounts: Sequence[LegacyAccount] | None = None,
    *,
    asks: bool = False,
) -> Case:
    if len(statement) > STATEMENT_MOST:
        raise StatementTooLong(field="statement", most=STATEMENT_MOST)
    account = act.session.get(LegacyAccount, hold.account_id) if hold.account_id else None
    if accounts is None and person is not None:
        accounts = accounts_in_question(act.session, act.sealer, person, hold)
    elif accounts is None:
        accounts = [account] if account else []
    case = Case(
        blocker=hold.blocker,
        state=CaseState.FILED,
        priority=priority_for(hold.blocker),
        person_id=person.id if person else None,
        account_id=account.id if account else None,
        unit_id=account.unit_id if account else None,
        statement=statement,
        filed_at=act.at,
        filed_by=act.actor.name,
        due_on=due_day(act, hold.blocker),
    )
    act.session.add(case)
    act.session.flush()
    act.session.add(InformationChange(case_id=case.id, account_ids=[a.id for a in accounts]))
    if asks:
        move_case(act, case, Move.ASK, Side.DESK)
    put_on_the_desk(act, case)
    if asks:
        write_entry(act, case, Event.CASE_EVIDENCE_ASKED, Side.DESK, reply=FILL_IN)
    return case
