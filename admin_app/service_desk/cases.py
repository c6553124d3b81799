"""Cases: somebody stuck asks the platform's staff to put it right, or takes that back."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from admin_app.audit.act import Act
from admin_app.audit.operations import record
from admin_app.audit.vocabulary import Event
from admin_app.errors import NotFound
from admin_app.identity.models import Person
from admin_app.migration.blockers import Blocker
from admin_app.migration.models import LegacyAccount
from admin_app.migration.progress import Hold, holds_of
from admin_app.migration.steps import lock_person
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
    if len(statement) > STATEMENT_MOST:
        raise StatementTooLong(field="statement", most=STATEMENT_MOST)
    if open_case(act.session, person.id, blocker, account_id) is not None:
        raise AlreadyOnFile
    account = act.session.get(LegacyAccount, account_id) if account_id is not None else None
    case = Case(
        blocker=blocker,
        state=CaseState.FILED,
        person_id=person.id,
        account_id=account_id,
        unit_id=account.unit_id if account else None,
        statement=statement,
        filed_at=act.at,
        filed_by=act.actor.name,
    )
    act.session.add(case)
    act.session.flush()
    _record(act, Event.CASE_FILED, case, person)
    return case


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
    _record(act, Event.CASE_WITHDRAWN, case, person)
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


def _record(act: Act, event: Event, case: Case, person: Person) -> None:
    record(
        act,
        event,
        unit_id=case.unit_id,
        person_id=person.id,
        subject=person.name,
        case_id=case.id,
        account_id=case.account_id,
        blocker=case.blocker.value,
    )
