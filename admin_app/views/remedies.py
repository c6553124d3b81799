"""From a line of the reconciliation to the change form that helps, filled in; and back again."""

from typing import NamedTuple

from flask import Flask, url_for

from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.representations import held_by_anybody
from admin_app.migration.reconciliation import Line
from admin_app.policy.rules import decide, reach
from admin_app.policy.vocabulary import Permission
from admin_app.service_desk.cases import is_own
from admin_app.service_desk.form_vocabulary import FormKind
from admin_app.service_desk.forms import codes_of, may_file, open_form
from admin_app.service_desk.models import Case
from admin_app.service_desk.remedies import Remedy, remedies_of
from admin_app.web.database import current_session
from admin_app.web.identity import current_actor


class WayOut(NamedTuple):
    """A form to fill in, or, once it is on file, the case."""

    kind: FormKind
    address: str
    on_file: bool = False


def ways_out(line: Line) -> list[WayOut]:
    """The forms the visitor may file about a line; of those on file the cases they may see."""
    return [way for each in remedies_of(line) if (way := _way_out(line.unit, each)) is not None]


def lines_about(unit: Unit | None, uscc: str = "") -> str | None:
    """Where the visitor sees a unit reconciled, or what is reported by a code; none: nowhere."""
    seen = reach(current_actor(), Permission.ACCOUNT_VIEW)
    is_reported = bool(uscc) and held_by_anybody(current_session(), uscc) is not None
    if unit is None:
        found = is_reported and seen.is_everywhere
        return url_for("reconciliation.index", q=uscc) if found else None
    if unit.kind is not UnitKind.FIRST_LEVEL or not seen.covers(unit.path):
        return None
    return url_for("reconciliation.index", q=uscc if is_reported else unit.uscc or unit.name)


def sees_case(case: Case) -> bool:
    """Whether the visitor may open a case: their own, one of their unit, or at the desk."""
    actor, unit = current_actor(), case.unit
    if actor.person_id is not None:
        return is_own(current_session(), actor, case)
    return unit is not None and reach(actor, Permission.CASE_VIEW).covers(unit.path)


def address_of_case(case: Case) -> str:
    if current_actor().person_id is not None:
        return url_for("cases.case", case_id=case.id)
    return url_for("desk_case.index", filed_id=case.id)


def _way_out(unit: Unit | None, remedy: Remedy) -> WayOut | None:
    session, actor, kind = current_session(), current_actor(), remedy.kind
    if unit is None:
        mine = actor.person_id is not None and remedy.uscc in codes_of(session, actor.person_id)
        if not mine and not (actor.capacity.is_staff and decide(actor, Permission.FORM_FILE)):
            return None
        on_file = open_form(session, kind, 0, remedy.uscc)
        form = url_for("change_forms.missing", uscc=remedy.uscc, name=remedy.name)
    else:
        if not may_file(session, actor, kind, unit):
            return None
        on_file = open_form(session, kind, unit.id)
        name, uscc = remedy.name or None, remedy.uscc or None
        address = "change_forms.unit"
        form = url_for(address, unit_id=unit.id, kind=kind.value, name=name, uscc=uscc)
    if on_file is None:
        return WayOut(kind, form)
    return WayOut(kind, address_of_case(on_file), on_file=True) if sees_case(on_file) else None


def register(app: Flask) -> None:
    app.jinja_env.globals.update(ways_out=ways_out, lines_about=lines_about)
