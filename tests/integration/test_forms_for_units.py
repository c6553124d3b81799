"""A form that the desk filed for a unit: whoever is in charge sees, answers, is told; nobody else.

R42: forms that came by telephone or by mail.
"""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.audit.models import OutboxMessage
from admin_app.delegation.queries import administrators_of
from admin_app.errors import NotFound
from admin_app.notices.models import Notice
from admin_app.notices.queries import sentence_of
from admin_app.notices.reminding import open_walks, remind
from admin_app.notices.telling import tell_waiting
from admin_app.notices.vocabulary import NoticeKind
from admin_app.policy.actor import Actor
from admin_app.policy.vocabulary import Capacity
from admin_app.service_desk import deciding, desk
from admin_app.service_desk.case_vocabulary import CaseState
from admin_app.service_desk.cases import answer, own_case, own_cases, withdraw_case
from admin_app.service_desk.evidence import attach_own, attach_received, evidence_of, read_own
from admin_app.service_desk.evidence_vocabulary import EvidenceKind
from admin_app.service_desk.form_vocabulary import FormKind
from admin_app.service_desk.models import Case
from admin_app.service_desk.storage import FolderStorage
from admin_app.service_desk.unit_cases import cases_of_units
from admin_app.service_desk.uploads import Upload
from tests import builders
from tests.builders_desk import by_staff, files_form, in_review, supporter
from tests.builders_forms import NEW_CODE, NOWHERE_YET, belongs
from tests.world import SEQUENCES, World, build_world, sign_in

FILE = Upload(EvidenceKind.OTHER, "信.pdf", "application/pdf", b"%PDF-1.4 \n%%EOF")


@pytest.fixture
def world(session: Session) -> World:
    """The small world, of which everybody has been told already."""
    built = build_world(session)
    for message in session.scalars(select(OutboxMessage)):
        message.told_at = builders.NOON
    session.flush()
    return built


@pytest.fixture
def one(session: Session) -> Actor:
    return supporter(session)


def seen(session: Session, *actors: Actor) -> list[list[int]]:
    """The forms on each one's list; what stands there opens, and nothing else does."""
    lists = [[each.id for each in cases_of_units(session, actor)] for actor in actors]
    for actor, numbers in zip(actors, lists, strict=True):
        for number in session.scalars(select(Case.id)):
            if number in numbers:
                assert own_case(session, actor, number).id == number
            else:
                with pytest.raises(NotFound):
                    own_case(session, actor, number)
    return lists


def told(session: Session, world: World, name: str) -> list[NoticeKind]:
    while tell_waiting(builders.act(session)):
        pass
    mine = Notice.person_id == world.people[name].id
    return list(session.scalars(select(Notice.kind).where(mine).order_by(Notice.id)))


def renamed(session: Session, world: World, one: Actor) -> Case:
    unit = world["演示大学"]
    return files_form(session, one, FormKind.UNIT_RENAMED, unit, name="演示海洋大学")


# --- Who sees it ---------------------------------------------------------------------------


def test_who_is_in_charge_sees_it_and_nobody_else(
    session: Session, world: World, one: Actor
) -> None:
    case = renamed(session, world, one)
    member = world.outsider
    belongs(session, world.people["外人"], world["演示大学"])
    unverified = replace(world.rector, level=type(world.rector.level).BASIC)
    for_oneself = replace(world.rector, capacity=Capacity.NATURAL_PERSON, office=None)
    assert seen(session, world.rector, world.director) == [[case.id]] * 2
    others = (world.dean, world.neighbour, member, unverified, for_oneself, one, world.staff())
    assert seen(session, *others) == [[]] * len(others)
    assert own_cases(session, world.people["校长"].id) == []


def test_of_a_unit_below_those_above_see_it(session: Session, world: World, one: Actor) -> None:
    case = files_form(
        session,
        one,
        FormKind.ADMINISTRATOR_UNREACHABLE,
        world["物理学院"],
        candidate=builders.candidate("外人", SEQUENCES["外人"]),
    )
    assert seen(session, world.rector, world.director, world.dean) == [[case.id], [case.id], []]


def test_what_somebody_filed_themselves_is_nobody_elses(session: Session, world: World) -> None:
    unit = world["演示大学"]
    files_form(session, world.rector, FormKind.UNIT_RENAMED, unit, name="演示海洋大学")
    assert seen(session, world.director) == [[]]


def test_whose_office_it_takes_is_kept_out(session: Session, world: World, one: Actor) -> None:
    """院长, whom nobody reaches, reads of no successor and takes nothing back."""
    college = world["海洋学院"]
    (office,) = administrators_of(session, college)
    case = files_form(
        session,
        one,
        FormKind.ADMINISTRATOR_UNREACHABLE,
        college,
        candidate=builders.candidate("外人", SEQUENCES["外人"]),
        ending=(office.id,),
    )
    assert seen(session, world.dean, world.rector) == [[], [case.id]]
    with pytest.raises(NotFound):
        withdraw_case(builders.act(session, world.dean), case.id)
    assert (told(session, world, "院长"), told(session, world, "校长")) == (
        [],
        [NoticeKind.UNIT_FORM_FILED],
    )


def test_a_representative_who_is_to_make_way_is_kept_out(
    session: Session, world: World, one: Actor
) -> None:
    case = files_form(
        session,
        one,
        FormKind.REPRESENTATIVE_CHANGED,
        world["演示大学"],
        candidate=builders.candidate("新人", SEQUENCES["新人"]),
    )
    assert seen(session, world.rector, world.director) == [[], [case.id]]
    assert told(session, world, "校长") == []
    assert told(session, world, "处长") == [NoticeKind.UNIT_FORM_FILED]


def test_who_has_the_wrong_code_alone_is_kept_out_and_who_has_both_isnt(
    session: Session, world: World, one: Actor
) -> None:
    university = world["演示大学"]
    case = files_form(session, one, FormKind.USCC_CHANGED, university, uscc=NEW_CODE)
    assert seen(session, world.rector, world.director) == [[], [case.id]]
    enterprise = builders.enterprise(university)
    both = (enterprise, replace(enterprise, uscc=NEW_CODE))
    sign_in(session, "校长", enterprises=both)
    assert seen(session, world.rector) == [[case.id]]


def test_of_a_missing_unit_whom_the_portal_reports_sees_it(
    session: Session, world: World, one: Actor
) -> None:
    code = builders.uscc(NOWHERE_YET)
    department = world["济南市科技局"]
    case = files_form(session, one, FormKind.UNIT_MISSING, department, name="示例新公司", uscc=code)
    known = builders.enterprise(world["演示大学"])
    enterprise = replace(known, uscc=code, name="示例新公司")
    assert seen(session, world.outsider) == [[]]
    sign_in(session, "外人", enterprises=(enterprise,))
    assert seen(session, world.outsider, world.rector) == [[case.id], []]
    assert told(session, world, "外人") == [NoticeKind.UNIT_FORM_FILED]
    in_review(session, case, one)
    deciding.approve(by_staff(session, one), case.id, case.version)
    assert case.unit is not None
    office = replace(
        world.outsider,
        capacity=Capacity.LEGAL_REPRESENTATIVE,
        office=replace(world.office("演示大学"), unit_id=case.unit.id, path=case.unit.path),
    )
    assert seen(session, office, world.rector) == [[case.id], []]


# --- What they do --------------------------------------------------------------------------


def test_they_answer_add_evidence_and_read_it(
    session: Session, world: World, one: Actor, tmp_path: Path
) -> None:
    storage, case = FolderStorage(tmp_path), renamed(session, world, one)
    attach_received(by_staff(session, one), storage, case.id, [FILE])
    in_review(session, case, one)
    desk.ask(by_staff(session, one), case.id, case.version, "请寄执照")
    answer(builders.act(session, world.director, minutes=5), case.id, "已寄")
    assert case.state is CaseState.IN_REVIEW
    attach_own(builders.act(session, world.rector, minutes=6), storage, case.id, [FILE])
    files = evidence_of(session, case.id)
    assert len(files) == 2
    for each in files:
        assert read_own(builders.act(session, world.rector), storage, each.id)[1] == FILE.content
        with pytest.raises(NotFound):
            read_own(builders.act(session, world.dean), storage, each.id)


def test_they_take_it_back_and_the_others_are_told(
    session: Session, world: World, one: Actor
) -> None:
    case = renamed(session, world, one)
    for actor in (world.dean, world.neighbour, world.outsider):
        with pytest.raises(NotFound):
            withdraw_case(builders.act(session, actor), case.id)
    withdraw_case(builders.act(session, world.director), case.id)
    assert case.state is CaseState.WITHDRAWN
    filed, moved = NoticeKind.UNIT_FORM_FILED, NoticeKind.UNIT_FORM_MOVED
    assert told(session, world, "校长") == [filed, moved]
    assert told(session, world, "处长") == [filed]


# --- What they are told --------------------------------------------------------------------


def test_they_are_told_of_each_step_and_approval_once(
    session: Session, world: World, one: Actor
) -> None:
    case = renamed(session, world, one)
    assert told(session, world, "校长") == [NoticeKind.UNIT_FORM_FILED]
    in_review(session, case, one)
    desk.ask(by_staff(session, one), case.id, case.version, "请寄执照")
    answer(builders.act(session, world.director, minutes=5), case.id, "已寄")
    deciding.approve(by_staff(session, one, minutes=6), case.id, case.version)
    assert told(session, world, "校长") == [
        NoticeKind.UNIT_FORM_FILED,
        NoticeKind.UNIT_FORM_MOVED,
        NoticeKind.UNIT_FORM_ASKED,
        NoticeKind.UNIT_PUT_RIGHT,
    ]
    for name in ("院长", "邻居", "外人"):
        assert told(session, world, name) == []
    first = session.scalars(select(Notice).order_by(Notice.id)).first()
    assert first is not None
    assert sentence_of(first).zh.startswith(
        "平台工作人员代“演示大学”提交了信息变更表：单位更名。请核对；"
    )


def test_whoever_lets_the_desk_wait_is_reminded(session: Session, world: World, one: Actor) -> None:
    case = renamed(session, world, one)
    in_review(session, case, one)
    desk.ask(by_staff(session, one), case.id, case.version, "请寄执照")
    before = told(session, world, "处长")
    later = builders.act(session, minutes=6 * 24 * 60)
    open_walks(later)
    while remind(later):
        pass
    assert told(session, world, "处长") == [*before, NoticeKind.UNIT_FORM_ASKED]
