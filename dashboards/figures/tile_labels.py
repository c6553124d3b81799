"""What is written on a tile: as much as fits, and never a piece of a name."""

from dashboards.look import SMALL, broken, lines_of, safe, width_of
from dashboards.values import Look

_LINE = 17  # pixels


def label(name: str, shorter: str, share: str, across: float, down: float, look: Look) -> str:
    """Name and share, the short name and share, the share alone, or nothing: no piece of a name."""
    for said in dict.fromkeys((name, shorter)):
        fitting = _fitting(said, share, across - 12, down - 4, look)
        if fitting:
            return fitting
    fits = width_of(share, SMALL) <= across - 12 and down - 4 >= _LINE
    return safe(share) if fits else ""


def short(name: str, names: list[str]) -> str:
    """Without the ending that half of all share: 济南市 for 济南市科学技术局."""
    for length in range(len(name) - 2, 2, -1):
        ending = name[-length:]
        if 2 * sum(other.endswith(ending) for other in names) >= len(names) > 2:
            cut = name[:-length].strip()
            alike = [other for other in names if other.endswith(ending)]
            return cut if sum(o[:-length].strip() == cut for o in alike) == 1 else name
    return name


def _fitting(name: str, share: str, across: float, down: float, look: Look) -> str:
    if look.narrow:
        both = f"{name}  {share}"
        return safe(both) if down >= _LINE and width_of(both, SMALL) <= across else ""
    if across < 3 * SMALL:
        return ""
    lines = lines_of(name, SMALL, look, 99, across)
    fits = all(width_of(line, SMALL) <= across for line in lines)
    if fits and len(lines) <= min(4, down / _LINE - 1) and not _breaks_a_word(name, lines):
        return f"{broken(lines)}<br>{safe(share)}"
    return ""


def _breaks_a_word(name: str, lines: list[str]) -> bool:
    """Whether English was cut within a word; Chinese may break anywhere."""
    words = {word for word in name.split() if word.isascii()}
    return not words <= {word for line in lines for word in line.split()}
