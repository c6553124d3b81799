"""A province's tree: departments in three levels, regions, and units of very different size.

Real registers look like that: a few bureaus have most units, most units have nobody below them,
and one university has a fiftieth of everything. Drawn from a fixed seed.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from admin_app.hierarchy.rules import check_character, path_under

REGIONS = ("3700", *(f"37{n:02}" for n in range(1, 18) if n != 12))
UNIVERSITY_SHARE = 50  # one unit in so many stands below the largest


@dataclass(slots=True)
class Row:
    """A unit before it is written, and where its things count."""

    id: int
    parent_id: int | None
    path: str
    kind: str
    uscc: str | None
    administrators: int
    department: int
    region: str


@dataclass
class Tree:
    """What a drawn tree is asked for later."""

    root: int = 1
    above: dict[int, tuple[int, ...]] = field(default_factory=dict)  # of each department
    first_levels: list[int] = field(default_factory=list)
    units: list[int] = field(default_factory=list)  # all but departments and the largest
    university: int = 0
    colleges: list[int] = field(default_factory=list)  # the largest unit's, and itself
    small: list[int] = field(default_factory=list)  # first-level units without any below
    codes: dict[int, str] = field(default_factory=dict)


def draw(size: int, tree: Tree) -> Iterator[Row]:
    """The units, parents before children; ``tree`` is filled meanwhile."""
    rng = random.Random(20260303)
    departments = []
    for row in _departments(min(2_000, max(60, size // 40)), rng):
        departments.append(row)
        upper = tree.above.get(row.parent_id or 0, (0,))
        tree.above[row.id] = (*upper, row.id)
        yield row
    number = len(departments)
    weights = [1 / (rank + 1) ** 0.8 for rank in range(len(departments) - 1)]
    while number < size:
        number += 1
        first = _first_level(number, rng.choices(departments[1:], weights)[0], rng)
        tree.first_levels.append(number)
        tree.codes[number] = first.uscc or ""
        yield first
        below = min(_children(rng, size), size - number)
        all_like_it = tree.units
        if not tree.university:
            tree.university, below = number, size // UNIVERSITY_SHARE
            all_like_it = tree.colleges
        elif not below:
            tree.small.append(number)
        all_like_it.append(number)
        family = [first]
        for _ in range(below):
            number += 1
            above = rng.choice(family[-40:]) if rng.random() < 0.5 else first
            if len(above.path) > 60:
                above = first
            row = _row(number, above, "secondary", int(rng.random() < 0.5), first.region)
            family.append(row)
            all_like_it.append(number)
            yield row


def _departments(wanted: int, rng: random.Random) -> Iterator[Row]:
    root = Row(1, None, path_under("", 1), "department", None, 0, 1, "")
    yield root
    cities: list[Row] = []
    for index in range(wanted - 1):
        above = root
        if index >= len(REGIONS):
            above = cities[min(int(rng.expovariate(0.2)), len(cities) - 1)]
        region = REGIONS[index] if index < len(REGIONS) else above.region
        row = _row(index + 2, above, "department", 0, region)
        row.department = row.id
        if index < len(REGIONS):
            cities.append(row)
        yield row


def _first_level(number: int, department: Row, rng: random.Random) -> Row:
    region = department.region if rng.random() < 0.9 else rng.choice(REGIONS)
    row = _row(number, department, "first_level", int(rng.random() < 0.7), region)
    body = f"91{region}01{number:09}"
    row.uscc = body + check_character(body)
    return row


def _row(number: int, above: Row, kind: str, administrators: int, region: str) -> Row:
    path = path_under(above.path, number)
    return Row(number, above.id, path, kind, None, administrators, above.department, region)


def _children(rng: random.Random, size: int) -> int:
    chance = rng.random()
    if chance < 0.0005:
        return rng.randrange(size // 1_000, size // 100)
    if chance < 0.01:
        return rng.randrange(50, 400)
    return rng.randrange(0, 4) if chance < 0.3 else 0
