"""What one row of a register says by itself: each oddity is refused or named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.hierarchy.register_rules import read_row, require_source, split
from admin_app.hierarchy.register_vocabulary import Outcome, RowCode, SourceMalformed
from admin_app.hierarchy.vocabulary import UnitKind
from tests.builders import uscc
from tests.builders_files import WORDS, row


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"name": "", "english_name": " "}, RowCode.NAME_MISSING),
        ({"name": "长" * 201}, RowCode.NAME_TOO_LONG),
        ({"name": "\ufdfa" * 60}, RowCode.NAME_TOO_LONG),  # each becomes eighteen when compared
        ({"external_id": ""}, RowCode.NO_EXTERNAL_ID),
        ({"external_id": "9" * 100}, RowCode.EXTERNAL_ID_TOO_LONG),
        ({"uscc": "123"}, RowCode.CODE_MALFORMED),
        ({"uscc": "91350100M000100Y44"}, RowCode.CODE_CHECK_WRONG),
        ({"status": "测试"}, RowCode.NOT_WANTED),
    ],
)
def test_a_row_is_refused_with_its_reason(cells: dict[str, str], code: RowCode) -> None:
    reading = read_row(row(2, **{"external_id": "1", "name": "海洋学院", **cells}), WORDS, "demo")
    assert reading.refusal is code
    assert code.outcome is Outcome.REFUSED


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"name": "", "english_name": "Ocean College"}, RowCode.NAME_FROM_ENGLISH),
        ({"name": "海洋\n学院"}, RowCode.CONTROL_CHARACTERS),
        ({"status": "停办"}, RowCode.STATUS_UNKNOWN),
        ({"kind": "协会"}, RowCode.KIND_UNKNOWN),
    ],
)
def test_a_row_is_taken_with_a_change_that_is_named(cells: dict[str, str], code: RowCode) -> None:
    reading = read_row(row(2, **{"external_id": "1", "name": "海洋学院", **cells}), WORDS, "demo")
    assert reading.refusal is None
    assert [change for change, _ in reading.changes] == [code]
    assert code.outcome is Outcome.CHANGED


def test_a_row_in_order_has_nothing_to_report() -> None:
    reading = read_row(
        row(2, " 7 ", " 海洋　学院 ", "a|b||a", kind="企业|二级单位", status="在用"), WORDS, "demo"
    )
    assert (reading.refusal, reading.changes) == (None, [])
    assert (reading.external_id, reading.name) == ("demo:7", "海洋 学院")
    assert (reading.parents, reading.kind) == (["a", "b"], UnitKind.SECONDARY)


def test_a_unit_without_a_number_is_known_by_its_credit_code() -> None:
    code = uscc(7)
    assert read_row(row(2, "", "公司", uscc=code.lower()), WORDS, "demo").external_id == (
        f"uscc:{code}"
    )


def test_a_closed_unit_keeps_the_word_that_says_so() -> None:
    assert read_row(row(2, "1", "公司", status="注销"), WORDS, "demo").status_word == "注销"


def test_several_separators_split_one_cell() -> None:
    assert split("a; b|c\n d ;;a", (";", "|", "\n")) == ["a", "b", "c", "d"]


@pytest.mark.parametrize("source", ["", "Ror", "a b", "uscc", "x" * 21, "a:b"])
def test_a_source_has_a_plain_name(source: str) -> None:
    with pytest.raises(SourceMalformed):
        require_source(source)
    assert require_source("ror") == "ror"


@given(st.builds(row, st.integers(1), st.text(), st.text(), st.text(), uscc=st.text()))
def test_whatever_stands_in_a_row_can_be_stored(anything: object) -> None:
    reading = read_row(anything, WORDS, "demo")  # type: ignore[arg-type]
    kept = [reading.name, reading.external_id or "", reading.detail, *reading.parents]
    assert not any("\0" in text for text in kept)


def test_each_reason_is_said_in_both_languages() -> None:
    for code in RowCode:
        text = code.text.format(detail="7")
        assert text.zh
        assert text.en
        assert "{" not in text.zh + text.en
