"""On whom enterprises wait, and with them the secondary units that nobody may appoint in.

An enterprise waits on its legal representative: whom the portal reports, or, as long as it
reports nobody, whom its unit account names by number.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, delete, exists, literal_column, select, tuple_
from sqlalchemy.orm import Session

from admin_app.database import among, unindexed
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.vocabulary import UnitKind, UnitStatus
from admin_app.identity.models import Person, Representation
from admin_app.migration.counts import Counted
from admin_app.migration.models import LegacyAccount
from admin_app.migration.vocabulary import AccountKind, AccountState
from admin_app.rollups.homes import CHUNK, Homes, chunks
from admin_app.rollups.models import Holder, UnitStanding, UnitTotal
from admin_app.rollups.vocabulary import ALL_REGIONS
from admin_app.rollups.writing import put_rows

KEPT_FROM = 2  # things waiting on somebody; with one alone nobody stands out
ADMINISTRATORS = Counted.ADMINISTRATORS.value
ENTERPRISES = Counted.ENTERPRISES.value


class Waiting(NamedTuple):
    """An enterprise that waits on somebody."""

    holder: bytes
    unit_id: int


def restate_holders(session: Session, unit_ids: Collection[int]) -> None:
    """Keep how much waits on those on whom these first-level units wait, or have waited."""
    ordered = sorted(unit_ids)
    for start in range(0, len(ordered), CHUNK):
        holders = _ever_of(session, ordered[start : start + CHUNK])
        recount_holders(session, holders)


def recount_holders(session: Session, holders: set[bytes]) -> None:
    """Count anew how much waits on each of some people."""
    ordered = sorted(holders)
    for start in range(0, len(ordered), CHUNK):
        _recount(session, set(ordered[start : start + CHUNK]))


def _recount(session: Session, holders: set[bytes]) -> None:
    now = weights(session, waiting_on(session, holders))
    theirs = among(session, Holder.id_index, holders)
    key = (Holder.unit_id, Holder.region, Holder.id_index)
    rows = session.execute(select(*key, Holder.waiting).where(theirs))
    stored = {(row.unit_id, row.region, row.id_index): row.waiting for row in rows}
    gone = stored.keys() - now.keys()
    if gone:
        session.execute(
            delete(Holder).where(tuple_(*key).in_(gone)),
            execution_options={"synchronize_session": False},
        )
    put = [
        {"unit_id": node, "region": region, "id_index": holder, "waiting": number}
        for (node, region, holder), number in now.items()
        if stored.get((node, region, holder)) != number
    ]
    put_rows(session, Holder, put)


def weights(session: Session, waiting: Iterable[Waiting]) -> dict[tuple[int, str, bytes], int]:
    """How many enterprises and secondary units wait on each, in every department and at all.

    And how many of them in each region. Only where it is more than a single enterprise.
    """
    pairs = list(waiting)
    units = {pair.unit_id for pair in pairs}
    lower, homes = blocked_below(session, units), Homes(session).of_units(units)
    found: Counter[tuple[int, str, bytes]] = Counter()
    for holder, unit_id in pairs:
        for region in (ALL_REGIONS, homes[unit_id].region):
            for node in homes[unit_id].departments:
                found[node, region, holder] += 1 + lower[unit_id]
    return {key: number for key, number in found.items() if number >= KEPT_FROM}


def waiting_on(
    session: Session, holders: Collection[bytes], *conditions: ColumnElement[bool]
) -> set[Waiting]:
    """The enterprises that wait on each of some people; the conditions are over ``Unit``."""
    reported = (
        select(Person.id_index, Unit.id)
        .join(Representation, Representation.person_id == Person.id)
        .join(Unit, Unit.uscc == Representation.uscc)
        .where(among(session, Person.id_index, holders), Representation.until.is_(None))
    )
    named: Any = (
        select(LegacyAccount.id_index, LegacyAccount.unit_id)
        .where(
            among(session, LegacyAccount.id_index, holders),
            literal_column("legacy_accounts.kind = 'unit'"),  # in the index's own words
            LegacyAccount.unit_id.is_not(None),
        )
        .distinct()
    )
    rows = session.execute(_open(reported).where(*conditions))
    found: set[Waiting] = {Waiting(*row) for row in rows}
    # In two steps: in one PostgreSQL goes through all units.
    pairs = [Waiting(*row) for row in session.execute(named)]
    waiting: set[int] = set()
    for chunk in chunks({pair.unit_id for pair in pairs}):
        some = among(session, Unit.id, chunk), ~_is_reported(), *conditions
        here = select(Unit.id).where(*some)
        waiting.update(session.scalars(_open(here)))
    return found | {pair for pair in pairs if pair.unit_id in waiting}


def waiting_at(session: Session, *conditions: ColumnElement[bool]) -> set[Waiting]:
    """On whom the enterprises among some units wait; the conditions are over ``Unit``."""
    reported = (
        select(Person.id_index, Unit.id)
        .select_from(Unit)
        .join(Representation, Representation.uscc == Unit.uscc)
        .join(Person, Person.id == Representation.person_id)
        .where(Representation.until.is_(None))
    )
    named = (
        select(LegacyAccount.id_index, Unit.id)
        .select_from(Unit)
        .join(LegacyAccount, LegacyAccount.unit_id == Unit.id)
        .where(
            unindexed(LegacyAccount.kind) == AccountKind.UNIT,
            LegacyAccount.id_index.is_not(None),
            ~_is_reported(),
        )
    )
    found: set[Waiting] = set()
    for statement in (_open(reported), _open(named)):
        rows = session.execute(statement.where(*conditions))
        found.update(Waiting(*row) for row in rows)
    return found


def blocked_below(session: Session, unit_ids: Collection[int]) -> Counter[int]:
    """How many secondary units nobody may appoint in, for each of some first-level units."""
    return _below(session, unit_ids, AccountState.NOT_STARTED)


def vacant_below(session: Session, unit_ids: Collection[int]) -> Counter[int]:
    """How many secondary units wait for an administrator though somebody may appoint one."""
    return _below(session, unit_ids, AccountState.STUCK)


def _below(session: Session, unit_ids: Collection[int], state: AccountState) -> Counter[int]:
    found: Counter[int] = Counter()
    number = getattr(UnitTotal, state.value)
    for chunk in chunks(unit_ids):
        rows = session.execute(
            select(UnitTotal.unit_id, number).where(
                among(session, UnitTotal.unit_id, chunk),
                UnitTotal.region == ALL_REGIONS,
                UnitTotal.kind == ADMINISTRATORS,
            )
        )
        found.update(dict(rows.all()))
        themselves = session.scalars(
            select(UnitStanding.unit_id).where(
                among(session, UnitStanding.unit_id, chunk),
                UnitStanding.kind == ADMINISTRATORS,
                UnitStanding.state == state.value,
            )
        )
        found.subtract(themselves)
    return found


def _ever_of(session: Session, unit_ids: list[int]) -> set[bytes]:
    """Whoever represents or represented some units, or is named by their accounts."""
    represented = (
        select(Person.id_index)
        .select_from(Unit)
        # From the units to the persons: SQLite would go through all persons, or representations.
        .join(Representation, Representation.uscc == unindexed(Unit.uscc))
        .join(Person, Person.id == unindexed(Representation.person_id))
        .where(among(session, Unit.id, unit_ids))
    )
    named = select(LegacyAccount.id_index).where(
        among(session, LegacyAccount.unit_id, unit_ids),
        LegacyAccount.kind == AccountKind.UNIT,
    )
    found = {holder for each in (represented, named) for holder in session.scalars(each)}
    return {holder for holder in found if holder is not None}


def _open(statement: Any) -> Any:
    """Only first-level units in use that haven't migrated."""
    enterprise = exists().where(
        UnitStanding.unit_id == Unit.id,
        UnitStanding.kind == ENTERPRISES,
        UnitStanding.state != AccountState.MIGRATED.value,
    )
    return statement.where(
        Unit.kind == UnitKind.FIRST_LEVEL, Unit.status == UnitStatus.ACTIVE, enterprise
    ).distinct()


def _is_reported() -> ColumnElement[bool]:
    return exists().where(Representation.uscc == Unit.uscc, Representation.until.is_(None))


def by_holder(waiting: Iterable[Waiting]) -> dict[bytes, list[int]]:
    """The enterprises that wait on each."""
    found: defaultdict[bytes, list[int]] = defaultdict(list)
    for holder, unit_id in waiting:
        found[holder].append(unit_id)
    return found
