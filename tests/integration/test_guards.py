"""The database itself refuses to rewrite history, whatever tool somebody connects with."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from admin_app.delegation.models import Appointment
from admin_app.hierarchy.models import UnitPeriod
from admin_app.schema import guards
from tests.databases import Database

NOON = "2026-03-03 12:00:00"
LATER = "2026-03-04 12:00:00"


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    """A department with one period, a person, and one appointment in each state."""
    with database.engine.connect() as opened:
        for statement in (
            "INSERT INTO units (id, path, kind, status, name, name_key, administrators, version, "
            "created_at, updated_at) VALUES (1, '000001', 'department', 'active', '厅', '厅', 0, "
            f"1, '{NOON}', '{NOON}')",
            "INSERT INTO unit_periods (id, unit_id, name, status, since) "
            f"VALUES (1, 1, '厅', 'active', '{NOON}')",
            "INSERT INTO persons (id, name, id_type, id_sealed, id_index, level, "
            "first_signed_in_at, last_signed_in_at) "
            f"VALUES (1, '甲', 'resident_id', 'x', 'p', 2, '{NOON}', '{NOON}'), "
            f"(2, '乙', 'resident_id', 'x', 'q', 2, '{NOON}', '{NOON}')",
            "INSERT INTO audit_entries (id, at, event, actor_name, actor_capacity, actor_office, "
            "subject, ground, reason, details) "
            f"VALUES (1, '{NOON}', 'unit.created', '甲', 'x', '', '厅', '', '', '{{}}')",
        ):
            opened.exec_driver_sql(statement)
        for number, (state, person, since, until, ending) in enumerate(
            [
                ("pending", None, None, None, None),
                ("current", 1, NOON, None, None),
                ("ended", 1, NOON, NOON, "resigned"),
                ("withdrawn", None, None, NOON, None),
                ("expired", None, None, NOON, None),
            ],
            start=1,
        ):
            opened.execute(
                text(
                    "INSERT INTO appointments (id, unit_id, state, name, id_type, id_sealed, "
                    "id_index, person_id, since, until, ending, appointed_at, appointed_by, "
                    "appointed_as, appointed_from, reason, end_reason) VALUES (:number, 1, :state, "
                    "'甲', 'resident_id', 'x', :index, :person, :since, :until, :ending, :noon, "
                    "'乙', 'x', 'y', '', '')"
                ),
                {
                    "number": number,
                    "state": state,
                    "index": str(number).encode(),
                    "person": person,
                    "since": since,
                    "until": until,
                    "ending": ending,
                    "noon": NOON,
                },
            )
        yield opened


@pytest.mark.parametrize(
    ("rule", "statement"),
    [
        ("audit_entries_append_only", "UPDATE audit_entries SET reason = 'another'"),
        ("audit_entries_append_only", "DELETE FROM audit_entries"),
        ("unit_periods_append_only", "DELETE FROM unit_periods"),
        ("unit_periods_append_only", "UPDATE unit_periods SET name = '局'"),
        ("unit_periods_append_only", f"UPDATE unit_periods SET since = '{LATER}'"),
        ("appointments_append_only", "DELETE FROM appointments WHERE id = 1"),
        *(
            ("appointments_append_only", f"UPDATE appointments SET {change} WHERE id = 2")
            for change in (
                "id = 99",
                "name = '乙'",
                "id_type = 'passport'",
                "id_index = 'another'",
                "appointed_by = '丙'",
                "appointed_as = 'z'",
                "appointed_from = 'z'",
                f"appointed_at = '{LATER}'",
                "reason = 'another'",
                "replaces_id = 1",
                "person_id = 2",
                f"since = '{LATER}'",
            )
        ),
        *(
            ("appointments_over_is_final", f"UPDATE appointments SET {change} WHERE id = {number}")
            for number in (3, 4, 5)
            for change in (
                "state = 'current'",
                f"until = '{LATER}'",
                "ended_by = '丙'",
                "end_reason = 'another'",
                "waiting = 'unit_full'",
                f"expires_at = '{LATER}'",
            )
        ),
        ("appointments_next_state", "UPDATE appointments SET state = 'ended' WHERE id = 1"),
        *(
            ("appointments_next_state", f"UPDATE appointments SET state = '{state}' WHERE id = 2")
            for state in ("pending", "withdrawn", "expired")
        ),
    ],
)
def test_history_is_not_rewritten(connection: Connection, rule: str, statement: str) -> None:
    with pytest.raises(IntegrityError, match=rule):
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize("table", ["audit_entries", "appointments", "unit_periods"])
def test_history_is_not_emptied_at_once(connection: Connection, table: str) -> None:
    statement = f"TRUNCATE {table}" if _is_postgresql(connection) else f"DELETE FROM {table}"
    with pytest.raises(IntegrityError, match=f"{table}_append_only"):
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE appointments SET state = 'current', person_id = 2, since = '{NOON}' WHERE id = 1",
        f"UPDATE appointments SET state = 'withdrawn', until = '{LATER}' WHERE id = 1",
        f"UPDATE appointments SET state = 'expired', until = '{LATER}' WHERE id = 1",
        "UPDATE appointments SET waiting = 'unit_full' WHERE id = 1",
        f"UPDATE appointments SET state = 'ended', until = '{LATER}', ending = 'ended', "
        "ended_by = '丙', ended_as = 'x', end_reason = '到期' WHERE id = 2",
        f"UPDATE appointments SET told_at = '{LATER}'",
        "UPDATE appointments SET id_sealed = 'sealed with a new key'",
        f"UPDATE unit_periods SET until = '{LATER}'",
        "UPDATE units SET name = '局'",
    ],
)
def test_history_goes_on(connection: Connection, statement: str) -> None:
    assert connection.exec_driver_sql(statement).rowcount > 0


def test_a_period_ends_once(connection: Connection) -> None:
    connection.exec_driver_sql(f"UPDATE unit_periods SET until = '{NOON}'")
    with pytest.raises(IntegrityError, match="unit_periods_append_only"):
        connection.exec_driver_sql(f"UPDATE unit_periods SET until = '{LATER}'")


def test_postgresql_names_the_rule_as_a_constraint(connection: Connection) -> None:
    """So that the one place which turns constraint names into sentences can find it."""
    if _is_postgresql(connection):
        with pytest.raises(IntegrityError) as caught:
            connection.execute(text("DELETE FROM audit_entries"))
        assert caught.value.orig.diag.constraint_name == "audit_entries_append_only"  # type: ignore[union-attr]


def test_every_column_of_guarded_history_is_accounted_for() -> None:
    """A new column must be said to be fixed, set once, open until it is over, or always open."""
    appointment = (
        guards.APPOINTMENT_FIXED
        + guards.APPOINTMENT_SET_ONCE
        + guards.APPOINTMENT_UNTIL_OVER
        + guards.APPOINTMENT_ALWAYS
    )
    assert sorted(appointment) == sorted(Appointment.__table__.columns.keys())
    period = (*guards.PERIOD_FIXED, "until")
    assert sorted(period) == sorted(UnitPeriod.__table__.columns.keys())


def _is_postgresql(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"
