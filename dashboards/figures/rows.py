"""Rows of bars with their words above them, which leaves a telephone's whole width to both."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.look import NORMAL, SMALL, broken, colours, lines_of, room, safe, width_of
from dashboards.values import Look

_BAR, _LINE, _NOTE, _GAP = 20, 20, 18, 18  # pixels
_TOP, _BOTTOM = 4, 8


def begun(text: str) -> str:
    """A label at the beginning of a row; names stay as they are."""
    return text[:1].upper() + text[1:]


@dataclass(frozen=True, slots=True)
class Words:
    """What stands above a bar: its name, at the right its figure, below smaller what to know."""

    title: str
    figure: str = ""
    note: str = ""
    heading: str = ""  # begins a group


@dataclass(frozen=True, slots=True)
class Rows:
    """Where each row's bar lies, in pixels from the top, and the words as annotations."""

    middles: tuple[float, ...]
    height: int
    annotations: tuple[dict[str, Any], ...]

    @property
    def axis(self) -> dict[str, Any]:
        return {"visible": False, "range": [self.height, 0], "fixedrange": True}

    @property
    def bar(self) -> int:
        return _BAR


def laid_out(words: Sequence[Words], look: Look) -> Rows:
    """One unit of the y axis is one pixel, so that words and bars keep their distance."""
    its = colours(look)
    at: float = _TOP
    middles, annotations = [], []
    for each in words:
        if each.heading:
            at += 6
            annotations.append(_said(broken(lines_of(each.heading, SMALL, look, 2)), at, SMALL))
            annotations[-1]["font"]["color"] = its.ink_soft
            at += _LINE * len(lines_of(each.heading, SMALL, look, 2)) + 6
        beside = width_of(each.figure, NORMAL) + 12 if each.figure else 0
        title = lines_of(each.title, NORMAL, look, 2, room(look) - beside)
        annotations.append(_said(broken(title), at, NORMAL))
        if each.figure:
            annotations.append(_said(f"<b>{safe(each.figure)}</b>", at, NORMAL, right=True))
        at += _LINE * len(title)
        if each.note:
            note = lines_of(each.note, SMALL, look, 2)
            annotations.append(_said(broken(note), at, SMALL))
            annotations[-1]["font"]["color"] = its.ink_soft
            at += _NOTE * len(note)
        middles.append(at + 4 + _BAR / 2)
        at += 4 + _BAR + _GAP
    return Rows(tuple(middles), round(at - _GAP + _BOTTOM), tuple(annotations))


def _said(text: str, at: float, size: int, right: bool = False) -> dict[str, Any]:
    return {
        "text": text,
        "xref": "paper",
        "x": 1 if right else 0,
        "xanchor": "right" if right else "left",
        "yref": "y",
        "y": at,
        "yanchor": "top",
        "align": "right" if right else "left",
        "showarrow": False,
        "font": {"size": size},
        "borderpad": 0,
        "yshift": 2,
    }
