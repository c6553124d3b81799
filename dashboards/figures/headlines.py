"""How far: where everybody of each kind stands now, and the change over the last days."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from admin_app.migration.counts import Counted
from admin_app.migration.vocabulary import AccountState
from admin_app.rollups.vocabulary import Headline
from admin_app.wording import Text
from dashboards.figures.rows import Words, laid_out
from dashboards.figures.states import ORDER, bars
from dashboards.look import drawn, sentence_alone
from dashboards.numbers import days_long, number, percent, signed
from dashboards.values import Look, Mark, Row, Table

HEADING = Text("走到了哪一步", "How far")
DEFINITION = Text(
    "每个原账号、每家单位只处于一种状态：已迁移（原账号已绑定；单位的全部原单位账号已绑定；单位已有"
    "现任管理员）、进行中（已登录，尚未绑定）、卡住（有明确的卡点）、未开始（尚未登录）。占比是各状态"
    "除以总数。变化按占比相减，以百分点表示；期间新导入的账号也计入总数。",
    "Each old account and each unit is in one state: migrated (the account is bound; all of a "
    "unit's accounts are; the unit has an administrator in office), in progress (signed in, not "
    "bound yet), stuck (for a named reason) or not started (not signed in). A share is the "
    "number in a state divided by all. Changes are differences of shares, in "
    "percentage points; accounts imported meanwhile count in the whole.",
)
_NOTHING = Text("这里还没有要迁移的账号或单位。", "Nothing to migrate here yet.")


@dataclass(frozen=True, slots=True)
class Headlines:
    """``chosen``: of which the finding speaks; ``days``: over how many the change is."""

    shown: Sequence[Headline]
    chosen: Counted = Counted.LEGAL_REPRESENTATIVES
    days: int = 7


def figure(data: Headlines, look: Look) -> go.Figure:
    shown = [each for each in data.shown if each.figures.total]
    if not shown:
        return sentence_alone(_NOTHING, look)
    words = [
        Words(
            title=each.counted.label.in_language(look.language),
            figure=percent(_migrated(each), each.figures.total),
            note=_note(data, each).in_language(look.language),
        )
        for each in shown
    ]
    rows = laid_out(words, look)
    standings = [
        (words[at].title, each.figures.by_state, Mark(counted=each.counted))
        for at, each in enumerate(shown)
    ]
    return drawn(
        look,
        bars(standings, rows.middles, rows.bar, look),
        rows.height + 40,
        xaxis={"visible": False, "range": [0, 100]},
        yaxis=rows.axis,
        annotations=rows.annotations,
        margin={"t": 40, "b": 0},
    )


def finding(data: Headlines) -> Text:
    each = next((h for h in data.shown if h.counted is data.chosen), None)
    if each is None or each.figures.total == 0:
        return _NOTHING
    migrated, total = _migrated(each), each.figures.total
    change = _change(data, each)
    values: dict[str, object] = {
        "who": each.counted.label,
        "share": percent(migrated, total),
        "change": change,
    }
    if migrated == total:
        return Text("{who}已全部迁移", "All {who} have migrated").format(**values)
    if migrated == 0:
        return Text("{who}还没有一个迁移", "None of the {who} have migrated yet").format(**values)
    return Text("{who}已迁移 {share}，{change}", "{share} of {who} migrated, {change}").format(
        **values
    )


def table(data: Headlines) -> Table:
    rows = []
    for each in data.shown:
        total = each.figures.total
        for state in ORDER:
            value = each.figures.by_state.get(state, 0)
            rows.append(
                Row(
                    (
                        each.counted.label,
                        state.label,
                        value,
                        percent(value, total),
                        signed(each.change.get(state, 0)),
                    ),
                    Mark(counted=each.counted, state=state) if value else None,
                )
            )
    return Table(
        (
            Text("对象", "who"),
            Text("状态", "state"),
            Text("数量", "number"),
            Text("占比", "share"),
            Text("{n} 天变化", "change in {n} days").format(n=data.days),
        ),
        tuple(rows),
    )


def _migrated(each: Headline) -> int:
    return each.figures.by_state.get(AccountState.MIGRATED, 0)


def points_gained(each: Headline) -> float | None:
    """By how many percentage points the share migrated rose; None if there was nothing before."""
    before = each.figures.total - sum(each.change.values())
    if before <= 0 or each.figures.total == 0:
        return None
    was = (_migrated(each) - each.change.get(AccountState.MIGRATED, 0)) / before
    return 100 * (_migrated(each) / each.figures.total - was)


def _change(data: Headlines, each: Headline) -> Text:
    gained = points_gained(each)
    long = days_long(data.days)
    if gained is None:
        return Text("{long}前还没有数据", "no figures {long} ago").format(long=long)
    size = f"{abs(gained):.1f}"
    if size == "0.0":
        return Text("与 {long}前持平", "unchanged over {long}").format(long=long)
    if gained > 0:
        text = Text(
            "比 {long}前多 {size} 个百分点", "{size} percentage points more than {long} ago"
        )
    else:
        text = Text(
            "比 {long}前少 {size} 个百分点", "{size} percentage points less than {long} ago"
        )
    return text.format(long=long, size=size)


def _note(data: Headlines, each: Headline) -> Text:
    gained = points_gained(each)
    change = _change(data, each)
    if gained is not None:
        sign = "+" if gained >= 0.05 else "−" if gained <= -0.05 else "±"
        size, long = f"{sign}{abs(gained):.1f}", days_long(data.days)
        change = Text("{long} {size} 个百分点", "{size} points in {long}").format(
            long=long, size=size
        )
    return Text("共 {total} · {change}", "of {total} · {change}").format(
        total=number(each.figures.total), change=change
    )
