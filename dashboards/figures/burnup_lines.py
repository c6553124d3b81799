"""The lines of the burn-up chart: what was, what is foretold, what is asked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from admin_app.migration.vocabulary import AccountState
from admin_app.wording import Text
from dashboards import marks
from dashboards.look import CLEAR, SMALL, colours
from dashboards.numbers import day_text, number, percent, share_text
from dashboards.values import Look, Mark

if TYPE_CHECKING:
    from dashboards.figures.burnup import Burnup

_BAND = {False: "rgba(35,69,155,0.14)", True: "rgba(154,184,255,0.18)"}
_NEAR_ALL = 0.85
_MIGRATED = Text("已迁移", "migrated")
_TOTAL = Text("总数", "total")
_FORETOLD = Text("预测（中位）", "forecast (median)")
_RANGE = Text("八成把握的范围", "80% range")
_NEEDED = Text("需要的速度", "pace needed")
_DEADLINE = Text("截止日 {day}", "deadline {day}")
_GOAL = Text("目标 {share}", "goal {share}")


def lines(data: Burnup, look: Look) -> list[go.Scatter]:
    its = colours(look)
    shown, fan = data.shown, data.foretold.fan
    traces = [
        _line(
            _TOTAL,
            look,
            [day.day for day in shown],
            [day.total for day in shown],
            {"color": its.line_strong, "width": 1.5},
            [f"{_day(d.day, data, look)}<br>{_say(_TOTAL, look)} {number(d.total)}" for d in shown],
        )
    ]
    if fan:
        traces += _fan(data, look)
    if data.needed is not None and data.deadline is not None:
        traces.append(
            _line(
                _NEEDED,
                look,
                [data.now.day, data.deadline],
                [data.now.migrated, data.foretold.goal],
                {"color": its.bad, "width": 1.5, "dash": "dot"},
                None,
            )
        )
    migrated = _line(
        _MIGRATED,
        look,
        [day.day for day in shown],
        [day.migrated for day in shown],
        {"color": its.accent, "width": 3},
        [
            f"{_day(day.day, data, look)}<br>{_say(_MIGRATED, look)} {number(day.migrated)} · "
            f"{percent(day.migrated, day.total)}"
            for day in shown
        ],
    )
    # Only today's figure has a list behind it.
    today = marks.written(Mark(counted=data.counted, state=AccountState.MIGRATED))
    migrated.customdata = ["" for _ in shown[:-1]] + [today]
    return [*traces, migrated]


def _fan(data: Burnup, look: Look) -> list[go.Scatter]:
    fan, its = data.foretold.fan, colours(look)
    days = [each.day for each in fan]
    floor = _line(_RANGE, look, days, [f.low for f in fan], {"width": 0, "color": CLEAR}, None)
    floor.showlegend = False
    band = _line(_RANGE, look, days, [f.high for f in fan], {"width": 0, "color": CLEAR}, None)
    band.fill, band.fillcolor = "tonexty", _BAND[look.dark]
    middle = _line(
        _FORETOLD,
        look,
        days,
        [f.middle for f in fan],
        {"color": its.accent, "width": 2, "dash": "dash"},
        [
            f"{_day(f.day, data, look)}<br>{_say(_FORETOLD, look)} {number(f.middle)}"
            f"<br>{number(f.low)}–{number(f.high)}"
            for f in fan
        ],
    )
    return [floor, band, middle]


def _line(
    name: Text,
    look: Look,
    x: list[date],
    y: list[int],
    line: dict[str, Any],
    hovers: list[str] | None,
) -> go.Scatter:
    return go.Scatter(
        name=_say(name, look),
        mode="lines",
        x=[day.isoformat() for day in x],  # as dates each is asked what it is when it is sent
        y=y,
        line=line,
        hovertext=hovers,
        hoverinfo="text" if hovers else "skip",
    )


def marked_lines(
    data: Burnup, end: date, look: Look
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The goal and the deadline, each named where it is."""
    its = colours(look)
    goal = data.foretold.goal
    shapes = [
        {
            "type": "line",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "y0": goal,
            "y1": goal,
            "line": {"width": 1, "dash": "dot", "color": its.line_strong},
        }
    ]
    font = {"size": SMALL, "color": its.ink_soft}
    said = _GOAL.format(share=share_text(data.share))
    notes: list[dict[str, Any]] = [
        {
            "text": f"{_say(said, look)} · {number(goal)}",
            "xref": "paper",
            "x": 0,
            "xanchor": "left",
            "xshift": 72,  # beside the numbers of the axis
            "y": goal,
            # Near the total's line there is more room below.
            "yanchor": "top" if data.share > _NEAR_ALL else "bottom",
            "showarrow": False,
            "font": font,
        }
    ]
    if data.deadline is not None and data.shown[0].day < data.deadline <= end:
        shapes.append(
            {
                "type": "line",
                "yref": "paper",
                "x0": data.deadline,
                "x1": data.deadline,
                "y0": 0,
                "y1": 1,
                "line": {"width": 1.5, "color": its.ink_soft},
            }
        )
        said = _DEADLINE.format(day=day_text(data.deadline, data.now.day))
        notes.append(
            {
                "text": _say(said, look),
                "x": data.deadline,
                "xanchor": "right",
                "yref": "paper",
                "y": 0.02,
                "yanchor": "bottom",
                "xshift": -4,
                "showarrow": False,
                "font": font,
            }
        )
    return shapes, notes


def ticks(first: date, last: date, look: Look) -> tuple[list[date], list[str]]:
    """A few days in the words of the language; no locale file is needed for them."""
    long = max(1, (last - first).days)
    most = 3 if look.narrow else 6
    step = max(1, round(long / most / 7) * 7 if long > 7 * most else round(long / most))
    days = [first + timedelta(days=at) for at in range(0, long + 1, step)]
    texts = [day_text(b, a) for a, b in zip([first, *days], days, strict=False)]
    return days, [text.in_language(look.language) for text in texts]


def _day(day: date, data: Burnup, look: Look) -> str:
    return f"<b>{_say(day_text(day, data.now.day), look)}</b>"


def _say(text: Text, look: Look) -> str:
    return text.in_language(look.language)
