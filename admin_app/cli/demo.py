"""``yihaotong demo``: a made-up province to try everything in, with a portal of its own."""

import os
import sys
from datetime import date, timedelta
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from admin_app.cli import demo_data, demo_desk, demo_story
from admin_app.cli.acting import act_of_command
from admin_app.cli.companions import Program, run_together
from admin_app.cli.databases import open_database, upgrade_database
from admin_app.cli.ports import require_free
from admin_app.cli.refusals import Refusal
from admin_app.cli.terminal import say
from admin_app.database import transaction
from admin_app.hierarchy.models import Unit
from admin_app.rollups.rules import day_of
from admin_app.service_desk.storage import storage_in
from admin_app.settings import Settings, load_settings
from admin_app.wording import Text

PEOPLE = Path(__file__).parents[2] / "portal_simulator" / "people.json"
VAR = Path("var")

_NOT_IN_PRODUCTION = Text(
    "YIHAOTONG_ENVIRONMENT=production 时不能运行演示。",
    "The demo doesn't run with YIHAOTONG_ENVIRONMENT=production.",
)
_SEEDING = Text("生成演示数据", "Making the demo province")
_CONSOLE = Text("一号通", "The console")
_WORKER = Text("后台进程", "The worker")
_PORTAL = Text("模拟门户", "The portal simulator")
_READY = (
    "一号通 Yihaotong: {url} — 点“自然人与法人登录”再从名单里选一个人；部门入口用 {user} / "
    "{password}。 Press the sign-in button and choose somebody from the list; departments sign in "
    "as {user} / {password}. (Ctrl-C)"
)


@click.command()
@click.option(
    "--people",
    default=PEOPLE,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The portal simulator's people and enterprises.",
)
@click.option(
    "--rehearsed",
    default=600,
    show_default=True,
    type=click.IntRange(0, 5_000),
    help="How many more made-up people have been moving in when the demo begins.",
)
def demo(people: Path, rehearsed: int) -> None:
    """Run the console with made-up data and the portal simulator, until Ctrl-C."""
    settings = load_settings()
    if settings.is_production:
        raise Refusal(_NOT_IN_PRODUCTION)
    require_free(settings.bind, settings.port, "PORT")
    require_free(settings.bind, settings.portal_port, "PORTAL_PORT")
    upgrade_database(settings)
    with open_database(settings) as sessions:
        _seed_if_empty(sessions, settings, people, rehearsed)
        deadline = _deadline(sessions)
    ready = _READY.format(
        url=settings.public_url,
        user=demo_data.DEPARTMENT_USER,
        password=demo_data.PASSWORD,
    )
    programs = [_portal(settings, people), _console(settings, deadline), _worker(settings)]
    run_together(programs, lambda: click.echo(ready))


def _seed_if_empty(
    sessions: sessionmaker[Session], settings: Settings, people: Path, rehearsed: int
) -> None:
    with transaction(sessions) as session:
        if session.scalar(select(Unit.id).limit(1)) is not None:
            return
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        watched = Console(stderr=True)
        with Progress(
            *columns, console=watched, transient=True, disable=not watched.is_terminal
        ) as progress:
            task = progress.add_task(say(_SEEDING), total=None)

            def show(done: int, total: int) -> None:
                progress.update(task, completed=done, total=total)

            act = act_of_command(session, settings)
            demo_data.seed(act, people, show)
            demo_data.let_move_in(act, rehearsed, show)
            storage = storage_in(settings.evidence_folder, settings.evidence_bucket)
            demo_desk.work_at_the_desk(act, demo_data.SUPPORT_USERS, storage)
            demo_story.tell(act, people, settings.portal_issuer, demo_data.PASSWORD)


def _deadline(sessions: sessionmaker[Session]) -> date:
    """By when the demo's province is to be done: two months after the demo was made."""
    with sessions() as session:
        began = session.scalars(select(func.min(Unit.created_at))).one()
    return day_of(began + demo_data.LONG) + timedelta(days=60)


def _console(settings: Settings, deadline: date) -> Program:
    return Program(
        name=_CONSOLE,
        command=[sys.executable, "-m", "admin_app.cli", "serve"],
        environment={"YIHAOTONG_DEADLINE": deadline.isoformat(), **os.environ},
        host=_reachable(settings.bind),
        port=settings.port,
        path="/healthz",
        log=VAR / "console.log",
    )


def _worker(settings: Settings) -> Program:
    return Program(
        name=_WORKER,
        command=[sys.executable, "-m", "admin_app.cli", "worker"],
        environment=dict(os.environ),
        host=_reachable(settings.bind),
        port=None,
        path="",
        log=VAR / "worker.log",
    )


def _portal(settings: Settings, people: Path) -> Program:
    own = {
        "PORTAL_HOST": settings.bind,
        "PORTAL_PORT": str(settings.portal_port),
        "PORTAL_ISSUER": settings.portal_issuer,
        "PORTAL_CLIENT_ID": settings.portal_client_id,
        "PORTAL_CLIENT_SECRET": settings.portal_client_secret.get_secret_value(),
        "PORTAL_REDIRECT_URIS": f"{settings.public_url}/signin/callback",
        "PORTAL_LOGOUT_URIS": f"{settings.public_url}/",
        "PORTAL_CONSOLE_URL": f"{settings.public_url}/",
        "PORTAL_DATABASE": str(VAR / "portal.sqlite3"),
    }
    return Program(
        name=_PORTAL,
        command=[sys.executable, "-m", "portal_simulator"],
        environment={**os.environ, **own},
        host=_reachable(settings.bind),
        port=settings.portal_port,
        path="/.well-known/openid-configuration",
        log=VAR / "portal.log",
    )


def _reachable(bind: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bind, bind)  # noqa: S104 - compared, not bound
