"""The desk: every case within reach, searched, narrowed and saved as views; many done at once."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import Admin
from sqlalchemy import Select, select

from admin_app.identity.models import Person
from admin_app.identity.names import mask_name
from admin_app.identity.vocabulary import IdType
from admin_app.migration.models import LegacyAccount
from admin_app.policy.rules import decide
from admin_app.policy.vocabulary import Permission
from admin_app.rollups.rules import day_of
from admin_app.service_desk.case_queries import colleagues, reminders_of, with_units
from admin_app.service_desk.case_search import number_index
from admin_app.service_desk.case_vocabulary import CaseState, Priority
from admin_app.service_desk.models import Case
from admin_app.service_desk.replies import REPLIES
from admin_app.service_desk.rules import is_overdue
from admin_app.service_desk.saved_views import NAME_MOST, views_of
from admin_app.service_desk.steps import named
from admin_app.views.base import GuardedModelView, expose
from admin_app.views.columns import Badge, Column, Sort
from admin_app.views.desk_filters import (
    ALL,
    FILTERS,
    KEPT,
    LATE,
    NOBODY,
    builtin_views,
    is_cut_short,
    newest_alone,
    offered_sorts,
    shows_open_alone,
)
from admin_app.web import gate
from admin_app.web.database import current_session
from admin_app.web.forms import Form, read_form
from admin_app.web.identity import current_actor, now, sealer
from admin_app.web.language import day
from admin_app.web.navigation import MenuItem, Panel, add_panel, add_to_menu
from admin_app.web.notices import tell
from admin_app.web.transaction import reads
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


def who(case: Case) -> str:
    return named(case) if case.form is not None else mask_name(named(case))


def due_badge(case: Case) -> Any:
    """When it is due, marked if that is past; nothing once it is over."""
    if not case.state.is_open:
        return None
    if is_overdue(case.state, case.due_on, day_of(now())):
        due = day(case.due_on)
        return Badge(Text(f"{LATE.zh} · {due}", f"{LATE.en} · {due}"), "bad")
    return case.due_on


def kept_query(pairs: list[tuple[str, str]]) -> str:
    """Of an address's arguments those that a view keeps, in one order: equal views are equal."""
    return urlencode(sorted((key, value) for key, value in pairs if key in KEPT and value))


def bulk_choices() -> dict[str, Any]:
    """What the form for many cases offers."""
    own = current_actor().staff_id
    return {
        "colleagues": [(c.id, c.name) for c in colleagues(current_session()) if c.id != own],
        "priorities": [(each.value, each.label) for each in Priority],
        "replies": [("", Text("不用常用语", "none")), *((k, r.label) for k, r in REPLIES.items())],
    }


class DeskList(GuardedModelView):
    needs = Permission.CASE_VIEW
    title = Text("工单", "Cases")
    lead = Text(
        "请人工核实的申请，紧急的、先到期的在前。点编号办理。",
        "What people ask the platform to put right: the urgent first, then by date.",
    )
    empty = Text("没有符合条件的工单。", "No case fits.")
    unit_scoped = True
    with_export = False
    list_template = "desk/list.html"
    columns = (
        Column(
            "number",
            Text("编号", "Number"),
            lambda row: str(row.id),
            link=lambda row: url_for("desk_case.index", filed_id=row.id),
            sort="number",
        ),
        Column("kind", Text("事项", "Kind"), lambda row: row.kind.label),
        Column("who", Text("当事人或单位", "Whom or which unit"), who),
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
            sort="first",
        ),
        Column(
            "assignee",
            Text("承办人", "Assignee"),
            lambda row: row.assignee.name if row.assignee else None,
        ),
        Column("due", Text("到期", "Due"), due_badge, sort="due"),
        Column("filed", Text("提交", "Filed"), lambda row: row.filed_at, quiet=True),
    )
    filters = FILTERS

    @property
    def sorts(self) -> tuple[Sort, ...]:  # type: ignore[override]
        return offered_sorts()

    def statement(self) -> Select[Any]:
        statement = with_units(super().statement())
        if shows_open_alone():
            return statement.where(Case.ended_at.is_(None))
        return statement.where(newest_alone())

    def page_values(self) -> dict[str, Any]:
        actor, session = current_actor(), current_session()
        works = bool(decide(actor, Permission.CASE_WORK)) and actor.staff_id is not None
        query = kept_query(list(request.args.items()))
        builtin = [(name, kept_query(list(f.items()))) for name, f in builtin_views()]
        return {
            "works": works,
            "query": query,
            "builtin": builtin,
            "saved": views_of(session, actor.staff_id) if works and actor.staff_id else [],
            "staff_id": actor.staff_id,
            "name_most": NAME_MOST,
            "is_new_view": bool(query) and query not in {each for _, each in builtin},
            "cut_short": is_cut_short(),
            "id_types": [(each.value, each.label) for each in IdType],
            "form": Form(),
            **(bulk_choices() if works else {}),
        }

    @expose("/find", methods=("POST",))
    @reads
    @gate.needs(Permission.CASE_WORK)
    def find(self) -> ResponseReturnValue:
        """Cases of whoever has an ID number, which goes into no address."""
        form = read_form("id_type", "id_number")
        whom = NOBODY
        with form.attempt():
            known = {kind.value: kind for kind in IdType}
            id_type = known.get(form["id_type"], IdType.RESIDENT_ID)
            whom = _row_with(number_index(sealer(), id_type, form["id_number"]))
        if form.refusal is not None:
            tell(form.refusal.sentence, "bad")
            return redirect(url_for("desk.index_view"))
        return redirect(url_for("desk.index_view", state=ALL, whom=whom))


def _row_with(index: bytes) -> str:
    """A row that has an ID number, as the filter takes it; which cases are seen is the list's."""
    session = current_session()
    for mark, model in (("p", Person), ("a", LegacyAccount)):
        found = session.scalar(select(model.id).where(model.id_index == index).limit(1))
        if found is not None:
            return f"{mark}{found}"
    return NOBODY


def read_query(typed: str) -> str:
    """A view's filters as a form brings them back."""
    try:
        return kept_query(parse_qsl(typed, max_num_fields=20))
    except ValueError:
        return ""


def reminders() -> Panel | None:
    """What the start page tells a member of support: what is late, and what waits for them."""
    actor = current_actor()
    if actor.staff_id is None or not decide(actor, Permission.CASE_WORK):
        return None
    told = reminders_of(current_session(), actor.staff_id, day_of(now()))
    return Panel("panels/desk.html", told) if any(told.values()) else None


def register(app: Flask, admin: Admin) -> None:
    database = app.extensions["yihaotong.database"]
    admin.add_view(DeskList(Case, database, endpoint="desk", url="/desk"))
    add_panel(app, reminders, order=15)
    add_to_menu(
        app,
        MenuItem(
            "desk.index_view",
            DeskList.title,
            order=44,
            covers=("desk_case", "desk_bulk", "desk_views", "desk_turns"),
            hint=Text(
                "请人工核实的申请：接办、核实、审定。",
                "What people ask to have put right: take, review, decide.",
            ),
            icon="clock",
        ),
    )
