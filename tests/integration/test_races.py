"""Two at once, with real threads on both databases: one wins, the other is told, nothing breaks."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app.audit.act import Limits
from admin_app.database import transaction
from admin_app.delegation.arrival import arrive
from admin_app.delegation.facts import facts_of
from admin_app.delegation.models import Appointment
from admin_app.delegation.operations import appoint, end, reassign
from admin_app.delegation.queries import administrators_of
from admin_app.delegation.vocabulary import (
    AppointmentOver,
    AppointmentState,
    SuccessorPending,
    UnitFull,
)
from admin_app.errors import DomainError
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.operations import create_unit, move_unit, rename_unit
from admin_app.hierarchy.rules import path_under
from admin_app.hierarchy.vocabulary import (
    ChangedMeanwhile,
    MoveIntoItself,
    NameTaken,
    UnitKind,
)
from tests import builders
from tests.databases import Database
from tests.races import at_once
from tests.world import SEQUENCES, World, build_world

Outcome = DomainError | None


@pytest.fixture
def world(database: Database) -> World:
    with transaction(database.sessions) as session:
        return build_world(session)


def attempts(
    database: Database, number: int, what: Callable[[Session, int], object]
) -> list[Outcome]:
    """Run it in ``number`` transactions at once; each gives the rule it broke, or None."""

    def attempt(session: Session, index: int) -> Outcome:
        try:
            what(session, index)
        except DomainError as error:
            session.rollback()
            return error
        return None

    return at_once(database, number, attempt)


def won(outcomes: list[Outcome]) -> int:
    return sum(outcome is None for outcome in outcomes)


def test_of_two_who_reassign_at_once_one_is_told(database: Database, world: World) -> None:
    with database.sessions() as session:
        former = administrators_of(session, world["海洋学院"])[0].id
    outcomes = attempts(
        database,
        2,
        lambda session, index: reassign(
            builders.act(session, world.rector),
            former,
            builders.candidate(f"甲{index}", 900 + index),
        ),
    )
    assert won(outcomes) == 1
    assert any(isinstance(outcome, SuccessorPending) for outcome in outcomes)


def test_of_two_who_put_somebody_known_in_a_place_one_is_told(
    database: Database, world: World
) -> None:
    with transaction(database.sessions) as session:
        former = administrators_of(session, world["海洋学院"])[0].id
        for index in range(2):
            builders.person(session, f"乙{index}", 910 + index)
    outcomes = attempts(
        database,
        2,
        lambda session, index: reassign(
            builders.act(session, world.rector),
            former,
            builders.candidate(f"乙{index}", 910 + index),
        ),
    )
    assert won(outcomes) == 1
    assert any(isinstance(outcome, AppointmentOver) for outcome in outcomes)


def test_the_last_place_is_given_once(database: Database, world: World) -> None:
    limits = Limits(administrators_per_unit=1)
    outcomes = attempts(
        database,
        4,
        lambda session, index: appoint(
            builders.act(session, world.rector, limits=limits),
            world["物理学院"].id,
            builders.candidate(f"丙{index}", 920 + index),
        ),
    )
    assert won(outcomes) == 1
    assert sum(isinstance(outcome, UnitFull) for outcome in outcomes) == 3


def test_ending_and_reassigning_at_once_leave_one_story(database: Database, world: World) -> None:
    with transaction(database.sessions) as session:
        former = administrators_of(session, world["海洋学院"])[0].id
        builders.person(session, "丁", 930)

    def either(session: Session, index: int) -> object:
        act = builders.act(session, world.rector)
        if index:
            return end(act, former, confirmed_last=True)
        return reassign(act, former, builders.candidate("丁", 930))

    assert won(attempts(database, 2, either)) == 1
    with database.sessions() as session:
        unit = session.get_one(Unit, world["海洋学院"].id)
        current = session.scalar(
            select(func.count(Appointment.id)).where(
                Appointment.unit_id == unit.id, Appointment.state == AppointmentState.CURRENT
            )
        )
        assert unit.administrators == current


def test_appointed_while_signing_in_somebody_ends_up_in_office(
    database: Database, world: World
) -> None:
    """Whichever comes first, nobody is left pending who has already arrived."""

    def either(session: Session, index: int) -> object:
        if index:
            return arrive(builders.act(session), builders.identity("新人", SEQUENCES["新人"]))
        act = builders.act(session, world.rector)
        return appoint(act, world["物理学院"].id, builders.candidate("新人", SEQUENCES["新人"]))

    assert won(attempts(database, 2, either)) == 2
    with database.sessions() as session:
        states = [a.state for a in administrators_of(session, world["物理学院"])]
        assert states == [AppointmentState.CURRENT]


def test_one_name_is_given_once(database: Database, world: World) -> None:
    outcomes = attempts(
        database,
        3,
        lambda session, index: create_unit(
            builders.act(session, world.rector),
            facts_of,
            world["演示大学"].id,
            UnitKind.SECONDARY,
            "化学学院",
        ),
    )
    assert won(outcomes) == 1
    assert sum(isinstance(outcome, NameTaken) for outcome in outcomes) == 2


def test_of_two_editors_the_second_is_told(database: Database, world: World) -> None:
    outcomes = attempts(
        database,
        2,
        lambda session, index: rename_unit(
            builders.act(session, world.rector), facts_of, world["物理学院"].id, f"名{index}", 1
        ),
    )
    assert won(outcomes) == 1
    assert any(isinstance(outcome, ChangedMeanwhile) for outcome in outcomes)


def test_two_moves_at_once_never_make_a_cycle(database: Database, world: World) -> None:
    ids = [world["海洋学院"].id, world["物理学院"].id]
    outcomes = attempts(
        database,
        2,
        lambda session, index: move_unit(
            builders.act(session, world.rector), facts_of, ids[index], ids[1 - index], 1
        ),
    )
    assert won(outcomes) == 1
    assert any(isinstance(outcome, MoveIntoItself) for outcome in outcomes)
    assert_paths_follow_parents(database)


def test_a_unit_created_while_its_parent_moves_goes_along(database: Database, world: World) -> None:
    def either(session: Session, index: int) -> object:
        act = builders.act(session, world.rector)
        if index:
            return move_unit(act, facts_of, world["海洋学院"].id, world["物理学院"].id, 1)
        return create_unit(act, facts_of, world["潮汐实验室"].id, UnitKind.SECONDARY, "新课题组")

    assert won(attempts(database, 2, either)) == 2
    assert_paths_follow_parents(database)


def assert_paths_follow_parents(database: Database) -> None:
    with database.sessions() as session:
        for unit in session.scalars(select(Unit)):
            parent = session.get(Unit, unit.parent_id) if unit.parent_id else None
            assert unit.path == path_under(parent.path if parent else "", unit.id)
