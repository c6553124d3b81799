"""Folding what has changed into the figures, as the last thing before a transaction commits.

Triggers note each change (``schema.news``); here the notes of a transaction are summed up and
added to the figures above. Readers so never see one without the other, and an undone transaction
leaves nothing. It is the last thing because the topmost rows are everybody's: whoever locks them
commits at once.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, case, delete, event, exists, func, or_, select
from sqlalchemy.orm import Session, sessionmaker

from admin_app.migration.vocabulary import AccountKind
from admin_app.rollups.holders import restate_holders
from admin_app.rollups.homes import Homes
from admin_app.rollups.models import FigureNews
from admin_app.rollups.moving import KIND_OF_ACCOUNT, Former, Own, relocate
from admin_app.rollups.person_places import PersonNews, fold_persons, waiting_persons
from admin_app.rollups.rules import Change, day_of, spread
from admin_app.rollups.standings import below, restate_units
from admin_app.rollups.writing import add_sums, while_folding

_AT_ONCE = 20_000  # notes folded together, so that an import of millions needs no memory for them
_IS_NEWS = exists(select(FigureNews.id))
_IS_OF_PERSONS = exists(select(PersonNews.id))
_HAS_MOVED = exists().where(FigureNews.about == "place")
_TAKING = delete(FigureNews).returning(*FigureNews.__table__.columns)
_TAKING_SOME = _TAKING.where(
    FigureNews.id.in_(select(FigureNews.id).order_by(FigureNews.id).limit(_AT_ONCE))
)


def keep_figures(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    """Let every transaction of these sessions fold its changes before it commits."""
    event.listen(sessions, "before_commit", _before_commit)
    return sessions


def _before_commit(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a savepoint: the commit is still to come
    session.flush()
    fold(session)


def fold(session: Session) -> int:
    """Fold every note there is into the figures, and into where persons stand.

    Returns:
        the number of notes about figures.
    """
    asked = _what_waits(session.get_bind().dialect.name)
    more, moved, of_persons, _ = session.execute(asked).one()
    if of_persons:
        fold_persons(session)
    number = 0
    while more and (notes := _take(session, all_at_once=moved)):
        _fold(session, notes)
        number += len(notes)
        more = len(notes) == _AT_ONCE
    return number


@cache
def _what_waits(dialect: str) -> Select[Any]:
    """Whether there are notes at all, about units that moved, and about persons.

    If there are any, folding is asked for too.
    """
    lock = case((or_(_IS_NEWS, _IS_OF_PERSONS), while_folding(dialect)))
    return select(_IS_NEWS, _HAS_MOVED, _IS_OF_PERSONS, lock)


def _take(session: Session, *, all_at_once: bool) -> Sequence[Any]:
    # Where units moved, what was theirs before has to be told from what came since.
    taking = _TAKING if all_at_once else _TAKING_SOME
    rows = session.execute(taking, execution_options={"synchronize_session": False}).all()
    return sorted(rows, key=lambda row: row.id)


def _fold(session: Session, notes: Sequence[Any]) -> None:
    # What isn't told a time happened when the rest of the transaction did.
    now = max((note.at for note in notes if note.at is not None), default=datetime.now(UTC))
    homes = Homes(session)
    accounts: Counter[tuple[Own, Any]] = Counter()
    moved: dict[int, Former] = {}
    units: dict[int, datetime] = {}
    wider: dict[int, datetime] = {}
    untimed: set[int] = set()
    for note in notes:
        at = note.at or now
        if note.about == "account":
            kind = KIND_OF_ACCOUNT[note.kind]
            own = Own(note.unit_id, kind, note.state, note.blocker, day_of(note.since))
            accounts[own, day_of(at)] += note.change
            continue
        if note.about == "place":
            moved.setdefault(note.unit_id, Former(note.former_path, note.former_uscc, at))
            continue
        _note_moment(units, untimed, note.unit_id, note.at, now)
        if note.about == "below":
            wider[note.unit_id] = units[note.unit_id]
    changes: list[Change] = []
    if moved:
        so_far: Counter[Own] = Counter()
        for (own, _day), number in accounts.items():
            so_far[own] += number
        changes += relocate(session, moved, so_far, homes)
    places = homes.of_units({own.unit_id for own, _ in accounts})
    for (own, day), number in accounts.items():
        _, kind, state, blocker, since = own
        changes.append(Change(places[own.unit_id], kind, state, blocker, since, day, number))
    noted = units.keys() | moved.keys()  # on whom they wait may have changed and nothing besides
    if wider:
        units = below(session, {n: units[n] for n in wider}) | units
    changes += restate_units(session, units, homes)
    add_sums(session, spread(changes), homes.nodes)
    restate_holders(session, _first_level_of(changes) | noted)


def _first_level_of(changes: Iterable[Change]) -> set[int]:
    """The enterprises of which something changed that others may wait for."""
    of_persons = KIND_OF_ACCOUNT[AccountKind.PERSONAL.value]
    return {
        change.home.first_level
        for change in changes
        if change.home.first_level is not None and change.kind != of_persons
    }


def _note_moment(
    units: dict[int, datetime], untimed: set[int], unit_id: int, at: datetime | None, now: datetime
) -> None:
    """The latest moment told of a unit; the others' only if none is told."""
    if at is None:
        if unit_id not in units:
            units[unit_id] = now
            untimed.add(unit_id)
    elif unit_id in untimed or unit_id not in units or at > units[unit_id]:
        units[unit_id] = at
        untimed.discard(unit_id)


def waiting(session: Session) -> int:
    """How many notes wait to be folded; none, but for what was written by other tools."""
    figures = session.scalar(select(func.count()).select_from(FigureNews)) or 0
    return figures + waiting_persons(session)
