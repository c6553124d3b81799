"""Encrypting again, with the newest key, what older keys encrypted.

Only ciphertexts change: the blind index has a key of its own, which stays.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, select, update
from sqlalchemy.orm import Session

from admin_app.audit.act import Act, require_platform
from admin_app.audit.operations import record
from admin_app.audit.vocabulary import Event
from admin_app.delegation.models import Appointment
from admin_app.identity.models import NoticeAddress, Person, SignInSession, StaffAccount
from admin_app.jobs.models import JobFile
from admin_app.migration.models import AccountCorrection, LegacyAccount
from admin_app.sealing import Sealer, SealError

BATCH = 5_000

Columns = Sequence[tuple[Table, str]]

# What is sealed in this package and below; commands add what lies above.
SEALED: Columns = (
    (cast(Table, Person.__table__), "id_sealed"),
    (cast(Table, Appointment.__table__), "id_sealed"),
    (cast(Table, LegacyAccount.__table__), "id_sealed"),
    (cast(Table, AccountCorrection.__table__), "id_sealed"),
    (cast(Table, SignInSession.__table__), "id_token_sealed"),
    (cast(Table, StaffAccount.__table__), "second_factor_sealed"),
    (cast(Table, NoticeAddress.__table__), "address_sealed"),
    (cast(Table, NoticeAddress.__table__), "link_sealed"),
    (cast(Table, JobFile.__table__), "key_sealed"),
)


@dataclass(slots=True)
class Rotation:
    """How far it has come; ``unreadable`` values have a key that isn't configured any more."""

    checked: int = 0
    rotated: int = 0
    unreadable: int = 0


def rotate(session: Session, sealer: Sealer, columns: Columns = SEALED) -> Iterator[Rotation]:
    """Go through all tables; yields after each batch, when the caller may commit.

    Doing it again, or going on after a break, changes only what is still to be done.
    """
    done = Rotation()
    for table, column in columns:
        last = 0
        while rows := _next(session, table, column, last):
            last = rows[-1][0]
            _rotate_batch(session, sealer, table, column, rows, done)
            yield done


def record_rotation(act: Act, done: Rotation) -> None:
    """Note in the trail that keys were changed.

    Raises:
        Refused
    """
    require_platform(act)
    record(act, Event.KEYS_ROTATED, rotated=done.rotated, unreadable=done.unreadable)
    act.session.flush()


def how_many(session: Session, columns: Columns = SEALED) -> int:
    """How many sealed values there are, for the progress bar."""
    return sum(
        session.scalar(select(func.count(table.c[column]))) or 0 for table, column in columns
    )


def _next(session: Session, table: Table, column: str, last: int) -> list[Any]:
    return list(
        session.execute(
            select(table.c.id, table.c[column])
            .where(table.c.id > last, table.c[column].is_not(None))
            .order_by(table.c.id)
            .limit(BATCH)
        )
    )


def _rotate_batch(
    session: Session, sealer: Sealer, table: Table, column: str, rows: list[Any], done: Rotation
) -> None:
    changed = []
    for number, sealed in rows:
        done.checked += 1
        if sealer.is_newest(sealed):
            continue
        try:
            changed.append({"row": number, "old": sealed, "new": sealer.seal(sealer.open(sealed))})
        except SealError:
            done.unreadable += 1
    if changed:
        # Only if nobody has written another number meanwhile.
        session.connection().execute(
            update(table)
            .where(table.c.id == bindparam("row"), table.c[column] == bindparam("old"))
            .values({column: bindparam("new")}),
            changed,
        )
        done.rotated += len(changed)
