"""Duties: each done once when it is due, taken up again after a failure or a death."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.audit.models import OutboxMessage
from admin_app.jobs.models import Duty
from admin_app.jobs.operations import Work, do, enrol, put_off, take
from admin_app.jobs.rules import daily
from tests import builders
from tests.databases import Database

LATER = 24 * 60  # minutes: by then whatever is daily is due


def _write(act: Act) -> None:
    act.session.add(OutboxMessage(at=act.at, topic="duty", payload={}))


def _fail(_act: Act) -> None:
    raise RuntimeError


DUTIES = {"tidy": Work(_write, daily(3))}


def test_a_duty_is_done_when_it_is_due_and_then_not_before_the_next_day(session: Session) -> None:
    enrol(builders.act(session), DUTIES)
    assert take(builders.act(session), DUTIES) is None
    due = builders.act(session, minutes=LATER)
    duty = take(due, DUTIES)
    assert duty is not None
    do(due, DUTIES, duty)
    assert take(due, DUTIES) is None
    assert duty.due_at - due.at <= timedelta(days=1)


def test_enrolling_again_keeps_the_time(session: Session) -> None:
    enrol(builders.act(session), DUTIES)
    former = session.get_one(Duty, "tidy").due_at
    enrol(builders.act(session, minutes=LATER * 3), DUTIES)
    session.expire_all()
    assert session.get_one(Duty, "tidy").due_at == former


def test_whoever_dies_at_it_leaves_nothing_done_and_it_is_as_due_as_before(
    database: Database,
) -> None:
    with database.sessions() as session:
        enrol(builders.act(session), DUTIES)
        session.commit()
    with database.sessions() as session:
        act = builders.act(session, minutes=LATER)
        duty = take(act, DUTIES)
        assert duty is not None
        do(act, DUTIES, duty)
        session.rollback()  # what the database does when the connection dies
    with database.sessions() as session:
        assert session.query(OutboxMessage).count() == 0
        assert take(builders.act(session, minutes=LATER), DUTIES) is not None


def test_a_failing_duty_waits_longer_each_time(session: Session) -> None:
    duties = {"tidy": Work(_fail, daily(3))}
    enrol(builders.act(session), duties)
    act = builders.act(session, minutes=LATER)
    duty = take(act, duties)
    assert duty is not None
    with pytest.raises(RuntimeError):
        do(act, duties, duty)
    pauses = []
    for _ in range(3):
        put_off(act, "tidy", "RuntimeError")
        pauses.append(duty.due_at - act.at)
    assert pauses == [timedelta(minutes=minutes) for minutes in (1, 2, 4)]
    assert (duty.failures, duty.trouble) == (3, "RuntimeError")
