"""Figures to take away: the same as on the page, and safe to open."""

import csv
import io
from datetime import date

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from admin_app.audit.models import AuditEntry
from admin_app.audit.vocabulary import Event
from admin_app.hierarchy.models import Unit
from dashboards.panels import PANELS
from tests.web.stage import Stage

pytest_plugins = "tests.web.staging"

KIND = "?kind=enterprises"


def sheet_of(stage: Stage, panel: str, search: str = KIND) -> list[list[str]]:
    answer = stage.bureau.get(f"/dashboard/download/{panel}.csv{search}")
    assert answer.status_code == 200
    assert answer.text.startswith("\ufeff"), "Excel takes it for something else"
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


@pytest.mark.parametrize("panel", PANELS)
def test_a_spreadsheet_holds_what_the_csv_holds_and_says_what_it_is(
    stage: Stage, panel: str
) -> None:
    search = f"{KIND}&compare=2026-03-03"
    answer = stage.bureau.get(f"/dashboard/download/{panel}.xlsx{search}")
    figures, about = load_workbook(io.BytesIO(answer.data)).worksheets
    rows = [[_written(cell) for cell in row] for row in figures.iter_rows(values_only=True)]
    assert rows == sheet_of(stage, panel, search)
    told = {row[0]: row[1] for row in about.iter_rows(values_only=True)}
    assert told["范围"].startswith("济南市科技局及下属单位 · 企事业单位")
    assert told["口径"] == PANELS[panel].figure.DEFINITION.zh


def test_a_name_that_begins_like_a_formula_is_a_name(stage: Stage) -> None:
    name = "=HYPERLINK(1)"
    with stage.writing() as session:
        number = stage.world["演示大学"].id
        session.execute(update(Unit).where(Unit.id == number).values(name=name))
    assert name not in [row[0] for row in sheet_of(stage, "parts")]
    assert f"'{name}" in [row[0] for row in sheet_of(stage, "parts")]
    answer = stage.bureau.get(f"/dashboard/download/parts.xlsx{KIND}")
    figures = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    kinds = {cell.data_type for row in figures.iter_rows() for cell in row}
    assert "f" not in kinds


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_who_takes_figures_along_stands_in_the_trail(stage: Stage, ending: str) -> None:
    rows = sheet_of(stage, "parts")[1:] if ending == "csv" else None
    if rows is None:
        answer = stage.bureau.get(f"/dashboard/download/parts.xlsx{KIND}")
        rows = list(load_workbook(io.BytesIO(answer.data)).worksheets[0].values)[1:]
    with stage.sessions() as session:
        entries = select(AuditEntry).where(AuditEntry.event == Event.LIST_EXPORTED.value)
        (entry,) = session.scalars(entries).all()
    assert entry.actor_capacity == "department_staff"
    assert entry.details == {
        "list": "dashboard.parts",
        "search": {"kind": "enterprises"},
        "format": ending,
        "rows": len(rows),
    }


@pytest.mark.parametrize("file", ["nothing.csv", "funnel.pdf", "funnel", "funnel.csv.exe"])
def test_there_is_no_other_file(stage: Stage, file: str) -> None:
    assert stage.bureau.get(f"/dashboard/download/{file}").status_code == 404


def _written(cell: object) -> str:
    """As CSV writes it: a spreadsheet reads days back as midnights."""
    if cell is None:
        return ""
    return cell.isoformat()[:10] if isinstance(cell, date) else str(cell)
