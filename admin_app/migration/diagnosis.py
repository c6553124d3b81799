"""Why is somebody stuck? The facts about a person, a unit or an old account, put together.

Reading only. What lies outside the reader's reach is left out; whom to find is in ``finding``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.id_numbers import mask_id_number
from admin_app.identity.models import Person
from admin_app.identity.names import mask_name
from admin_app.identity.queries import representations_of, representative_of
from admin_app.migration.blockers import Blocker
from admin_app.migration.diagnosis_rules import Link, LinkResult, LinkState, behind, chain, sentence
from admin_app.migration.evidence import (
    evidence_about_account,
    evidence_about_match,
    evidence_about_unit,
)
from admin_app.migration.matching import candidates_of, holders_of, match_of
from admin_app.migration.models import LegacyAccount
from admin_app.migration.reconciliation import Line, lines_of_person, lines_of_unit
from admin_app.migration.rules import IN_PROGRESS, MIGRATED, Outcome, Standing, stuck
from admin_app.migration.standings import (
    administration_of,
    enterprise_of,
    standing_of,
    unit_accounts,
)
from admin_app.migration.vocabulary import AccountKind, AccountState
from admin_app.policy.reach import Reach
from admin_app.policy.vocabulary import AssuranceLevel
from admin_app.sealing import Sealer
from admin_app.wording import Text

SHOWN_MOST = 20


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An old account and where it stands; its ID number masked."""

    account: LegacyAccount
    standing: Standing
    id_number: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Where somebody or something stands, why, and what to say.

    ``cause``: what holds up the legal representative who holds up the rest.
    """

    title: str
    subject: Text
    standing: Standing
    links: tuple[LinkResult, ...]
    evidence: tuple[Text, ...]
    accounts: tuple[AccountLine, ...] = ()
    lines: tuple[Line, ...] = ()
    unit: Unit | None = None
    cause: Blocker | None = None
    said: Text | None = None

    def without_people(self) -> "Diagnosis":
        """The same for who may see figures only: no names, no numbers, no accounts."""
        return replace(self, evidence=(), accounts=(), lines=())

    @property
    def say(self) -> Text:
        return self.said or sentence(self.subject, self.standing, self.cause)

    @property
    def blocker(self) -> Blocker | None:
        return self.standing.blocker

    @property
    def first_broken(self) -> Link | None:
        return next((each.link for each in self.links if each.state is LinkState.BROKEN), None)

    def as_json(self) -> dict[str, Any]:
        advice = self.blocker.advice if self.blocker else None
        return {
            "subject": self.title,
            "state": self.standing.state.value,
            "blocker": self.blocker.value if self.blocker else None,
            "label": _both(advice.label) if advice else None,
            "cause": self.cause.value if self.cause else None,
            "desk": advice.desk.value if advice else None,
            "owner": advice.owner.value if advice else None,
            "step": _both(advice.step) if advice else None,
            "article": advice.article if advice else None,
            "first_broken": self.first_broken.value if self.first_broken else None,
            "links": {each.link.value: each.state.value for each in self.links},
            "evidence": [_both(each) for each in self.evidence],
            "say": _both(self.say),
            "accounts": [
                {
                    "id": each.account.id,
                    "username": each.account.username,
                    "kind": each.account.kind.value,
                    "id_number": each.id_number,
                    "state": each.standing.state.value,
                    "blocker": each.standing.blocker.value if each.standing.blocker else None,
                }
                for each in self.accounts
            ],
            "enterprises": [
                {
                    "uscc": each.uscc,
                    "reported": each.reported_name,
                    "platform": each.unit.name if each.unit else None,
                    "found_by": each.found_by.value,
                    "accounts": [account.username for account in each.accounts],
                    "verdict": each.verdict.value,
                    "step": _both(each.verdict.step),
                }
                for each in self.lines
            ],
        }


def diagnose_person(session: Session, sealer: Sealer, reach: Reach, person: Person) -> Diagnosis:
    """Somebody who has signed in: their own account, their enterprises, those units' offices."""
    own = personal_standing(session, sealer, person)
    lines = lines_of_person(session, reach, person)
    theirs = _unit_accounts_of(session, person, lines)
    units = [line.unit for line in lines if line.unit is not None and line.reported_name]
    standings = [own, *(standing_of(session, sealer, each) for each in theirs)]
    offices = [administration_of(session, unit) for unit in units]
    standing = behind([*standings, *offices])
    verified = person.assurance_level >= AssuranceLevel.INTERMEDIATE
    if not verified:
        standing = stuck(Blocker.VERIFICATION_TOO_LOW)
    known: dict[Link, bool | None] = {
        Link.REGISTERED: True,
        Link.VERIFIED: verified,
        Link.ENTERPRISE_BOUND: bool(representations_of(session, person.id)) if lines else None,
        Link.SIGNED_IN: True,
        Link.PERSONAL_ACCOUNT: own == MIGRATED,
        Link.UNIT_DATA: all(each == MIGRATED for each in standings[1:]) if lines else None,
        Link.ADMINISTRATOR: all(each == MIGRATED for each in offices) if units else None,
    }
    found = match_of(session, sealer, person)
    candidates = candidates_of(session, sealer, person)
    shown = [a for a in (*candidates, *theirs) if within_reach(session, reach, a)]
    evidence = list(evidence_about_match(sealer, person, found, candidates))
    if standing.blocker is not own.blocker:
        for account, its in zip(theirs, standings[1:], strict=True):
            if its == standing and within_reach(session, reach, account):
                evidence += evidence_about_account(session, sealer, account, its)
                break
        for unit, its in zip(units, offices, strict=True):
            if its == standing:
                evidence += evidence_about_unit(session, unit, its)
                break
    return Diagnosis(
        title=person.name,
        subject=Text("您的账号", "your account"),
        standing=standing,
        links=chain(known, standing),
        evidence=tuple(evidence),
        accounts=account_lines(session, sealer, shown),
        lines=tuple(lines),
    )


def diagnose_stranger(name: str) -> Diagnosis:
    """Nobody of this name and number has ever come, and no old account bears the number."""
    standing = Standing(AccountState.NOT_STARTED, Blocker.NOT_SIGNED_IN)
    return Diagnosis(
        title=name,
        subject=Text("您的账号", "your account"),
        standing=standing,
        links=chain(
            {Link.REGISTERED: False, Link.VERIFIED: False, Link.SIGNED_IN: False}, standing
        ),
        evidence=(
            Text(
                "平台上没有这个证件号码的原账号，省平台也从未报告过这个人登录。",
                "No old account bears this ID number, and the portal has never reported them.",
            ),
        ),
    )


def diagnose_account(
    session: Session, sealer: Sealer, reach: Reach, account: LegacyAccount
) -> Diagnosis:
    """An old account of whatever kind; the reader may see it."""
    if account.kind is AccountKind.UNIT:
        unit = session.get(Unit, account.unit_id) if account.unit_id else None
        return _of_unit(session, sealer, unit, [account])
    standing = standing_of(session, sealer, account)
    known: dict[Link, bool | None] = {}
    unit, said, subject = None, None, Text("您的账号", "your account")
    if account.kind is AccountKind.PERSONAL:
        seen = account.seen_level
        known = {
            Link.REGISTERED: seen is not None,
            Link.VERIFIED: seen is not None and seen >= AssuranceLevel.INTERMEDIATE,
            Link.SIGNED_IN: _person_behind(session, account) is not None,
            Link.PERSONAL_ACCOUNT: standing == MIGRATED,
        }
        subject = Text("您的原个人账号", "your old personal account")
    elif account.kind.lives_on:
        said = _LIVES_ON
    else:
        unit = session.get(Unit, account.unit_id) if account.unit_id else None
        known = {Link.ADMINISTRATOR: standing == MIGRATED}
        subject = Text("原管理员账号已停用，单位管理员的指定", "naming a unit administrator anew")
    evidence = list(evidence_about_account(session, sealer, account, standing))
    if unit is not None:
        evidence += evidence_about_unit(session, unit, standing)
    person = _person_behind(session, account)
    same_number = _bearing_the_same_number(session, account)
    shown = [a for a in same_number if a.id == account.id or within_reach(session, reach, a)]
    return Diagnosis(
        title=account.name,
        subject=subject,
        standing=standing,
        links=chain(known, standing),
        evidence=tuple(evidence),
        accounts=account_lines(session, sealer, shown),
        lines=tuple(lines_of_person(session, reach, person)) if person else (),
        unit=unit,
        said=said,
    )


def diagnose_unit(session: Session, sealer: Sealer, unit: Unit) -> Diagnosis:
    """A unit: an enterprise with its accounts and representative, or one that needs an office."""
    if unit.kind is UnitKind.FIRST_LEVEL:
        return _of_unit(session, sealer, unit, unit_accounts(session, unit))
    if unit.kind is UnitKind.DEPARTMENT:
        standing, known = MIGRATED, {}
    else:
        standing = administration_of(session, unit)
        known = {Link.ADMINISTRATOR: standing == MIGRATED}
    return Diagnosis(
        title=unit.name,
        subject=Text("“{unit}”", "“{unit}”").format(unit=unit.name),
        standing=standing,
        links=chain(known, standing),
        evidence=evidence_about_unit(session, unit, standing),
        unit=unit,
    )


def _of_unit(
    session: Session, sealer: Sealer, unit: Unit | None, accounts: Sequence[LegacyAccount]
) -> Diagnosis:
    """An enterprise: it waits for its representative, its data, and then for administrators."""
    standings = [standing_of(session, sealer, account) for account in accounts]
    if unit is not None and len(accounts) != 1:
        standing = enterprise_of(session, unit)
    else:
        standing = standings[0]
    own = standing
    office = administration_of(session, unit) if unit is not None else MIGRATED
    if own == MIGRATED:
        standing = office
    representative = representative_of(session, unit) if unit is not None else None
    named = next((p for a in accounts if (p := _person_behind(session, a))), None)
    somebody = representative or named
    seen = max((a.seen_level for a in accounts if a.seen_level is not None), default=None)
    level = somebody.level if somebody else seen
    cause, personal = None, None
    if somebody is not None:
        personal = personal_standing(session, sealer, somebody)
        if standing.blocker is Blocker.BLOCKED_BY_REPRESENTATIVE:
            cause = personal.blocker
    known: dict[Link, bool | None] = {
        Link.REGISTERED: level is not None,
        Link.VERIFIED: level is not None and level >= AssuranceLevel.INTERMEDIATE,
        Link.ENTERPRISE_BOUND: representative is not None,
        Link.SIGNED_IN: somebody is not None,
        Link.PERSONAL_ACCOUNT: personal == MIGRATED,
        Link.UNIT_DATA: own == MIGRATED if accounts else None,
        Link.ADMINISTRATOR: office == MIGRATED,
    }
    evidence: list[Text] = []
    if representative is not None:
        evidence.append(_REPRESENTED.format(name=mask_name(representative.name)))
    for account, its in zip(accounts, standings, strict=True):
        if its.blocker is not None:
            evidence += evidence_about_account(session, sealer, account, its)
    if cause is not None and somebody is not None:
        found = match_of(session, sealer, somebody)
        candidates = candidates_of(session, sealer, somebody)
        evidence += evidence_about_match(sealer, somebody, found, candidates)
    if unit is not None and own == MIGRATED:
        evidence += evidence_about_unit(session, unit, office)
    title = unit.name if unit is not None else accounts[0].name
    return Diagnosis(
        title=title,
        subject=Text("“{unit}”", "“{unit}”").format(unit=title),
        standing=standing,
        links=chain(known, standing, whole_unit=True),
        evidence=tuple(dict.fromkeys(evidence)),
        accounts=account_lines(session, sealer, accounts),
        lines=tuple(lines_of_unit(session, unit)) if unit is not None else (),
        unit=unit,
        cause=cause,
    )


_LIVES_ON = Text(
    "您好，主管部门和管理者的账号照旧使用：请从“主管部门与管理者登录”进入，用原来的用户名和密码。",
    "Hello. Accounts of departments and managers work as before: use the entry for departments "
    "and managers, with the old user name and password.",
)
_REPRESENTED = Text(
    "省平台报告的法定代表人是{name}。", "The portal reports {name} as legal representative."
)


def account_lines(
    session: Session, sealer: Sealer, accounts: Sequence[LegacyAccount]
) -> tuple[AccountLine, ...]:
    """Accounts with where they stand, as many as a page shows."""
    unique = {account.id: account for account in accounts}
    return tuple(
        AccountLine(
            account,
            standing_of(session, sealer, account),
            mask_id_number(sealer.open(account.id_sealed)) if account.id_sealed else "",
        )
        for account in list(unique.values())[:SHOWN_MOST]
    )


def within_reach(session: Session, reach: Reach, account: LegacyAccount) -> bool:
    """Whether a reader may see an account; one without a unit only who sees everything."""
    if reach.is_everywhere or account.unit_id is None:
        return reach.is_everywhere
    return reach.covers(session.get_one(Unit, account.unit_id).path)


def personal_standing(session: Session, sealer: Sealer, person: Person) -> Standing:
    """How far somebody's own account has come, and what holds it up."""
    found = match_of(session, sealer, person)
    match found.outcome:
        case Outcome.BLOCKED:
            return Standing(AccountState.STUCK, found.blocker)
        case Outcome.PROMPT:
            account = session.get(LegacyAccount, found.account_id)
            return standing_of(session, sealer, account) if account is not None else IN_PROGRESS
    return MIGRATED


def _person_behind(session: Session, account: LegacyAccount) -> Person | None:
    """Whose an account is, or whoever has signed in with its number."""
    holder = holders_of(session, [account.id]).get(account.id)
    if holder is not None:
        return session.get(Person, holder)
    if account.id_index is None:
        return None
    return session.scalar(select(Person).where(Person.id_index == account.id_index))


def _bearing_the_same_number(session: Session, account: LegacyAccount) -> list[LegacyAccount]:
    if account.id_index is None:
        return [account]
    same = select(LegacyAccount).where(LegacyAccount.id_index == account.id_index)
    others = session.scalars(same.order_by(LegacyAccount.id).limit(SHOWN_MOST))
    return [account, *(each for each in others if each.id != account.id)]


def _unit_accounts_of(
    session: Session, person: Person, lines: Sequence[Line]
) -> list[LegacyAccount]:
    return [account for line in lines for account in line.accounts if line.unit is not None]


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
