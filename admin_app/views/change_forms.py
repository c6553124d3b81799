"""The change form 信息变更表: choose what is wrong, and fill in the form about a unit."""

from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import Admin

from admin_app.delegation.candidates import Candidate
from admin_app.delegation.queries import administrators_of
from admin_app.delegation.vocabulary import AppointmentState
from admin_app.errors import NotFound
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import chains
from admin_app.hierarchy.rules import depth
from admin_app.hierarchy.search import Found, search_units
from admin_app.identity.names import mask_name
from admin_app.identity.vocabulary import IdType
from admin_app.migration.blockers import Blocker
from admin_app.policy.rules import decide, reach
from admin_app.policy.vocabulary import Permission
from admin_app.service_desk.cases import STATEMENT_MOST, own_cases
from admin_app.service_desk.evidence import missing_in, required_for
from admin_app.service_desk.filing import days_within
from admin_app.service_desk.form_vocabulary import FormKind, UnitOnFile
from admin_app.service_desk.forms import (
    Filing,
    departments,
    file_form,
    kinds_for,
    missing_enterprises,
    units_of,
)
from admin_app.service_desk.models import Case
from admin_app.service_desk.rules import deed_of_form
from admin_app.service_desk.unit_cases import cases_of_units
from admin_app.views.base import PageView, expose
from admin_app.views.cases import matters_shown
from admin_app.views.desk_list import TONES
from admin_app.views.remedies import address_of_case, sees_case
from admin_app.views.remedies import register as register_remedies
from admin_app.views.standing import visiting_person
from admin_app.views.subjects import NUMBER, steps
from admin_app.web.database import current_session
from admin_app.web.forms import Form, read_form
from admin_app.web.gate import Access
from admin_app.web.identity import current_actor, make_act
from admin_app.web.kept import STATEMENT, keeps_typed
from admin_app.web.notices import tell
from admin_app.web.uploads import received, storage, takes_files
from admin_app.wording import Text

_FILED = Text(
    "已提交。平台工作人员会核实并与您联系，请保持电话畅通。",
    "It is on file. The platform's staff will look into it and be in touch.",
)
# What has a card of its own, with the form that does it.
_MISSING = Blocker.ENTERPRISE_NOT_ON_PLATFORM
_NAME = Text("名称或姓名", "Name")
_USCC = Text("统一社会信用代码", "Unified social credit code")
_FIELDS = ("kind", "name", "uscc", "parent", "id_type", "id_number", "statement")


class ChangeFormsView(PageView):
    needs = Access.SIGNED_IN

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """What is wrong? For oneself, for one's units; at the desk, for whichever unit."""
        session, actor = current_session(), current_actor()
        if actor.person_id is None and not _files_for_others():
            return self.render("binding/staff.html")
        typed = request.args.get("q", "").replace("\x00", "").strip()[:100]
        form, found = Form({"q": typed}), Found(())
        units = units_of(session, actor)
        if actor.person_id is None and typed:
            with form.attempt():
                found = search_units(session, reach(actor, Permission.FORM_FILE), typed)
        above = chains(session, found.units)
        matters, enterprises, under_way = [], [], []
        if actor.person_id is not None:
            person = visiting_person()
            mine = own_cases(session, person.id)
            shown = matters_shown(person, mine)
            filed = [*(each for each in mine if each.form), *cases_of_units(session, actor)]
            under_way = [each for each in filed if each.state.is_open]
            matters = [each for each in shown if each.blocker is not _MISSING]
            enterprises = list(missing_enterprises(session, person.id))
        page = self.render(
            "changes/index.html",
            units=[(each, kinds) for each in units if (kinds := kinds_for(session, actor, each))],
            matters=matters,
            enterprises=enterprises,
            under_way=under_way,
            incomplete=missing_in(make_act(), under_way),
            tones=TONES,
            missing=FormKind.UNIT_MISSING,
            at_desk=actor.person_id is None,
            form=form,
            typed=typed,
            found=found,
            ways={hit.id: steps(above[hit.id]) for hit in found.units},
        )
        return page, form.status

    @expose(f"/unit/<{NUMBER}:unit_id>/")
    def unit(self, unit_id: int) -> ResponseReturnValue:
        """The form of a kind; without one, which there are for this unit.

        A line of the reconciliation leads here with what the portal says.
        """
        unit, kinds = _unit(unit_id)
        kind = _kind(request.args.get("kind", ""), kinds)
        if kind is None:
            return self.render("changes/unit.html", unit=unit, kinds=kinds)
        form = Form({**dict.fromkeys(_FIELDS, ""), "kind": kind.value})
        if kind is FormKind.UNIT_RENAMED:
            form.values["name"] = _filled_in("name", 200) or unit.name
        if kind is FormKind.USCC_CHANGED:
            form.values["uscc"] = _filled_in("uscc", 18)
        return self._form(kind, unit, form, ())

    @expose(f"/unit/<{NUMBER}:unit_id>/file", methods=("POST",))
    @takes_files
    @keeps_typed(name=_NAME, uscc=_USCC, statement=STATEMENT)
    def file(self, unit_id: int) -> ResponseReturnValue:
        unit, kinds = _unit(unit_id)
        form = read_form(*_FIELDS)
        kind = _kind(form["kind"], kinds)
        if kind is None:
            raise NotFound
        ending = _ending()
        return self._file(kind, unit, form, ending) or self._form(kind, unit, form, ending)

    @expose("/missing")
    def missing(self) -> ResponseReturnValue:
        """An enterprise that the platform lacks; of one that the portal reports, what it says."""
        if not _may_file_missing():
            return self.render("binding/staff.html")
        code = _filled_in("uscc", 18)
        form = Form({**dict.fromkeys(_FIELDS, ""), "uscc": code, "name": _filled_in("name", 200)})
        person_id = current_actor().person_id
        if person_id is not None:
            reported = {e.uscc: e for e in missing_enterprises(current_session(), person_id)}
            known = reported.get(code) or next(iter(reported.values()), None)
            if known is not None:
                form.values |= {"uscc": known.uscc, "name": known.enterprise_name}
        return self._form(FormKind.UNIT_MISSING, None, form, ())

    @expose("/missing", methods=("POST",))
    @takes_files
    @keeps_typed(name=_NAME, uscc=_USCC, statement=STATEMENT)
    def file_missing(self) -> ResponseReturnValue:
        form, kind = read_form(*_FIELDS), FormKind.UNIT_MISSING
        if not _may_file_missing():
            raise NotFound
        return self._file(kind, None, form, ()) or self._form(kind, None, form, ())

    def _file(
        self, kind: FormKind, unit: Unit | None, form: Form, ending: tuple[int, ...]
    ) -> ResponseReturnValue | None:
        """Where a form leads once it is on file, or was before; none: back to the form."""
        act, case = make_act(), None
        with form.attempt():
            filing = Filing(
                kind,
                unit.id if unit is not None else _number(form["parent"]),
                form["name"],
                form["uscc"],
                _candidate(form) if kind.names_somebody else None,
                ending,
                form["statement"],
                received(),
            )
            case = file_form(act, filing, storage())
        if form.is_fine and case is not None:
            tell(_FILED)
            return redirect(address_of_case(case))
        if isinstance(form.refusal, UnitOnFile):
            there = current_session().get_one(Case, form.refusal.number)
            if sees_case(there):
                tell(form.refusal.sentence, "wait")
                return redirect(address_of_case(there))
        return None

    def _form(
        self, kind: FormKind, unit: Unit | None, form: Form, ending: tuple[int, ...]
    ) -> ResponseReturnValue:
        session, act = current_session(), make_act()
        form.values["id_type"] = form["id_type"] or IdType.RESIDENT_ID.value
        at_desk = current_actor().person_id is None
        page = self.render(
            "changes/form.html",
            kind=kind,
            unit=unit,
            form=form,
            ending=ending,
            in_office=_in_office(unit) if kind is FormKind.ADMINISTRATOR_UNREACHABLE else [],
            id_types=tuple(IdType),
            departments=[
                (each.id, f"{'　' * (depth(each.path) - 1)}{each.name}")
                for each in (departments(session) if kind is FormKind.UNIT_MISSING else ())
            ],
            deed=deed_of_form(kind),
            days=days_within(act, kind),
            required=required_for(act, kind),
            at_desk=at_desk,
            most=STATEMENT_MOST,
        )
        return page, form.status


def _unit(unit_id: int) -> tuple[Unit, list[FormKind]]:
    """A unit about which the visitor may file something.

    Raises:
        NotFound
    """
    unit = current_session().get(Unit, unit_id)
    kinds = kinds_for(current_session(), current_actor(), unit) if unit is not None else []
    if unit is None or not kinds:
        raise NotFound
    return unit, kinds


def _filled_in(name: str, most: int) -> str:
    """What a link fills a field with."""
    return request.args.get(name, "").replace("\x00", "").strip()[:most]


def _kind(typed: str, kinds: list[FormKind]) -> FormKind | None:
    return next((each for each in kinds if each.value == typed), None)


def _files_for_others() -> bool:
    actor = current_actor()
    return actor.capacity.is_staff and bool(decide(actor, Permission.FORM_FILE))


def _may_file_missing() -> bool:
    return current_actor().person_id is not None or _files_for_others()


def _in_office(unit: Unit | None) -> list[tuple[int, str]]:
    """The administrators who could leave office; named in full to whoever sees the unit."""
    if unit is None:
        return []
    sees = reach(current_actor(), Permission.UNIT_VIEW).covers(unit.path)
    return [
        (each.id, each.name if sees else mask_name(each.name))
        for each in administrators_of(current_session(), unit)
        if each.state is AppointmentState.CURRENT
    ]


def _ending() -> tuple[int, ...]:
    """The appointments ticked; what is no number of ours is none there is."""
    return tuple(map(_number, request.form.getlist("ending")[:20]))


def _candidate(form: Form) -> Candidate:
    known = {kind.value: kind for kind in IdType}
    id_type = known.get(form["id_type"], IdType.RESIDENT_ID)
    return Candidate(form["name"], id_type, form["id_number"])


def _number(typed: str) -> int:
    """A number from a form; nonsense is 0, which no row has."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def register(app: Flask, admin: Admin) -> None:
    """Not in the menu: the pages of cases, units and diagnoses lead here."""
    register_remedies(app)
    admin.add_view(ChangeFormsView(name="change_forms", endpoint="change_forms", url="/changes"))
