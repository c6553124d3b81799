"""The figures kept along the tree: whatever happens, they are what a full count gives (D4, D5)."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.database import transaction
from admin_app.delegation.facts import facts_of
from admin_app.errors import DomainError
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.operations import archive_unit, move_unit
from admin_app.hierarchy.queries import within
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.vocabulary import IdType
from admin_app.migration.counts import Counted
from admin_app.migration.models import LegacyAccount
from admin_app.migration.vocabulary import AccountKind, AccountState
from admin_app.policy.actor import Actor, Office
from admin_app.policy.reach import EVERYWHERE, NOWHERE, Reach
from admin_app.policy.vocabulary import Capacity
from admin_app.rollups import large, queries
from admin_app.rollups.expressions import china_day
from admin_app.rollups.models import Figure, FigureNews, LargeUnit, Snapshot, UnitTotal
from admin_app.rollups.places import in_region
from admin_app.rollups.rules import day_of, region_of
from admin_app.rollups.snapshots import backfill, take_snapshot
from admin_app.rollups.upkeep import fold
from admin_app.rollups.verification import verify, verifying
from admin_app.rollups.vocabulary import REGION_UNKNOWN, Narrowed, NoSuchPlace, Place, Stage
from tests import builders
from tests.builders_migration import legacy_account
from tests.databases import Database
from tests.effort import examples
from tests.full_count import counts
from tests.integration.test_binding import comes
from tests.population import NAMES, Town, accounts, moves
from tests.races import at_once

A_DAY = 24 * 60
TODAY = day_of(builders.NOON)


def _of_the_province(session: Session, minutes: int = 0) -> Act:
    """The topmost department's staff."""
    root = session.scalars(select(Unit).where(Unit.parent_id.is_(None))).one()
    office = Office(root.id, root.path, root.name)
    staff = Actor("科员", Capacity.DEPARTMENT_STAFF, office=office, staff_id=1)
    return builders.act(session, staff, reason="归口调整", minutes=minutes)


def everything(session: Session) -> Place:
    return queries.place_of(session, EVERYWHERE, None)


def places(session: Session) -> list[tuple[Reach, Place]]:
    """Everything, and every unit with its reach."""
    found = [(EVERYWHERE, everything(session))]
    for unit in session.scalars(select(Unit)):
        reach = Reach(unit.path)
        found.append((reach, queries.place_of(session, reach, None)))
    return found


@settings(max_examples=examples(20))
@given(
    people=accounts,
    story=moves,
    gaps=st.lists(st.integers(0, 2), min_size=14, max_size=14),
    large_from=st.sampled_from((1, 2, 4, large.LARGE_FROM)),
    grown_after=st.integers(0, 14),
)
def test_every_figure_of_every_part_of_the_tree_is_what_a_full_count_gives(
    database: Database,
    people: list[tuple],
    story: list[tuple],
    gaps: list[int],
    large_from: int,
    grown_after: int,
) -> None:
    """Also of units that have become large, before it and after."""
    with builders.scratch(database) as session, pytest.MonkeyPatch.context() as patch:
        patch.setattr(large, "LARGE_FROM", large_from)
        town = Town(session)
        for each in people:
            town.has(*each)
        counted_then: dict[date, dict[str, dict[Counted, Counter[AccountState]]]] = {}
        day = TODAY
        for number, (each, days) in enumerate(zip(story, gaps, strict=False)):
            if number == grown_after:
                large.keep_large_units(builders.act(session, minutes=town.minutes))
            town.minutes += days * A_DAY
            town.move(*each)
            session.flush()
            fold(session)
            day = day_of(builders.NOON + timedelta(minutes=town.minutes))
            counted_then[day] = {
                reach.top or "": {
                    counted: Counter(found.by_state)
                    for counted, found in counts(session, reach).items()
                }
                for reach, _ in places(session)
            }
        session.flush()
        fold(session)
        for reach, place in places(session):
            _now_is_as_counted(session, reach, place, day)
            _former_days_are_as_counted(session, reach, place, counted_then)
        assert not verify(session, builders.NOON)


def test_a_unit_that_becomes_large_has_the_days_it_had(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Accounts have changed on several days before its figures are kept, and it has parts."""
    monkeypatch.setattr(large, "LARGE_FROM", 2)
    with builders.scratch(database) as session:
        town = Town(session)
        for sequence, unit in ((1, 0), (2, 3), (3, 5)):
            name = NAMES[sequence % 2]
            town.has(AccountKind.PERSONAL, sequence, name, IdType.RESIDENT_ID, unit)
        for what, sequence in (("comes", 1), ("binds", 1), ("too_low", 2), ("comes", 3)):
            town.minutes += A_DAY
            town.move(what, sequence, set())
        session.flush()
        fold(session)
        before = _days_of_units(session)
        assert large.keep_large_units(builders.act(session, minutes=town.minutes)) == 2
        assert _days_of_units(session) == before
        assert not verify(session, builders.NOON)


def _days_of_units(session: Session) -> dict[int | None, list[object]]:
    last = TODAY + timedelta(days=6)
    return {
        place.unit_id: [
            queries.days(session, Narrowed(place), counted, TODAY, last) for counted in Counted
        ]
        for _, place in places(session)
    }


CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("moves"), st.integers(0, 5), st.integers(0, 7)),
        st.tuples(st.just("archives"), st.integers(0, 5), st.just(0)),
        st.tuples(st.just("person"), st.integers(1, 4), st.integers(0, 5)),
        st.tuples(st.just("code"), st.integers(0, 2), st.sampled_from((1100, 3702, 3703))),
        st.tuples(st.just("grow"), st.integers(1, 3), st.just(0)),
    ),
    max_size=8,
)


@settings(max_examples=examples(20))
@given(people=accounts, story=CHANGES, at_once=st.booleans())
def test_a_large_unit_keeps_right_figures_whatever_becomes_of_the_tree(
    database: Database, people: list[tuple], story: list[tuple], at_once: bool
) -> None:
    """Units move into it, out of it, with it, are archived, are registered elsewhere."""
    with builders.scratch(database) as session, pytest.MonkeyPatch.context() as patch:
        patch.setattr(large, "LARGE_FROM", 1)
        town = Town(session)
        for each in people:
            town.has(*each)
        session.flush()
        large.keep_large_units(builders.act(session))
        for step, (what, one, other) in enumerate(story):
            _changes(session, town, what, one, other, (step + 1) * A_DAY)
            if not at_once:
                session.flush()
                fold(session)
        session.flush()
        fold(session)
        session.expire_all()
        for reach, place in places(session):
            _now_is_as_counted(session, reach, place, TODAY + timedelta(days=len(story)))
        assert not verify(session, builders.NOON)


def _changes(session: Session, town: Town, what: str, one: int, other: int, minutes: int) -> None:
    act = _of_the_province(session, minutes=minutes)
    match what:
        case "person":
            comes(session, NAMES[one % 2], one, minutes=minutes)
        case "code":
            unit = town.units[one]
            code = f"91{other}00{(unit.uscc or '')[8:]}"
            session.execute(update(Unit).where(Unit.id == unit.id).values(uscc=code))
        case "grow":
            large.LARGE_FROM = one
            large.keep_large_units(act)
        case _:
            session.expire_all()
            unit = town.units[one]
            above = [*town.units, *town.bureaus][other]
            with suppress(DomainError):
                if what == "archives":
                    archive_unit(act, facts_of, unit.id, unit.version)
                else:
                    move_unit(act, facts_of, unit.id, above.id, unit.version)


def _now_is_as_counted(session: Session, reach: Reach, place: Place, today: date) -> None:
    at = Narrowed(place)
    truth = counts(session, reach)
    for headline in queries.headlines(session, at, today - timedelta(days=7), today):
        assert headline.figures == truth[headline.counted]
    for counted in Counted:
        figures = truth[counted]
        held = queries.blockers(session, at, counted, today)
        assert {each.blocker: each.number for each in held} == figures.stuck_by
        assert all(sum(each.bands) == each.number for each in held)
        parts = queries.parts(session, at, counted, most=2)
        shown = [*parts.shown, *([parts.others] if parts.others else [])]
        by_parts = sum((Counter(part.by_state) for part in shown), Counter())
        own = not parts.shown and parts.others is None and figures.total
        assert own or by_parts == +Counter(figures.by_state)
        for part in parts.shown:
            below = queries.place_of(session, EVERYWHERE, part.unit_id)
            assert queries.figures_of(session, Narrowed(below), counted).by_state == part.by_state
        regions = queries.regions(session, at, counted)
        if regions:
            by_region = sum((Counter(region.by_state) for region in regions), Counter())
            assert by_region == +Counter(figures.by_state)
        for region in regions:
            narrowed = queries.figures_of(session, Narrowed(place, region.region), counted)
            assert narrowed.by_state == region.by_state
        _way_narrows(session, at, counted, figures.total)


def test_the_charts_of_a_place_agree_with_each_other(session: Session) -> None:
    """Headline, first stage of the funnel, parts, regions and the last day of the burn-up."""
    town = Town(session)
    for number, kind in enumerate((AccountKind.PERSONAL, AccountKind.UNIT) * 3, 1):
        town.has(kind, number % 4 + 1, NAMES[number % 2], IdType.RESIDENT_ID, number % 5)
    for what, who in (("comes", 1), ("binds", 1), ("too_low", 2), ("comes", 3), ("wrong", 3)):
        town.move(what, who, {0, 1})
    session.flush()
    fold(session)
    for _, place in places(session):
        at = Narrowed(place)
        for headline in queries.headlines(session, at, TODAY, TODAY):
            counted, total = headline.counted, headline.figures.total
            days = queries.days(session, at, counted, TODAY - timedelta(days=30), TODAY)
            assert days[-1].by_state == headline.figures.by_state
            held = queries.blockers(session, at, counted, TODAY)
            assert sum(each.number for each in held) == days[-1].by_state[AccountState.STUCK]
            if counted in (Counted.NATURAL_PERSONS, Counted.ENTERPRISES):
                assert queries.funnel(session, at, counted)[0].number == total
            parts = queries.parts(session, at, counted, most=2)
            shown = [*parts.shown, *([parts.others] if parts.others else [])]
            assert not shown or sum(part.total for part in shown) == total
            regions = queries.regions(session, at, counted)
            assert not regions or sum(part.total for part in regions) == total


@pytest.mark.parametrize("code", ["3701", "1100", "ABCD", "37X1", "37"], ids=str)
def test_a_unit_is_in_sql_where_the_rule_has_it(session: Session, code: str) -> None:
    """Whatever the credit code looks like; what is below a unit counts where the unit does."""
    town = Town(session)
    for number, unit in enumerate(town.units[:2]):
        written = "91" + code + (unit.uscc or "")[2 + len(code) :]
        values = {"uscc": written if number == 0 else None}
        session.execute(update(Unit).where(Unit.id == unit.id).values(values))
    session.flush()
    session.expire_all()
    root = session.scalars(select(Unit).where(Unit.parent_id.is_(None))).one()
    own = {unit.id: region_of(unit.uscc) for unit in town.units[:3]}
    own |= {unit.id: own[town.units[0].id] for unit in town.units[3:]}
    own |= {unit.id: REGION_UNKNOWN for unit in (root, *town.bureaus)}
    for region in {*own.values(), REGION_UNKNOWN, "9900", "5555"}:
        found = set(session.scalars(select(Unit.id).where(in_region(region))))
        assert found == {number for number, its in own.items() if its == region}, region


def _way_narrows(session: Session, at: Narrowed, counted: Counted, total: int) -> None:
    way = queries.funnel(session, at, counted)
    numbers = [each.number for each in way]
    assert numbers == sorted(numbers, reverse=True)
    if counted in (Counted.NATURAL_PERSONS, Counted.ENTERPRISES):
        assert way[0].number == total
        bound = next(each for each in way if each.stage is Stage.ACCOUNT_BOUND)
        assert (
            bound.number == queries.figures_of(session, at, counted).by_state[AccountState.MIGRATED]
        )


def _former_days_are_as_counted(
    session: Session, reach: Reach, place: Place, counted_then: dict[date, dict]
) -> None:
    if not counted_then:
        return
    first, last = min(counted_then), max(counted_then)
    for counted in Counted:
        for figures in queries.days(session, Narrowed(place), counted, first, last):
            if figures.day in counted_then:
                then = counted_then[figures.day][reach.top or ""][counted]
                assert Counter(figures.by_state) == then, (figures.day, counted, place)


def test_figures_are_there_as_soon_as_the_change_and_not_before(database: Database) -> None:
    with database.sessions() as session:
        root = builders.root(session)
        school = builders.unit(session, root, kind=UnitKind.FIRST_LEVEL)
        legacy_account(session, "示例甲", builders.id_number(1), unit=school)
        session.commit()
        at = Narrowed(queries.place_of(session, Reach(root.path), None))
        assert queries.figures_of(session, at, Counted.NATURAL_PERSONS).total == 1
        legacy_account(session, "示例乙", builders.id_number(2), unit=school)
        session.rollback()
        assert queries.figures_of(session, at, Counted.NATURAL_PERSONS).total == 1
        with session.begin_nested():
            legacy_account(session, "示例丙", builders.id_number(3), unit=school)
        session.rollback()
        assert queries.figures_of(session, at, Counted.NATURAL_PERSONS).total == 1


def test_what_another_tool_writes_is_taken_in_too(session: Session) -> None:
    root = builders.root(session)
    legacy_account(session, "示例甲", builders.id_number(1), unit=root)
    session.commit()
    session.execute(text("UPDATE legacy_accounts SET state = 'migrated', blocker = NULL"))
    session.commit()
    found = queries.figures_of(session, Narrowed(everything(session)), Counted.NATURAL_PERSONS)
    assert found.by_state[AccountState.MIGRATED] == 1
    session.execute(delete(LegacyAccount))
    session.commit()
    assert not queries.figures_of(
        session, Narrowed(everything(session)), Counted.NATURAL_PERSONS
    ).total


def test_a_moved_unit_takes_its_figures_along(session: Session) -> None:
    town = Town(session)
    for number, kind in enumerate((AccountKind.PERSONAL, AccountKind.UNIT), 1):
        town.has(kind, number, NAMES[number % 2], IdType.RESIDENT_ID, 0)
    town.has(AccountKind.PERSONAL, 3, NAMES[1], IdType.RESIDENT_ID, 3)
    comes(session, NAMES[1], 3, minutes=A_DAY)
    session.flush()
    fold(session)
    act = _of_the_province(session, minutes=2 * A_DAY)
    move_unit(act, facts_of, town.units[0].id, town.bureaus[1].id, town.units[0].version)
    # What changes in the same breath counts where the unit now is.
    comes(session, NAMES[1], 1, minutes=2 * A_DAY)
    session.flush()
    fold(session)
    session.expire_all()
    for reach, place in places(session):
        _now_is_as_counted(session, reach, place, TODAY)
    then, now = queries.days(
        session,
        Narrowed(queries.place_of(session, Reach(town.bureaus[1].path), None)),
        Counted.NATURAL_PERSONS,
        TODAY + timedelta(days=1),
        TODAY + timedelta(days=2),
    )
    assert (then.total, now.total) == (0, 2)
    assert not verify(session, builders.NOON)


def test_an_archived_unit_is_no_longer_counted_but_its_accounts_are(session: Session) -> None:
    town = Town(session)
    college = town.units[4]
    town.has(AccountKind.PERSONAL, 1, NAMES[1], IdType.RESIDENT_ID, 4)
    session.flush()
    fold(session)
    at = Narrowed(everything(session))
    before = queries.figures_of(session, at, Counted.ADMINISTRATORS).total
    archive_unit(_of_the_province(session), facts_of, college.id, college.version)
    session.flush()
    fold(session)
    assert queries.figures_of(session, at, Counted.ADMINISTRATORS).total == before - 1
    assert queries.figures_of(session, at, Counted.NATURAL_PERSONS).total == 1
    assert not verify(session, builders.NOON)


def test_another_credit_code_is_another_region(session: Session) -> None:
    """And whatever is below the unit goes along."""
    town = Town(session)
    school, college = town.units[0], town.units[3]
    legacy_account(session, "示例甲", builders.id_number(1), unit=college)
    session.flush()
    fold(session)
    code = "91110000" + (school.uscc or "")[8:]
    session.execute(update(Unit).where(Unit.id == school.id).values(uscc=code))
    fold(session)
    regions = queries.regions(session, Narrowed(everything(session)), Counted.NATURAL_PERSONS)
    assert [(part.region, part.name, part.total) for part in regions] == [("1100", "北京市", 1)]
    assert region_of(code) == "1100"
    assert not verify(session, builders.NOON)


def test_many_at_once_are_all_counted(database: Database) -> None:
    """Twenty writers: none waits for another in a ring, none is lost."""
    with database.sessions() as session:
        town = Town(session)
        for number in range(20):
            legacy_account(
                session, "示例甲", builders.id_number(number + 1), unit=town.units[number % 5]
            )
        session.commit()
        ids = list(session.scalars(select(LegacyAccount.id).order_by(LegacyAccount.id)))

    def migrate(mine: Session, number: int) -> None:
        account = mine.get_one(LegacyAccount, ids[number])
        account.state, account.blocker = AccountState.MIGRATED, None

    at_once(database, 20, migrate)
    with database.sessions() as session:
        found = queries.figures_of(session, Narrowed(everything(session)), Counted.NATURAL_PERSONS)
        assert found.by_state[AccountState.MIGRATED] == 20
        assert not verify(session, builders.NOON)


def test_what_changes_while_a_unit_becomes_large_is_counted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever commits before it, beside it and after it."""
    monkeypatch.setattr(large, "LARGE_FROM", 5)
    with database.sessions() as session:
        town = Town(session)
        for number in range(20):
            unit = town.units[number % 2]
            legacy_account(session, "示例甲", builders.id_number(number + 1), unit=unit)
        session.commit()
        ids = list(session.scalars(select(LegacyAccount.id).order_by(LegacyAccount.id)))

    def work(mine: Session, number: int) -> None:
        if number == 7:
            large.keep_large_units(builders.act(mine))
            return
        account = mine.get_one(LegacyAccount, ids[number])
        account.state, account.blocker = AccountState.MIGRATED, None

    at_once(database, 20, work)
    with database.sessions() as session:
        assert session.scalar(select(func.count()).select_from(LargeUnit)) == 2
        assert not verify(session, builders.NOON)


@pytest.mark.only_on("postgresql")  # SQLite has one writer at a time
def test_what_was_written_before_a_unit_was_large_and_is_committed_afterwards_is_counted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large, "LARGE_FROM", 4)  # with those below it, it has four
    with database.sessions() as session:
        town = Town(session)
        for number in range(2):
            legacy_account(session, "示例甲", builders.id_number(number), unit=town.units[0])
        session.commit()
        legacy_account(session, "示例乙", builders.id_number(3), unit=town.units[0])
        session.flush()
        with transaction(database.sessions) as other:
            assert large.keep_large_units(builders.act(other)) == 1
        session.commit()
        assert not verify(session, builders.NOON)


def _another_unit(database: Database) -> None:
    with transaction(database.sessions) as session:
        bureau = session.scalars(select(Unit).where(Unit.kind == UnitKind.DEPARTMENT)).first()
        unit = builders.unit(session, bureau, kind=UnitKind.FIRST_LEVEL)
        legacy_account(session, "示例丙", builders.id_number(9), unit=unit)


def test_a_count_beside_writers_sees_one_moment(database: Database) -> None:
    """Else what came meanwhile would seem to be kept wrongly."""
    with database.sessions() as session:
        Town(session)
        session.commit()
    written: list[int] = []

    def write(done: int, _all: int) -> None:
        if not written:
            written.append(done)
            _another_unit(database)

    with verifying(database.sessions) as session:
        assert not verify(session, builders.NOON, progress=write)
    assert written


def test_who_writes_while_figures_are_repaired_waits_and_is_counted(database: Database) -> None:
    with database.sessions() as session:
        town = Town(session)
        town.has(AccountKind.PERSONAL, 2, NAMES[0], IdType.RESIDENT_ID, 0)
        session.commit()
        session.execute(update(Figure).values(number=Figure.number + 1))
        session.commit()
    with ThreadPoolExecutor(1) as threads, verifying(database.sessions, repair=True) as session:
        writing = threads.submit(_another_unit, database)
        assert verify(session, builders.NOON, repair=True)
        assert not writing.done()
        session.commit()
        writing.result(timeout=30)
    with database.sessions() as session:
        assert not verify(session, builders.NOON)


@pytest.mark.only_on("postgresql")  # SQLite has one writer at a time
def test_who_was_writing_when_a_repair_begins_is_waited_for_and_counted(
    database: Database,
) -> None:
    with database.sessions() as session:
        Town(session)
        session.commit()

    def repair() -> bool:
        with verifying(database.sessions, repair=True) as session:
            session.execute(update(Figure).values(number=Figure.number + 1))
            found = verify(session, builders.NOON, repair=True)
            session.commit()
            return bool(found)

    with ThreadPoolExecutor(1) as threads, transaction(database.sessions) as session:
        bureau = session.scalars(select(Unit).where(Unit.kind == UnitKind.DEPARTMENT)).first()
        builders.unit(session, bureau, kind=UnitKind.FIRST_LEVEL)
        fold(session)
        repairing = threads.submit(repair)
        with pytest.raises(TimeoutError):
            repairing.result(timeout=0.5)
        session.commit()
        assert repairing.result(timeout=30)
    with database.sessions() as session:
        assert not verify(session, builders.NOON)


def test_what_was_tampered_with_is_found_and_put_right(session: Session) -> None:
    town = Town(session)
    town.has(AccountKind.UNIT, 1, NAMES[1], IdType.RESIDENT_ID, 0)
    town.has(AccountKind.PERSONAL, 2, NAMES[0], IdType.RESIDENT_ID, -1)
    session.commit()
    session.execute(update(Figure).values(number=Figure.number + 1))
    session.execute(delete(UnitTotal).where(UnitTotal.kind == Counted.ENTERPRISES.value))
    session.execute(text("UPDATE unit_standings SET state = 'migrated' WHERE kind = 'enterprises'"))
    session.commit()
    assert verify(session, builders.NOON)
    verify(session, builders.NOON, repair=True)
    session.commit()
    assert not verify(session, builders.NOON)
    for reach, place in places(session):
        _now_is_as_counted(session, reach, place, TODAY)


def test_no_place_is_had_beyond_the_reach(session: Session) -> None:
    town = Town(session)
    mine, theirs = town.bureaus
    session.flush()
    assert queries.place_of(session, Reach(mine.path), town.units[3].id).name == town.units[3].name
    for unit_id in (theirs.id, town.units[2].id, 999_999, None):
        reach = NOWHERE if unit_id is None else Reach(mine.path)
        with pytest.raises(NoSuchPlace):
            queries.place_of(session, reach, unit_id)
    way = queries.way_to(
        session, Reach(mine.path), queries.place_of(session, Reach(mine.path), town.units[3].id)
    )
    assert [place.unit_id for place in way] == [mine.id, town.units[0].id, town.units[3].id]


def test_a_day_in_china_is_the_same_in_sql(session: Session) -> None:
    for minutes in (0, 239, 240, 241, 719, 720, 1199):
        at = builders.NOON + timedelta(minutes=minutes)
        session.add(FigureNews(about="unit", at=at))
    session.flush()
    rows = session.execute(select(FigureNews.at, china_day(FigureNews.at))).all()
    session.execute(delete(FigureNews))
    assert [day for _, day in rows] == [day_of(at) for at, _ in rows]
    assert len({day for _, day in rows}) == 2


def test_a_snapshot_is_kept_once_a_day_for_everything_and_every_department(
    session: Session,
) -> None:
    town = Town(session)
    town.has(AccountKind.PERSONAL, 1, NAMES[1], IdType.RESIDENT_ID, 0)
    assert take_snapshot(builders.act(session)) == take_snapshot(builders.act(session, minutes=5))
    kept = session.scalars(select(Snapshot).where(Snapshot.kind == "natural_persons")).all()
    root = session.scalars(select(Unit).where(Unit.parent_id.is_(None))).one()
    assert {(each.unit_id, each.number) for each in kept} == {
        (0, 1),
        (root.id, 1),
        (town.bureaus[0].id, 1),
    }
    assert {each.state for each in kept} == {"not_started"}


def test_days_before_the_first_snapshot_are_reconstructed_for_every_kind(session: Session) -> None:
    town = Town(session)
    town.has(AccountKind.UNIT, 1, NAMES[1], IdType.RESIDENT_ID, 0)
    session.flush()
    fold(session)
    comes(session, NAMES[1], 1, town.units[0], minutes=2 * A_DAY)
    session.flush()
    fold(session)
    later = builders.act(session, minutes=4 * A_DAY)
    assert backfill(later) == 4
    assert backfill(later) == 0
    rows = session.execute(
        select(Snapshot.day, Snapshot.state)
        .where(
            Snapshot.unit_id == town.bureaus[0].id,
            Snapshot.kind == Counted.ENTERPRISES.value,
        )
        .order_by(Snapshot.day, Snapshot.state)
    ).all()
    by_day: dict[int, set[str]] = {}
    for day, state in rows:
        by_day.setdefault((day - TODAY).days, set()).add(state)
    assert "in_progress" not in by_day[1]
    assert "in_progress" in by_day[2]


def _number(session: Session, reach: Reach, kind: AccountKind) -> int:
    """By hand: an account without a unit counts only everywhere."""
    statement = select(func.count()).select_from(LegacyAccount).where(LegacyAccount.kind == kind)
    if not reach.is_everywhere:
        statement = statement.join(Unit).where(within(reach))
    return session.scalar(statement) or 0


def test_the_full_count_itself_counts_what_there_is(session: Session) -> None:
    town = Town(session)
    town.has(AccountKind.PERSONAL, 1, NAMES[1], IdType.RESIDENT_ID, 0)
    town.has(AccountKind.PERSONAL, 2, NAMES[1], IdType.RESIDENT_ID, -1)
    town.has(AccountKind.UNIT, 3, NAMES[1], IdType.RESIDENT_ID, 1)
    session.flush()
    for reach, _ in places(session):
        figures = counts(session, reach)
        of_kinds = (
            (Counted.NATURAL_PERSONS, AccountKind.PERSONAL),
            (Counted.LEGAL_REPRESENTATIVES, AccountKind.UNIT),
        )
        for counted, kind in of_kinds:
            assert figures[counted].total == _number(session, reach, kind)
        units = session.scalars(select(Unit).where(within(reach))).all()
        first = [unit for unit in units if unit.kind is UnitKind.FIRST_LEVEL]
        others = [unit for unit in units if unit.kind is not UnitKind.DEPARTMENT]
        assert figures[Counted.ENTERPRISES].total == len(first)
        assert figures[Counted.ADMINISTRATORS].total == len(others)
