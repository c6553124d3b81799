"""Draws the change form as PDF: one page of A4 for what is usual, its font embedded as a subset.

Bold is the same font with a fine stroke: one face is enough, and the file stays small.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import TextMode

from admin_app.service_desk.papers import vocabulary as words
from admin_app.service_desk.papers.codes import matrix_of
from admin_app.service_desk.papers.lines import broken
from admin_app.service_desk.papers.values import Paper
from admin_app.wording import Text

FONT = Path(__file__).parent / "fonts" / "NotoSansCJKsc-Form.otf"

# Millimetres, except sizes of type in points.
_LEFT, _RIGHT, _TOP, _BOTTOM = 20.0, 190.0, 16.0, 14.0
_WIDTH = _RIGHT - _LEFT
_QR, _LABEL, _PAD = 25.0, 30.0, 1.9
_BODY, _SMALL, _HEADING, _TITLE = 10.0, 8.5, 11.0, 21.0
_LEADING = 1.45
_POINT = 0.3528
_BLACK, _MUTED, _LINE = (0,), (90,), (110,)
_SHADE, _ACCENT = (242, 244, 247), (25, 62, 110)

# It tells at length what it subsets; of no use to anybody here.
logging.getLogger("fontTools").setLevel(logging.WARNING)


def drawn(paper: Paper) -> bytes:
    """The form as a PDF file."""
    pdf = _Sheet(paper)
    pdf.draw()
    return bytes(pdf.output())


@cache
def known_characters() -> frozenset[int]:
    """What the font can show."""
    with TTFont(FONT, lazy=True) as font:
        return frozenset(font.getBestCmap())


def printable(text: str) -> str:
    """With what the font lacks told by its number, to be written in by hand; never a blank."""
    return "".join(
        c if ord(c) in known_characters() or c in "\n\t" else f"〔U+{ord(c):04X}〕" for c in text
    ).replace("\t", " ")


class _Sheet(FPDF):
    """Draws from the top down; ``y`` is where the next thing begins."""

    def __init__(self, paper: Paper) -> None:
        super().__init__(format="A4")
        self._paper = paper
        self.set_margins(_LEFT, _TOP, 210 - _RIGHT)
        self.set_auto_page_break(False)
        self.c_margin = 0
        self.add_font("form", fname=FONT)
        self.set_title(f"{paper.say(words.TITLE)} {paper.number}")
        self.set_lang(paper.language.replace("_", "-"))
        self.set_creation_date(datetime.now(UTC))
        self.set_line_width(0.2)
        self.set_draw_color(*_LINE)

    def draw(self) -> None:
        paper = self._paper
        self.add_page()
        self._head()
        self._section(words.APPLICANT)
        cells = [(paper.say(label), value) for label, value in paper.applicant]
        for left, right in zip(cells[::2], cells[1::2], strict=True):
            self._row([*left, *right], [_LABEL, 55.0, _LABEL, 55.0], labels=(0, 2))
        self._section(words.MATTER)
        self._row([paper.say(words.KIND), paper.say(paper.matter)], [_LABEL, _WIDTH - _LABEL], (0,))
        thirds = [_LABEL, 62.0, _WIDTH - _LABEL - 62.0]
        heads = (words.WHAT, words.REGISTERED, words.ASKED)
        self._row([paper.say(each) for each in heads], thirds, labels=(0, 1, 2))
        for row in paper.rows:
            self._row([paper.say(each) for each in (row.label, row.old, row.asked)], thirds, (0,))
        wide = [_LABEL, _WIDTH - _LABEL]
        self._row([paper.say(words.STATEMENT), paper.statement or "—"], wide, (0,), least=22)
        self._row(
            [paper.say(words.ENCLOSED), "\n".join(paper.say(each) for each in paper.enclosed)],
            wide,
            (0,),
        )
        self._signing()
        self._instructions()

    def footer(self) -> None:
        self.set_y(297 - 11)
        self._type(_SMALL, _MUTED)
        self.cell(_WIDTH / 2, 4, self._paper.number)
        self.cell(_WIDTH / 2, 4, f"{self.page_no()} / {{nb}}", align="R")

    def _head(self) -> None:
        paper, top = self._paper, _TOP
        self._code(_RIGHT - _QR, top)
        self.set_xy(_RIGHT - _QR - 8, top + _QR + 0.8)
        self._type(7, _MUTED)
        self.cell(_QR + 16, 3.5, paper.say(words.SCAN), align="C")
        self.set_xy(_LEFT, top + 2)
        self._bold(paper.say(words.TITLE), _TITLE, _WIDTH - _QR, 11, _ACCENT)
        self.set_xy(_LEFT, top + 16)
        for label, value in ((words.NUMBER, paper.number), (words.FILED_ON, paper.filed_on)):
            self._type(_BODY, _MUTED)
            self.cell(self.get_string_width(said := paper.say(label) + "  "), 6, said)
            self._type(_BODY)
            width = self.get_string_width(value) + 9
            if label is words.NUMBER:
                self._bold(value, _BODY, width, 6)
            else:
                self.cell(width, 6, value)
        self.set_draw_color(*_ACCENT)
        self.set_line_width(0.6)
        self.line(_LEFT, top + 25, _RIGHT - _QR - 12, top + 25)
        self.set_draw_color(*_LINE)
        self.set_line_width(0.2)
        self.set_y(top + 29)

    def _code(self, x: float, y: float) -> None:
        matrix = matrix_of(self._paper.link)
        side = _QR / len(matrix)
        self.set_fill_color(0)
        for down, row in enumerate(matrix):
            for across, dark in enumerate(row):
                if dark:
                    # A little over: no hairlines between modules on screens.
                    self.rect(x + across * side, y + down * side, side + 0.02, side + 0.02, "F")
        self.link(x, y, _QR, _QR, self._paper.link)

    def _section(self, heading: Text) -> None:
        self._keep(24)
        self.set_y(self.y + 3)
        self.set_x(_LEFT)
        self._bold(self._paper.say(heading), _HEADING, _WIDTH, 7, _ACCENT)
        self.set_y(self.y + 7.5)

    def _row(
        self,
        texts: Sequence[str],
        widths: Sequence[float],
        labels: Iterable[int] = (),
        least: float = 0,
    ) -> None:
        """Cells side by side, as high as the highest; those of ``labels`` are shaded."""
        self._type(_BODY)
        cells = [
            broken(printable(text), width - 2 * _PAD, self.get_string_width)
            for text, width in zip(texts, widths, strict=True)
        ]
        step = _BODY * _POINT * _LEADING
        while cells:
            room = max(1, int((297 - _BOTTOM - self.y - 2 * _PAD) / step))
            if room < min(4, max(map(len, cells))):
                self.add_page()
                continue
            now = [cell[:room] for cell in cells]
            self._cells(now, widths, set(labels), max(least, max(map(len, now)) * step + 2 * _PAD))
            rest = [cell[room:] for cell in cells]
            cells, least = (rest, 0) if any(rest) else ([], 0)

    def _cells(
        self, cells: list[list[str]], widths: Sequence[float], labels: set[int], height: float
    ) -> None:
        x, y, step = _LEFT, self.y, _BODY * _POINT * _LEADING
        for number, (lines, width) in enumerate(zip(cells, widths, strict=True)):
            self.set_fill_color(*_SHADE)
            self.rect(x, y, width, height, "DF" if number in labels else "D")
            # Few lines stand in the middle, as in a table of figures.
            down = (height - len(lines) * step) / 2 if number in labels or len(lines) < 2 else _PAD
            self._type(_BODY, _MUTED if number in labels else _BLACK)
            for line in lines:
                self.set_xy(x + _PAD, y + down)
                self.cell(width - 2 * _PAD, step, line)
                down += step
            x += width
        self.set_y(y + height)

    def _signing(self) -> None:
        """Beside the signature there is room for a stamp of 42 mm."""
        paper = self._paper
        self._keep(80)
        self._section(words.DECLARATION)
        top, half = self.y, _WIDTH / 2
        self.set_y(top + 2)
        self._lines(paper.say(words.PROMISE), _BODY, _LEFT + 3, _WIDTH - 6)
        y = self.y + 3
        date = f"{paper.say(words.DATE)}  {paper.say(words.BLANK_DATE)}"
        self._type(_BODY, _MUTED)
        for x, label in ((_LEFT + 3, words.SIGNATURE), (_LEFT + half + 3, words.STAMP)):
            self.set_xy(x, y + 1)
            self.cell(half - 6, 6, paper.say(label))
            self.set_xy(x, y + 37)
            self.cell(half - 6, 6, date)
        self.line(_LEFT + 3, y + 33, _LEFT + half - 8, y + 33)
        self.line(_LEFT, y, _RIGHT, y)
        self.line(_LEFT + half, y, _LEFT + half, y + 45)
        self.rect(_LEFT, top, _WIDTH, y + 45 - top)
        self.set_y(y + 45)

    def _instructions(self) -> None:
        paper = self._paper
        self._keep(28)
        self.set_y(self.y + 4)
        self.set_x(_LEFT)
        self._bold(paper.say(words.HOW), _SMALL, _WIDTH, 5)
        self.set_y(self.y + 5.5)
        for number, step in enumerate(words.steps(paper.issuer.phones, paper.issuer.email), 1):
            self._lines(f"{number}. {paper.say(step)}", _SMALL, _LEFT, _WIDTH, _MUTED)

    def _lines(
        self, text: str, size: float, x: float, width: float, colour: tuple[int, ...] = _BLACK
    ) -> None:
        self._type(size, colour)
        step = size * _POINT * _LEADING
        for line in broken(printable(text), width, self.get_string_width):
            self.set_x(x)
            self.cell(width, step, line)
            self.set_y(self.y + step)

    def _keep(self, height: float) -> None:
        """Begin a page where less than ``height`` is left."""
        if self.y + height > 297 - _BOTTOM:
            self.add_page()

    def _type(self, size: float, colour: tuple[int, ...] = _BLACK) -> None:
        self.set_font("form", size=size)
        self.set_text_color(*colour)

    def _bold(
        self,
        text: str,
        size: float,
        width: float,
        height: float,
        colour: tuple[int, ...] = _BLACK,
    ) -> None:
        x, y = self.x, self.y
        with self.local_context(text_mode=TextMode.FILL_STROKE, line_width=size * 0.011):
            self._type(size, colour)
            self.set_draw_color(*colour)
            self.cell(width, height, text)
        self.set_xy(x + width, y)
