"""Finding units by credit code or any part of their name, at any size of the tree.

A small subtree is simply looked through. In a large one every pair of neighbouring characters of
a name is a row of ``unit_name_grams``: a search takes the rarest pair of what was typed, goes
through at most ``CANDIDATES_MOST`` units that have it, and keeps those whose name contains the
text. So the cost is bounded whatever is typed; if the bound cuts a search short, the answer says
so.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from admin_app.hierarchy.models import Unit, UnitNameGram
from admin_app.hierarchy.queries import count_up_to, within
from admin_app.hierarchy.rules import grams, name_key
from admin_app.hierarchy.vocabulary import SearchTooShort
from admin_app.policy.reach import AFTER_ALL, Reach

CANDIDATES_MOST = 10_000
SMALL_SUBTREE = 2_000  # units
_RARE = 500
_CODE_LEAST = 4


@dataclass(frozen=True, slots=True)
class Found:
    """The hits in tree order.

    ``more``: there are further hits. ``cut_short``: not every candidate was looked at.
    """

    units: Sequence[Unit]
    more: bool = False
    cut_short: bool = False


def search_units(session: Session, reach: Reach, text: str, limit: int = 20) -> Found:
    """Units within reach whose credit code begins with the text or whose name contains it.

    Raises:
        SearchTooShort: fewer than two characters.
    """
    key = name_key(text)
    if len(key) < 2:
        raise SearchTooShort(field="q")
    by_code = _by_code(session, reach, key.upper(), limit) if _looks_like_code(key) else []
    if by_code:
        return Found(by_code[:limit], more=len(by_code) > limit)
    return _by_name(session, reach, key, limit)


def _looks_like_code(key: str) -> bool:
    return len(key) >= _CODE_LEAST and key.isascii() and key.isalnum()


def _by_code(session: Session, reach: Reach, code: str, limit: int) -> Sequence[Unit]:
    statement = select(Unit).where(Unit.uscc >= code, Unit.uscc < code + AFTER_ALL, within(reach))
    return session.scalars(statement.order_by(Unit.uscc).limit(limit + 1)).all()


def _by_name(session: Session, reach: Reach, key: str, limit: int) -> Found:
    if (
        not reach.is_everywhere
        and count_up_to(session, select(Unit).where(within(reach)), SMALL_SUBTREE).exact
    ):
        return _through_subtree(session, reach, key, limit)
    found = _through_grams(session, reach, key, limit)
    if found.cut_short and not found.units:
        return Found(_by_whole_name(session, reach, key, limit)[:limit], cut_short=True)
    return found


def _by_whole_name(session: Session, reach: Reach, key: str, limit: int) -> Sequence[Unit]:
    """A name typed in full is found by its own index, however common its pairs are."""
    named = Unit.name_key == key
    statement = select(Unit).where(named, within(reach, searched=False)).order_by(Unit.path)
    return session.scalars(statement.limit(limit + 1)).all()


def _through_subtree(session: Session, reach: Reach, key: str, limit: int) -> Found:
    statement = select(Unit).where(within(reach), _contains(key)).order_by(Unit.path)
    hits = session.scalars(statement.limit(limit + 1)).all()
    return Found(hits[:limit], more=len(hits) > limit)


def _through_grams(session: Session, reach: Reach, key: str, limit: int) -> Found:
    gram, frequency = _rarest(session, grams(key))
    if frequency == 0:
        return Found(())
    candidates = (
        select(UnitNameGram.unit_id)
        .where(UnitNameGram.gram == gram)
        .limit(CANDIDATES_MOST)
        .subquery()
    )
    statement: Select[Unit] = (
        select(Unit)
        .join(candidates, candidates.c.unit_id == Unit.id)
        .where(within(reach), _contains(key))
    )
    if frequency <= _RARE:  # few enough to put all hits in tree order
        statement = statement.order_by(Unit.path)
    hits = session.scalars(statement.limit(limit + 1)).all()
    cut_short = len(hits) <= limit and frequency > _RARE and _beyond_bound(session, gram)
    shown = sorted(hits[:limit], key=lambda unit: unit.path)
    return Found(shown, more=len(hits) > limit, cut_short=cut_short)


def _contains(key: str) -> ColumnElement[bool]:
    return Unit.name_key.contains(key, autoescape=True)


def _rarest(session: Session, wanted: set[int]) -> tuple[int, int]:
    """The pair with the fewest units, and how many those are, counting no further than needed."""
    best, fewest = 0, CANDIDATES_MOST + 1
    for gram in sorted(wanted)[:24]:
        frequency = _frequency(session, gram, most=_RARE + 1)
        if frequency < fewest:
            best, fewest = gram, frequency
        if frequency == 0:
            break
    return best, fewest


def _beyond_bound(session: Session, gram: int) -> bool:
    return _frequency(session, gram, most=CANDIDATES_MOST + 1) > CANDIDATES_MOST


def _frequency(session: Session, gram: int, most: int) -> int:
    rows = select(UnitNameGram.unit_id).where(UnitNameGram.gram == gram).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(rows)) or 0
