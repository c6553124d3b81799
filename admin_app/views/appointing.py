"""Appointing from a unit's page: appoint, reassign, end, resign, withdraw, and being told."""

from collections.abc import Callable

from flask import Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import Admin

from admin_app.delegation.candidates import Candidate
from admin_app.delegation.models import Appointment
from admin_app.delegation.operations import (
    acknowledge,
    appoint,
    end,
    reassign,
    resign,
    withdraw,
)
from admin_app.delegation.queries import authorities_over, own_appointment
from admin_app.delegation.terms import is_last
from admin_app.delegation.vocabulary import AppointmentState, LastAdministrator
from admin_app.hierarchy.models import Unit
from admin_app.identity.vocabulary import IdType
from admin_app.policy.vocabulary import Permission
from admin_app.views.base import PageView, expose
from admin_app.views.subjects import (
    NUMBER,
    decisions_about,
    viewed_appointment,
    viewed_unit,
    way_to,
)
from admin_app.web import gate
from admin_app.web.database import current_session
from admin_app.web.forms import Form, read_form
from admin_app.web.identity import current_actor, make_act
from admin_app.web.kept import REASON, keeps_typed
from admin_app.web.notices import tell
from admin_app.wording import Text

_BOTH = ("GET", "POST")
# Passports are named so that they can be refused with the reason (R44).
ID_TYPES = tuple(IdType)

_IN_OFFICE = Text("{name}现在是“{unit}”的管理员，立即生效。", "{name} now administers “{unit}”.")
_PENDING = Text(
    "已指定{name}。本人首次从“自然人与法人登录”登录后自动生效，请转告本人。",
    "{name} is appointed. It takes effect when they first sign in through the portal; "
    "please let them know.",
)


class AppointingView(PageView):
    needs = Permission.UNIT_VIEW

    @expose(f"/unit/<{NUMBER}:unit_id>/appoint", methods=_BOTH)
    @gate.needs(Permission.ADMINISTRATOR_APPOINT)
    @keeps_typed(reason=REASON)
    def appoint(self, unit_id: int) -> ResponseReturnValue:
        unit = viewed_unit(unit_id)
        return self._name_somebody(
            "offices/appoint.html",
            unit,
            lambda reason, somebody: appoint(make_act(reason), unit.id, somebody),
        )

    @expose(f"/appointment/<{NUMBER}:appointment_id>/reassign", methods=_BOTH)
    @gate.needs(Permission.ADMINISTRATOR_REASSIGN)
    @keeps_typed(reason=REASON)
    def reassign(self, appointment_id: int) -> ResponseReturnValue:
        former = viewed_appointment(appointment_id)
        return self._name_somebody(
            "offices/reassign.html",
            former.unit,
            lambda reason, somebody: reassign(make_act(reason), former.id, somebody),
            former=former,
        )

    @expose(f"/appointment/<{NUMBER}:appointment_id>/end", methods=_BOTH)
    @gate.needs(Permission.ADMINISTRATOR_END)
    @keeps_typed(reason=REASON)
    def end(self, appointment_id: int) -> ResponseReturnValue:
        return self._finish(
            viewed_appointment(appointment_id),
            end,
            Text("已解除{name}的管理员职务。", "{name} no longer administers the unit."),
            own=False,
        )

    @expose(f"/appointment/<{NUMBER}:appointment_id>/resign", methods=_BOTH)
    @gate.signed_in
    @keeps_typed(reason=REASON)
    def resign(self, appointment_id: int) -> ResponseReturnValue:
        return self._finish(
            own_appointment(current_session(), current_actor(), appointment_id),
            resign,
            Text("您已辞去“{unit}”的管理员职务。", "You no longer administer “{unit}”."),
            own=True,
        )

    @expose(f"/appointment/<{NUMBER}:appointment_id>/withdraw", methods=_BOTH)
    @gate.needs(Permission.ADMINISTRATOR_END)
    @keeps_typed(reason=REASON)
    def withdraw(self, appointment_id: int) -> ResponseReturnValue:
        appointment = viewed_appointment(appointment_id)
        form = read_form("reason")
        if request.method == "POST":
            with form.attempt():
                withdraw(make_act(form["reason"]), appointment.id)
            if form.is_fine:
                tell(
                    Text(
                        "已撤回对{name}的指定。", "The appointment of {name} is withdrawn."
                    ).format(name=appointment.name)
                )
                return redirect(url_for("unit.index", unit_id=appointment.unit_id))
        return self._page("offices/withdraw.html", appointment.unit, form, appointment=appointment)

    @expose(f"/appointment/<{NUMBER}:appointment_id>/noted", methods=("POST",))
    @gate.signed_in
    def noted(self, appointment_id: int) -> ResponseReturnValue:
        acknowledge(make_act(), appointment_id)
        return redirect(url_for("home.index"))

    def _name_somebody(
        self,
        template: str,
        unit: Unit,
        act: Callable[[str, Candidate], Appointment],
        **values: object,
    ) -> ResponseReturnValue:
        form = read_form("name", "id_type", "id_number", "reason")
        form.values["id_type"] = form["id_type"] or IdType.RESIDENT_ID.value
        if request.method == "POST":
            with form.attempt():
                appointment = act(form["reason"], _candidate(form))
            if form.is_fine:
                current = appointment.state is AppointmentState.CURRENT
                words, tone = (_IN_OFFICE, "good") if current else (_PENDING, "wait")
                tell(words.format(name=appointment.name, unit=unit.name), tone)
                return redirect(url_for("unit.index", unit_id=unit.id))
        return self._page(template, unit, form, id_types=ID_TYPES, **values)

    def _finish(
        self,
        appointment: Appointment,
        verb: Callable[..., Appointment],
        done: Text,
        *,
        own: bool,
    ) -> ResponseReturnValue:
        """Ask once; ask for a confirmation besides if nobody would be left."""
        unit = appointment.unit
        last = is_last(current_session(), appointment, unit)
        form = read_form("reason", "confirmed")
        if request.method == "POST":
            with form.attempt():
                verb(
                    make_act(form["reason"]),
                    appointment.id,
                    confirmed_last=form["confirmed"] == "yes",
                )
            if form.is_fine:
                tell(done.format(name=appointment.name, unit=unit.name))
                here = url_for("home.index") if own else url_for("unit.index", unit_id=unit.id)
                return redirect(here)
            last = last or isinstance(form.refusal, LastAdministrator)
        return self._page(
            "offices/end.html",
            unit,
            form,
            appointment=appointment,
            own=own,
            last=last,
            authorities=[
                authority
                for authority in authorities_over(current_session(), unit)
                if authority.name != appointment.name
            ],
        )

    def _page(self, template: str, unit: Unit, form: Form, **values: object) -> ResponseReturnValue:
        page = self.render(
            template, unit=unit, way=way_to(unit), may=decisions_about(unit), form=form, **values
        )
        return page, form.status


def _candidate(form: Form) -> Candidate:
    known = {kind.value: kind for kind in IdType}
    return Candidate(
        form["name"], known.get(form["id_type"], IdType.RESIDENT_ID), form["id_number"]
    )


def register(_app: Flask, admin: Admin) -> None:
    admin.add_view(AppointingView(name="appointing", endpoint="appointing", url="/office"))
