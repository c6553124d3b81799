"""Local accounts of departments, managers and the platform: added, and signed in to (R19, R20).

Natural persons have none: they come through the portal.
"""

import re
from dataclasses import dataclass

from argon2 import PasswordHasher
from sqlalchemy.exc import IntegrityError

from admin_app.audit.act import Act
from admin_app.audit.operations import record
from admin_app.audit.vocabulary import Event
from admin_app.errors import DomainError
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.models import StaffAccount
from admin_app.identity.names import clean_person_name, username_key
from admin_app.identity.queries import find_staff
from admin_app.identity.sessions import end_all_sessions
from admin_app.identity.staff_passwords import HASHER as HASHER
from admin_app.identity.staff_passwords import is_outdated, is_right, normal
from admin_app.identity.throttle import Source, count_attempt, give_back
from admin_app.identity.vocabulary import (
    DepartmentNeeded,
    PasswordTooWeak,
    SignInFailed,
    SignInThrottled,
    StaffRole,
    UsernameMalformed,
    UsernameTaken,
)

PASSWORD_LEAST = 12
_USERNAME = re.compile(r"[\w.@-]{2,100}")


@dataclass(frozen=True, slots=True)
class StaffSignIn:
    """How an attempt came out. It is a value, not an exception, for failures must be kept:
    the caller commits either way, and then lets in or shows the error.
    """

    account: StaffAccount | None = None
    error: DomainError | None = None

    @property
    def needs_second_factor(self) -> bool:
        """The password was right, but this account has a second factor to be asked for."""
        return self.account is not None and self.account.second_factor_sealed is not None


def add_staff(
    act: Act,
    username: str,
    name: str,
    password: str,
    role: StaffRole,
    unit_id: int | None,
    *,
    hasher: PasswordHasher = HASHER,
) -> StaffAccount:
    """Add a local account.

    Raises:
        UsernameMalformed, UsernameTaken, PersonNameMissing, PersonNameTooLong, PasswordTooWeak,
        DepartmentNeeded: the role needs a department, or the unit given isn't one.
    """
    username = username_key(username)
    if not _USERNAME.fullmatch(username):
        raise UsernameMalformed(field="username")
    name = clean_person_name(name)
    _require_strong(password, username)
    _require_department(act, role, unit_id)
    account = StaffAccount(
        username=username,
        name=name,
        password_hash=hasher.hash(normal(password)),
        role=role,
        unit_id=unit_id,
        active=True,
        created_at=act.at,
    )
    try:
        with act.session.begin_nested():
            act.session.add(account)
    except IntegrityError:
        raise UsernameTaken(field="username", username=username) from None
    record(
        act,
        Event.STAFF_ADDED,
        unit_id=unit_id,
        subject=f"{name} · {username}",
        staff_id=account.id,
        role=role.value,
    )
    return account


def set_password(
    act: Act, account: StaffAccount, password: str, *, hasher: PasswordHasher = HASHER
) -> None:
    """Give an account a new password; whoever is signed in with the old one is signed out.

    Raises:
        PasswordTooWeak
    """
    _require_strong(password, account.username)
    account.password_hash = hasher.hash(normal(password))
    end_all_sessions(act, account)
    record(act, Event.STAFF_PASSWORD_SET, subject=f"{account.name} · {account.username}")


def set_active(act: Act, account: StaffAccount, *, active: bool) -> None:
    """Shut an account out, which ends its sessions at once, or let it in again."""
    if account.active is active:
        return
    account.active = active
    if not active:
        end_all_sessions(act, account)
    event = Event.STAFF_LET_IN_AGAIN if active else Event.STAFF_SHUT_OUT
    record(act, event, subject=f"{account.name} · {account.username}")


def check_staff_password(
    act: Act, username: str, password: str, address: str, *, hasher: PasswordHasher = HASHER
) -> StaffSignIn:
    """Check a user name and password; unknown names get the same answer after the same work.

    Commit whatever the outcome, or failures aren't counted.
    """
    account = find_staff(act.session, username)
    source = Source.of(username_key(username), address)
    overrun = count_attempt(act, source, account.id if account else None)
    if overrun is not None:
        if overrun.just_now:  # once a window: a flood must not fill the trail
            _record_refusal(act, account, "throttled", address)
        minutes = overrun.minutes_from(act.at)
        return StaffSignIn(error=SignInThrottled(minutes=minutes))
    known = is_right(act.session, hasher, account.password_hash if account else None, password)
    if account is None or not account.active or not known:
        _record_refusal(act, account, "wrong", address)
        return StaffSignIn(error=SignInFailed())
    give_back(act, source)
    if is_outdated(hasher, account.password_hash):
        account.password_hash = hasher.hash(normal(password))
        act.session.flush()
    return StaffSignIn(account=account)


def _require_strong(password: str, username: str) -> None:
    is_username = username_key(password) == username
    if len(normal(password)) < PASSWORD_LEAST or is_username:
        raise PasswordTooWeak(field="password", least=PASSWORD_LEAST)


def _require_department(act: Act, role: StaffRole, unit_id: int | None) -> None:
    unit = act.session.get(Unit, unit_id) if unit_id is not None else None
    is_department = unit is not None and unit.kind is UnitKind.DEPARTMENT
    if not is_department and (role.needs_department or unit_id is not None):
        raise DepartmentNeeded(field="unit", role=role.label)


def _record_refusal(act: Act, account: StaffAccount | None, why: str, address: str) -> None:
    # A name that no account has isn't kept: people type their password into that field.
    record(
        act,
        Event.SIGN_IN_REFUSED,
        subject=account.name if account else "",
        staff_id=account.id if account else None,
        why=why,
        address=address[:60],
    )
    act.session.flush()
