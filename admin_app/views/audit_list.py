"""The audit trail, for the auditor: what happened, who did it, in which capacity, and why."""

from datetime import timedelta

from flask import Flask, url_for
from flask_admin import Admin

from admin_app.audit.models import AuditEntry
from admin_app.audit.queries import entries_since
from admin_app.audit.vocabulary import Event
from admin_app.policy.vocabulary import Capacity, Ground, Permission
from admin_app.views.base import GuardedModelView, expose
from admin_app.views.columns import ChoiceFilter, Column, Sort, TextFilter
from admin_app.web.database import current_session
from admin_app.web.identity import now
from admin_app.web.navigation import MenuItem, add_to_menu
from admin_app.wording import Text

_BY_ITSELF = Text("平台自动", "the platform itself")
_PERIODS = {
    "1": Text("最近一天", "the last day"),
    "7": Text("最近一周", "the last week"),
    "31": Text("最近一月", "the last month"),
}


def _event(row: AuditEntry) -> Text | str:
    """The event's label; the bare word for one that a later version knows."""
    return Event(row.event).label if row.event in _EVENTS else row.event


def _capacity(row: AuditEntry) -> Text | str:
    if row.actor_person_id is None and row.actor_staff_id is None:
        return _BY_ITSELF
    known = row.actor_capacity in _CAPACITIES
    label = Capacity(row.actor_capacity).label if known else Text(*[row.actor_capacity] * 2)
    if not row.actor_office:
        return label
    at = Text("{office} · {label}", "{label}, {office}")
    return at.format(office=row.actor_office, label=label)


def _ground(row: AuditEntry) -> Text | str:
    """Why it was allowed, in the words of the decision."""
    if row.ground not in _GROUNDS:
        return row.ground
    label = Capacity(row.actor_capacity).label if row.actor_capacity in _CAPACITIES else ""
    return Ground(row.ground).text.format(unit=row.actor_office, capacity=label)


_EVENTS = {event.value for event in Event}
_CAPACITIES = {capacity.value for capacity in Capacity}
_GROUNDS = {ground.value for ground in Ground}


class AuditList(GuardedModelView):
    needs = Permission.AUDIT_VIEW
    title = Text("审计日志", "Audit log")
    lead = Text(
        "只增不改：每一项变动都与它的记录同时生效。",
        "Append-only: each change takes effect together with its record.",
    )
    empty = Text("没有符合条件的记录。", "No entry fits.")
    columns = (
        Column(
            "at",
            Text("时间", "When"),
            lambda row: row.at,
            link=lambda row: url_for("audit.entry", key=row.id),
            sort="latest",
        ),
        Column("event", Text("事项", "What"), _event),
        Column("subject", Text("对象", "About"), lambda row: row.subject),
        Column("actor", Text("办理人", "By"), lambda row: row.actor_name),
        Column("capacity", Text("身份", "As"), _capacity, quiet=True),
        Column("reason", Text("理由", "Why"), lambda row: row.reason, quiet=True),
    )
    sorts = (Sort("latest", Text("时间", "time"), (AuditEntry.id,), descending=True),)
    filters = (
        ChoiceFilter(
            "event",
            Text("事项", "What"),
            [(event.value, event.label) for event in Event],
            lambda value: AuditEntry.event == value,
        ),
        TextFilter(
            "actor",
            Text("办理人", "By"),
            lambda typed: AuditEntry.actor_name == typed,
            hint=Text("完整姓名", "whole name"),
        ),
        ChoiceFilter(
            "days",
            Text("时间", "When"),
            list(_PERIODS.items()),
            lambda value: entries_since(current_session(), now() - timedelta(days=int(value))),
        ),
    )

    @expose("/<key>/")
    def entry(self, key: str) -> str:
        """One entry with all its details."""
        row = self.get_one(key)
        return self.render(
            "audit_entry.html",
            row=row,
            event=_event(row),
            capacity=_capacity(row),
            ground=_ground(row),
        )


def register(app: Flask, admin: Admin) -> None:
    database = app.extensions["yihaotong.database"]
    admin.add_view(AuditList(AuditEntry, database, endpoint="audit", url="/audit"))
    add_to_menu(app, MenuItem("audit.index_view", AuditList.title, order=70))
