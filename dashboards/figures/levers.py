"""Who next: where help now releases the most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import plotly.graph_objects as go

from admin_app.rollups.vocabulary import Lever, LeverKind
from admin_app.wording import Text
from dashboards import marks
from dashboards.figures.rows import Words, laid_out
from dashboards.look import colours, drawn, safe, sentence_alone
from dashboards.numbers import day_text, number
from dashboards.values import Look, Mark, Row, Table

HEADING = Text("先帮谁", "Who next")
DEFINITION = Text(
    "一位法定代表人的个人账号没有绑定，其名下企业都要等；一级单位没有管理员，其二级单位也要等。每行是"
    "当前解决这一处就能继续办理的企业数与二级单位数，多的在前。同一单位可能在两行中都出现，标题里的合计"
    "每个只算一次。不显示个人信息，本人见该单位的诊断页。",
    "While a legal representative's own account isn't bound, all of that person's enterprises "
    "wait; without an administrator at a first-level unit its secondary units wait. Each row: how "
    "many enterprises and secondary units can go on once this is solved, the most first. A unit "
    "may count in two rows, and counts once in the heading. No personal data: who it is stands in "
    "the unit's diagnosis.",
)
_NOBODY = Text("没有一处卡住别人", "Nobody holds up anybody else")
_NEXT = {
    LeverKind.PERSON: Text("法定代表人", "legal representative"),
    LeverKind.UNIT: Text("单位", "unit"),
}


@dataclass(frozen=True, slots=True)
class Levers:
    """The one that releases the most first.

    ``enterprises`` and ``secondary_units`` wait on any of them, each counted once; ``urged`` says
    when a unit was last urged.
    """

    shown: Sequence[Lever]
    enterprises: int = 0
    secondary_units: int = 0
    urged: Mapping[int, date] = field(default_factory=dict)


def figure(data: Levers, look: Look) -> go.Figure:
    shown = [each for each in data.shown if each.releases]
    if not shown:
        return sentence_alone(_NOBODY, look)
    words = [
        Words(
            title=each.unit_name,
            figure=number(each.releases),
            note=_note(each, data).in_language(look.language),
        )
        for each in shown
    ]
    rows = laid_out(words, look)
    its = colours(look)
    kinds = (
        (Text("企业", "enterprises"), [e.enterprises for e in shown], its.accent, ""),
        (
            Text("二级单位", "secondary units"),
            [e.secondary_units for e in shown],
            its.scale[1],
            "/",
        ),
    )
    bars = [
        go.Bar(
            name=label.in_language(look.language),
            orientation="h",
            x=numbers,
            y=list(rows.middles),
            width=rows.bar,
            marker={
                "color": colour,
                "line": {"width": 1, "color": its.surface},
                "pattern": {
                    "shape": shape,
                    "fgcolor": its.scale[2],
                    "fillmode": "overlay",
                    "size": 7,
                    "solidity": 0.2,
                },
            },
            hovertext=[
                f"<b>{safe(each.unit_name)}</b><br>"
                f"{label.in_language(look.language)} {number(numbers[at])}<br>{words[at].note}"
                for at, each in enumerate(shown)
            ],
            hoverinfo="text",
            customdata=[marks.written(Mark(listed_unit_id=each.unit_id)) for each in shown],
        )
        for label, numbers, colour, shape in kinds
    ]
    return drawn(
        look,
        bars,
        rows.height + 40,
        xaxis={"visible": False, "range": [0, max(each.releases for each in shown)]},
        yaxis=rows.axis,
        annotations=rows.annotations,
        margin={"t": 40, "b": 0},
    )


def finding(data: Levers) -> Text:
    number_of = len([each for each in data.shown if each.releases])
    if not number_of:
        return _NOBODY
    if number_of == 1:
        text = Text("有 1 处卡住了{held}", "One place holds up {held}")
    else:
        text = Text("有 {n} 处卡住了{held}", "{n} places hold up {held}")
    return text.format(n=number(number_of), held=_held(data))


def table(data: Levers) -> Table:
    return Table(
        (
            Text("单位", "unit"),
            Text("卡在谁", "who holds it up"),
            Text("卡点", "reason"),
            Text("下一步", "next step"),
            Text("企业", "enterprises"),
            Text("二级单位", "secondary units"),
            Text("上次督办", "last urged"),
        ),
        tuple(
            Row(
                (
                    each.unit_name,
                    _NEXT[each.kind],
                    each.blocker.label if each.blocker else None,
                    each.blocker.advice.step if each.blocker else None,
                    each.enterprises,
                    each.secondary_units,
                    data.urged.get(each.unit_id),
                ),
                Mark(listed_unit_id=each.unit_id),
            )
            for each in data.shown
        ),
    )


def _held(data: Levers) -> Text:
    enterprises, secondary = data.enterprises, data.secondary_units
    firms = Text(
        f" {enterprises:,} 家企业", f"{enterprises:,} enterprise{'' if enterprises == 1 else 's'}"
    )
    below = Text(
        f" {secondary:,} 个二级单位",
        f"{secondary:,} secondary unit{'' if secondary == 1 else 's'}",
    )
    if not secondary:
        return firms
    if not enterprises:
        return below
    return Text("{firms}和{below}", "{firms} and {below}").format(firms=firms, below=below)


def _note(each: Lever, data: Levers) -> Text:
    urged = data.urged.get(each.unit_id)
    if urged is None:
        return _why(each)
    return Text("{why} · {day}督办过", "{why} · urged on {day}").format(
        why=_why(each), day=day_text(urged)
    )


def _why(each: Lever) -> Text:
    who = _NEXT[each.kind]
    if each.blocker is None:
        return who
    return Text("{who}：{why}", "{who}: {why}").format(who=who, why=each.blocker.label)
