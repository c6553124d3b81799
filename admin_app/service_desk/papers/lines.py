"""Breaking text into lines as Chinese is set: anywhere but before a closing mark; words whole."""

import re
from collections.abc import Callable

_CLOSING = "，。、；：？！）》」』】”’…—"
_OPENING = "（《「『【“‘"
# A word of another script with what hangs on it, or one character of ours with its marks.
_PIECE = re.compile(rf"[{_OPENING}]*(?:[!-~À-ɏ]+|[^\s])[{_CLOSING},.;:)]*[ \u3000]*|[ \u3000]+")


def broken(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """The lines of a text, none wider than ``width`` in the unit of ``measure``."""
    found: list[str] = []
    for paragraph in text.splitlines() or [""]:
        line = ""
        for piece in _PIECE.findall(paragraph):
            if line and measure((line + piece).rstrip()) > width:
                found.append(line.rstrip())
                line = piece.lstrip()
            else:
                line += piece
            while len(line) > 1 and measure(line.rstrip()) > width:
                fits = _fitting(line, width, measure)
                found.append(line[:fits])
                line = line[fits:]
        found.append(line.rstrip())
    return found


def _fitting(word: str, width: float, measure: Callable[[str], float]) -> int:
    """How many characters of a word that is too long go on a line; at least one."""
    fits = 1
    while fits < len(word) and measure(word[: fits + 1]) <= width:
        fits += 1
    return fits
