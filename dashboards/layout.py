"""The page before its figures are there: a place for each chart, and what one can do with it."""

from typing import Any

from dash import dcc, html
from flask import has_request_context

from admin_app.web.language import say
from admin_app.wording import Text
from dashboards.markup import attributes
from dashboards.panels import PANELS, Panel

_TABLE = Text("看表格", "Table")
_CHART = Text("看图", "Chart")
_TAKE = Text("下载", "Download")
_DEFINITION = Text("怎么算的", "How it is counted")
_LOADING = Text("正在取数…", "Fetching figures…")


def make_layout() -> html.Div:
    """The layout in the reader's language; Dash also asks for it when nobody is there."""
    return html.Div(
        [
            dcc.Location(id="address", refresh=False),
            dcc.Store(id="look"),
            dcc.Store(id="tick", data=0),
            html.Div([_card(panel) for panel in PANELS.values()], className="board"),
        ]
    )


def _card(panel: Panel) -> html.Section:
    name = panel.name
    definition = panel.figure.DEFINITION
    return html.Section(
        [
            html.Div(
                [
                    html.Div(
                        [
                            html.P(_say(panel.heading), className="board-kicker"),
                            html.H2(
                                html.Span(_say(_LOADING), className="for-readers"),
                                id=f"finding-{name}",
                            ),
                        ],
                        className="board-say",
                    ),
                    _tools(panel),
                ],
                className="board-head",
            ),
            html.P(id=f"note-{name}", className="board-note", role="status"),
            _chart(panel),
            dcc.Store(id=f"shown-{name}"),
            html.Div(id=f"table-{name}", className="board-table"),
            html.Div(
                [
                    html.Details(
                        [html.Summary(_say(_DEFINITION)), html.P(_say(definition))],
                        className="board-definition",
                    ),
                    html.Span(id=f"time-{name}", className="board-time"),
                ],
                className="board-foot",
            ),
        ],
        id=f"panel-{name}",
        className="card board-card is-waiting" + (" is-wide" if panel.is_wide else ""),
        **attributes(aria_labelledby=f"finding-{name}", data_panel=name, data_view="chart"),
    )


def _chart(panel: Panel) -> html.Div:
    """Where ``drawing.js`` draws; the headline row is made of Dash's components."""
    if panel.is_cards:
        return html.Div(id=f"cards-{panel.name}", className="board-chart board-cards")
    return html.Div(
        html.Div(id=f"graph-{panel.name}", className="board-graph"), className="board-chart"
    )


def _tools(panel: Panel) -> html.Div:
    name = panel.name
    takes: list[Any] = [
        html.A(
            kind.upper(),
            href=f"/dashboard/download/{name}.{kind}",
            **attributes(data_take=f"/dashboard/download/{name}.{kind}"),
        )
        for kind in ("csv", "xlsx")
    ]
    if not panel.is_cards:
        takes = [
            html.Button(kind.upper(), type="button", **attributes(data_picture=kind))
            for kind in ("png", "svg")
        ] + takes
    return html.Div(
        [
            html.Button(
                [
                    html.Span(_say(_TABLE), className="to-table"),
                    html.Span(_say(_CHART), className="to-chart"),
                ],
                type="button",
                className="board-tool",
                **attributes(data_switch=name),
            ),
            html.Details(
                [
                    html.Summary(_say(_TAKE), className="board-tool"),
                    html.Div(takes, className="board-takes"),
                ],
                className="board-take",
                **attributes(data_menu=""),
            ),
        ],
        className="board-tools",
    )


def _say(text: Text) -> str:
    return say(text) if has_request_context() else text.zh
