"""Whose a legacy account is, and where it stands: pure functions.

``match`` decides from what the portal reports and the accounts that may be somebody's whether
they are asked for an old password, have nothing to bind, or are stuck, and why. ``standing``
decides where an account is; lists, figures, commands and pages all count with it.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import NamedTuple

from admin_app.identity.id_numbers import resident_id_18
from admin_app.identity.names import name_for_comparison
from admin_app.identity.vocabulary import IdType
from admin_app.migration.blockers import Blocker
from admin_app.migration.nationalities import nationality
from admin_app.migration.vocabulary import AccountKind, AccountState
from admin_app.policy.vocabulary import AssuranceLevel
from admin_app.wording import Text


class Difference(IntEnum):
    """How much two spellings differ; ordered. Who may overlook it grows with it."""

    NONE = 0
    HARMLESS = 1  # accepted
    EXPLAINABLE = 2  # one member of staff
    SERIOUS = 3  # two people

    @property
    def label(self) -> Text:
        return _DIFFERENCE_LABELS[self]


_DIFFERENCE_LABELS = {
    Difference.NONE: Text("一致", "the same"),
    Difference.HARMLESS: Text("无关紧要的差异", "a harmless difference"),
    Difference.EXPLAINABLE: Text("可以解释的差异，需一名工作人员核实", "an explainable difference"),
    Difference.SERIOUS: Text("重大差异，需两名工作人员核实", "a serious difference"),
}


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the portal vouches for, as far as matching cares."""

    name: str
    id_type: IdType
    id_number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A personal legacy account that may be this person's.

    Args:
        bound_to: the number of the person it is bound to.
        answered: the portal has reported somebody with exactly this number.
    """

    id: int
    name: str
    id_type: IdType
    id_number: str = field(repr=False)
    bound_to: int | None = None
    has_password: bool = True
    hindrance: Blocker | None = None
    answered: bool = False


class Outcome(Enum):
    """What a match comes to."""

    PROMPT = "prompt"
    BOUND = "bound"
    NOTHING = "nothing"
    BLOCKED = "blocked"


class Match(NamedTuple):
    """The outcome, the account it is about, and what is held against which accounts."""

    outcome: Outcome
    account_id: int | None = None
    blocker: Blocker | None = None
    held: tuple[tuple[int, Blocker], ...] = ()


def match(identity: Identity, person_id: int, candidates: Sequence[Candidate]) -> Match:
    """Whether somebody is asked for an old password, has nothing to bind, or is stuck (R27–R44).

    Who has bound an account stays bound; another that turns up is held up alone (R40).
    """
    own = [each for each in candidates if each.bound_to == person_id]
    exact = [c for c in candidates if c not in own and _same_number(identity, c)]
    free = [each for each in exact if each.bound_to is None]
    held = _hold(free, Blocker.SEVERAL_ACCOUNTS)
    if own:
        return Match(Outcome.BOUND, own[0].id, held=held)
    if free and len(exact) > 1:
        return Match(Outcome.BLOCKED, free[0].id, Blocker.SEVERAL_ACCOUNTS, held)
    if exact:
        return _about(identity, exact[0])
    return _near(identity, candidates)


def _about(identity: Identity, account: Candidate) -> Match:
    """One account bears this person's number."""
    blocker = None
    if account.bound_to is not None:
        return Match(Outcome.BLOCKED, account.id, Blocker.DISPUTED)
    if account.hindrance is Blocker.DISPUTED:
        blocker = Blocker.DISPUTED
    elif compare_names(identity.name, account.name) > Difference.HARMLESS:
        blocker = Blocker.NAME_DIFFERS
    elif not account.has_password:
        blocker = Blocker.OLD_PASSWORD
    if blocker is None:
        return Match(Outcome.PROMPT, account.id)
    return Match(Outcome.BLOCKED, account.id, blocker, ((account.id, blocker),))


def _near(identity: Identity, candidates: Sequence[Candidate]) -> Match:
    """None bears the number, but one may be this person's all the same."""
    free = [c for c in candidates if c.bound_to is None]
    by_passport = [c for c in free if c.id_type is IdType.PASSPORT]
    others = [c for c in free if c.id_type is not IdType.PASSPORT and not c.answered]
    close = [
        c
        for c in others
        if compare_numbers(identity.id_type, identity.id_number, c.id_type, c.id_number)
        <= Difference.EXPLAINABLE
    ]
    for blocker, found in (
        (Blocker.ID_DIFFERS, close),
        (Blocker.REGISTERED_BY_PASSPORT, by_passport),
    ):
        if found:
            return Match(Outcome.BLOCKED, found[0].id, blocker, _hold(found, blocker))
    return Match(Outcome.NOTHING)


def _hold(accounts: Sequence[Candidate], blocker: Blocker) -> tuple[tuple[int, Blocker], ...]:
    """What is held against accounts; a dispute outlasts whatever else is found."""
    return tuple(
        (each.id, Blocker.DISPUTED if each.hindrance is Blocker.DISPUTED else blocker)
        for each in accounts
    )


def _same_number(identity: Identity, account: Candidate) -> bool:
    difference = compare_numbers(
        identity.id_type, identity.id_number, account.id_type, account.id_number
    )
    return difference <= Difference.HARMLESS


def compare_names(one: str, other: str) -> Difference:
    """How two names differ, once width, spaces, case and kind of dot are evened out."""
    a, b = name_for_comparison(one), name_for_comparison(other)
    if a == b:
        return Difference.NONE
    if _is_latin(a) and _is_latin(b) and _words(one) == _words(other):
        return Difference.HARMLESS  # given and family name in the other order
    if a.replace("·", "") == b.replace("·", ""):
        return Difference.EXPLAINABLE
    if min(len(a), len(b)) >= 2 and (a.startswith(b) or b.startswith(a)):
        return Difference.EXPLAINABLE  # cut off
    if len(a) == len(b) >= 2 and differing(a, b) == 1:
        return Difference.EXPLAINABLE  # another form of a character, or a slip
    return Difference.SERIOUS


def compare_numbers(one_type: IdType, one: str, other_type: IdType, other: str) -> Difference:
    """How two ID numbers differ; 15-digit resident numbers count as their 18-digit form."""
    if one_type is not other_type:
        return Difference.SERIOUS
    if one_type is IdType.RESIDENT_ID:
        one, other = resident_id_18(one), resident_id_18(other)
    if one == other:
        return Difference.NONE
    is_card = one_type is IdType.FOREIGN_PERMANENT_RESIDENCE
    if is_card and len(one) != len(other):
        kin = kinship("", one_type, one), kinship("", other_type, other)
        renewed = kin[0] is not None and kin[0] == kin[1]
        return Difference.EXPLAINABLE if renewed else Difference.SERIOUS
    if one_type is IdType.PASSPORT or len(one) != len(other):
        return Difference.SERIOUS
    if one[:17] == other[:17]:
        return Difference.HARMLESS  # the check character alone, which follows from the rest
    born = slice(7, 13) if is_card and len(one) == 15 else slice(6, 14)
    slip = one[born] == other[born] and differing(one, other) <= 2
    return Difference.EXPLAINABLE if slip else Difference.SERIOUS


def differing(a: str, b: str) -> int:
    """In how many places two texts of one length differ."""
    return sum(x != y for x, y in zip(a, b, strict=True))


def kinship(name: str, id_type: IdType, number: str) -> tuple[str, ...] | None:
    """What two accounts of one person share though their numbers differ; None: nothing sure.

    Residents: the name and the date of birth, so that a slip elsewhere is found. Permanent
    residents: nationality and date of birth, which a renewed card keeps. Passports: the name, for
    nothing else in one stays. GA 2102-2023: the new card has the nationality in digits from the
    4th and the date from the 7th; the old one begins with its letters and has YYMMDD from the 8th.
    """
    if id_type is IdType.RESIDENT_ID:
        number = resident_id_18(number)
    match id_type:
        case IdType.RESIDENT_ID if len(number) == 18:
            return ("resident", name_for_comparison(name), number[6:14])
        case IdType.FOREIGN_PERMANENT_RESIDENCE if len(number) == 18:
            return ("permanent", number[3:6], number[8:14])
        case IdType.FOREIGN_PERMANENT_RESIDENCE if len(number) == 15:
            return ("permanent", nationality(number[:3]), number[7:13])
        case IdType.PASSPORT:
            return ("passport", name_for_comparison(name))
    return None


def _is_latin(name: str) -> bool:
    """Written in Latin letters, accents and all, where either name may come first."""
    letters = [c for c in name if c.isalpha()]
    return bool(letters) and all(unicodedata.name(c, "").startswith("LATIN") for c in letters)


def _words(name: str) -> list[str]:
    """The words of a name in Latin letters, in no order."""
    normal = unicodedata.normalize("NFKC", name)
    apart = "".join(c if c.isalpha() or unicodedata.combining(c) else " " for c in normal)
    return sorted(name_for_comparison(word) for word in apart.split())


class Standing(NamedTuple):
    """Where an account stands, and what holds it up."""

    state: AccountState
    blocker: Blocker | None = None


NOT_STARTED = Standing(AccountState.NOT_STARTED, Blocker.NOT_SIGNED_IN)
IN_PROGRESS = Standing(AccountState.IN_PROGRESS)
MIGRATED = Standing(AccountState.MIGRATED)


def stuck(blocker: Blocker) -> Standing:
    return Standing(AccountState.STUCK, blocker)


class Representing(Enum):
    """What the portal says of the enterprise behind a unit account."""

    BY_NOBODY = "by_nobody"
    REPORTED = "reported"
    NOT_BOUND = "not_bound"  # whom the old account names has come, without any enterprise
    OTHERS_ONLY = "others_only"  # … with other enterprises only


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What the standing of a legacy account follows from.

    Args:
        seen_level: the level at which the portal last reported whoever has its number.
        hindrance: what matching, a lock or a dispute holds against it.
        on_platform: its unit is in the tree.
        administration: where the appointing of its unit's administrators stands.
        representing, representative: for unit accounts; how far the representative's own
            personal account has come (MIGRATED also if there is none to bind).
    """

    kind: AccountKind
    bound: bool = False
    id_type: IdType | None = None
    seen_level: AssuranceLevel | None = None
    hindrance: Blocker | None = None
    on_platform: bool = True
    representing: Representing = Representing.BY_NOBODY
    representative: AccountState | None = None
    administration: Standing = NOT_STARTED


def standing(facts: AccountFacts) -> Standing:
    """Where a legacy account stands; the only place that decides."""
    if facts.kind.lives_on:
        return MIGRATED  # it works as before (R19, R20)
    if facts.bound:
        return MIGRATED
    match facts.kind:
        case AccountKind.PERSONAL:
            return _personal(facts)
        case AccountKind.UNIT:
            return _unit(facts)
    return facts.administration if facts.on_platform else _missing()


def _personal(facts: AccountFacts) -> Standing:
    if facts.hindrance is not None:
        return stuck(facts.hindrance)
    if facts.id_type is IdType.PASSPORT:
        seen = facts.seen_level is not None
        return stuck(Blocker.FOREIGNER_WITHOUT_CARD if seen else Blocker.REGISTERED_BY_PASSPORT)
    if facts.seen_level is None:
        return NOT_STARTED
    if facts.seen_level < AssuranceLevel.INTERMEDIATE:
        return stuck(Blocker.VERIFICATION_TOO_LOW)
    return IN_PROGRESS


def _unit(facts: AccountFacts) -> Standing:
    if not facts.on_platform:
        return _missing()
    if facts.hindrance is not None:
        return stuck(facts.hindrance)
    match facts.representing:
        case Representing.REPORTED:
            is_stuck = facts.representative is AccountState.STUCK
            return stuck(Blocker.BLOCKED_BY_REPRESENTATIVE) if is_stuck else IN_PROGRESS
        case Representing.NOT_BOUND:
            return stuck(Blocker.ENTERPRISE_NOT_BOUND)
        case Representing.OTHERS_ONLY:
            return stuck(Blocker.NOT_THEIR_ENTERPRISE)
    if facts.seen_level is not None and facts.seen_level < AssuranceLevel.INTERMEDIATE:
        return stuck(Blocker.VERIFICATION_TOO_LOW)
    return NOT_STARTED


def _missing() -> Standing:
    return stuck(Blocker.ENTERPRISE_NOT_ON_PLATFORM)


def administration(
    *, administrators: int, pending: int, pending_unverified: int, somebody_may_appoint: bool
) -> Standing:
    """Where a unit stands with its administrators (R48, R50, R51).

    ``pending`` counts the appointments that wait for a first sign-in, ``pending_unverified`` those
    of people known to be below intermediate verification.
    """
    if administrators:
        return MIGRATED
    if pending_unverified:
        return stuck(Blocker.APPOINTEE_NOT_VERIFIED)
    if pending:
        return stuck(Blocker.APPOINTEE_NOT_REGISTERED)
    return stuck(Blocker.UNIT_WITHOUT_ADMINISTRATOR) if somebody_may_appoint else NOT_STARTED


def enterprise(accounts: Sequence[Standing], *, represented: bool) -> Standing:
    """Where an enterprise stands, from its unit accounts and whether the portal reports it.

    The account furthest behind decides; one that never had an account has migrated as soon as
    its legal representative has come.
    """
    if not accounts:
        return MIGRATED if represented else NOT_STARTED
    return max(accounts, key=lambda each: (_ORDER[each.state], each.blocker is not None))


_ORDER = {
    AccountState.MIGRATED: 0,
    AccountState.IN_PROGRESS: 1,
    AccountState.NOT_STARTED: 2,
    AccountState.STUCK: 3,
}
