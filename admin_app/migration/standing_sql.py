"""Where units stand, as SQL over ``Unit``; property tests hold it equal to ``rules``.

A standing is written "state/blocker", so that one expression can be listed, filtered and counted.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    case,
    false,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from admin_app.delegation.facts import nobody_can_appoint
from admin_app.delegation.models import Appointment
from admin_app.delegation.vocabulary import AppointmentState, Waiting
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import count_up_to
from admin_app.identity.models import Representation
from admin_app.migration.blockers import Blocker
from admin_app.migration.models import LegacyAccount
from admin_app.migration.rules import IN_PROGRESS, MIGRATED, NOT_STARTED, Standing, stuck
from admin_app.migration.vocabulary import AccountKind, AccountState

FOLLOWING_THEIR_UNIT = (AccountKind.UNIT_ADMINISTRATOR, AccountKind.SECONDARY_UNIT)
# Up to so many accounts in a state, units are found by them; beyond, along the tree.
FEW = 10_000


def written(standing: Standing) -> str:
    """A standing as the expressions below give it."""
    return f"{standing.state.value}/{standing.blocker.value if standing.blocker else ''}"


def read(text: str) -> Standing:
    """What ``written`` wrote."""
    state, _, blocker = text.partition("/")
    return Standing(AccountState(state), Blocker(blocker) if blocker else None)


def account_standing() -> ColumnElement[str]:
    """The standing kept with an account."""
    return joined(LegacyAccount.state, LegacyAccount.blocker)


def joined(state: Any, blocker: Any) -> ColumnElement[str]:
    """A state's and a blocker's column as ``written`` writes them."""
    text: ColumnElement[str] = type_coerce(state, String).concat(
        "/" + func.coalesce(type_coerce(blocker, String), "")
    )
    return text


def administration_standing() -> ColumnElement[str]:
    """``rules.administration`` of a unit."""
    pending = select(Appointment.id).where(
        Appointment.unit_id == Unit.id, Appointment.state == AppointmentState.PENDING
    )
    unverified = pending.where(Appointment.waiting == Waiting.VERIFICATION)
    return case(
        (Unit.administrators > 0, written(MIGRATED)),
        (unverified.exists(), written(stuck(Blocker.APPOINTEE_NOT_VERIFIED))),
        (pending.exists(), written(stuck(Blocker.APPOINTEE_NOT_REGISTERED))),
        (nobody_can_appoint(), written(NOT_STARTED)),
        else_=written(stuck(Blocker.UNIT_WITHOUT_ADMINISTRATOR)),
    )


def enterprise_standing() -> ColumnElement[str]:
    """``rules.enterprise`` of a first-level unit: the account furthest behind decides."""
    behind = case(
        (LegacyAccount.state == AccountState.STUCK, 3),
        (LegacyAccount.state == AccountState.NOT_STARTED, 2),
        (LegacyAccount.state == AccountState.IN_PROGRESS, 1),
        else_=0,
    )
    worst = (
        select(account_standing())
        .where(LegacyAccount.unit_id == Unit.id, LegacyAccount.kind == AccountKind.UNIT)
        .order_by(behind.desc(), LegacyAccount.id)
        .limit(1)
        .correlate(Unit)
        .scalar_subquery()
    )
    represented = select(Representation.id).where(
        Representation.uscc == Unit.uscc, Representation.until.is_(None)
    )
    without_account = case((represented.exists(), written(MIGRATED)), else_=written(NOT_STARTED))
    return func.coalesce(worst, without_account)


def enterprises_standing(
    session: Session, state: AccountState | None, blocker: Blocker | None = None
) -> ColumnElement[bool]:
    """The first-level units in a state or with a blocker.

    Where few accounts are, the units are found by them; where many are, each unit met along the
    tree is asked. Neither way reads more than it has to.
    """
    standing = enterprise_standing()
    conditions = []
    if state is not None:
        conditions.append(_begins(standing, f"{state.value}/"))
    if blocker is not None:
        conditions.append(_ends(standing, f"/{blocker.value}"))
    only_by_account = state in (AccountState.STUCK, IN_PROGRESS.state) or (
        blocker not in (None, Blocker.NOT_SIGNED_IN)
    )
    if only_by_account:
        found = select(LegacyAccount.unit_id).where(
            LegacyAccount.kind == AccountKind.UNIT,
            LegacyAccount.state == (state or AccountState.STUCK),
            LegacyAccount.unit_id.is_not(None),
        )
        if blocker is not None:
            found = found.where(LegacyAccount.blocker == blocker)
        if count_up_to(session, found, FEW).exact:
            conditions.append(Unit.id.in_(found))
    return and_(literal(True), *conditions)


def accounts_standing(state: AccountState, kind: AccountKind | None = None) -> ColumnElement[bool]:
    """The accounts in a state, be it kept or following from their unit (``Unit`` is joined).

    ``kind``: the only kind that is asked for, so that the others aren't looked at.
    """
    kinds = [each for each in AccountKind if kind in (None, each)]
    kept = [each for each in kinds if each not in FOLLOWING_THEIR_UNIT]
    ways = [and_(LegacyAccount.kind.in_(kept), LegacyAccount.state == state)] if kept else []
    if state is not AccountState.IN_PROGRESS and len(kept) < len(kinds):
        ways.append(_follows(kinds, state, _begins(followed_standing(), f"{state.value}/")))
    return or_(false(), *ways)


def accounts_held_by(blocker: Blocker, kind: AccountKind | None = None) -> ColumnElement[bool]:
    """The accounts with a blocker, kept or following from their unit (``Unit`` is joined)."""
    kinds = [each for each in AccountKind if kind in (None, each)]
    ways = [
        and_(
            LegacyAccount.kind.in_([each for each in kinds if each.is_bound]),
            LegacyAccount.state.in_((AccountState.NOT_STARTED, AccountState.STUCK)),
            LegacyAccount.blocker == blocker,
        )
    ]
    if blocker in _BLOCKERS_OF_UNITS and set(kinds) & set(FOLLOWING_THEIR_UNIT):
        held = _ends(followed_standing(), f"/{blocker.value}")
        ways.append(_follows(kinds, AccountState.STUCK, held))
    return or_(false(), *ways)


# The only ones that an account can take over from its unit.
_BLOCKERS_OF_UNITS = (
    Blocker.NOT_SIGNED_IN,
    Blocker.ENTERPRISE_NOT_ON_PLATFORM,
    Blocker.UNIT_WITHOUT_ADMINISTRATOR,
    Blocker.APPOINTEE_NOT_REGISTERED,
    Blocker.APPOINTEE_NOT_VERIFIED,
)


def _follows(
    kinds: list[AccountKind], state: AccountState, condition: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Accounts that follow their unit; the plain number of administrators is asked first."""
    nobody = or_(LegacyAccount.unit_id.is_(None), Unit.administrators == 0)
    return and_(
        LegacyAccount.kind.in_([each for each in kinds if each in FOLLOWING_THEIR_UNIT]),
        LegacyAccount.state.is_(None),
        Unit.administrators > 0 if state is AccountState.MIGRATED else and_(nobody, condition),
    )


def followed_standing() -> ColumnElement[str]:
    """Where an administrator's old account stands, which follows from its unit, joined."""
    missing = written(stuck(Blocker.ENTERPRISE_NOT_ON_PLATFORM))
    return case((LegacyAccount.unit_id.is_(None), missing), else_=administration_standing())


def _begins(text: ColumnElement[str], beginning: str) -> ColumnElement[bool]:
    return func.substr(text, 1, len(beginning)) == beginning


def _ends(text: ColumnElement[str], ending: str) -> ColumnElement[bool]:
    return text.endswith(ending, autoescape=True)
