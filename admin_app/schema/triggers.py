"""A trigger's definition in the words of each database."""

from typing import NamedTuple


class Trigger(NamedTuple):
    """Statements that run for each row after an event on a table, where ``when`` holds."""

    name: str
    table: str
    event: str
    when: str
    statements: tuple[str, ...]


def creation(trigger: Trigger, dialect: str) -> list[str]:
    """What puts a trigger in the place of its former self."""
    name, body = trigger.name, " ".join(trigger.statements)
    when = f" WHEN ({trigger.when})" if trigger.when else ""
    head = f"CREATE TRIGGER {name} AFTER {trigger.event} ON {trigger.table} FOR EACH ROW{when}"
    if dialect == "postgresql":
        return [
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {body} RETURN NULL; END $$",
            f"DROP TRIGGER IF EXISTS {name} ON {trigger.table}",
            f"{head} EXECUTE FUNCTION {name}()",
        ]
    # Older SQLite does not know the standard's words; having one writer, it locks no rows.
    plain = f"{head} BEGIN {body} END".replace("IS DISTINCT FROM", "IS NOT")
    return [f"DROP TRIGGER IF EXISTS {name}", plain.replace(" FOR KEY SHARE", "")]


def differs(*columns: str) -> str:
    """Whether one of some columns has another value now."""
    return " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns)
