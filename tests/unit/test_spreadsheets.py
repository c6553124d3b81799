"""A spreadsheet is read whatever it was saved with, and a bad one is refused with its line."""

import re
import tracemalloc
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from admin_app.exchange.problems import (
    BrokenQuotes,
    ColumnMissing,
    DuplicateHeader,
    EmptyFile,
    FileMissing,
    MappingWrong,
    NotASpreadsheet,
    SheetMissing,
    WrongEncoding,
)
from admin_app.exchange.spreadsheets import digest, open_spreadsheet
from admin_app.exchange.unit_files import load_mapping, open_units
from admin_app.hierarchy.vocabulary import UnitKind
from tests.builders_files import csv_file, xlsx_file

TABLE = "外部编号,单位名称\n1,海洋学院\n2,物理学院\n"


def read(path: Path, sheet: str | None = None) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.number, row.values) for row in open_spreadsheet(path, sheet).rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_in_the_encodings_of_chinese_offices(tmp_path: Path, encoding: str) -> None:
    spreadsheet = open_spreadsheet(csv_file(tmp_path / "units.csv", TABLE, encoding))
    assert spreadsheet.header == ("外部编号", "单位名称")
    assert [row.values for row in spreadsheet.rows] == [("1", "海洋学院"), ("2", "物理学院")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_in_the_header(tmp_path: Path, delimiter: str) -> None:
    path = csv_file(tmp_path / "units.csv", TABLE.replace(",", delimiter))
    assert read(path) == [(2, ("1", "海洋学院")), (3, ("2", "物理学院"))]


def test_a_row_has_the_number_of_the_line_it_begins_at(tmp_path: Path) -> None:
    text = '\n编号,名称\n1,"两行\n的名称"\n\n2,"带""引号"",和逗号"\n'
    assert read(csv_file(tmp_path / "units.csv", text)) == [
        (3, ("1", "两行\n的名称")),
        (6, ("2", '带"引号",和逗号')),
    ]


def test_a_broken_line_is_named_instead_of_guessing_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_bytes(TABLE.encode() + b"3,\xba\xa3\n")
    with pytest.raises(WrongEncoding, match="line 4"):
        open_spreadsheet(path)


def test_bytes_that_are_in_neither_encoding_are_refused_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_bytes(b"id,name\n1,a\n2,\xff\xff\n")
    with pytest.raises(WrongEncoding, match="line 3"):
        open_spreadsheet(path)


@pytest.mark.parametrize("cell", ['"never closed\n2,b\n', '"closed" too early\n'])
def test_quotes_out_of_place_are_refused_with_their_line(tmp_path: Path, cell: str) -> None:
    path = csv_file(tmp_path / "units.csv", f"id,name\n1,{cell}")
    with pytest.raises(BrokenQuotes, match="line 2"):
        read(path)


@pytest.mark.parametrize("text", ["", "\n\n", " , \n"])
def test_a_file_with_nothing_in_it_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(EmptyFile):
        open_spreadsheet(csv_file(tmp_path / "units.csv", text))


@pytest.mark.parametrize("start", [b"\xd0\xcf\x11\xe0 old", b"PK\x03\x04 a zip", b"a\0b\n"])
def test_what_is_no_spreadsheet_is_refused(tmp_path: Path, start: bytes) -> None:
    path = tmp_path / "units.xlsx"
    path.write_bytes(start)
    with pytest.raises(NotASpreadsheet):
        open_spreadsheet(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileMissing):
        open_spreadsheet(tmp_path / "none.csv")
    with pytest.raises(FileMissing):
        digest(tmp_path / "none.csv")


def test_a_header_that_occurs_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DuplicateHeader, match="名称"):
        open_spreadsheet(csv_file(tmp_path / "units.csv", "名称,编号,名称\n"))


def test_a_merged_area_counts_for_each_of_its_cells(tmp_path: Path) -> None:
    rows = [["演示名录", None], ["编号", "上级"], [1, "甲大学"], [2, None], [3, None], [4, "乙"]]
    path = xlsx_file(tmp_path / "units.xlsx", rows[1:], merged=["B2:B4"])
    assert [values for _, values in read(path)] == [
        ("1", "甲大学"),
        ("2", "甲大学"),
        ("3", "甲大学"),
        ("4", "乙"),
    ]


def test_codes_stored_as_numbers_keep_their_zeros_and_get_no_point(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path / "units.xlsx", [["编号", "数"], [123, 4.0], [7, 1.5]])
    book = load_workbook(path)
    book.active["A2"].number_format = "000000"
    book.save(path)
    assert [values for _, values in read(path)] == [("000123", "4"), ("7", "1.5")]


def test_the_first_visible_sheet_is_read_unless_another_is_named(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path / "units.xlsx", [["隐藏"], ["不读"]])
    book = load_workbook(path)
    book.active.sheet_state = "hidden"
    shown = book.create_sheet("名录")
    shown.append(["名称"])
    shown.append(["海洋学院"])
    book.save(path)
    assert read(path) == [(2, ("海洋学院",))]
    assert read(path, "Sheet") == [(2, ("不读",))]
    with pytest.raises(SheetMissing, match="名录"):
        read(path, "没有")


def test_a_formula_gives_the_value_it_last_had(tmp_path: Path) -> None:
    written = xlsx_file(tmp_path / "written.xlsx", [["名称", "数"], ["甲", "=1+1"]])
    path = tmp_path / "calculated.xlsx"
    with ZipFile(written) as before, ZipFile(path, "w") as after:
        for name in before.namelist():
            part = before.read(name)
            after.writestr(name, re.sub(rb"</f>\s*<v\s*/?>(</v>)?", b"</f><v>2</v>", part))
    assert read(path) == [(2, ("甲", "2"))]


def test_a_long_file_is_read_in_bounded_memory(tmp_path: Path) -> None:
    line = "00000000,演示某某科技有限公司,,,,,在用\n"
    path = csv_file(tmp_path / "units.csv", "编号,单位名称,a,b,c,d,状态\n" + line * 100_000)
    tracemalloc.start()
    try:
        assert sum(1 for _ in open_units(path, load_mapping()).rows) == 100_000
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_columns_are_known_by_chinese_and_english_headers(tmp_path: Path) -> None:
    for header in ("外部编号,单位名称,上级单位", "ID, NAME ,Parent"):
        path = csv_file(tmp_path / "units.csv", f"{header}\n1,海洋学院,2\n")
        found = open_units(path, load_mapping())
        assert found.columns == {"external_id", "name", "parents"}
        (row,) = found.rows
        assert (row.number, row.external_id, row.name, row.parents) == (2, "1", "海洋学院", "2")


def test_a_row_longer_than_the_header_is_marked_and_a_shorter_one_filled(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "units.csv", "编号,单位名称\n1,甲,多出\n2,乙,,\n3\n")
    rows = list(open_units(path, load_mapping()).rows)
    assert [(row.name, row.surplus) for row in rows] == [("甲", True), ("乙", False), ("", False)]


def test_a_missing_column_is_named_together_with_those_that_are_there(tmp_path: Path) -> None:
    with pytest.raises(ColumnMissing, match="地址、电话"):
        open_units(csv_file(tmp_path / "units.csv", "地址,电话\n"), load_mapping())


def test_a_mapping_of_ones_own_says_what_headers_and_words_mean(tmp_path: Path) -> None:
    own = csv_file(
        tmp_path / "own.toml",
        'source = "jinan"\n[columns]\nname = ["全称"]\nexternal_id = ["号"]\n'
        '[kind]\ndepartment = ["局"]\n[status]\narchived = ["已撤"]\n',
    )
    mapping = load_mapping(own)
    assert mapping.source == "jinan"
    assert mapping.words.kinds == {"局": UnitKind.DEPARTMENT}
    path = csv_file(tmp_path / "units.csv", "全称,号\n科技局,7\n")
    assert [row.name for row in open_units(path, mapping).rows] == ["科技局"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("[colums]\n", "colums"),
        ('[columns]\nnam = ["x"]\n', "nam"),
        ("[columns]\nname = 'x'\n", "list of words"),
        ("source = 1\n", "source"),
        ("columns = 1\n", "table"),
        ("not toml", "line 1"),
    ],
)
def test_a_wrong_mapping_is_refused_with_what_is_wrong(
    tmp_path: Path, content: str, why: str
) -> None:
    with pytest.raises(MappingWrong, match=why):
        load_mapping(csv_file(tmp_path / "own.toml", content))
    with pytest.raises(MappingWrong):
        load_mapping(tmp_path / "none.toml")
