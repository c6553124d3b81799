"""A unit's page: where it stands, who administers it, who may change that and why, its history."""

from flask import Flask, request
from flask_admin import Admin
from sqlalchemy import select

from admin_app.audit.queries import entries_about_unit
from admin_app.audit.vocabulary import Event
from admin_app.delegation.queries import (
    administrators_of,
    authorities_over,
    former_administrators_of,
)
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import children_of, count_up_to, within
from admin_app.hierarchy.rules import allowed_under
from admin_app.hierarchy.vocabulary import UnitKind, UnitStatus
from admin_app.identity.queries import representative_of
from admin_app.policy.reach import Reach
from admin_app.policy.rules import reach
from admin_app.policy.vocabulary import Capacity, Permission
from admin_app.service_desk.forms import kinds_for
from admin_app.views.base import PageView, expose
from admin_app.views.subjects import NUMBER, decisions_about, viewed_unit, way_to
from admin_app.web.database import current_session
from admin_app.web.identity import current_actor

CHILDREN_SHOWN = 12
ENTRIES_SHOWN = 15


class UnitView(PageView):
    needs = Permission.UNIT_VIEW

    @expose(f"/<{NUMBER}:unit_id>/")
    def index(self, unit_id: int) -> str:
        session, unit = current_session(), viewed_unit(unit_id)
        scope = reach(current_actor(), Permission.UNIT_VIEW)
        below = select(Unit).where(
            within(Reach(unit.path, strict=True)), Unit.status == UnitStatus.ACTIVE
        )
        return self.render(
            "units/unit.html",
            unit=unit,
            way=way_to(unit),
            may=decisions_about(unit),
            representative=representative_of(session, unit),
            administrators=administrators_of(session, unit),
            former=former_administrators_of(session, unit),
            authorities=authorities_over(session, unit),
            children=children_of(session, scope, unit, limit=CHILDREN_SHOWN),
            below=count_up_to(session, below),
            child_kinds=allowed_under(unit.kind),
            entries=entries_about_unit(session, unit.id, limit=ENTRIES_SHOWN),
            entries_shown=ENTRIES_SHOWN,
            event_label=event_label,
            capacity_label=capacity_label,
            may_file=bool(kinds_for(session, current_actor(), unit)),
            sees_members=unit.kind is not UnitKind.DEPARTMENT
            and reach(current_actor(), Permission.ACCOUNT_VIEW).covers(unit.path),
        )

    @expose(f"/<{NUMBER}:unit_id>/history")
    def history(self, unit_id: int) -> str:
        """The whole history, page by page, latest first."""
        unit = viewed_unit(unit_id)
        before = request.args.get("before", "")
        number = int(before) if before.isdecimal() and len(before) < 10 else None
        entries = entries_about_unit(current_session(), unit.id, before=number, limit=50)
        return self.render(
            "units/history.html",
            unit=unit,
            way=way_to(unit),
            entries=entries,
            more=len(entries) == 50,
            event_label=event_label,
            capacity_label=capacity_label,
        )


def event_label(event: str) -> object:
    """What the catalogue calls an event; the bare word for one of a later version."""
    return Event(event).label if event in {e.value for e in Event} else event


def capacity_label(capacity: str) -> object:
    """What a stored capacity is called."""
    return Capacity(capacity).label if capacity in {c.value for c in Capacity} else capacity


def register(app: Flask, admin: Admin) -> None:
    admin.add_view(UnitView(name="unit", endpoint="unit", url="/unit"))
