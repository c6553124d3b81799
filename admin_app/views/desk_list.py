"""The desk: every case within reach, by state, kind, whose it is, and what is late."""

from typing import Any

from flask import Flask, request, url_for
from flask_admin import Admin
from sqlalchemy import ColumnElement, Select, true

from admin_app.identity.names import mask_name
from admin_app.migration.blockers import Blocker
from admin_app.policy.vocabulary import Permission
from admin_app.rollups.rules import day_of
from admin_app.service_desk.case_queries import overdue, with_units
from admin_app.service_desk.case_vocabulary import CaseState, Priority
from admin_app.service_desk.models import Case
from admin_app.service_desk.rules import is_overdue
from admin_app.views.base import GuardedModelView
from admin_app.views.columns import Badge, ChoiceFilter, Column, Sort
from admin_app.views.narrowing import narrowed_to_unit
from admin_app.web.identity import current_actor, now
from admin_app.web.navigation import MenuItem, add_to_menu
from admin_app.wording import Text

TONES = {
    CaseState.FILED: "wait",
    CaseState.WAITING: "quiet",
    CaseState.IN_REVIEW: "wait",
    CaseState.APPROVED: "good",
    CaseState.REFUSED: "bad",
    CaseState.WITHDRAWN: "quiet",
    CaseState.CLOSED: "quiet",
}
_LATE = Text("超期", "overdue")
_ALL = "all"


def _who(case: Case) -> str:
    name = case.person.name if case.person else case.account.name if case.account else ""
    return mask_name(name)


def _state(value: str) -> ColumnElement[bool]:
    return true() if value == _ALL else Case.state == CaseState(value)


def _whose(value: str) -> ColumnElement[bool]:
    if value == "nobody":
        return Case.assignee_id.is_(None)
    return Case.assignee_id == (current_actor().staff_id or 0)


def _when(value: str) -> ColumnElement[bool]:
    return overdue(day_of(now())) if value == "late" else true()


def due_badge(case: Case) -> Any:
    """When it is due, marked if that is past; nothing once it is over."""
    if not case.state.is_open:
        return None
    if is_overdue(case.state, case.due_on, day_of(now())):
        return Badge(Text(f"{_LATE.zh} · {case.due_on}", f"{_LATE.en} · {case.due_on}"), "bad")
    return case.due_on


class DeskList(GuardedModelView):
    needs = Permission.CASE_VIEW
    title = Text("工单", "Cases")
    lead = Text(
        "请人工核实的申请，先到期的在前。点编号办理。",
        "What people ask the platform to put right, the most urgent date first.",
    )
    empty = Text("没有符合条件的工单。", "No case fits.")
    unit_scoped = True
    with_export = False
    columns = (
        Column(
            "number",
            Text("编号", "Number"),
            lambda row: str(row.id),
            link=lambda row: url_for("desk_case.index", filed_id=row.id),
            sort="number",
        ),
        Column("kind", Text("事项", "Kind"), lambda row: row.blocker.label),
        Column("who", Text("当事人", "Whom"), _who),
        Column(
            "state", Text("状态", "State"), lambda row: Badge(row.state.label, TONES[row.state])
        ),
        Column(
            "priority",
            Text("优先级", "Priority"),
            lambda row: (
                Badge(row.priority.label, "bad")
                if row.priority is Priority.URGENT
                else row.priority.label
            ),
        ),
        Column(
            "assignee",
            Text("承办人", "Assignee"),
            lambda row: row.assignee.name if row.assignee else None,
        ),
        Column("due", Text("到期", "Due"), due_badge, sort="due"),
        Column("filed", Text("提交", "Filed"), lambda row: row.filed_at, quiet=True),
    )
    sorts = (
        Sort("due", Text("到期", "due"), (Case.due_on, Case.id)),
        Sort("number", Text("编号", "number"), (Case.id,), descending=True),
    )
    filters = (
        ChoiceFilter(
            "state",
            Text("状态", "State"),
            [
                *((state.value, state.label) for state in CaseState),
                (_ALL, Text("全部，含已办结", "all, also what is over")),
            ],
            _state,
            any_label=Text("未办结", "open"),
        ),
        ChoiceFilter(
            "kind",
            Text("事项", "Kind"),
            [(blocker.value, blocker.label) for blocker in Blocker],
            lambda value: Case.blocker == Blocker(value),
        ),
        ChoiceFilter(
            "whose",
            Text("承办人", "Assignee"),
            [("mine", Text("我的", "mine")), ("nobody", Text("无人承办", "nobody"))],
            _whose,
        ),
        ChoiceFilter("when", Text("到期", "Due"), [("late", _LATE)], _when),
        narrowed_to_unit(Permission.CASE_VIEW),
    )

    def statement(self) -> Select[Any]:
        """The open ones, unless a state is asked for."""
        asked = request.args.get("state", "")
        statement = with_units(super().statement())
        known = {_ALL, *(state.value for state in CaseState)}
        return statement if asked in known else statement.where(Case.ended_at.is_(None))


def register(app: Flask, admin: Admin) -> None:
    database = app.extensions["yihaotong.database"]
    admin.add_view(DeskList(Case, database, endpoint="desk", url="/desk"))
    add_to_menu(
        app,
        MenuItem(
            "desk.index_view",
            DeskList.title,
            order=44,
            covers=("desk_case",),
            hint=Text(
                "请人工核实的申请：接办、核实、审定。",
                "What people ask to have put right: take, review, decide.",
            ),
            icon="clock",
        ),
    )
