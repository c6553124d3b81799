"""Triggers that note what figures follow from, whoever writes and with whatever tool.

Each inserts plain rows into ``figure_news``; ``rollups.upkeep`` folds them into the figures before
the same transaction commits. One more notes which cases the desk's search has to index anew.
"""

from typing import NamedTuple

from sqlalchemy import Connection, inspect

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
    """Rows noted after an event on a table; each a SELECT of values by column, with a WHERE.

    ``instead`` is a statement of its own, into the table ``into``.
    """

    name: str
    table: str
    event: str
    when: str
    rows: tuple[tuple[dict[str, str], str], ...] = ()
    into: str = "figure_news"
    instead: str = ""


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


def _differs(*columns: str) -> str:
    return " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns)


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
        _differs("state", "blocker", "unit_id", "stated_at", "id_index"),
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
        _differs("status"),
        (_unit("unit", "NEW.id", "NULL"),),
    ),
    # A new name, place or status ends a period: that tells when.
    _Note(
        "period_ended",
        "unit_periods",
        "UPDATE",
        _differs("until"),
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
        _differs("path", "uscc", "kind"),
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
            _unit("unit", "NEW.id", "NULL", f"NOT ({_differs('uscc', 'kind')})"),
            _unit("below", "NEW.id", "NULL", _differs("uscc", "kind")),
        ),
    ),
    _Note("represented", "representations", "INSERT", "", (_represented("NEW"),)),
    _Note(
        "representation_changed",
        "representations",
        "UPDATE",
        _differs("until", "uscc", "person_id"),
        (_represented("NEW"), _represented("OLD")),
    ),
    _Note("appointed", "appointments", "INSERT", "", (_unit("unit", "NEW.unit_id", _OFFICE),)),
    _Note(
        "appointment_changed",
        "appointments",
        "UPDATE",
        _differs("state", "waiting"),
        (_unit("unit", "NEW.unit_id", _OFFICE),),
    ),
    # Noted once more even if it waits already: so the worker leaves it until this is committed.
    _Note(
        "account_renamed",
        "legacy_accounts",
        "UPDATE",
        _differs("name", "username"),
        into="cases_to_index",
        instead="INSERT INTO cases_to_index (case_id) SELECT id FROM cases "
        "WHERE account_id = NEW.id ON CONFLICT (case_id) DO UPDATE SET case_id = excluded.case_id;",
    ),
)


def install(connection: Connection) -> None:
    """Put every note in place, replacing what was there before."""
    dialect = connection.dialect.name
    tables = set(inspect(connection).get_table_names())
    for note in NOTES:
        if note.table not in tables or note.into not in tables:
            continue  # while a revision is being written the models are ahead
        for statement in _creation(note, dialect):
            connection.exec_driver_sql(statement)


def remove(connection: Connection) -> None:
    """Take every note off, such as to load a province at once and count it afterwards."""
    tables = set(inspect(connection).get_table_names())
    for note in NOTES:
        if note.table in tables:
            on_table = f" ON {note.table}" if connection.dialect.name == "postgresql" else ""
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS note_{note.name}{on_table}")


def _creation(note: _Note, dialect: str) -> list[str]:
    name = f"note_{note.name}"
    inserts = note.instead or " ".join(_insert(values, where) for values, where in note.rows)
    when = f" WHEN ({note.when})" if note.when else ""
    head = f"CREATE TRIGGER {name} AFTER {note.event} ON {note.table}"
    if dialect == "postgresql":
        return [
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {inserts} RETURN NULL; END $$",
            f"DROP TRIGGER IF EXISTS {name} ON {note.table}",
            f"{head} FOR EACH ROW{when} EXECUTE FUNCTION {name}()",
        ]
    body = f"{head} FOR EACH ROW{when} BEGIN {inserts} END"
    # Older SQLite does not know the standard's words.
    return [f"DROP TRIGGER IF EXISTS {name}", body.replace("IS DISTINCT FROM", "IS NOT")]


def _insert(values: dict[str, str], where: str) -> str:
    columns = [name for name in _COLUMNS if name in values]
    selected = ", ".join(values[name] for name in columns)
    condition = f" WHERE {where}" if where else ""
    return f"INSERT INTO figure_news ({', '.join(columns)}) SELECT {selected}{condition};"
