"""What the start page says first: where the person stands, and their enterprises (R53, R54)."""

from flask import Flask
from flask_admin import Admin

from admin_app.identity.queries import formerly_represented
from admin_app.views.standing import (
    apply_address,
    asks_for_unit,
    own_progress,
    visiting_person,
    way_of,
)
from admin_app.web.database import current_session
from admin_app.web.identity import current_actor
from admin_app.web.navigation import Panel, add_panel


def standing() -> Panel | None:
    """The prompt to bind one's own account first (R27, R31), the steps, and each enterprise."""
    if current_actor().person_id is None:
        return None
    former = formerly_represented(current_session(), visiting_person().id)
    return Panel("panels/standing.html", {"progress": own_progress(), "former": former})


def register(app: Flask, _admin: Admin) -> None:
    app.jinja_env.globals.update(
        asks_for_unit=asks_for_unit, apply_address=apply_address, way_of=way_of
    )
    add_panel(app, standing, order=2)
