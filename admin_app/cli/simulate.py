"""``yihaotong simulate``: a migration rehearsed, with made-up people and the real services."""

from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.cli.acting import act_of_command
from admin_app.cli.databases import open_database
from admin_app.cli.refusals import Refusal
from admin_app.cli.rehearsing import rehearse
from admin_app.cli.terminal import answer_json, console, json_option, say
from admin_app.database import begin_writing
from admin_app.hierarchy.models import Unit
from admin_app.migration.blockers import Blocker
from admin_app.migration.rehearsal.play import figures
from admin_app.migration.rehearsal.script import draw
from admin_app.migration.rehearsal.stage import department_of
from admin_app.migration.vocabulary import AccountState
from admin_app.settings import Settings, load_settings
from admin_app.wording import Text

_NOT_IN_PRODUCTION = Text(
    "YIHAOTONG_ENVIRONMENT=production 时不能演练：演练会写入虚构的单位和人员。",
    "No rehearsal with YIHAOTONG_ENVIRONMENT=production: it writes made-up units and people.",
)
_NO_ROOT = Text(
    "还没有最上级主管部门。请先运行 `yihaotong units root 名称`，或先运行一次演示。",
    "There is no topmost department yet. Run `yihaotong units root NAME` first, or the demo once.",
)
_DONE_BEFORE = Text(
    "种子 {seed} 的演练已经保存在“{name}”之下。请换一个 --seed。",
    "A rehearsal with seed {seed} is kept under “{name}” already. Choose another --seed.",
)
_SETTING_UP = Text("准备单位和原账号", "Units and old accounts")
_PLAYING = Text("逐日演练", "Day after day")
_KEPT = Text("已保存在“{name}”之下。", "Kept under “{name}”.")
_NOT_KEPT = Text(
    "这是演练预览，没有写入。加上 --commit 保存。", "Nothing was kept. Add --commit to keep it."
)
_ALL = Text("原账号", "old accounts")


@click.command()
@click.option("--people", default=2_000, show_default=True, type=click.IntRange(1, 200_000))
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 366))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0, 8_999))
@click.option("--commit", is_flag=True, help="Keep it; without it nothing is written.")
@json_option
def simulate(people: int, days: int, seed: int, commit: bool, as_json: bool) -> None:
    """Let made-up people move in over days, until yesterday; the same seed, the same result."""
    settings = load_settings()
    if settings.is_production:
        raise Refusal(_NOT_IN_PRODUCTION)
    with open_database(settings) as sessions, sessions() as session:
        begin_writing(session)
        try:
            found, department = _rehearse(session, settings, people, days, seed)
            if commit:
                session.commit()
        finally:
            session.rollback()
    found = {"people": people, "days": days, "seed": seed, "committed": commit, **found}
    if as_json:
        answer_json(found)
        return
    _print_table(found)
    click.echo(say(_KEPT.format(name=department) if commit else _NOT_KEPT))


def _rehearse(
    session: Session, settings: Settings, people: int, days: int, seed: int
) -> tuple[dict[str, Any], str]:
    act = act_of_command(session, settings)
    root = session.scalar(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1))
    if root is None:
        raise Refusal(_NO_ROOT)
    there = department_of(act, seed)
    if there is not None:
        raise Refusal(_DONE_BEFORE, seed=seed, name=there.name)
    script = draw(seed, people, days)
    watched = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=watched, disable=not watched.is_terminal) as bars:
        setting_up = bars.add_task(say(_SETTING_UP), total=people)
        playing = bars.add_task(say(_PLAYING), total=len(script.steps))
        show = (lambda: bars.advance(setting_up), lambda: bars.advance(playing))
        stage = rehearse(act, root, script, days, show)
    return figures(session, act.sealer, seed), stage.department.name


def _print_table(found: dict[str, Any]) -> None:
    table = Table.grid(padding=(0, 3))
    table.add_row(say(_ALL), f"{found['accounts']:,}")
    for state in AccountState:
        table.add_row(say(state.label), f"{found['states'].get(state.value, 0):,}")
    for blocker in Blocker:
        table.add_row(f"  {say(blocker.label)}", f"{found['blockers'].get(blocker.value, 0):,}")
    table.columns[1].justify = "right"
    console().print(table)
