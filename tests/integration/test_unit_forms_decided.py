"""Change forms about units are decided: by as many as it takes, wholly or not at all."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.audit.models import OutboxMessage
from admin_app.delegation.facts import facts_of
from admin_app.delegation.operations import appoint, end
from admin_app.delegation.queries import administrators_of
from admin_app.delegation.vocabulary import (
    AlreadyAdministrator,
)
from admin_app.errors import DomainError
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.operations import create_unit, rename_unit
from admin_app.hierarchy.vocabulary import (
    CodeTaken,
    NameTaken,
    UnitKind,
    UnitStatus,
)
from admin_app.identity.models import Person
from admin_app.identity.queries import representative_of
from admin_app.migration.models import LegacyAccount
from admin_app.migration.units_by_hand import make_way, recode, register
from admin_app.policy.table import TABLE, Condition
from admin_app.policy.vocabulary import Capacity, Ground, Permission, Refused
from admin_app.service_desk import deciding, desk
from admin_app.service_desk.case_vocabulary import (
    CaseState,
    NothingProposed,
    Outcome,
    TakesTwoPeople,
)
from admin_app.service_desk.form_vocabulary import (
    AlreadySo,
    ChangedSinceFiled,
    FormKind,
    NotInOffice,
    UnitArchived,
)
from admin_app.service_desk.models import Proposal
from tests import builders
from tests.builders_desk import acting, by_staff, files_form, in_review, supporter
from tests.builders_forms import (
    BY_ONE,
    BY_TWO,
    KINDS,
    NEW_CODE,
    STORIES,
    Story,
    decides,
    everything,
    missing,
    recoded,
    renamed,
    represented,
    trail,
    unreachable,
)
from tests.databases import Database
from tests.effort import examples
from tests.integration.test_two_people import STEPS, tries
from tests.world import SEQUENCES, World, build_world, sign_in


@pytest.fixture
def world(session: Session) -> World:
    return build_world(session)


@pytest.mark.parametrize("kind", KINDS, ids=lambda each: each.value)
def test_approved_it_is_done_recorded_and_told(
    session: Session, world: World, kind: FormKind
) -> None:
    story = STORIES[kind](session, world)
    decides(session, story.case, supporter(session), supporter(session))
    assert story.case.state is CaseState.APPROVED
    story.shows()
    told = session.scalars(select(OutboxMessage).where(OutboxMessage.topic == "unit.put_right"))
    assert [each.payload["form"] for each in told] == [kind.value]
    approved = trail(session, "case.approved")
    assert (approved.actor_capacity, approved.details["form"]) == ("platform_support", kind.value)
    assert builders.id_number(SEQUENCES["新人"]) not in str(approved.details)


@pytest.mark.parametrize("kind", BY_TWO, ids=lambda each: each.value)
def test_what_takes_something_from_somebody_takes_two(
    session: Session, world: World, kind: FormKind
) -> None:
    story = STORIES[kind](session, world)
    case, one = story.case, supporter(session)
    in_review(session, case, one)
    before = everything(session)
    with pytest.raises(TakesTwoPeople):
        deciding.approve(by_staff(session, one), case.id, case.version)
    deciding.propose(by_staff(session, one), case.id, case.version)
    with pytest.raises(Refused) as refused:
        deciding.confirm(by_staff(session, one), case.id, case.version)
    assert refused.value.ground is Ground.SAME_PERSON_TWICE
    assert everything(session) == before


@pytest.mark.parametrize("kind", BY_ONE, ids=lambda each: each.value)
def test_what_takes_nothing_from_anybody_takes_one(
    session: Session, world: World, kind: FormKind
) -> None:
    story = STORIES[kind](session, world)
    case, one = story.case, supporter(session)
    in_review(session, case, one)
    with pytest.raises(NothingProposed):
        deciding.propose(by_staff(session, one), case.id, case.version)


def test_the_table_holds_the_desk_to_its_cases(world: World, session: Session) -> None:
    """Support has no everyday right over units: only these, each on a form, with a reason."""
    for permission in (
        Permission.UNIT_RENAME, Permission.UNIT_CREATE, Permission.ADMINISTRATOR_APPOINT,
        Permission.ADMINISTRATOR_END,
    ):  # fmt: skip
        assert Capacity.PLATFORM_SUPPORT not in TABLE[permission]
    for permission in (
        Permission.UNIT_AMEND, Permission.UNIT_RECODE, Permission.UNIT_REGISTER,
        Permission.REPRESENTATIVE_END, Permission.ADMINISTRATOR_IMPOSE,
    ):  # fmt: skip
        assert set(TABLE[permission]) == {Capacity.PLATFORM_SUPPORT}
        conditions = TABLE[permission][Capacity.PLATFORM_SUPPORT].conditions
        assert {Condition.REASON, Condition.IMPARTIAL} <= set(conditions)


def test_underneath_nobody_does_it_alone_either(session: Session, world: World) -> None:
    """The operations themselves ask for the second person, whoever calls them."""
    unit, one = world["演示大学"], supporter(session)
    index = builders.SEALER.index("resident_id", builders.id_number(SEQUENCES["新人"]))
    right = Permission.ADMINISTRATOR_IMPOSE
    former = administrators_of(session, unit)[0]
    for actor in (one, world.rector, world.staff()):
        act = by_staff(session, actor)
        attempts: tuple[Callable[[], object], ...] = (
            lambda act=act: recode(act, unit.id, NEW_CODE, ()),  # type: ignore[misc]
            lambda act=act: make_way(act, unit.id, index, ()),  # type: ignore[misc]
            lambda act=act: appoint(act, unit.id, builders.candidate("新人", 106), by=right),  # type: ignore[misc]
            lambda act=act: end(act, former.id, by=right),  # type: ignore[misc]
        )
        for attempt in attempts:
            with pytest.raises(Refused):
                attempt()
    with pytest.raises(Refused):
        register(by_staff(session, world.staff()), unit.parent_id or 0, "某", NEW_CODE, ())


# Who keeps out.


@pytest.mark.parametrize("kind", KINDS, ids=lambda each: each.value)
def test_nobody_decides_on_their_own_form(session: Session, world: World, kind: FormKind) -> None:
    """A namesake of whoever filed it leaves it to others."""
    story = STORIES[kind](session, world)
    namesake = supporter(session, story.case.filed_by)
    in_review(session, story.case, namesake)
    verb = deciding.approve if kind in BY_ONE else deciding.propose
    with pytest.raises(Refused) as refused:
        verb(by_staff(session, namesake), story.case.id, story.case.version)
    assert refused.value.ground is Ground.ABOUT_ONESELF


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (FormKind.REPRESENTATIVE_CHANGED, "校长"),
        (FormKind.REPRESENTATIVE_CHANGED, "新人"),
        (FormKind.ADMINISTRATOR_UNREACHABLE, "院长"),
        (FormKind.USCC_CHANGED, "新人"),
    ],
    ids=str,
)
def test_whoever_gains_or_loses_by_it_keeps_out(
    session: Session, world: World, kind: FormKind, name: str
) -> None:
    story = STORIES[kind](session, world)
    in_review(session, story.case, concerned := supporter(session, name))
    with pytest.raises(Refused) as refused:
        deciding.propose(by_staff(session, concerned), story.case.id, story.case.version)
    assert refused.value.ground is Ground.ABOUT_ONESELF


@pytest.mark.parametrize("kind", BY_TWO, ids=lambda each: each.value)
def test_a_relative_in_office_keeps_out_of_both_halves(
    session: Session, world: World, kind: FormKind
) -> None:
    """Somebody whose own office is at the unit neither proposes nor confirms."""
    story = STORIES[kind](session, world)
    one = supporter(session)
    relative = replace(supporter(session), office=_office(story.unit))
    in_review(session, story.case, one)
    deciding.propose(by_staff(session, one), story.case.id, story.case.version)
    with pytest.raises(Refused) as refused:
        deciding.confirm(by_staff(session, relative), story.case.id, story.case.version)
    assert refused.value.ground is Ground.OF_THE_SAME_UNIT


def test_whoever_is_of_the_unit_itself_keeps_out(session: Session, world: World) -> None:
    """Also where nobody concerned holds office: 无人公司 has neither head nor administrator."""
    unit = world["无人公司"]
    case = files_form(session, supporter(session), FormKind.USCC_CHANGED, unit, uscc=NEW_CODE)
    relative = replace(supporter(session), office=_office(unit))
    in_review(session, case, relative)
    with pytest.raises(Refused) as refused:
        deciding.propose(by_staff(session, relative), case.id, case.version)
    assert refused.value.ground is Ground.OF_THE_SAME_UNIT


def _office(unit: Unit) -> Any:
    return acting(Person(name="x", level=2, id=1), Capacity.UNIT_ADMINISTRATOR, unit).office


@settings(max_examples=examples(15))
@given(
    kind=st.sampled_from(BY_TWO),
    steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 1)), max_size=14),
)
def test_whatever_two_people_try_only_both_together_change_anything(
    database: Database, kind: FormKind, steps: list[tuple[str, int]]
) -> None:
    """Random ways through the desk, of the forms too: approved means proposed and confirmed."""
    with builders.scratch(database) as session:
        story = STORIES[kind](session, build_world(session))
        case, staff = story.case, [supporter(session), supporter(session)]
        before = everything(session)
        for name, who in steps:
            savepoint = session.begin_nested()
            try:
                tries(name, by_staff(session, staff[who]), case)
                savepoint.commit()
            except DomainError:
                savepoint.rollback()
            session.refresh(case)
        outcomes = session.execute(
            select(Proposal.outcome, Proposal.proposed_by_id, Proposal.decided_by_id)
        ).all()
        confirmed = [each for each in outcomes if each[0] is Outcome.CONFIRMED]
        assert (case.state is CaseState.APPROVED) is (len(confirmed) == 1)
        assert all(one != other for _, one, other in confirmed)
        assert (everything(session) == before) is (not confirmed)


# What has changed since.


def _is_refused(session: Session, story: Story, error: type[DomainError]) -> None:
    """Nothing half done, and the case is where it was."""
    one, other = supporter(session), supporter(session)
    in_review(session, story.case, one)
    before = everything(session)
    verb, actor = deciding.approve, one
    if story.case.form in BY_TWO:
        deciding.propose(by_staff(session, one), story.case.id, story.case.version)
        verb, actor = deciding.confirm, other
    savepoint = session.begin_nested()
    with pytest.raises(error):
        verb(by_staff(session, actor), story.case.id, story.case.version)
    savepoint.rollback()
    session.expire_all()
    assert everything(session) == before
    assert story.case.state is CaseState.IN_REVIEW
    if story.case.form in BY_TWO:
        deciding.decline(by_staff(session, other, "情况已变"), story.case.id, story.case.version)
    desk.refuse(by_staff(session, one, "情况已变"), story.case.id, story.case.version)


def test_the_name_was_taken_meanwhile(session: Session, world: World) -> None:
    story = renamed(session, world)
    act = builders.act(session, world.staff(), reason="新设")

    create_unit(
        act, facts_of, world["济南市科技局"].id, UnitKind.FIRST_LEVEL, "演示海洋大学", NEW_CODE
    )
    _is_refused(session, story, NameTaken)


def test_the_unit_was_renamed_meanwhile(session: Session, world: World) -> None:

    story = renamed(session, world)
    act = builders.act(session, world.staff(), reason="更名")
    rename_unit(act, facts_of, story.unit.id, "演示理工大学", story.unit.version)
    _is_refused(session, story, ChangedSinceFiled)


def test_the_code_was_given_to_another_unit_meanwhile(session: Session, world: World) -> None:

    story = recoded(session, world)
    act = builders.act(session, world.staff(), reason="新设")
    create_unit(act, facts_of, world["济南市科技局"].id, UnitKind.FIRST_LEVEL, "另一家", NEW_CODE)
    _is_refused(session, story, CodeTaken)


def test_the_enterprise_was_registered_meanwhile(session: Session, world: World) -> None:

    story = missing(session, world)
    act = builders.act(session, world.staff(), reason="新设")
    code = story.case.uscc or ""
    create_unit(act, facts_of, story.unit.id, UnitKind.FIRST_LEVEL, "另一家", code)
    _is_refused(session, story, AlreadySo)


@pytest.mark.parametrize(
    "kind", [FormKind.UNIT_RENAMED, FormKind.USCC_CHANGED, FormKind.ADMINISTRATOR_UNREACHABLE],
    ids=lambda each: each.value,
)  # fmt: skip
def test_the_unit_was_archived_meanwhile(session: Session, world: World, kind: FormKind) -> None:
    story = STORIES[kind](session, world)
    story.unit.status = UnitStatus.ARCHIVED
    session.flush()
    _is_refused(session, story, UnitArchived)


def test_the_portal_reported_yet_another_meanwhile(session: Session, world: World) -> None:
    """Whoever is reported now isn't who was to make way."""
    story = represented(session, world)
    sign_in(session, "外人", enterprises=(builders.enterprise(story.unit),))
    _is_refused(session, story, ChangedSinceFiled)


def test_the_present_representative_came_by_themselves(session: Session, world: World) -> None:
    """Then the old account is all that is left to put right."""
    story = represented(session, world)
    newcomer = sign_in(session, "新人", enterprises=(builders.enterprise(story.unit),))
    decides(session, story.case, supporter(session), supporter(session))
    assert representative_of(session, story.unit) is newcomer
    account = session.scalars(select(LegacyAccount)).one()
    assert account.id_index is None


def test_whoever_was_to_leave_has_left_meanwhile(session: Session, world: World) -> None:
    story = unreachable(session, world)
    former = administrators_of(session, story.unit)[0]
    end(builders.act(session, world.director), former.id, confirmed_last=True)
    _is_refused(session, story, NotInOffice)


def test_whoever_was_to_be_appointed_is_appointed_already(session: Session, world: World) -> None:
    story = unreachable(session, world)
    candidate = builders.candidate("外人", SEQUENCES["外人"])
    appoint(builders.act(session, world.director), story.unit.id, candidate)
    _is_refused(session, story, AlreadyAdministrator)
