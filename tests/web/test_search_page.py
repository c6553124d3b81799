"""Finding a unit: two Chinese characters or a credit code are enough, and each hit has its path."""

import pytest

from admin_app.identity.vocabulary import StaffRole
from tests.web.stage import Stage

pytest_plugins = "tests.web.staging"


def test_two_characters_from_anywhere_in_a_name_find_it_with_its_path(stage: Stage) -> None:
    page = stage.rector.submit(stage.rector.open("/search/"), "查找", q="汐实")
    assert "找到 1 个单位" in page
    assert page.links("潮汐实验室") == [stage.page_of("潮汐实验室")]
    assert "省科技厅 / 济南市科技局 / 演示大学 / 海洋学院" in page


def test_a_credit_code_finds_the_unit(stage: Stage) -> None:
    code = stage.world["演示大学"].uscc
    assert code is not None
    for typed in (code, code.lower(), f" {code} ", code[:17]):
        page = stage.rector.open(f"/search/?q={typed}")
        assert page.links("演示大学")[0] == stage.page_of("演示大学"), typed


def test_one_character_is_too_short_and_the_page_says_what_is_enough(stage: Stage) -> None:
    page = stage.rector.open("/search/?q=海")
    assert "请至少输入两个字，或统一社会信用代码的前四位" in page
    assert page.form("查找").fields["q"] == "海"


def test_when_nothing_is_found_the_page_says_what_to_try(stage: Stage) -> None:
    page = stage.rector.open("/search/?q=天文学院")
    assert "没有找到“天文学院”" in page
    assert "请检查是否有错字" in page


@pytest.mark.parametrize("typed", ["邻居", "无人公司", "济南"])
def test_units_out_of_reach_are_not_found(stage: Stage, typed: str) -> None:
    assert f"没有找到“{typed}”" in stage.rector.open(f"/search/?q={typed}")


def test_support_finds_units_everywhere(stage: Stage) -> None:
    support = stage.staff(StaffRole.PLATFORM_SUPPORT)
    page = support.open("/search/?q=学院")
    assert "找到 3 个单位" in page
    assert page.links("邻居学院")


@pytest.mark.parametrize("typed", ["%", "__", "' OR 1=1 --", "<b>海洋</b>", "%00%00", "=1+1"])
def test_odd_characters_are_characters_like_any_other(stage: Stage, typed: str) -> None:
    page = stage.rector.open("/search/", query_string={"q": typed})
    assert page.status == 200
    assert page.links("海洋学院") == []
    assert "<b>海洋</b>" not in page.html
