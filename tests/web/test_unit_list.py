"""The list of units: filters, orders, keyset pages both ways, and a table to take away."""

import csv
import io

import pytest

from admin_app.hierarchy.vocabulary import UnitKind
from tests import builders
from tests.web.reading import Page
from tests.web.stage import Stage, Visitor

pytest_plugins = "tests.web.staging"


def names(page: Page) -> list[str]:
    rows = [row for row in page.root.all("tr") if list(row.all("td"))]
    return [next(row.all("td")).text for row in rows]


def test_it_lists_what_the_visitor_may_see_in_the_order_of_the_tree(stage: Stage) -> None:
    page = stage.rector.open("/units/")
    assert names(page) == ["演示大学", "海洋学院", "潮汐实验室", "物理学院"]
    assert "共 4 条" in page
    assert page.links("海洋学院") == [stage.page_of("海洋学院")]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"name": "海洋"}, ["海洋学院"]),
        ({"name": "洋学"}, []),
        ({"name": "100%"}, []),
        ({"kind": "first_level"}, ["演示大学", "无人公司"]),
        ({"kind": "nonsense", "name": "物理"}, ["物理学院"]),
        ({"state": "vacant"}, ["潮汐实验室", "物理学院", "无人公司"]),
        ({"state": "administered"}, ["演示大学", "海洋学院"]),
        ({"state": "archived"}, []),
        ({"kind": "secondary", "state": "administered"}, ["海洋学院"]),
    ],
    ids=str,
)  # fmt: skip
def test_filters_narrow_it_down(stage: Stage, typed: dict[str, str], found: list[str]) -> None:
    bureau = stage.bureau
    page = bureau.submit(bureau.open("/units/"), "查找", **typed)
    assert names(page) == found
    if not found:
        assert "没有符合条件的单位，请放宽筛选条件" in page
        assert names(bureau.follow(page, "清除筛选")) != []


def test_a_credit_code_has_to_be_right_before_it_filters(stage: Stage) -> None:
    code = stage.world["演示大学"].uscc
    assert code is not None
    bureau = stage.bureau
    assert names(bureau.submit(bureau.open("/units/"), "查找", uscc=code.lower())) == ["演示大学"]
    page = bureau.submit(bureau.open("/units/"), "查找", uscc=code[:17])
    assert "统一社会信用代码应为 18 位" in page
    assert page.form("查找").fields["uscc"] == code[:17]


@pytest.fixture
def crowded(stage: Stage) -> Stage:
    """演示大学 with 60 colleges more, some of whose names a spreadsheet would run."""
    with stage.writing() as session:
        university = session.merge(stage.world["演示大学"])
        for number in range(60):
            builders.unit(session, university, f"第{number * 7 % 60:02}学院", UnitKind.SECONDARY)
        for name in ("=1+1学院", "+学院", "-学院", "@学院", '=HYPERLINK("http://evil"),院'):
            builders.unit(session, university, name, UnitKind.SECONDARY)
    return stage


def walk(visitor: Visitor, page: Page, label: str) -> list[list[str]]:
    """The pages in one direction, from a page on."""
    pages = [names(page)]
    while page.links(label):
        page = visitor.follow(page, label)
        pages.append(names(page))
    return pages


@pytest.mark.parametrize("sort", ["tree", "-tree", "name", "-name"])
def test_pages_lead_there_and_back_without_gaps_or_repeats(crowded: Stage, sort: str) -> None:
    rector = crowded.rector
    first = rector.open(f"/units/?sort={sort}")
    forth = walk(rector, first, "下一页")
    assert [len(page) for page in forth] == [25, 25, 19]
    everything = [name for page in forth for name in page]
    assert len(set(everything)) == 69
    page = first
    while page.links("下一页"):
        page = rector.follow(page, "下一页")
    assert walk(rector, page, "上一页") == forth[::-1]


def test_a_heading_turns_the_order_round(crowded: Stage) -> None:
    rector = crowded.rector
    page = rector.open("/units/?size=100")
    falling_tree = names(page)
    by_name = rector.follow(page, "单位名称", within="main")
    again = rector.follow(by_name, "单位名称", within="main")
    assert sorted(names(by_name)) == sorted(falling_tree)
    assert names(again) == names(by_name)[::-1]
    assert "sort=-name" in again.address


def test_filters_stay_while_turning_pages(crowded: Stage) -> None:
    rector = crowded.rector
    page = rector.submit(rector.open("/units/"), "查找", name="第")
    pages = walk(rector, page, "下一页")
    assert [len(each) for each in pages] == [25, 25, 10]
    assert all(name.startswith("第") for each in pages for name in each)


def test_a_made_up_place_is_the_first_page(crowded: Stage) -> None:
    page = crowded.rector.open("/units/?at=WzAsWyJ+Il1d.made-up")
    assert names(page)[0] == "演示大学"


def test_the_table_to_take_away_holds_the_same_rows_and_no_formula(crowded: Stage) -> None:
    rector = crowded.rector
    response = rector.get(rector.open("/units/").link("导出表格"))
    assert response.headers["Content-Type"].startswith("text/csv")
    text = response.get_data(as_text=True)
    assert text.startswith("\ufeff"), "Excel reads it as UTF-8"
    header, *rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert header == ["单位名称", "类别", "统一社会信用代码", "管理员", "状态"]
    assert len(rows) == 69
    assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))] == []
    assert "'=1+1学院" in {row[0] for row in rows}
    assert not {"邻居大学", "无人公司"} & {row[0] for row in rows}


def test_a_filtered_list_is_taken_away_filtered(stage: Stage) -> None:
    rector = stage.rector
    page = rector.submit(rector.open("/units/"), "查找", state="vacant")
    text = rector.get(page.link("导出表格")).get_data(as_text=True)
    assert [line.split(",")[0] for line in text.split()[1:]] == ["潮汐实验室", "物理学院"]


def test_there_is_no_other_format(stage: Stage) -> None:
    assert stage.rector.get("/units/export/xlsx/").status_code == 404
