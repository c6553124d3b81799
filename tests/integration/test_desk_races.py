"""Two at the desk at the very same moment: one is done, the other told, nothing happens twice."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.database import transaction
from admin_app.errors import DomainError
from admin_app.migration.models import AccountBinding, Receipt
from admin_app.policy.actor import Actor
from admin_app.service_desk import deciding, desk
from admin_app.service_desk.case_vocabulary import CaseState, Outcome
from admin_app.service_desk.cases import withdraw_case
from admin_app.service_desk.models import Case, Proposal
from tests import builders
from tests.builders_desk import by_person, by_staff, in_review, supporter
from tests.databases import Database
from tests.integration.test_two_people import forgotten, several
from tests.races import at_once


def stage(
    database: Database, story: Callable[[Session], tuple[Case, object, object]]
) -> list[Actor]:
    """A case in review, proposed if it takes two; the second of the staff returned is another."""
    with transaction(database.sessions) as session:
        case = story(session)[0]
        staff = [supporter(session) for _ in range(3)]
        in_review(session, case, staff[0])
        if story is several:
            deciding.propose(by_staff(session, staff[0]), case.id, case.version)
    return staff


def only(session: Session) -> Case:
    return session.scalars(select(Case)).one()


def tried(verb: Callable[[Act, int, int], object], session: Session, actor: Actor) -> bool:
    seen = only(session).version
    try:
        verb(by_staff(session, actor), only(session).id, seen)
    except DomainError:
        session.rollback()
        return False
    return True


def test_of_two_who_confirm_one_does(database: Database) -> None:
    staff = stage(database, several)
    done = at_once(database, 2, lambda s, which: tried(deciding.confirm, s, staff[1 + which]))
    assert sorted(done) == [False, True]
    with database.sessions() as session:
        assert only(session).state is CaseState.APPROVED
        assert session.scalars(select(Proposal.outcome)).all() == [Outcome.CONFIRMED]
        assert session.scalar(select(func.count()).select_from(AccountBinding)) == 2
        assert session.scalar(select(func.count()).select_from(Receipt)) == 1


def test_approved_twice_binds_once(database: Database) -> None:
    staff = stage(database, forgotten)
    done = at_once(database, 3, lambda s, _: tried(deciding.approve, s, staff[0]))
    assert sorted(done) == [False, False, True]
    with database.sessions() as session:
        assert session.scalar(select(func.count()).select_from(AccountBinding)) == 1


@pytest.mark.parametrize("verb", [deciding.approve, desk.refuse], ids=["approve", "refuse"])
def test_withdrawn_or_decided_but_never_both(
    database: Database, verb: Callable[[Act, int, int], object]
) -> None:
    staff = stage(database, forgotten)

    def either(session: Session, which: int) -> bool:
        if which == 0:
            return tried(verb, session, staff[0])
        case = only(session)
        assert case.person is not None
        try:
            withdraw_case(by_person(session, case.person), case.id)
        except DomainError:
            session.rollback()
            return False
        return True

    assert sorted(at_once(database, 2, either)) == [False, True]
    with database.sessions() as session:
        case = only(session)
        bound = session.scalar(select(func.count()).select_from(AccountBinding))
        assert bound == (case.state is CaseState.APPROVED)
        assert case.ended_at == builders.NOON
