"""The revisions make exactly the tables the models speak of, and know which code fits them."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import IntegrityError

from admin_app import schema
from admin_app.database import make_sessions, transaction
from admin_app.schema import SchemaNewer, SchemaState
from admin_app.schema.tables import METADATA
from tests.databases import Database


def test_the_revisions_lead_to_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, METADATA) == []


def test_the_revisions_make_the_same_constraints_and_indexes_as_the_models(
    database: Database, empty_database: Database
) -> None:
    """Alembic compares neither check constraints nor the conditions of partial indexes."""
    if database.kind != empty_database.kind:
        return
    METADATA.create_all(empty_database.engine)
    with database.engine.connect() as revised, empty_database.engine.connect() as created:
        assert _definitions(revised) == _definitions(created)


def test_an_empty_database_becomes_current(empty_database: Database) -> None:
    assert schema.check(empty_database.engine) is SchemaState.EMPTY
    assert schema.current_revision(empty_database.engine) is None

    schema.upgrade(empty_database.url)

    assert schema.check(empty_database.engine) is SchemaState.CURRENT
    assert schema.current_revision(empty_database.engine) == schema.head_revision()


def test_upgrading_again_changes_nothing(database: Database) -> None:
    with database.engine.connect() as connection:
        before = _definitions(connection)
    schema.upgrade(database.url)
    with database.engine.connect() as connection:
        assert _definitions(connection) == before


def test_looking_leaves_an_empty_database_empty(empty_database: Database) -> None:
    schema.check(empty_database.engine)
    assert inspect(empty_database.engine).get_table_names() == []


def test_a_database_newer_than_the_code_is_left_alone(empty_database: Database) -> None:
    schema.upgrade(empty_database.url)
    with empty_database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert schema.check(empty_database.engine) is SchemaState.NEWER
    with pytest.raises(SchemaNewer):
        schema.upgrade(empty_database.url)


def test_a_database_behind_the_code_says_so(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "head_revision", lambda: "9999")
    assert schema.check(database.engine) is SchemaState.BEHIND


def test_an_upgrade_rebuilds_a_table_that_others_refer_to(empty_database: Database) -> None:
    _upgrade_to("0002", empty_database)
    with empty_database.engine.begin() as connection:
        for statement in (
            "INSERT INTO persons (id, name, id_type, id_sealed, id_index, level, "
            "first_signed_in_at, last_signed_in_at) "
            "VALUES (1, 'x', 'resident_id', 'x', 'x', 2, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)",
            "INSERT INTO legacy_accounts (id, external_id, kind, username, name, id_check_wrong, "
            "imported_at, state, stated_at) VALUES "
            "(1, 'x', 'personal', 'x', 'x', false, CURRENT_TIMESTAMP, 'migrated', "
            "CURRENT_TIMESTAMP)",
            "INSERT INTO account_bindings (account_id, person_id, proof, since) "
            "VALUES (1, 1, 'old_password', CURRENT_TIMESTAMP)",
        ):
            connection.execute(text(statement))

    schema.upgrade(empty_database.url)

    with empty_database.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM account_bindings")) == 1
        with pytest.raises(IntegrityError):
            connection.execute(text("DELETE FROM legacy_accounts"))


def _upgrade_to(revision: str, database: Database) -> None:
    with transaction(make_sessions(database.engine)) as session:
        command.upgrade(schema.configuration(session.connection()), revision)


def test_unit_numbers_begin_at_one(database: Database) -> None:
    with database.engine.connect() as connection:
        rows = connection.execute(text("SELECT name, next_number FROM sequences")).all()
    assert [tuple(row) for row in rows] == [("units", 1)]


@pytest.mark.parametrize("turn", ["first", "second"])
def test_what_a_test_commits_is_gone_for_the_next(database: Database, turn: str) -> None:
    with database.engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM audit_entries")) == 0, turn
        identifier = connection.scalar(
            text(
                "INSERT INTO audit_entries (at, event, actor_name, actor_capacity, actor_office, "
                "subject, ground, reason, details) "
                "VALUES (CURRENT_TIMESTAMP, 'x', 'x', 'x', '', '', '', '', '{}') RETURNING id"
            )
        )
        assert identifier == 1


def _definitions(connection: Connection) -> set[str]:
    """Everything the database itself says about tables, columns, constraints and indexes."""
    if connection.dialect.name == "sqlite":
        statements = connection.scalars(
            text(
                "SELECT sql FROM sqlite_master WHERE type IN ('table', 'index') "
                "AND sql IS NOT NULL AND name <> 'alembic_version'"
            )
        )
        # The order of a table's constraints means nothing, nor do quotes round a rebuilt table's.
        return {
            line.strip().rstrip(",").replace('"', "")
            for statement in statements
            for line in statement.splitlines()
        }
    return {
        row
        for query in (
            "SELECT tablename || ' ' || indexdef FROM pg_indexes WHERE schemaname = 'public'",
            "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) "
            "FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
            "SELECT concat_ws(' ', table_name, column_name, data_type, character_maximum_length, "
            "collation_name, is_nullable, column_default) "
            "FROM information_schema.columns WHERE table_schema = 'public'",
        )
        for row in connection.scalars(text(query))
        if "alembic_version" not in row
    }


def test_what_there_was_before_there_were_figures_is_counted(empty_database: Database) -> None:
    _upgrade_to("0003", empty_database)
    with empty_database.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO legacy_accounts (id, external_id, kind, username, name, "
                "id_check_wrong, imported_at, state, stated_at) VALUES (1, 'x', 'personal', 'x', "
                "'x', false, CURRENT_TIMESTAMP, 'migrated', CURRENT_TIMESTAMP)"
            )
        )
    schema.upgrade(empty_database.url)
    with transaction(empty_database.sessions):
        pass  # any that commits
    with empty_database.engine.connect() as connection:
        rows = connection.execute(text("SELECT unit_id, kind, migrated FROM unit_totals"))
        assert set(rows.all()) == {(0, "natural_persons", 1)}


def test_cases_from_before_they_were_searched_wait_for_the_index(
    empty_database: Database,
) -> None:
    _upgrade_to("0014", empty_database)
    with empty_database.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO cases (id, blocker, state, priority, urgency, statement, filed_at, "
                "filed_by, due_on, escalated, version) VALUES (7, 'disputed', 'filed', 'normal', "
                "1, 'x', CURRENT_TIMESTAMP, 'x', '2026-11-02', 0, 1)"
            )
        )
    schema.upgrade(empty_database.url)
    with empty_database.engine.connect() as connection:
        assert connection.scalars(text("SELECT case_id FROM cases_to_index")).all() == [7]
