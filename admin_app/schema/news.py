"""Triggers that note what figures follow from, whoever writes and with whatever tool.

Each inserts plain rows into ``figure_news``; ``rollups.upkeep`` folds them into the figures before
the same transaction commits. Others note which cases the desk's search has to index anew, and keep
the open cases with their place.
"""

from typing import NamedTuple

from sqlalchemy import Connection, inspect

from admin_app.schema import open_cases, person_news
from admin_app.schema.triggers import Trigger, creation, differs

_COLUMNS = [
    "about",
    "unit_id",
    "at",
    "kind",
    "state",
    "blocker",
    "since",
    "change",
    "former_path",
    "former_uscc",
]


class _Note(NamedTuple):
    """Rows noted after an event on a table; each a SELECT of values by column, with a WHERE."""

    name: str
    table: str
    event: str
    when: str
    rows: tuple[tuple[dict[str, str], str], ...]


def _account(row: str, change: int, at: str) -> tuple[dict[str, str], str]:
    values = {
        "about": "'account'",
        "unit_id": f"{row}.unit_id",
        "at": at,
        "kind": f"{row}.kind",
        "state": f"{row}.state",
        "blocker": f"coalesce({row}.blocker, '')",
        "since": f"{row}.stated_at",
        "change": str(change),
    }
    return values, f"{row}.state IS NOT NULL AND {row}.kind IN ('personal', 'unit')"


def _enterprise(row: str, at: str) -> tuple[dict[str, str], str]:
    """The enterprise behind a unit account."""
    return (
        {"about": "'unit'", "unit_id": f"{row}.unit_id", "at": at},
        f"{row}.unit_id IS NOT NULL AND {row}.kind = 'unit'",
    )


def _unit(about: str, unit: str, at: str, where: str = "") -> tuple[dict[str, str], str]:
    return {"about": f"'{about}'", "unit_id": unit, "at": at}, where


# An account that merely comes to another unit keeps the moment of its standing: no time is told.
_WHEN_STATED = "CASE WHEN OLD.stated_at IS DISTINCT FROM NEW.stated_at THEN NEW.stated_at END"
_FIRST_LEVEL_OF = "(SELECT id FROM units WHERE uscc = {row}.uscc AND kind = 'first_level')"


def _represented(row: str) -> tuple[dict[str, str], str]:
    unit = _FIRST_LEVEL_OF.format(row=row)
    at = f"coalesce({row}.until, {row}.since)"
    return _unit("below", unit, at, f"{unit} IS NOT NULL")


_OFFICE = "coalesce(NEW.until, NEW.since, NEW.appointed_at)"
NOTES = (
    _Note(
        "account_came",
        "legacy_accounts",
        "INSERT",
        "",
        (_account("NEW", 1, "NEW.stated_at"), _enterprise("NEW", "NEW.stated_at")),
    ),
    _Note(
        "account_changed",
        "legacy_accounts",
        "UPDATE",
        differs("state", "blocker", "unit_id", "stated_at", "id_index"),
        (
            _account("OLD", -1, _WHEN_STATED),
            _account("NEW", 1, _WHEN_STATED),
            _enterprise("OLD", _WHEN_STATED),
            _enterprise("NEW", _WHEN_STATED),
        ),
    ),
    _Note(
        "account_went",
        "legacy_accounts",
        "DELETE",
        "",
        (_account("OLD", -1, "NULL"), _enterprise("OLD", "NULL")),
    ),
    _Note("unit_came", "units", "INSERT", "", (_unit("unit", "NEW.id", "NEW.created_at"),)),
    _Note(
        "unit_status",
        "units",
        "UPDATE",
        differs("status"),
        (_unit("unit", "NEW.id", "NULL"),),
    ),
    # A new name, place or status ends a period: that tells when.
    _Note(
        "period_ended",
        "unit_periods",
        "UPDATE",
        differs("until"),
        (_unit("unit", "NEW.unit_id", "NEW.until"),),
    ),
    _Note(
        "unit_administrators",
        "units",
        "UPDATE",
        "(OLD.administrators > 0) <> (NEW.administrators > 0)",
        (_unit("below", "NEW.id", "NULL"),),
    ),
    _Note(
        "unit_place",
        "units",
        "UPDATE",
        differs("path", "uscc", "kind"),
        (
            (
                {
                    "about": "'place'",
                    "unit_id": "NEW.id",
                    "former_path": "OLD.path",
                    "former_uscc": "coalesce(OLD.uscc, '')",
                },
                "",
            ),
            # Of a moved subtree each unit is noted; with a code or kind what is below changes too.
            _unit("unit", "NEW.id", "NULL", f"NOT ({differs('uscc', 'kind')})"),
            _unit("below", "NEW.id", "NULL", differs("uscc", "kind")),
        ),
    ),
    _Note("represented", "representations", "INSERT", "", (_represented("NEW"),)),
    _Note(
        "representation_changed",
        "representations",
        "UPDATE",
        differs("until", "uscc", "person_id"),
        (_represented("NEW"), _represented("OLD")),
    ),
    _Note("appointed", "appointments", "INSERT", "", (_unit("unit", "NEW.unit_id", _OFFICE),)),
    _Note(
        "appointment_changed",
        "appointments",
        "UPDATE",
        differs("state", "waiting"),
        (_unit("unit", "NEW.unit_id", _OFFICE),),
    ),
)

# Noted once more even if it waits already: so the worker leaves it until this is committed.
_RENAMED = Trigger(
    "note_account_renamed",
    "legacy_accounts",
    "UPDATE",
    differs("name", "username"),
    (
        "INSERT INTO cases_to_index (case_id) SELECT id FROM cases WHERE account_id = NEW.id "
        "ON CONFLICT (case_id) DO UPDATE SET case_id = excluded.case_id;",
    ),
)


def _triggers() -> list[tuple[Trigger, str]]:
    """Every trigger, with the table it writes to."""
    return [
        *((_trigger(note), "figure_news") for note in NOTES),
        *((each, "person_news") for each in person_news.TRIGGERS),
        *((each, "open_cases") for each in open_cases.TRIGGERS),
        (_RENAMED, "cases_to_index"),
    ]


def _trigger(note: _Note) -> Trigger:
    inserts = tuple(_insert(values, where) for values, where in note.rows)
    return Trigger(f"note_{note.name}", note.table, note.event, note.when, inserts)


def install(connection: Connection) -> None:
    """Put every note in place, replacing what was there before."""
    tables = set(inspect(connection).get_table_names())
    for trigger, written in _triggers():
        if trigger.table not in tables or written not in tables:
            continue  # while a revision is being written the models are ahead
        for statement in creation(trigger, connection.dialect.name):
            connection.exec_driver_sql(statement)


def remove(connection: Connection) -> None:
    """Take every note off, such as to load a province at once and count it afterwards."""
    tables = set(inspect(connection).get_table_names())
    for trigger, _ in _triggers():
        if trigger.table in tables:
            on_table = f" ON {trigger.table}" if connection.dialect.name == "postgresql" else ""
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {trigger.name}{on_table}")


def _insert(values: dict[str, str], where: str) -> str:
    columns = [name for name in _COLUMNS if name in values]
    selected = ", ".join(values[name] for name in columns)
    condition = f" WHERE {where}" if where else ""
    return f"INSERT INTO figure_news ({', '.join(columns)}) SELECT {selected}{condition};"
