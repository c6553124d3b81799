"""Is it on track: migrated day by day, what is to be expected, and what pace the deadline asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

import plotly.graph_objects as go

from admin_app.migration.counts import Counted
from admin_app.rollups.vocabulary import DayFigures
from admin_app.wording import Text
from dashboards.figures.burnup_lines import lines, marked_lines, ticks
from dashboards.look import drawn, sentence_alone
from dashboards.numbers import day_text, days_long, number, percent, share_text
from dashboards.statistics.forecast import DayCount, Forecast, Outlook, forecast
from dashboards.values import Look, Row, Table

HEADING = Text("能不能按期完成", "Is it on track")
DEFINITION = Text(
    "每日结束时累计已迁移的数量（北京时间）。目标是总数的一个比例，因为有些账号永远不会有人来认领。"
    "预测只用已有的每日数字：余下的人中有一部分会来，来的快慢按近六周估计；浅色带是八成把握的范围，"
    "虚线是中位。预测不知道将来的督办、节假日和新的导入。“近来”是最近 14 天的日均；“需要”是从今天到"
    "截止日每天须迁移的数量。",
    "How many had migrated by the end of each day (China time). The goal is a share of all, for "
    "some accounts will never be claimed. The forecast uses the daily figures alone: a part of "
    "those who remain will come, as fast as the last six weeks suggest; the pale band holds the "
    "truth eight times out of ten, the dashed line is the median. It knows nothing of "
    "campaigns, holidays and imports to come. “Of late” is the mean of the last 14 days; "
    "“needed” is how many a day it takes from today to the deadline.",
)
GOAL = 0.95
_OF_LATE = 14  # days
_LONGEST = timedelta(days=180)
_NOTHING = Text("这段时间还没有数据。", "No figures for this period yet.")


@dataclass(frozen=True, slots=True)
class Burnup:
    """``days``: all that is known, for the forecast, oldest first; shown is what is from ``first``.

    Build it with ``burnup``.
    """

    counted: Counted
    days: Sequence[DayFigures]
    foretold: Forecast
    share: float
    deadline: date | None
    first: date | None

    @property
    def shown(self) -> list[DayFigures]:
        return [day for day in self.days if self.first is None or day.day >= self.first]

    @property
    def now(self) -> DayFigures:
        return self.days[-1]

    @property
    def of_late(self) -> float:
        """Migrated a day, over the last two weeks."""
        before = self.days[max(0, len(self.days) - 1 - _OF_LATE)]
        long = (self.now.day - before.day).days
        return (self.now.migrated - before.migrated) / long if long else 0.0

    @property
    def needed(self) -> int | None:
        """A day, from today on, to reach the goal in time; None without time or need."""
        if not self.days or self.deadline is None or self.deadline <= self.now.day:
            return None
        missing = self.foretold.goal - self.now.migrated
        return ceil(missing / (self.deadline - self.now.day).days) if missing > 0 else None


def burnup(
    counted: Counted,
    days: Sequence[DayFigures],
    deadline: date | None = None,
    first: date | None = None,
    share: float = GOAL,
) -> Burnup:
    """All the chart says. ``days`` should reach back six weeks or more, whatever is shown."""
    counts = [DayCount(day.day, day.migrated, day.total) for day in days]
    until = None
    if deadline is not None and days and deadline > days[-1].day:
        now = days[-1].day
        until = min(max(deadline, now + timedelta(days=14)), now + _LONGEST)
    return Burnup(counted, days, forecast(counts, share, deadline, until), share, deadline, first)


def figure(data: Burnup, look: Look) -> go.Figure:
    if not data.shown or not data.now.total:
        return sentence_alone(_NOTHING, look)
    start = data.shown[0].day
    end = max(day for day in (data.now.day, *(f.day for f in data.foretold.fan)))
    if data.deadline is not None and data.deadline > start:
        end = max(end, min(data.deadline, data.now.day + _LONGEST))
    values, texts = ticks(start, end, look)
    shapes, notes = marked_lines(data, end, look)
    most = max(day.total for day in data.shown)
    return drawn(
        look,
        lines(data, look),
        340 if look.narrow else 380,
        xaxis={
            "range": [start, end + (end - start) * 0.02],
            "tickvals": values,
            "ticktext": texts,
            "showline": True,
        },
        yaxis={
            "range": [0, most * 1.12],
            "showgrid": True,
            "tickformat": ",d",
            "ticklabelposition": "inside top",
            "nticks": 5,
        },
        shapes=shapes,
        annotations=notes,
        margin={"t": 56 if look.narrow else 40, "b": 28},
    )


def finding(data: Burnup) -> Text:
    if not data.days or not data.now.total:
        return _NOTHING
    migrated, total = data.now.migrated, data.now.total
    if migrated == total:
        return Text("已全部迁移", "All have migrated")
    values: dict[str, object] = {
        "share": percent(migrated, total),
        "goal": share_text(data.share),
        "when": _when(data),
        "chance": _chance(data),
    }
    return {
        Outlook.REACHED: Text("已迁移 {share}，{when}", "{share} migrated; {when}"),
        Outlook.TOO_LITTLE: Text(
            "已迁移 {share}；数据还太少，暂时说不准何时完成",
            "{share} migrated; too few figures yet to say when it will be done",
        ),
        Outlook.EXPECTED: Text(
            "已迁移 {share}；{when}{chance}", "{share} migrated; {when}{chance}"
        ),
        Outlook.UNLIKELY: Text(
            "已迁移 {share}；照近来的走势，一年内多半到不了 {goal}{chance}",
            "{share} migrated; at the pace of late, {goal} is unlikely within a year{chance}",
        ),
    }[data.foretold.outlook].format(**values)


def pace(data: Burnup) -> Text:
    """What the deadline asks a day, beside the pace of late."""
    if not data.days or not data.now.total:
        return _NOTHING
    values: dict[str, object] = {
        "late": number(round(data.of_late)),
        "goal": share_text(data.share),
        "needed": number(data.needed or 0),
    }
    if data.deadline is not None:
        values["deadline"] = day_text(data.deadline, data.now.day)
        left = (data.deadline - data.now.day).days
        values["left"] = days_long(max(0, left))
    if data.needed is not None:
        return Text(
            "近来每天 {late}；要在{deadline}前（还有 {left}）达到 {goal}，每天需要 {needed}",
            "{late} a day of late; {goal} by {deadline} ({left} left) needs {needed} a day",
        ).format(**values)
    if data.deadline is not None and data.foretold.outlook is not Outlook.REACHED:
        return Text(
            "近来每天 {late}；截止日{deadline}已到，尚未达到 {goal}",
            "{late} a day of late; the deadline, {deadline}, has come without {goal}",
        ).format(**values)
    return Text("近来每天 {late}", "{late} a day of late").format(**values)


def table(data: Burnup) -> Table:
    """The days, then what is foretold."""
    before = {b.day: a.migrated for a, b in zip(data.days, data.days[1:], strict=False)}
    known = [
        Row(
            (
                day.day,
                day.migrated,
                percent(day.migrated, day.total),
                day.migrated - before[day.day] if day.day in before else None,
                day.total,
                None,
                None,
            )
        )
        for day in data.shown
    ]
    foretold = [
        Row(
            (
                fan.day,
                fan.middle,
                percent(fan.middle, data.now.total),
                None,
                None,
                fan.low,
                fan.high,
            )
        )
        for fan in data.foretold.fan[1:]
    ]
    return Table(
        (
            Text("日期", "day"),
            Text("已迁移（今后：中位预测）", "migrated (to come: median)"),
            Text("占比", "share"),
            Text("当日新增", "new that day"),
            Text("总数", "total"),
            Text("预测下限", "at least"),
            Text("预测上限", "at most"),
        ),
        (*known, *foretold),
    )


def _when(data: Burnup) -> Text:
    said, today = data.foretold, data.now.day
    goal = share_text(data.share)
    if said.outlook is Outlook.REACHED and said.middle is not None:
        return Text("{day}已达到 {goal}", "{goal} reached on {day}").format(
            day=day_text(said.middle, today), goal=goal
        )
    if said.middle is None or said.first is None:
        return Text("", "")
    values = {
        "goal": goal,
        "day": day_text(said.middle, today),
        "first": day_text(said.first, today),
    }
    if said.last is None:
        return Text(
            "预计{day}前后达到 {goal}，最早{first}，最晚说不准",
            "{goal} expected about {day}, {first} at the earliest, the latest can't be said",
        ).format(**values)
    return Text(
        "预计{day}前后达到 {goal}（八成把握：{first}至{last}）",
        "{goal} expected about {day} (80% sure: {first} to {last})",
    ).format(**values, last=day_text(said.last, today))


def _chance(data: Burnup) -> Text:
    """In steps of five: more would be pretended."""
    chance = data.foretold.by_deadline
    if chance is None or data.deadline is None or data.deadline <= data.now.day:
        return Text("", "")
    rounded = round(chance * 20) * 5
    said = Text(f"约 {rounded}%", f"about {rounded}%")
    if rounded < 5:
        said = Text("不到 5%", "less than 5%")
    elif rounded > 95:
        said = Text("超过 95%", "more than 95%")
    return Text("；{deadline}前达到的可能性{said}", "; {said} likely by {deadline}").format(
        said=said, deadline=day_text(data.deadline, data.now.day)
    )
