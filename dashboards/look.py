"""The look of every figure: the console's colours, light and dark, its fonts, room for a telephone.

The colours are the custom properties of the console's style sheet (a test compares them). The four
states differ in lightness and in pattern, not in hue alone; blue against orange-red is told apart
with every common kind of colour blindness.
"""

from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

import plotly.graph_objects as go

from admin_app.migration.vocabulary import AccountState
from admin_app.wording import Text
from dashboards.values import Look

FONT = (
    'system-ui, -apple-system, "Segoe UI", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", '
    '"HarmonyOS Sans SC", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", sans-serif'
)
CLEAR = "rgba(0,0,0,0)"
SMALL, NORMAL = 12, 14
_CJK = 0x2E80
# What can be counted on: a card on a telephone, and half a page on a desk or the whole of it.
_WIDTHS = {True: 318, False: 560}
_WHOLE = 660


@dataclass(frozen=True, slots=True)
class Fill:
    """A surface: its colour, its pattern, the pattern's colour, and that of text upon it."""

    colour: str
    shape: str
    lines: str
    text: str


@dataclass(frozen=True, slots=True)
class Colours:
    surface: str
    ink: str
    ink_soft: str
    line: str
    line_strong: str
    accent: str
    good: str
    wait: str
    bad: str
    states: dict[AccountState, Fill]
    scale: tuple[str, ...]  # little to much
    ages: tuple[str, ...]  # young to old


_LIGHT = Colours(
    surface="#ffffff",
    ink="#1a2233",
    ink_soft="#535d73",
    line="#e1e5ec",
    line_strong="#8792a6",
    accent="#23459b",
    good="#18693c",
    wait="#7d5200",
    bad="#b02f22",
    states={
        AccountState.MIGRATED: Fill("#23459b", "", "#23459b", "#ffffff"),
        AccountState.IN_PROGRESS: Fill("#a9c1f0", "/", "#7f9fdf", "#1a2233"),
        AccountState.STUCK: Fill("#e2714f", "x", "#c9532f", "#1a2233"),
        AccountState.NOT_STARTED: Fill("#dfe3ea", "", "#dfe3ea", "#1a2233"),
    },
    scale=("#dce6f8", "#b4c9ef", "#84a4e2", "#486fc2", "#23459b"),
    ages=("#f7cdbd", "#ee9f84", "#d96443", "#a3301c"),
)
_DARK = Colours(
    surface="#181e29",
    ink="#e7eaf1",
    ink_soft="#a4aec1",
    line="#2a3241",
    line_strong="#6b778d",
    accent="#9ab8ff",
    good="#7fd6a2",
    wait="#f0c266",
    bad="#ff9d92",
    states={
        AccountState.MIGRATED: Fill("#9ab8ff", "", "#9ab8ff", "#10141c"),
        AccountState.IN_PROGRESS: Fill("#3f5a9c", "/", "#5d7ac0", "#ffffff"),
        AccountState.STUCK: Fill("#d9694a", "x", "#f08a6b", "#10141c"),
        AccountState.NOT_STARTED: Fill("#363f50", "", "#363f50", "#e7eaf1"),
    },
    scale=("#243150", "#34497d", "#4c69b0", "#7092de", "#a9c4ff"),
    ages=("#5c352c", "#94493a", "#d3694d", "#ffab94"),
)
_ON_SCALE = {  # text upon each step of the scale
    False: ("#1a2233", "#1a2233", "#1a2233", "#ffffff", "#ffffff"),
    True: ("#e7eaf1", "#ffffff", "#ffffff", "#10141c", "#10141c"),
}


def colours(look: Look) -> Colours:
    return _DARK if look.dark else _LIGHT


def on_scale(share: float, look: Look) -> tuple[str, str]:
    """The colour of a share from 0 to 1, and of text upon it."""
    step = min(int(share * 5), 4)
    return colours(look).scale[step], _ON_SCALE[look.dark][step]


@cache
def template(dark: bool) -> go.layout.Template:
    """The one template; figures add only what is theirs."""
    its = _DARK if dark else _LIGHT
    axis: dict[str, Any] = {
        "fixedrange": True,  # a finger on a chart scrolls the page
        "showgrid": False,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "gridcolor": its.line,
        "linecolor": its.line_strong,
        "tickfont": {"size": SMALL, "color": its.ink_soft},
        "title": {"font": {"size": SMALL, "color": its.ink_soft}},
        "automargin": True,
    }
    layout = go.Layout(
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        font={"family": FONT, "size": NORMAL, "color": its.ink},
        margin={"l": 0, "r": 0, "t": 8, "b": 8, "pad": 6},
        xaxis=axis,
        yaxis=axis,
        barmode="stack",
        bargap=0.5,
        dragmode=False,
        hovermode="closest",
        hoverlabel={
            "bgcolor": its.surface,
            "bordercolor": its.line_strong,
            "font": {"family": FONT, "size": NORMAL, "color": its.ink},
            "align": "left",
        },
        legend={
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1,
            "yanchor": "bottom",
            "font": {"size": SMALL, "color": its.ink_soft},
            "itemclick": False,  # a state that is hidden would make the rest untrue
            "itemdoubleclick": False,
            "traceorder": "normal",
            "bgcolor": CLEAR,
        },
        uniformtext={"minsize": SMALL, "mode": "hide"},  # a text that doesn't fit isn't shown
        separators=".,",
    )
    return go.layout.Template(layout=layout)


def drawn(look: Look, traces: list[Any], height: int, **layout: Any) -> go.Figure:
    """A figure in the look."""
    return go.Figure(
        data=traces, layout={"template": template(look.dark), "height": height, **layout}
    )


def sentence_alone(sentence: Text, look: Look) -> go.Figure:
    """Instead of empty axes."""
    hidden = {"visible": False}
    said = broken(lines_of(sentence.in_language(look.language), NORMAL, look, 6))
    note = {
        "text": said,
        "showarrow": False,
        "xref": "paper",
        "yref": "paper",
        "x": 0.5,
        "y": 0.5,
        "font": {"color": colours(look).ink_soft},
    }
    return drawn(look, [], 160, xaxis=hidden, yaxis=hidden, annotations=[note])


def safe(text: str) -> str:
    """A name as Plotly may show it: it reads a little HTML in every text.

    Names stand in ``text`` and ``hovertext`` only, never in a template, so that ``%{x}`` stays what
    it is.
    """
    return " ".join(escape(text, quote=False).split())


def broken(lines: list[str]) -> str:
    return "<br>".join(safe(line) for line in lines)


def width_of(text: str, size: int) -> float:
    """About how many pixels a text takes."""
    return sum(1.0 if ord(character) >= _CJK else 0.58 for character in text) * size


def room(look: Look, *, whole: bool = False) -> int:
    """The pixels across that can be counted on; ``whole``: in a panel as wide as the page."""
    return _WHOLE if whole and not look.narrow else _WIDTHS[look.narrow]


def lines_of(text: str, size: int, look: Look, most: int, width: float | None = None) -> list[str]:
    """A text in lines that fit; what is too long even so ends in an ellipsis."""
    wide = width if width is not None else room(look)
    lines, rest = [], text
    while rest:
        taken = _that_fits(rest, size, wide)
        lines.append(rest[:taken].strip())
        rest = rest[taken:].strip()
        if len(lines) == most and rest:
            lines[-1] = lines[-1][: max(1, len(lines[-1]) - 1)].rstrip() + "…"
            break
    return lines


def _that_fits(text: str, size: int, width: float) -> int:
    """How many characters fit; English breaks between words."""
    used = 0.0
    for at, character in enumerate(text):
        used += width_of(character, size)
        if used > width and at:
            space = text.rfind(" ", 0, at + 1)
            within_word = ord(character) < _CJK and ord(text[at - 1]) < _CJK
            return space if within_word and space > 0 else at
    return len(text)
