"""The service desk: what is open, what is overdue, and how long decided cases took."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import plotly.graph_objects as go

from admin_app.migration.counts import Counted
from admin_app.service_desk.case_figures import CaseCount, DeskFigures
from admin_app.service_desk.form_vocabulary import CaseKind
from admin_app.wording import Text
from dashboards import marks
from dashboards.figures.rows import Words, begun, laid_out
from dashboards.look import colours, drawn, safe, sentence_alone
from dashboards.numbers import day_text, number
from dashboards.values import Look, Mark, OnDesk, Row, Table

HEADING = Text("人工核实", "The service desk")
DEFINITION = Text(
    "未办结：已提交、核实中和待补充材料的人工核实申请。超期：过了办理期限仍未办结，等当事人补充材料"
    "期间不算。用时：从提交到通过或未通过之间的工作日（除去法定节假日），只算所选时间内办结的，取中位"
    "数；当事人撤回的不算。每件申请只算在一个“对象”里：涉及原个人账号的算自然人；涉及原单位账号的、法定"
    "代表人已变更的、企业的原单位账号有争议的算法定代表人；单位更名、信用代码变更、平台上没有本单位或企业"
    "的算企事业单位；管理员联系不上的、涉及原管理员账号和二级单位账号的算单位管理员。“地区”按申请所涉"
    "一级单位的统一社会信用代码，不涉及一级单位的算地区不明。已办结的算在办结时单位所属的部门和地区。",
    "Open: cases filed, in review or waiting for evidence. Overdue: past the day they were to be "
    "decided by; while the person is asked for something the clock stands still. Time: working "
    "days (without public holidays) from filing to approval or refusal, of those decided within "
    "the period chosen, as a median; what people withdrew isn't counted. Each case counts with "
    "one kind: with natural persons if it is about an old personal account; with legal "
    "representatives if about an old unit account, a representative who has changed, or an "
    "enterprise whose old account is disputed; with enterprises if a unit was renamed, its credit "
    "code changed, or the platform lacks it; with unit administrators if one can't be reached, or "
    "if about an old administrator's or secondary unit's account. The region is that of the "
    "credit code of the first-level unit concerned; without one it is unknown. A decided case "
    "counts in the department and region where its unit stood then.",
)
ABOUTS = Text("对象", "about")
KINDS = Text("事项", "kind")
DEPARTMENTS = Text("主管部门", "department")
_HEADINGS = {
    ABOUTS: Text("按对象", "by what they are about"),
    KINDS: Text("{about}：按事项", "{about}: by kind"),
    DEPARTMENTS: Text("{about}：按主管部门", "{about}: by department"),
}
_ANYTHING = Text("全部对象", "about anything")
_NOBODY = Text("没有人工核实申请", "No cases")
_NONE_ABOUT = Text(
    "没有涉及{about}的申请；全部对象：{now}", "No cases about {about}; about anything: {now}"
)
_OTHERS = Text("；其他对象另有 {n} 件未办结", "; {n} more open about other things")
_CHOSEN = Text("{about}（所选）", "{about} (chosen)")
_ROWS_MOST = 6  # of departments in the chart; the table has them all


@dataclass(frozen=True, slots=True)
class Cases:
    """The desk's figures; ``first`` and ``last`` are the period in which cases were decided."""

    counted: Counted
    desk: DeskFigures
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class _Row:
    group: Text
    name: Text
    count: CaseCount
    about: Counted | None = None
    kind: CaseKind | None = None
    unit_id: int | None = None
    of_any: bool = False  # what they are about isn't told apart

    def mark(self, which: OnDesk) -> Mark:
        which = which.of_any if self.of_any else which
        return Mark(counted=self.about, case_kind=self.kind, unit_id=self.unit_id, on_desk=which)


def figure(data: Cases, look: Look) -> go.Figure:
    rows = [*_abouts(data), *_kinds(data), *_departments(data)[:_ROWS_MOST]]
    if not rows:
        return sentence_alone(_NOBODY, look)
    words = [_words(data.desk.about, rows, at, look) for at in range(len(rows))]
    laid = laid_out(words, look)
    its = colours(look)
    parts = (
        (OnDesk.OVERDUE, Text("超期", "overdue"), its.ages[2], [r.count.overdue for r in rows]),
        (
            OnDesk.OPEN,
            Text("未超期", "in time"),
            its.scale[2],
            [r.count.open - r.count.overdue for r in rows],
        ),
    )
    bars = [
        go.Bar(
            name=label.in_language(look.language),
            orientation="h",
            x=numbers,
            y=list(laid.middles),
            width=laid.bar,
            marker={
                "color": colour,
                "line": {"width": 1, "color": its.surface},
                "pattern": {
                    "shape": "/" if which is OnDesk.OVERDUE else "",
                    "fgcolor": its.ages[3],
                    "fillmode": "overlay",
                    "size": 7,
                    "solidity": 0.2,
                },
            },
            hovertext=[
                f"<b>{safe(words[at].title)}</b><br>"
                f"{label.in_language(look.language)} {number(numbers[at])}<br>{words[at].note}"
                for at in range(len(rows))
            ],
            hoverinfo="text",
            customdata=[marks.written(row.mark(which)) for row in rows],
        )
        for which, label, colour, numbers in parts
    ]
    return drawn(
        look,
        bars,
        laid.height + 40,
        xaxis={"visible": False, "range": [0, max(1, *(row.count.open for row in rows))]},
        yaxis=laid.axis,
        annotations=laid.annotations,
        margin={"t": 40, "b": 0},
    )


def finding(data: Cases) -> Text:
    whole, all_of_them = data.desk.whole, data.desk.abouts.values()
    if not all_of_them:
        return _NOBODY
    opened = sum(each.open for each in all_of_them)
    late = sum(each.overdue for each in all_of_them)
    if whole.is_nothing:
        return _NONE_ABOUT.format(about=data.counted.label, now=_now(opened, late))
    others = opened - whole.open
    now = _now(whole.open, whole.overdue)
    return Text("{now}；{decided}{more}", "{now}; {decided}{more}").format(
        now=Text(now.zh, begun(now.en)),
        decided=_decided(whole),
        more=_OTHERS.format(n=number(others)) if others else Text("", ""),
    )


def table(data: Cases) -> Table:
    rows = [*_abouts(data), *_kinds(data), *_departments(data)]
    period = Text("{first}至{last}办结", "decided {first} to {last}").format(
        first=day_text(data.first), last=day_text(data.last)
    )
    return Table(
        (
            Text("按", "by"),
            Text("名称", "name"),
            Text("未办结", "open"),
            Text("其中超期", "of them overdue"),
            period,
            Text("用时中位数（工作日）", "median time (working days)"),
        ),
        tuple(
            Row(
                (
                    row.group,
                    row.name,
                    row.count.open,
                    row.count.overdue,
                    row.count.decided,
                    None if row.count.median is None else days_of(row.count.median),
                ),
                row.mark(OnDesk.OPEN) if row.count.open else None,
                linked=1,
            )
            for row in rows
        ),
    )


def days_of(median: float) -> str:
    """Working days without a needless decimal: 3, 3.5."""
    return f"{median:.1f}".removesuffix(".0")


def _now(opened: int, late: int) -> Text:
    if not opened:
        return Text("没有未办结的申请", "no case is open")
    if late:
        now = Text("{open} 件未办结，其中 {late} 件超期", "{open} open, {late} of them overdue")
        return now.format(open=number(opened), late=number(late))
    return Text("{open} 件未办结，没有超期", "{open} open, none overdue").format(
        open=number(opened)
    )


def _abouts(data: Cases) -> list[_Row]:
    """Every kind of thing there are cases about, the chosen one first."""
    found = sorted(data.desk.abouts.items(), key=lambda each: each[0] is not data.counted)
    return [
        _Row(
            ABOUTS,
            _CHOSEN.format(about=about.label) if about is data.counted else about.label,
            count,
            about=about,
        )
        for about, count in found
    ]


def _kinds(data: Cases) -> list[_Row]:
    of_any = data.desk.about is None
    return [
        _Row(KINDS, kind.label, count, kind=kind, of_any=of_any)
        for kind, count in data.desk.kinds.items()
    ]


def _departments(data: Cases) -> list[_Row]:
    return [
        _Row(
            DEPARTMENTS,
            Text(each.name, each.name),
            each.count,
            unit_id=each.unit_id,
            of_any=data.desk.about is None,
        )
        for each in data.desk.departments
    ]


def _words(about: Counted | None, rows: Sequence[_Row], at: int, look: Look) -> Words:
    row = rows[at]
    begins = at == 0 or rows[at - 1].group is not row.group
    heading = _HEADINGS[row.group].format(about=about.label if about else _ANYTHING)
    note = Text("{late}{decided}", "{late}{decided}").format(
        late=Text("超期 {n} · ", "{n} overdue · ").format(n=number(row.count.overdue))
        if row.count.overdue
        else "",
        decided=_decided_shortly(row.count),
    )
    name = row.name.in_language(look.language)
    return Words(
        title=begun(name) if row.unit_id is None else name,
        figure=number(row.count.open),
        note=note.in_language(look.language),
        heading=begun(heading.in_language(look.language)) if begins else "",
    )


def _decided_shortly(count: CaseCount) -> Text:
    if count.median is None:
        return Text("没有办结的", "none decided")
    return Text(
        "办结 {n} 件，中位数 {days} 个工作日", "{n} decided, median {days} working {unit}"
    ).format(
        n=number(count.decided),
        days=days_of(count.median),
        unit="day" if count.median == 1 else "days",
    )


def _decided(count: CaseCount) -> Text:
    if count.median is None:
        return Text("这段时间没有办结的", "none decided in this period")
    return Text(
        "这段时间办结 {n} 件，用时中位数 {days} 个工作日",
        "{n} decided in this period, in a median of {days} working {unit}",
    ).format(
        n=number(count.decided),
        days=days_of(count.median),
        unit="day" if count.median == 1 else "days",
    )
