"""What the bar above the charts offers: where one is, where one can go, and the choice in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from admin_app.errors import DomainError
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import chains, tree_page, within
from admin_app.hierarchy.search import Found, search_units
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.rollups import queries
from admin_app.rollups.vocabulary import Place
from admin_app.web.database import current_session
from admin_app.wording import Text
from dashboards.choice import period_of
from dashboards.links import page_of
from dashboards.reading import Reading, reach_of_reader, whole
from dashboards.values import Choice
from dashboards.words import SHORT_KINDS, choice_in_words, name_of, name_of_region

BELOW_MOST = 50
DEPARTMENTS_MOST = 100
FOUND_MOST = 20
TYPED_MOST = 100


@dataclass(frozen=True, slots=True)
class Step:
    """A unit one can go to: its name, the address with it chosen, and more to tell it by."""

    name: str
    address: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """All that the bar shows."""

    choice: Choice
    words: str
    name: str
    way: Sequence[Step]
    below: Sequence[Step]
    more_below: bool
    departments: Sequence[tuple[int, str]]
    department: int | None
    regions: Sequence[tuple[str, str]]
    first: date
    last: date
    today: date
    is_narrowed: bool

    kinds = tuple(SHORT_KINDS.items())


def narrowing_of(reading: Reading) -> Narrowing:
    choice, place = reading.choice, reading.place
    way = queries.way_to(reading.session, reach_of_reader(), place)
    first, last = period_of(choice, reading.today)
    below = _below(place, None, BELOW_MOST)
    departments = _below(way[0], UnitKind.DEPARTMENT, DEPARTMENTS_MOST)[0]
    chosen = {each.unit_id for each in way}
    return Narrowing(
        choice=choice,
        words=choice_in_words(reading),
        name=name_of(place),
        way=[Step(name_of(each), page_of(choice, unit_id=each.unit_id)) for each in way],
        below=[Step(unit.name, page_of(choice, unit_id=unit.id)) for unit in below[0]],
        more_below=below[1],
        departments=[(unit.id, unit.name) for unit in departments],
        department=next((unit.id for unit in departments if unit.id in chosen), None),
        regions=_regions(reading),
        first=first,
        last=last,
        today=reading.today,
        is_narrowed=choice != Choice(counted=choice.counted),
    )


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search among the units in reach found."""

    typed: str
    steps: Sequence[Step] = ()
    more: bool = False
    problem: Text | None = None


def hits(typed: str, choice: Choice) -> Hits:
    text = typed.replace("\x00", "").strip()[:TYPED_MOST]
    session = current_session()
    found, problem = Found(()), None
    try:
        found = search_units(session, reach_of_reader(), text, FOUND_MOST)
    except DomainError as error:
        problem = error.sentence
    above, reach = chains(session, found.units), reach_of_reader()
    steps = [
        Step(
            unit.name,
            page_of(choice, unit_id=unit.id),
            " / ".join(each.name for each in above[unit.id] if reach.covers(each.path)),
        )
        for unit in found.units
    ]
    return Hits(text, steps, found.more or found.cut_short, problem)


def _below(place: Place, kind: UnitKind | None, most: int) -> tuple[Sequence[Unit], bool]:
    statement = select(Unit).where(Unit.parent_id.is_(None), within(reach_of_reader()))
    if place.unit_id is not None:
        statement = select(Unit).where(Unit.parent_id == place.unit_id, within(reach_of_reader()))
    if kind is not None:
        statement = statement.where(Unit.kind == kind)
    page = tree_page(current_session(), statement, most)
    return page.units, page.next_after is not None


def _regions(reading: Reading) -> list[tuple[str, str]]:
    """The regions of the place, and in any case the one chosen."""
    parts = queries.regions(reading.session, whole(reading), reading.choice.counted)
    found = {part.region: name_of_region(part.region) for part in parts}
    if reading.choice.region:
        found.setdefault(reading.choice.region, name_of_region(reading.choice.region))
    return sorted(found.items())


def cleared(choice: Choice) -> str:
    """The page as it is at first, for the same kind of thing."""
    return page_of(Choice(counted=choice.counted))
