"""Cases: somebody stuck asks the platform's staff to put it right, or takes that back."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from admin_app.audit.act import Act
from admin_app.audit.operations import announce, record
from admin_app.audit.vocabulary import Event
from admin_app.delegation.facts import facts_of
from admin_app.errors import NotFound
from admin_app.identity.models import Person
from admin_app.migration.blockers import Blocker, Owner
from admin_app.migration.models import LegacyAccount
from admin_app.migration.progress import Hold, holds_of
from admin_app.migration.standings import standing_of
from admin_app.migration.steps import lock_person
from admin_app.policy.rules import require
from admin_app.policy.vocabulary import Permission
from admin_app.service_desk.models import Case
from admin_app.service_desk.vocabulary import (
    AlreadyOnFile,
    CaseOver,
    CaseState,
    NothingToFile,
    StatementTooLong,
)

STATEMENT_MOST = 2000
_SHOWN_MOST = 50


def file_own_case(
    act: Act, person_id: int, blocker: Blocker, account_id: int | None, statement: str
) -> Case:
    """Ask for a hand with something one is really stuck by.

    Raises:
        NothingToFile: it isn't, or not any more.
        StatementTooLong, AlreadyOnFile
    """
    person = lock_person(act.session, person_id)
    if Hold(blocker, account_id) not in holds_of(act.session, act.sealer, person):
        raise NothingToFile
    return file_case(act, person, blocker, account_id, statement)


def file_case(
    act: Act, person: Person, blocker: Blocker, account_id: int | None, statement: str = ""
) -> Case:
    """Put something on file for the platform's staff; the person is locked.

    Raises:
        StatementTooLong, AlreadyOnFile
    """
    if open_case(act.session, person.id, blocker, account_id) is not None:
        raise AlreadyOnFile
    account = act.session.get(LegacyAccount, account_id) if account_id is not None else None
    return _write(act, person, blocker, account, statement)


def file_case_about(act: Act, account_id: int, statement: str) -> Case:
    """File for whoever called what only staff can put right about an old account.

    The account has been fetched through the actor's reach.

    Raises:
        Refused, NothingToFile, StatementTooLong, AlreadyOnFile
    """
    account = act.session.scalars(
        select(LegacyAccount).where(LegacyAccount.id == account_id).with_for_update()
    ).one()
    facts = facts_of(act.session, account.unit) if account.unit else None
    require(act.actor, Permission.CASE_FILE, facts, act.reason)
    now = standing_of(act.session, act.sealer, account)
    if now.blocker is None or now.blocker.advice.owner is not Owner.STAFF:
        raise NothingToFile
    if case_about(act.session, account, now.blocker) is not None:
        raise AlreadyOnFile
    person = act.session.scalar(select(Person).where(Person.id_index == account.id_index))
    return _write(act, person, now.blocker, account, statement)


def withdraw_case(act: Act, case_id: int) -> Case:
    """Take one's own case back.

    Raises:
        NotFound, CaseOver
    """
    if act.actor.person_id is None:
        raise NotFound
    person = lock_person(act.session, act.actor.person_id)
    case = act.session.scalar(
        select(Case).where(Case.id == case_id, Case.person_id == person.id),
        execution_options={"populate_existing": True},
    )
    if case is None:
        raise NotFound
    if case.state is not CaseState.FILED:
        raise CaseOver(state=case.state.label)
    case.state, case.ended_at = CaseState.WITHDRAWN, act.at
    act.session.flush()
    _record(act, Event.CASE_WITHDRAWN, case, person.name)
    return case


def own_cases(session: Session, person_id: int) -> Sequence[Case]:
    """A person's cases, the newest first."""
    return session.scalars(
        select(Case)
        .where(Case.person_id == person_id)
        .options(joinedload(Case.account))
        .order_by(Case.id.desc())
        .limit(_SHOWN_MOST)
    ).all()


def filed_about(session: Session, person_id: int) -> set[Blocker]:
    """What a person has cases on file about."""
    return set(
        session.scalars(
            select(Case.blocker).where(Case.person_id == person_id, Case.state == CaseState.FILED)
        )
    )


def open_case(
    session: Session, person_id: int, blocker: Blocker, account_id: int | None
) -> Case | None:
    """The case on file about the same thing."""
    return session.scalar(
        select(Case).where(
            Case.person_id == person_id,
            Case.blocker == blocker,
            Case.account_id.is_(None) if account_id is None else Case.account_id == account_id,
            Case.state == CaseState.FILED,
        )
    )


def case_about(session: Session, account: LegacyAccount, blocker: Blocker) -> Case | None:
    """The case on file about an account, whoever filed it."""
    return session.scalar(
        select(Case)
        .where(
            Case.account_id == account.id, Case.blocker == blocker, Case.state == CaseState.FILED
        )
        .limit(1)
    )


def _write(
    act: Act,
    person: Person | None,
    blocker: Blocker,
    account: LegacyAccount | None,
    statement: str,
) -> Case:
    if len(statement) > STATEMENT_MOST:
        raise StatementTooLong(field="statement", most=STATEMENT_MOST)
    case = Case(
        blocker=blocker,
        state=CaseState.FILED,
        person_id=person.id if person else None,
        account_id=account.id if account else None,
        unit_id=account.unit_id if account else None,
        statement=statement,
        filed_at=act.at,
        filed_by=act.actor.name,
    )
    act.session.add(case)
    act.session.flush()
    name = person.name if person else account.name if account else ""
    _record(act, Event.CASE_FILED, case, name)
    return case


def _record(act: Act, event: Event, case: Case, name: str) -> None:
    record(
        act,
        event,
        unit_id=case.unit_id,
        person_id=case.person_id,
        subject=name,
        case_id=case.id,
        account_id=case.account_id,
        blocker=case.blocker.value,
    )
    announce(
        act,
        event.value,
        case_id=case.id,
        person_id=case.person_id,
        unit_id=case.unit_id,
        blocker=case.blocker.value,
    )
