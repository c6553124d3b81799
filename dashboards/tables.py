"""A chart's figures as a table: on the page, and as a file to take away."""

from typing import Any

from dash import html

from admin_app.web.language import show
from dashboards import marks
from dashboards.links import address_of
from dashboards.markup import attributes
from dashboards.values import Cell, Choice, Row, Table
from dashboards.words import cell_in_words


def table_of(table: Table, choice: Choice, name: str) -> html.Table:
    """Rows whose mark leads somewhere are links, so that everything works without a mouse."""
    numeric = [
        _is_number(column) for column in zip(*(row.cells for row in table.rows), strict=True)
    ]
    numeric = numeric or [False] * len(table.headings)
    head = [
        html.Th(show(heading), scope="col", className="is-number" if number else "")
        for heading, number in zip(table.headings, numeric, strict=True)
    ]
    return html.Table(
        [
            html.Caption(name, className="for-readers"),
            html.Thead(html.Tr(head)),
            html.Tbody([_row(row, choice, numeric) for row in table.rows]),
        ]
    )


def _row(row: Row, choice: Choice, numeric: list[bool]) -> html.Tr:
    said: list[Any] = [cell_in_words(cell) for cell in row.cells]
    said[0] = _begun(said[0])
    address = address_of(row.mark, choice)
    if address:
        mark = attributes(data_mark=marks.written(row.mark))
        said[row.linked] = html.A(said[row.linked], href=address, **mark)
    cells = [
        html.Td(cell, className="is-number" if number else "")
        for cell, number in zip(said[1:], numeric[1:], strict=True)
    ]
    return html.Tr([html.Th(said[0], scope="row"), *cells])


def _is_number(column: tuple[Cell, ...]) -> bool:
    return any(isinstance(cell, int | float) for cell in column)


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]
