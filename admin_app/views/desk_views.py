"""Saved views of the desk's list: kept from there, renamed, shared and removed here."""

from flask import Flask, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import Admin

from admin_app.policy.vocabulary import Permission
from admin_app.service_desk.saved_views import (
    NAME_MOST,
    change_view,
    remove_view,
    save_view,
    views_of,
)
from admin_app.views.base import PageView, expose
from admin_app.views.desk_list import read_query
from admin_app.views.subjects import NUMBER
from admin_app.web.database import current_session
from admin_app.web.forms import Form, read_form
from admin_app.web.identity import current_actor, make_act
from admin_app.web.notices import tell
from admin_app.wording import Text

_SAVED = Text("视图已保存。", "The view is saved.")
_REMOVED = Text("视图已删除。", "The view is removed.")


class DeskViewsView(PageView):
    needs = Permission.CASE_WORK

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return self._page(Form())

    @expose("/", methods=("POST",))
    def save(self) -> ResponseReturnValue:
        """What can't be saved is asked for again here, with the filters kept."""
        form = read_form("name", "shared", "query")
        query = form.values["query"] = read_query(form["query"])
        with form.attempt():
            save_view(make_act(), form["name"], query, shared=form["shared"] == "yes")
        if form.is_fine:
            tell(_SAVED)
            return redirect(url_for("desk.index_view") + (f"?{query}" if query else ""))
        return self._page(form, asked=query)

    @expose(f"/<{NUMBER}:view_id>/", methods=("POST",))
    def change(self, view_id: int) -> ResponseReturnValue:
        form = read_form("name", "shared")
        with form.attempt():
            change_view(make_act(), view_id, form["name"], shared=form["shared"] == "yes")
        if form.is_fine:
            tell(_SAVED)
            return redirect(url_for("desk_views.index"))
        return self._page(form, changing=view_id)

    @expose(f"/<{NUMBER}:view_id>/remove", methods=("POST",))
    def remove(self, view_id: int) -> ResponseReturnValue:
        form = read_form()
        with form.attempt():
            remove_view(make_act(), view_id)
        tell(_REMOVED)
        return redirect(url_for("desk_views.index"))

    def _page(
        self, form: Form, *, asked: str | None = None, changing: int = 0
    ) -> ResponseReturnValue:
        staff_id = current_actor().staff_id or 0
        views = views_of(current_session(), staff_id)
        page = self.render(
            "desk/views.html",
            own=[each for each in views if each.staff_id == staff_id],
            form=form,
            asked=asked,
            changing=changing,
            name_most=NAME_MOST,
        )
        return page, form.status


def register(_app: Flask, admin: Admin) -> None:
    admin.add_view(DeskViewsView(name="desk_views", endpoint="desk_views", url="/desk/views"))
