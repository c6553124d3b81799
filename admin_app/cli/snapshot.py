"""``yihaotong snapshot``: the day's counts, for trends; for a nightly timer."""

import click

from admin_app.cli.acting import act_of_command
from admin_app.cli.databases import open_database
from admin_app.cli.terminal import answer_json, json_option, say
from admin_app.database import transaction
from admin_app.rollups.rules import day_of
from admin_app.rollups.snapshots import backfill, take_snapshot
from admin_app.settings import load_settings
from admin_app.wording import Text

_DONE = Text(
    "已保存 {day} 的统计，共 {rows} 行；补算了之前 {days} 天。",
    "The counts of {day} are kept, {rows} rows; {days} earlier days were reconstructed.",
)


@click.command()
@click.option("--backfill", "with_backfill", is_flag=True, help="Reconstruct earlier days too.")
@json_option
def snapshot(with_backfill: bool, as_json: bool) -> None:
    """Keep the day's counts below every department; once more the same day changes nothing else."""
    settings = load_settings()
    with open_database(settings) as sessions, transaction(sessions) as session:
        act = act_of_command(session, settings)
        days = backfill(act) if with_backfill else 0
        done = {"day": day_of(act.at).isoformat(), "rows": take_snapshot(act), "days": days}
    if as_json:
        answer_json(done)
    else:
        click.echo(say(_DONE.format(**done)))
