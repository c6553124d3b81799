"""A long list is written in the background: one sees how far it is, cancels it, takes it away."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect
from sqlalchemy import update

from admin_app.cli.worker import Worker
from admin_app.database import transaction
from admin_app.jobs.models import Job
from admin_app.jobs.vocabulary import JobState
from tests import builders
from tests.browser.servers import Servers
from tests.browser.visitor import Visit, Visitor

pytestmark = pytest.mark.browser


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
