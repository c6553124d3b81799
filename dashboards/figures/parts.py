"""Where: a place and its parts, as large as they count and coloured by the share migrated.

An icicle made of bars, for the basic bundle of plotly.js has no trace for one. Who uses the
keyboard goes down through the table, whose rows lead to the same places.
"""

from dataclasses import dataclass

import plotly.graph_objects as go

from admin_app.migration.counts import Counted
from admin_app.migration.vocabulary import AccountState
from admin_app.rollups.vocabulary import Part, Parts, Place
from admin_app.wording import Text
from dashboards import marks
from dashboards.figures.states import ORDER, total_of
from dashboards.figures.tile_labels import label, short
from dashboards.look import (
    SMALL,
    broken,
    colours,
    drawn,
    lines_of,
    on_scale,
    room,
    safe,
    sentence_alone,
)
from dashboards.numbers import number, percent, quantity
from dashboards.values import Look, Mark, Row, Table

HEADING = Text("在哪里", "Where")
DEFINITION = Text(
    "所选范围直接下级的数量：面积按总数，颜色按已迁移的占比。只列最大的若干个，其余合并为“其他”。"
    "点一块进入该单位。",
    "The units directly below the place shown: as large as their total, coloured by the share "
    "migrated. The largest are shown, the rest together as “others”. A click goes down into one.",
)
EVERYTHING = Text("整个范围", "Everything in scope")
_DIRECTLY = Text("直属本级", "directly here")
_NOWHERE = Text("不属于任何单位", "without a unit")
_NOTHING = Text("这里下面没有单位，或没有要迁移的。", "No units below here, or nothing to migrate.")
_TOP, _GAP, _BELOW, _CAPTION = 52, 4, 250, 30  # pixels
_BELOW_NARROW = 460


@dataclass(frozen=True, slots=True)
class Icicle:
    counted: Counted
    place: Place
    parts: Parts

    @property
    def tiles(self) -> list[Part]:
        """What is shown, the largest first and the others last; what is empty has no tile."""
        shown = sorted(self.parts.shown, key=lambda part: (-part.total, part.name))
        others = [self.parts.others] if self.parts.others else []
        return [part for part in (*shown, *others) if part.total]

    @property
    def total(self) -> int:
        return sum(part.total for part in self.tiles)

    @property
    def migrated(self) -> int:
        return sum(part.migrated for part in self.tiles)

    def name(self, part: Part) -> Text:
        if part is self.parts.others and not self.parts.others_number:
            return _DIRECTLY if self.place.unit_id is not None else _NOWHERE
        if part is self.parts.others:
            n = number(self.parts.others_number)
            return Text(f"其他（{n}）", f"others ({n})")
        return Text(part.name, part.name)

    def mark(self, part: Part) -> Mark | None:
        if part is self.parts.others:
            return None
        if part.unit_id is None:
            return Mark(counted=self.counted, region=part.region) if part.region else None
        return Mark(counted=self.counted, unit_id=part.unit_id)

    @property
    def place_name(self) -> Text:
        return Text(self.place.name, self.place.name) if self.place.name else EVERYTHING


def figure(data: Icicle, look: Look) -> go.Figure:
    if not data.total:
        return sentence_alone(_NOTHING, look)
    below = _BELOW_NARROW if look.narrow else _BELOW
    height = _TOP + _GAP + below + _CAPTION
    top = _bar(
        look,
        share=data.migrated / data.total,
        orientation="v",
        base=[0],
        y=[_TOP],
        x=[data.total / 2],
        width=[data.total],
        text=[_place_label(data, look)],
        hovertext=[_hover(data.place_name, data.migrated, data.total, look)],
        customdata=[""],
    )
    return drawn(
        look,
        [top, *_tiles(data, look, below)],
        height,
        barmode="overlay",
        xaxis={"visible": False, "range": [0, data.total]},
        yaxis={"visible": False, "range": [height, 0]},
        annotations=[_caption(look, height)],
        margin={"t": 0, "b": 0},
        showlegend=False,
    )


def finding(data: Icicle) -> Text:
    tiles = [part for part in data.tiles if part is not data.parts.others]
    if not tiles:
        return _NOTHING
    if data.migrated == data.total:
        return Text("{place}：下级已全部迁移", "{place}: all below have migrated").format(
            place=data.place_name
        )
    left = max(tiles, key=lambda part: part.total - part.migrated)
    missing = left.total - left.migrated
    if not missing:
        return Text(
            "{place}已迁移 {share}，余下的都在其他单位",
            "{place}: {share} migrated; what is left lies with the others",
        ).format(place=data.place_name, share=percent(data.migrated, data.total))
    return Text(
        "{place}已迁移 {share}；{name}余下最多，还有 {left}",
        "{place}: {share} migrated; {name} has the most left, {left}",
    ).format(
        place=data.place_name,
        share=percent(data.migrated, data.total),
        name=left.name,
        left=quantity(data.counted, missing),
    )


def table(data: Icicle) -> Table:
    return Table(
        (
            Text("单位", "unit"),
            Text("总数", "total"),
            *(state.label for state in ORDER),
            Text("已迁移占比", "share migrated"),
        ),
        tuple(
            Row(
                (
                    data.name(part),
                    part.total,
                    *(part.by_state.get(state, 0) for state in ORDER),
                    percent(part.migrated, part.total),
                ),
                data.mark(part),
            )
            for part in data.tiles
        ),
    )


def _tiles(data: Icicle, look: Look, below: int) -> list[go.Bar]:
    """Side by side on a desk; one below the other on a telephone, where names need the width."""
    bars, used = [], 0
    names = [part.name for part in data.tiles if part is not data.parts.others]
    for part in data.tiles:
        size, start = part.total / data.total, used / data.total
        if look.narrow:
            place = {
                "base": [_TOP + _GAP + start * below],
                "y": [size * below],
                "x": [data.total / 2],
                "width": [data.total],
            }
            across, down = float(room(look)), size * below
        else:
            place = {
                "base": [_TOP + _GAP],
                "y": [below],
                "x": [used + part.total / 2],
                "width": [part.total],
            }
            across, down = size * room(look, whole=True), float(below)
        used += part.total
        name = data.name(part).in_language(look.language)
        share = percent(part.migrated, part.total)
        bars.append(
            _bar(
                look,
                share=part.migrated / part.total,
                orientation="v",
                text=[label(name, short(name, names), share, across, down, look)],
                hovertext=[_hover(data.name(part), part.migrated, part.total, look, part)],
                customdata=[marks.written(data.mark(part))],
                **place,
            )
        )
    return bars


def _bar(look: Look, share: float, **parts: object) -> go.Bar:
    colour, text = on_scale(share, look)
    return go.Bar(
        marker={"color": colour, "line": {"width": 2, "color": colours(look).surface}},
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        textfont={"size": SMALL, "color": text},
        constraintext="inside",
        hoverinfo="text",
        **parts,
    )


def _place_label(data: Icicle, look: Look) -> str:
    name = data.place_name.in_language(look.language)
    first = lines_of(name, SMALL, look, 1, room(look) - 20)
    return f"{broken(first)}<br>{percent(data.migrated, data.total)}"


def _hover(name: Text, migrated: int, total: int, look: Look, part: Part | None = None) -> str:
    zh = look.language != "en"
    of = f"{number(migrated)} / {number(total)}"
    lines = [
        f"<b>{safe(name.in_language(look.language))}</b>",
        f"{'已迁移' if zh else 'migrated'} {percent(migrated, total)} · {of}",
    ]
    if part is not None and total_of(part.by_state):
        stuck = part.by_state.get(AccountState.STUCK, 0)
        lines.append(f"{AccountState.STUCK.label.in_language(look.language)} {number(stuck)}")
    return "<br>".join(lines)


def _caption(look: Look, height: int) -> dict[str, object]:
    squares = "".join(f'<span style="color:{each}">■</span>' for each in colours(look).scale)
    migrated = Text("已迁移", "migrated").in_language(look.language)
    return {
        "text": f"{migrated}  0% {squares} 100%",
        "xref": "paper",
        "x": 1,
        "xanchor": "right",
        "yref": "y",
        "y": height,
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": SMALL, "color": colours(look).ink_soft},
    }
