"""A chart's figures as a table, as the page is sent it."""

from typing import Any

from admin_app.web.language import show
from dashboards import marks
from dashboards.links import address_of
from dashboards.values import Cell, Choice, Row, Table
from dashboards.words import cell_in_words


def table_of(table: Table, choice: Choice, name: str) -> dict[str, Any]:
    """What ``drawing.js`` makes the table of, all in words.

    Not as components: Dash's renderer takes seconds for the days of a year. Rows whose mark leads
    somewhere are links, so that everything works without a mouse.
    """
    columns = zip(*(row.cells for row in table.rows), strict=True)
    numeric = [_is_number(column) for column in columns] or [False] * len(table.headings)
    return {
        "name": name,
        "headings": [show(heading) for heading in table.headings],
        "numeric": numeric,
        "rows": [_row(row, choice) for row in table.rows],
    }


def _row(row: Row, choice: Choice) -> dict[str, Any]:
    said = [cell_in_words(cell) for cell in row.cells]
    said[0] = _begun(said[0])
    address = address_of(row.mark, choice)
    link = {"address": address, "mark": marks.written(row.mark), "linked": row.linked}
    return {"cells": said, **(link if address else {})}


def _is_number(column: tuple[Cell, ...]) -> bool:
    return any(isinstance(cell, int | float) for cell in column)


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]
