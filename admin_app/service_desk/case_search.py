"""Finding cases by what was said in them, by names, by unit, or by number.

Of the pairs of characters typed the rarest is looked up. If few cases have it, they are gone
through, whatever the order of the list. If many have it, the open ones are met on the way along
the list; where others are asked for too, the newest ``NEWEST_MOST`` are looked at, which the answer
says. So the cost is bounded whatever is typed. Reach is the list's business, not widened here.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

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

CANDIDATES_MOST = 10_000
NEWEST_MOST = 3_000
_UNITS_MOST = 100
_TERMS_MOST = 24
_DIGITS_MOST = 9  # both databases take every such number for a key


@dataclass(frozen=True, slots=True)
class Search:
    """What was typed, as a condition on cases; ``cut_short``: not every case was looked at."""

    where: ColumnElement[bool]
    cut_short: bool = False


def search_cases(session: Session, reach: Reach, typed: str, *, only_open: bool) -> Search:
    """Cases in which a text occurs, or whose unit's name contains it, or that have this number,
    also as it stands on paper.

    Args:
        only_open: the list shows no other cases.

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
    units = search_units(session, reach, typed, _UNITS_MOST)
    of_units = Case.unit_id.in_([unit.id for unit in units.units])
    gram, frequency = _rarest(session, terms(key))
    if frequency > CANDIDATES_MOST and only_open:
        has = select(CaseGram.case_id).where(CaseGram.gram == gram, CaseGram.case_id == Case.id)
        said = and_(has.exists(), _says(key))
        alternatives = [said, of_units, *([Case.id == number] if number is not None else [])]
        return Search(or_(*alternatives), units.more or units.cut_short)
    many = frequency > CANDIDATES_MOST
    candidates = (
        select(CaseGram.case_id)
        .where(CaseGram.gram == gram)
        .order_by(CaseGram.case_id.desc())
        .limit(NEWEST_MOST if many else CANDIDATES_MOST)
        .subquery()
    )
    # By the candidates' own texts: a case's pairs may outlive a name it no longer bears.
    text = CaseText.key.contains(key, autoescape=True)
    ways = [
        select(CaseText.case_id)
        .join(candidates, candidates.c.case_id == CaseText.case_id)
        .where(text)
    ]
    if units.units:
        ways.append(select(Case.id).where(of_units))
    if number is not None:
        ways.append(select(literal(number)))
    found = union_all(*ways) if len(ways) > 1 else ways[0]
    cut_short = many or units.more or units.cut_short
    return Search(Case.id.in_(found), cut_short)


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
    return or_(Case.person_id.in_(people), Case.account_id.in_(accounts))


def _by_paper(session: Session, typed: str) -> Search | None:
    """The case whose form bears this number, which says the day it was filed besides."""
    found = parse_number(typed)
    case = session.get(Case, found.case_id) if found is not None else None
    if found is not None and case is not None and day_of(case.filed_at) == found.filed_on:
        return Search(Case.id == case.id)
    return Search(false()) if is_written_as_number(typed) else None


def _says(key: str) -> ColumnElement[bool]:
    text = CaseText.key.contains(key, autoescape=True)
    return select(CaseText.id).where(CaseText.case_id == Case.id, text).exists()


def _rarest(session: Session, wanted: set[int]) -> tuple[int, int]:
    """The pair with the fewest cases, and how many those are, counting no further than needed."""
    grams = sorted(wanted, reverse=True)[:_TERMS_MOST]  # the fours first
    best, fewest = grams[0] if grams else 0, CANDIDATES_MOST + 1 if grams else 0
    for gram in grams:
        rows = select(CaseGram.case_id).where(CaseGram.gram == gram).limit(fewest).subquery()
        frequency = session.scalar(select(func.count()).select_from(rows)) or 0
        if frequency < fewest:
            best, fewest = gram, frequency
        if frequency == 0:
            break
    return best, fewest
