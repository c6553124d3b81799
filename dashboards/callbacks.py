"""What Dash asks for: one callback a chart, which asks for the reader's right each time.

A callback that fails says so in its own place, and the others go on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
from dash import ClientsideFunction, Input, Output, html
from sqlalchemy.exc import OperationalError

from admin_app.errors import DomainError
from admin_app.web.identity import now
from admin_app.web.language import moment, say
from admin_app.web.logs import log_error, reference
from admin_app.wording import Text
from dashboards.cards import cards_of
from dashboards.panels import PANELS, Panel
from dashboards.reading import Reading, begin, chosen_by
from dashboards.tables import table_of
from dashboards.values import Look
from dashboards.words import language

_AS_OF = Text("截至{moment}", "as of {moment}")
_NOTHING = Text(
    "这个范围内还没有可统计的内容，请换一个单位或放宽条件。",
    "There is nothing to count here yet; choose another unit or fewer conditions.",
)
_BUSY = Text("系统繁忙，请稍后再试。", "The system is busy; please try again shortly.")
_BROKEN = Text(
    "这张图没有取到数，请稍后再试；如仍不行，请拨打平台电话并告知编号 {reference}。",
    "These figures could not be fetched. Please try again later; if it still fails, call the "
    "platform and quote {reference}.",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A panel's content; what isn't given stays empty."""

    finding: str = ""
    note: Any = ""
    cards: Sequence[Any] = ()
    figure: go.Figure | None = None
    table: dict[str, Any] | None = None
    time: str = ""
    tone: str = "is-ready"


def fit(app: Any) -> None:
    """Register them with Dash, whose own functions are untyped."""
    for panel in PANELS.values():
        name = panel.name
        cards = [Output(f"cards-{name}", "children")] if panel.is_cards else []
        app.callback(
            Output(f"finding-{name}", "children"),
            Output(f"note-{name}", "children"),
            *cards,
            Output(f"shown-{name}", "data"),
            Output(f"time-{name}", "children"),
            Output(f"panel-{name}", "className"),
            Input("address", "search"),
            Input("look", "data"),
            Input("tick", "data"),
        )(_callback(panel))
        app.clientside_callback(
            ClientsideFunction("drawing", name),
            Input(f"shown-{name}", "data"),
            prevent_initial_call=True,
        )
    app.clientside_callback(
        ClientsideFunction("dashboard", "look"),
        Output("look", "data"),
        Input("address", "pathname"),
    )


def _callback(panel: Panel) -> Callable[..., tuple[Any, ...]]:
    def callback(search: object, look: object, _tick: object) -> tuple[Any, ...]:
        shown = show(panel, search, look)
        cards = [shown.cards] if panel.is_cards else []
        drawn = {"figure": shown.figure, "table": shown.table}
        width = " is-wide" if panel.is_wide else ""
        frame = f"card board-card {shown.tone}{width}"
        return shown.finding, shown.note, *cards, drawn, shown.time, frame

    return callback


def show(panel: Panel, search: object, look: object) -> Shown:
    """A panel for the visitor, whatever the browser claims; never an error of the machine."""
    try:
        reading = begin(chosen_by(search))
        return _shown(panel, reading, look_of(look))
    except DomainError as error:
        return Shown(say(panel.heading), say(error.sentence), tone="is-troubled")
    except OperationalError as error:
        log_error(error)
        return Shown(say(panel.heading), say(_BUSY), tone="is-troubled")
    except Exception as error:  # whatever it is, the other panels stand
        log_error(error)
        sentence = _BROKEN.format(reference=reference())
        return Shown(say(panel.heading), say(sentence), tone="is-troubled")


def _shown(panel: Panel, reading: Reading, look: Look) -> Shown:
    if panel.is_shown is not None and not panel.is_shown(reading):
        return Shown(tone="is-absent")
    data = panel.read(reading)
    table = panel.figure.table(data)
    if not table.rows and panel.goes_without:
        return Shown(tone="is-absent")
    if not table.rows:
        nothing = panel.nothing(data) if panel.nothing else _NOTHING
        return Shown(say(panel.heading), say(nothing), tone="is-empty")
    onward = panel.onward(reading)
    return Shown(
        finding=say(panel.figure.finding(data)),
        note=html.A(say(onward[0]), href=onward[1]) if onward else "",
        cards=cards_of(data, reading.choice) if panel.is_cards else (),
        figure=None if panel.is_cards else panel.figure.figure(data, look),
        table=table_of(table, reading.choice, say(panel.heading)),
        time=say(_AS_OF.format(moment=moment(now()))),
    )


def look_of(value: object) -> Look:
    """How the browser says it shows things; anything else is the plain look."""
    said = value if isinstance(value, dict) else {}
    return Look(language(), dark=said.get("dark") is True, narrow=said.get("narrow") is True)
