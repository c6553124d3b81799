"""Many cases of one moment, for tests of the desk's day; each about somebody of its own."""

from datetime import date
from itertools import count

from sqlalchemy.orm import Session

from admin_app.audit.act import Limits
from admin_app.hierarchy.models import Unit
from admin_app.migration.blockers import Blocker
from admin_app.service_desk.cases import file_case
from admin_app.service_desk.models import Case
from tests import builders
from tests.builders_desk import by_person
from tests.builders_migration import legacy_account

_numbers = count(700)


def case_about(
    session: Session,
    statement: str = "",
    *,
    name: str = "示例某甲",
    unit: Unit | None = None,
    due_on: date | None = None,
    username: str | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Case:
    """A case about the old account of somebody who has come."""
    number = next(_numbers)
    account = legacy_account(
        session, name, builders.id_number(number), unit=unit, username=username
    )
    person = builders.person(session, name, number)
    act = builders.act(session, by_person(session, person).actor, limits=limits)
    case = file_case(act, person, Blocker.OLD_PASSWORD, account.id, statement)
    if due_on is not None:
        case.due_on = due_on
        session.flush()
    return case
