"""``yihaotong keys``: putting a new encryption key in the place of old ones."""

from dataclasses import asdict
from typing import cast

import click
from sqlalchemy import Table

from admin_app.cli.acting import act_of_command
from admin_app.cli.databases import open_database
from admin_app.cli.import_progress import ImportProgress
from admin_app.cli.terminal import answer_json, json_option, say
from admin_app.database import begin_writing
from admin_app.migration.keys import SEALED, Columns, Rotation, how_many, record_rotation, rotate
from admin_app.service_desk.models import Evidence, Nominee
from admin_app.settings import load_settings
from admin_app.wording import Text

# Every column that holds something sealed; a test compares the list with the tables.
ALL_SEALED: Columns = (
    *SEALED,
    (cast(Table, Evidence.__table__), "key_sealed"),
    (cast(Table, Nominee.__table__), "id_sealed"),
)

_ROTATING = Text("重新加密", "Encrypting again")
_DONE = Text(
    "检查 {checked} 项，用最新密钥重新加密 {rotated} 项，无法解开 {unreadable} 项。",
    "{checked} values checked; {rotated} encrypted with the newest key; {unreadable} unreadable.",
)
_DRY_RUN = Text("这是试运行；加上 --commit 才会生效。", "A dry run; --commit does it.")
_KEEP = Text(
    "有无法解开的内容，请把当时的密钥放回 YIHAOTONG_IDENTITY_KEYS 再运行一次。",
    "Something can't be read: put the key of that time back into YIHAOTONG_IDENTITY_KEYS and run "
    "this again.",
)


@click.group("keys")
def keys_group() -> None:
    """Look after the encryption keys."""


@keys_group.command("rotate")
@click.option("--commit", is_flag=True, help="Do it; without this it only counts.")
@json_option
def rotate_keys(commit: bool, as_json: bool) -> None:
    """Encrypt everything sealed with an older key anew, with the first of the configured keys.

    Batch by batch, each kept at once: people go on working, and after a break it goes on.
    """
    settings = load_settings()
    done = Rotation()
    with open_database(settings) as sessions, sessions() as session:
        act = act_of_command(session, settings)
        total = how_many(session, ALL_SEALED)
        session.rollback()
        begin_writing(session)
        with ImportProgress() as progress:
            for done in rotate(session, act.sealer, ALL_SEALED):
                if commit:
                    session.commit()
                else:
                    session.rollback()
                begin_writing(session)
                progress(_ROTATING, done.checked, total)
        if commit and done.rotated:
            record_rotation(act, done)
            session.commit()
    if as_json:
        answer_json({**asdict(done), "committed": commit})
        return
    click.echo(say(_DONE.format(**asdict(done))))
    if done.unreadable:
        click.echo(say(_KEEP))
    if not commit:
        click.echo(say(_DRY_RUN))
