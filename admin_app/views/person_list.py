"""The natural persons who have come, by where they stand; each row leads to its diagnosis."""

from typing import Any

from flask import Flask, url_for
from flask_admin import Admin
from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import with_expression

from admin_app.identity.models import Person
from admin_app.migration.blockers import Blocker
from admin_app.migration.person_sql import (
    NOTHING_TO_BIND,
    person_standing,
    persons_standing,
    persons_within,
    place_within,
)
from admin_app.migration.standing_sql import read
from admin_app.migration.vocabulary import AccountState
from admin_app.policy.reach import Reach
from admin_app.policy.rules import reach
from admin_app.policy.vocabulary import Permission
from admin_app.views.account_list import badge_of, blocker_of
from admin_app.views.base import GuardedModelView
from admin_app.views.columns import Badge, ChoiceFilter, Column, Sort, TextFilter
from admin_app.views.subjects import shown_name
from admin_app.views.unit_list import begins_with
from admin_app.web.database import current_session
from admin_app.web.identity import current_actor
from admin_app.web.navigation import MenuItem, add_to_menu
from admin_app.wording import Text

_NOTHING = Text("没有原账号，不需要绑定", "nothing to bind")
_NO_UNIT = Text("没有单位", "no unit")
# Whoever has come has started.
_STATES = [each for each in AccountState if each is not AccountState.NOT_STARTED]
# Those that can hold up a person's own account.
_BLOCKERS = (
    Blocker.VERIFICATION_TOO_LOW,
    Blocker.SEVERAL_ACCOUNTS,
    Blocker.ID_DIFFERS,
    Blocker.NAME_DIFFERS,
    Blocker.OLD_PASSWORD,
    Blocker.REGISTERED_BY_PASSPORT,
    Blocker.FOREIGNER_WITHOUT_CARD,
    Blocker.DISPUTED,
)


def _state(person: Person) -> Badge:
    return badge_of(read(person.standing)) if person.standing else Badge(_NOTHING)


def _in_state(value: str) -> ColumnElement[bool]:
    if value == "none":
        return person_standing() == NOTHING_TO_BIND
    return persons_standing(current_session(), AccountState(value))


def _place(person: Person) -> str | Text | None:
    """A unit that the visitor looks after; who sees all of them sees that there is none."""
    return person.place or (_NO_UNIT if _scope().is_everywhere else None)


def _scope() -> Reach:
    return reach(current_actor(), Permission.ACCOUNT_VIEW)


class PersonList(GuardedModelView):
    needs = Permission.ACCOUNT_VIEW
    title = Text("自然人", "People")
    lead = Text(
        "登录过的人里，由您管理范围内的单位负责的，本人的原账号办到哪一步。还没有登录过的，看“原账号”。",
        "Those who have signed in and stand at a unit within your reach, and how far their own old "
        "account has come. Who hasn't come yet is under “Old accounts”.",
    )
    empty = Text("没有符合条件的人，请放宽筛选条件。", "Nobody fits; try fewer filters.")
    count_most = 100
    columns = (
        Column(
            "name",
            Text("姓名", "Name"),
            lambda person: shown_name(person.name),
            link=lambda person: url_for("diagnosis.person", person_id=person.id),
            sort="number",
        ),
        Column("unit", Text("单位", "Unit"), _place),
        Column("state", Text("本人的原账号", "Own old account"), _state),
        Column(
            "blocker",
            Text("卡点", "Blocker"),
            lambda person: blocker_of(read(person.standing)) if person.standing else None,
        ),
        Column(
            "came",
            Text("最近登录", "Last signed in"),
            lambda person: person.last_signed_in_at,
            quiet=True,
        ),
    )
    sorts = (Sort("number", Text("首次登录顺序", "as they came"), (Person.id,)),)
    filters = (
        ChoiceFilter(
            "state",
            Text("状态", "State"),
            [*((state.value, state.label) for state in _STATES), ("none", _NOTHING)],
            _in_state,
        ),
        ChoiceFilter(
            "blocker",
            Text("卡点", "Blocker"),
            [(blocker.value, blocker.label) for blocker in _BLOCKERS],
            lambda value: persons_standing(current_session(), None, Blocker(value)),
        ),
        TextFilter(
            "unit",
            Text("单位名称开头", "Unit begins with"),
            # A unit within reach: of others it isn't told who belongs to them.
            lambda typed: persons_within(current_session(), _scope(), begins_with(typed)),
        ),
    )

    def rows_within(self, scope: Reach) -> ColumnElement[bool]:
        return persons_within(current_session(), scope)

    def statement(self) -> Select[Any]:
        return (
            super()
            .statement()
            .options(
                with_expression(Person.standing, person_standing()),
                with_expression(Person.place, place_within(_scope())),
            )
            # What the request has loaded before must get the expressions too.
            .execution_options(populate_existing=True)
        )


def register(app: Flask, admin: Admin) -> None:
    database = app.extensions["yihaotong.database"]
    admin.add_view(PersonList(Person, database, endpoint="persons", url="/persons"))
    add_to_menu(app, MenuItem("persons.index_view", PersonList.title, order=46))
