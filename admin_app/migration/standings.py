"""Keeping where each account stands: the facts are read, ``rules.standing`` decides.

Whatever changes a fact calls ``restate`` in the same transaction.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.delegation.facts import facts_of
from admin_app.delegation.models import Appointment
from admin_app.delegation.vocabulary import AppointmentState, Waiting
from admin_app.hierarchy.models import Unit
from admin_app.identity.models import Person, Representation
from admin_app.migration.matching import holders_of, match_of
from admin_app.migration.models import LegacyAccount, StandingChange
from admin_app.migration.rules import (
    AccountFacts,
    Outcome,
    Representing,
    Standing,
    administration,
    enterprise,
    standing,
)
from admin_app.migration.vocabulary import AccountKind, AccountState
from admin_app.policy.rules import condition_holds
from admin_app.policy.table import Condition
from admin_app.policy.vocabulary import AssuranceLevel
from admin_app.sealing import Sealer


def restate(act: Act, accounts: Iterable[LegacyAccount]) -> None:
    """Bring the standing of accounts up to date, and keep what it was before."""
    for account in accounts:
        if account.state is None:
            continue  # follows from its unit, whenever somebody asks
        now = standing(account_facts(act.session, act.sealer, account))
        if (account.state, account.blocker) == now:
            continue
        act.session.add(
            StandingChange(
                account_id=account.id,
                at=act.at,
                former_state=account.state,
                former_blocker=account.blocker,
                state=now.state,
                blocker=now.blocker,
            )
        )
        account.state, account.blocker = now
        account.stated_at = act.at
    act.session.flush()


def standing_of(session: Session, sealer: Sealer, account: LegacyAccount) -> Standing:
    """Where an account stands, computed anew."""
    return standing(account_facts(session, sealer, account))


def account_facts(session: Session, sealer: Sealer, account: LegacyAccount) -> AccountFacts:
    """What the standing of an account follows from."""
    unit = session.get(Unit, account.unit_id) if account.unit_id else None
    representing, representative = Representing.BY_NOBODY, None
    if account.kind is AccountKind.UNIT:
        representing, representative = _representing(session, sealer, account)
    follows_unit = account.kind in (AccountKind.UNIT_ADMINISTRATOR, AccountKind.SECONDARY_UNIT)
    extra = {"administration": administration_of(session, unit)} if unit and follows_unit else {}
    return AccountFacts(
        kind=account.kind,
        bound=account.id in holders_of(session, [account.id]),
        id_type=account.id_type,
        seen_level=None if account.seen_level is None else AssuranceLevel(account.seen_level),
        hindrance=account.hindrance,
        on_platform=unit is not None,
        representing=representing,
        representative=representative,
        **extra,
    )


def administration_of(session: Session, unit: Unit) -> Standing:
    """Where a unit stands with its administrators."""
    waiting = session.execute(
        select(Appointment.waiting, func.count())
        .where(Appointment.unit_id == unit.id, Appointment.state == AppointmentState.PENDING)
        .group_by(Appointment.waiting)
    ).all()
    unverified = sum(number for why, number in waiting if why is Waiting.VERIFICATION)
    facts = facts_of(session, unit)
    return administration(
        administrators=unit.administrators,
        pending=sum(number for _, number in waiting),
        pending_unverified=unverified,
        somebody_may_appoint=not condition_holds(Condition.NOBODY_WITHIN_APPOINTS, facts),
    )


def enterprise_of(session: Session, unit: Unit) -> Standing:
    """Where a first-level unit stands."""
    accounts = unit_accounts(session, unit)
    represented = unit.uscc is not None and _current(session, unit.uscc) is not None
    stated = [Standing(a.state, a.blocker) for a in accounts if a.state is not None]
    return enterprise(stated, represented=represented)


def unit_accounts(session: Session, unit: Unit) -> Sequence[LegacyAccount]:
    """The unit accounts of a first-level unit."""
    return session.scalars(
        select(LegacyAccount)
        .where(LegacyAccount.unit_id == unit.id, LegacyAccount.kind == AccountKind.UNIT)
        .order_by(LegacyAccount.id)
    ).all()


def personal_state(session: Session, sealer: Sealer, person: Person) -> AccountState:
    """How far somebody's own account has come; MIGRATED also if there is none to bind."""
    found = match_of(session, sealer, person)
    match found.outcome:
        case Outcome.BLOCKED:
            return AccountState.STUCK
        case Outcome.PROMPT:
            # Still asked for the old password, but it is forgotten, or wrong too often.
            account = session.get_one(LegacyAccount, found.account_id)
            return AccountState.IN_PROGRESS if account.hindrance is None else AccountState.STUCK
    return AccountState.MIGRATED


def _representing(
    session: Session, sealer: Sealer, account: LegacyAccount
) -> tuple[Representing, AccountState | None]:
    person = _current(session, account.uscc) if account.uscc else None
    if person is not None:
        return Representing.REPORTED, personal_state(session, sealer, person)
    named = (
        session.scalar(select(Person).where(Person.id_index == account.id_index))
        if account.id_index
        else None
    )
    if named is None or named.assurance_level < AssuranceLevel.INTERMEDIATE:
        return Representing.BY_NOBODY, None
    others = session.scalar(
        select(Representation.id)
        .where(Representation.person_id == named.id, Representation.until.is_(None))
        .limit(1)
    )
    return (Representing.OTHERS_ONLY if others else Representing.NOT_BOUND), None


def _current(session: Session, uscc: str) -> Person | None:
    return session.scalar(
        select(Person)
        .join(Representation, Representation.person_id == Person.id)
        .where(Representation.uscc == uscc, Representation.until.is_(None))
    )
