"""The service desk's figures: what SQL counts, by place, region and kind (R39, D4)."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from importlib import import_module
from itertools import product
from statistics import median
from typing import NamedTuple

import holidays
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from admin_app.audit.vocabulary import Event
from admin_app.database import Base
from admin_app.hierarchy.models import Unit
from admin_app.migration.counts import Counted
from admin_app.policy.reach import EVERYWHERE, Reach
from admin_app.rollups import queries
from admin_app.rollups.rules import CHINA, day_of
from admin_app.rollups.vocabulary import Narrowed
from admin_app.service_desk.case_figures import CaseCount, DeskFigures, desk_figures
from admin_app.service_desk.case_tallies import CaseMonth, CaseTally
from admin_app.service_desk.case_times import median_of, month_after, months_within
from admin_app.service_desk.case_vocabulary import Side
from admin_app.service_desk.models import Case, CaseEntry
from admin_app.service_desk.open_cases import OpenCase
from tests import builders
from tests.dashboards.desk_stories import MATTERS, REGIONS, UNITS, WAYS, has, plant
from tests.databases import Database, scratch
from tests.effort import examples

TODAY = day_of(builders.NOON)
TOLD = {
    "approved": Event.CASE_APPROVED,
    "refused": Event.CASE_REFUSED,
    "put away": Event.CASE_REFUSED,
    "withdrawn": Event.CASE_WITHDRAWN,
}
stories = st.lists(
    st.tuples(
        st.sampled_from(sorted(MATTERS)),
        st.sampled_from(UNITS),
        st.sampled_from(sorted(WAYS)),
        st.integers(0, 40),  # days ago it was filed
        st.integers(0, 40),  # days until it was moved, at most until today
    ),
    min_size=8,
    max_size=25,
)


def working_days(first: date, last: date) -> int:
    china = holidays.country_holidays("CN")
    days = (first + timedelta(days=each + 1) for each in range((last - first).days))
    return sum(bool(china.is_working_day(day)) for day in days)


class Told(NamedTuple):
    """A case as SQL of its own finds it."""

    number: int
    kind: str
    state: str
    due_on: date
    is_open: bool
    path: str
    region: str
    account: str | None


def told_of(session: Session) -> list[Told]:
    rows = session.execute(
        text(
            "SELECT c.id, COALESCE(c.blocker, c.form), c.state, c.due_on, c.ended_at IS NULL, "
            "COALESCE(u.path, ''), COALESCE(SUBSTR(f.uscc, 3, 4), '0000'), a.kind "
            "FROM cases c LEFT JOIN units u ON u.id = c.unit_id "
            "LEFT JOIN units f ON f.kind = 'first_level' AND u.path LIKE f.path || '%' "
            "LEFT JOIN legacy_accounts a ON a.id = c.account_id"
        )
    )
    return [
        Told(number, kind, state, date.fromisoformat(str(due)), bool(is_open), *rest)
        for number, kind, state, due, is_open, *rest in rows
    ]


def counts_with(case: Told) -> Counted:
    known = {
        (kind.value, account and account.value): counted
        for kind, account, counted in MATTERS.values()
    }
    return known[case.kind, case.account]


def truth(session: Session, cases: list[Told], first: date, last: date) -> dict[str, CaseCount]:
    """Counted one by one; "" stands for all kinds."""
    opened: dict[str, int] = defaultdict(int)
    late: dict[str, int] = defaultdict(int)
    times: dict[str, list[int]] = defaultdict(list)
    for told in cases:
        for kind in ("", told.kind):
            opened[kind] += told.is_open
            late[kind] += told.is_open and told.state != "waiting" and told.due_on < TODAY
        case = session.get_one(Case, told.number)
        # What was put away had been refused: nothing else is, in these stories.
        if case.ended_at is not None and told.state != "withdrawn":
            day = case.ended_at.astimezone(CHINA).date()
            if first <= day <= last:
                taken = working_days(case.filed_at.astimezone(CHINA).date(), day)
                for kind in ("", told.kind):
                    times[kind].append(taken)
    return {
        kind: CaseCount(
            opened[kind], late[kind], len(times[kind]), median(times[kind]) if times[kind] else None
        )
        for kind in {*opened, *times, ""}
        if kind == "" or opened[kind] or times[kind]
    }


def counted_of(figures: DeskFigures) -> dict[str, CaseCount]:
    return {"": figures.whole, **{kind.value: each for kind, each in figures.kinds.items()}}


@settings(max_examples=examples(40))
@given(
    stories,
    st.integers(10, 60),
    st.integers(0, 10),
    st.lists(st.tuples(st.sampled_from(REGIONS), st.sampled_from(Counted)), min_size=6, max_size=6),
)
def test_every_figure_is_what_is_counted_case_by_case(
    database: Database,
    stories: list[tuple],
    long: int,
    until: int,
    looks: list[tuple[str, Counted]],
) -> None:
    first, last = TODAY - timedelta(days=long + until), TODAY - timedelta(days=until)
    with scratch(database) as session:
        units = plant(session)
        for matter, where, way, ago, after in stories:
            has(session, units.get(where), matter, way, ago, after)
        told = told_of(session)
        for name, (region, counted) in product(UNITS, looks):
            reach = Reach(units[name].path) if name else EVERYWHERE
            place = queries.place_of(session, reach, None)
            found = desk_figures(session, Narrowed(place, region), counted, first, last, TODAY)
            here = [
                each
                for each in told
                if each.path.startswith(place.path) and region in ("", each.region)
            ]
            about = {of: [each for each in here if counts_with(each) is of] for of in Counted}
            all_of_them = {of: truth(session, each, first, last)[""] for of, each in about.items()}
            some = {of: count for of, count in all_of_them.items() if not count.is_nothing}
            assert found.abouts == some
            assert found.about is (counted if counted in some else None)
            asked = about[counted] if counted in some else here
            expected_kinds = truth(session, asked, first, last)
            expected_kinds[""] = all_of_them[counted]
            assert counted_of(found) == expected_kinds, (name, region)
            below = {"": ("bureau", "other"), "province": ("bureau", "other")}.get(name, ())
            expected = {}
            for each in below:
                theirs = [case for case in asked if case.path.startswith(units[each].path)]
                expected[units[each].id] = truth(session, theirs, first, last)[""]
            theirs = {each.unit_id: each.count for each in found.departments}
            assert theirs == {at: each for at, each in expected.items() if not each.is_nothing}


def test_what_was_decided_is_told_of_a_region_wherever_one_asks(database: Database) -> None:
    with scratch(database) as session:
        units = plant(session)
        has(session, units["firm"], "password", "approved", 3, 2)
        for name, (region, number) in product(
            ("", "province", "bureau", "firm"), (("", 1), ("9900", 1), ("1100", 0))
        ):
            reach = Reach(units[name].path) if name else EVERYWHERE
            at = Narrowed(queries.place_of(session, reach, None), region)
            first = TODAY - timedelta(days=10)
            found = desk_figures(session, at, Counted.NATURAL_PERSONS, first, TODAY, TODAY)
            assert found.whole.decided == number, (name, region)


def test_each_day_of_a_period_counts_once_whatever_months_lie_in_it(database: Database) -> None:
    with scratch(database) as session:
        unit = plant(session)["firm"]
        for ago in range(36):  # a case decided each day, back to the end of January
            has(session, unit, "password", "approved", ago, 0)
        at = Narrowed(queries.place_of(session, Reach(unit.path), None))
        for first, last in product(range(28, 36), range(6)):
            begins, ends = TODAY - timedelta(days=first), TODAY - timedelta(days=last)
            found = desk_figures(session, at, Counted.NATURAL_PERSONS, begins, ends, TODAY)
            assert found.whole.decided == first - last + 1, (begins, ends)


def test_an_undone_decision_leaves_no_tally(database: Database) -> None:
    with database.sessions() as session:
        unit = plant(session)["firm"]
        with session.begin_nested() as savepoint:
            has(session, unit, "password", "approved", 3, 2)
            savepoint.rollback()
        for kept in (CaseTally, CaseMonth):
            assert session.scalars(select(kept)).all() == []


def test_what_was_decided_stays_where_it_was_decided(database: Database) -> None:
    """A unit that moves takes its open cases along."""
    with scratch(database) as session:
        units = plant(session)
        has(session, units["shop"], "password", "approved", 3, 2)
        has(session, units["shop"], "password", "filed", 3, 0)
        moved = units["bureau"].path + units["shop"].path[len(units["other"].path) :]
        session.execute(update(Unit).where(Unit.id == units["shop"].id).values(path=moved))
        first = TODAY - timedelta(days=10)
        place = queries.place_of(session, Reach(units["province"].path), None)
        persons = Counted.NATURAL_PERSONS
        found = desk_figures(session, Narrowed(place), persons, first, TODAY, TODAY)
        by_unit = {each.unit_id: each.count for each in found.departments}
        assert by_unit[units["other"].id] == CaseCount(0, 0, 1, found.whole.median)
        assert by_unit[units["bureau"].id] == CaseCount(1, 0, 0, None)


def test_the_revision_counts_what_had_been_decided_before(database: Database) -> None:
    """It makes the tallies that deciding would have made, and puts the open ones in their place."""
    revision = import_module("admin_app.schema.versions.0021_the_desk_s_figures_by_region_and_kind")
    by_month = import_module("admin_app.schema.versions.0023_case_times_by_month")
    with scratch(database) as session:
        units = plant(session)
        stories = product(sorted(WAYS), ("", "firm", "college", "shop", "other"), sorted(MATTERS))
        for number, (way, where, matter) in enumerate(stories):
            case = has(session, units.get(where), matter, way, 20, number % 19)
            session.add(
                CaseEntry(
                    case_id=case.id,
                    at=builders.NOON,
                    side=Side.DESK,
                    author="",
                    event=TOLD.get(way, Event.CASE_NOTED).value,
                )
            )
        session.flush()
        models = CaseTally, CaseMonth, OpenCase
        kept = [_rows(session, each) for each in models]
        assert all(kept)
        for each in models:
            session.execute(delete(each))
        revision.tally_decided(session.connection())
        by_month.sum_up(session.connection())
        revision.place_open(session.connection())
        assert [_rows(session, each) for each in models] == kept


def _rows(session: Session, model: type[Base]) -> list[tuple]:
    columns = model.__table__.columns
    return sorted(map(tuple, session.execute(select(*columns))), key=str)


@given(st.lists(st.integers(0, 30)))
def test_the_median_is_the_middle_one(values: list[int]) -> None:
    assert median_of(Counter(values)) == (median(values) if values else None)


@given(st.dates(date(2024, 1, 1), date(2028, 12, 31)), st.integers(0, 400))
def test_whole_months_and_the_days_beside_them_are_the_period(first: date, long: int) -> None:
    last = first + timedelta(days=long)
    period = {first + timedelta(days=each) for each in range(long + 1)}
    months = months_within(first, last)
    covered: set[date] = set()
    if months:
        after = month_after(months[1])
        covered = {months[0] + timedelta(days=each) for each in range((after - months[0]).days)}
    assert covered <= period
    for day in period - covered:  # what is left belongs to months that reach out of the period
        begins = day.replace(day=1)
        assert begins < first or month_after(day) - timedelta(days=1) > last
