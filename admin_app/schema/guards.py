"""Triggers that keep history from being rewritten, whoever is connected and with whatever tool.

A guard is a rule with a name, a table, what may not be done to it, and when. The name is what
the database answers with: as the message, and on PostgreSQL as the constraint's name too.
"""

from typing import NamedTuple

from sqlalchemy import Connection, inspect


class Guard(NamedTuple):
    """Refuses an ``event`` on a row of a table when the condition over OLD and NEW is true."""

    rule: str
    table: str
    event: str
    when: str = ""

    @property
    def trigger(self) -> str:
        return f"{self.rule}_{self.event.lower()}"


# The columns of an appointment, each exactly once: a test compares them with the table.
APPOINTMENT_FIXED = (
    "id",
    "unit_id",
    "name",
    "id_type",
    "id_index",
    "appointed_at",
    "appointed_by",
    "appointed_as",
    "appointed_from",
    "reason",
    "replaces_id",
)
APPOINTMENT_SET_ONCE = ("person_id", "since")
APPOINTMENT_UNTIL_OVER = (
    "state",
    "expires_at",
    "waiting",
    "until",
    "ending",
    "ended_by",
    "ended_as",
    "end_reason",
)
# Closing the notice is no part of the office, and a new key must be able to encrypt old numbers.
APPOINTMENT_ALWAYS = ("told_at", "id_sealed")

PERIOD_FIXED = ("id", "unit_id", "parent_id", "name", "status", "since")


def _changed(columns: tuple[str, ...]) -> str:
    return " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns)


def _overwritten(columns: tuple[str, ...]) -> str:
    return " OR ".join(
        f"(OLD.{name} IS NOT NULL AND OLD.{name} IS DISTINCT FROM NEW.{name})" for name in columns
    )


GUARDS = (
    Guard("audit_entries_append_only", "audit_entries", "UPDATE"),
    Guard("audit_entries_append_only", "audit_entries", "DELETE"),
    Guard("audit_entries_append_only", "audit_entries", "TRUNCATE"),
    Guard(
        "appointments_append_only",
        "appointments",
        "UPDATE",
        f"{_changed(APPOINTMENT_FIXED)} OR {_overwritten(APPOINTMENT_SET_ONCE)}",
    ),
    Guard("appointments_append_only", "appointments", "DELETE"),
    Guard("appointments_append_only", "appointments", "TRUNCATE"),
    Guard(
        "appointments_over_is_final",
        "appointments",
        "UPDATE",
        "OLD.state IN ('ended', 'withdrawn', 'expired') "
        f"AND ({_changed(APPOINTMENT_SET_ONCE + APPOINTMENT_UNTIL_OVER)})",
    ),
    Guard(
        "appointments_next_state",
        "appointments",
        "UPDATE",
        "OLD.state IN ('pending', 'current') AND OLD.state <> NEW.state AND NOT ("
        "(OLD.state = 'pending' AND NEW.state IN ('current', 'withdrawn', 'expired')) "
        "OR (OLD.state = 'current' AND NEW.state = 'ended'))",
    ),
    Guard(
        "unit_periods_append_only",
        "unit_periods",
        "UPDATE",
        f"{_changed(PERIOD_FIXED)} OR {_overwritten(('until',))}",
    ),
    Guard("unit_periods_append_only", "unit_periods", "DELETE"),
    Guard("unit_periods_append_only", "unit_periods", "TRUNCATE"),
    *(
        Guard(f"{table}_append_only", table, event)
        for table in (
            "receipts",
            "consents",
            "standing_changes",
            "unit_standing_changes",
            "urgings",
            "urging_acknowledgements",
        )
        for event in ("UPDATE", "DELETE", "TRUNCATE")
    ),
)

_FORBID = """
CREATE OR REPLACE FUNCTION yihaotong_forbid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'integrity_constraint_violation',
        MESSAGE = TG_ARGV[0], CONSTRAINT = TG_ARGV[0], TABLE = TG_TABLE_NAME;
END $$
"""


def install(connection: Connection) -> None:
    """Put every guard in place, replacing what was there before."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_FORBID)
    remove(connection)
    # While a revision is being written the models are ahead: what has no table needs no guard yet.
    tables = set(inspect(connection).get_table_names())
    for guard in GUARDS:
        if guard.table not in tables:
            continue
        for statement in _creation(guard, connection.dialect.name):
            connection.exec_driver_sql(statement)


def remove(connection: Connection, table: str | None = None) -> None:
    """Take the guards off, such as for a revision that must correct rows of a guarded table."""
    tables = set(inspect(connection).get_table_names())
    for guard in GUARDS:
        if table in (None, guard.table) and guard.table in tables:
            on_table = f" ON {guard.table}" if connection.dialect.name == "postgresql" else ""
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {guard.trigger}{on_table}")


def _creation(guard: Guard, dialect: str) -> list[str]:
    head = f"CREATE TRIGGER {guard.trigger} BEFORE {guard.event} ON {guard.table}"
    when = f" WHEN ({guard.when})" if guard.when else ""
    if dialect == "postgresql":
        each = "STATEMENT" if guard.event == "TRUNCATE" else "ROW"
        action = f"EXECUTE FUNCTION yihaotong_forbid('{guard.rule}')"
        return [f"{head} FOR EACH {each}{when} {action}"]
    if guard.event == "TRUNCATE":
        return []  # SQLite has no such statement
    when = when.replace("IS DISTINCT FROM", "IS NOT")  # which older SQLite does not know
    return [f"{head}{when} BEGIN SELECT RAISE(ABORT, '{guard.rule}'); END"]
