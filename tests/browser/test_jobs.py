"""A long list is written in the background: one sees how far it is, cancels it, takes it away."""

import re
from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect
from sqlalchemy import update

from admin_app.cli.worker import Worker
from admin_app.database import transaction
from admin_app.jobs.models import Job
from admin_app.jobs.vocabulary import SILENT, JobState
from tests import builders
from tests.browser.servers import Servers
from tests.browser.visitor import Visit, Visitor

pytestmark = pytest.mark.browser
ACCOUNTS = "外部编号,账号类型,用户名,姓名\n1,个人,zhang,示例甲\n2,个人,li,示例乙\n"


def _asks(visitor: Visitor) -> None:
    visitor.open("/units/")
    visitor.page.locator("summary", has_text="后台导出").click()
    visitor.click("Excel 表格")
    visitor.is_at("后台任务")
    visitor.sees("已提交后台任务。", "排队中")


def test_a_list_is_exported_in_the_background(visit: Visit, servers: Servers) -> None:
    rector = visit()
    rector.sign_in("示例法人一")
    _asks(rector)
    with transaction(servers.database.sessions) as session:
        half_way = {"state": JobState.RUNNING, "done": 500, "total": 1000}
        session.execute(update(Job).values(**half_way, lease_until=builders.NOON))
    bar = rector.page.get_by_role("progressbar")
    expect(bar).to_have_attribute("value", "50")  # without the page being loaded anew
    rector.sees("500 / 1000 行")
    rector.click("取消任务")
    rector.sees("正在取消")
    Worker(servers.database.sessions, servers.settings).run(once=True)
    expect(rector.page.get_by_text("已取消", exact=True)).to_be_visible()

    _asks(rector)
    Worker(servers.database.sessions, servers.settings).run(once=True)
    with rector.page.expect_download() as expected:
        rector.click("下载")
    book = load_workbook(BytesIO(expected.value.path().read_bytes()))
    names = [row[0] for row in book.active.iter_rows(values_only=True)]
    assert names[:2] == ["单位名称", "演示大学"]
    assert expected.value.suggested_filename.endswith(".xlsx")


def test_while_sqlites_one_writer_imports_the_page_says_what_cant_be_done(
    visit: Visit, servers: Servers
) -> None:
    """No bar that stands still and no button that does nothing: a sentence, and then the result."""
    support = visit()
    support.sign_in_locally("support")
    support.open("/imports/")
    support.page.get_by_label("导入什么").select_option(label="导入原账号")
    table = {"name": "accounts.csv", "mimeType": "text/csv", "buffer": ACCOUNTS.encode()}
    support.page.get_by_label("文件").set_input_files([table])
    support.page.get_by_label("理由").fill("原平台导出")
    support.click("提交并试运行")
    support.sees("排队中")
    button = support.page.get_by_role("button", name="取消任务")
    expect(button).to_have_count(1)
    with transaction(servers.database.sessions) as session:
        silent = {"state": JobState.RUNNING, "phase": list(SILENT), "total": 2}
        session.execute(update(Job).values(**silent, lease_until=builders.NOON))
    support.sees("进度在导入完成后更新，导入期间不能取消", "共 2 行")
    expect(button).to_have_count(0)
    expect(support.page.get_by_role("progressbar")).not_to_have_attribute("value", re.compile(""))
    Worker(servers.database.sessions, servers.settings).run(once=True)
    support.sees("已完成", "这是试运行，没有写入任何内容。")
