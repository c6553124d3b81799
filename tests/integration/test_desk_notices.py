"""Members of support are told of their cases: whoever holds one, or whose it would be (R39, R43).

Told by the same outbox and worker as persons, mailed through a real SMTP server.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from admin_app.audit.act import Act, Limits
from admin_app.database import transaction
from admin_app.errors import NotFound
from admin_app.hierarchy.models import Unit
from admin_app.identity.models import NoticeAddress, StaffAccount
from admin_app.identity.vocabulary import Channel
from admin_app.jobs.rules import CHINA
from admin_app.notices.models import Delivery, Notice
from admin_app.notices.operations import (
    choose,
    confirm_address,
    give_address,
    read_all,
    read_notice,
)
from admin_app.notices.queries import notices_of, sentence_of, unread_of
from admin_app.notices.sending import claim
from admin_app.notices.telling import tell_waiting
from admin_app.notices.vocabulary import NoticeKind
from admin_app.policy.actor import Actor
from admin_app.service_desk import deciding, desk
from admin_app.service_desk.bulk import Chosen, in_bulk
from admin_app.service_desk.cases import answer
from admin_app.service_desk.escalation import escalate
from admin_app.service_desk.evidence import attach_own, attach_received
from admin_app.service_desk.evidence_vocabulary import EvidenceKind
from admin_app.service_desk.form_vocabulary import FormKind
from admin_app.service_desk.forms import Filing, file_form
from admin_app.service_desk.models import Case
from admin_app.service_desk.storage import FolderStorage
from admin_app.service_desk.turns import set_duty
from admin_app.service_desk.uploads import Upload
from tests import builders
from tests.builders_desk import by_staff, files_form, in_review, supporter
from tests.builders_notices import at_daytime, worker
from tests.databases import Database
from tests.mail_server import MailServerAtWork, mail_server
from tests.races import at_once
from tests.world import World, build_world

FILE = Upload(EvidenceKind.OTHER, "信.pdf", "application/pdf", b"%PDF-1.4 \n%%EOF")
LATE, LONG_LATE = 7, 11  # days of March 2026: what is due on the 6th is late, and long late


@pytest.fixture
def post() -> Iterator[MailServerAtWork]:
    with mail_server() as at_work:
        yield at_work


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path)


@pytest.fixture
def world(session: Session) -> World:
    """The small world, of which everybody has been told already."""
    built = build_world(session)
    tell(session)
    return built


def tell(session: Session, at: datetime = builders.NOON) -> None:
    while tell_waiting(builders.act(session, at=at)):
        pass


def told(session: Session, *staff: Actor) -> list[list[NoticeKind]]:
    """What each is told, oldest first."""
    tell(session)
    return [[each.kind for each in reversed(notices_of(session, one))] for one in staff]


def renamed(session: Session, world: World) -> Case:
    """A form about 演示大学, which lies below 济南市科技局."""
    return files_form(
        session, world.rector, FormKind.UNIT_RENAMED, world["演示大学"], name="演示海洋大学"
    )


def on(session: Session, day: int) -> Act:
    return builders.act(session, at=builders.NOON + timedelta(days=day - builders.NOON.day))


def looks_after(session: Session, one: Actor, units: Sequence[Unit], *, away: bool = False) -> None:
    assert one.staff_id is not None
    set_duty(by_staff(session, one), one.staff_id, [each.id for each in units], away=away)


# --- Whom ----------------------------------------------------------------------------------


def test_a_late_case_is_told_to_whoever_holds_it_and_for_long_to_everybody(
    session: Session, world: World
) -> None:
    one, other = supporter(session), supporter(session)
    case = renamed(session, world)
    desk.take(by_staff(session, one), case.id, case.version)
    case.due_on = date(2026, 3, 6)
    escalate(on(session, LATE))
    assert told(session, one, other) == [[NoticeKind.DESK_LATE], []]
    (notice,) = notices_of(session, one)
    assert sentence_of(notice).zh == (
        f"工单 {case.id}（单位更名）应在 2026-03-06 前办结，现已超期，请尽快办理。"
    )
    escalate(on(session, LONG_LATE))
    assert told(session, one, other) == [[NoticeKind.DESK_LATE] * 2, [NoticeKind.DESK_LATE]]


def test_of_a_late_case_in_nobodys_hands_those_hear_whose_department_it_is(
    session: Session, world: World
) -> None:
    here, there, away, whole = (supporter(session) for _ in range(4))
    looks_after(session, here, [world["济南市科技局"]])
    looks_after(session, there, [world["青岛市科技局"]])
    looks_after(session, away, [world["济南市科技局"]], away=True)
    case = renamed(session, world)
    case.due_on = date(2026, 3, 6)
    escalate(on(session, LATE))
    late = [NoticeKind.DESK_LATE]
    assert told(session, here, there, away, whole) == [late, [], [], late]


def test_where_nobody_looks_after_it_whoever_is_there_hears(session: Session, world: World) -> None:
    there, away = supporter(session), supporter(session)
    looks_after(session, there, [world["青岛市科技局"]])
    looks_after(session, away, [world["青岛市科技局"]], away=True)
    renamed(session, world).due_on = date(2026, 3, 6)
    escalate(on(session, LATE))
    assert told(session, there, away) == [[NoticeKind.DESK_LATE], []]


def test_what_a_former_colleague_holds_is_told_as_if_nobody_held_it(
    session: Session, world: World
) -> None:
    gone, there = supporter(session), supporter(session)
    case = renamed(session, world)
    desk.take(by_staff(session, gone), case.id, case.version)
    case.due_on = date(2026, 3, 6)
    session.get_one(StaffAccount, gone.staff_id).active = False
    escalate(on(session, LATE))
    assert told(session, gone, there) == [[], [NoticeKind.DESK_LATE]]


def test_a_case_given_in_turn_or_handed_over_is_told_to_its_new_holder_alone(
    session: Session, world: World
) -> None:
    one, other = supporter(session), supporter(session)
    case = renamed(session, world)
    desk.take(by_staff(session, one), case.id, case.version)
    assert other.staff_id is not None
    desk.hand_over(by_staff(session, one), case.id, case.version, other.staff_id)
    assert told(session, one, other) == [[], [NoticeKind.DESK_GIVEN]]
    act = builders.act(session, world.director, limits=Limits(case_assignment=True))
    kind, unit = FormKind.USCC_CHANGED, world["演示大学"]
    by_turn = file_form(act, Filing(kind, unit.id, uscc=builders.uscc(7_000_002)))
    assert by_turn.assignee_id == one.staff_id
    assert told(session, one, other) == [[NoticeKind.DESK_GIVEN]] * 2


def test_whoever_held_a_case_hears_that_a_colleague_took_it(session: Session, world: World) -> None:
    """By bell and mail, unless they want no mail of it; whoever takes it is told nothing."""
    one, other, third = (supporter(session) for _ in range(3))
    for each in (one, other):
        address_of_staff(session, each)
    kinds = [kind for kind in NoticeKind if kind is not NoticeKind.DESK_TAKEN]
    choose(builders.act(session, other), Channel.MAIL, kinds)
    case = renamed(session, world)
    desk.take(by_staff(session, one), case.id, case.version)
    assert told(session, one, other) == [[], []], "it was in nobody's hands"
    desk.take(by_staff(session, one), case.id, case.version)
    assert told(session, one) == [[]], "it was theirs"

    desk.take(by_staff(session, other), case.id, case.version)
    assert told(session, one, other, third) == [[NoticeKind.DESK_TAKEN], [], []]
    (notice,) = notices_of(session, one)
    assert sentence_of(notice).zh == (
        f"工单 {case.id}（单位更名）原在您手上，现由{other.name}接手，您不用再办。"
    )
    mail = claim(builders.act(session))
    assert mail is not None
    assert [each.staff_id for each in mail.notices] == [one.staff_id]

    in_bulk(
        by_staff(session, third),
        [Chosen(case.id, case.version)],
        lambda act, case_id, version: desk.take(act, case_id, version),
    )
    assert told(session, one, other, third) == [[NoticeKind.DESK_TAKEN]] * 2 + [[]]
    assert claim(builders.act(session)) is None, "unwanted"


def test_a_former_colleague_is_not_told_what_they_no_longer_hold(
    session: Session, world: World
) -> None:
    gone, there = supporter(session), supporter(session)
    case = renamed(session, world)
    desk.take(by_staff(session, gone), case.id, case.version)
    session.get_one(StaffAccount, gone.staff_id).active = False
    desk.take(by_staff(session, there), case.id, case.version)
    assert told(session, gone, there) == [[], []]


def test_a_proposal_is_told_to_those_who_could_confirm_it(session: Session, world: World) -> None:
    one, here, there = (supporter(session) for _ in range(3))
    looks_after(session, here, [world["济南市科技局"]])
    looks_after(session, there, [world["青岛市科技局"]])
    case = files_form(
        session,
        world.rector,
        FormKind.USCC_CHANGED,
        world["演示大学"],
        uscc=builders.uscc(7_000_002),
    )
    in_review(session, case, one)
    deciding.propose(by_staff(session, one), case.id, case.version)
    assert told(session, one, here, there) == [[], [NoticeKind.DESK_TO_CONFIRM], []]
    (notice,) = notices_of(session, here)
    assert f"{one.name}就工单 {case.id}" in sentence_of(notice).zh


def test_an_answer_with_files_is_told_once_and_files_alone_too(
    session: Session, world: World, storage: FolderStorage
) -> None:
    one, other = supporter(session), supporter(session)
    case = renamed(session, world)
    in_review(session, case, one)
    desk.ask(by_staff(session, one), case.id, case.version, "请寄执照")
    rector = builders.act(session, world.rector, minutes=5)
    answer(rector, case.id, "见附件")
    attach_own(rector, storage, case.id, [FILE])
    assert told(session, one, other) == [[NoticeKind.DESK_ANSWERED], []]
    attach_own(builders.act(session, world.rector, minutes=9), storage, case.id, [FILE])
    assert told(session, one) == [[NoticeKind.DESK_ANSWERED] * 2]


def test_nobody_is_told_what_they_added_themselves_and_a_colleague_is(
    session: Session, world: World, storage: FolderStorage
) -> None:
    one, other = supporter(session), supporter(session)
    case = renamed(session, world)
    desk.take(by_staff(session, one), case.id, case.version)
    attach_received(by_staff(session, one, minutes=5), storage, case.id, [FILE])
    assert told(session, one) == [[]]
    attach_received(by_staff(session, other, minutes=6), storage, case.id, [FILE])
    assert told(session, one, other) == [[NoticeKind.DESK_ANSWERED], []]


def test_on_a_case_in_nobodys_hands_an_answer_is_told_to_nobody(
    session: Session, world: World
) -> None:
    one, case = supporter(session), renamed(session, world)
    answer(builders.act(session, world.rector, minutes=5), case.id, "补充")
    assert told(session, one) == [[]]


def test_two_workers_tell_a_late_case_once(database: Database) -> None:
    with transaction(database.sessions) as session:
        staff = [supporter(session) for _ in range(3)]
        world = build_world(session)
        renamed(session, world).due_on = date(2026, 3, 6)
        escalate(on(session, LATE))
    at_once(database, 2, lambda session, _: tell(session))
    with database.sessions() as session:
        tell(session)
        assert told(session, *staff) == [[NoticeKind.DESK_LATE]] * 3


def test_the_database_keeps_a_notice_to_one_addressee_and_a_message_to_one_notice(
    session: Session,
) -> None:
    one, person = supporter(session), builders.person(session)
    row = {"message_id": 1, "kind": NoticeKind.DESK_LATE, "values": {}, "at": builders.NOON}
    session.add(Notice(staff_id=one.staff_id, **row))
    session.flush()
    for wrong in (
        {"staff_id": one.staff_id, "person_id": person.id},
        {},
        {"staff_id": one.staff_id},
    ):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(insert(Notice).values(**wrong, **row))


def test_nobody_reads_a_colleagues_notice_nor_a_person_one_of_staff(
    session: Session, world: World
) -> None:
    one, other = supporter(session), supporter(session)
    case = renamed(session, world)
    assert one.staff_id is not None
    desk.hand_over(by_staff(session, other), case.id, case.version, one.staff_id)
    tell(session)
    (notice,) = notices_of(session, one)
    somebody = Actor("外人", world.outsider.capacity, person_id=one.staff_id)  # of the same number
    for actor in (other, somebody):
        with pytest.raises(NotFound):
            read_notice(builders.act(session, actor), notice.id)
        read_all(builders.act(session, actor))
    assert unread_of(session, one) == 1
    read_all(builders.act(session, one))
    assert unread_of(session, one) == 0


# --- Mail ----------------------------------------------------------------------------------


def address_of_staff(session: Session, one: Actor, **more: object) -> NoticeAddress:
    """A confirmed address, given by whoever has the account."""
    act = builders.act(session, one)
    made = give_address(act, f"desk{one.staff_id}@mail.example", "zh")
    assert made.link_sealed is not None
    confirm_address(act, builders.SEALER.open(made.link_sealed))
    session.execute(delete(Delivery))  # what had the link
    for name, value in more.items():
        setattr(made, name, value)
    session.flush()
    return made


def test_whoever_gave_an_address_is_mailed_through_the_worker_and_only_once(
    database: Database, post: MailServerAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_daytime(monkeypatch)  # at night this kind of news waits
    with transaction(database.sessions) as session:
        world = build_world(session)
        tell(session)
        one, other = supporter(session), supporter(session)
        for each in (one, other):
            address_of_staff(session, each)
        case = renamed(session, world)
        assert one.staff_id is not None
        desk.hand_over(by_staff(session, other), case.id, case.version, one.staff_id)
    for _ in range(2):
        worker(database, post.port).run(once=True)
    (mail,) = post.taken
    assert (mail["To"], mail["Subject"]) == (f"desk{one.staff_id}@mail.example", "有工单转到您手上")
    body = mail.get_body(("plain",))
    assert body is not None
    said = body.get_content()
    assert f"工单 {case.id}（单位更名）已到您手上" in said
    assert "演示大学" not in said, "whom a case is about stays in the console"
    with database.sessions() as session:
        assert told(session, one) == [[NoticeKind.DESK_GIVEN]]


def test_of_many_late_cases_one_mail_is_sent(session: Session, world: World) -> None:
    one = supporter(session)
    address_of_staff(session, one)
    for name in ("演示大学", "邻居大学", "无人公司"):
        actor = supporter(session)
        case = files_form(session, actor, FormKind.UNIT_RENAMED, world[name], name=f"新{name}")
        desk.take(by_staff(session, one), case.id, case.version)
        case.due_on = date(2026, 3, 6)
    escalate(on(session, LATE))
    tell(session)
    mail = claim(builders.act(session))
    assert mail is not None
    assert [each.kind for each in mail.notices] == [NoticeKind.DESK_LATE] * 3
    assert claim(builders.act(session)) is None


def test_quiet_hours_the_digest_and_unwanted_kinds_are_as_for_persons(
    session: Session, world: World
) -> None:
    night = datetime(2026, 3, 3, 23, 0, tzinfo=CHINA).astimezone(UTC)
    one, digest, muted = (supporter(session) for _ in range(3))
    address_of_staff(session, one)
    address_of_staff(session, digest, digest=True)
    address_of_staff(session, muted)
    choose(builders.act(session, muted), Channel.MAIL, [NoticeKind.DESK_GIVEN])
    renamed(session, world).due_on = date(2026, 3, 6)
    escalate(on(session, LATE))
    tell(session, at=night)
    due = {
        address.staff_id: delivery.due_at.astimezone(CHINA).hour
        for delivery, address in session.execute(
            select(Delivery, NoticeAddress).join(NoticeAddress)
        )
    }
    assert due == {one.staff_id: 8, digest.staff_id: 9}


def test_whoever_is_shut_out_is_mailed_nothing(session: Session, world: World) -> None:
    one = supporter(session)
    address_of_staff(session, one)
    case = renamed(session, world)
    assert one.staff_id is not None
    desk.hand_over(by_staff(session, supporter(session)), case.id, case.version, one.staff_id)
    tell(session)
    account = session.get_one(StaffAccount, one.staff_id)
    account.active = False
    session.flush()
    assert claim(builders.act(session)) is None
    account.active = True
    session.flush()
    assert claim(builders.act(session)) is not None
