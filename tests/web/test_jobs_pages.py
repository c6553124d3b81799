"""Long jobs in the browser: a list as a table, a file that is tried and then imported."""

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from admin_app.audit.models import AuditEntry
from admin_app.audit.vocabulary import Event
from admin_app.cli.job_running import JobRunner
from admin_app.delegation.models import Appointment
from admin_app.delegation.operations import end
from admin_app.identity.vocabulary import StaffRole
from admin_app.jobs.models import Job
from admin_app.jobs.vocabulary import JobState
from admin_app.migration.models import LegacyAccount
from admin_app.policy.vocabulary import Capacity
from tests import builders
from tests.builders_imports import MD5
from tests.builders_jobs import run_all
from tests.web.reading import Page
from tests.web.stage import Stage, Visitor

pytest_plugins = "tests.web.staging"

HEADER = "外部编号,账号类型,用户名,姓名,证件类型,证件号码,密码算法,密码\n"
ACCOUNTS = (
    f"{HEADER}"
    f"91,个人,job1,示例甲,身份证,{builders.id_number(901)},MD5,{MD5}\n"
    f"92,不知道,job2,示例乙,身份证,{builders.id_number(902)},MD5,{MD5}\n"
)


def works(stage: Stage) -> int:
    settings = stage.app.extensions["yihaotong.settings"]
    return run_all(JobRunner(stage.sessions, settings, lambda _settings: stage.app))


def asks(visitor: Visitor, address: str = "/units/", button: str = "Excel 表格") -> Page:
    return visitor.submit(visitor.open(address), button)


def taken(visitor: Visitor) -> bytes:
    answer = visitor.get(visitor.open("/jobs/").link("下载"))
    assert answer.status_code == 200
    return answer.get_data()


def names_in(content: bytes) -> list[str]:
    rows = load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    return [str(row[0]) for row in rows]


def test_a_list_is_written_by_a_worker_and_taken_away(stage: Stage) -> None:
    page = asks(stage.dean)
    assert says(page, "已提交后台任务", "单位列表", "排队中")
    assert works(stage) == 1
    assert says(stage.dean.open("/jobs/"), "已完成", "共 2 行")
    at_once = stage.dean.get("/units/export/csv/").get_data().decode("utf-8-sig")
    assert names_in(taken(stage.dean)) == [line.split(",")[0] for line in at_once.splitlines()]


def test_it_holds_what_was_filtered_in_the_language_of_whoever_asked(stage: Stage) -> None:
    stage.rector.open("/?lang=en")
    asks(stage.rector, "/units/?name=海洋&sort=-name", "CSV table")
    works(stage)
    answer = stage.rector.get(stage.rector.open("/jobs/").link("Download"))
    lines = answer.get_data().decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines] == ["Name", "海洋学院"]
    assert "Units-" in answer.headers["Content-Disposition"]


def test_nobody_else_sees_it(stage: Stage) -> None:
    asks(stage.dean)
    works(stage)
    address = stage.dean.open("/jobs/").link("下载")
    assert stage.director.get(address).status_code == 404
    assert says(stage.director.open("/jobs/"), "还没有后台任务")


def test_who_is_dismissed_before_it_is_written_gets_nothing(stage: Stage) -> None:
    asks(stage.dean)
    dismiss_the_dean(stage)
    works(stage)
    page = stage.dean.open("/jobs/")
    assert says(page, "未完成", "提交任务时的身份或权限已经没有了")
    assert page.links("下载") == []


def test_who_is_dismissed_after_it_was_written_cant_take_it(stage: Stage) -> None:
    asks(stage.dean)
    works(stage)
    address = stage.dean.open("/jobs/").link("下载")
    dismiss_the_dean(stage)
    assert stage.dean.get(address).status_code == 403


def test_who_wrote_and_who_took_it_stands_in_the_trail(stage: Stage) -> None:
    asks(stage.bureau, "/units/?kind=secondary")
    works(stage)
    taken(stage.bureau)
    with stage.sessions() as session:
        entries = session.scalars(
            select(AuditEntry).where(
                AuditEntry.event.in_((Event.LIST_EXPORTED.value, Event.RESULT_TAKEN.value))
            )
        ).all()
    assert {entry.actor_capacity for entry in entries} == {Capacity.DEPARTMENT_STAFF.value}
    written = next(e for e in entries if e.event == Event.LIST_EXPORTED.value)
    assert written.details["search"] == {"kind": "secondary", "sort": "tree"}
    assert (written.details["list"], written.details["format"]) == ("units", "xlsx")


def test_one_that_waits_is_cancelled(stage: Stage) -> None:
    page = stage.dean.submit(asks(stage.dean), "取消任务")
    assert says(page, "已取消")
    assert works(stage) == 0


@pytest.mark.parametrize("address", ["/units/export-later/pdf/", "/staff/export-later/csv/"])
def test_another_kind_of_table_does_not_exist(stage: Stage, address: str) -> None:
    visitor = stage.rector
    fields = visitor.open("/").form("退出登录").fields
    assert visitor.client.post(address, data=fields).status_code in (403, 404)


def test_a_file_is_tried_first_and_then_imported(stage: Stage) -> None:
    support = stage.staff(StaffRole.PLATFORM_SUPPORT)
    page = hands_in(support, ACCOUNTS)
    assert says(page, "先试运行", "accounts.csv", "试运行")
    works(stage)
    tried = support.open("/jobs/")
    assert says(tried, "这是试运行，没有写入任何内容。")
    assert accounts(stage) == []
    report = support.get(tried.link("下载未按原样导入的行")).get_data().decode("utf-8-sig")
    assert "不认识账号类型" in report
    support.submit(tried, "确认正式导入")
    works(stage)
    assert says(support.open("/jobs/"), "已全部写入。")
    assert accounts(stage) == ["job1"]


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("accounts_import", f"{HEADER}92,不知道,job2,示例乙,,,,\n"),
        ("units_import", "外部编号,单位名称,上级单位\n1,示例单位,没有这个上级\n"),
        ("affiliations_import", "账号编号,所属单位\n没有,演示大学\n"),
        (
            "history_import",
            "业务编号,业务类型,账号编号,名称,日期\nx1,科研项目,没有,示例,2020-01-02\n",
        ),
    ],
)
def test_where_no_row_would_be_imported_it_is_not_offered(
    stage: Stage, kind: str, content: str
) -> None:
    support = stage.staff(StaffRole.PLATFORM_SUPPORT)
    hands_in(support, content, kind=kind)
    works(stage)
    tried = support.open("/jobs/")
    assert says(tried, "读取 1", "未导入 1", "没有一行能导入", "下载未按原样导入的行")
    assert "正式导入" not in tried.html.replace("所以不能正式导入", "")
    token = tried.form("退出登录").fields
    answer = support.client.post(f"/jobs/{_only_job(stage)}/commit", data=token)
    assert answer.status_code == 409
    assert "试运行的结果里没有要写入的行" in answer.get_data(as_text=True)
    assert works(stage) == 0


def test_what_is_there_already_is_not_imported_again(stage: Stage) -> None:
    support = stage.staff(StaffRole.PLATFORM_SUPPORT)
    hands_in(support, ACCOUNTS)
    works(stage)
    support.submit(support.open("/jobs/"), "确认正式导入")
    works(stage)
    hands_in(support, ACCOUNTS)
    works(stage)
    assert says(support.open("/jobs/"), "能导入的行系统里都已经有了")
    fine, _wrong = ACCOUNTS.removeprefix(HEADER).splitlines(keepends=True)
    hands_in(support, HEADER + fine)
    works(stage)
    page = support.open("/jobs/")
    assert says(page, "文件里的内容系统里都已经有了，不用正式导入。")
    assert "确认正式导入" not in page.html.split("能导入的行系统里都已经有了")[0]
    hands_in(support, HEADER)
    works(stage)
    assert says(support.open("/jobs/"), "文件里只有表头，没有数据行。")


def _only_job(stage: Stage) -> int:
    with stage.sessions() as session:
        return session.scalars(select(Job.id)).one()


def test_what_is_missing_is_said_and_nothing_typed_is_lost(stage: Stage) -> None:
    support = stage.staff(StaffRole.PLATFORM_SUPPORT)
    page = hands_in(support, "", reason="月度更新")
    assert page.status == 422
    assert says(page, "请选择要导入的文件", "月度更新")
    assert says(hands_in(support, ACCOUNTS, reason=""), "必须写明理由")
    with stage.sessions() as session:
        assert session.scalars(select(Job)).all() == []


def test_only_platform_support_imports(stage: Stage) -> None:
    for visitor in (stage.rector, stage.bureau, stage.staff(StaffRole.SECURITY_ADMINISTRATOR)):
        assert visitor.get("/imports/").status_code == 403


def test_a_job_of_ones_own_that_runs_shows_how_far_it_is(stage: Stage) -> None:
    asks(stage.dean)
    with stage.writing() as session:
        session.execute(
            update(Job).values(
                state=JobState.RUNNING,
                lease_until=builders.NOON,
                done=250,
                total=1000,
                phase=["写入表格", "Writing"],
            )
        )
    page = stage.dean.open("/jobs/")
    assert says(page, "进行中", "写入表格", "250 / 1000 行")
    assert 'value="25"' in page.html
    assert "jobs.js" in page.html


def says(page: Page, *sentences: str) -> bool:
    missing = [sentence for sentence in sentences if sentence not in page]
    assert not missing, page
    return True


def dismiss_the_dean(stage: Stage) -> None:
    with stage.writing() as session:
        dean = stage.world.people["院长"].id
        office = session.scalars(select(Appointment).where(Appointment.person_id == dean)).one()
        end(builders.act(session, stage.world.rector), office.id, confirmed_last=True)


def hands_in(
    visitor: Visitor, content: str, reason: str = "旧平台提供", kind: str = "accounts_import"
) -> Page:
    form = visitor.open("/imports/").form("提交并试运行")
    fields = {**form.fields, "kind": kind, "reason": reason}
    name = "C:\\文件\\accounts.csv" if content else ""
    fields["file"] = (io.BytesIO(content.encode()), name)
    answer = visitor.client.post("/imports/upload", data=fields, follow_redirects=True)
    return Page(answer.status_code, "/imports/", answer.get_data(as_text=True))


def accounts(stage: Stage) -> list[str]:
    with stage.sessions() as session:
        ours = LegacyAccount.username.in_(("job1", "job2"))
        return list(session.scalars(select(LegacyAccount.username).where(ours)))
