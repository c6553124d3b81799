"""Reading the papers the console hands out: what a PDF says, and what its font really draws."""

import io
import math
from collections.abc import Iterator

import pypdf
import pypdfium2
from docx import Document
from fontTools.cffLib import CFFFontSet
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont
from werkzeug.test import TestResponse

from admin_app.service_desk.papers.pdf import FONT


def text_of(response: TestResponse) -> str:
    """What an answer says, whether it is a page or a paper."""
    match response.mimetype:
        case "application/pdf":
            return text_of_pdf(response.data)
        case kind if kind.endswith("wordprocessingml.document"):
            return text_of_docx(response.data)
    return response.get_data(as_text=True)


def text_of_pdf(content: bytes) -> str:
    with pypdfium2.PdfDocument(content) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def pages_of(content: bytes) -> int:
    with pypdfium2.PdfDocument(content) as document:
        return len(document)


def sizes_on(page: pypdf.PageObject) -> set[float]:
    """The sizes of what is written on a page, in points on the paper."""
    sizes = set()

    def note(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if text.strip():
            sizes.add(size * _scale(cm) * _scale(tm))

    page.extract_text(visitor_text=note)
    return sizes


def _scale(matrix: list[float]) -> float:
    a, b, c, d = matrix[:4]
    return math.sqrt(abs(a * d - b * c))


def text_of_docx(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    paragraphs = [each.text for each in document.paragraphs]
    for table in document.tables:
        for row in table.rows:
            # A merged cell comes once for each column it covers.
            paragraphs += list(dict.fromkeys(cell.text for cell in row.cells))
    return "\n".join(paragraphs)


def draws(content: bytes, character: str) -> bool:
    """Whether the embedded font has the very outline that the character has in the whole font."""
    with TTFont(FONT, lazy=True) as font:
        name = font.getBestCmap().get(ord(character))
        if name is None:
            return False
        glyphs = font["CFF "].cff.topDictIndex[0].CharStrings
        wanted, missing = _outline(glyphs[name]), _outline(glyphs[".notdef"])
    embedded = [_outline(each) for each in _embedded(content)]
    return wanted != missing and wanted in embedded


def _outline(glyph: object) -> list[object]:
    pen = RecordingPen()
    glyph.draw(pen)  # type: ignore[attr-defined]
    return list(pen.value)


def _embedded(content: bytes) -> Iterator[object]:
    for page in pypdf.PdfReader(io.BytesIO(content)).pages:
        for font in page["/Resources"]["/Font"].values():
            inside = font.get_object()["/DescendantFonts"][0].get_object()
            data = inside["/FontDescriptor"].get_object()["/FontFile3"].get_object().get_data()
            fonts = CFFFontSet()
            fonts.decompile(io.BytesIO(data), None)
            glyphs = fonts.topDictIndex[0].CharStrings
            yield from (glyphs[name] for name in glyphs.charStrings)
