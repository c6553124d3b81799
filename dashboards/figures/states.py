"""Bars of the four states: in all charts the same order, colours and patterns."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from admin_app.migration.vocabulary import AccountState
from dashboards import marks
from dashboards.look import SMALL, Fill, colours, safe
from dashboards.numbers import number, percent
from dashboards.values import Look, Mark

ORDER = (
    AccountState.MIGRATED,
    AccountState.IN_PROGRESS,
    AccountState.STUCK,
    AccountState.NOT_STARTED,
)
Standing = dict[AccountState, int]


def total_of(standing: Standing) -> int:
    return sum(standing.get(state, 0) for state in ORDER)


def bars(
    standings: Sequence[tuple[str, Standing, Mark | None]],
    middles: Sequence[float],
    width: float,
    look: Look,
) -> list[go.Bar]:
    """One bar a standing, the whole of it 100 %; a click on a state leads to who is in it."""
    return [_bars_of(state, standings, middles, width, look) for state in ORDER]


def _bars_of(
    state: AccountState,
    standings: Sequence[tuple[str, Standing, Mark | None]],
    middles: Sequence[float],
    width: float,
    look: Look,
) -> go.Bar:
    label = state.label.in_language(look.language)
    shares, texts, hovers, data = [], [], [], []
    for name, standing, mark in standings:
        total, value = total_of(standing), standing.get(state, 0)
        shares.append(100 * value / total if total else 0)
        texts.append(percent(value, total) if value else "")
        hovers.append(f"<b>{safe(name)}</b><br>{label} {number(value)} · {percent(value, total)}")
        data.append(marks.written(_in_state(mark, state)))
    return go.Bar(
        name=label,
        orientation="h",
        x=shares,
        y=list(middles),
        width=width,
        marker=filled(colours(look).states[state], look),
        text=texts,
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        textfont={"size": SMALL, "color": colours(look).states[state].text},
        constraintext="inside",
        hovertext=hovers,
        hoverinfo="text",
        customdata=data,
    )


def filled(fill: Fill, look: Look) -> dict[str, Any]:
    """A surface with its pattern; a thin gap sets neighbours apart."""
    return {
        "color": fill.colour,
        "line": {"width": 1.5, "color": colours(look).surface},
        "pattern": {
            "shape": fill.shape,
            "fgcolor": fill.lines,
            "fillmode": "overlay",
            "size": 7,
            "solidity": 0.2,
        },
    }


def _in_state(mark: Mark | None, state: AccountState) -> Mark | None:
    if mark is None:
        return None
    return Mark(counted=mark.counted, state=state, unit_id=mark.unit_id, region=mark.region)
