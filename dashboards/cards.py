"""The headline row: the share migrated of each kind, where the rest stands, the week's change."""

from typing import Any

from dash import html

from admin_app.migration.vocabulary import AccountState
from admin_app.rollups.vocabulary import Headline
from admin_app.web.language import say, show
from admin_app.wording import Text
from dashboards.figures.headlines import Headlines
from dashboards.links import address_of
from dashboards.markup import attributes
from dashboards.numbers import percent, signed
from dashboards.values import Choice, Mark
from dashboards.words import SHORT_KINDS

ORDER = (
    AccountState.MIGRATED,
    AccountState.IN_PROGRESS,
    AccountState.STUCK,
    AccountState.NOT_STARTED,
)
_OF = Text("已迁移 {migrated} / 共 {total}", "{migrated} of {total} migrated")
_WEEK = Text("近 7 天 {change}", "{change} in 7 days")
_NONE = Text("这里没有", "none here")


def cards_of(data: Headlines, choice: Choice) -> list[Any]:
    return [_card(headline, choice) for headline in data.shown]


def _card(headline: Headline, choice: Choice) -> html.Div:
    figures, counted = headline.figures, headline.counted
    migrated, total = figures.by_state[AccountState.MIGRATED], figures.total
    heading = html.H3(show(SHORT_KINDS[counted]))
    if total == 0:
        return html.Div([heading, html.P(say(_NONE), className="minor")], className="board-kind")
    change = headline.change.get(AccountState.MIGRATED, 0)
    of = _OF.format(migrated=f"{migrated:,}", total=f"{total:,}")
    return html.Div(
        [
            heading,
            html.P(percent(migrated, total), className="board-share"),
            html.P(
                [
                    say(of),
                    html.Span(say(_WEEK.format(change=signed(change))), className="board-change"),
                ],
                className="minor",
            ),
            html.Div(
                [
                    html.Span(
                        className=f"is-{state.value}", style={"flexGrow": figures.by_state[state]}
                    )
                    for state in ORDER
                    if figures.by_state[state]
                ],
                className="board-bar",
                **attributes(aria_hidden="true"),
            ),
            html.Ul([_line(headline, state, choice) for state in ORDER], className="board-states"),
        ],
        className="board-kind",
    )


def _line(headline: Headline, state: AccountState, choice: Choice) -> html.Li:
    number = f"{headline.figures.by_state[state]:,}"
    address = address_of(Mark(counted=headline.counted, state=state), choice)
    label = str(show(state.label))
    return html.Li(
        [
            html.Span(className=f"board-key is-{state.value}", **attributes(aria_hidden="true")),
            html.A(label, href=address) if address else html.Span(label),
            html.Span(number, className="is-number"),
        ]
    )
