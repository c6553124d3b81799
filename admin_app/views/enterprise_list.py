"""The enterprises by where they stand; each row leads to its diagnosis."""

from typing import Any

from flask import Flask, url_for
from flask_admin import Admin
from sqlalchemy import Select
from sqlalchemy.orm import with_expression

from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.rules import clean_uscc
from admin_app.hierarchy.vocabulary import UnitKind, UnitStatus
from admin_app.migration.blockers import Blocker
from admin_app.migration.rules import Standing
from admin_app.migration.standing_sql import enterprise_standing, enterprises_standing, read
from admin_app.migration.vocabulary import AccountState
from admin_app.policy.vocabulary import Permission
from admin_app.rollups.stages import enterprises_stopped_at
from admin_app.views.account_list import BLOCKERS, STATES, badge_of, blocker_of
from admin_app.views.base import GuardedModelView
from admin_app.views.columns import ChoiceFilter, Column, Sort, TextFilter
from admin_app.views.narrowing import narrowed_to_region, narrowed_to_stage, narrowed_to_unit
from admin_app.views.unit_list import begins_with
from admin_app.web.database import current_session
from admin_app.web.navigation import MenuItem, add_to_menu
from admin_app.wording import Text


def standing_of(unit: Unit) -> Standing:
    return read(unit.standing or "")


class EnterpriseList(GuardedModelView):
    needs = Permission.FIGURES_VIEW  # nothing here says anything of a person
    title = Text("企事业单位迁移", "Enterprises")
    lead = Text(
        "您管理范围内在用的一级单位，各办到哪一步。点名称看卡在哪里、该找谁。",
        "The first-level units in use within your reach and where each stands. The name leads to "
        "what holds it up.",
    )
    list_template = "diagnosis/enterprises.html"
    empty = Text("没有符合条件的单位，请放宽筛选条件。", "No unit fits; try fewer filters.")
    columns = (
        Column(
            "name",
            Text("单位名称", "Name"),
            lambda unit: unit.name,
            link=lambda unit: url_for("diagnosis.unit", unit_id=unit.id),
        ),
        Column("uscc", Text("统一社会信用代码", "Credit code"), lambda unit: unit.uscc, quiet=True),
        Column("state", Text("状态", "State"), lambda unit: badge_of(standing_of(unit))),
        Column("blocker", Text("卡点", "Blocker"), lambda unit: blocker_of(standing_of(unit))),
    )
    sorts = (Sort("tree", Text("层级顺序", "tree order"), (Unit.path,)),)
    filters = (
        ChoiceFilter(
            "state",
            Text("状态", "State"),
            STATES,
            lambda value: enterprises_standing(current_session(), AccountState(value)),
        ),
        ChoiceFilter(
            "blocker",
            Text("卡点", "Blocker"),
            BLOCKERS,
            lambda value: enterprises_standing(current_session(), None, Blocker(value)),
        ),
        TextFilter("name", Text("名称开头", "Name begins with"), begins_with),
        TextFilter(
            "uscc",
            Text("统一社会信用代码", "Credit code"),
            lambda typed: Unit.uscc == clean_uscc(typed),
            hint=Text("完整的 18 位", "all 18 characters"),
        ),
        narrowed_to_unit(Permission.FIGURES_VIEW),
        narrowed_to_region(),
        narrowed_to_stage(enterprises_stopped_at),
    )

    def statement(self) -> Select[Any]:
        return (
            super()
            .statement()
            .where(Unit.kind == UnitKind.FIRST_LEVEL, Unit.status == UnitStatus.ACTIVE)
            .options(with_expression(Unit.standing, enterprise_standing()))
            # What the request has loaded before must get the expression too.
            .execution_options(populate_existing=True)
        )


def register(app: Flask, admin: Admin) -> None:
    database = app.extensions["yihaotong.database"]
    admin.add_view(EnterpriseList(Unit, database, endpoint="enterprises", url="/enterprises"))
    add_to_menu(app, MenuItem("enterprises.index_view", Text("企业迁移", "Enterprises"), order=47))
