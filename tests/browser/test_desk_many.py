"""Many cases at once at the desk, while others work on the same ones: what wasn't done says why."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import files_a_change_form
from tests.browser.visitor import Visit, Visitor

pytestmark = pytest.mark.browser

CHANGED = "您打开页面之后，这份申请有了变化。"
FILED_BY = ("示例外籍己", "示例教师丙", "示例法人二")


def test_several_are_handed_over_but_for_the_one_that_somebody_has_changed(visit: Visit) -> None:
    """R39-R43: two go to the colleague, and the page names the third and what has come of it."""
    _have_filed(visit)
    support, colleague = _at_the_desk(visit, "support"), _at_the_desk(visit, "colleague")
    _ticks(support, 1, 2, 3)
    _ticks(colleague, 2)
    colleague.click("接办所选")
    colleague.sees("接办：办了 1 件，没有办 0 件。")

    support.page.get_by_label("转交给").select_option(label="示例同事")
    support.click("转交所选")
    support.sees("转交：办了 2 件，没有办 1 件。")
    _names(support, "没有办的", 2, CHANGED)
    _names(support, "已经办好的", 1, "示例同事")
    _names(support, "已经办好的", 3, "示例同事")

    # What it is now is known: once more, and it is in the colleague's hands already.
    support.page.get_by_role("checkbox", name="选中工单 2").check()
    support.page.get_by_label("转交给").select_option(label="示例同事")
    support.click("转交所选")
    support.sees("转交：办了 0 件，没有办 1 件。")
    _names(support, "没有办的", 2, "这份申请不在您手上")
    colleague.open("/desk/?whose=mine")
    expect(colleague.page.get_by_role("checkbox", name="选中工单")).to_have_count(3)


def test_several_are_answered_but_for_the_one_taken_back_meanwhile(visit: Visit) -> None:
    """R43: a canned answer to each, in their own page; the one that ended says that it has."""
    people = _have_filed(visit)
    support = _at_the_desk(visit, "support")
    _ticks(support, 1, 2, 3)
    support.click("接办所选")
    support.sees("接办：办了 3 件，没有办 0 件。")
    support.open("/desk/")
    _ticks(support, 1, 2, 3)
    people[1].open("/cases/2/")
    people[1].page.get_by_text("撤回申请").click()
    people[1].click("确认撤回")
    people[1].sees("已撤回。")

    support.page.get_by_label("常用语").select_option(label="照片看不清")
    support.page.get_by_label("内容").fill("本周内补上即可")
    support.click("请本人补充材料")
    support.sees("请本人补充材料：办了 2 件，没有办 1 件。")
    _names(support, "没有办的", 2, CHANGED)
    for number in (1, 3):
        _names(support, "已经办好的", number, "待补充")
        person = people[number - 1]
        person.open(f"/cases/{number}/")
        person.sees("平台请您补充", "您上传的照片看不清", "本周内补上即可")
    people[1].open("/cases/2/")
    people[1].sees_no("您上传的照片看不清")


def _have_filed(visit: Visit) -> list[Visitor]:
    """Three people, each with a case of the number they come in."""
    people = [visit() for _ in FILED_BY]
    for person, name in zip(people, FILED_BY, strict=True):
        person.sign_in(name)
        if name == FILED_BY[0]:
            files_a_change_form(person, "都是我的")
        else:
            person.open("/binding/")
            person.click("忘记了原密码")
            person.sees("还缺材料，请打开上传。")
    return people


def _at_the_desk(visit: Visit, username: str) -> Visitor:
    staff = visit()
    staff.sign_in_locally(username)
    staff.open("/desk/")
    return staff


def _ticks(staff: Visitor, *numbers: int) -> None:
    for number in numbers:
        staff.page.get_by_role("checkbox", name=f"选中工单 {number}").check()


def _names(staff: Visitor, section: str, number: int, said: str) -> None:
    """Under this heading there is this case, with what is said of it."""
    entry = staff.section(section).get_by_role("listitem").filter(has_text=f"工单 {number}")
    expect(entry).to_contain_text(said)
