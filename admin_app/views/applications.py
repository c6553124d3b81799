"""Applying to a unit: find it, say why, see what became of it, take it back."""

from flask import Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import Admin

from admin_app.errors import DomainError, NotFound
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import ancestors, chains
from admin_app.hierarchy.search import Found, search_units
from admin_app.hierarchy.vocabulary import UnitKind, UnitStatus
from admin_app.migration.queries import affiliations_of_person
from admin_app.policy.reach import EVERYWHERE
from admin_app.service_desk.applications import file_application, withdraw_application
from admin_app.service_desk.models import UnitApplication
from admin_app.service_desk.queries import applications_of
from admin_app.service_desk.vocabulary import ApplicationState
from admin_app.views.base import PageView, expose
from admin_app.views.own import own_person
from admin_app.views.search import TYPED_MOST
from admin_app.views.subjects import NUMBER
from admin_app.web.database import current_session
from admin_app.web.forms import read_form
from admin_app.web.gate import Access
from admin_app.web.identity import make_act
from admin_app.web.kept import REASON, keeps_typed
from admin_app.web.notices import tell
from admin_app.wording import Text

REASON_MOST = 1000
HITS_SHOWN = 30

TONES = {
    ApplicationState.FILED: "wait",
    ApplicationState.ACCEPTED: "good",
    ApplicationState.DECLINED: "bad",
    ApplicationState.WITHDRAWN: "quiet",
}

_FILED = Text(
    "已提交加入“{unit}”的申请，请等待单位处理。",
    "Your application to “{unit}” is filed; please wait for its answer.",
)
_WITHDRAWN = Text("已撤回加入“{unit}”的申请。", "Your application to “{unit}” is withdrawn.")


class ApplicationsView(PageView):
    needs = Access.SIGNED_IN

    @expose("/")
    def index(self) -> str:
        session, person = current_session(), own_person()
        typed = request.args.get("q", "").replace("\x00", "").strip()[:TYPED_MOST]
        found, problem = Found(()), None
        if typed:
            try:
                # Whoever wants to join may find any unit by name; nothing else of it is shown.
                found = search_units(session, EVERYWHERE, typed, HITS_SHOWN)
            except DomainError as error:
                problem = error.sentence
        hits = [unit for unit in found.units if _is_joinable(unit)]
        own = applications_of(session, person.id)
        return self.render(
            "applications/index.html",
            typed=typed,
            problem=problem,
            hits=hits,
            more=found.more or found.cut_short,
            above=chains(session, hits),
            own=own,
            tones=TONES,
            waiting={each.unit_id for each in own if each.state is ApplicationState.FILED},
            joined={each.unit_id for each in affiliations_of_person(session, person.id)},
        )

    @expose(f"/unit/<{NUMBER}:joined_id>/", methods=("GET", "POST"))
    @keeps_typed(reason=REASON)
    def apply(self, joined_id: int) -> ResponseReturnValue:
        own_person()
        unit = _joinable(joined_id)
        form = read_form("reason")
        if request.method == "POST":
            with form.attempt():
                file_application(make_act(form["reason"][:REASON_MOST]), unit.id)
            if form.is_fine:
                tell(_FILED.format(unit=unit.name), "wait")
                return redirect(url_for("applications.index"))
        page = self.render(
            "applications/apply.html",
            unit=unit,
            above=ancestors(current_session(), unit),
            form=form,
        )
        return page, form.status

    @expose(f"/<{NUMBER}:application_id>/withdraw", methods=("GET", "POST"))
    def withdraw(self, application_id: int) -> ResponseReturnValue:
        application = _own(application_id)
        form = read_form()
        if request.method == "POST":
            with form.attempt():
                withdraw_application(make_act(), application.id)
            if form.is_fine:
                tell(_WITHDRAWN.format(unit=application.unit.name))
                return redirect(url_for("applications.index"))
        page = self.render("applications/withdraw.html", application=application, form=form)
        return page, form.status


def _joinable(unit_id: int) -> Unit:
    unit = current_session().get(Unit, unit_id)
    if unit is None or not _is_joinable(unit):
        raise NotFound
    return unit


def _is_joinable(unit: Unit) -> bool:
    return unit.kind is not UnitKind.DEPARTMENT and unit.status is UnitStatus.ACTIVE


def _own(application_id: int) -> UnitApplication:
    application = current_session().get(UnitApplication, application_id)
    if application is None or application.person_id != own_person().id:
        raise NotFound
    return application


def register(_app: Flask, admin: Admin) -> None:
    admin.add_view(ApplicationsView(name="applications", endpoint="applications", url="/apply"))
