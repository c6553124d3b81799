"""The dashboard as managers and departments use it (D4, D5)."""

import io
import re

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser.visitor import Visit, Visitor
from tests.papers import sizes_on

pytestmark = pytest.mark.browser


def open_dashboard(visitor: Visitor, search: str = "") -> None:
    visitor.open(f"/dashboard/{search}")
    figures_are_there(visitor)


def figures_are_there(visitor: Visitor) -> None:
    """No panel waits any more."""
    expect(visitor.page.locator("section.board-card")).not_to_have_count(0)
    expect(visitor.page.locator(".board-card.is-waiting")).to_have_count(0)
    expect(visitor.page.locator("[data-dash-is-loading=true]")).to_have_count(0)


def is_drawn(visitor: Visitor, name: str) -> bool:
    return visitor.page.locator(f"#graph-{name} .main-svg").count() > 0


def panel(visitor: Visitor, name: str):  # type: ignore[no-untyped-def]  # a locator
    return visitor.page.locator(f"#panel-{name}")


def test_a_manager_drills_from_the_province_to_a_stuck_enterprise_and_finds_why(
    visitor: Visitor,
) -> None:
    """D4, D5: figures only on the way, and at the end the reason and who must act."""
    visitor.sign_in_locally("governor")
    visitor.page.get_by_role("navigation", name="主菜单").get_by_role("link", name="看板").click()
    figures_are_there(visitor)
    visitor.page.get_by_label("对象").select_option("enterprises")
    expect(visitor.page).to_have_url(re.compile("kind=enterprises"))
    parts = panel(visitor, "parts")
    parts.get_by_role("button", name="看表格").click()
    parts.get_by_role("link", name="演示市科学技术局").click()
    visitor.is_at("演示市科学技术局 · 迁移看板")
    figures_are_there(visitor)
    headlines = panel(visitor, "headlines")
    kind = headlines.locator(".board-kind").filter(has_text="企事业单位")
    line = kind.locator("li").filter(has_text="卡住")
    number = line.locator(".is-number").inner_text()
    assert int(number) > 0
    line.get_by_role("link").click()
    visitor.is_at("企事业单位迁移")
    expect(visitor.page.get_by_role("status").filter(has_text="共")).to_contain_text(number)
    visitor.page.get_by_role("table").get_by_role("link").first.click()
    visitor.sees("办到哪一步", "下一步", "谁来办")
    expect(visitor.section("依据")).to_have_count(0)
    expect(visitor.section("原账号")).to_have_count(0)
    visitor.sees_no("示例法人")


def test_the_address_holds_the_whole_choice_and_back_works(visitor: Visitor) -> None:
    visitor.sign_in_locally("bureau")
    open_dashboard(visitor)
    page = visitor.page
    page.get_by_label("对象").select_option("natural_persons")
    expect(page.locator(".narrowing-words")).to_contain_text("自然人")
    page.get_by_label("与哪天比较").fill("2026-11-01")
    expect(page).to_have_url(re.compile("compare=2026-11-01"))
    expect(panel(visitor, "comparison")).to_be_visible()
    page.go_back()
    expect(panel(visitor, "comparison")).to_be_hidden()
    expect(page.get_by_label("对象")).to_have_value("natural_persons")
    page.go_back()
    expect(page.get_by_label("对象")).to_have_value("legal_representatives")


def test_a_unit_is_picked_by_searching(visitor: Visitor) -> None:
    visitor.sign_in_locally("bureau")
    open_dashboard(visitor)
    page = visitor.page
    page.locator(".picker summary").click()
    page.get_by_label("按名称或信用代码查找").fill("海洋学院")
    page.locator("#unit-hits").get_by_role("link", name="海洋学院").click()
    visitor.is_at("海洋学院 · 迁移看板")
    figures_are_there(visitor)
    page.get_by_role("link", name="清除筛选").click()
    visitor.is_at("演示市科学技术局 · 迁移看板")


def test_figures_can_be_taken_away(visitor: Visitor) -> None:
    visitor.sign_in_locally("bureau")
    open_dashboard(visitor, "?kind=enterprises")
    funnel = panel(visitor, "funnel")
    for label, ending in (("CSV", ".csv"), ("XLSX", ".xlsx"), ("PNG", ".png"), ("SVG", ".svg")):
        funnel.get_by_text("下载", exact=True).click()
        with visitor.page.expect_download() as taken:
            funnel.locator(".board-takes").get_by_text(label, exact=True).click()
        assert taken.value.suggested_filename.endswith(ending)


def test_a_failing_panel_says_so_and_the_others_stand(visitor: Visitor) -> None:
    visitor.sign_in_locally("bureau")
    page = visitor.page

    def fail(route, request):  # type: ignore[no-untyped-def]  # Playwright's
        if "finding-funnel" in (request.post_data or ""):
            route.abort()
        else:
            route.continue_()

    page.route(re.compile("_dash-update-component"), fail)
    visitor.open("/dashboard/")
    expect(page.locator("#note-funnel")).to_contain_text("连接中断")
    expect(panel(visitor, "headlines")).not_to_have_class(re.compile("is-troubled"))
    visitor.complaints.clear()  # the request was made to fail


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_follow_the_readers_scheme(visit: Visit, scheme: str) -> None:
    visitor = visit(color_scheme=scheme)
    visitor.sign_in_locally("bureau")
    open_dashboard(visitor)
    ink = visitor.page.locator("#graph-funnel .main-svg text").first.evaluate(
        "each => getComputedStyle(each).fill"
    )
    light = sum(map(int, re.findall(r"\d+", ink)[:3])) > 3 * 128
    assert light == (scheme == "dark")


def test_new_figures_wait_while_somebody_reads(visitor: Visitor) -> None:
    """An open table, the place on the page and the focus survive; then the figures come."""
    page = visitor.page
    page.clock.install()
    visitor.sign_in_locally("bureau")
    open_dashboard(visitor)
    parts = panel(visitor, "parts")
    parts.get_by_role("button", name="看表格").click()
    link = parts.locator(".board-table").get_by_role("link").first
    link.focus()
    place = page.evaluate("scrollY")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.fast_forward("01:00:00")
    update = page.get_by_role("button", name="点此更新数字")
    expect(update).to_be_visible()
    assert [address for address in asked if "_dash-update-component" in address] == []
    expect(link).to_be_focused()
    assert page.evaluate("scrollY") == place

    page.mouse.move(0, 0)
    link.blur()
    with page.expect_request(re.compile("_dash-update-component")):
        page.clock.fast_forward("00:10")
    figures_are_there(visitor)
    expect(update).to_be_hidden()
    expect(parts.get_by_role("table")).to_be_visible()
    assert page.evaluate("scrollY") == place


def test_a_chart_is_drawn_when_it_comes_near(visitor: Visitor) -> None:
    """D5: what nobody looks at yet takes no time from what they do look at."""
    visitor.sign_in_locally("governor")
    open_dashboard(visitor)
    expect(visitor.page.locator("#graph-funnel .main-svg")).not_to_have_count(0)
    assert not is_drawn(visitor, "levers")
    panel(visitor, "levers").scroll_into_view_if_needed()
    expect(visitor.page.locator("#graph-levers .main-svg")).not_to_have_count(0)


def test_a_chart_that_is_no_chart_yet_is_taken_away_and_printed_all_the_same(
    visitor: Visitor,
) -> None:
    visitor.sign_in_locally("governor")
    open_dashboard(visitor)
    shown = panel(visitor, "parts")
    assert not is_drawn(visitor, "parts")
    with visitor.page.expect_download():
        shown.locator("[data-picture=svg]").dispatch_event("click")
    assert not is_drawn(visitor, "parts")
    visitor.page.evaluate("() => { dispatchEvent(new Event('beforeprint')); }")
    assert all(is_drawn(visitor, each) for each in ("funnel", "blockers", "burnup", "parts"))
    visitor.page.evaluate("() => { dispatchEvent(new Event('afterprint')); }")
    wide = shown.bounding_box()
    assert wide is not None
    drawn = visitor.page.locator("#graph-parts .svg-container").bounding_box()
    assert drawn is not None
    assert drawn["width"] <= wide["width"]


@pytest.mark.parametrize("kind", ["enterprises", "natural_persons"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_paper_it_is_one_sheet_that_can_be_read_at_a_meeting(
    visitor: Visitor, kind: str, language: str
) -> None:
    """Both sides of an A4 sheet; no text on it smaller than 7 points."""
    visitor.sign_in_locally("governor")
    open_dashboard(visitor, f"?kind={kind}&lang={language}")
    paper = visitor.page.pdf(prefer_css_page_size=True, print_background=True)
    front, back = PdfReader(io.BytesIO(paper)).pages
    assert min(sizes_on(front) | sizes_on(back)) >= 7


def test_pictures_are_taken_without_a_complaint(visitor: Visitor) -> None:
    """Plotly says on the console what it can't draw."""
    said: list[str] = []
    visitor.page.on("console", lambda message: said.append(message.text))
    visitor.sign_in_locally("bureau")
    open_dashboard(visitor, "?compare=2026-11-01")
    for name in ("funnel", "blockers", "burnup", "parts", "levers", "comparison"):
        shown = panel(visitor, name)
        shown.get_by_text("下载", exact=True).click()
        with visitor.page.expect_download():
            shown.locator(".board-takes").get_by_text("PNG", exact=True).click()
    assert [text for text in said if "WARN" in text] == []
