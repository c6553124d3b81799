"""One's own business history and data: all of it, nobody else's, and to take away."""

import csv
import io
import json

import pytest

from admin_app.identity.vocabulary import StaffRole
from admin_app.migration.models import AccountBinding, BusinessRecord, Consent
from admin_app.migration.vocabulary import AccountKind, Proof, RecordKind
from admin_app.views import my_history
from tests import builders
from tests.builders_migration import affiliation, history, legacy_account
from tests.web.stage import Stage

pytest_plugins = "tests.web.staging"


@pytest.fixture
def moved_in(stage: Stage) -> Stage:
    """外人 has bound a personal account and a unit's; somebody else's is bound to nobody."""
    with stage.writing() as session:
        person_id = stage.world.people["外人"].id
        number = builders.id_number(105)
        own = legacy_account(session, "外人", number)
        company = legacy_account(
            session, "无人公司", number, kind=AccountKind.UNIT, unit=stage.world["无人公司"]
        )
        affiliation(session, own, stage.world["潮汐实验室"])
        history(session, own, 3)
        history(session, company, 2, RecordKind.AWARD)
        history(session, legacy_account(session, "别人"), 4, RecordKind.PATENT)
        for account in (own, company):
            session.add(
                AccountBinding(
                    account_id=account.id,
                    person_id=person_id,
                    proof=Proof.OLD_PASSWORD,
                    since=builders.NOON,
                )
            )
        session.add(Consent(person_id=person_id, wording="2026-11", at=builders.NOON))
    return stage


def rows(page_rows: object) -> list[str]:
    return [row.text for row in page_rows.all("tr")][1:]  # type: ignore[attr-defined]


def test_history_is_that_of_all_accounts_bound(moved_in: Stage) -> None:
    page = moved_in.person("外人").open("/history/")
    assert "科研项目 3" in page
    assert "科技奖励 2" in page
    assert "专利" not in page
    assert len(rows(page.root)) == 5
    assert "无人公司" in page


def test_history_is_filtered_and_searched(moved_in: Stage) -> None:
    outsider = moved_in.person("外人")
    page = outsider.submit(outsider.open("/history/"), "查找", kind="award")
    assert len(rows(page.root)) == 2
    page = outsider.open("/history/?q=项目&year=2020")
    assert len(rows(page.root)) == 5
    page = outsider.open("/history/?q=没有这个")
    assert "没有符合条件的记录" in page
    for nonsense in ("kind=x&year=y&after=z", "year=0000", "after=2020-99-99.1", "q=%00"):
        assert outsider.open(f"/history/?{nonsense}").status == 200


def test_history_goes_on_page_by_page(moved_in: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(my_history, "PAGE", 2)
    outsider = moved_in.person("外人")
    page, seen = outsider.open("/history/"), []
    while True:
        seen += rows(page.root)
        if not page.links("下一页"):
            break
        page = outsider.follow(page, "下一页")
    assert len(seen) == len(set(seen)) == 5
    assert len(rows(outsider.follow(page, "回到第一页").root)) == 2


def test_history_is_taken_away_without_formulas(moved_in: Stage) -> None:
    with moved_in.writing() as session:
        first = session.query(BusinessRecord).order_by(BusinessRecord.id).first()
        assert first is not None
        first.title = "=HYPERLINK(1)"
    answer = moved_in.person("外人").get("/history/export/csv/?kind=project")
    assert answer.mimetype == "text/csv"
    lines = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert lines[0] == ["类别", "名称", "日期", "本人角色", "状态", "原编号"]
    assert len(lines) == 4
    assert {"'=HYPERLINK(1)", "示例项目"} == {line[1] for line in lines[1:]}
    assert {line[2] for line in lines[1:]} == {"2020-01-02"}


def test_whoever_has_bound_nothing_is_told_what_comes_next(stage: Stage) -> None:
    assert "还没有绑定原账号" in stage.person("外人").open("/history/")
    assert "您目前还没有所属单位。" in stage.person("外人").open("/me/")


def test_my_data_is_what_is_stored_about_me(moved_in: Stage) -> None:
    page = moved_in.person("外人").open("/me/")
    assert "潮汐实验室" in page.part("units")
    assert "外人" in page.part("accounts")
    assert "无人公司" in page.part("accounts")
    assert "别人" not in page
    assert "中级实名认证" in page.part("identity")
    assert "同意用证件号码核对原账号" in page.part("consents")
    assert "现在有 1 处登录" in page.part("sessions")
    assert builders.id_number(105) not in page.html


def test_offices_are_among_my_data(stage: Stage) -> None:
    assert "海洋学院 在任" in stage.person("院长").open("/me/").part("appointments")
    assert "演示大学 法定代表人" in stage.rector.open("/me/").part("appointments")
    assert "指定管理员" in stage.person("院长").open("/me/").part("entries")


def test_my_data_is_taken_away_as_json(moved_in: Stage) -> None:
    answer = moved_in.person("外人").get("/me/export/")
    assert answer.mimetype == "application/json"
    assert "attachment" in answer.headers["Content-Disposition"]
    data = json.loads(answer.get_data(as_text=True))
    assert data["name"] == "外人"
    assert data["id_number"].startswith("990****")
    assert builders.id_number(105) not in answer.get_data(as_text=True)
    assert [each["unit"] for each in data["units"]] == ["潮汐实验室"]
    assert data["history"] == {"project": 3, "award": 2}
    assert {each["name"] for each in data["accounts"]} == {"外人", "无人公司"}


@pytest.mark.parametrize("address", ["/history/", "/me/", "/me/export/", "/history/export/csv/"])
def test_staff_have_none_of_it(stage: Stage, address: str) -> None:
    assert stage.staff(StaffRole.AUDITOR).get(address).status_code == 404
