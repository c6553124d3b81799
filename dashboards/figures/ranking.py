"""Departments or regions side by side, each within its size, with how surely its share is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import plotly.graph_objects as go

from admin_app.migration.counts import Counted
from admin_app.rollups.vocabulary import Part
from admin_app.wording import Text
from dashboards import marks
from dashboards.figures.rows import Rows, Words, laid_out
from dashboards.look import colours, drawn, safe, sentence_alone
from dashboards.numbers import number, percent, share_text
from dashboards.statistics.places import BORDERS, Place, Position, ranked, size_text
from dashboards.values import Look, Mark, Row, Table

HEADING = Text("同规模比一比", "Ranked within the same size")
DEFINITION = Text(
    "已迁移的占比，附 95% 威尔逊区间。只在同一规模内比较，规模按总数分为：不到 100、100–999、"
    "1,000–9,999、10,000 以上。同一规模内按区间下限排列，所以数量少而碰巧高的不会排到最前。竖线是"
    "该规模合计的占比；整个区间都在竖线一侧的，才称为明显领先或落后。",
    "The share migrated, with its 95 % Wilson interval. Compared within the same size only, by "
    "total: under 100, 100–999, 1,000–9,999, 10,000 and more. Within a size the order is that of "
    "the interval's lower end, so that a small one isn't first by chance. The upright line is the "
    "share of the whole size; clearly ahead or behind is what lies on one side of it with its "
    "whole interval.",
)
_NOTHING = Text("这里没有可以比较的。", "There is nothing here to compare.")


class Ranked(Enum):
    DEPARTMENTS = "departments"
    REGIONS = "regions"

    @property
    def label(self) -> Text:
        departments = self is Ranked.DEPARTMENTS
        return Text("主管部门", "departments") if departments else Text("地区", "regions")


@dataclass(frozen=True, slots=True)
class Ranking:
    counted: Counted
    by: Ranked
    parts: Sequence[Part]

    @property
    def places(self) -> list[Place]:
        """The largest size first; within one the best first."""
        return ranked(self.parts)

    def mark(self, part: Part) -> Mark | None:
        if part.unit_id is not None:
            return Mark(counted=self.counted, unit_id=part.unit_id)
        return Mark(counted=self.counted, region=part.region) if part.region else None


def figure(data: Ranking, look: Look) -> go.Figure:
    places = data.places
    if not places:
        return sentence_alone(_NOTHING, look)
    words = [
        Words(
            title=place.part.name,
            figure=percent(place.part.migrated, place.part.total),
            heading=size_text(place.least).in_language(look.language)
            if not at or place.least != places[at - 1].least
            else "",
        )
        for at, place in enumerate(places)
    ]
    rows = laid_out(words, look)
    traces = [
        _points(position, places, data, rows, look)
        for position in Position
        if any(place.position is position for place in places)
    ]
    return drawn(
        look,
        traces,
        rows.height + 64,
        xaxis={
            "range": [-1, 101],
            "tickvals": [0, 50, 100],
            "ticktext": ["0%", "50%", "100%"],
            "showgrid": True,
        },
        yaxis=rows.axis,
        annotations=rows.annotations,
        shapes=_size_lines(places, rows, look),
        margin={"t": 40, "b": 24, "l": 14, "r": 20},
    )


def finding(data: Ranking) -> Text:
    places = data.places
    if not places:
        return _NOTHING
    ahead = [p for p in places if p.position is Position.AHEAD]
    behind = [p for p in places if p.position is Position.BEHIND]
    if behind:
        last = min(behind, key=lambda p: p.interval.high - p.of_size)
        return Text(
            "同规模相比，{n} 个明显落后；差得最多的是{name}，{share}（同规模 {of}）",
            "{n} clearly behind others of their size; furthest {name}, {share} (its size: {of})",
        ).format(
            n=len(behind),
            name=last.part.name,
            share=percent(last.part.migrated, last.part.total),
            of=share_text(last.of_size),
        )
    if ahead:
        return Text(
            "同规模相比没有明显落后的，{n} 个明显领先",
            "None clearly behind others of their size; {n} clearly ahead",
        ).format(n=len(ahead))
    return Text("同规模相比，没有明显的差别", "No clear differences within the same size")


def table(data: Ranking) -> Table:
    return Table(
        (
            data.by.label,
            Text("规模", "size"),
            Text("总数", "total"),
            Text("已迁移", "migrated"),
            Text("占比", "share"),
            Text("区间下限", "interval from"),
            Text("区间上限", "interval to"),
            Text("同规模相比", "beside its size"),
        ),
        tuple(
            Row(
                (
                    place.part.name,
                    size_text(place.least),
                    place.part.total,
                    place.part.migrated,
                    percent(place.part.migrated, place.part.total),
                    share_text(place.interval.low),
                    share_text(place.interval.high),
                    place.position.label,
                ),
                data.mark(place.part),
            )
            for place in data.places
        ),
    )


def _points(
    position: Position, places: list[Place], data: Ranking, rows: Rows, look: Look
) -> go.Scatter:
    its = colours(look)
    colour, symbol = {
        Position.AHEAD: (its.accent, "triangle-up"),
        Position.ALIKE: (its.ink_soft, "circle"),
        Position.BEHIND: (its.bad, "diamond"),
    }[position]
    chosen = [(at, p) for at, p in enumerate(places) if p.position is position]
    return go.Scatter(
        name=position.label.in_language(look.language),
        mode="markers",
        x=[100 * p.share for _, p in chosen],
        y=[rows.middles[at] for at, _ in chosen],
        marker={"size": 11, "color": colour, "symbol": symbol},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [100 * (p.interval.high - p.share) for _, p in chosen],
            "arrayminus": [100 * (p.share - p.interval.low) for _, p in chosen],
            "thickness": 2,
            "width": 4,
            "color": colour,
        },
        cliponaxis=False,
        hovertext=[_hover(p, look) for _, p in chosen],
        hoverinfo="text",
        customdata=[marks.written(data.mark(p.part)) for _, p in chosen],
    )


def _hover(place: Place, look: Look) -> str:
    part, low, high = place.part, *place.interval
    return (
        f"<b>{safe(part.name)}</b><br>{percent(part.migrated, part.total)} · "
        f"{number(part.migrated)} / {number(part.total)}<br>95%: {share_text(low)}–"
        f"{share_text(high)}<br>{place.position.label.in_language(look.language)}"
    )


def _size_lines(places: list[Place], rows: Rows, look: Look) -> list[dict[str, object]]:
    """Each row's track, and for a size with something to compare the share of its whole."""
    its = colours(look)
    lines = [_shape(0, 100, middle, middle, its.line, 1) for middle in rows.middles]
    for least in BORDERS:
        at = [row for row, place in enumerate(places) if place.least == least]
        if len(at) < 2:
            continue
        share = 100 * places[at[0]].of_size
        for row in at:
            middle, half = rows.middles[row], rows.bar / 2
            lines.append(_shape(share, share, middle - half, middle + half, its.line_strong, 2))
    return lines


def _shape(
    x0: float, x1: float, y0: float, y1: float, colour: str, width: int
) -> dict[str, object]:
    line = {"color": colour, "width": width}
    return {"type": "line", "layer": "below", "x0": x0, "x1": x1, "y0": y0, "y1": y1, "line": line}
