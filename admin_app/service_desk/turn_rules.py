"""Whose turn it is to be given a new case: pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Member:
    """A member of support: the paths of the departments they look after, and their last turn."""

    staff_id: int
    turn: int = 0
    away: bool = False
    departments: tuple[str, ...] = ()

    def looks_after(self, path: str | None) -> bool:
        """Whether a unit, or a case of no unit, falls to them; who has no departments has all."""
        if not self.departments:
            return True
        return path is not None and any(path.startswith(each) for each in self.departments)


def those_for(members: Sequence[Member], path: str | None) -> list[Member]:
    """Whoever is there and looks after a unit; if nobody does, whoever is there, or everybody."""
    there = [each for each in members if not each.away]
    return [each for each in there if each.looks_after(path)] or there or list(members)


def next_in_turn(members: Iterable[Member], path: str | None) -> Member | None:
    """Of those who are there and look after a unit whoever was given a case longest ago."""
    there = [each for each in members if not each.away and each.looks_after(path)]
    return min(there, key=lambda each: (each.turn, each.staff_id), default=None)
