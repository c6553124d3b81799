"""Reminders: whom time gives something to be told, once each, batch by batch."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.audit.act import PLATFORM, Act, Limits
from admin_app.delegation.operations import appoint
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.claims import ReportedEnterprise
from admin_app.identity.models import Person
from admin_app.identity.vocabulary import IdType
from admin_app.jobs.rules import CHINA
from admin_app.migration.arrivals import note_sign_in
from admin_app.migration.blockers import Blocker
from admin_app.migration.models import LegacyAccount
from admin_app.migration.operations import bind
from admin_app.migration.vocabulary import AccountKind, AccountState
from admin_app.notices import reminding
from admin_app.notices.models import Notice, Reminder
from admin_app.notices.queries import sentence_of
from admin_app.notices.reminding import open_walks, remind
from admin_app.notices.rules import deadline_step
from admin_app.notices.telling import tell_waiting
from admin_app.notices.vocabulary import NoticeKind
from admin_app.service_desk.case_vocabulary import CaseState
from admin_app.service_desk.cases import file_case
from tests import builders
from tests.builders_migration import PASSWORD, legacy_account
from tests.databases import Database
from tests.world import SEQUENCES, World, settle, sign_in

DEADLINE = date(2026, 6, 30)


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=CHINA)


def acting(session: Session, day: date, deadline: date | None = DEADLINE) -> Act:
    return builders.act(session, PLATFORM, at=at(day), limits=Limits(deadline=deadline))


def a_morning(session: Session, day: date, deadline: date | None = DEADLINE) -> None:
    """The duty opens what is due, and workers go through it."""
    act = acting(session, day, deadline)
    open_walks(act)
    while remind(act):
        pass
    while tell_waiting(act):
        pass


def told(session: Session, kind: NoticeKind) -> list[Notice]:
    return list(session.scalars(select(Notice).where(Notice.kind == kind).order_by(Notice.id)))


def stuck(session: Session, sequence: int) -> Person:
    """Somebody who has come, and whose old account waits for their password."""
    number = builders.id_number(sequence)
    legacy_account(session, f"示例{sequence}", number, id_type=IdType.RESIDENT_ID)
    person = builders.person(session, f"示例{sequence}", sequence)
    note_sign_in(builders.act(session), person)
    return person


@pytest.mark.parametrize(
    ("left", "step"), [(31, None), (30, 30), (8, 30), (7, 7), (2, 7), (1, 1), (0, 1), (-1, None)]
)
def test_which_reminder_is_due(left: int, step: int | None) -> None:
    assert deadline_step(left) == step


def test_who_hasnt_moved_is_told_thirty_seven_and_one_day_before_once_each(
    session: Session,
) -> None:
    person, _moved = stuck(session, 700), builders.person(session, "没有原账号", 701)
    for before in range(35, -3, -1):
        a_morning(session, DEADLINE - timedelta(days=before))
    notices = told(session, NoticeKind.DEADLINE_NEAR)
    assert [each.person_id for each in notices] == [person.id] * 3
    assert [each.values["days"] for each in notices] == [30, 7, 1]
    assert sentence_of(notices[1]).zh.startswith("您的原账号还没有迁移完，截止日是 2026-06-30")


def test_a_worker_that_slept_on_the_day_tells_late_and_not_twice(session: Session) -> None:
    stuck(session, 700)
    for before in (28, 27, 3):
        a_morning(session, DEADLINE - timedelta(days=before))
    assert [each.values["days"] for each in told(session, NoticeKind.DEADLINE_NEAR)] == [28, 3]


def test_without_a_deadline_nobody_is_told(session: Session) -> None:
    stuck(session, 700)
    a_morning(session, DEADLINE, deadline=None)
    assert told(session, NoticeKind.DEADLINE_NEAR) == []


def test_batch_by_batch_and_whoever_dies_at_one_leaves_it_as_it_was(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminding, "BATCH", 2)
    with database.sessions() as session:
        people = {stuck(session, 700 + n).id for n in range(7)}
        open_walks(acting(session, DEADLINE))
        session.commit()
    rounds = 0
    while True:
        with database.sessions() as session:
            more = remind(acting(session, DEADLINE))
            if rounds % 2:
                session.rollback()  # what the database does when a worker dies
            else:
                session.commit()
        rounds += 1
        if not more:
            break
    with database.sessions() as session:
        assert Counter(e.person_id for e in told(session, NoticeKind.DEADLINE_NEAR)) == Counter(
            people
        )


def an_enterprise_in_progress(session: Session, world: World) -> LegacyAccount:
    """校长, who has no old account of their own, hasn't bound the university's yet."""
    university, rector = world["演示大学"], world.people["校长"]
    account = legacy_account(session, kind=AccountKind.UNIT, unit=university)
    note_sign_in(builders.act(session), rector)
    assert account.state is AccountState.IN_PROGRESS
    session.commit()  # so that the unit's standing is kept
    return account


def test_who_represents_an_enterprise_that_hasnt_moved_is_told_once_a_step(
    database: Database,
) -> None:
    """Though nothing of their own is left to bind (R31-R33)."""
    world = settle(database)
    with database.sessions() as session:
        an_enterprise_in_progress(session, world)
        for before in range(35, -3, -1):
            a_morning(session, DEADLINE - timedelta(days=before))
        notices = told(session, NoticeKind.ENTERPRISE_DEADLINE_NEAR)
        assert [each.person_id for each in notices] == [world.people["校长"].id] * 3
        assert [each.values["days"] for each in notices] == [30, 7, 1]
        assert sentence_of(notices[0]).zh.startswith("您代表的“演示大学”还没有迁移完，截止日是")
        assert told(session, NoticeKind.DEADLINE_NEAR) == []


def test_who_has_their_own_to_bind_is_told_of_that_alone(database: Database) -> None:
    """The personal account comes first, and brings the enterprise's along (R31, R33)."""
    world = settle(database)
    with database.sessions() as session:
        an_enterprise_in_progress(session, world)
        number, rector = builders.id_number(SEQUENCES["校长"]), world.people["校长"]
        own = legacy_account(session, "校长", number)
        note_sign_in(builders.act(session), rector)
        a_morning(session, DEADLINE - timedelta(days=20))
        assert [e.person_id for e in told(session, NoticeKind.DEADLINE_NEAR)] == [rector.id]
        assert told(session, NoticeKind.ENTERPRISE_DEADLINE_NEAR) == []
        bind(builders.act(session), rector.id, own.id, PASSWORD, consented=True)
        session.commit()
        a_morning(session, DEADLINE)
        assert told(session, NoticeKind.ENTERPRISE_DEADLINE_NEAR) == []


def test_an_enterprise_that_the_platform_lacks_has_not_moved_either(database: Database) -> None:
    world = settle(database)
    with database.sessions() as session:
        code = builders.uscc(77_000)
        nowhere = ReportedEnterprise(uscc=code, name="示例新公司")
        sign_in(session, "外人", enterprises=(nowhere,))
        a_morning(session, DEADLINE - timedelta(days=20))
        assert told(session, NoticeKind.ENTERPRISE_DEADLINE_NEAR) == [], "nor was ever here"
        legacy_account(session, "示例新公司", kind=AccountKind.UNIT).uscc = code
        a_morning(session, DEADLINE)
        (notice,) = told(session, NoticeKind.ENTERPRISE_DEADLINE_NEAR)
        assert notice.person_id == world.people["外人"].id
        assert notice.values["unit"] == "示例新公司"


def test_who_no_longer_represents_it_is_not_told(database: Database) -> None:
    world = settle(database)
    with database.sessions() as session:
        an_enterprise_in_progress(session, world)
        sign_in(session, "校长", minutes=5)  # the portal no longer reports the university
        session.commit()
        a_morning(session, DEADLINE)
        assert told(session, NoticeKind.ENTERPRISE_DEADLINE_NEAR) == []


def test_of_hundreds_of_enterprises_their_representative_is_told_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Batch by batch, however small."""
    monkeypatch.setattr(reminding, "BATCH", 2)
    world = settle(database)
    with database.sessions() as session:
        firms = [
            builders.unit(session, world["济南市科技局"], kind=UnitKind.FIRST_LEVEL)
            for _ in range(200)
        ]
        for firm in firms:
            legacy_account(session, kind=AccountKind.UNIT, unit=firm)
        sign_in(session, "外人", enterprises=tuple(map(builders.enterprise, firms)))
        session.commit()
        a_morning(session, DEADLINE)
        (notice,) = told(session, NoticeKind.ENTERPRISE_DEADLINE_NEAR)
        assert notice.person_id == world.people["外人"].id


def test_who_could_appoint_is_told_of_units_without_administrators(database: Database) -> None:
    world = settle(database)
    with database.sessions() as session:
        a_morning(session, DEADLINE)
        notices = told(session, NoticeKind.UNIT_DEADLINE_NEAR)
        people = [each.person_id for each in notices]
        assert len(people) == len(set(people)), "once each, however many units"
        assert world.people["校长"].id in people
        assert world.people["外人"].id not in people


def test_an_appointment_that_expires_soon_is_told_of_twice(
    database: Database,
) -> None:
    world: World = settle(database)
    with database.sessions() as session:
        candidate = builders.candidate("外人", 990)
        act = builders.act(session, world.rector)
        pending = appoint(act, world["物理学院"].id, candidate)
        assert pending.expires_at is not None
        last = pending.expires_at.astimezone(CHINA).date()
        for before in range(12, -2, -1):
            a_morning(session, last - timedelta(days=before), deadline=None)
        notices = told(session, NoticeKind.OFFICE_EXPIRING)
        rector = world.people["校长"].id
        mine = [each.values["days"] for each in notices if each.person_id == rector]
        assert mine == [7, 1]


def test_a_case_that_waits_for_its_person_says_so_after_five_days(session: Session) -> None:
    person = stuck(session, 700)
    account = legacy_account(session, "示例700", builders.id_number(700))
    case = file_case(builders.act(session), person, Blocker.SEVERAL_ACCOUNTS, account.id)
    asked = date(2026, 3, 10)
    case.state, case.asked_on = CaseState.WAITING, asked
    session.flush()
    for after in range(12):
        a_morning(session, asked + timedelta(days=after), deadline=None)
    (notice,) = told(session, NoticeKind.CASE_WAITS)
    assert (notice.person_id, notice.values["days"]) == (person.id, 5)
    assert session.get_one(Reminder, "cases waiting").done_at is not None
