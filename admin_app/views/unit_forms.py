"""Changing the tree from a unit's page: create below it, rename, move, archive, restore.

When somebody else changed the unit while a form was open, the form comes back with what was
typed beside what is there now; sending it once more means knowing both.
"""

from collections.abc import Callable

from flask import Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import Admin

from admin_app.delegation.facts import facts_of
from admin_app.delegation.operations import close_unit
from admin_app.delegation.queries import administrators_of
from admin_app.errors import DomainError, NotFound
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.operations import create_unit, move_unit, rename_unit, restore_unit
from admin_app.hierarchy.queries import chains, get_unit
from admin_app.hierarchy.rules import allowed_under
from admin_app.hierarchy.search import Found, search_units
from admin_app.hierarchy.vocabulary import ChangedMeanwhile, UnitKind
from admin_app.policy.rules import decide, reach
from admin_app.policy.vocabulary import Permission, Refused
from admin_app.views.base import PageView, expose
from admin_app.views.subjects import NUMBER, decisions_about, steps, viewed_unit, way_to
from admin_app.web import gate
from admin_app.web.database import current_session
from admin_app.web.forms import Form, read_form
from admin_app.web.identity import current_actor, make_act
from admin_app.web.kept import REASON, UNIT_NAME, keeps_typed
from admin_app.web.notices import tell
from admin_app.wording import Text

_BOTH = ("GET", "POST")


class UnitFormsView(PageView):
    needs = Permission.UNIT_VIEW

    @expose(f"/<{NUMBER}:unit_id>/create", methods=_BOTH)
    @gate.needs(Permission.UNIT_CREATE)
    @keeps_typed(name=UNIT_NAME, reason=REASON)
    def create(self, unit_id: int) -> ResponseReturnValue:
        parent = _subject(unit_id, Permission.UNIT_CREATE)
        kinds = allowed_under(parent.kind)
        form = read_form("kind", "name", "uscc", "reason")
        if request.method == "POST":
            with form.attempt():
                kind = _kind(form["kind"], kinds)
                unit = create_unit(
                    make_act(form["reason"]), facts_of, parent.id, kind, form["name"], form["uscc"]
                )
            if form.is_fine:
                tell(Text("已新增“{name}”。", "“{name}” was created.").format(name=unit.name))
                return redirect(url_for("unit.index", unit_id=unit.id))
        return self._page("units/create.html", parent, form, kinds=kinds)

    @expose(f"/<{NUMBER}:unit_id>/rename", methods=_BOTH)
    @gate.needs(Permission.UNIT_RENAME)
    @keeps_typed(name=UNIT_NAME, reason=REASON)
    def rename(self, unit_id: int) -> ResponseReturnValue:
        unit = _subject(unit_id, Permission.UNIT_RENAME)
        form = self._form(unit, "name")
        if request.method == "GET":
            form.values["name"] = unit.name
        return self._change(
            "units/rename.html",
            unit,
            form,
            lambda version: rename_unit(
                make_act(form["reason"]), facts_of, unit.id, form["name"], version
            ),
            Text("已更名为“{name}”。", "Renamed to “{name}”."),
        )

    @expose(f"/<{NUMBER}:unit_id>/move", methods=_BOTH)
    @gate.needs(Permission.UNIT_MOVE)
    @keeps_typed(reason=REASON)
    def move(self, unit_id: int) -> ResponseReturnValue:
        """Choose the new parent by searching among the units where one may create."""
        unit = _subject(unit_id, Permission.UNIT_MOVE)
        form = self._form(unit, "parent")
        typed = request.args.get("q", "").replace("\x00", "").strip()[:100]
        found = Found(())
        if typed:
            with form.attempt():
                found = search_units(
                    current_session(), reach(current_actor(), Permission.UNIT_CREATE), typed
                )
        above = chains(current_session(), found.units)
        return self._change(
            "units/move.html",
            unit,
            form,
            lambda version: move_unit(
                make_act(form["reason"]), facts_of, unit.id, _parent(form), version
            ),
            Text("“{name}”已移动。", "“{name}” was moved."),
            typed=typed,
            found=found,
            ways={hit.id: steps(above[hit.id]) for hit in found.units},
        )

    @expose(f"/<{NUMBER}:unit_id>/archive", methods=_BOTH)
    @gate.needs(Permission.UNIT_ARCHIVE)
    @keeps_typed(reason=REASON)
    def archive(self, unit_id: int) -> ResponseReturnValue:
        unit = _subject(unit_id, Permission.UNIT_ARCHIVE)
        form = self._form(unit)
        return self._change(
            "units/archive.html",
            unit,
            form,
            lambda version: close_unit(make_act(form["reason"]), unit.id, version),
            Text(
                "“{name}”已停用，其管理员的任职随之结束。",
                "“{name}” was archived, and the offices at it have ended.",
            ),
            administrators=administrators_of(current_session(), unit),
        )

    @expose(f"/<{NUMBER}:unit_id>/restore", methods=_BOTH)
    @gate.needs(Permission.UNIT_RESTORE)
    @keeps_typed(reason=REASON)
    def restore(self, unit_id: int) -> ResponseReturnValue:
        unit = _subject(unit_id, Permission.UNIT_RESTORE)
        form = self._form(unit)
        return self._change(
            "units/restore.html",
            unit,
            form,
            lambda version: restore_unit(make_act(form["reason"]), facts_of, unit.id, version),
            Text("“{name}”已恢复使用。", "“{name}” is in use again."),
        )

    def _form(self, unit: Unit, *names: str) -> Form:
        form = read_form(*names, "reason", "version")
        if request.method == "GET":
            form.values["version"] = str(unit.version)
        return form

    def _change(
        self,
        template: str,
        unit: Unit,
        form: Form,
        change: Callable[[int], Unit],
        done: Text,
        **values: object,
    ) -> ResponseReturnValue:
        """Show the form, or make the change; a stale form comes back with both versions."""
        changed_meanwhile = False
        if request.method == "POST":
            with form.attempt():
                changed = change(_number(form["version"]))
            if form.is_fine:
                tell(done.format(name=changed.name))
                return redirect(url_for("unit.index", unit_id=changed.id))
            if isinstance(form.refusal, ChangedMeanwhile):
                changed_meanwhile = True
                current_session().refresh(unit)
                form.values["version"] = str(unit.version)
        return self._page(template, unit, form, changed_meanwhile=changed_meanwhile, **values)

    def _page(self, template: str, unit: Unit, form: Form, **values: object) -> ResponseReturnValue:
        page = self.render(
            template,
            unit=unit,
            way=way_to(unit),
            may=decisions_about(unit),
            form=form,
            **values,
        )
        return page, form.status


class KindMissing(DomainError):
    code = "unit_kind_missing"
    text = Text("请选择单位类别。", "Please choose the kind of unit.")


class ParentMissing(DomainError):
    code = "unit_parent_missing"
    text = Text("请先查找并选择新的上级单位。", "Find and choose the new unit above first.")


def _subject(unit_id: int, permission: Permission) -> Unit:
    """The unit a form is about; who may not send the form reads why instead of filling it in."""
    unit = viewed_unit(unit_id)
    decision = decide(current_actor(), permission, facts_of(current_session(), unit))
    if request.method == "GET" and not decision:
        raise Refused(decision.ground, decision.sentence)
    return unit


def _kind(typed: str, allowed: tuple[UnitKind, ...]) -> UnitKind:
    if len(allowed) == 1:
        return allowed[0]
    found = next((kind for kind in allowed if kind.value == typed), None)
    if found is None:
        raise KindMissing(field="kind")
    return found


def _parent(form: Form) -> int:
    number = _number(form["parent"])
    if number == 0:
        raise ParentMissing(field="parent")
    try:
        scope = reach(current_actor(), Permission.UNIT_CREATE)
        return get_unit(current_session(), scope, number).id
    except NotFound:
        raise ParentMissing(field="parent") from None


def _number(typed: str) -> int:
    """A number from a hidden field; nonsense is 0, which no row has."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def register(_app: Flask, admin: Admin) -> None:
    admin.add_view(UnitFormsView(name="unit_forms", endpoint="unit_forms", url="/unit"))
