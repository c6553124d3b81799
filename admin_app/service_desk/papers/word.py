"""Writes the change form as DOCX, for whoever wants to print it from a word processor.

The fonts are named, not embedded: those of Chinese offices, which every word processor replaces
by what it has.
"""

import io
from collections.abc import Sequence

from docx import Document
from docx.document import Document as Written
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell

from admin_app.service_desk.papers import vocabulary as words
from admin_app.service_desk.papers.codes import picture_of
from admin_app.service_desk.papers.values import Paper
from admin_app.wording import Text

_BODY, _HEADING = ("Times New Roman", "宋体"), ("Arial", "黑体")
_ACCENT = RGBColor(25, 62, 110)
_WIDTH, _LABEL = Cm(17), Cm(3)


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
    _wide_row(matter, paper.say(words.STATEMENT), paper.statement or "—")
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
    page.top_margin = page.bottom_margin = Cm(1.8)
    page.footer.paragraphs[0].text = paper.number
    _set(document, "Normal", _BODY, 10.5)
    _set(document, "Title", _HEADING, 22)
    _set(document, "Heading 2", _HEADING, 12)
    core = document.core_properties
    core.title = f"{paper.say(words.TITLE)} {paper.number}"
    core.author = core.comments = ""
    core.language = paper.language.replace("_", "-")


def _set(document: Written, name: str, fonts: tuple[str, str], size: float) -> None:
    style = document.styles[name]
    assert isinstance(style, ParagraphStyle)  # noqa: S101 - of the library's own template
    style.font.size = Pt(size)
    if name != "Normal":
        style.font.color.rgb = _ACCENT
        style.paragraph_format.space_before = Pt(8)
    style.paragraph_format.space_after = Pt(3)
    latin, chinese = fonts
    style.font.name = latin
    named = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        named.attrib.pop(qn(f"w:{theme}"), None)
    named.set(qn("w:eastAsia"), chinese)


def _head(document: Written, paper: Paper) -> None:
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    left, right = table.rows[0].cells
    left.width, right.width = Cm(13.5), Cm(3.5)
    left.paragraphs[0].style = document.styles["Title"]
    left.paragraphs[0].text = paper.say(words.TITLE)
    for label, value in ((words.NUMBER, paper.number), (words.FILED_ON, paper.filed_on)):
        line = left.add_paragraph(f"{paper.say(label)}  ")
        line.add_run(value).bold = label is words.NUMBER
    right.paragraphs[0].add_run().add_picture(io.BytesIO(picture_of(paper.link)), width=Cm(2.9))
    right.add_paragraph().add_run(paper.say(words.SCAN)).font.size = Pt(7.5)


def _heading(document: Written, text: str) -> None:
    document.add_heading(text, level=2)


def _table(document: Written, widths: Sequence[int]) -> Table:
    table: Table = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    return table


def _row(table: Table, texts: Sequence[str], labels: Sequence[int]) -> None:
    row = table.add_row()  # type: ignore[no-untyped-call]
    for number, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        cell.text = text
        cell.width = table.columns[number].width
        if number in labels:
            _shade(cell)


def _wide_row(table: Table, label: str, text: str) -> None:
    cells = table.add_row().cells  # type: ignore[no-untyped-call]
    cells[0].text, cells[0].width = label, _LABEL
    _shade(cells[0])
    cells[1].merge(cells[-1]).text = text


def _shade(cell: _Cell) -> None:
    shading = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "F2F4F7")):
        shading.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shading)


def _signing(document: Written, paper: Paper) -> None:
    _heading(document, paper.say(words.DECLARATION))
    document.add_paragraph(paper.say(words.PROMISE))
    table = _table(document, [Cm(8.5), Cm(8.5)])
    texts = [_to_sign(paper, words.SIGNATURE), _to_sign(paper, words.STAMP)]
    _row(table, texts, labels=())


def _to_sign(paper: Paper, label: Text) -> str:
    return f"{paper.say(label)}\n\n\n\n{paper.say(words.DATE)}  {paper.say(words.BLANK_DATE)}"


def _instructions(document: Written, paper: Paper) -> None:
    _heading(document, paper.say(words.HOW))
    for number, step in enumerate(words.steps(paper.issuer.phones, paper.issuer.email), 1):
        document.add_paragraph().add_run(f"{number}. {paper.say(step)}").font.size = Pt(9)
