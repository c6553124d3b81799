"""Where they fall out on the way."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from admin_app.migration.counts import Counted
from admin_app.rollups.vocabulary import StageCount
from admin_app.wording import Text
from dashboards import marks
from dashboards.figures.rows import Rows, Words, begun, laid_out
from dashboards.look import colours, drawn, safe, sentence_alone
from dashboards.numbers import number, percent, quantity
from dashboards.values import Look, Mark, Row, Table

HEADING = Text("在哪一步停下", "Where they fall out")
DEFINITION = Text(
    "到达过某一步的数量；到达后一步的，必然到达过前面各步。选择自然人时按人计，其余都按企事业单位"
    "计。“停在前一步”是相邻两步之差：到了前一步、还没有到这一步的数量。",
    "How many have come at least as far as a step; whoever reached one has reached those before. "
    "Counted in persons for natural persons, in enterprises otherwise. Those left behind are the "
    "difference between two steps: they reached the former and not yet the latter.",
)
_NOTHING = Text("这里还没有导入原账号。", "No old accounts have been imported here yet.")


@dataclass(frozen=True, slots=True)
class Funnel:
    """The stages in their order."""

    counted: Counted
    stages: Sequence[StageCount]

    @property
    def of(self) -> Counted:
        """What is counted: persons, or for all else the enterprises concerned."""
        persons = self.counted is Counted.NATURAL_PERSONS
        return self.counted if persons else Counted.ENTERPRISES

    @property
    def first(self) -> int:
        return self.stages[0].number if self.stages else 0

    def left_at(self, at: int) -> int:
        """How many reached the stage before this one, and not this one."""
        return self.stages[at - 1].number - self.stages[at].number if at else 0

    def mark(self, at: int) -> Mark | None:
        """Those left behind before a stage: they stopped at the one before it."""
        if not self.left_at(at):
            return None
        return Mark(counted=self.of, stage=self.stages[at - 1].stage)

    @property
    def arrived(self) -> Mark:
        """Those at the end of the way; of the other stages no list holds who reached them."""
        return Mark(counted=self.of, stage=self.stages[-1].stage)


def figure(data: Funnel, look: Look) -> go.Figure:
    if not data.first:
        return sentence_alone(_NOTHING, look)
    words = [
        Words(
            title=begun(each.stage.label.in_language(look.language)),
            figure=f"{number(each.number)} · {percent(each.number, data.first)}",
            note=_left(data, at).in_language(look.language),
        )
        for at, each in enumerate(data.stages)
    ]
    rows = laid_out(words, look)
    worst = _worst(data)
    hovers = [f"<b>{safe(w.title)}</b><br>{w.figure}<br>{w.note}" for w in words]
    bar = go.Bar(
        orientation="h",
        x=[each.number for each in data.stages],
        y=list(rows.middles),
        width=rows.bar,
        marker={"color": colours(look).accent},
        hovertext=hovers,
        hoverinfo="text",
        customdata=[*[""] * (len(data.stages) - 1), marks.written(data.arrived)],
    )
    lost = [
        _lost(data, rows, hovers, look, of_worst=of_worst)
        for of_worst in (False, True)
        if not of_worst or worst is not None
    ]
    return drawn(
        look,
        [bar, *lost],
        rows.height,
        xaxis={"visible": False, "range": [0, data.first]},
        yaxis=rows.axis,
        annotations=rows.annotations,
        margin={"t": 0, "b": 0},
        showlegend=False,
    )


def _lost(data: Funnel, rows: Rows, hovers: list[str], look: Look, *, of_worst: bool) -> go.Bar:
    """Those left behind, at the worst step or at the others: a pattern has one colour a trace."""
    its, worst = colours(look), _worst(data)
    shown = [at for at in range(len(data.stages)) if (at == worst) is of_worst]
    return go.Bar(
        orientation="h",
        x=[data.left_at(at) for at in shown],
        y=[rows.middles[at] for at in shown],
        width=rows.bar,
        marker={
            "color": its.ages[1] if of_worst else its.line,
            "pattern": {
                "shape": "x" if of_worst else "/",
                "fgcolor": its.line_strong,
                "fillmode": "overlay",
                "size": 7,
                "solidity": 0.12,
            },
        },
        hovertext=[hovers[at] for at in shown],
        hoverinfo="text",
        customdata=[marks.written(data.mark(at)) for at in shown],
    )


def finding(data: Funnel) -> Text:
    worst = _worst(data)
    if not data.first:
        return _NOTHING
    if worst is None:
        return Text(
            "一步也没有人停下：{all}全部走完", "Nobody fell out: all {all} came through"
        ).format(all=quantity(data.of, data.first))
    return Text(
        "停下最多的一步：{n}还没有走到“{stage}”", "Most stop before “{stage}”: {n} are left there"
    ).format(n=quantity(data.of, data.left_at(worst)), stage=data.stages[worst].stage.label)


def table(data: Funnel) -> Table:
    return Table(
        (
            Text("步骤", "step"),
            Text("到达", "reached"),
            Text("占导入", "of those imported"),
            Text("停在前一步", "left behind before it"),
        ),
        tuple(
            Row(
                (each.stage.label, each.number, percent(each.number, data.first), data.left_at(at)),
                data.mark(at),
                linked=3,
            )
            for at, each in enumerate(data.stages)
        ),
    )


def _worst(data: Funnel) -> int | None:
    """The stage before which most stop; None if nobody does."""
    left = {at: data.left_at(at) for at in range(1, len(data.stages)) if data.left_at(at) > 0}
    return max(left, key=left.__getitem__) if left else None


def _left(data: Funnel, at: int) -> Text:
    if not at:
        return Text("", "")
    left = data.left_at(at)
    if not left:
        return Text("前一步的都走到了", "all of the step before")
    return Text("停在前一步的 {n}（{share}）", "{n} left behind ({share})").format(
        n=number(left), share=percent(left, data.stages[at - 1].number)
    )
