"""``yihaotong``: what the commands do, and that whatever goes wrong is said in one line."""

import json
import socket
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, text

from admin_app.audit.models import AuditEntry
from admin_app.cli import COMMANDS, main
from admin_app.database import transaction
from admin_app.delegation.operations import appoint
from admin_app.hierarchy.models import Unit
from admin_app.identity.models import StaffAccount
from admin_app.migration.arrivals import note_sign_in
from admin_app.migration.models import LegacyAccount
from admin_app.policy.vocabulary import Capacity, Permission
from admin_app.schema import head_revision
from tests import builders
from tests.builders_migration import legacy_account
from tests.databases import Database
from tests.world import build_world

PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.delenv("PORT", raising=False)


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch, database: Database) -> Database:
    monkeypatch.setenv("YIHAOTONG_DATABASE_URL", database.url)
    return database


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, arguments, input=typed)


def refusal(*arguments: str, typed: str = "") -> str:
    """The line a command that fails leaves; it must be one line, without a trace."""
    result = run(*arguments, typed=typed)
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("yihaotong: ")
    return line


def test_help_names_every_command() -> None:
    result = run("--help")
    assert result.exit_code == 0
    assert all(f"  {name} " in result.output for name in COMMANDS)


def test_db_upgrade_makes_the_database(
    monkeypatch: pytest.MonkeyPatch, empty_database: Database
) -> None:
    monkeypatch.setenv("YIHAOTONG_DATABASE_URL", empty_database.url)
    assert "yihaotong db upgrade" in refusal("status")
    assert json.loads(run("db", "upgrade", "--json").stdout) == {"revision": head_revision()}
    assert run("status").exit_code == 0


def test_db_upgrade_makes_the_folder_of_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("YIHAOTONG_DATABASE_URL", "sqlite:///new/folder/console.sqlite3")
    assert run("db", "upgrade").exit_code == 0
    assert (tmp_path / "new" / "folder" / "console.sqlite3").is_file()


@pytest.mark.parametrize("command", [["status"], ["serve"], ["db", "upgrade"]])
def test_a_database_newer_than_the_code_is_refused(
    monkeypatch: pytest.MonkeyPatch, empty_database: Database, command: list[str]
) -> None:
    monkeypatch.setenv("YIHAOTONG_DATABASE_URL", empty_database.url)
    run("db", "upgrade")
    with empty_database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert "newer version" in refusal(*command)


@pytest.mark.parametrize("command", [["status"], ["serve"]])
def test_a_missing_database_is_not_made_by_looking(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: list[str]
) -> None:
    monkeypatch.setenv("YIHAOTONG_DATABASE_URL", "sqlite:///missing.sqlite3")
    assert "yihaotong db upgrade" in refusal(*command)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIHAOTONG_DATABASE_URL", "sqlite:////proc/no/such/place/console.sqlite3")
    assert "/proc/no" in refusal("db", "upgrade")


def test_a_file_that_is_no_database_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("not a database " * 100)
    monkeypatch.setenv("YIHAOTONG_DATABASE_URL", "sqlite:///notes.txt")
    assert "YIHAOTONG_DATABASE_URL" in refusal("db", "upgrade")


@pytest.mark.parametrize("command", [["status"], ["serve"], ["db", "upgrade"]])
def test_an_unreachable_postgresql_is_said_without_its_password(
    monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("YIHAOTONG_DATABASE_URL", "postgresql+psycopg://me:hush@127.0.0.1:1/none")
    line = refusal(*command)
    assert "PostgreSQL doesn't answer" in line
    assert "hush" not in line


def test_a_taken_port_is_named_with_the_variable_that_changes_it(
    monkeypatch: pytest.MonkeyPatch, configured: Database
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        line = refusal("serve")
    assert f"Port {port}" in line
    assert "PORT" in line.split(str(port))[1]


def test_a_wrong_setting_stops_every_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIHAOTONG_WORKERS", "none")
    for command in (["serve"], ["demo"], ["status"], ["db", "upgrade"]):
        assert "YIHAOTONG_WORKERS" in refusal(*command)


def test_a_refusal_follows_the_language_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIHAOTONG_DATABASE_URL", "sqlite:///missing.sqlite3")
    monkeypatch.setenv("LANGUAGE", "zh_CN")
    assert "请先运行" in refusal("status")


def test_status_counts(configured: Database) -> None:
    with transaction(configured.sessions) as session:
        world = build_world(session)
        kinds = Counter(unit.kind.value for unit in world.units.values())
        vacant = [u for u in world.units.values() if u.kind.value != "department"]
        vacant = [u for u in vacant if u.administrators == 0]
    figures = json.loads(run("status", "--json").stdout)
    assert {kind: number["active"] for kind, number in figures["units"].items()} == kinds
    assert figures["vacant_units"] == len(vacant)
    assert figures["persons"] == len(world.people)
    assert figures["appointments"]["pending"] == 0
    assert f"{kinds['secondary']}" in run("status").output


def test_staff_add_reads_the_password_and_leaves_a_trace(configured: Database) -> None:
    """R19."""
    with transaction(configured.sessions) as session:
        department = build_world(session)["济南市科技局"].id
    result = run(
        "staff", "add", "jinan", "--role", "department_staff", "--department", "济南市科技局",
        "--name", "示例科员", "--json", typed=f"{PASSWORD}\n",
    )  # fmt: skip
    assert json.loads(result.stdout)["department_id"] == department
    with configured.sessions() as session:
        account = session.scalars(select(StaffAccount)).one()
        assert (account.username, account.unit_id) == ("jinan", department)
        assert PASSWORD not in account.password_hash
        entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "staff.added")).one()
        assert entry.actor_name.startswith("一号通：")


@pytest.mark.parametrize(
    ("options", "typed", "expected"),
    [
        (["--role", "auditor"], "short", "password"),
        (["--role", "manager"], PASSWORD, "department"),
        (["--role", "manager", "--department", "没有这个局"], PASSWORD, "没有这个局"),
        (["--role", "manager", "--department", "4711"], PASSWORD, "4711"),
    ],
)
def test_staff_add_refuses_in_a_sentence(
    configured: Database, options: list[str], typed: str, expected: str
) -> None:
    assert expected in refusal("staff", "add", "someone", "--name", "某人", *options, typed=typed)
    with configured.sessions() as session:
        assert session.scalars(select(StaffAccount)).all() == []


def test_permissions_explain_shows_the_table_and_its_conditions() -> None:
    rows = json.loads(run("permissions", "explain", "--json").stdout)
    assert {
        "permission": Permission.ADMINISTRATOR_APPOINT.value,
        "capacity": Capacity.UNIT_ADMINISTRATOR.value,
        "scope": "below",
        "conditions": ["intermediate verification"],
    } in rows
    alone = run("permissions", "explain", "--capacity", "department_staff").output
    assert "a reason is given" in alone
    assert "everywhere" not in alone


def test_production_runs_no_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    for name, value in {
        "YIHAOTONG_ENVIRONMENT": "production",
        "YIHAOTONG_SECRET_KEY": "one long secret of the province's own",
        "YIHAOTONG_IDENTITY_KEYS": f'["{key}"]',
        "YIHAOTONG_INDEX_KEY": key,
        "YIHAOTONG_PORTAL_CLIENT_SECRET": "agreed with the portal",
        "YIHAOTONG_PORTAL_ISSUER": "https://portal.example",
        "YIHAOTONG_PUBLIC_URL": "https://cloud.example",
    }.items():
        monkeypatch.setenv(name, value)
    assert "demo doesn't run" in refusal("demo")


def test_units_root_begins_a_tree_once(configured: Database) -> None:
    created = json.loads(run("units", "root", "某省科学技术厅", "--json").stdout)
    assert created["name"] == "某省科学技术厅"
    assert "某省科学技术厅" in refusal("units", "root", "另一个厅")


def test_staff_are_given_a_password_shut_out_and_let_in_again(configured: Database) -> None:
    run("staff", "add", "helper", "--role", "auditor", "--name", "示例", typed=f"{PASSWORD}\n")

    def account() -> StaffAccount:
        with configured.sessions() as session:
            return session.scalars(select(StaffAccount)).one()

    before = account().password_hash
    assert run("staff", "password", "helper", typed="quite another password\n").exit_code == 0
    assert account().password_hash != before
    run("staff", "disable", "helper")
    assert not account().active
    run("staff", "enable", "HELPER")
    assert account().active
    assert "nobody" in refusal("staff", "disable", "nobody")
    with configured.sessions() as session:
        events = session.scalars(select(AuditEntry.event).order_by(AuditEntry.id)).all()
    assert events[-3:] == ["staff.password_set", "staff.shut_out", "staff.let_in_again"]


def test_tidy_counts_first_and_expires_only_when_told(configured: Database) -> None:
    with transaction(configured.sessions) as session:
        world = build_world(session)
        appoint(
            builders.act(session, world.rector),
            world["物理学院"].id,
            builders.candidate("某人", 700),
        )
    assert json.loads(run("tidy", "--json").stdout)["expired"] == 1
    assert json.loads(run("tidy", "--json", "--commit").stdout)["expired"] == 1
    assert json.loads(run("tidy", "--json", "--commit").stdout)["expired"] == 0


def test_permissions_explain_who_may_appoint_at_a_unit_and_why(configured: Database) -> None:
    with transaction(configured.sessions) as session:
        world = build_world(session)
    explained = json.loads(
        run("permissions", "explain", "--unit", str(world["海洋学院"].id), "--json").stdout
    )
    assert [(who["name"], who["capacity"]) for who in explained["may_appoint"]] == [
        ("校长", "legal_representative"),
        ("处长", "unit_administrator"),
    ]
    assert "演示大学" in explained["may_appoint"][0]["why"]
    assert "123456" in refusal("permissions", "explain", "--unit", "123456")


@pytest.fixture
def moved_in(configured: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Two old accounts at two universities, one of which is stuck by its name."""
    monkeypatch.setenv("YIHAOTONG_IDENTITY_KEYS", json.dumps([builders.KEY]))
    monkeypatch.setenv("YIHAOTONG_INDEX_KEY", builders.KEY)
    with transaction(configured.sessions) as session:
        world = build_world(session)
        for name, sequence, unit in (("别的名字", 101, "演示大学"), ("邻居", 104, "邻居大学")):
            legacy_account(session, name, builders.id_number(sequence), unit=world[unit])
        note_sign_in(builders.act(session), world.people["校长"])
    return configured


def test_status_counts_who_has_moved_in_and_what_holds_up_the_rest(moved_in: Database) -> None:
    found = json.loads(run("status", "--json").stdout)
    assert found["natural_persons"] == {
        "total": 2,
        "not_started": 1,
        "in_progress": 0,
        "stuck": 1,
        "migrated": 0,
        "stuck_by": {"name_differs": 1},
    }
    for kind in ("legal_representatives", "enterprises", "administrators"):
        figures = found[kind]
        states = ("not_started", "in_progress", "stuck", "migrated")
        assert figures["total"] == sum(figures[state] for state in states)
        assert figures["stuck"] == sum(figures["stuck_by"].values())
    with moved_in.sessions() as session:
        neighbour = session.scalars(select(Unit.id).where(Unit.name == "邻居大学")).one()
    narrowed = json.loads(run("status", "--json", "--unit", str(neighbour)).stdout)
    assert set(narrowed) == {
        "legal_representatives", "enterprises", "natural_persons", "administrators",
    }  # fmt: skip
    assert narrowed["natural_persons"]["total"] == 1
    assert narrowed["enterprises"]["total"] == 1
    assert "natural persons" in run("status").output
    assert "There is no such unit" in refusal("status", "--unit", "999")


def test_diagnose_says_what_holds_somebody_up(moved_in: Database) -> None:
    number = builders.id_number(101)
    result = run("diagnose", "--name", "校长", "--json", typed=f"{number}\n")
    found = json.loads(result.stdout)
    assert (found["state"], found["blocker"]) == ("stuck", "name_differs")
    assert found["first_broken"] == "personal_account"
    assert found["desk"] == "platform"
    assert number not in result.output
    with moved_in.sessions() as session:
        username = session.scalars(
            select(LegacyAccount.username).where(LegacyAccount.name == "邻居")
        ).one()
        uscc = session.scalars(select(Unit.uscc).where(Unit.name == "演示大学")).one()
    by_name = json.loads(run("diagnose", "--username", username, "--json").stdout)
    assert by_name["blocker"] == "not_signed_in"
    assert "演示大学" in run("diagnose", "--uscc", uscc or "").output
    assert "Nothing was found" in refusal("diagnose", "--username", "nobody")
    assert "--username" in refusal("diagnose")


def test_snapshot_keeps_a_day_once(moved_in: Database) -> None:
    first = json.loads(run("snapshot", "--backfill", "--json").stdout)
    again = json.loads(run("snapshot", "--backfill", "--json").stdout)
    assert first["rows"] == again["rows"] > 0
    assert first["days"] > 0
    assert again["days"] == 0


def test_rollups_are_verified_and_put_right(moved_in: Database) -> None:
    assert json.loads(run("rollups", "verify", "--json").stdout) == {
        "standings": 0,
        "figures": 0,
        "flows": 0,
        "totals": 0,
        "holders": 0,
        "persons": 0,
        "open_cases": 0,
        "case_months": 0,
        "repaired": False,
    }
    with moved_in.sessions() as session:
        session.execute(text("UPDATE figures SET number = number + 1 WHERE kind = 'enterprises'"))
        session.commit()
    assert "--repair" in refusal("rollups", "verify")
    assert json.loads(run("rollups", "verify", "--repair", "--json").stdout)["repaired"]
    assert json.loads(run("rollups", "verify", "--json").stdout)["figures"] == 0
