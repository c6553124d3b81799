"""The short manual: registering, signing in, administrators, secondary units, whom to call."""

from flask import Blueprint, Flask, current_app, render_template
from flask_admin import Admin

from admin_app.settings import Settings
from admin_app.web.gate import open_to_all
from admin_app.web.language import is_english
from admin_app.web.navigation import MenuItem, add_to_menu
from admin_app.wording import Text

blueprint = Blueprint("help", __name__)


@blueprint.get("/help/")
@open_to_all
def index() -> str:
    settings: Settings = current_app.extensions["yihaotong.settings"]
    return render_template(
        "help/en.html" if is_english() else "help/zh.html",
        pending_days=settings.pending_days,
        administrators_per_unit=settings.administrators_per_unit,
    )


def register(app: Flask, _admin: Admin) -> None:
    app.register_blueprint(blueprint)
    add_to_menu(app, MenuItem("help.index", Text("帮助", "Help"), order=90))
