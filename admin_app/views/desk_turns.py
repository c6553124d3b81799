"""Who is given new cases: which departments each member of support looks after, and who is away."""

from flask import Flask, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import Admin

from admin_app.errors import NotFound
from admin_app.policy.vocabulary import Permission
from admin_app.service_desk.case_queries import colleagues
from admin_app.service_desk.turns import (
    departments_of,
    find_departments,
    members_of,
    set_duty,
)
from admin_app.views.base import PageView, expose
from admin_app.views.subjects import NUMBER
from admin_app.web.database import current_session
from admin_app.web.forms import Form, read_form
from admin_app.web.identity import make_act
from admin_app.web.notices import tell
from admin_app.wording import Text

_SAVED = Text("分派已调整。", "The turns are changed.")


class DeskTurnsView(PageView):
    needs = Permission.CASE_WORK

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return self._page(Form())

    @expose(f"/<{NUMBER}:member_id>/", methods=("POST",))
    def change(self, member_id: int) -> ResponseReturnValue:
        if member_id not in {each.id for each in colleagues(current_session())}:
            raise NotFound
        form = read_form("departments", "away")
        with form.attempt():
            names = [line.strip() for line in form["departments"].splitlines() if line.strip()]
            departments = find_departments(current_session(), names)
            set_duty(make_act(), member_id, departments, away=form["away"] == "yes")
        if form.is_fine:
            tell(_SAVED)
            return redirect(url_for("desk_turns.index"))
        return self._page(form, changing=member_id)

    def _page(self, form: Form, *, changing: int = 0) -> ResponseReturnValue:
        session, act = current_session(), make_act()
        page = self.render(
            "desk/turns.html",
            colleagues=colleagues(session),
            members={each.staff_id: each for each in members_of(session)},
            departments=departments_of(session),
            in_turn=act.limits.case_assignment,
            form=form,
            changing=changing,
        )
        return page, form.status


def register(_app: Flask, admin: Admin) -> None:
    admin.add_view(DeskTurnsView(name="desk_turns", endpoint="desk_turns", url="/desk/turns"))
