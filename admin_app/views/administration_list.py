"""The units that need administrators by where they stand, without names of people."""

from typing import Any

from flask import Flask, url_for
from flask_admin import Admin
from sqlalchemy import Select, and_
from sqlalchemy.orm import with_expression

from admin_app.hierarchy.models import Unit
from admin_app.migration.counts import Counted
from admin_app.policy.vocabulary import Permission
from admin_app.rollups.models import UnitStanding
from admin_app.views.account_list import BLOCKERS, STATES, badge_of, blocker_of
from admin_app.views.base import GuardedModelView
from admin_app.views.columns import ChoiceFilter, Column, Sort, TextFilter
from admin_app.views.enterprise_list import standing_of
from admin_app.views.narrowing import narrowed_to_region, narrowed_to_unit
from admin_app.views.unit_list import begins_with
from admin_app.wording import Text


class AdministrationList(GuardedModelView):
    needs = Permission.FIGURES_VIEW
    title = Text("单位管理员的指定", "Administrators to be named")
    lead = Text(
        "您管理范围内在用的单位，管理员是否已经指定。点名称看卡在哪里、该找谁。",
        "The units in use within your reach and whether they have administrators. The name leads "
        "to what holds it up.",
    )
    empty = Text("没有符合条件的单位，请放宽筛选条件。", "No unit fits; try fewer filters.")
    columns = (
        Column(
            "name",
            Text("单位名称", "Name"),
            lambda unit: unit.name,
            link=lambda unit: url_for("diagnosis.unit", unit_id=unit.id),
        ),
        Column("kind", Text("类别", "Kind"), lambda unit: unit.kind),
        Column("state", Text("状态", "State"), lambda unit: badge_of(standing_of(unit))),
        Column("blocker", Text("卡点", "Blocker"), lambda unit: blocker_of(standing_of(unit))),
    )
    sorts = (Sort("tree", Text("层级顺序", "tree order"), (Unit.path,)),)
    filters = (
        ChoiceFilter(
            "state", Text("状态", "State"), STATES, lambda value: UnitStanding.state == value
        ),
        ChoiceFilter(
            "blocker",
            Text("卡点", "Blocker"),
            BLOCKERS,
            lambda value: UnitStanding.blocker == value,
        ),
        TextFilter("name", Text("名称开头", "Name begins with"), begins_with),
        narrowed_to_unit(Permission.FIGURES_VIEW),
        narrowed_to_region(),
    )

    def statement(self) -> Select[Any]:
        kept = and_(
            UnitStanding.unit_id == Unit.id, UnitStanding.kind == Counted.ADMINISTRATORS.value
        )
        written = UnitStanding.state.concat("/").concat(UnitStanding.blocker)
        return (
            super()
            .statement()
            .join(UnitStanding, kept)
            .options(with_expression(Unit.standing, written))
            # What the request has loaded before must get the expression too.
            .execution_options(populate_existing=True)
        )


def register(app: Flask, admin: Admin) -> None:
    database = app.extensions["yihaotong.database"]
    admin.add_view(
        AdministrationList(Unit, database, endpoint="administration", url="/administration")
    )
