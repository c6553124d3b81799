"""The service desk's figures: what SQL counts, for whom, and where a click leads (R39, D4)."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from importlib import import_module
from itertools import count, product
from statistics import median

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from admin_app.audit.vocabulary import Event
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.vocabulary import StaffRole
from admin_app.migration.blockers import Blocker
from admin_app.policy.reach import EVERYWHERE, Reach
from admin_app.policy.vocabulary import Capacity
from admin_app.rollups import queries
from admin_app.rollups.rules import CHINA, day_of
from admin_app.service_desk.case_figures import CaseCount, DeskFigures, desk_figures, median_of
from admin_app.service_desk.case_tallies import CaseTally
from admin_app.service_desk.case_vocabulary import CaseState, Move, Priority, Side
from admin_app.service_desk.form_vocabulary import CaseKind, FormKind
from admin_app.service_desk.models import Case, CaseEntry
from admin_app.service_desk.steps import move_case
from dashboards import marks
from dashboards.values import Mark, OnDesk
from tests import builders
from tests.dashboards.asking import ask, body_for, shown
from tests.databases import Database, scratch
from tests.effort import examples
from tests.web.stage import Stage, Visitor

pytest_plugins = "tests.web.staging"

TODAY = day_of(builders.NOON)
KINDS = (Blocker.OLD_PASSWORD, Blocker.DISPUTED, FormKind.UNIT_MISSING)
_codes = count(1)
UNITS = ("", "province", "bureau", "other", "firm", "college", "shop")
# How a case goes on from where it was filed.
WAYS: dict[str, tuple[tuple[Move, Side], ...]] = {
    "filed": (),
    "asked": ((Move.ASK, Side.DESK),),
    "in review": ((Move.REVIEW, Side.DESK),),
    "approved": ((Move.REVIEW, Side.DESK), (Move.APPROVE, Side.DESK)),
    "refused": ((Move.REVIEW, Side.DESK), (Move.REFUSE, Side.DESK)),
    "put away": ((Move.REVIEW, Side.DESK), (Move.REFUSE, Side.DESK), (Move.CLOSE, Side.DESK)),
    "withdrawn": ((Move.WITHDRAW, Side.PERSON),),
}
TOLD = {
    "approved": Event.CASE_APPROVED,
    "refused": Event.CASE_REFUSED,
    "put away": Event.CASE_REFUSED,
    "withdrawn": Event.CASE_WITHDRAWN,
}
stories = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.sampled_from(UNITS),
        st.sampled_from(sorted(WAYS)),
        st.integers(0, 40),  # days ago it was filed
        st.integers(0, 40),  # days until it was moved, at most until today
    ),
    max_size=25,
)


def plant(session: Session) -> dict[str, Unit]:
    province = builders.root(session)
    department, first = UnitKind.DEPARTMENT, UnitKind.FIRST_LEVEL
    bureau = builders.unit(session, province, kind=department)
    firm = builders.unit(session, bureau, kind=first)
    other = builders.unit(session, province, kind=department)
    return {
        "province": province,
        "bureau": bureau,
        "other": other,
        "firm": firm,
        "college": builders.unit(session, firm),
        "shop": builders.unit(session, other, kind=first),
    }


def has(
    session: Session, unit: Unit | None, kind: CaseKind, way: str, ago: int, after: int
) -> Case:
    """A case that was filed some days ago, and what has come of it."""
    filed_at = builders.NOON - timedelta(days=ago)
    case = Case(
        blocker=kind if isinstance(kind, Blocker) else None,
        form=kind if isinstance(kind, FormKind) else None,
        uscc=builders.uscc(next(_codes)) if isinstance(kind, FormKind) else None,
        state=CaseState.FILED,
        priority=Priority.NORMAL,
        unit_id=unit.id if unit else None,
        filed_at=filed_at,
        filed_by="示例支持",
        due_on=day_of(filed_at) + timedelta(days=4),
    )
    session.add(case)
    session.flush()
    for move, side in WAYS[way]:
        act = builders.act(session, at=filed_at + timedelta(days=min(after, ago)))
        move_case(act, case, move, side)
    session.flush()
    return case


def working_days(first: date, last: date) -> int:
    china = holidays.country_holidays("CN")
    days = (first + timedelta(days=each + 1) for each in range((last - first).days))
    return sum(bool(china.is_working_day(day)) for day in days)


def truth(session: Session, path: str, first: date, last: date) -> dict[str, CaseCount]:
    """Counted from the cases themselves, one by one; "" stands for all kinds."""
    rows = session.execute(
        text(
            "SELECT c.id, COALESCE(c.blocker, c.form), c.state, c.due_on, c.ended_at IS NULL "
            "FROM cases c "
            "LEFT JOIN units u ON u.id = c.unit_id WHERE :path = '' OR u.path LIKE :path || '%'"
        ),
        {"path": path},
    ).all()
    opened: dict[str, int] = defaultdict(int)
    late: dict[str, int] = defaultdict(int)
    times: dict[str, list[int]] = defaultdict(list)
    for number, blocker, state, due_on, is_open in rows:
        due = date.fromisoformat(str(due_on))
        for kind in ("", blocker):
            opened[kind] += bool(is_open)
            late[kind] += bool(is_open) and state != "waiting" and due < TODAY
        case = session.get_one(Case, number)
        # What was put away had been refused: nothing else is, in these stories.
        if case.ended_at is not None and state != "withdrawn":
            day = case.ended_at.astimezone(CHINA).date()
            if first <= day <= last:
                taken = working_days(case.filed_at.astimezone(CHINA).date(), day)
                for kind in ("", blocker):
                    times[kind].append(taken)
    return {
        kind: CaseCount(
            opened[kind], late[kind], len(times[kind]), median(times[kind]) if times[kind] else None
        )
        for kind in {*opened, *times, ""}
        if kind == "" or opened[kind] or times[kind]
    }


def counted(figures: DeskFigures) -> dict[str, CaseCount]:
    return {"": figures.whole, **{kind.value: each for kind, each in figures.kinds.items()}}


@settings(max_examples=examples(25))
@given(stories, st.integers(0, 45), st.integers(0, 10))
def test_every_figure_is_what_is_counted_case_by_case(
    database: Database, told: list[tuple], long: int, until: int
) -> None:
    first, last = TODAY - timedelta(days=long + until), TODAY - timedelta(days=until)
    with scratch(database) as session:
        units = plant(session)
        for kind, where, way, ago, after in told:
            has(session, units.get(where), kind, way, ago, after)
        for name in UNITS:
            reach = Reach(units[name].path) if name else EVERYWHERE
            place = queries.place_of(session, reach, None)
            found = desk_figures(session, place, first, last, TODAY)
            assert counted(found) == truth(session, place.path, first, last), name
            below = {"": ("bureau", "other"), "province": ("bureau", "other")}.get(name, ())
            expected = {
                units[each].id: truth(session, units[each].path, first, last)[""] for each in below
            }
            some = {number: each for number, each in expected.items() if not each.is_nothing}
            assert {each.unit_id: each.count for each in found.departments} == some


def test_an_undone_decision_leaves_no_tally(database: Database) -> None:
    with database.sessions() as session:
        unit = plant(session)["firm"]
        with session.begin_nested() as savepoint:
            has(session, unit, KINDS[0], "approved", 3, 2)
            savepoint.rollback()
        assert session.scalars(select(CaseTally)).all() == []


def test_what_was_decided_stays_where_it_was_decided(database: Database) -> None:
    """A unit that moves takes its open cases along."""
    with scratch(database) as session:
        units = plant(session)
        has(session, units["shop"], KINDS[0], "approved", 3, 2)
        has(session, units["shop"], KINDS[0], "filed", 3, 0)
        moved = units["bureau"].path + units["shop"].path[len(units["other"].path) :]
        session.execute(update(Unit).where(Unit.id == units["shop"].id).values(path=moved))
        first = TODAY - timedelta(days=10)
        place = queries.place_of(session, Reach(units["province"].path), None)
        found = desk_figures(session, place, first, TODAY, TODAY)
        by_unit = {each.unit_id: each.count for each in found.departments}
        assert by_unit[units["other"].id] == CaseCount(0, 0, 1, found.whole.median)
        assert by_unit[units["bureau"].id] == CaseCount(1, 0, 0, None)


def test_the_revision_counts_what_had_been_decided_before(database: Database) -> None:
    """It makes the tallies that deciding would have made."""
    revision = import_module("admin_app.schema.versions.0014_how_long_decided_cases_took")
    with scratch(database) as session:
        units = plant(session)
        for number, (way, where) in enumerate(product(sorted(WAYS), ("", "firm", "college"))):
            case = has(session, units.get(where), KINDS[number % 3], way, 20, number)
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
        kept = _tallies(session)
        assert kept
        session.execute(delete(CaseTally))
        revision.tally_decided(session.connection())
        assert _tallies(session) == kept


def _tallies(session: Session) -> list[tuple]:
    columns = CaseTally.__table__.columns
    return sorted(map(tuple, session.execute(select(*columns))))


@given(st.lists(st.integers(0, 30)))
def test_the_median_is_the_middle_one(values: list[int]) -> None:
    assert median_of(Counter(values)) == (median(values) if values else None)


# ---- On the page ---------------------------------------------------------------------------------


def settle(stage: Stage) -> None:
    """Two overdue cases and an open one at 海洋学院, one elsewhere, and one that is over."""
    with stage.writing() as session:
        for unit, way, ago in (
            ("海洋学院", "filed", 0),
            ("海洋学院", "in review", 30),
            ("海洋学院", "filed", 30),
            ("邻居学院", "filed", 30),
            ("海洋学院", "approved", 30),
        ):
            case = has(session, stage.world[unit], Blocker.NAME_DIFFERS, way, ago, 1)
            shift = _now() - builders.NOON
            case.filed_at += shift
            case.due_on += timedelta(days=shift.days)


def _now() -> datetime:
    return datetime.now(builders.NOON.tzinfo)


def rows(visitor: Visitor, search: str = "") -> dict[str, dict]:
    found = shown(ask(visitor, body_for("cases", search)), "cases")
    return {row["cells"][1]: row for row in found["table"]["rows"]} if found["table"] else {}


def test_support_goes_from_a_figure_to_its_list(stage: Stage) -> None:
    settle(stage)
    visitor = stage.staff(StaffRole.PLATFORM_SUPPORT)
    found = rows(visitor)
    all_of_them = found["合计"]
    assert all_of_them["cells"][2:4] == ["4", "3"]
    assert _length(visitor.open(all_of_them["address"])) == 4
    narrowed = rows(visitor, f"?unit={stage.world['海洋学院'].id}")["合计"]
    assert narrowed["cells"][2:4] == ["3", "2"]
    assert _length(visitor.open(narrowed["address"])) == 3


def test_a_bar_leads_to_what_is_overdue(stage: Stage) -> None:
    settle(stage)
    visitor = stage.staff(StaffRole.PLATFORM_SUPPORT)
    mark = marks.written(Mark(case_kind=Blocker.NAME_DIFFERS, on_desk=OnDesk.OVERDUE))
    answer = visitor.client.get("/dashboard/list", query_string={"mark": mark})
    assert answer.status_code == 302
    assert _length(visitor.open(answer.headers["Location"])) == 3


@pytest.mark.parametrize("role", [StaffRole.MANAGER, StaffRole.DEPARTMENT_STAFF], ids=str)
def test_only_who_sees_cases_gets_a_way_to_them(stage: Stage, role: StaffRole) -> None:
    settle(stage)
    visitor = stage.staff(role, "济南市科技局")
    found = rows(visitor)
    assert found["合计"]["cells"][2] == "3"
    addresses = [row.get("address", "") for row in found.values()]
    leads = any(each.startswith("/desk/") for each in addresses)
    assert leads == (role is StaffRole.DEPARTMENT_STAFF)
    if not leads:
        mark = {"mark": "on_desk=open"}
        answer = visitor.client.get("/dashboard/list", query_string=mark)
        assert answer.status_code == 404


def test_a_unit_sees_its_own(stage: Stage) -> None:
    settle(stage)
    visitor = stage.person("院长", Capacity.UNIT_ADMINISTRATOR, "海洋学院")
    found = rows(visitor)
    assert found["合计"]["cells"][2:4] == ["3", "2"]
    assert not any("address" in row for row in found.values())


def _length(page) -> int:  # type: ignore[no-untyped-def]  # tests.web.reading's
    assert page.status == 200
    return len(list(next(page.root.all("tbody")).all("tr")))
