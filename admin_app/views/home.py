"""The front door for whoever isn't signed in, and the start page for whoever is."""

from flask import Flask, request
from flask_admin import Admin

from admin_app.views.base import PageView, expose
from admin_app.web.addresses import safe_next
from admin_app.web.gate import Access
from admin_app.web.identity import current_visitor
from admin_app.web.navigation import MenuItem, add_to_menu, panels
from admin_app.wording import Text


class HomeView(PageView):
    needs = Access.ALL

    @expose("/")
    def index(self) -> str:
        visitor = current_visitor()
        if visitor is None:
            return self.render("home.html", next=safe_next(request.args.get("next")))
        return self.render("start.html", me=visitor, panels=panels())


def view() -> HomeView:
    # Flask-Admin would serve its own scripts and styles from here; an address without a folder
    # keeps it from doing so.
    return HomeView(name="一号通", endpoint="home", url="/", static_url_path="/none")


def register(app: Flask, _admin: Admin) -> None:
    add_to_menu(app, MenuItem("home.index", Text("首页", "Start"), order=0))
