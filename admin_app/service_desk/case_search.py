"""Finding cases by what was said in them, by names, by unit, or by number.

What was typed is cut into pairs of characters. Cases that have the rarest of them are gone through,
the newest first; where only open ones are listed and many have it, the open ones in the order of
the list. Whoever has the other pairs too is read. It stops at ``HITS_MOST`` hits, at the latest
after ``LOOKED_MOST`` or ``OPEN_MOST`` cases: so the cost is bounded whatever is typed, and the
answer says if there may be more. Reach is looked at on the way, so that nobody's cases crowd out
those of others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Subquery,
    case,
    false,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from admin_app.database import among
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import within
from admin_app.hierarchy.search import search_units
from admin_app.hierarchy.vocabulary import SearchTooShort
from admin_app.identity.id_numbers import clean_id_number
from admin_app.identity.models import Person
from admin_app.identity.vocabulary import IdType
from admin_app.migration.models import LegacyAccount
from admin_app.policy.reach import Reach
from admin_app.rollups.rules import day_of
from admin_app.sealing import Sealer
from admin_app.service_desk.desk_models import CaseGram, CaseText
from admin_app.service_desk.desk_vocabulary import IdNumberInSearch
from admin_app.service_desk.models import Case
from admin_app.service_desk.papers.numbers import is_written_as_number, parse_number
from admin_app.service_desk.search_rules import has_id_number, terms, text_key

HITS_MOST = 500
LOOKED_MOST = 10_000
OPEN_MOST = 30_000
RARE = 500
_UNITS_MOST = 100
_TERMS_MOST = 24
_PROBED = 4  # terms that a case has to have before its texts are read
_DIGITS_MOST = 9  # both databases take every such number for a key


@dataclass(frozen=True, slots=True)
class Search:
    """What was typed, as a condition on cases; ``cut_short``: there may be more of them."""

    where: ColumnElement[bool]
    cut_short: bool = False


class _Term(NamedTuple):
    """A term, in how many cases it stands (at most ``RARE``), and the oldest of these."""

    gram: int
    number: int
    oldest: int


def search_cases(
    session: Session,
    reach: Reach,
    typed: str,
    *,
    only_open: bool,
    also: Sequence[ColumnElement[bool]] = (),
) -> Search:
    """Cases in which a text occurs, or whose unit's name contains it, or that have this number,
    also as it stands on paper.

    Args:
        only_open: the list shows no other cases.
        also: what else the list asks of them, over ``Case`` and ``Unit``.

    Raises:
        SearchTooShort: fewer than two characters, and no number.
        IdNumberInSearch
    """
    on_paper = _by_paper(session, typed)
    if on_paper is not None:
        return on_paper
    if has_id_number(typed):
        raise IdNumberInSearch(field="q")
    key = text_key(typed)
    number = int(key) if key.isascii() and key.isdigit() and len(key) <= _DIGITS_MOST else None
    if len(key) < 2:
        if number is None:
            raise SearchTooShort(field="q")
        return Search(Case.id == number)
    if not reach.is_everywhere:
        also = (*also, within(reach, searched=False))
    is_open = (Case.ended_at.is_(None),) if only_open else ()
    said, said_more = _said(session, key, is_open, also)
    of_units, units_more = _of_units(session, reach, typed, (*is_open, *also))
    found = list(dict.fromkeys([*([number] if number is not None else []), *said, *of_units]))
    cut_short = said_more or units_more or len(found) > HITS_MOST
    return Search(among(session, Case.id, found[:HITS_MOST]), cut_short)


def number_index(sealer: Sealer, id_type: IdType, typed: str) -> bytes:
    """The blind index of an ID number, which is the only thing it is looked for by.

    Raises:
        IdNumberMalformed, IdNumberCheckWrong
    """
    return sealer.index(id_type.value, clean_id_number(id_type, typed))


def about_number(index: bytes) -> ColumnElement[bool]:
    """Cases of the person with an ID number, or about an old account registered with it."""
    people = select(Person.id).where(Person.id_index == index)
    accounts = select(LegacyAccount.id).where(LegacyAccount.id_index == index)
    # Of two indexes each answers for itself; an OR of both would be asked of every case.
    ways = (Case.person_id.in_(people), Case.account_id.in_(accounts))
    return Case.id.in_(union_all(*(select(Case.id).where(way) for way in ways)))


def _by_paper(session: Session, typed: str) -> Search | None:
    """The case whose form bears this number, which says the day it was filed besides."""
    found = parse_number(typed)
    case = session.get(Case, found.case_id) if found is not None else None
    if found is not None and case is not None and day_of(case.filed_at) == found.filed_on:
        return Search(Case.id == case.id)
    return Search(false()) if is_written_as_number(typed) else None


def _said(
    session: Session,
    key: str,
    is_open: Sequence[ColumnElement[bool]],
    also: Sequence[ColumnElement[bool]],
) -> tuple[Sequence[int], bool]:
    """Cases with a text that contains the key, and whether there may be more.

    Each condition is a scalar of its own: no planner then turns looking at some thousand cases
    into reading a whole table.
    """
    ranked = _ranked(session, terms(key))
    if not ranked or not ranked[0].number:
        return (), False
    probed = [term.gram for term in ranked[: _PROBED + 1]]
    by_order = bool(is_open) and ranked[0].number >= RARE
    cases, most = (_open(), OPEN_MOST) if by_order else (_with_term(probed[0]), LOOKED_MOST)
    walk = cases.limit(most).subquery()
    holds: ColumnElement[bool] = _count(CaseText, CaseText.case_id == walk.c.id, _contains(key)) > 0
    asked = also if by_order else (*is_open, *also)
    if asked:
        holds = case((_fits(walk, asked) > 0, holds), else_=false())
    for gram in reversed(probed if by_order else probed[1:]):  # the rarest first
        has = _count(CaseGram, CaseGram.gram == gram, CaseGram.case_id == walk.c.id)
        holds = case((has > 0, holds), else_=false())
    # The order is the walk's own; said once more, SQLite would sort before it stops.
    hits = session.scalars(select(walk.c.id).where(holds).limit(HITS_MOST + 1)).all()
    if len(hits) > HITS_MOST or ranked[0].number < RARE:
        return hits, len(hits) > HITS_MOST
    return hits, session.scalar(cases.offset(most).limit(1)) is not None


def _with_term(gram: int) -> Any:
    rows = select(CaseGram.case_id.label("id")).where(CaseGram.gram == gram)
    return rows.order_by(CaseGram.case_id.desc())


def _open() -> Any:
    rows = select(Case.id).where(Case.ended_at.is_(None))
    return rows.order_by(Case.urgency, Case.due_on, Case.id)


def _count(model: Any, *where: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).select_from(model).where(*where).scalar_subquery()


def _fits(walk: Subquery, also: Sequence[ColumnElement[bool]]) -> ScalarSelect[int]:
    """Whether the list would show a case of the walk, as a number."""
    joined = select(func.count()).select_from(Case).outerjoin(Unit, Unit.id == Case.unit_id)
    return joined.where(Case.id == walk.c.id, *also).scalar_subquery()


def _contains(key: str) -> ColumnElement[bool]:
    return CaseText.key.contains(key, autoescape=True)


def _of_units(
    session: Session, reach: Reach, typed: str, also: Sequence[ColumnElement[bool]]
) -> tuple[Sequence[int], bool]:
    units = search_units(session, reach, typed, _UNITS_MOST)
    if not units.units:
        return (), units.cut_short
    cases = (
        select(Case.id)
        .outerjoin(Unit, Unit.id == Case.unit_id)
        .where(Case.unit_id.in_([unit.id for unit in units.units]), *also)
    )
    hits = session.scalars(cases.limit(HITS_MOST + 1)).all()
    return hits, units.more or units.cut_short or len(hits) > HITS_MOST


def _ranked(session: Session, wanted: set[int]) -> list[_Term]:
    """The terms, the rarest first: of those in many cases, the one whose newest reach back most."""
    grams = sorted(wanted, reverse=True)[:_TERMS_MOST]  # the fours first
    if not grams:
        return []
    counts = []
    for gram in grams:
        newest = _with_term(gram).limit(RARE).subquery()
        counts.append(select(literal(gram), func.count(), func.min(newest.c.id)))
    found = session.execute(union_all(*counts)).all()
    ranked = [_Term(gram, number, oldest or 0) for gram, number, oldest in found]
    return sorted(ranked, key=lambda term: (term.number, term.oldest))
