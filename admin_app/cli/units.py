"""``yihaotong units``: the first unit, from which everything else is created or imported."""

import click
from sqlalchemy import select

from admin_app.audit.operations import record
from admin_app.audit.vocabulary import Event
from admin_app.cli.acting import act_of_command
from admin_app.cli.databases import open_database
from admin_app.cli.refusals import Refusal
from admin_app.cli.terminal import answer_json, json_option, say
from admin_app.database import transaction
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.rows import add_unit
from admin_app.hierarchy.rules import clean_name
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.settings import load_settings
from admin_app.wording import Text

_PLANTED = Text("已新建最上级主管部门“{name}”。", "Created the topmost department “{name}”.")
_THERE_ALREADY = Text(
    "已有最上级主管部门“{name}”；其他单位请在它之下新增或导入。",
    "There is a topmost department already, “{name}”; create or import other units below it.",
)


@click.group("units")
def units_group() -> None:
    """Begin the tree."""


@units_group.command()
@click.argument("name")
@json_option
def root(name: str, as_json: bool) -> None:
    """Create the topmost department of an empty tree."""
    settings = load_settings()
    with open_database(settings) as sessions, transaction(sessions) as session:
        there = session.scalar(select(Unit.name).where(Unit.parent_id.is_(None)).limit(1))
        if there is not None:
            raise Refusal(_THERE_ALREADY, name=there)
        act = act_of_command(session, settings)
        unit = add_unit(act, None, UnitKind.DEPARTMENT, clean_name(name), None)
        record(act, Event.UNIT_CREATED, unit_id=unit.id, subject=unit.name)
        created = {"id": unit.id, "name": unit.name}
    if as_json:
        answer_json(created)
    else:
        click.echo(say(_PLANTED.format(**created)))
