"""Why they are stuck: the most frequent first, how long already, and who must act."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import plotly.graph_objects as go

from admin_app.migration.blockers import Blocker
from admin_app.migration.counts import Counted
from admin_app.migration.vocabulary import AccountState
from admin_app.rollups.vocabulary import AGE_BANDS, BlockerCount
from admin_app.wording import Text
from dashboards import marks
from dashboards.figures.rows import Words, begun, laid_out
from dashboards.look import colours, drawn, safe, sentence_alone
from dashboards.numbers import day_text, days_long, number, percent, quantity
from dashboards.values import Look, Mark, Row, Table

HEADING = Text("为什么卡住", "Why they are stuck")
DEFINITION = Text(
    "当前处于“卡住”的数量，按卡点排列，多的在前；“累计”是到这一行为止占全部卡住的比例。颜色按卡住"
    "的天数分段（北京时间，从进入该卡点那天算起）。须由谁办理、找哪一方，以卡点目录为准。",
    "How many are stuck now, by reason, the most frequent first; “together” is the share of all "
    "stuck down to that row. The colours are bands of days since they came to be stuck for that "
    "reason (China time). Who must act, and at which desk, is what the catalogue of blockers says.",
)
_NOBODY = Text("没有卡住的", "Nobody is stuck")


@dataclass(frozen=True, slots=True)
class Blockers:
    """The most frequent first."""

    counted: Counted
    shown: Sequence[BlockerCount]
    today: date

    @property
    def total(self) -> int:
        return sum(each.number for each in self.shown)

    def down_to(self, at: int) -> int:
        return sum(each.number for each in self.shown[: at + 1])

    def mark(self, blocker: Blocker) -> Mark:
        return Mark(counted=self.counted, state=AccountState.STUCK, blocker=blocker)


def figure(data: Blockers, look: Look) -> go.Figure:
    if not data.total:
        return sentence_alone(_NOBODY, look)
    words = [_words(data, at, look) for at in range(len(data.shown))]
    rows = laid_out(words, look)
    its = colours(look)
    bars = [
        go.Bar(
            name=band_text(at).in_language(look.language),
            orientation="h",
            x=[each.bands[at] for each in data.shown],
            y=list(rows.middles),
            width=rows.bar,
            marker={"color": its.ages[at], "line": {"width": 1, "color": its.surface}},
            hovertext=[
                f"<b>{safe(words[row].title)}</b><br>"
                f"{band_text(at).in_language(look.language)} · {number(each.bands[at])}"
                f"<br>{words[row].note}"
                for row, each in enumerate(data.shown)
            ],
            hoverinfo="text",
            customdata=[marks.written(data.mark(each.blocker)) for each in data.shown],
        )
        for at in range(len(AGE_BANDS))
    ]
    return drawn(
        look,
        bars,
        rows.height + 40,
        xaxis={"visible": False, "range": [0, max(each.number for each in data.shown)]},
        yaxis=rows.axis,
        annotations=rows.annotations,
        margin={"t": 40, "b": 0},
    )


def finding(data: Blockers) -> Text:
    if not data.total:
        return _NOBODY
    most = data.shown[0]
    oldest = min(each.oldest for each in data.shown)
    return Text(
        "{all}卡住，其中“{reason}”占 {share}；最久的已卡 {days}",
        "{all} stuck, {share} of them: {reason}; the oldest for {days}",
    ).format(
        all=quantity(data.counted, data.total),
        reason=most.blocker.label,
        share=percent(most.number, data.total),
        days=days_long(_age(data, oldest)),
    )


def table(data: Blockers) -> Table:
    return Table(
        (
            Text("卡点", "reason"),
            Text("数量", "number"),
            Text("累计占比", "together"),
            Text("须由谁办理", "who must act"),
            Text("找哪一方", "desk"),
            *(band_text(at) for at in range(len(AGE_BANDS))),
            Text("最早", "since the earliest"),
        ),
        tuple(
            Row(
                (
                    each.blocker.label,
                    each.number,
                    percent(data.down_to(at), data.total),
                    each.blocker.advice.owner.label,
                    each.blocker.advice.desk.label,
                    *each.bands,
                    each.oldest,
                ),
                data.mark(each.blocker),
            )
            for at, each in enumerate(data.shown)
        ),
    )


def band_text(at: int) -> Text:
    first, last = AGE_BANDS[at]
    if last is None:
        return Text(f"{first - 1} 天以上", f"over {first - 1} days")
    return Text(f"{first}–{last} 天", f"{first}–{last} days")


def _age(data: Blockers, since: date) -> int:
    return max(0, (data.today - since).days)


def _words(data: Blockers, at: int, look: Look) -> Words:
    each = data.shown[at]
    short = Text(
        "{owner}办理 · 累计 {share} · 最久 {days}",
        "{owner} · {share} together · oldest {days}",
    )
    long = Text(
        "须由{owner}办理 · 累计 {share} · 最久 {days}（{since}起）",
        "{owner} must act · {share} together · oldest {days} (since {since})",
    )
    note = (short if look.narrow else long).format(
        owner=each.blocker.advice.owner.label,
        share=percent(data.down_to(at), data.total),
        days=days_long(_age(data, each.oldest)),
        since=day_text(each.oldest, data.today),
    )
    return Words(
        title=begun(each.blocker.label.in_language(look.language)),
        figure=number(each.number),
        note=note.in_language(look.language),
    )
