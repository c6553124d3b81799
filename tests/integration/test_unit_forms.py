"""Change forms about units are filed: who may, what is refused, what is on file already."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from admin_app.audit.act import Limits
from admin_app.database import begin_writing
from admin_app.delegation.operations import close_unit
from admin_app.delegation.queries import administrators_of
from admin_app.delegation.vocabulary import (
    AlreadyAdministrator,
    NameAndNumberDiffer,
)
from admin_app.errors import DomainError, NotFound
from admin_app.hierarchy.vocabulary import (
    CodeCheckWrong,
    CodeMalformed,
    CodeTaken,
    NameMissing,
    NameTaken,
)
from admin_app.identity.models import Person
from admin_app.identity.vocabulary import IdNumberCheckWrong
from admin_app.policy.vocabulary import Capacity
from admin_app.service_desk import deciding
from admin_app.service_desk.case_vocabulary import (
    AlreadyOnFile,
)
from admin_app.service_desk.cases import own_cases, withdraw_case
from admin_app.service_desk.evidence_vocabulary import EvidenceMissing
from admin_app.service_desk.form_vocabulary import (
    AlreadySo,
    DepartmentMissing,
    FormKind,
    FormNotFor,
    NotInOffice,
    NotReported,
    UnitArchived,
    UnitOnFile,
)
from admin_app.service_desk.forms import Filing, file_form, kinds_for, units_of
from admin_app.service_desk.models import Case
from admin_app.web.constraints import broken_rule
from tests import builders
from tests.builders_desk import by_person, files_form, in_review, supporter
from tests.builders_forms import (
    KINDS,
    NEW_CODE,
    STORIES,
    belongs,
    missing,
    renamed,
)
from tests.databases import Database
from tests.races import at_once
from tests.world import SEQUENCES, World, build_world


@pytest.fixture
def world(session: Session) -> World:
    return build_world(session)


def test_who_may_file_what(session: Session, world: World) -> None:
    university, college = world["演示大学"], world["海洋学院"]
    over_the_head = [FormKind.ADMINISTRATOR_UNREACHABLE]
    of_a_unit = [kind for kind in KINDS if kind is not FormKind.UNIT_MISSING]
    for actor in (world.rector, world.director, supporter(session), world.staff()):
        assert kinds_for(session, actor, university) == of_a_unit
        assert kinds_for(session, actor, college) == over_the_head
    assert kinds_for(session, world.dean, university) == []
    assert kinds_for(session, world.outsider, university) == []
    assert kinds_for(session, world.staff(unit="青岛市科技局"), university) == []
    belongs(session, world.people["外人"], college)
    assert kinds_for(session, world.outsider, college) == over_the_head
    assert kinds_for(session, world.outsider, university) == []
    as_oneself = replace(world.rector, capacity=Capacity.NATURAL_PERSON, office=None)
    assert kinds_for(session, as_oneself, university) == [FormKind.REPRESENTATIVE_CHANGED]
    assert list(units_of(session, world.outsider)) == [college]
    assert list(units_of(session, as_oneself)) == [university]


@pytest.mark.parametrize("kind", KINDS, ids=lambda each: each.value)
def test_out_of_reach_nobody_files_anything(session: Session, world: World, kind: FormKind) -> None:
    if kind is FormKind.UNIT_MISSING:
        expected: type[DomainError] = NotReported
        unit = world["济南市科技局"]
    else:
        expected, unit = NotFound, world["邻居大学"]
    with pytest.raises(expected):
        files_form(
            session,
            world.outsider,
            kind,
            unit,
            name="新名",
            uscc=NEW_CODE,
            candidate=builders.candidate("新人", SEQUENCES["新人"]),
        )
    assert session.scalar(select(func.count()).select_from(Case)) == 0


def test_a_name_that_is_none_taken_or_the_same(session: Session, world: World) -> None:
    for name, error in (("  ", NameMissing), ("演示大学", AlreadySo), ("无人公司", NameTaken)):
        with pytest.raises(error):
            files_form(session, world.rector, FormKind.UNIT_RENAMED, world["演示大学"], name=name)


def test_a_code_that_is_none_wrong_taken_or_the_same(session: Session, world: World) -> None:
    unit = world["演示大学"]
    wrong = NEW_CODE[:17] + ("0" if NEW_CODE[17] != "0" else "1")
    taken = world["邻居大学"].uscc
    for code, error in (
        ("123", CodeMalformed), (wrong, CodeCheckWrong), (taken, CodeTaken), (unit.uscc, AlreadySo),
    ):  # fmt: skip
        with pytest.raises(error):
            files_form(session, world.rector, FormKind.USCC_CHANGED, unit, uscc=code)


def test_a_representative_whom_nothing_stands_in_the_way_of(session: Session, world: World) -> None:
    """Nobody files what only the portal can do; the sentence says how."""
    for unit, name in (("演示大学", "校长"), ("无人公司", "新人")):
        with pytest.raises(AlreadySo) as refused:
            files_form(
                session,
                supporter(session),
                FormKind.REPRESENTATIVE_CHANGED,
                world[unit],
                candidate=builders.candidate(name, SEQUENCES[name]),
            )
        assert "企业绑定" in refused.value.sentence.zh


def test_whoever_is_named_is_named_rightly(session: Session, world: World) -> None:
    unit, right = world["海洋学院"], FormKind.ADMINISTRATOR_UNREACHABLE
    number = builders.id_number(SEQUENCES["外人"])
    wrong = number[:17] + ("1" if number[17] != "1" else "2")
    dean = builders.candidate("院长", SEQUENCES["院长"])
    for candidate, error in (
        (replace(dean, name="别人"), NameAndNumberDiffer),
        (replace(dean, id_number=wrong), IdNumberCheckWrong),
        (dean, AlreadyAdministrator),
    ):
        with pytest.raises(error):
            files_form(session, world.rector, right, unit, candidate=candidate)
    elsewhere = administrators_of(session, world["演示大学"])[0].id
    newcomer = builders.candidate("新人", SEQUENCES["新人"])
    with pytest.raises(NotInOffice):
        files_form(session, world.rector, right, unit, candidate=newcomer, ending=(elsewhere,))


def test_an_enterprise_that_is_there_or_belongs_nowhere(session: Session, world: World) -> None:
    one, university = supporter(session), world["演示大学"]
    file = FormKind.UNIT_MISSING
    with pytest.raises(AlreadySo) as refused:
        files_form(session, one, file, world["青岛市科技局"], name="某", uscc=university.uscc)
    assert "演示大学" in refused.value.sentence.zh
    with pytest.raises(DepartmentMissing):
        files_form(session, one, file, university, name="某", uscc=NEW_CODE)
    with pytest.raises(NameTaken):
        files_form(session, one, file, world["济南市科技局"], name="无人公司", uscc=NEW_CODE)
    # A department files for its own part of the tree alone.
    with pytest.raises(NotFound):
        files_form(session, world.staff(), file, world["青岛市科技局"], name="某", uscc=NEW_CODE)


def test_secondary_and_archived_units_have_no_such_form(session: Session, world: World) -> None:
    with pytest.raises(FormNotFor):
        files_form(session, world.rector, FormKind.UNIT_RENAMED, world["海洋学院"], name="某")
    unit = world["无人公司"]
    close_unit(builders.act(session, world.staff(), reason="注销"), unit.id, unit.version)
    with pytest.raises(UnitArchived):
        files_form(session, supporter(session), FormKind.UNIT_RENAMED, unit, name="某")


def test_evidence_is_needed_when_somebody_files_and_when_it_is_decided(
    session: Session, world: World
) -> None:
    """What came by mail to the desk is added afterwards, and nothing is approved without."""
    unit, limits = world["演示大学"], Limits(evidence={"unit_renamed": ["licence"]})
    filing = Filing(FormKind.UNIT_RENAMED, unit.id, name="演示海洋大学")
    with pytest.raises(EvidenceMissing):
        file_form(builders.act(session, world.rector, limits=limits), filing)
    one = supporter(session)
    case = file_form(builders.act(session, one, limits=limits), filing)
    assert (case.person_id, case.filed_by) == (None, one.name)
    in_review(session, case, one)
    act = builders.act(session, one, reason="已核实", limits=limits)
    with pytest.raises(EvidenceMissing):
        deciding.approve(act, case.id, case.version)
    assert unit.name == "演示大学"


@pytest.mark.parametrize("kind", KINDS, ids=lambda each: each.value)
def test_what_is_on_file_is_answered_with_its_number(
    session: Session, world: World, kind: FormKind
) -> None:
    """Whoever asks, and whatever they ask for; over, it can be asked again."""
    story = STORIES[kind](session, world)
    case = story.case
    changed: dict[FormKind, dict[str, Any]] = {
        FormKind.UNIT_RENAMED: {"name": "另一个名称"},
        FormKind.USCC_CHANGED: {"uscc": builders.uscc(7_000_009)},
        FormKind.UNIT_MISSING: {"name": "示例新公司", "uscc": case.uscc},
    }
    named = {"candidate": builders.candidate("新人", SEQUENCES["新人"])}
    again = changed.get(kind, named)
    with pytest.raises(UnitOnFile) as refused:
        files_form(session, supporter(session), kind, story.unit, **again)
    assert refused.value.number == case.id
    if case.person_id is not None:
        person = session.get_one(Person, case.person_id)
        assert case in own_cases(session, person.id)
        withdraw_case(by_person(session, person), case.id)
        assert files_form(session, supporter(session), kind, story.unit, **again).id != case.id


def test_the_database_itself_keeps_one_open_form_a_unit_and_kind(
    session: Session, world: World
) -> None:
    for story in (renamed(session, world), missing(session, world)):
        case = story.case
        twin = {
            each.name: getattr(case, each.name)
            for each in Case.__table__.columns
            if each.name != "id"
        }
        with session.begin_nested() as savepoint:
            session.add(Case(**twin))
            with pytest.raises(IntegrityError) as broken:
                session.flush()
            savepoint.rollback()
        assert isinstance(broken_rule(broken.value), AlreadyOnFile)


def test_of_two_who_file_at_once_one_does(database: Database) -> None:
    with database.sessions() as session:
        begin_writing(session)
        world = build_world(session)
        session.commit()

    def files(session: Session, which: int) -> bool:
        actor = (world.rector, world.director)[which]
        try:
            files_form(session, actor, FormKind.UNIT_RENAMED, world["演示大学"], name=f"甲{which}")
        except (UnitOnFile, IntegrityError):
            session.rollback()
            return False
        return True

    assert sorted(at_once(database, 2, files)) == [False, True]
