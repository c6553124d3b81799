"""Writes the change form as DOCX, for whoever wants to print it from a word processor.

The fonts are named, not embedded: those of Chinese offices, which every word processor replaces
by what it has.
"""

import io
from collections.abc import Sequence

from docx import Document
from docx.document import Document as Written
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell

from admin_app.service_desk.papers import vocabulary as words
from admin_app.service_desk.papers.codes import picture_of
from admin_app.service_desk.papers.values import Paper

_BODY, _HEADING = ("Times New Roman", "宋体"), ("Arial", "黑体")
_ACCENT, _MUTED = RGBColor(25, 62, 110), RGBColor(90, 90, 90)
_WIDTH, _LABEL = Cm(17), Cm(3)
_STAMP = Pt(100)  # between the words and the date: with them, room for a stamp of 42 mm
_PAD, _SIDE = 90, 110  # around what stands in a cell, in twentieths of a point


def written(paper: Paper) -> bytes:
    """The form as a DOCX file."""
    document = Document()
    _lay_out(document, paper)
    _head(document, paper)
    _heading(document, paper.say(words.APPLICANT))
    applicant = _table(document, [_LABEL, Cm(5.5), _LABEL, Cm(5.5)])
    cells = [(paper.say(label), value) for label, value in paper.applicant]
    for left, right in zip(cells[::2], cells[1::2], strict=True):
        _row(applicant, [*left, *right], labels=(0, 2))
    _heading(document, paper.say(words.MATTER))
    matter = _table(document, [_LABEL, Cm(6.2), Cm(7.8)])
    _wide_row(matter, paper.say(words.KIND), paper.say(paper.matter))
    heads = (words.WHAT, words.REGISTERED, words.ASKED)
    _row(matter, [paper.say(each) for each in heads], labels=(0, 1, 2))
    for row in paper.rows:
        _row(matter, [paper.say(each) for each in (row.label, row.old, row.asked)], labels=(0,))
    _wide_row(matter, paper.say(words.STATEMENT), paper.statement or "—", least=Cm(2.2))
    enclosed = "\n".join(paper.say(each) for each in paper.enclosed)
    _wide_row(matter, paper.say(words.ENCLOSED), enclosed)
    _signing(document, paper)
    _instructions(document, paper)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def _lay_out(document: Written, paper: Paper) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Cm(2)
    page.top_margin, page.bottom_margin = Cm(1.6), Cm(1.8)
    _set(document, "Normal", _BODY, 10.5)
    _set(document, "Title", _HEADING, 22)
    _set(document, "Heading 2", _HEADING, 12)
    _foot(document, paper.number)
    core = document.core_properties
    core.title = f"{paper.say(words.TITLE)} {paper.number}"
    core.author = core.comments = ""
    core.language = paper.language.replace("_", "-")


def _set(document: Written, name: str, fonts: tuple[str, str], size: float) -> None:
    style = document.styles[name]
    assert isinstance(style, ParagraphStyle)  # noqa: S101 - of the library's own template
    style.font.size = Pt(size)
    if fonts is _HEADING:
        style.font.color.rgb, style.font.bold = _ACCENT, True
        style.paragraph_format.space_before = Pt(10)
    style.paragraph_format.space_after = Pt(4)
    latin, chinese = fonts
    style.font.name = latin
    named = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        named.attrib.pop(qn(f"w:{theme}"), None)
    named.set(qn("w:eastAsia"), chinese)
    # Or else its full stops stand where Japanese has them.
    for language in style.element.rPr.findall(qn("w:lang")):
        style.element.rPr.remove(language)
    style.element.rPr.append(_element("lang", val="en-US", eastAsia="zh-CN"))


def _foot(document: Written, number: str) -> None:
    """The number at the left; at the right the page, of how many."""
    _set(document, "Footer", _BODY, 8.5)
    line = document.sections[0].footer.paragraphs[0]
    line.text = f"{number}\t\t"
    for instruction, between in (("PAGE", " / "), ("NUMPAGES", "")):
        line._p.append(_element("fldSimple", instr=instruction))
        line.add_run(between)


def _head(document: Written, paper: Paper) -> None:
    table = document.add_table(rows=0, cols=2)
    _fix(table, [Cm(13.5), Cm(3.5)])
    left, right = table.add_row().cells
    title = left.paragraphs[0]
    title.style = document.styles["Title"]
    title.text = paper.say(words.TITLE)
    for label, value in ((words.NUMBER, paper.number), (words.FILED_ON, paper.filed_on)):
        line = left.add_paragraph()
        line.add_run(f"{paper.say(label)}  ").font.color.rgb = _MUTED
        line.add_run(value).bold = label is words.NUMBER
    code, told = right.paragraphs[0], right.add_paragraph()
    code.add_run().add_picture(io.BytesIO(picture_of(paper.link)), width=Cm(3))
    told.add_run(paper.say(words.SCAN)).font.size = Pt(7.5)
    for line in (code, told):
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.paragraph_format.space_after = Pt(0)


def _heading(document: Written, text: str) -> None:
    document.add_heading(text, level=2)


def _table(document: Written, widths: Sequence[int]) -> Table:
    table: Table = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    _fix(table, widths, _PAD, _SIDE)
    return table


def _fix(table: Table, widths: Sequence[int], pad: int = 0, side: int = 0) -> None:
    """Columns as wide as said, whatever stands in them; ``pad`` above and below it."""
    margins = _element("tblCellMar")
    for name, room in (("top", pad), ("start", side), ("bottom", pad), ("end", side)):
        margins.append(_element(name, w=str(room), type="dxa"))
    table._tbl.tblPr.append(margins)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width


def _row(table: Table, texts: Sequence[str], labels: Sequence[int]) -> list[_Cell]:
    row = table.add_row()  # type: ignore[no-untyped-call]
    for number, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        _write(cell, text, is_label=number in labels)
        cell.width = table.columns[number].width
    return list(row.cells)


def _wide_row(table: Table, label: str, text: str, least: int = 0) -> None:
    row = table.add_row()  # type: ignore[no-untyped-call]
    row.height = least or None
    first, second, *_, last = row.cells
    _write(first, label, is_label=True)
    first.width = _LABEL
    _write(second.merge(last), text)


def _write(cell: _Cell, text: str, *, is_label: bool = False) -> None:
    cell.text = text
    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    for line in cell.paragraphs:
        line.paragraph_format.space_after = Pt(0)
        for run in line.runs if is_label else ():
            run.font.color.rgb = _MUTED
    if is_label:
        shading = _element("shd", val="clear", color="auto", fill="F2F4F7")
        cell._tc.get_or_add_tcPr().insert_element_before(shading, "w:vAlign")


def _element(name: str, **attributes: str) -> BaseOxmlElement:
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _signing(document: Written, paper: Paper) -> None:
    """All of it on one page: who signs sees what they promise."""
    _heading(document, paper.say(words.DECLARATION))
    table = _table(document, [_WIDTH // 2, _WIDTH // 2])
    first, last = _row(table, ["", ""], labels=())
    _write(first.merge(last), paper.say(words.PROMISE))
    first.paragraphs[0].paragraph_format.keep_with_next = True
    to_sign = [paper.say(words.SIGNATURE), paper.say(words.STAMP)]
    for cell in _row(table, to_sign, labels=()):
        cell.paragraphs[0].paragraph_format.keep_with_next = True
        date = cell.add_paragraph(f"{paper.say(words.DATE)}  {paper.say(words.BLANK_DATE)}")
        date.paragraph_format.space_before, date.paragraph_format.space_after = _STAMP, Pt(0)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(_element("cantSplit"))


def _instructions(document: Written, paper: Paper) -> None:
    _heading(document, paper.say(words.HOW))
    for number, step in enumerate(words.steps(paper.issuer.phones, paper.issuer.email), 1):
        line = document.add_paragraph()
        line.add_run(f"{number}. {paper.say(step)}").font.size = Pt(9)
        line.paragraph_format.space_after = Pt(1)
