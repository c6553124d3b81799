"""The act of a command: whoever typed it, on the platform's own account."""

import getpass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from admin_app.audit.act import PLATFORM, Act, Limits
from admin_app.policy.actor import Actor
from admin_app.sealing import Sealer
from admin_app.settings import Settings


def act_of_command(session: Session, settings: Settings) -> Act:
    """The circumstances of a command, for the operations it calls and the trail they leave."""
    return Act(
        session=session,
        actor=Actor(name=f"{PLATFORM.name}：{_who()}", capacity=PLATFORM.capacity),
        at=datetime.now(UTC),
        sealer=Sealer(
            [key.get_secret_value() for key in settings.identity_keys],
            settings.index_key.get_secret_value(),
        ),
        limits=Limits.of(settings),
    )


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return "cli"
