"""Finding a unit by credit code or any part of its name; each hit is shown with its path."""

from flask import Flask, request
from flask_admin import Admin

from admin_app.errors import DomainError
from admin_app.hierarchy.queries import chains
from admin_app.hierarchy.search import Found, search_units
from admin_app.policy.rules import reach
from admin_app.policy.vocabulary import Permission
from admin_app.views.base import PageView, expose
from admin_app.views.subjects import steps
from admin_app.web.database import current_session
from admin_app.web.identity import current_actor
from admin_app.web.navigation import MenuItem, add_to_menu
from admin_app.wording import Text

TYPED_MOST = 100


class SearchView(PageView):
    needs = Permission.UNIT_VIEW

    @expose("/")
    def index(self) -> str:
        typed = request.args.get("q", "").replace("\x00", "").strip()[:TYPED_MOST]
        found, problem = Found(()), None
        if typed:
            try:
                scope = reach(current_actor(), Permission.UNIT_VIEW)
                found = search_units(current_session(), scope, typed)
            except DomainError as error:
                problem = error.sentence
        above = chains(current_session(), found.units)
        ways = {unit.id: steps(above[unit.id]) for unit in found.units}
        return self.render(
            "units/search.html", typed=typed, found=found, ways=ways, problem=problem
        )


def register(app: Flask, admin: Admin) -> None:
    admin.add_view(SearchView(name="search", endpoint="search", url="/search"))
    add_to_menu(app, MenuItem("search.index", Text("查找单位", "Find a unit"), order=10))
