"""``yihaotong rollups``: whether the figures are right, and putting them right."""

from dataclasses import asdict

import click
from rich.console import Console
from rich.progress import Progress

from admin_app.cli.acting import act_of_command
from admin_app.cli.databases import open_database
from admin_app.cli.refusals import Refusal
from admin_app.cli.terminal import answer_json, json_option, say
from admin_app.database import transaction
from admin_app.rollups.verification import verify, verifying
from admin_app.service_desk.verification import verify_desk
from admin_app.settings import load_settings
from admin_app.wording import Text

_COUNTING = Text("逐一核对", "Counting everything")
_RIGHT = Text("统计数据与逐一清点一致。", "The figures are what a full count gives.")
_REPAIRED = Text("已更正 {number} 处统计数据。", "{number} figures were put right.")
_WRONG = Text(
    "有 {number} 处统计数据与逐一清点不一致；加上 --repair 更正。",
    "{number} figures differ from a full count; --repair puts them right.",
)


@click.group("rollups")
def rollups_group() -> None:
    """Look after the figures that the dashboard and `status` show."""


@rollups_group.command("verify")
@click.option("--repair", is_flag=True, help="Put right what differs, as of today.")
@json_option
def verify_rollups(repair: bool, as_json: bool) -> None:
    """Compare the figures with a full count; fails if they differ."""
    settings = load_settings()
    watched = Console(stderr=True)
    with open_database(settings) as sessions:
        with transaction(sessions):
            pass  # folds what another tool has left
        with (
            verifying(sessions, repair=repair) as session,
            Progress(console=watched, disable=not watched.is_terminal) as bars,
        ):
            act = act_of_command(session, settings)
            bar = bars.add_task(say(_COUNTING))
            found = verify(
                session,
                act.at,
                repair=repair,
                progress=lambda done, total: bars.update(bar, completed=done, total=total),
            )
            session.commit()
            desk = verify_desk(session, repair=repair)
            session.commit()
    number = found.number + desk.number
    if as_json:
        answer_json({**asdict(found), **asdict(desk), "repaired": repair and number > 0})
    elif not number:
        click.echo(say(_RIGHT))
    elif repair:
        click.echo(say(_REPAIRED.format(number=number)))
    if number and not repair:
        raise Refusal(_WRONG, number=number)
