"""Triggers that keep the open cases with their place, whoever writes and with whatever tool.

What they write is ``service_desk.open_cases``. A case's own changes leave its path alone: somebody
may be moving the unit this very moment, and whoever comes second has to find the row that stands.
"""

from admin_app.hierarchy.rules import DEPTH_MOST, SEGMENT_WIDTH
from admin_app.policy.reach import AFTER_ALL
from admin_app.rollups.vocabulary import REGION_UNKNOWN
from admin_app.schema.triggers import Trigger, differs
from admin_app.service_desk.open_cases import about_sql

_DUE = "CASE WHEN NEW.state <> 'waiting' THEN NEW.due_on END"
_DIGITS = " AND ".join(f"substr(uscc, {at}, 1) BETWEEN '0' AND '9'" for at in range(3, 7))


def _region(path: str, otherwise: str = f"'{REGION_UNKNOWN}'", lock: str = "") -> str:
    """The region of what stands at a path: that of the first-level unit on the way."""
    way = ", ".join(
        f"substr({path}, 1, {SEGMENT_WIDTH * depth})" for depth in range(1, DEPTH_MOST + 1)
    )
    code = f"CASE WHEN {_DIGITS} THEN substr(uscc, 3, 4) ELSE '{REGION_UNKNOWN}' END"
    found = f"FROM units WHERE kind = 'first_level' AND path IN ({way})"
    return (
        f"coalesce((SELECT {code} {found} ORDER BY length(path) DESC LIMIT 1{lock}), {otherwise})"
    )


# The first-level unit is locked like the unit itself, which the foreign key sees to: a code that
# somebody is changing is waited for.
_PUT_IN = f"""
INSERT INTO open_cases (case_id, path, region, about, kind, due_on)
SELECT NEW.id, coalesce(u.path, ''), {_region("u.path", lock=" FOR KEY SHARE")},
    {about_sql("NEW")}, coalesce(NEW.form, NEW.blocker), {_DUE}
FROM (SELECT 1 AS one) AS one LEFT JOIN units AS u ON u.id = NEW.unit_id
WHERE NEW.ended_at IS NULL;
"""  # noqa: S608 - put together from constants
_TAKE_OUT = "DELETE FROM open_cases WHERE case_id = OLD.id;"
_DUE_ANEW = f"UPDATE open_cases SET due_on = {_DUE} WHERE case_id = NEW.id;"  # noqa: S608
# While a subtree is moved row by row, its first-level unit may not be in its new place yet. Then
# it moves along, and the region stays.
_MOVE = f"""
UPDATE open_cases SET path = NEW.path, region = {_region("NEW.path", "region")}
WHERE path = OLD.path;
"""  # noqa: S608 - put together from constants
_REGION_ANEW = f"""
UPDATE open_cases SET region = {_region("open_cases.path")}
WHERE path >= NEW.path AND path < NEW.path || '{AFTER_ALL}';
"""  # noqa: S608 - put together from constants

TRIGGERS = (
    Trigger("open_case_filed", "cases", "INSERT", "NEW.ended_at IS NULL", (_PUT_IN,)),
    Trigger(
        "open_case_changed",
        "cases",
        "UPDATE",
        differs("unit_id", "account_id", "blocker", "form", "ended_at"),
        (_TAKE_OUT, _PUT_IN),
    ),
    Trigger(
        "open_case_due",
        "cases",
        "UPDATE",
        f"NEW.ended_at IS NULL AND ({differs('state', 'due_on')})",
        (_DUE_ANEW,),
    ),
    Trigger("open_case_deleted", "cases", "DELETE", "", (_TAKE_OUT,)),
    Trigger("open_cases_moved", "units", "UPDATE", differs("path"), (_MOVE,)),
    Trigger("open_cases_recoded", "units", "UPDATE", differs("uscc", "kind"), (_REGION_ANEW,)),
)
