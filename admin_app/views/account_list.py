"""The old accounts by kind, state and blocker; each row leads to its diagnosis."""

from typing import Any

from flask import Flask, request, url_for
from flask_admin import Admin
from sqlalchemy import Select
from sqlalchemy.orm import contains_eager, with_expression

from admin_app.hierarchy.models import Unit
from admin_app.identity.names import username_key
from admin_app.migration.blockers import Blocker
from admin_app.migration.models import LegacyAccount
from admin_app.migration.rules import Standing
from admin_app.migration.standing_sql import (
    accounts_held_by,
    accounts_standing,
    followed_standing,
    read,
)
from admin_app.migration.vocabulary import AccountKind, AccountState
from admin_app.policy.reach import Reach
from admin_app.policy.vocabulary import Permission
from admin_app.rollups.stages import persons_stopped_at
from admin_app.views.base import GuardedModelView
from admin_app.views.columns import Badge, ChoiceFilter, Column, Sort, TextFilter
from admin_app.views.narrowing import narrowed_to_region, narrowed_to_stage, narrowed_to_unit
from admin_app.views.unit_list import begins_with
from admin_app.web.navigation import MenuItem, add_to_menu
from admin_app.wording import Text

TONES = {
    AccountState.MIGRATED: "good",
    AccountState.IN_PROGRESS: "wait",
    AccountState.STUCK: "bad",
    AccountState.NOT_STARTED: "quiet",
}
STATES = [(state.value, state.label) for state in AccountState]
BLOCKERS = [(blocker.value, blocker.label) for blocker in Blocker]


def standing_of(account: LegacyAccount) -> Standing:
    """What is kept with the account; for administrators' accounts what follows from the unit."""
    if account.state is not None:
        return Standing(account.state, account.blocker)
    return read(account.followed or "")


def badge_of(standing: Standing) -> Badge:
    return Badge(standing.state.label, TONES[standing.state])


def blocker_of(standing: Standing) -> Text | None:
    return standing.blocker.label if standing.blocker else None


def _kind_asked_for() -> AccountKind | None:
    """What the filter by kind says: the others need not be looked at for their state."""
    asked = request.args.get("kind", "")
    return next((kind for kind in AccountKind if kind.value == asked), None)


class AccountList(GuardedModelView):
    needs = Permission.ACCOUNT_VIEW
    title = Text("原账号", "Old accounts")
    lead = Text(
        "您管理范围内原平台的账号，各办到哪一步。点用户名看卡在哪里、该找谁。",
        "The old platform's accounts within your reach and where each stands. The user name leads "
        "to what holds it up.",
    )
    empty = Text("没有符合条件的账号，请放宽筛选条件。", "No account fits; try fewer filters.")
    unit_scoped = True
    columns = (
        Column(
            "username",
            Text("原用户名", "User name"),
            lambda row: row.username,
            link=lambda row: url_for("diagnosis.account", account_id=row.id),
            sort="number",
        ),
        Column("kind", Text("类别", "Kind"), lambda row: row.kind),
        Column("name", Text("姓名或名称", "Name"), lambda row: row.name),
        Column("unit", Text("单位", "Unit"), lambda row: row.unit and row.unit.name, sort="tree"),
        Column("state", Text("状态", "State"), lambda row: badge_of(standing_of(row))),
        Column("blocker", Text("卡点", "Blocker"), lambda row: blocker_of(standing_of(row))),
        Column(
            "since",
            Text("何时起", "Since"),
            lambda row: row.stated_at if row.state is not None else None,
            quiet=True,
        ),
    )
    sorts = (
        Sort("number", Text("导入顺序", "as imported"), (LegacyAccount.id,)),
        Sort(
            "tree",
            Text("层级顺序", "tree order"),
            (Unit.path, LegacyAccount.id),
            keys=lambda row: (row.unit.path, row.id),
        ),
    )
    filters = (
        ChoiceFilter(
            "kind",
            Text("类别", "Kind"),
            [(kind.value, kind.label) for kind in AccountKind],
            lambda value: LegacyAccount.kind == AccountKind(value),
        ),
        ChoiceFilter(
            "state",
            Text("状态", "State"),
            STATES,
            lambda value: accounts_standing(AccountState(value), _kind_asked_for()),
        ),
        ChoiceFilter(
            "blocker",
            Text("卡点", "Blocker"),
            BLOCKERS,
            lambda value: accounts_held_by(Blocker(value), _kind_asked_for()),
        ),
        TextFilter(
            "username",
            Text("原用户名", "User name"),
            lambda typed: LegacyAccount.username.in_((typed, username_key(typed))),
            hint=Text("完整的用户名", "the whole user name"),
        ),
        TextFilter("unit_name", Text("单位名称开头", "Unit begins with"), begins_with),
        narrowed_to_unit(Permission.ACCOUNT_VIEW),
        narrowed_to_region(),
        narrowed_to_stage(persons_stopped_at),
    )

    def sorts_for(self, scope: Reach) -> tuple[Sort, ...]:
        """Along the tree one meets a part of it; who sees all has accounts of no unit besides."""
        number, tree = self.sorts
        return (number,) if scope.is_everywhere else (tree,)

    def statement(self) -> Select[Any]:
        return (
            super()
            .statement()
            .outerjoin(Unit, Unit.id == LegacyAccount.unit_id)
            .options(
                contains_eager(LegacyAccount.unit),
                with_expression(LegacyAccount.followed, followed_standing()),
            )
            # What the request has loaded before must get the expression too.
            .execution_options(populate_existing=True)
        )


def register(app: Flask, admin: Admin) -> None:
    database = app.extensions["yihaotong.database"]
    admin.add_view(
        AccountList(LegacyAccount, database, endpoint="legacy_accounts", url="/legacy-accounts")
    )
    add_to_menu(app, MenuItem("legacy_accounts.index_view", AccountList.title, order=46))
