"""Whose an imported affiliation or record is: accounts found by their number or user name."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from admin_app.database import among
from admin_app.migration.import_rows import Reading
from admin_app.migration.import_vocabulary import RowCode
from admin_app.migration.models import LegacyAccount


class _OfAccount(Protocol):
    account: str
    username: str


class Holders(NamedTuple):
    """Accounts of a batch, by what rows call them, and back."""

    by_number: Mapping[str, int]
    by_username: Mapping[str, int]

    def of(self, reading: Reading, account: str, username: str) -> int | None:
        """The account's id; an unknown one refuses the row. The number counts if both are given."""
        found = self.by_number.get(account) if account else self.by_username.get(username)
        if found is None:
            reading.refuse(RowCode.ACCOUNT_UNKNOWN, account or username)
        return found


def find_holders(session: Session, readings: Iterable[_OfAccount]) -> Holders:
    """The accounts that a batch names, in one query."""
    numbers: set[str] = set()
    usernames: set[str] = set()
    for reading in readings:
        if reading.account:
            numbers.add(reading.account)
        else:
            usernames.add(reading.username)
    rows = session.execute(
        select(LegacyAccount.id, LegacyAccount.external_id, LegacyAccount.username).where(
            or_(
                among(session, LegacyAccount.external_id, numbers),
                among(session, LegacyAccount.username, usernames),
            )
        )
    ).all()
    return Holders({row[1]: row[0] for row in rows}, {row[2]: row[0] for row in rows})


def numbers_of(session: Session, account_ids: Sequence[int]) -> dict[int, str]:
    """The external numbers of accounts, for a report."""
    rows = session.execute(
        select(LegacyAccount.id, LegacyAccount.external_id).where(
            among(session, LegacyAccount.id, account_ids)
        )
    )
    return dict(rows.all())
