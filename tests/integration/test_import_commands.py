"""``yihaotong import accounts|affiliations|history`` and ``keys rotate``, from file to database."""

import base64
import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from admin_app.audit.models import AuditEntry
from admin_app.audit.vocabulary import Event
from admin_app.cli import main
from admin_app.cli.keys import ALL_SEALED
from admin_app.database import transaction
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.migration.models import Affiliation, BusinessRecord, LegacyAccount
from admin_app.schema.tables import METADATA
from admin_app.sealing import Sealer
from admin_app.settings import DEMO_IDENTITY_KEY
from tests import builders
from tests.builders_files import csv_file, xlsx_file
from tests.builders_imports import MD5
from tests.databases import Database

ACCOUNTS = [
    ["外部编号", "账号类型", "用户名", "姓名", "证件类型", "证件号码", "密码算法", "密码"],
    ["1", "个人", "zhang", "示例甲", "身份证", builders.id_number(1), "MD5", MD5],
    ["2", "个人用户", "li", "示例乙", "护照", "E12345678", "MD5", MD5],
    ["3", "不知道", "wang", "示例丙", "身份证", builders.id_number(3), "MD5", MD5],
]
NEW_KEY = base64.b64encode(b"n" * 32).decode()


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database: Database) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.setenv("YIHAOTONG_DATABASE_URL", database.url)
    with transaction(database.sessions) as session:
        builders.unit(session, builders.root(session), "演示大学", UnitKind.FIRST_LEVEL)


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return result


def answer(*arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(*arguments, "--json").stdout)
    return found


def written(rows: list[list[str]]) -> str:
    return "\n".join(",".join(row) for row in rows) + "\n"


def count(database: Database, table: type) -> int:
    with database.sessions() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize("kind", ["utf-8", "utf-8-sig", "gb18030", "xlsx"])
def test_accounts_come_in_from_any_spreadsheet(
    tmp_path: Path, database: Database, kind: str
) -> None:
    if kind == "xlsx":
        path = xlsx_file(tmp_path / "accounts.xlsx", ACCOUNTS)
    else:
        path = csv_file(tmp_path / "accounts.csv", written(ACCOUNTS), kind)
    dry = answer("import", "accounts", str(path))
    assert (dry["rows_read"], dry["taken"], dry["refused"]) == (3, 2, 1)
    assert (dry["committed"], count(database, LegacyAccount)) == (False, 0)
    (line,) = dry["report"]
    assert line == {
        "row": 4,
        "external_id": "3",
        "name": "示例丙",
        "outcome": "refused",
        "code": "kind_unknown",
        "reason": "不认识账号类型“不知道”。",
        "reason_en": "The kind of account “不知道” is not known.",
    }
    assert answer("import", "accounts", str(path), "--commit")["created"] == 2
    again = answer("import", "accounts", str(path), "--commit")
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 2)
    assert count(database, LegacyAccount) == 2


def test_affiliations_and_history_follow(tmp_path: Path, database: Database) -> None:
    run("import", "accounts", str(csv_file(tmp_path / "a.csv", written(ACCOUNTS))), "--commit")
    affiliations = "用户名,单位,职务,起始日期\nzhang,演示大学,研究员,2015年9月\n"
    history = "业务编号,业务类型,用户名,名称,日期\nX1,科研项目,zhang,示例项目,2020-01-02\n"
    for name, text in (("affiliations", affiliations), ("history", history)):
        path = str(csv_file(tmp_path / f"{name}.csv", text, "gb18030"))
        assert answer("import", name, path, "--commit")["created"] == 1
        assert answer("import", name, path, "--commit")["unchanged"] == 1
    assert (count(database, Affiliation), count(database, BusinessRecord)) == (1, 1)


def test_the_terminal_shows_counts_and_reasons_and_the_report_is_a_file(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "accounts.csv", written(ACCOUNTS))
    shown = run("import", "accounts", str(path), "--report", "report.csv").stdout
    assert "This was a dry run" in shown
    assert "is not known" in shown
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [line["code"] for line in csv.DictReader(file)] == ["kind_unknown"]


@pytest.mark.parametrize(
    ("name", "missing"),
    [("accounts", "外部编号"), ("affiliations", "账号编号"), ("history", "外部编号")],
)
def test_a_file_without_the_columns_it_needs_is_refused(
    tmp_path: Path, name: str, missing: str
) -> None:
    path = csv_file(tmp_path / "wrong.csv", "甲,乙\n1,2\n")
    result = CliRunner().invoke(main, ["import", name, str(path)])
    assert result.exit_code == 1
    assert missing in result.stderr


def test_a_mapping_of_ones_own_says_what_the_columns_mean(
    tmp_path: Path, database: Database
) -> None:
    (tmp_path / "own.toml").write_text(
        '[columns]\nexternal_id = ["nr"]\nkind = ["art"]\nusername = ["login"]\nname = ["wer"]\n'
        '[kind]\npersonal = ["p"]\n',
        "utf-8",
    )
    path = csv_file(tmp_path / "own.csv", "nr,art,login,wer\n1,P,a,示例甲\n")
    assert answer("import", "accounts", str(path), "--mapping", "own.toml")["taken"] == 1


def test_keys_are_rotated_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database: Database
) -> None:
    run("import", "accounts", str(csv_file(tmp_path / "a.csv", written(ACCOUNTS))), "--commit")
    monkeypatch.setenv("YIHAOTONG_IDENTITY_KEYS", json.dumps([NEW_KEY, DEMO_IDENTITY_KEY]))
    dry = answer("keys", "rotate")
    assert (dry["checked"], dry["rotated"], dry["committed"]) == (2, 2, False)
    assert answer("keys", "rotate", "--commit")["rotated"] == 2
    assert answer("keys", "rotate", "--commit")["rotated"] == 0
    only_new = Sealer([NEW_KEY], DEMO_IDENTITY_KEY)
    with database.sessions() as session:
        sealed = session.scalars(select(LegacyAccount.id_sealed).order_by(LegacyAccount.id))
        assert [only_new.open(each or b"") for each in sealed] == [
            builders.id_number(1),
            "E12345678",
        ]
        events = session.scalars(
            select(AuditEntry.event).where(AuditEntry.event == Event.KEYS_ROTATED.value)
        ).all()
    assert len(events) == 1


def test_what_no_key_opens_is_counted_and_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run("import", "accounts", str(csv_file(tmp_path / "a.csv", written(ACCOUNTS))), "--commit")
    monkeypatch.setenv("YIHAOTONG_IDENTITY_KEYS", json.dumps([NEW_KEY]))
    done = answer("keys", "rotate", "--commit")
    assert (done["rotated"], done["unreadable"]) == (0, 2)
    assert "put the key of that time back" in run("keys", "rotate").stdout


def test_every_sealed_column_is_rotated() -> None:
    sealed = {
        (table.name, column.name)
        for table in METADATA.sorted_tables
        for column in table.columns
        if column.name.endswith("_sealed")
    }
    assert {(table.name, column) for table, column in ALL_SEALED} == sealed
