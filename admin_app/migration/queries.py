"""Reading what belongs to somebody: accounts, history and units of a person, members of a unit.

History is met along the index over account and day, a page from where the last one ended: a page
of a million records costs what a page of a hundred does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, tuple_
from sqlalchemy.orm import Session, aliased, joinedload

from admin_app.identity.models import Person
from admin_app.migration.models import (
    AccountBinding,
    Affiliation,
    BusinessRecord,
    Consent,
    HistoryTally,
    LegacyAccount,
)
from admin_app.migration.vocabulary import RecordKind

# How far one page looks for records of a kind or with some words in the title, in each account.
LOOKED_THROUGH = 10_000
SHOWN_MOST = 100

Place = tuple[date, int]


def bindings_of(session: Session, person_id: int) -> Sequence[AccountBinding]:
    """A person's bindings in force, each with its account."""
    return session.scalars(
        select(AccountBinding)
        .where(AccountBinding.person_id == person_id, AccountBinding.until.is_(None))
        .options(joinedload(AccountBinding.account))
        .order_by(AccountBinding.id)
        .limit(SHOWN_MOST)
    ).all()


def affiliations_of_person(session: Session, person_id: int) -> list[Affiliation]:
    """The units a person belongs to: by accounts bound to them, and by applications accepted."""
    found: list[Affiliation] = []
    for held in _ways_to_belong(session, person_id):
        statement = select(Affiliation).where(held, Affiliation.until.is_(None))
        found += session.scalars(
            statement.options(joinedload(Affiliation.unit))
            .order_by(Affiliation.id)
            .limit(SHOWN_MOST)
        )
    return found


def belongs_to(session: Session, person_id: int, unit_id: int) -> bool:
    """Whether a person belongs to a unit now."""
    return any(
        session.scalar(
            select(Affiliation.id)
            .where(held, Affiliation.unit_id == unit_id, Affiliation.until.is_(None))
            .limit(1)
        )
        for held in _ways_to_belong(session, person_id)
    )


def consents_of(session: Session, person_id: int) -> Sequence[Consent]:
    """What a person has agreed to, the latest first."""
    return session.scalars(
        select(Consent)
        .where(Consent.person_id == person_id)
        .order_by(Consent.id.desc())
        .limit(SHOWN_MOST)
    ).all()


def tallies_of(session: Session, account_ids: Sequence[int]) -> dict[RecordKind, int]:
    """How many records of each kind some accounts have, without counting them."""
    rows = session.execute(
        select(HistoryTally.kind, func.sum(HistoryTally.number))
        .where(HistoryTally.account_id.in_(account_ids), HistoryTally.number > 0)
        .group_by(HistoryTally.kind)
    )
    found = {kind: int(number) for kind, number in rows}
    return {kind: found[kind] for kind in RecordKind if kind in found}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records somebody wants to see: of a kind, of a year, with some words in the title."""

    kind: RecordKind | None = None
    year: int | None = None
    words: str = ""

    @property
    def is_by_content(self) -> bool:
        """Whether records have to be looked at that are then not shown."""
        return self.kind is not None or self.words != ""

    def conditions(self, of: Any = BusinessRecord) -> list[ColumnElement[bool]]:
        """Of what a record says of itself; the year bounds the way along the index instead."""
        found: list[ColumnElement[bool]] = []
        if self.kind is not None:
            found.append(of.kind == self.kind)
        if self.words:
            found.append(func.lower(of.title).contains(self.words.lower(), autoescape=True))
        return found

    def span(self) -> list[ColumnElement[bool]]:
        """The year as a range of days."""
        if self.year is None:
            return []
        first, last = date(self.year, 1, 1), date(self.year, 12, 31)
        return [BusinessRecord.happened_on >= first, BusinessRecord.happened_on <= last]


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Records, the latest first, and after which one the next page begins, if there is one.

    ``looked_until``: not everything was looked through; this page knows nothing of what is older.
    """

    records: Sequence[BusinessRecord]
    next_after: Place | None = None
    looked_until: date | None = None


def history_page(
    session: Session,
    account_ids: Sequence[int],
    wanted: Wanted,
    after: Place | None = None,
    size: int = 50,
    looked_through: int = LOOKED_THROUGH,
) -> HistoryPage:
    """A page of the records of some accounts, which the caller knows to be the reader's own."""
    found: list[BusinessRecord] = []
    ends: list[Place] = []
    for account_id in account_ids:
        way = _along(account_id, wanted, after)
        if wanted.is_by_content:
            looked = way.limit(looked_through)
            record = aliased(BusinessRecord, looked.subquery())
            end = _end(session, looked, looked_through)
            ends += [end] if end else []
            latest = (record.happened_on.desc(), record.id.desc())
            way = select(record).where(*wanted.conditions(record)).order_by(*latest)
        found += session.scalars(way.limit(size + 1))
    # Beyond where the first account stopped being looked through, others may miss some.
    horizon = max(ends, default=None)
    seen = [r for r in found if horizon is None or _place(r) >= horizon]
    seen.sort(key=_place, reverse=True)
    if len(seen) > size:
        return HistoryPage(seen[:size], _place(seen[size - 1]))
    return HistoryPage(seen, horizon, horizon[0] if horizon else None)


def records_of(account_id: int, wanted: Wanted) -> tuple[Select[BusinessRecord], list[Any]]:
    """All records of an account, and the conditions on them: for taking them away."""
    own = [BusinessRecord.account_id == account_id, *wanted.span(), *wanted.conditions()]
    return select(BusinessRecord), own


def years_of(session: Session, account_ids: Sequence[int]) -> list[int]:
    """The years from the first record to the last, the latest first."""
    days: list[date] = []
    for account_id in account_ids:
        for extreme in (func.min, func.max):
            found = session.scalar(
                select(extreme(BusinessRecord.happened_on)).where(
                    BusinessRecord.account_id == account_id
                )
            )
            days += [found] if found else []
    return list(range(max(days).year, min(days).year - 1, -1)) if days else []


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who belongs to a unit: by an old account, and if that is bound, as whom."""

    affiliation: Affiliation
    account: LegacyAccount | None
    person: Person | None

    @property
    def name(self) -> str:
        if self.person is not None:
            return self.person.name
        return self.account.name if self.account else ""

    @property
    def id_sealed(self) -> bytes | None:
        if self.person is not None:
            return self.person.id_sealed
        return self.account.id_sealed if self.account else None


def members_of(session: Session, unit_id: int, after: int, size: int) -> list[Member]:
    """A page of a unit's members, and one more if there is another page.

    The caller has fetched the unit through a reach.
    """
    rows = session.execute(
        select(Affiliation, LegacyAccount, Person)
        .outerjoin(LegacyAccount, LegacyAccount.id == Affiliation.account_id)
        .outerjoin(
            AccountBinding,
            and_(AccountBinding.account_id == LegacyAccount.id, AccountBinding.until.is_(None)),
        )
        .outerjoin(
            Person, Person.id == func.coalesce(Affiliation.person_id, AccountBinding.person_id)
        )
        .where(Affiliation.unit_id == unit_id, Affiliation.id > after, Affiliation.until.is_(None))
        .order_by(Affiliation.id)
        .limit(size + 1)
    )
    return [Member(affiliation, account, person) for affiliation, account, person in rows]


def _ways_to_belong(session: Session, person_id: int) -> list[ColumnElement[bool]]:
    """Each with an index of its own; joined by "or" PostgreSQL would use neither."""
    accounts = session.scalars(
        select(AccountBinding.account_id).where(
            AccountBinding.person_id == person_id, AccountBinding.until.is_(None)
        )
    ).all()
    return [Affiliation.account_id.in_(accounts), Affiliation.person_id == person_id]


def _along(account_id: int, wanted: Wanted, after: Place | None) -> Select[BusinessRecord]:
    statement = select(BusinessRecord).where(BusinessRecord.account_id == account_id)
    if after is not None:
        here = tuple_(BusinessRecord.happened_on, BusinessRecord.id)
        statement = statement.where(here < tuple_(*after))
    latest = (BusinessRecord.happened_on.desc(), BusinessRecord.id.desc())
    return statement.where(*wanted.span()).order_by(*latest)


def _end(session: Session, looked: Select[BusinessRecord], most: int) -> Place | None:
    """Where the looking through stopped short; none if all there is was looked through."""
    places = looked.with_only_columns(BusinessRecord.happened_on, BusinessRecord.id).subquery()
    number, first = session.execute(
        select(func.count(), func.min(places.c.happened_on)).select_from(places)
    ).one()
    if number < most:
        return None
    last = session.scalar(select(func.min(places.c.id)).where(places.c.happened_on == first))
    return (first, last or 0)


def _place(record: BusinessRecord) -> Place:
    return (record.happened_on, record.id)
