"""Filters that a figure hands on to the list behind it: a unit and below, a region, a stage."""

from collections.abc import Callable
from functools import partial

from sqlalchemy import ColumnElement, false

from admin_app.errors import NotFound
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import get_unit, within
from admin_app.policy.reach import Reach
from admin_app.policy.rules import reach
from admin_app.policy.vocabulary import Permission
from admin_app.rollups.divisions import region_name
from admin_app.rollups.places import in_region
from admin_app.rollups.vocabulary import REGION_UNKNOWN, Stage
from admin_app.views.columns import GivenFilter
from admin_app.web.database import current_session
from admin_app.web.identity import current_actor
from admin_app.web.language import say
from admin_app.wording import Text

_BELOW = Text("{name}及下属", "{name} and below")
_OUT_OF_REACH = Text("不在您的管理范围内", "outside what you look after")
_UNKNOWN = Text("地区不明", "region unknown")
_DIGITS_MOST = 9  # both databases take every such number for a key


def narrowed_to_unit(permission: Permission) -> GivenFilter:
    """A unit and all below it, fetched through the reach that the list itself has."""
    return GivenFilter(
        "unit",
        Text("范围", "Within"),
        lambda typed: typed.isascii() and typed.isdecimal() and len(typed) <= _DIGITS_MOST,
        partial(_below, permission),
        partial(_named, permission),
    )


def narrowed_to_region(
    where: Callable[[str], ColumnElement[bool]] = in_region,
) -> GivenFilter:
    """The prefecture that the first-level unit's credit code names."""
    return GivenFilter(
        "region",
        Text("地区", "Region"),
        lambda typed: typed.isascii() and typed.isdecimal() and len(typed) == len(REGION_UNKNOWN),
        where,
        lambda typed: say(_UNKNOWN) if typed == REGION_UNKNOWN else region_name(typed),
    )


def narrowed_to_stage(stopped_at: Callable[[Stage], ColumnElement[bool]]) -> GivenFilter:
    """Those who have come to a stage of the funnel and no further."""
    stages = {stage.value: stage for stage in Stage}
    return GivenFilter(
        "stage",
        Text("停在哪一步", "Stopped at"),
        lambda typed: typed in stages,
        lambda typed: stopped_at(stages[typed]),
        lambda typed: say(stages[typed].label),
    )


def _unit(permission: Permission, typed: str) -> Unit | None:
    try:
        return get_unit(current_session(), reach(current_actor(), permission), int(typed))
    except NotFound:
        return None


def _below(permission: Permission, typed: str) -> ColumnElement[bool]:
    unit = _unit(permission, typed)
    return within(Reach(unit.path)) if unit is not None else false()


def _named(permission: Permission, typed: str) -> str:
    unit = _unit(permission, typed)
    return say(_BELOW.format(name=unit.name)) if unit is not None else say(_OUT_OF_REACH)
