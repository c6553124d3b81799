"""The page around the charts, its search among units, and the way from a mark to its list."""

from flask import Flask, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from admin_app.errors import NotFound
from admin_app.policy.vocabulary import Permission
from admin_app.web.gate import needs, permits
from admin_app.web.security import let_draw
from dashboards import marks
from dashboards.assets import address
from dashboards.links import address_of
from dashboards.narrowing import cleared, hits, narrowing_of
from dashboards.panels import PANELS
from dashboards.reading import begin, chosen


def fit(app: Flask) -> None:
    app.add_url_rule("/dashboard/units/", endpoint="dashboard.units", view_func=units)
    app.add_url_rule("/dashboard/list", endpoint="dashboard.list", view_func=list_behind)


def page(config: str, scripts: str, refresh_seconds: int) -> str:
    """The console's page with Dash in it; the choice's unit is out of reach: not found.

    Raises:
        NoSuchPlace
    """
    let_draw()
    reading = begin(chosen(request.args))
    narrowing = narrowing_of(reading)
    return render_template(
        "dashboard/page.html",
        narrowing=narrowing,
        cleared=cleared(reading.choice),
        # Made by Dash from its own files and settings; nothing in them comes from a reader.
        config=Markup(config),  # noqa: S704
        scripts=Markup(scripts),  # noqa: S704
        dashboard_asset=address,
        panels=" ".join(PANELS),
        refresh_seconds=refresh_seconds,
    )


@needs(Permission.FIGURES_VIEW)
def units() -> str:
    """The units in reach that a typed text finds, as a piece of the page."""
    choice = chosen(request.args)
    return render_template("dashboard/units.html", hits=hits(request.args.get("q", ""), choice))


@needs(Permission.FIGURES_VIEW)
def list_behind() -> ResponseReturnValue:
    """Where a mark of a chart leads.

    Raises:
        NotFound: nowhere, or nowhere that this reader may go.
    """
    choice = begin(chosen(request.args)).choice
    found = address_of(marks.read(request.args.get("mark")), choice)
    if found is None:
        raise NotFound
    return redirect(found)


def may_see() -> bool:
    return permits(Permission.FIGURES_VIEW)
