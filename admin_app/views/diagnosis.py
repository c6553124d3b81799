"""Why is somebody stuck? For support, departments and units: ask, see the chain, know what to say.

An ID number is typed into a form that is sent, never into an address, and nothing is written but
the record of a whole number being shown.
"""

from dataclasses import replace

from flask import Flask, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import Admin

from admin_app.hierarchy.queries import get_unit
from admin_app.identity.vocabulary import IdType
from admin_app.migration.blockers import Owner
from admin_app.migration.diagnosis import (
    Diagnosis,
    diagnose_account,
    diagnose_person,
    diagnose_unit,
)
from admin_app.migration.finding import (
    find_by_number,
    find_by_uscc,
    find_by_username,
    get_account,
    get_person,
)
from admin_app.migration.models import LegacyAccount
from admin_app.migration.revealing import reveal_id_number
from admin_app.policy.reach import Reach
from admin_app.policy.rules import decide, reach
from admin_app.policy.vocabulary import Permission
from admin_app.service_desk.cases import STATEMENT_MOST, case_about, file_case_about
from admin_app.service_desk.forms import kinds_for
from admin_app.views.base import PageView, expose
from admin_app.views.subjects import NUMBER, shown_name
from admin_app.web import gate
from admin_app.web.database import current_session
from admin_app.web.forms import Form, read_form
from admin_app.web.identity import current_actor, make_act, sealer
from admin_app.web.navigation import MenuItem, add_to_menu
from admin_app.web.notices import tell
from admin_app.wording import Text

_FILED = Text("已提交人工核实申请。", "The case is on file.")
_JOINED = Text(
    "同一事项已有申请在办，您写的已经并入，寄来的材料也请加在这里。",
    "A case is on file already; what you wrote was added. Add what came by mail here too.",
)
_FIELDS = ("name", "id_type", "id_number", "uscc", "username")


class DiagnosisView(PageView):
    needs = Permission.ACCOUNT_VIEW

    @expose("/")
    def index(self) -> str:
        return self._ask(read_form(*_FIELDS))

    @expose("/", methods=("POST",))
    def ask(self) -> ResponseReturnValue:
        """Answered on the spot: what was typed stays out of every address and of the history."""
        form = read_form(*_FIELDS)
        found: Diagnosis | None = None
        with form.attempt():
            found = _find(form)
        if found is None:
            return self._ask(form), form.status
        return self._show(found)

    @expose(f"/account/<{NUMBER}:account_id>/")
    def account(self, account_id: int) -> str:
        account = get_account(current_session(), _scope(), account_id)
        found = diagnose_account(current_session(), sealer(), _scope(), account)
        return self._show(found, account=account)

    @expose(f"/person/<{NUMBER}:person_id>/")
    def person(self, person_id: int) -> str:
        """Come upon in a list: whoever hasn't typed the name isn't told it."""
        person = get_person(current_session(), _scope(), person_id)
        found = diagnose_person(current_session(), sealer(), _scope(), person)
        return self._show(replace(found, title=shown_name(person.name)))

    @expose(f"/unit/<{NUMBER}:unit_id>/")
    @gate.needs(Permission.FIGURES_VIEW)
    def unit(self, unit_id: int) -> str:
        """Whoever sees figures alone sees why a unit is stuck, and nothing of the people in it."""
        scope = reach(current_actor(), Permission.FIGURES_VIEW)
        unit = get_unit(current_session(), scope, unit_id)
        found = diagnose_unit(current_session(), sealer(), unit)
        return self._show(found if _scope().covers(unit.path) else found.without_people())

    @expose(f"/account/<{NUMBER}:account_id>/reveal", methods=("POST",))
    @gate.needs(Permission.IDENTITY_REVEAL)
    def reveal(self, account_id: int) -> ResponseReturnValue:
        """The whole number, once: loading the page again asks for a reason again."""
        account = get_account(current_session(), _scope(), account_id)
        form = read_form("reason")
        number = None
        with form.attempt():
            number = reveal_id_number(make_act(form["reason"]), account.id)
        found = diagnose_account(current_session(), sealer(), _scope(), account)
        return self._show(found, account=account, form=form, revealed=number), form.status

    @expose(f"/account/<{NUMBER}:account_id>/case", methods=("POST",))
    @gate.needs(Permission.CASE_FILE)
    def file(self, account_id: int) -> ResponseReturnValue:
        """Put on file, for whoever called, what only staff can put right."""
        account = get_account(current_session(), _scope(), account_id)
        form = read_form("statement")
        act, case = make_act(), None
        with form.attempt():
            case = file_case_about(act, account.id, form["statement"])
        if case is not None and case.filed_at < act.at:
            tell(_JOINED)
            return redirect(url_for("desk_case.index", filed_id=case.id))
        if case is not None:
            tell(_FILED)
            return redirect(url_for("diagnosis.account", account_id=account.id))
        found = diagnose_account(current_session(), sealer(), _scope(), account)
        return self._show(found, account=account, form=form), form.status

    def _ask(self, form: Form) -> str:
        form.values["id_type"] = form["id_type"] or IdType.RESIDENT_ID.value
        actor = current_actor()
        return self.render(
            "diagnosis/ask.html",
            form=form,
            id_types=tuple(IdType),
            files_forms=actor.capacity.is_staff and bool(decide(actor, Permission.FORM_FILE)),
        )

    def _show(
        self,
        found: Diagnosis,
        *,
        account: LegacyAccount | None = None,
        form: Form | None = None,
        revealed: str | None = None,
    ) -> str:
        blocker = found.blocker
        by_staff = blocker is not None and blocker.advice.owner is Owner.STAFF
        may_file = account and by_staff and decide(current_actor(), Permission.CASE_FILE)
        return self.render(
            "diagnosis/found.html",
            found=found,
            account=account,
            form=form or Form(),
            revealed=revealed,
            may_file=bool(may_file),
            may_ask=bool(decide(current_actor(), Permission.ACCOUNT_VIEW)),
            may_open_units=bool(decide(current_actor(), Permission.UNIT_VIEW)),
            on_file=case_about(current_session(), account, blocker)
            if account and blocker
            else None,
            has_forms=found.unit is not None
            and bool(kinds_for(current_session(), current_actor(), found.unit)),
            statement_most=STATEMENT_MOST,
            may_reveal=bool(decide(current_actor(), Permission.IDENTITY_REVEAL)),
        )


def _find(form: Form) -> Diagnosis:
    session, scope = current_session(), _scope()
    if form["uscc"]:
        return find_by_uscc(session, sealer(), scope, form["uscc"])
    if form["username"]:
        return find_by_username(session, sealer(), scope, form["username"])
    known = {kind.value: kind for kind in IdType}
    id_type = known.get(form["id_type"], IdType.RESIDENT_ID)
    return find_by_number(session, sealer(), scope, form["name"], id_type, form["id_number"])


def _scope() -> Reach:
    return reach(current_actor(), Permission.ACCOUNT_VIEW)


def register(app: Flask, admin: Admin) -> None:
    admin.add_view(DiagnosisView(name="diagnosis", endpoint="diagnosis", url="/diagnosis"))
    add_to_menu(
        app,
        MenuItem(
            "diagnosis.index",
            Text("查卡点", "Who is stuck?"),
            order=45,
            hint=Text(
                "输入姓名和证件号码、信用代码或原用户名，看卡在哪一步、该找谁。",
                "By name and ID number, credit code or old user name: what holds somebody up, "
                "and whose turn it is.",
            ),
            icon="help",
        ),
    )
