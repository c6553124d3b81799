"""Who arrives, when, and what they do: drawn from a seed, and pure.

The shares are what a province may expect; every blocker has its story. Names, numbers and codes
are plainly made up: division 99…, names that begin with 演练.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from typing import NamedTuple

from stdnum.iso7064 import mod_11_2

from admin_app.hierarchy.rules import check_character
from admin_app.identity.vocabulary import IdType
from admin_app.policy.vocabulary import AssuranceLevel

_DIGITS = "甲乙丙丁戊己庚辛壬癸"
_BIRTHS = 20_000  # days from the first of 1950
_DAY = 24 * 60
_OPENS, _CLOSES = 30, 10 * 60  # minutes of a day, UTC: from 8.30 to 18.00 in China


class Story(Enum):
    """What becomes of somebody; the number is how many in a thousand."""

    BINDS = "binds", 400
    BINDS_AT_THE_SECOND_TRY = "binds_at_the_second_try", 60
    BINDS_DAYS_LATER = "binds_days_later", 50
    WAITS = "waits", 30
    RISES = "rises", 50
    NEVER_COMES = "never_comes", 110
    STAYS_TOO_LOW = "stays_too_low", 35
    SEVERAL = "several", 25
    ID_DIFFERS = "id_differs", 25
    NAME_DIFFERS = "name_differs", 20
    HAS_CARD = "has_card", 5
    HAS_PASSPORT_ONLY = "has_passport_only", 5
    FORGETS = "forgets", 25
    LOCKED = "locked", 20
    DISOWNS = "disowns", 5
    LAPSES = "lapses", 5
    NO_ACCOUNT = "no_account", 30
    REPRESENTS = "represents", 50
    REPRESENTS_WITHOUT_ACCOUNT = "represents_without_account", 15
    REPRESENTS_STUCK = "represents_stuck", 10
    REPRESENTS_NOT_BOUND = "represents_not_bound", 8
    REPRESENTS_OTHERS = "represents_others", 5
    REPRESENTS_UNKNOWN = "represents_unknown", 5
    REPRESENTS_LATER = "represents_later", 7

    def __init__(self, label: str, share: int) -> None:
        self.label, self.share = label, share

    @property
    def represents(self) -> bool:
        return self.name.startswith("REPRESENTS")

    @property
    def comes_with_enterprise(self) -> bool:
        return self in (Story.REPRESENTS, Story.REPRESENTS_WITHOUT_ACCOUNT, Story.REPRESENTS_STUCK)


class Deed(Enum):
    """One thing that somebody does."""

    COMES = "comes"
    IS_TURNED_AWAY = "is_turned_away"
    BINDS = "binds"
    MISTYPES = "mistypes"
    FORGETS = "forgets"
    DISOWNS = "disowns"
    APPOINTS = "appoints"


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody made up; ``enterprise`` is the code of the one they represent."""

    number: int
    story: Story
    name: str
    id_type: IdType
    id_number: str = field(repr=False)
    enterprise: str = ""


class Step(NamedTuple):
    """A deed at a minute counted from the first day's midnight; ``whom`` is to be appointed."""

    minute: int
    player: Player
    deed: Deed
    whom: Player | None = None
    secondary: bool = False
    level: AssuranceLevel = AssuranceLevel.INTERMEDIATE


class Script(NamedTuple):
    """The cast, and all they do in the order of time."""

    seed: int
    cast: tuple[Player, ...]
    steps: tuple[Step, ...]


def draw(seed: int, people: int, days: int) -> Script:
    """The same seed, number and days give the same script."""
    rng = random.Random(seed)  # noqa: S311 - a rehearsal, and meant to come out the same again
    stories = rng.choices(list(Story), [story.share for story in Story], k=people)
    cast = tuple(_player(seed, number, story) for number, story in enumerate(stories))
    steps: list[Step] = []
    arrivals: dict[int, int] = {}
    for player in cast:
        own = list(_deeds(rng, player, days))
        if own:
            arrivals[player.number] = own[0].minute
        steps += own
    steps += _appointments(rng, cast, arrivals, days)
    steps.sort(key=lambda step: (step.minute, step.player.number))
    return Script(seed, cast, tuple(steps))


def resident_number(division: str, index: int) -> str:
    """A number with a right check character, another for every index."""
    born = date(1950, 1, 1) + timedelta(days=index * 37 % _BIRTHS)
    body = f"{division}{born:%Y%m%d}{1 + index // _BIRTHS:03}"
    return body + str(mod_11_2.calc_check_digit(body))


def _player(seed: int, number: int, story: Story) -> Player:
    division = f"99{1000 + seed % 9000}"
    id_type, id_number = IdType.RESIDENT_ID, resident_number(division, number)
    if story is Story.HAS_CARD:
        id_type = IdType.FOREIGN_PERMANENT_RESIDENCE
        body = f"{division}{id_number[6:17]}"
        id_number = body + str(mod_11_2.calc_check_digit(body))
    elif story is Story.HAS_PASSPORT_ONLY:
        id_type, id_number = IdType.PASSPORT, f"YL{division[2:]}{number:06}"
    code = f"91{division}{number:08}0" if story.represents else ""
    return Player(
        number=number,
        story=story,
        name="演练" + "".join(_DIGITS[int(digit)] for digit in f"{number:04}"),
        id_type=id_type,
        id_number=id_number,
        enterprise=code + check_character(code) if code else "",
    )


def _deeds(rng: random.Random, player: Player, days: int) -> Iterator[Step]:
    """What somebody does of their own accord."""
    minute = _a_moment(rng, days)
    soon = minute + rng.randint(1, 9)
    later = min(minute + rng.randint(1, 5) * _DAY, days * _DAY - 1)
    last = days * _DAY - 1

    def step(at: int, deed: Deed) -> Step:
        return Step(min(at, last), player, deed)

    match player.story:
        case Story.NEVER_COMES | Story.REPRESENTS_LATER:
            return
        case Story.STAYS_TOO_LOW | Story.HAS_PASSPORT_ONLY:
            yield Step(minute, player, Deed.IS_TURNED_AWAY, level=AssuranceLevel.BASIC)
            return
        case Story.RISES:
            yield Step(minute, player, Deed.IS_TURNED_AWAY, level=AssuranceLevel.BASIC)
            yield step(later, Deed.COMES)
            yield step(later + 3, Deed.BINDS)
            return
    yield step(minute, Deed.COMES)
    match player.story:
        case Story.BINDS | Story.LAPSES | Story.REPRESENTS | Story.REPRESENTS_WITHOUT_ACCOUNT:
            yield step(soon, Deed.BINDS)
        case Story.REPRESENTS_NOT_BOUND | Story.REPRESENTS_OTHERS | Story.REPRESENTS_UNKNOWN:
            yield step(soon, Deed.BINDS)
        case Story.BINDS_AT_THE_SECOND_TRY:
            yield from (step(soon, Deed.MISTYPES) for _ in range(rng.randint(1, 3)))
            yield step(soon + 1, Deed.BINDS)
        case Story.BINDS_DAYS_LATER:
            yield step(later, Deed.COMES)
            yield step(later + 1, Deed.BINDS)
        case Story.LOCKED:
            yield from (step(soon, Deed.MISTYPES) for _ in range(5))
        case Story.FORGETS:
            yield step(soon, Deed.FORGETS)
        case Story.DISOWNS:
            yield step(soon, Deed.DISOWNS)


def _appointments(
    rng: random.Random, cast: tuple[Player, ...], arrivals: dict[int, int], days: int
) -> Iterator[Step]:
    """Representatives appoint for their enterprise and a part of it; some whom they name fall."""
    falling = [each for each in cast if each.story is Story.LAPSES]
    absent = [each for each in cast if each.story is Story.NEVER_COMES]
    others = [each for each in cast if each.story is Story.BINDS]
    rng.shuffle(absent)
    rng.shuffle(others)
    last = days * _DAY - 1
    for player in cast:
        if not player.story.comes_with_enterprise:
            continue
        for secondary in (False, True):
            chance = rng.random()
            pool = falling if chance < 0.1 else absent if chance < 0.25 else others
            if chance > 0.7 or not pool:
                continue
            whom = pool.pop()
            arrived = max(arrivals[player.number], arrivals.get(whom.number, 0))
            minute = min(arrived + rng.randint(10, 3 * _DAY), last)
            yield Step(minute, player, Deed.APPOINTS, whom, secondary)
            if whom.story is Story.LAPSES:
                falls = min(minute + rng.randint(1, _DAY), last)
                yield Step(falls, whom, Deed.IS_TURNED_AWAY, level=AssuranceLevel.BASIC)


def _a_moment(rng: random.Random, days: int) -> int:
    """Most come in the first days, and during working hours."""
    day = min(int(rng.expovariate(3 / days)), days - 1)
    return day * _DAY + rng.randint(_OPENS, _CLOSES)
