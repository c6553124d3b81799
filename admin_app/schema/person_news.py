"""Triggers that note of whom it may have changed at which units they stand, or how far they are.

That follows from seven tables (``migration.person_sql``). Each change notes the persons it
concerns in ``person_news``, more of them rather than fewer; ``rollups.person_places`` looks at
them before the same transaction commits. A unit's new path is put in at once.
"""

from collections.abc import Iterable

from admin_app.schema.triggers import Trigger, differs

# Somebody's number, or what is like it, may make an account somebody else's no longer.
_KIN_OF_NUMBER = (
    "SELECT k.person_id FROM legacy_accounts a JOIN person_kin k ON k.kin_index = a.kin_index "
    "WHERE a.id_index = {row}.id_index AND a.hindrance IS NOT NULL"
)
_OF_ACCOUNT = (
    "SELECT {row}.held_for_id WHERE {row}.held_for_id IS NOT NULL",
    "SELECT id FROM persons WHERE id_index = {row}.id_index",
    "SELECT person_id FROM person_kin "
    "WHERE kin_index = {row}.kin_index AND {row}.hindrance IS NOT NULL",
    "SELECT person_id FROM account_bindings WHERE account_id = {row}.id AND until IS NULL",
)
_OF_BINDING = (
    "SELECT {row}.person_id",
    "SELECT held_for_id FROM legacy_accounts "
    "WHERE id = {row}.account_id AND held_for_id IS NOT NULL",
    "SELECT p.id FROM legacy_accounts a JOIN persons p ON p.id_index = a.id_index "
    "WHERE a.id = {row}.account_id",
    "SELECT k.person_id FROM legacy_accounts a JOIN person_kin k ON k.kin_index = a.kin_index "
    "WHERE a.id = {row}.account_id AND a.hindrance IS NOT NULL",
)
_OF_AFFILIATION = (
    "SELECT {row}.person_id WHERE {row}.person_id IS NOT NULL",
    "SELECT person_id FROM account_bindings WHERE account_id = {row}.account_id AND until IS NULL",
)
_OF_PERSON = ("SELECT {row}.id", _KIN_OF_NUMBER)
_OWN = ("SELECT {row}.person_id WHERE {row}.person_id IS NOT NULL",)
_REPRESENTING = ("SELECT person_id FROM representations WHERE uscc = {row}.uscc AND until IS NULL",)
# Of each table: whom a row concerns, and which of its columns matter.
_CONCERNED = {
    "persons": (_OF_PERSON, ("id_index", "level")),
    "person_kin": (_OWN, ("person_id", "kin_index")),
    "legacy_accounts": (
        _OF_ACCOUNT,
        (
            *("unit_id", "id_index", "kin_index", "held_for_id", "hindrance"),
            *("kind", "state", "blocker"),
        ),
    ),
    "account_bindings": (_OF_BINDING, ("person_id", "account_id", "until")),
    "affiliations": (_OF_AFFILIATION, ("person_id", "account_id", "unit_id", "until")),
    "representations": (_OWN, ("person_id", "uscc", "until")),
    "appointments": (_OWN, ("person_id", "unit_id", "state")),
    "units": (_REPRESENTING, ("uscc",)),
}
_MOVED = ("UPDATE person_places SET path = NEW.path WHERE path = OLD.path;",)


def _noted(selects: Iterable[str], *rows: str) -> tuple[str, ...]:
    return tuple(
        f"INSERT INTO person_news (person_id) {select.format(row=row)};"
        for row in rows
        for select in selects
    )


def _triggers() -> Iterable[Trigger]:
    for table, (concerned, columns) in _CONCERNED.items():
        name = f"persons_of_{table}"
        yield Trigger(f"{name}_come", table, "INSERT", "", _noted(concerned, "NEW"))
        changed = _noted(concerned, "OLD", "NEW")
        yield Trigger(f"{name}_changed", table, "UPDATE", differs(*columns), changed)
        yield Trigger(f"{name}_gone", table, "DELETE", "", _noted(concerned, "OLD"))
    yield Trigger("persons_of_units_moved", "units", "UPDATE", differs("path"), _MOVED)


TRIGGERS = tuple(_triggers())
