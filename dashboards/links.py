"""From a mark in a chart to the list behind it, narrowed the same way, if one may see it."""

from dataclasses import replace

from flask import url_for

from admin_app.migration.counts import Counted
from admin_app.policy.vocabulary import Permission
from admin_app.web.gate import permits
from admin_app.wording import Text
from dashboards.choice import search_of
from dashboards.values import Choice, Mark

PAGE = "/dashboard/"
_URGE = Text("去督办…", "Urge them…")
_SEE_ALL = Text("看全部名单", "See the whole list")

# What is counted: the list of it, what it takes to open that, and what narrows it to the kind.
_LISTS = {
    Counted.LEGAL_REPRESENTATIVES: ("legacy_accounts", Permission.ACCOUNT_VIEW, {"kind": "unit"}),
    Counted.NATURAL_PERSONS: ("legacy_accounts", Permission.ACCOUNT_VIEW, {"kind": "personal"}),
    Counted.ENTERPRISES: ("enterprises", Permission.FIGURES_VIEW, {}),
    Counted.ADMINISTRATORS: ("administration", Permission.FIGURES_VIEW, {}),
}


def page_of(choice: Choice, **changes: object) -> str:
    """The dashboard with a choice, perhaps changed."""
    search = search_of(choice, **changes)
    return f"{PAGE}?{search}" if search else PAGE


def address_of(mark: Mark | None, choice: Choice) -> str | None:
    """Where a click on a mark leads, if anywhere."""
    if mark is None:
        return None
    if mark.listed_unit_id is not None:
        return url_for("diagnosis.unit", unit_id=mark.listed_unit_id)
    if mark.on_desk is not None:
        return on_desk(mark, choice)
    if mark.state or mark.blocker or mark.stage:
        return list_behind(mark, choice)
    changes = {"unit_id": mark.unit_id, "region": mark.region, "counted": mark.counted}
    changed = {name: value for name, value in changes.items() if value is not None}
    return page_of(choice, **changed) if changed else None


def urging(choice: Choice) -> tuple[Text, str] | None:
    """Where those who hold up the most are urged, or listed, with what to call the way there."""
    if not permits(Permission.LEVER_VIEW):
        return None
    where = {"unit": choice.unit_id, "region": choice.region or None}
    address = url_for("urging.index", **where)  # type: ignore[arg-type]  # names of filters
    return _URGE if permits(Permission.UNIT_URGE) else _SEE_ALL, address


def on_desk(mark: Mark, choice: Choice) -> str | None:
    """The desk's list of the cases that a mark counts; who doesn't see cases goes on to what they
    are about, or down into the department they are counted for, if any."""
    about = mark.counted or choice.counted
    if not permits(Permission.CASE_VIEW):
        changed = replace(choice, counted=about, unit_id=mark.unit_id or choice.unit_id)
        return page_of(changed) if changed != choice else None
    filters = {
        "unit": mark.unit_id or choice.unit_id,
        "region": choice.region or None,
        "about": None if mark.on_desk and mark.on_desk.is_of_any else about.value,
        "kind": mark.case_kind.value if mark.case_kind else None,
        "when": "late" if mark.on_desk and mark.on_desk.is_overdue else None,
    }
    return url_for("desk.index_view", **filters)  # type: ignore[arg-type]  # names of filters


def list_behind(mark: Mark, choice: Choice) -> str | None:
    """The list of what a mark counts, in its unit and region or those chosen."""
    name, needed, kind = _LISTS[mark.counted or choice.counted]
    if not permits(needed):
        return None
    filters = {
        **kind,
        "unit": mark.unit_id or choice.unit_id,
        "region": mark.region or choice.region or None,
        "state": mark.state.value if mark.state else None,
        "blocker": mark.blocker.value if mark.blocker else None,
        "stage": mark.stage.value if mark.stage else None,
    }
    wanted = {key: str(value) for key, value in filters.items() if value is not None}
    return url_for(f"{name}.index_view", **wanted)  # type: ignore[arg-type]  # names of filters
