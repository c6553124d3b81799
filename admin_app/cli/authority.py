"""Who may appoint a unit's administrators and why, as the unit's page says it."""

import click

from admin_app.cli.databases import open_database
from admin_app.cli.refusals import Refusal
from admin_app.cli.terminal import answer_json, say
from admin_app.delegation.queries import authorities_over
from admin_app.hierarchy.models import Unit
from admin_app.settings import load_settings
from admin_app.wording import Text

_NO_UNIT = Text("没有编号为 {number} 的单位。", "There is no unit with the number {number}.")
_LINE = Text("{name}：{why}", "{name}: {why}")
_OFFICE = Text("“{unit}”的{capacity}", "{capacity} of “{unit}”")
_NOBODY = Text("目前没有人可以办理。", "At present nobody may.")


def explain_unit(number: int, *, as_json: bool) -> None:
    """Print everybody who may appoint at a unit, nearest first, each with the office it rests on.

    Raises:
        Refusal: there is no such unit.
    """
    with open_database(load_settings()) as sessions, sessions() as session:
        unit = session.get(Unit, number)
        if unit is None:
            raise Refusal(_NO_UNIT, number=number)
        found = [
            {
                "name": held.name,
                "capacity": held.capacity.value,
                "unit": held.office.unit_name,
                "why": say(
                    _OFFICE.format(unit=held.office.unit_name, capacity=held.capacity.label)
                ),
                "ground": held.decision.ground.value,
            }
            for held in authorities_over(session, unit)
        ]
        if as_json:
            answer_json({"unit": unit.name, "may_appoint": found})
            return
        click.echo(unit.name)
        for line in found:
            click.echo("  " + say(_LINE.format(name=line["name"], why=line["why"])))
        if not found:
            click.echo("  " + say(_NOBODY))
