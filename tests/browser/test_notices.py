"""Somebody is told of their new office: the bell, the list, and the way to where they act."""

import pytest
from playwright.sync_api import expect

from admin_app.cli.worker import Worker
from tests.browser.servers import Servers
from tests.browser.visitor import Visit

pytestmark = pytest.mark.browser


def test_the_bell_tells_of_a_new_office_and_falls_silent_once_it_was_read(
    visit: Visit, servers: Servers
) -> None:
    teacher = visit()
    teacher.sign_in("示例教师甲")
    rector = visit()
    rector.sign_in("示例法人一")
    rector.open(f"/office/unit/{servers.units['数学学院']}/appoint")
    rector.name_somebody("示例教师甲")
    rector.click("指定")
    rector.is_at("数学学院")
    Worker(servers.database.sessions, servers.settings).run(once=True)

    teacher.open("/")
    header = teacher.page.get_by_role("banner")
    teacher.click("通知，1 条未读", within=header)
    teacher.is_at("通知")
    teacher.sees("您已成为“数学学院”的管理员，由示例法人一指定。", "未读")
    teacher.click("查看")
    bell = teacher.page.get_by_role("banner").get_by_role("link", name="通知，0 条未读")
    expect(bell).to_be_visible()
    teacher.open("/notices/mail/")
    teacher.page.get_by_label("邮箱地址").fill("teacher@mail.example")
    teacher.click("寄确认邮件")
    teacher.sees("确认邮件马上寄出。", "待确认")
