"""``yihaotong tidy``: what time has made void, for a nightly timer."""

from collections.abc import Iterator
from datetime import timedelta

import click
from sqlalchemy import select

from admin_app.audit.act import Act
from admin_app.cli.acting import act_of_command
from admin_app.cli.databases import open_database
from admin_app.cli.terminal import answer_json, json_option, say
from admin_app.database import begin_writing
from admin_app.delegation.models import Appointment
from admin_app.delegation.terms import expire_pending
from admin_app.delegation.vocabulary import AppointmentState
from admin_app.hierarchy.rows import lock_unit
from admin_app.identity.sessions import delete_old_sessions
from admin_app.identity.throttle import delete_ended_windows
from admin_app.service_desk.evidence import sweep
from admin_app.service_desk.storage import Storage, storage_in
from admin_app.settings import load_settings
from admin_app.wording import Text

# Six calendar months can be 184 days; sessions also tell which addresses an account is used from.
KEPT = timedelta(days=184)
# By then whoever was uploading has long finished, or never will.
UPLOADING = timedelta(days=1)

_DONE = Text(
    "过期的待生效指定 {expired} 项；半年前的登录 {sessions} 条；已结束的限速 {windows} 条；"
    "没有归属的材料文件 {files} 个。",
    "{expired} pending appointments expired; {sessions} sign-ins older than half a year; "
    "{windows} ended throttling windows; {files} files of evidence that belong to nothing.",
)
_DRY_RUN = Text("这是试运行；加上 --commit 才会生效。", "A dry run; --commit does it.")


@click.command()
@click.option("--commit", is_flag=True, help="Do it; without this it only counts.")
@json_option
def tidy(commit: bool, as_json: bool) -> None:
    """Expire pending appointments; delete old sign-ins, ended throttling and lost files."""
    settings = load_settings()
    storage = storage_in(settings.evidence_folder, settings.evidence_bucket)
    with open_database(settings) as sessions, sessions() as session:
        act = act_of_command(session, settings)
        # Before anything is locked: looking through a bucket takes its time.
        files = sweep_files(act, storage) if commit else sum(1 for _ in lost_files(act, storage))
        session.rollback()
        begin_writing(session)
        done = {**tidy_up(act), "files": files}
        if commit:
            session.commit()
        else:
            session.rollback()
    if as_json:
        answer_json({**done, "committed": commit})
    else:
        click.echo(say(_DONE.format(**done)))
        if not commit:
            click.echo(say(_DRY_RUN))


def tidy_up(act: Act) -> dict[str, int]:
    """Void and delete what time has made void, and count it."""
    overdue = (
        select(Appointment.unit_id)
        .where(Appointment.state == AppointmentState.PENDING, Appointment.expires_at <= act.at)
        .order_by(Appointment.unit_id)
    )
    unit_ids = act.session.scalars(overdue).all()
    for unit_id in sorted(set(unit_ids)):
        expire_pending(act, lock_unit(act.session, unit_id))
    return {
        "expired": len(unit_ids),
        "sessions": delete_old_sessions(act.session, act.at - KEPT),
        "windows": delete_ended_windows(act.session, act.at),
    }


def sweep_files(act: Act, storage: Storage) -> int:
    """Delete files of evidence that belong to nothing, and count them."""
    deleted = 0
    for key in lost_files(act, storage):
        storage.delete(key)
        deleted += 1
    return deleted


def lost_files(act: Act, storage: Storage) -> Iterator[str]:
    return sweep(act.session, storage, act.at - UPLOADING)
