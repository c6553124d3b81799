"""The dashboard inside the console: Dash in its page, and behind its gate."""

from datetime import timedelta
from typing import Any

from dash import Dash
from flask import Flask, Response, after_this_request
from flask_wtf.csrf import generate_csrf

from admin_app.migration.counts import Counted
from admin_app.migration.vocabulary import AccountState
from admin_app.policy.vocabulary import Permission
from admin_app.rollups import queries
from admin_app.settings import Settings
from admin_app.web.gate import permits
from admin_app.web.navigation import MenuItem, Panel, add_panel, add_to_menu
from admin_app.web.security import is_https
from admin_app.wording import Text
from dashboards import assets, callbacks, downloads, pages
from dashboards.layout import make_layout
from dashboards.numbers import percent, signed
from dashboards.reading import begin
from dashboards.server import PREFIX, ConsoleServer
from dashboards.values import Choice

TOKEN = "yihaotong_figures"  # noqa: S105 - a cookie's name
_WEEK = timedelta(days=7)


class Board(Dash):
    """Dash that renders into the console's page instead of one of its own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__(
            "dashboards",
            server=False,
            backend=ConsoleServer,
            routes_pathname_prefix=PREFIX,
            requests_pathname_prefix=PREFIX,
            include_assets_files=False,
            suppress_callback_exceptions=True,
            add_log_handler=False,
            update_title="",
            csrf_token_name=TOKEN,
            csrf_header_name="X-CSRFToken",
        )

    def interpolate_index(self, *_parts: Any, **parts: Any) -> str:
        """The page; the token that callbacks must bring along goes into a cookie of its own, where
        Dash's script finds it."""
        after_this_request(self._hand_out_token)
        scripts = "\n".join(
            line for line in parts["scripts"].splitlines() if "dash_table" not in line
        )
        return pages.page(parts["config"], scripts, self._settings.dashboard_refresh_seconds)

    def _hand_out_token(self, response: Response) -> Response:
        response.set_cookie(
            TOKEN,
            generate_csrf(),
            secure=is_https(self._settings),
            samesite="Strict",
            path=PREFIX,
        )
        return response


def fit(app: Flask, settings: Settings) -> None:
    """Add the dashboard to the console."""
    board = Board(settings)
    board.layout = make_layout
    callbacks.fit(board)
    board.init_app(app)
    assets.fit(app)
    downloads.fit(app)
    pages.fit(app)
    add_to_menu(
        app,
        MenuItem(
            "dashboard.index",
            Text("看板", "Dashboard"),
            order=5,
        ),
    )
    add_panel(app, panel, order=15)


def panel() -> Panel | None:
    """On the start page: how far, and the way to the rest."""
    if not permits(Permission.FIGURES_VIEW):
        return None
    reading = begin(Choice())
    found = queries.headlines(reading.session, reading.at, reading.today - _WEEK, reading.today)
    headline = next(each for each in found if each.counted is Counted.ENTERPRISES)
    migrated = headline.figures.by_state[AccountState.MIGRATED]
    return Panel(
        "panels/dashboard.html",
        {
            "share": percent(migrated, headline.figures.total),
            "total": headline.figures.total,
            "migrated": migrated,
            "change": signed(headline.change.get(AccountState.MIGRATED, 0)),
        },
    )
