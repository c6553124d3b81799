"""Two days held side by side."""

from dataclasses import dataclass

import plotly.graph_objects as go

from admin_app.migration.counts import Counted
from admin_app.rollups.vocabulary import DayFigures
from admin_app.wording import Text
from dashboards.figures.rows import Words, laid_out
from dashboards.figures.states import ORDER, bars
from dashboards.look import drawn, sentence_alone
from dashboards.numbers import day_text, percent, quantity, signed
from dashboards.values import Look, Row, Table

HEADING = Text("两日对比", "Two days compared")
DEFINITION = Text(
    "每日结束时各状态的数量与占比（北京时间）。“已迁移”的差是后一日减前一日，解除绑定会使它减少；"
    "总数的差来自期间的导入和单位的增减。",
    "How many stood where at the end of each of the two days (China time). The difference of those "
    "migrated is the later day less the earlier one; undone bindings lower it. A difference of the "
    "total comes from imports and from units that came or went.",
)
_MISSING = Text("这两天中至少有一天没有数据。", "At least one of the two days has no figures.")
_NOTHING = Text("这两天都没有要迁移的账号或单位。", "Nothing to migrate on either day.")


@dataclass(frozen=True, slots=True)
class Comparison:
    """``earlier`` or ``later`` is None where that day has no figures."""

    counted: Counted
    earlier: DayFigures | None
    later: DayFigures | None


def figure(data: Comparison, look: Look) -> go.Figure:
    if data.earlier is None or data.later is None:
        return sentence_alone(_MISSING, look)
    if not data.earlier.total and not data.later.total:
        return sentence_alone(_NOTHING, look)
    both = (data.earlier, data.later)
    words = [
        Words(
            title=day_text(each.day).in_language(look.language),
            figure=percent(each.migrated, each.total),
            note=quantity(data.counted, each.total).in_language(look.language),
        )
        for each in both
    ]
    rows = laid_out(words, look)
    # Lists show what is now, so the bars of past days lead nowhere.
    standings = [(words[at].title, each.by_state, None) for at, each in enumerate(both)]
    return drawn(
        look,
        bars(standings, rows.middles, rows.bar, look),
        rows.height + 40,
        xaxis={"visible": False, "range": [0, 100]},
        yaxis=rows.axis,
        annotations=rows.annotations,
        margin={"t": 40, "b": 0},
    )


def finding(data: Comparison) -> Text:
    if data.earlier is None or data.later is None:
        return _MISSING
    if not data.earlier.total and not data.later.total:
        return _NOTHING
    more = data.later.migrated - data.earlier.migrated
    values: dict[str, object] = {
        "first": day_text(data.earlier.day, data.later.day),
        "last": day_text(data.later.day, data.earlier.day),
        "more": quantity(data.counted, abs(more)),
        "was": percent(data.earlier.migrated, data.earlier.total),
        "is_": percent(data.later.migrated, data.later.total),
    }
    if more == 0:
        text = Text(
            "{first}到{last}，已迁移的数量没有变化（{was} → {is_}）",
            "As many migrated on {last} as on {first} ({was} → {is_})",
        )
    elif more > 0:
        text = Text(
            "{first}到{last}，多迁移了 {more}（{was} → {is_}）",
            "{more} more migrated from {first} to {last} ({was} → {is_})",
        )
    else:
        text = Text(
            "{first}到{last}，已迁移的少了 {more}（{was} → {is_}）",
            "{more} fewer migrated from {first} to {last} ({was} → {is_})",
        )
    return text.format(**values)


def table(data: Comparison) -> Table:
    earlier, later = data.earlier, data.later
    if earlier is None or later is None:
        return Table(_headings(Text("前一日", "earlier"), Text("后一日", "later")))
    rows = []
    for state in ORDER:
        was, now = earlier.by_state.get(state, 0), later.by_state.get(state, 0)
        rows.append(
            Row(
                (
                    state.label,
                    was,
                    percent(was, earlier.total),
                    now,
                    percent(now, later.total),
                    signed(now - was),
                )
            )
        )
    return Table(_headings(day_text(earlier.day), day_text(later.day)), tuple(rows))


def _headings(earlier: Text, later: Text) -> tuple[Text, ...]:
    share = Text("占比", "share")
    return (Text("状态", "state"), earlier, share, later, share, Text("变化", "change"))
