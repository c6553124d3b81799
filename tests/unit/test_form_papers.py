"""The change form drawn and written: everything on it, rare names shown, one page of A4."""

import dataclasses
import io

import pypdf
import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm

from admin_app.service_desk.papers import pdf, word
from admin_app.service_desk.papers import vocabulary as words
from admin_app.service_desk.papers.values import Issuer, Paper, Row
from admin_app.wording import Text
from tests.papers import draws, pages_of, text_of_docx, text_of_pdf

RARE = "示例𬱖㛃𠮷"
PAPER = Paper(
    language="zh_Hans_CN",
    number="20261128-000123-7",
    filed_on="2026年11月28日",
    link="https://cloud.example/cases/123/",
    applicant=[
        (words.NAME, RARE),
        (words.UNIT, "演示大学"),
        (words.ID_TYPE, "居民身份证"),
        (words.ID_NUMBER, "370***********0066"),
    ],
    matter=Text("原账号的姓名不一致", "the name differs"),
    rows=[Row(words.NAME, "示例頠", RARE)],
    statement="曾用名示例頠。",
    enclosed=[words.COME.format(kind=Text("身份证", "ID card"), number=1)],
    issuer=Issuer("https://cloud.example", ["0531-1"], "desk@cloud.example"),
)
ENGLISH = dataclasses.replace(PAPER, language="en", filed_on="2026-11-28")
IN_CHINESE = [
    "信息变更表",
    "受理编号",
    "示例頠",
    "370***********0066",
    "曾用名",
    "身份证",
    "0531-1",
]
IN_CHINESE += ["申请人签字", "单位盖章", "承诺"]
IN_ENGLISH = ["Information change form", "Case number", "The name differs", "Signature", "Stamp"]


@pytest.mark.parametrize(("paper", "said"), [(PAPER, IN_CHINESE), (ENGLISH, IN_ENGLISH)])
def test_both_files_say_everything_in_the_language(paper: Paper, said: list[str]) -> None:
    drawn, written = text_of_pdf(pdf.drawn(paper)), text_of_docx(word.written(paper))
    for each in [*said, RARE, PAPER.number, "desk@cloud.example"]:
        assert each in drawn, each
        assert each in written, each


@pytest.mark.parametrize("character", "𬱖㛃𠮷示頠表")
def test_the_embedded_font_draws_each_character_itself(character: str) -> None:
    assert draws(pdf.drawn(PAPER), character)


def test_what_was_never_written_is_not_embedded() -> None:
    content = pdf.drawn(PAPER)
    assert not draws(content, "龘")
    assert len(content) < 100_000


def test_the_font_has_every_character_of_gb_2312_and_thousands_of_rare_ones() -> None:
    rows, cells = range(0xB0, 0xF8), range(0xA1, 0xFF)
    common = {
        ord(bytes([row, cell]).decode("gb2312"))
        for row in rows
        for cell in cells
        if (row, cell) < (0xD7, 0xFA) or row > 0xD7
    }
    known = pdf.known_characters()
    assert len(common) == 6763
    assert common <= known
    assert len([code for code in known if code >= 0x20000]) > 2000


def test_what_the_font_lacks_is_told_by_its_number() -> None:
    paper = dataclasses.replace(PAPER, statement="曾用名\U00031234")
    assert "〔U+31234〕" in text_of_pdf(pdf.drawn(paper))


def test_what_is_usual_takes_one_page_and_a_long_story_more() -> None:
    accounts = [Row(words.ACCOUNT, f"old{n}", "绑定") for n in range(3)]
    usual = dataclasses.replace(PAPER, rows=accounts, statement="说明。" * 40)
    assert pages_of(pdf.drawn(usual)) == 1
    long = dataclasses.replace(PAPER, statement="很长的说明。" * 330, rows=accounts * 4)
    content = pdf.drawn(long)
    assert pages_of(content) > 1
    said = "".join(text_of_pdf(content).split())
    assert said.count("很长的说明") > 300
    assert "申请人签字" in said


def test_the_word_file_names_chinese_fonts_and_carries_the_code() -> None:
    document = Document(io.BytesIO(word.written(PAPER)))
    fonts = document.styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "宋体"
    assert len(document.inline_shapes) == 1
    assert document.sections[0].footer.paragraphs[0].text.split()[0] == PAPER.number


def test_the_code_leads_to_the_case_and_says_nothing_else() -> None:
    (page,) = pypdf.PdfReader(io.BytesIO(pdf.drawn(PAPER))).pages
    (link,) = page["/Annots"]
    assert link.get_object()["/A"]["/URI"] == PAPER.link


def test_the_signing_of_the_docx_stays_together_and_the_code_keeps_its_corner() -> None:
    """Word processors heed the grid of columns alone; a stamp needs 42 mm beside the signature."""
    document = Document(io.BytesIO(word.written(PAPER)))
    head, *_, signing = document.tables
    assert [round(column.width.cm, 1) for column in head.columns] == [13.5, 3.5]
    for row in signing.rows:
        assert row._tr.trPr.find(qn("w:cantSplit")) is not None
        assert all(cell.paragraphs[0].paragraph_format.keep_with_next for cell in row.cells)
    stamp = signing.rows[-1].cells[-1].paragraphs[-1].paragraph_format.space_before
    assert stamp >= Mm(35)
