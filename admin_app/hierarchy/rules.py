"""Paths, names and credit codes: pure functions about the tree."""

import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from admin_app.hierarchy.vocabulary import (
    CodeCheckWrong,
    CodeMalformed,
    KindMisplaced,
    NameMissing,
    NameTooLong,
    TooDeep,
    UnitKind,
)

SEGMENT_WIDTH = 6  # base-36 digits: 2.1 thousand million units
DEPTH_MOST = 20  # levels; the deepest real registers have eight
NAME_MOST = 200

_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
_USCC_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015, table 2

# What may stand under what.
_PLACES: dict[UnitKind, tuple[UnitKind, ...]] = {
    UnitKind.DEPARTMENT: (UnitKind.DEPARTMENT,),
    UnitKind.FIRST_LEVEL: (UnitKind.DEPARTMENT,),
    UnitKind.SECONDARY: (UnitKind.FIRST_LEVEL, UnitKind.SECONDARY),
}


def segment(unit_id: int) -> str:
    """A unit's own part of its path: its number in base 36, fixed width, so bytes sort right."""
    digits = ""
    while unit_id:
        unit_id, digit = divmod(unit_id, 36)
        digits = _BASE36[digit] + digits
    return digits.rjust(SEGMENT_WIDTH, "0")


def path_under(parent_path: str, unit_id: int) -> str:
    """The path of a unit under a parent; a root's parent has the empty path."""
    return parent_path + segment(unit_id)


def ids_along(path: str) -> list[int]:
    """The unit numbers a path names, from the root down to the unit itself."""
    return [
        int(path[start : start + SEGMENT_WIDTH], 36) for start in range(0, len(path), SEGMENT_WIDTH)
    ]


def depth(path: str) -> int:
    """How many levels down a unit stands; a root has depth 1."""
    return len(path) // SEGMENT_WIDTH


def allowed_under(parent: UnitKind) -> tuple[UnitKind, ...]:
    """Which kinds of unit may stand under a kind."""
    return tuple(kind for kind, parents in _PLACES.items() if parent in parents)


def require_place(kind: UnitKind, parent: UnitKind) -> None:
    """Raises KindMisplaced: such a unit can't stand there."""
    if parent not in _PLACES[kind]:
        raise KindMisplaced(kind=kind.label, parent_kind=parent.label)


def require_depth(levels: int) -> None:
    """Raises TooDeep: a unit would stand more than ``DEPTH_MOST`` levels down."""
    if levels > DEPTH_MOST:
        raise TooDeep(field="parent", most=DEPTH_MOST)


def clean_name(name: str) -> str:
    """A name as it is stored: no surrounding or doubled white space, no control characters.

    Raises:
        NameMissing, NameTooLong
    """
    visible = "".join(
        " " if unicodedata.category(character) in ("Cc", "Zl", "Zp") else character
        for character in name
        if unicodedata.category(character) != "Cf"
    )
    cleaned = " ".join(visible.split())
    if not cleaned:
        raise NameMissing(field="name")
    if len(cleaned) > NAME_MOST:
        raise NameTooLong(field="name", most=NAME_MOST)
    return cleaned


def name_key(name: str) -> str:
    """The form in which names are compared: width, case and white space don't count."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def grams(key: str) -> set[int]:
    """The pairs of neighbouring characters of a name key, as numbers, for the search index."""
    return {ord(a) << 21 | ord(b) for a, b in pairwise(key)}


def clean_uscc(text: str) -> str:
    """A unified social credit code in its written form, with the check character verified.

    Source: GB 32100-2015, 4.4: weights 3^(i-1) mod 31, check = (31 - sum mod 31) mod 31.

    Raises:
        CodeMalformed, CodeCheckWrong
    """
    code = "".join(unicodedata.normalize("NFKC", text).upper().split())
    if len(code) != 18 or any(character not in _USCC_CHARACTERS for character in code):
        raise CodeMalformed(field="uscc", value=text.strip()[:40])
    if code[17] != check_character(code[:17]):
        raise CodeCheckWrong(field="uscc", value=code)
    return code


def check_character(first_17: str) -> str:
    """The last character of a credit code, which follows from the others."""
    total = sum(weight * value for weight, value in zip(_weights(), _values(first_17), strict=True))
    return _USCC_CHARACTERS[(31 - total % 31) % 31]


def _weights() -> Iterator[int]:
    return (pow(3, position, 31) for position in range(17))


def _values(code: str) -> Iterator[int]:
    return (_USCC_CHARACTERS.index(character) for character in code)
