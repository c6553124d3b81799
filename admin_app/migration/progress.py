"""Where somebody stands on the way in: the facts are read here, ``progress_rules`` decides."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from admin_app.delegation.models import Appointment
from admin_app.delegation.vocabulary import AppointmentState
from admin_app.errors import NotFound
from admin_app.hierarchy.models import Unit
from admin_app.identity.models import Person, Representation
from admin_app.identity.queries import representations_of
from admin_app.migration.blockers import Blocker
from admin_app.migration.concerned import represented_accounts
from admin_app.migration.matching import accounts_of, holders_of, match_of
from admin_app.migration.models import AccountBinding, Affiliation, LegacyAccount, Receipt
from admin_app.migration.progress_rules import (
    PersonFacts,
    Step,
    UnitAccount,
    Verdict,
    steps,
    verdict,
)
from admin_app.migration.receipts import affiliations_of, history_of
from admin_app.migration.rules import Match, Outcome
from admin_app.migration.vocabulary import AccountKind
from admin_app.sealing import Sealer

_SHOWN_MOST = 50


class Hold(NamedTuple):
    """What somebody is stuck by, and at which account, if at one."""

    blocker: Blocker
    account_id: int | None = None


class Found(NamedTuple):
    """An old account as “We found your account” shows it."""

    account: LegacyAccount
    history: dict[str, dict[str, Any]]
    affiliations: list[dict[str, Any]]


class EnterpriseLine(NamedTuple):
    """An enterprise that the portal reports, its unit if there is one, and how it stands."""

    representation: Representation
    unit: Unit | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Progress:
    """All that the person's own page says of where they stand."""

    facts: PersonFacts
    steps: list[Step]
    offers: list[LegacyAccount]
    enterprises: list[EnterpriseLine]
    holds: list[Hold]

    @property
    def is_done(self) -> bool:
        return not self.holds and all(step.state.value == "done" for step in self.steps)


def progress_of(
    session: Session,
    sealer: Sealer,
    person: Person,
    *,
    new_since: datetime,
    applied: bool = False,
    filed: Collection[Blocker] = (),
) -> Progress:
    """Where a person stands; what was bound after ``new_since`` counts as bound now.

    ``applied`` and ``filed`` are what the service desk has of theirs: an application to a unit,
    and cases.
    """
    found = match_of(session, sealer, person)
    offers = _offers(session, person, found)
    lines = _enterprises(session, person, found, new_since)
    another = found.held[0][1] if found.outcome is Outcome.BOUND and found.held else None
    facts = PersonFacts(
        outcome=found.outcome,
        blocker=found.blocker,
        forgotten=any(each.hindrance is Blocker.OLD_PASSWORD for each in offers[:1]),
        enterprises=len(lines),
        named_by_unit=not lines and _named_by_unit(session, person),
        unit_password=found.outcome is Outcome.NOTHING and bool(offers),
        belongs=any(line.unit for line in lines) or belongs(session, person),
        applied=applied,
        another=another,
        filed=(another or found.blocker) in filed,
    )
    return Progress(facts, steps(facts), offers, lines, _holds(found, offers, lines))


def should_apply(session: Session, sealer: Sealer, person: Person) -> bool:
    """No account to bind, and no unit (R37)."""
    if belongs(session, person):
        return False
    found = match_of(session, sealer, person)
    return found.outcome is Outcome.NOTHING and not _offers(session, person, found)


def holds_of(session: Session, sealer: Sealer, person: Person) -> list[Hold]:
    """Everything a person is stuck by now, and staff could help with."""
    return progress_of(session, sealer, person, new_since=person.last_signed_in_at).holds


def found_account(session: Session, account: LegacyAccount) -> Found:
    """What is in an account, from its tallies alone."""
    return Found(
        account,
        history_of(session, [account.id]),
        affiliations_of(session, [account.id], None),
    )


def belongs(session: Session, person: Person) -> bool:
    """Whether a person has an affiliation or an office."""
    own = accounts_of(session, person.id)
    affiliated = select(Affiliation.id).where(
        or_(Affiliation.person_id == person.id, Affiliation.account_id.in_(own)),
        Affiliation.until.is_(None),
    )
    administers = select(Appointment.id).where(
        Appointment.person_id == person.id, Appointment.state == AppointmentState.CURRENT
    )
    return (
        session.scalar(affiliated.limit(1)) is not None
        or session.scalar(administers.limit(1)) is not None
    )


def receipts_of(session: Session, person_id: int) -> Sequence[Receipt]:
    """A person's receipts, the newest first."""
    return session.scalars(
        select(Receipt)
        .where(Receipt.person_id == person_id)
        .order_by(Receipt.id.desc())
        .limit(_SHOWN_MOST)
    ).all()


def own_receipt(session: Session, person_id: int, receipt_id: int) -> Receipt:
    """One of a person's own receipts.

    Raises:
        NotFound
    """
    receipt = session.scalar(
        select(Receipt).where(Receipt.id == receipt_id, Receipt.person_id == person_id)
    )
    if receipt is None:
        raise NotFound
    return receipt


def _offers(session: Session, person: Person, found: Match) -> list[LegacyAccount]:
    """The accounts whose old password may be typed: the personal one first (R31), and alone."""
    if found.outcome is Outcome.PROMPT and found.account_id is not None:
        return [session.get_one(LegacyAccount, found.account_id)]
    if found.outcome is not Outcome.NOTHING:
        return []
    accounts = represented_accounts(session, person)
    held = holders_of(session, [each.id for each in accounts])
    return [
        each
        for each in accounts
        if each.id not in held
        and each.hindrance is not Blocker.DISPUTED
        and each.password_hash is not None
    ]


def _enterprises(
    session: Session, person: Person, found: Match, new_since: datetime
) -> list[EnterpriseLine]:
    accounts = represented_accounts(session, person)
    bindings = session.scalars(
        select(AccountBinding).where(
            AccountBinding.account_id.in_([each.id for each in accounts]),
            AccountBinding.until.is_(None),
        )
    )
    bound = {each.account_id: each for each in bindings}
    by_code: dict[str | None, list[UnitAccount]] = {}
    for account in accounts:
        binding = bound.get(account.id)
        is_theirs = binding is not None and binding.person_id == person.id
        by_code.setdefault(account.uscc, []).append(
            UnitAccount(
                is_theirs=is_theirs,
                is_somebody_elses=binding is not None and not is_theirs,
                is_disputed=account.hindrance is Blocker.DISPUTED,
                is_new=binding is not None and binding.since >= new_since,
            )
        )
    return [
        EnterpriseLine(
            each, unit, verdict(unit is not None, by_code.get(each.uscc, ()), found.outcome)
        )
        for each, unit in representations_of(session, person.id)
    ]


def _holds(
    found: Match, offers: Sequence[LegacyAccount], lines: Sequence[EnterpriseLine]
) -> list[Hold]:
    holds = []
    if found.blocker is not None:
        holds.append(Hold(found.blocker, found.account_id))
    if found.outcome is Outcome.BOUND:
        holds += [Hold(blocker, account_id) for account_id, blocker in found.held]
    holds += [
        Hold(Blocker.OLD_PASSWORD, each.id)
        for each in offers
        if each.hindrance is Blocker.OLD_PASSWORD
    ]
    verdicts = {line.verdict for line in lines}
    if Verdict.NOT_ON_PLATFORM in verdicts:
        holds.append(Hold(Blocker.ENTERPRISE_NOT_ON_PLATFORM))
    if verdicts & {Verdict.DISPUTED, Verdict.SOMEBODY_ELSES} and not found.blocker:
        holds.append(Hold(Blocker.DISPUTED))
    return holds


def _named_by_unit(session: Session, person: Person) -> bool:
    """An old unit account bears this person's number."""
    named = select(LegacyAccount.id).where(
        LegacyAccount.id_index == person.id_index, LegacyAccount.kind == AccountKind.UNIT
    )
    return session.scalar(named.limit(1)) is not None
