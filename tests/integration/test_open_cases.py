"""Open cases are kept with where they stand, whatever happens to them, to units and to codes."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial
from itertools import count
from time import sleep
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from admin_app.database import transaction
from admin_app.delegation.facts import facts_of
from admin_app.errors import DomainError
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.operations import move_unit
from admin_app.hierarchy.register_import import finish, import_register
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.migration.blockers import Blocker
from admin_app.migration.counts import Counted
from admin_app.migration.models import LegacyAccount
from admin_app.migration.vocabulary import AccountKind
from admin_app.policy.actor import Actor, Office
from admin_app.policy.vocabulary import Capacity
from admin_app.rollups.rules import day_of, region_of
from admin_app.service_desk.case_vocabulary import CaseState, Move, Priority, Side
from admin_app.service_desk.form_vocabulary import CASE_KINDS, CaseKind, FormKind
from admin_app.service_desk.models import Case
from admin_app.service_desk.open_cases import OpenCase, is_about
from admin_app.service_desk.rules import about
from admin_app.service_desk.steps import move_case
from tests import builders
from tests.builders_files import register, row
from tests.builders_migration import legacy_account
from tests.databases import Database, scratch
from tests.effort import examples
from tests.races import at_once

_codes = count(1)
UNITS = ("province", "bureau", "other", "firm", "shop", "college", "institute", "room")
CODES = ("99000199", "91110000", "91370100", "91X70100")
KINDS = (Blocker.OLD_PASSWORD, Blocker.DISPUTED, FormKind.UNIT_MISSING)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("file"), st.sampled_from(UNITS), st.sampled_from(KINDS)),
        st.tuples(st.just("go on"), st.integers(0, 9), st.sampled_from(list(Move))),
        st.tuples(st.just("due"), st.integers(0, 9), st.integers(0, 20)),
        st.tuples(st.just("pass on"), st.integers(0, 9), st.sampled_from(("", *UNITS))),
        st.tuples(st.just("forget"), st.integers(0, 9), st.none()),
        st.tuples(st.just("move"), st.sampled_from(UNITS), st.sampled_from(UNITS)),
        st.tuples(st.just("recode"), st.sampled_from(("firm", "shop")), st.sampled_from(CODES)),
    ),
    min_size=4,
    max_size=20,
)


def plant(session: Session) -> dict[str, Unit]:
    """Two departments, each with an enterprise; below one of them two levels more."""
    department, first = UnitKind.DEPARTMENT, UnitKind.FIRST_LEVEL
    province = builders.root(session)
    bureau, other = (builders.unit(session, province, kind=department) for _ in range(2))
    firm = builders.unit(session, bureau, kind=first)
    shop = builders.unit(session, other, kind=first, code=_code("91110000"))
    college, institute = (builders.unit(session, firm) for _ in range(2))
    room = builders.unit(session, college)
    found = (province, bureau, other, firm, shop, college, institute, room)
    return dict(zip(UNITS, found, strict=True))


def _code(begins: str) -> str:
    return f"{begins}{next(_codes):010}"


def filed(
    session: Session, unit: Unit | None, kind: CaseKind, account: LegacyAccount | None = None
) -> Case:
    case = Case(
        blocker=kind if isinstance(kind, Blocker) else None,
        form=kind if isinstance(kind, FormKind) else None,
        uscc=_code("91") if isinstance(kind, FormKind) else None,
        account_id=account.id if account else None,
        unit_id=unit.id if unit else None,
        state=CaseState.FILED,
        priority=Priority.NORMAL,
        filed_at=builders.NOON,
        filed_by="示例支持",
        due_on=day_of(builders.NOON),
    )
    session.add(case)
    session.flush()
    return case


def kept(session: Session) -> list[tuple]:
    return sorted(map(tuple, session.execute(select(*OpenCase.__table__.columns))), key=str)


def as_it_is(session: Session) -> list[tuple]:
    """The same found by climbing up from each case, one by one."""
    session.expire_all()
    found = []
    for case in session.scalars(select(Case).where(Case.ended_at.is_(None))):
        unit = session.get(Unit, case.unit_id) if case.unit_id else None
        above = unit
        while above is not None and above.kind is not UnitKind.FIRST_LEVEL:
            above = session.get(Unit, above.parent_id) if above.parent_id else None
        found.append(
            (
                case.id,
                unit.path if unit else "",
                region_of(above.uscc if above else None),
                about(case.kind, case.account.kind if case.account else None).value,
                case.kind.value,
                None if case.state is CaseState.WAITING else case.due_on,
            )
        )
    return sorted(found, key=str)


@settings(max_examples=examples(60))
@given(steps)
def test_each_open_case_is_kept_as_it_stands(database: Database, told: list[tuple]) -> None:
    with scratch(database) as session:
        units, cases = plant(session), []
        for what, which, how in told:
            if what == "file":
                account = legacy_account(session, unit=units[which])
                named = account if how in Blocker else None
                cases.append(filed(session, units[which], how, named))
            elif what == "move":
                _tried(lambda u=units[which], p=units[how]: _move(session, u, p))
            elif what == "recode":
                units[which].uscc = _code(how)
            elif cases:
                case = cases[which % len(cases)]
                if what == "forget":
                    cases.remove(case)
                    session.delete(case)
                elif what == "due":
                    case.due_on = day_of(builders.NOON) + timedelta(days=how)
                elif what == "pass on":
                    case.unit_id = units[how].id if how else None
                else:
                    side = Side.PERSON if how in (Move.ANSWER, Move.WITHDRAW) else Side.DESK
                    _tried(lambda c=case, m=how, s=side: move_case(builders.act(session), c, m, s))
            session.flush()
            assert kept(session) == as_it_is(session), (what, which, how)


def _tried(what: Callable[[], Any]) -> None:
    with suppress(DomainError):
        what()


def _move(session: Session, unit: Unit, parent: Unit) -> None:
    """By staff of the topmost department, over units in which nobody can."""
    top = session.scalars(select(Unit).where(Unit.parent_id.is_(None))).one()
    office = Office(top.id, top.path, top.name)
    actor = Actor("示例厅工作人员", Capacity.DEPARTMENT_STAFF, office=office, staff_id=1)
    act = builders.act(session, actor, reason="测试")
    move_unit(act, facts_of, unit.id, parent.id, unit.version)


def test_a_college_that_moves_to_another_enterprise_comes_to_its_region(
    database: Database,
) -> None:
    with scratch(database) as session:
        units = plant(session)
        case = filed(session, units["room"], KINDS[0])
        assert session.get_one(OpenCase, case.id).region == "9900"
        _move(session, units["college"], units["shop"])
        session.expire_all()
        found = session.get_one(OpenCase, case.id)
        assert (found.path, found.region) == (units["room"].path, "1100")
        _move(session, units["shop"], units["bureau"])  # all of it, with its code
        session.expire_all()
        found = session.get_one(OpenCase, case.id)
        assert (found.path, found.region) == (units["room"].path, "1100")
        assert found.path.startswith(units["bureau"].path)


def test_a_register_moves_them_too(database: Database) -> None:
    """It lets codes change hands, and corrects paths level by level."""
    with scratch(database) as session:
        builders.root(session)
        codes = builders.uscc(901), builders.uscc(902)
        _import(session, ("a", "甲公司", codes[0]), ("b", "乙公司", codes[1]), below="a")
        units = {each.name: each for each in session.scalars(select(Unit))}
        for name in ("甲公司", "海洋学院", "潮汐实验室"):
            filed(session, units[name], KINDS[0])
        session.flush()
        assert kept(session) == as_it_is(session)
        former = kept(session)
        _import(session, ("a", "甲公司", codes[1]), ("b", "乙公司", codes[0]), below="b")
        assert kept(session) == as_it_is(session)
        assert kept(session) != former


def _import(session: Session, *firms: tuple[str, str, str], below: str) -> None:
    rows = [row(at + 2, key, name, uscc=code) for at, (key, name, code) in enumerate(firms)]
    rows += [row(8, "c", "海洋学院", below), row(9, "l", "潮汐实验室", "c")]
    counts = import_register(builders.act(session), iter(rows), register())
    assert counts.taken == counts.rows_read
    finish(session)


def test_the_rule_is_the_same_in_sql(database: Database) -> None:
    """Of open cases and of those that are over."""
    with scratch(database) as session:
        for kind, account in _combinations(session):
            case = filed(session, None, kind, account)
            expected = about(kind, account.kind if account else None)
            for counted in Counted:
                for only_open in (True, False):
                    condition = is_about(counted, only_open=only_open)
                    found = session.scalar(select(Case.id).where(Case.id == case.id, condition))
                    assert (found is not None) == (counted is expected), (kind, counted)
            session.execute(delete(Case).where(Case.id == case.id))


def _combinations(session: Session) -> Iterator[tuple[CaseKind, LegacyAccount | None]]:
    accounts = [None, *(legacy_account(session, kind=each) for each in AccountKind)]
    for kind in CASE_KINDS:
        for account in accounts if isinstance(kind, Blocker) else accounts[:1]:
            yield kind, account


@pytest.mark.parametrize("what", ["move", "recode"])
def test_what_is_filed_or_goes_on_while_its_unit_changes_is_kept_right(
    database: Database, what: str
) -> None:
    """Whichever comes first, and whoever has to wait for whom."""
    with transaction(database.sessions) as session:
        units = plant(session)
        ids = {name: unit.id for name, unit in units.items()}
        on_file = filed(session, units["room"], KINDS[0]).id

    def change(session: Session) -> None:
        sleep(0.2)
        if what == "move":
            college, shop = (session.get_one(Unit, ids[name]) for name in ("college", "shop"))
            _move(session, college, shop)
        else:
            session.get_one(Unit, ids["firm"]).uscc = _code("91370100")
            session.flush()
        sleep(0.4)

    def file(session: Session, before: float, after: float) -> None:
        sleep(before)
        filed(session, session.get_one(Unit, ids["room"]), KINDS[0])
        sleep(after)

    def go_on(session: Session) -> None:
        move_case(builders.act(session), session.get_one(Case, on_file), Move.ASK, Side.DESK)
        session.flush()
        sleep(0.8)  # longer than the change waits for who files first

    deeds = (
        change,
        go_on,
        partial(file, before=0, after=0.4),
        partial(file, before=0.4, after=0),
    )
    at_once(database, len(deeds), lambda session, which: deeds[which](session))
    with transaction(database.sessions) as session:
        found = kept(session)
        assert len(found) == 3
        assert found == as_it_is(session)
