"""How a choice, a value and a place are put into words."""

from datetime import date
from enum import Enum

from admin_app.migration.counts import Counted
from admin_app.rollups.divisions import region_name
from admin_app.rollups.vocabulary import REGION_UNKNOWN, Place
from admin_app.web.language import day, is_english, say
from admin_app.wording import Text
from dashboards.choice import period_of
from dashboards.reading import Reading
from dashboards.values import Cell

EVERYTHING = Text("全省", "The whole province")
UNKNOWN_REGION = Text("地区不明", "Region unknown")
_UNNAMED_REGION = Text("未知地区 {code}", "Unknown region {code}")
_AND_BELOW = Text("{name}及下属单位", "{name} and below")
_PERIOD = Text("{first}至{last}", "{first} to {last}")
_COMPARED = Text("与{day}比较", "compared with {day}")

SHORT_KINDS = {
    Counted.LEGAL_REPRESENTATIVES: Text("法定代表人", "legal representatives"),
    Counted.ENTERPRISES: Text("企事业单位", "enterprises"),
    Counted.NATURAL_PERSONS: Text("自然人", "natural persons"),
    Counted.ADMINISTRATORS: Text("单位管理员", "unit administrators"),
}


def name_of(place: Place) -> str:
    return place.name or say(EVERYTHING)


def name_of_region(region: str) -> str:
    """In words also where a code says nothing, or nothing that the table of divisions knows."""
    if region == REGION_UNKNOWN:
        return say(UNKNOWN_REGION)
    name = region_name(region)
    return say(_UNNAMED_REGION.format(code=region)) if name == region else name


def choice_in_words(reading: Reading) -> str:
    """The whole choice in one line."""
    choice = reading.choice
    first, last = period_of(choice, reading.today)
    place = (
        say(_AND_BELOW.format(name=reading.place.name)) if reading.place.name else say(EVERYTHING)
    )
    parts = [place, say(SHORT_KINDS[choice.counted])]
    if choice.region:
        parts.append(name_of_region(choice.region))
    parts.append(say(_PERIOD.format(first=day(first), last=day(last))))
    if choice.compared_with:
        parts.append(say(_COMPARED.format(day=day(choice.compared_with))))
    return " · ".join(parts)


def cell_in_words(cell: Cell) -> str:
    """A value of a table as people read it."""
    match cell:
        case None:
            return "—"
        case Text():
            return say(cell)
        case bool() | str():
            return str(cell)
        case int():
            return f"{cell:,}"
        case float():
            return f"{cell:.1%}"
        case date():
            return day(cell)
        case Enum():
            return say(cell.label)
    return str(cell)


def language() -> str:
    return "en" if is_english() else "zh"
