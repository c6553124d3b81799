"""The natural persons who have come, by where they stand; each row leads to its diagnosis."""

from typing import Any

from flask import Flask, url_for
from flask_admin import Admin
from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import joinedload

from admin_app.migration.blockers import Blocker
from admin_app.migration.rules import Standing
from admin_app.migration.vocabulary import AccountState
from admin_app.policy.reach import Reach
from admin_app.policy.rules import reach
from admin_app.policy.vocabulary import Permission
from admin_app.rollups.person_places import (
    PersonPlace,
    held_by,
    persons_at,
    persons_first_within,
)
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


def _standing(place: PersonPlace) -> Standing | None:
    if not place.state:
        return None
    return Standing(AccountState(place.state), Blocker(place.blocker) if place.blocker else None)


def _state(place: PersonPlace) -> Badge:
    standing = _standing(place)
    return badge_of(standing) if standing else Badge(_NOTHING)


def _blocker(place: PersonPlace) -> Text | None:
    standing = _standing(place)
    return blocker_of(standing) if standing else None


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
            lambda place: shown_name(place.person.name),
            link=lambda place: url_for("diagnosis.person", person_id=place.person_id),
        ),
        Column(
            "unit",
            Text("单位", "Unit"),
            lambda place: place.unit.name if place.unit else _NO_UNIT,
            sort="tree",
        ),
        Column("state", Text("本人的原账号", "Own old account"), _state),
        Column("blocker", Text("卡点", "Blocker"), _blocker),
        Column(
            "came",
            Text("最近登录", "Last signed in"),
            lambda place: place.person.last_signed_in_at,
            quiet=True,
        ),
    )
    sorts = (
        Sort("tree", Text("层级顺序", "tree order"), (PersonPlace.path, PersonPlace.person_id)),
    )
    filters = (
        ChoiceFilter(
            "state",
            Text("状态", "State"),
            [*((state.value, state.label) for state in _STATES), ("none", _NOTHING)],
            lambda value: PersonPlace.state == ("" if value == "none" else value),
        ),
        ChoiceFilter(
            "blocker",
            Text("卡点", "Blocker"),
            [(blocker.value, blocker.label) for blocker in _BLOCKERS],
            held_by,
        ),
        TextFilter(
            "unit",
            Text("单位名称开头", "Unit begins with"),
            # A unit within reach: of others it isn't told who belongs to them.
            lambda typed: persons_at(current_session(), _scope(), begins_with(typed)),
        ),
    )

    def rows_within(self, scope: Reach) -> ColumnElement[bool]:
        return persons_first_within(scope)

    def statement(self) -> Select[Any]:
        return (
            super()
            .statement()
            .options(joinedload(PersonPlace.person, innerjoin=True), joinedload(PersonPlace.unit))
        )


def register(app: Flask, admin: Admin) -> None:
    database = app.extensions["yihaotong.database"]
    admin.add_view(PersonList(PersonPlace, database, endpoint="persons", url="/persons"))
    add_to_menu(app, MenuItem("persons.index_view", PersonList.title, order=46))
