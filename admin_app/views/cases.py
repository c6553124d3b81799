"""The person's own cases: what is on file, what comes next, filing one and taking one back."""

from flask import Flask, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import Admin

from admin_app.migration.blockers import Blocker
from admin_app.migration.progress import Hold, holds_of
from admin_app.service_desk.cases import (
    STATEMENT_MOST,
    file_own_case,
    own_cases,
    withdraw_case,
)
from admin_app.service_desk.vocabulary import CaseState, NothingToFile
from admin_app.views.base import PageView, expose
from admin_app.views.standing import visiting_person
from admin_app.views.subjects import NUMBER
from admin_app.web.database import current_session
from admin_app.web.forms import Form, read_form
from admin_app.web.gate import Access
from admin_app.web.identity import current_actor, make_act, sealer
from admin_app.web.notices import tell
from admin_app.wording import Text

_FILED = Text(
    "已提交。平台工作人员会核实并与您联系，请保持电话畅通。",
    "It is on file. The platform's staff will look into it and be in touch.",
)
_WITHDRAWN = Text("已撤回。", "Withdrawn.")


class CasesView(PageView):
    needs = Access.SIGNED_IN

    @expose("/")
    def index(self) -> ResponseReturnValue:
        if current_actor().person_id is None:
            return self.render("binding/staff.html")
        return self._page(Form({"statement": "", "about": ""}))

    @expose("/file", methods=("POST",))
    def file(self) -> ResponseReturnValue:
        person, form = visiting_person(), read_form("about", "statement")
        with form.attempt():
            hold = _read(form["about"])
            file_own_case(make_act(), person.id, hold.blocker, hold.account_id, form["statement"])
        if form.is_fine:
            tell(_FILED)
            return redirect(url_for("cases.index"))
        return self._page(form)

    @expose(f"/<{NUMBER}:case_id>/withdraw", methods=("POST",))
    def withdraw(self, case_id: int) -> ResponseReturnValue:
        form = read_form()
        with form.attempt():
            withdraw_case(make_act(), case_id)
        if form.is_fine:
            tell(_WITHDRAWN)
            return redirect(url_for("cases.index"))
        return self._page(form)

    def _page(self, form: Form) -> ResponseReturnValue:
        person = visiting_person()
        cases = own_cases(current_session(), person.id)
        on_file = {Hold(c.blocker, c.account_id) for c in cases if c.state is CaseState.FILED}
        holds = [
            (_written(hold), hold.blocker)
            for hold in holds_of(current_session(), sealer(), person)
            if hold not in on_file
        ]
        form.values["about"] = form["about"] or (holds[0][0] if holds else "")
        page = self.render(
            "cases.html",
            cases=cases,
            holds=holds,
            form=form,
            most=STATEMENT_MOST,
            filed=CaseState.FILED,
        )
        return page, form.status


def _written(hold: Hold) -> str:
    return f"{hold.blocker.value}:{hold.account_id or ''}"


def _read(about: str) -> Hold:
    """What the form is about; the operation checks whether it is so.

    Raises:
        NothingToFile
    """
    name, _, number = about.partition(":")
    blocker = next((each for each in Blocker if each.value == name), None)
    is_number = number.isascii() and number.isdigit() and len(number) < 20
    if blocker is None or (number and not is_number):
        raise NothingToFile
    return Hold(blocker, int(number) if number else None)


def register(_app: Flask, admin: Admin) -> None:
    admin.add_view(CasesView(name="cases", endpoint="cases", url="/cases"))
