"""Every unit the visitor may see, as a list with filters, in tree order or by name."""

from typing import Any

from flask import Flask, url_for
from flask_admin import Admin
from sqlalchemy import ColumnElement, and_

from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.rules import clean_uscc, name_key
from admin_app.hierarchy.vocabulary import UnitKind, UnitStatus
from admin_app.policy.vocabulary import Permission
from admin_app.views.base import GuardedModelView
from admin_app.views.columns import Badge, ChoiceFilter, Column, Sort, TextFilter
from admin_app.web.navigation import MenuItem, add_to_menu
from admin_app.wording import Text

_TONES = {UnitStatus.ACTIVE: "good", UnitStatus.ARCHIVED: "quiet"}
_AFTER_ALL_CHARACTERS = "\U0010ffff"
_NONE = Badge(Text("没有管理员", "none"), "bad")


def _administrators(unit: Unit) -> Any:
    if unit.kind is UnitKind.DEPARTMENT:
        return None
    if unit.administrators == 0 and unit.status is UnitStatus.ACTIVE:
        return _NONE
    return unit.administrators


# One filter for the state: each choice, with or without a kind, has an index of its own.
_STATES: dict[str, tuple[Text, ColumnElement[bool]]] = {
    "vacant": (
        Text("在用，没有管理员", "in use, no administrator"),
        and_(
            Unit.status == UnitStatus.ACTIVE,
            Unit.kind != UnitKind.DEPARTMENT,
            Unit.administrators == 0,
        ),
    ),
    "administered": (Text("有管理员", "has an administrator"), Unit.administrators > 0),
    "archived": (UnitStatus.ARCHIVED.label, Unit.status == UnitStatus.ARCHIVED),
}


def begins_with(typed: str) -> ColumnElement[bool]:
    """As a range, which an index of either database can search."""
    key = name_key(typed)
    return and_(Unit.name_key >= key, Unit.name_key < key + _AFTER_ALL_CHARACTERS)


class UnitList(GuardedModelView):
    needs = Permission.UNIT_VIEW
    title = Text("单位列表", "Units")
    lead = Text(
        "您管理范围内的全部单位。要按名称的任意部分查找，请用“查找单位”。",
        "Every unit you look after. To find one by any part of its name, use “Find a unit”.",
    )
    empty = Text("没有符合条件的单位，请放宽筛选条件。", "No unit fits; try fewer filters.")
    columns = (
        Column(
            "name",
            Text("单位名称", "Name"),
            lambda unit: unit.name,
            link=lambda unit: url_for("unit.index", unit_id=unit.id),
            sort="name",
        ),
        Column("kind", Text("类别", "Kind"), lambda unit: unit.kind),
        Column("uscc", Text("统一社会信用代码", "Credit code"), lambda unit: unit.uscc, quiet=True),
        Column(
            "administrators",
            Text("管理员", "Administrators"),
            _administrators,
            exported=lambda unit: unit.administrators,
        ),
        Column(
            "status",
            Text("状态", "State"),
            lambda unit: Badge(unit.status.label, _TONES[unit.status]),
        ),
    )
    sorts = (
        Sort("tree", Text("层级顺序", "tree order"), (Unit.path,)),
        Sort("name", Text("名称", "name"), (Unit.name_key, Unit.path)),
    )
    filters = (
        TextFilter(
            "name",
            Text("名称开头", "Name begins with"),
            begins_with,
        ),
        TextFilter(
            "uscc",
            Text("统一社会信用代码", "Credit code"),
            lambda typed: Unit.uscc == clean_uscc(typed),
            hint=Text("完整的 18 位", "all 18 characters"),
        ),
        ChoiceFilter(
            "kind",
            Text("类别", "Kind"),
            [(kind.value, kind.label) for kind in UnitKind],
            lambda value: Unit.kind == UnitKind(value),
        ),
        ChoiceFilter(
            "state",
            Text("状态", "State"),
            [(key, label) for key, (label, _) in _STATES.items()],
            lambda value: _STATES[value][1],
        ),
    )


def register(app: Flask, admin: Admin) -> None:
    database = app.extensions["yihaotong.database"]
    admin.add_view(UnitList(Unit, database, endpoint="units", url="/units"))
    add_to_menu(app, MenuItem("units.index_view", UnitList.title, order=30))
