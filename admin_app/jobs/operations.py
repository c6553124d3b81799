"""Doing a duty: its work and its next time are one transaction, so that a death undoes both.

Whoever dies at it lets the row go; the next worker finds it as due as before. Nobody waits for a
row that somebody else is at.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.jobs.models import Duty
from admin_app.jobs.rules import Schedule, pause_after


@dataclass(frozen=True, slots=True)
class Work:
    """What a duty does, and when it is due again."""

    do: Callable[[Act], object]
    schedule: Schedule


Duties = Mapping[str, Work]
_TROUBLE_MOST = 300


def enrol(act: Act, duties: Duties) -> None:
    """Give duties that are new their first time."""
    insert = (
        postgresql.insert if act.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    )
    for name, work in duties.items():
        values = {"name": name, "due_at": work.schedule(act.at), "failures": 0, "trouble": ""}
        act.session.execute(insert(Duty).values(values).on_conflict_do_nothing())


def take(act: Act, duties: Duties) -> Duty | None:
    """A duty that is due and that nobody else is at; locked until the transaction ends."""
    return act.session.scalars(
        select(Duty)
        .where(Duty.name.in_(duties), Duty.due_at <= act.at)
        .order_by(Duty.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()


def do(act: Act, duties: Duties, duty: Duty) -> None:
    """Do it, and say when it is due again; whatever it raises undoes both."""
    duties[duty.name].do(act)
    duty.done_at, duty.failures, duty.trouble = act.at, 0, ""
    duty.due_at = duties[duty.name].schedule(act.at)
    act.session.flush()


def put_off(act: Act, name: str, trouble: str) -> None:
    """It failed: try again, later each time."""
    duty = locked(act.session, name)
    duty.failures += 1
    duty.trouble = trouble[:_TROUBLE_MOST]
    duty.due_at = act.at + pause_after(duty.failures)
    act.session.flush()


def locked(session: Session, name: str) -> Duty:
    return session.scalars(select(Duty).where(Duty.name == name).with_for_update()).one()
