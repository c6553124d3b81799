"""What people do about cases in a browser, in a few words."""

from tests.browser.visitor import Visitor
from tests.builders_pictures import picture

PICTURE = {"name": "身份证.jpg", "mimeType": "image/jpeg", "buffer": picture("JPEG", (400, 300))}


def files_a_change_form(visitor: Visitor, statement: str) -> None:
    """From the start page: the first matter there is, with an ID card."""
    visitor.click("申请人工核实")
    visitor.page.get_by_role("main").get_by_role("link", name="填写变更表").first.click()
    visitor.page.get_by_label("情况说明").fill(statement)
    visitor.page.get_by_label("身份证").set_input_files([PICTURE])
    visitor.page.get_by_label("我同意平台使用我的证件号码").check()
    visitor.click("提交申请")


def starts_review(visitor: Visitor, number: str = "1") -> None:
    """Support opens the desk, takes a case and begins to look into it."""
    visitor.open("/desk/")
    visitor.click(number)
    visitor.click("我来办")
    visitor.click("开始核实")
