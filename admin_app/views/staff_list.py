"""Local accounts, for the security administrator to look through; commands add them."""

from typing import Any

from flask import Flask
from flask_admin import Admin
from sqlalchemy import Select
from sqlalchemy.orm import joinedload

from admin_app.identity.models import StaffAccount
from admin_app.identity.names import username_key
from admin_app.identity.vocabulary import StaffRole
from admin_app.policy.vocabulary import Permission
from admin_app.views.base import GuardedModelView
from admin_app.views.columns import Badge, ChoiceFilter, Column, Sort, TextFilter
from admin_app.web.navigation import MenuItem, add_to_menu
from admin_app.wording import Text

_ACTIVE = Badge(Text("启用", "active"), "good")
_INACTIVE = Badge(Text("停用", "disabled"), "quiet")


class StaffList(GuardedModelView):
    needs = Permission.STAFF_VIEW
    title = Text("本地账号", "Staff accounts")
    lead = Text(
        "主管部门、管理者和平台人员的账号。新增账号请使用命令 yihaotong staff add。",
        "Accounts of departments, managers and the platform. "
        "Add one with the command yihaotong staff add.",
    )
    empty = Text("没有符合条件的账号。", "No account fits.")
    columns = (
        Column("name", Text("姓名", "Name"), lambda row: row.name),
        Column("username", Text("用户名", "User name"), lambda row: row.username, sort="username"),
        Column("role", Text("角色", "Role"), lambda row: row.role),
        Column("unit", Text("部门", "Department"), lambda row: row.unit and row.unit.name),
        Column("active", Text("状态", "State"), lambda row: _ACTIVE if row.active else _INACTIVE),
        Column(
            "last",
            Text("最近登录", "Last signed in"),
            lambda row: row.last_signed_in_at,
            quiet=True,
        ),
    )
    sorts = (
        Sort("username", Text("用户名", "user name"), (StaffAccount.username,)),
        Sort("latest", Text("新增时间", "added"), (StaffAccount.id,), descending=True),
    )
    filters = (
        TextFilter(
            "q",
            Text("用户名", "User name"),
            lambda typed: StaffAccount.username.startswith(username_key(typed), autoescape=True),
            hint=Text("开头几个字符", "its first characters"),
        ),
        ChoiceFilter(
            "role",
            Text("角色", "Role"),
            [(role.value, role.label) for role in StaffRole],
            lambda value: StaffAccount.role == StaffRole(value),
        ),
    )

    def statement(self) -> Select[Any]:
        return super().statement().options(joinedload(StaffAccount.unit))


def register(app: Flask, admin: Admin) -> None:
    database = app.extensions["yihaotong.database"]
    admin.add_view(StaffList(StaffAccount, database, endpoint="staff", url="/staff"))
    add_to_menu(app, MenuItem("staff.index_view", StaffList.title, order=60))
