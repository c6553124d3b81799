"""``yihaotong status``: how many there are of everything, for a look or a monitor."""

from typing import Any

import click
from rich.table import Table
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app.cli.databases import open_database
from admin_app.cli.terminal import answer_json, console, json_option, say
from admin_app.delegation.models import Appointment
from admin_app.delegation.vocabulary import AppointmentState
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import vacant
from admin_app.hierarchy.vocabulary import UnitKind, UnitStatus
from admin_app.identity.models import Person, StaffAccount
from admin_app.migration.counts import Counted, Figures
from admin_app.migration.vocabulary import AccountState
from admin_app.policy.reach import EVERYWHERE
from admin_app.rollups.queries import figures_of, place_of
from admin_app.rollups.vocabulary import Narrowed
from admin_app.settings import load_settings
from admin_app.wording import Text

_LABELS = {
    "vacant_units": Text("没有管理员的单位", "units without an administrator"),
    "current": Text("在任管理员", "administrators in office"),
    "pending": Text("待生效的指定", "pending appointments"),
    "persons": Text("已登录过的自然人", "persons who have signed in"),
    "staff": Text("本地账号", "staff accounts"),
}
_TOTAL = Text("总数", "total")


@click.command()
@click.option("--unit", type=int, help="Count the moving in of this unit and all below it only.")
@json_option
def status(unit: int | None, as_json: bool) -> None:
    """Count units, vacancies, appointments, persons and staff, and who has moved in."""
    with open_database(load_settings()) as sessions, sessions() as session:
        moved = _moved(session, unit)
        figures = _figures(session) if unit is None else {}
    if as_json:
        answer_json(figures | {each.value: found.as_json() for each, found in moved.items()})
        return
    if figures:
        _print_figures(figures)
    _print_moved(moved)


def _moved(session: Session, unit_id: int | None) -> dict[Counted, Figures]:
    place = Narrowed(place_of(session, EVERYWHERE, unit_id))
    return {counted: figures_of(session, place, counted) for counted in Counted}


def _print_moved(moved: dict[Counted, Figures]) -> None:
    heads = [say(state.label) for state in AccountState]
    table = Table("", say(_TOTAL), *heads, box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    for each, found in moved.items():
        numbers = (f"{found.by_state[state]:,}" for state in AccountState)
        table.add_row(say(each.label), f"{found.total:,}", *numbers)
        for blocker, number in sorted(found.stuck_by.items(), key=lambda entry: -entry[1]):
            table.add_row(f"  {say(blocker.label)}", "", "", "", f"{number:,}", "")
    console().print(table)


def _print_figures(figures: dict[str, Any]) -> None:
    table = Table.grid(padding=(0, 3))
    for kind in UnitKind:
        for state in UnitStatus:
            number = figures["units"][kind.value][state.value]
            table.add_row(f"{say(kind.label)} · {say(state.label)}", f"{number:,}")
    for name, label in _LABELS.items():
        number = figures[name] if name in figures else figures["appointments"][name]
        table.add_row(say(label), f"{number:,}")
    table.columns[1].justify = "right"
    console().print(table)


def _figures(session: Session) -> dict[str, Any]:
    counted = session.execute(
        select(Unit.kind, Unit.status, func.count()).group_by(Unit.kind, Unit.status)
    )
    units = {(kind, state): number for kind, state, number in counted}
    return {
        "units": {
            kind.value: {state.value: units.get((kind, state), 0) for state in UnitStatus}
            for kind in UnitKind
        },
        "vacant_units": session.scalar(
            vacant(EVERYWHERE).with_only_columns(func.count(), maintain_column_froms=True)
        ),
        "appointments": {
            state.value: session.scalar(select(func.count()).where(Appointment.state == state))
            for state in (AppointmentState.CURRENT, AppointmentState.PENDING)
        },
        "persons": session.scalar(select(func.count()).select_from(Person)),
        "staff": session.scalar(
            select(func.count()).select_from(StaffAccount).where(StaffAccount.active)
        ),
    }
