"""A chart's figures as CSV or XLSX, through the same reading as the chart, without formulas."""

import csv
import io
from collections.abc import Callable
from datetime import date
from urllib.parse import parse_qsl

from flask import Flask, Response, request
from openpyxl import Workbook
from werkzeug.exceptions import NotFound

from admin_app.exchange.formulas import without_formula
from admin_app.exchange.taking_away import note_exported
from admin_app.policy.vocabulary import Permission
from admin_app.web.attachments import attachment
from admin_app.web.gate import needs
from admin_app.web.identity import make_act, now
from admin_app.web.language import moment, say, show
from admin_app.web.transaction import writes
from admin_app.wording import Text
from dashboards.choice import search_of
from dashboards.panels import PANELS, Panel
from dashboards.reading import Reading, begin, chosen
from dashboards.values import Cell, Table
from dashboards.words import choice_in_words, name_of

_BOM = "\ufeff"  # without it Excel takes UTF-8 for something else
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ABOUT = Text("说明", "About")
_WHAT = (
    Text("内容", "Content"),
    Text("范围", "Scope"),
    Text("口径", "Definition"),
    Text("截至", "As of"),
)


def fit(app: Flask) -> None:
    app.add_url_rule(
        "/dashboard/download/<file>", endpoint="dashboard.download", view_func=download
    )


@needs(Permission.FIGURES_VIEW)
@writes
def download(file: str) -> Response:
    """A chart's figures; the file is its name and the kind, such as ``funnel.csv``.

    That they were taken is noted in the trail.

    Raises:
        NotFound, NoSuchPlace
    """
    name, _, kind = file.partition(".")
    panel = PANELS.get(name)
    if panel is None or kind not in _WRITERS:
        raise NotFound
    reading = begin(chosen(request.args))
    table = panel.figure.table(panel.read(reading))
    content, mimetype = _WRITERS[kind](panel, reading, table)
    search = dict(parse_qsl(search_of(reading.choice)))
    note_exported(make_act(), panel.heading.zh, f"dashboard.{name}", search, kind, len(table.rows))
    response = Response(content, mimetype=mimetype)
    title = f"{say(panel.heading)}-{name_of(reading.place)}-{reading.today:%Y%m%d}.{kind}"
    response.headers["Content-Disposition"] = attachment(title)
    return response


def _csv(_panel: Panel, _reading: Reading, table: Table) -> tuple[bytes, str]:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([without_formula(show(heading)) for heading in table.headings])
    for row in table.rows:
        writer.writerow([_taken(cell) for cell in row.cells])
    return (_BOM + file.getvalue()).encode(), "text/csv; charset=utf-8"


def _xlsx(panel: Panel, reading: Reading, table: Table) -> tuple[bytes, str]:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(say(panel.heading)[:31])
    sheet.append([without_formula(show(heading)) for heading in table.headings])
    for row in table.rows:
        sheet.append([_taken(cell) for cell in row.cells])
    about = book.create_sheet(say(_ABOUT))
    told = (
        say(panel.heading),
        choice_in_words(reading),
        say(panel.figure.DEFINITION),
        moment(now()),
    )
    for label, sentence in zip(_WHAT, told, strict=True):
        about.append([say(label), without_formula(sentence)])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue(), _SPREADSHEET


def _taken(cell: Cell) -> str | int | float | date | None:
    """Numbers and days stay what they are; texts are in the reader's language."""
    if cell is None or isinstance(cell, int | float | date):
        return cell
    return without_formula(say(cell))


_WRITERS: dict[str, Callable[[Panel, Reading, Table], tuple[bytes, str]]] = {
    "csv": _csv,
    "xlsx": _xlsx,
}
