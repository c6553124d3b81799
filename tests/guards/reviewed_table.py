"""``docs/permissions.md`` read back: what reviewers have agreed to, as opposed to what runs."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from admin_app.policy.vocabulary import Capacity, Permission

DOCUMENT = Path(__file__).parents[2] / "docs" / "permissions.md"

OWN_AND_BELOW, BELOW, EVERYWHERE = "own unit and below", "below only", "everywhere"


@dataclass(frozen=True)
class Cell:
    """A ✅: how far the right reaches, and its conditions in the document's words."""

    scope: str
    conditions: tuple[str, ...] = ()


@cache
def reviewed() -> dict[tuple[Permission, Capacity], Cell | None]:
    """Each cell of the table; None is a ❌."""
    text = DOCUMENT.read_text(encoding="utf-8")
    sentences = dict(re.findall(r"^(\d+)\. .+ · (.+)$", text, re.MULTILINE))
    header, _line, *rows = [line for line in text.splitlines() if line.startswith("|")]
    capacities = [_capacity(cell) for cell in _cells(header)[1:]]
    table = {}
    for row in rows:
        name, *cells = _cells(row)
        permission = Permission(re.findall(r"`(.+)`", name)[0])
        for capacity, cell in zip(capacities, cells, strict=True):
            table[permission, capacity] = _cell(cell, sentences)
    return table


def grants(capacity: Capacity, permission: Permission) -> bool:
    """Whether the document has a ✅ for a capacity, whatever its reach."""
    return reviewed()[permission, capacity] is not None


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip("|").split("|")]


def _capacity(cell: str) -> Capacity:
    english = cell.partition("<br>")[2]
    return next(c for c in Capacity if c.label.en == english)


def _cell(text: str, sentences: dict[str, str]) -> Cell | None:
    if text == "❌":
        return None
    mark, scope, *rest = text.split("<br>")
    assert mark.startswith("✅"), text
    numbers = re.findall(r"\d+", "".join(rest))
    return Cell(scope, tuple(sentences[number] for number in numbers))
