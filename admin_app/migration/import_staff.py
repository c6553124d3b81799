"""Accounts of departments and managers carry on: a staff account each, with the old password."""

from collections.abc import Mapping, Sequence

from admin_app.audit.act import Act
from admin_app.audit.operations import record
from admin_app.audit.vocabulary import Event
from admin_app.identity.models import StaffAccount
from admin_app.identity.names import NAME_MOST
from admin_app.identity.staff_passwords import HASH_MOST, NO_PASSWORD, legacy_hash
from admin_app.identity.vocabulary import StaffRole
from admin_app.migration.import_rows import AccountReading
from admin_app.migration.vocabulary import AccountKind

_ROLES = {
    AccountKind.DEPARTMENT: StaffRole.DEPARTMENT_STAFF,
    AccountKind.MANAGER: StaffRole.MANAGER,
}


def add_staff_accounts(
    act: Act, readings: Sequence[AccountReading], departments: Mapping[str, int]
) -> None:
    """Add them, each with a line in the trail; who has no usable password waits for a new one."""
    accounts = [
        StaffAccount(
            username=reading.username,
            name=reading.name[:NAME_MOST],
            password_hash=_password(reading),
            role=_ROLES[reading.kind],
            unit_id=departments[reading.external_id],
            active=True,
            created_at=act.at,
        )
        for reading in readings
    ]
    act.session.add_all(accounts)
    act.session.flush()
    for account in accounts:
        record(
            act,
            Event.STAFF_ADDED,
            unit_id=account.unit_id,
            subject=f"{account.name} · {account.username}",
            staff_id=account.id,
            role=account.role.value,
        )


def _password(reading: AccountReading) -> str:
    if reading.password_scheme is None or reading.password_hash is None:
        return NO_PASSWORD
    kept = legacy_hash(reading.password_scheme, reading.password_hash)
    return kept if len(kept) <= HASH_MOST else NO_PASSWORD
