"""``yihaotong diagnose``: why somebody is stuck, and what to say to them."""

import click
from rich.markup import escape
from rich.table import Table

from admin_app.cli.acting import act_of_command
from admin_app.cli.databases import open_database
from admin_app.cli.refusals import Refusal
from admin_app.cli.terminal import answer_json, console, json_option, say
from admin_app.identity.vocabulary import IdType
from admin_app.migration.diagnosis import Diagnosis
from admin_app.migration.finding import find_by_number, find_by_uscc, find_by_username
from admin_app.policy.reach import EVERYWHERE
from admin_app.settings import load_settings
from admin_app.wording import Text

_ONE_WAY = Text(
    "请给出一种：--name（证件号码随后输入）、--uscc 或 --username。",
    "Give one of --name (the ID number is asked for), --uscc or --username.",
)
_NUMBER = Text("证件号码（不显示）", "ID number (not shown)")
_ROWS = {
    "label": Text("卡点", "Blocker"),
    "owner": Text("谁来办", "Who acts"),
    "desk": Text("找谁", "Desk"),
    "step": Text("下一步", "Next step"),
}
_SAY = Text("对来电人说", "Say")
_EVIDENCE = Text("依据", "Evidence")


@click.command()
@click.option("--name", help="Somebody's name; their ID number is then asked for, or piped in.")
@click.option(
    "--id-type",
    type=click.Choice([each.value for each in IdType]),
    default=IdType.RESIDENT_ID.value,
    help="Of which kind the ID number is.",
)
@click.option("--uscc", help="An enterprise's credit code.")
@click.option("--username", help="The user name of an old account.")
@json_option
def diagnose(
    name: str | None, id_type: str, uscc: str | None, username: str | None, as_json: bool
) -> None:
    """Say where somebody or an enterprise stands, why, who must act, and what to tell them."""
    if sum(each is not None for each in (name, uscc, username)) != 1:
        raise Refusal(_ONE_WAY)
    number = click.prompt(say(_NUMBER), hide_input=True, err=True) if name is not None else ""
    settings = load_settings()
    with open_database(settings) as sessions, sessions() as session:
        sealer = act_of_command(session, settings).sealer
        if uscc is not None:
            found = find_by_uscc(session, sealer, EVERYWHERE, uscc)
        elif username is not None:
            found = find_by_username(session, sealer, EVERYWHERE, username)
        else:
            found = find_by_number(session, sealer, EVERYWHERE, name or "", IdType(id_type), number)
        if as_json:
            answer_json(found.as_json())
        else:
            _print(found)


def _print(found: Diagnosis) -> None:
    table = Table.grid(padding=(0, 3))
    table.add_row(escape(found.title), say(found.standing.state.label))
    for each in found.links:
        table.add_row(say(each.link.label), say(each.state.label))
    if found.blocker is not None:
        advice = found.blocker.advice
        values = (advice.label, advice.owner.label, advice.desk.label, advice.step)
        for label, value in zip(_ROWS.values(), values, strict=True):
            table.add_row(say(label), say(value))
    for text in found.evidence:
        table.add_row(say(_EVIDENCE), escape(say(text)))
    for line in found.lines:
        name = line.unit.name if line.unit else line.reported_name or line.uscc
        table.add_row(escape(name), f"{say(line.verdict.label)} {say(line.verdict.step)}")
    table.add_row(say(_SAY), escape(say(found.say)))
    console().print(table)
