"""Whole stories at the service desk: from what somebody is stuck by to what is done about it."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import PICTURE, files_a_change_form, starts_review
from tests.browser.visitor import Visit
from tests.papers import text_of_pdf

pytestmark = pytest.mark.browser


def test_a_forgotten_password_is_filed_shown_to_be_theirs_and_bound(visit: Visit) -> None:
    """R41-R43: filed, asked for, uploaded, approved by the desk; the account is theirs."""
    person, support = visit(), visit()
    person.sign_in("示例教师丙")
    person.open("/binding/")
    person.click("忘记了原密码")
    person.sees("还缺材料，请打开上传。")
    person.click("第 1 号 · 原密码错误、锁定或忘记")
    person.page.get_by_label("身份证").set_input_files([PICTURE])
    person.click("提交")
    expect(person.section("已交的材料")).to_contain_text("身份证.jpg")

    support.sign_in_locally("support")
    starts_review(support)
    expect(support.section("逐项比对").get_by_text("不一致", exact=True)).to_have_count(0)
    support.page.get_by_label("常用语").select_option(label="照片看不清")
    support.click("请本人补充材料")
    support.sees("等本人补充材料，暂停计时")

    person.open("/cases/1/")
    person.sees("平台请您补充", "您上传的照片看不清")
    person.page.get_by_label("内容").fill("重新拍了一张")
    person.page.get_by_label("上传材料").set_input_files([PICTURE])
    person.click("提交")
    person.sees("核实中")

    support.open("/desk/1/")
    support.sees("重新拍了一张")
    support.page.get_by_label("理由").fill("身份证与本人一致")
    support.page.get_by_role("button", name="通过", exact=True).click()
    support.sees("已通过")

    person.open("/cases/1/")
    person.sees("已通过", "身份证与本人一致")
    person.open("/")
    person.sees("都办好了。")
    person.click("原账号与回执")
    person.click("绑定的回执")
    person.sees("一条数据也没有少")


def test_what_takes_two_is_not_done_by_one(visit: Visit) -> None:
    """R40: proposed by one; the page offers them nothing to confirm with."""
    person, support = visit(), visit()
    person.sign_in("示例外籍己")
    files_a_change_form(person, "都是我的")
    support.sign_in_locally("support")
    starts_review(support)
    support.page.get_by_label("理由").fill("材料齐全")
    support.click("提出办理，请人复核")
    support.sees("您不能复核自己的提议")
    expect(support.page.get_by_role("button", name="同意，办理")).to_have_count(0)
    person.open("/cases/1/")
    person.sees_no("材料齐全")
    person.sees("核实中")


def test_a_filled_in_form_is_downloaded_signed_sent_back_and_approved(visit: Visit) -> None:
    """R42: the paper says what was filed; signed and photographed it lies with the desk."""
    person, support = visit(), visit()
    person.sign_in("示例教师丙")
    person.open("/binding/")
    person.click("忘记了原密码")
    person.click("第 1 号 · 原密码错误、锁定或忘记")
    with person.page.expect_download() as started:
        person.click("下载 PDF")
    content = started.value.path().read_bytes()
    said = text_of_pdf(content)
    assert started.value.suggested_filename.startswith("信息变更表-")
    assert "示例教师丙" in said
    assert "待补交" in said
    number = person.section("信息变更表").inner_text().split("受理编号：")[1].split()[0]
    assert number in said

    person.page.get_by_label("身份证").set_input_files([PICTURE])
    signed = {**PICTURE, "name": "签好的表.jpg"}
    person.page.get_by_label("签字或盖章的信息变更表").set_input_files([signed])
    person.click("提交")
    expect(person.section("已交的材料")).to_contain_text("签好的表.jpg")

    support.sign_in_locally("support")
    starts_review(support)
    support.sees(number)
    expect(support.section("材料")).to_contain_text("签字或盖章的信息变更表")
    support.page.get_by_label("理由").fill("签字与本人一致")
    support.page.get_by_role("button", name="通过", exact=True).click()
    support.sees("已通过")
    person.open("/cases/1/")
    person.sees("已通过", "签字与本人一致")
