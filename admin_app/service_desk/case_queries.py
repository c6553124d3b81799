"""Reading cases for the desk: one through a reach, its history, colleagues, and the comparison."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from admin_app.errors import NotFound
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import count_up_to, within
from admin_app.identity.id_numbers import mask_id_number
from admin_app.identity.models import StaffAccount
from admin_app.identity.vocabulary import IdType, StaffRole
from admin_app.migration.diagnosis_rules import how_names_differ, how_numbers_differ
from admin_app.migration.models import LegacyAccount
from admin_app.policy.reach import Reach
from admin_app.sealing import Sealer
from admin_app.service_desk.case_vocabulary import CaseState
from admin_app.service_desk.models import Case, CaseEntry, Proposal
from admin_app.service_desk.parties import Matter
from admin_app.wording import Text

_SHOWN_MOST = 100


@dataclass(frozen=True, slots=True)
class Compared:
    """One old account beside what the portal says; ID numbers masked.

    ``differences`` tells neither number nor name.
    """

    account: LegacyAccount
    id_type: IdType | None
    id_number: str
    differences: tuple[Text, ...]
    same_name: bool
    same_number: bool


def with_units(statement: Select[Case]) -> Select[Case]:
    """Cases with the units through which departments see them, and what lists show."""
    return statement.outerjoin(Unit, Unit.id == Case.unit_id).options(
        contains_eager(Case.unit),
        joinedload(Case.person),
        joinedload(Case.account),
        joinedload(Case.assignee),
    )


def case_within(session: Session, reach: Reach, case_id: int) -> Case:
    """A case within reach; one about no unit only for who sees everything.

    Raises:
        NotFound
    """
    case = session.scalar(with_units(select(Case).where(Case.id == case_id, within(reach))))
    if case is None:
        raise NotFound
    return case


def overdue(today: date) -> ColumnElement[bool]:
    """``rules.is_overdue`` as SQL; a test holds the two equal."""
    running = Case.state.in_([CaseState.FILED, CaseState.IN_REVIEW])
    return and_(running, Case.due_on < today)


def reminders_of(session: Session, staff_id: int, today: date) -> dict[str, object]:
    """How many of somebody's cases are late, of everybody's for long, and what is to confirm."""
    late = select(Case.id).where(Case.ended_at.is_(None), overdue(today))
    confirm = select(Proposal.id).where(
        Proposal.outcome.is_(None), Proposal.proposed_by_id != staff_id
    )
    return {
        "own_late": count_up_to(session, late.where(Case.assignee_id == staff_id), _SHOWN_MOST),
        "long_late": count_up_to(session, late.where(Case.escalated == 2), _SHOWN_MOST),
        "to_confirm": count_up_to(session, confirm, _SHOWN_MOST),
    }


def history_of(session: Session, case_id: int, *, internal: bool) -> list[CaseEntry]:
    """What has happened to a case, the first first; the person reads nothing internal."""
    statement = select(CaseEntry).where(CaseEntry.case_id == case_id)
    if not internal:
        statement = statement.where(CaseEntry.is_internal.is_(False))
    latest = statement.order_by(CaseEntry.id.desc()).limit(_SHOWN_MOST)
    return list(reversed(session.scalars(latest).all()))


def colleagues(session: Session) -> Sequence[StaffAccount]:
    """Everybody a case may be handed to."""
    return session.scalars(
        select(StaffAccount)
        .where(StaffAccount.role == StaffRole.PLATFORM_SUPPORT, StaffAccount.active.is_(True))
        .order_by(StaffAccount.name, StaffAccount.id)
        .limit(_SHOWN_MOST)
    ).all()


def compare(session: Session, sealer: Sealer, matter: Matter) -> list[Compared]:
    """The accounts in question, each beside the person whom the portal has verified."""
    accounts = session.scalars(
        select(LegacyAccount)
        .where(LegacyAccount.id.in_(matter.account_ids))
        .order_by(LegacyAccount.id)
        .limit(_SHOWN_MOST)
    )
    return [_compared(sealer, matter, each) for each in accounts]


def _compared(sealer: Sealer, matter: Matter, account: LegacyAccount) -> Compared:
    number = sealer.open(account.id_sealed) if account.id_sealed else ""
    person, differences = matter.person, []
    same_name = person is not None and account.name == person.name
    same_number = person is not None and account.id_index == person.id_index
    if person is not None and not same_name:
        differences.append(how_names_differ(account.name, person.name))
    if person is not None and not same_number and account.id_type is not None:
        theirs = sealer.open(person.id_sealed)
        differences.append(how_numbers_differ(account.id_type, number, person.id_type, theirs))
    return Compared(
        account,
        account.id_type,
        mask_id_number(number) if number else "",
        tuple(differences),
        same_name,
        same_number,
    )
