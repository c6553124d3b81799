"""Finding cases: by what was said, names, units and numbers; complete, bounded, within reach."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from admin_app.cli.worker import Worker
from admin_app.database import begin_writing
from admin_app.delegation.arrival import arrive
from admin_app.hierarchy.queries import within
from admin_app.hierarchy.vocabulary import SearchTooShort, UnitKind
from admin_app.identity.vocabulary import IdType
from admin_app.migration.models import LegacyAccount
from admin_app.policy.reach import EVERYWHERE, Reach
from admin_app.rollups.rules import day_of
from admin_app.service_desk import case_search, desk, search_index
from admin_app.service_desk.case_queries import with_units
from admin_app.service_desk.case_search import about_number, number_index, search_cases
from admin_app.service_desk.cases import answer, withdraw_case
from admin_app.service_desk.desk_models import CaseGram, CaseText, CaseToIndex
from admin_app.service_desk.desk_vocabulary import IdNumberInSearch
from admin_app.service_desk.models import Case
from admin_app.service_desk.papers.gathering import number_of
from admin_app.service_desk.papers.numbers import write_number
from admin_app.service_desk.search_index import index_waiting
from tests import builders
from tests.builders_cases import case_about
from tests.builders_desk import by_person, by_staff, supporter
from tests.builders_jobs import settings_for
from tests.databases import Database
from tests.effort import examples


def found(
    session: Session, typed: str, reach: Reach = EVERYWHERE, *, only_open: bool = False
) -> list[int]:
    statement = with_units(select(Case)).where(within(reach)).order_by(Case.id)
    if only_open:
        statement = statement.where(Case.ended_at.is_(None))
    where = search_cases(session, reach, typed, only_open=only_open).where
    return [case.id for case in session.scalars(statement.where(where))]


def test_a_case_is_found_by_all_that_is_told_of_it(session: Session) -> None:
    """R39-R43: statement, answer, note, canned answer, name, old user name, unit, number."""
    unit = builders.unit(session, builders.root(session), "演示海洋研究所", UnitKind.FIRST_LEVEL)
    case = case_about(
        session, "旧手机 13800138000 丢了", name="欧阳示例", unit=unit, username="SeaWolf77"
    )
    other = case_about(session, "别的事", name="示例路人")
    one = supporter(session)
    assert case.person is not None
    answer(by_person(session, case.person), case.id, "已经补办了")
    desk.note(by_staff(session, one), case.id, "字迹可疑")
    desk.take(by_staff(session, one), case.id, case.version)
    desk.ask(by_staff(session, one), case.id, case.version, "", "unclear")
    for typed in (
        "手机", "补办", "字迹可疑", "看不清", "欧阳", "seawolf", "ＳＥＡ", "海洋研究",
        "00138", str(case.id),
    ):  # fmt: skip
        assert case.id in found(session, typed), typed
        assert other.id not in found(session, typed), typed


def test_what_is_over_is_found_where_all_are_asked_for(session: Session) -> None:
    case = case_about(session, "请合并账号")
    assert case.person is not None
    withdraw_case(by_person(session, case.person), case.id)
    assert found(session, "合并") == [case.id]
    assert found(session, "合并", only_open=True) == []


def test_a_new_name_reported_by_the_portal_is_found_and_the_former_is_not(
    session: Session,
) -> None:
    builders.root(session)
    case = case_about(session, name="示例旧名")
    # The account keeps the name it was registered with, so that goes too.
    assert case.account is not None
    assert case.person is not None
    case.account.name = "登记名"
    number = case.person.id_sealed
    identity = builders.identity("示例新名", 1)
    identity = type(identity)(
        **{
            **{name: getattr(identity, name) for name in identity.__slots__},
            "id_number": builders.SEALER.open(number),
        }
    )
    arrive(builders.act(session), identity)
    session.flush()
    assert found(session, "新名") == [case.id]
    assert found(session, "旧名") == []


def test_the_number_on_the_paper_finds_its_case(session: Session) -> None:
    """R42: somebody reads it out on the telephone."""
    case = case_about(session, "请核实")
    case_about(session, "另一件")
    number = number_of(case)
    for typed in (number, number.replace("-", " "), number.replace("-", "")):
        assert found(session, typed) == [case.id]
    wrong = write_number(case.id, day_of(case.filed_at) - timedelta(days=1))
    assert found(session, wrong) == []


def test_an_id_number_is_neither_kept_nor_looked_for_as_words(session: Session) -> None:
    number = builders.id_number(42)
    case_about(session, f"我的身份证{number}，请核实")
    assert not any(number[6:14] in key for key in session.scalars(select(CaseText.key)))
    with pytest.raises(IdNumberInSearch):
        search_cases(session, EVERYWHERE, number, only_open=False)


def test_by_its_blind_index_an_id_number_finds_the_person_and_the_account(
    session: Session,
) -> None:
    case, _other = case_about(session), case_about(session)
    assert case.person is not None
    number = builders.SEALER.open(case.person.id_sealed)
    index = number_index(builders.SEALER, IdType.RESIDENT_ID, number)
    assert session.scalars(select(Case.id).where(about_number(index))).all() == [case.id]


@pytest.mark.parametrize("typed", ["", "账", "  "])
def test_one_character_is_too_little(session: Session, typed: str) -> None:
    with pytest.raises(SearchTooShort):
        search_cases(session, EVERYWHERE, typed, only_open=True)


def test_a_department_finds_the_cases_of_its_units_alone(session: Session) -> None:
    top = builders.root(session)
    ours = builders.unit(session, top, "甲局", UnitKind.DEPARTMENT)
    theirs = builders.unit(session, top, "乙局", UnitKind.DEPARTMENT)
    case = case_about(
        session, "请合并", unit=builders.unit(session, ours, kind=UnitKind.FIRST_LEVEL)
    )
    case_about(session, "请合并", unit=builders.unit(session, theirs, kind=UnitKind.FIRST_LEVEL))
    case_about(session, "请合并")
    assert found(session, "合并", Reach(ours.path)) == [case.id]
    assert len(found(session, "合并")) == 3


@pytest.mark.parametrize("only_open", [True, False])
def test_of_too_many_the_first_of_the_list_are_found_and_the_answer_says_so(
    session: Session, monkeypatch: pytest.MonkeyPatch, only_open: bool
) -> None:
    monkeypatch.setattr(case_search, "RARE", 3)
    monkeypatch.setattr(case_search, "HITS_MOST", 3)
    cases = [case_about(session, "登录不上").id for _ in range(5)]
    search = search_cases(session, EVERYWHERE, "登录", only_open=only_open)
    assert search.cut_short
    assert found(session, "登录", only_open=only_open) == (cases[:3] if only_open else cases[2:])
    monkeypatch.setattr(case_search, "HITS_MOST", 5)
    assert not search_cases(session, EVERYWHERE, "登录", only_open=only_open).cut_short


@pytest.mark.parametrize("only_open", [True, False])
def test_what_has_the_pairs_but_not_the_text_is_looked_at_up_to_a_bound(
    session: Session, monkeypatch: pytest.MonkeyPatch, only_open: bool
) -> None:
    monkeypatch.setattr(case_search, "RARE", 3)
    for _ in range(5):
        case_about(session, "录登录")
    monkeypatch.setattr(case_search, "LOOKED_MOST", 3)
    monkeypatch.setattr(case_search, "OPEN_MOST", 3)
    search = search_cases(session, EVERYWHERE, "登录登", only_open=only_open)
    assert search.cut_short
    monkeypatch.setattr(case_search, "LOOKED_MOST", 5)
    monkeypatch.setattr(case_search, "OPEN_MOST", 5)
    assert not search_cases(session, EVERYWHERE, "登录登", only_open=only_open).cut_short


def test_cases_of_others_crowd_nobody_out(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = builders.root(session)
    ours = builders.unit(session, top, "甲局", UnitKind.DEPARTMENT)
    case = case_about(
        session, "请合并", unit=builders.unit(session, ours, kind=UnitKind.FIRST_LEVEL)
    )
    for _ in range(4):
        case_about(session, "请合并")
    monkeypatch.setattr(case_search, "RARE", 2)
    monkeypatch.setattr(case_search, "HITS_MOST", 2)
    assert found(session, "合并", Reach(ours.path)) == [case.id]
    about = Case.account_id == case.account_id
    search = search_cases(session, EVERYWHERE, "合并", only_open=False, also=(about,))
    assert not search.cut_short
    assert session.scalars(select(Case.id).where(search.where)).all() == [case.id]


def test_cases_from_before_the_index_come_into_it_step_by_step(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in ("请合并账号", "忘记密码，请重设", ""):
        case_about(session, text)

    def index() -> tuple[object, object]:
        grams = session.execute(select(CaseGram.gram, CaseGram.case_id)).all()
        texts = session.execute(select(CaseText.case_id, CaseText.about, CaseText.key)).all()
        return sorted(map(tuple, grams)), sorted(map(tuple, texts))

    before = index()
    session.execute(delete(CaseGram))
    session.execute(delete(CaseText))
    waiting = select(Case.id)
    session.execute(insert(CaseToIndex).from_select(["case_id"], waiting))
    monkeypatch.setattr(search_index, "_AT_ONCE", 2)
    steps = [index_waiting(session) for _ in range(3)]
    assert [(len(step)) for step in steps] == [2, 1, 0]
    assert steps[0][0] > steps[0][1] > steps[1][0]  # the newest first
    assert index() == before


def test_an_old_account_that_an_import_renames_is_found_by_its_new_name(
    session: Session,
) -> None:
    case = case_about(session, name="示例旧名", username="OldName1")
    other = case_about(session, name="示例路人")
    assert case.account is not None
    values = {"id": case.account_id, "name": "示例新名", "username": "newname2"}
    session.execute(update(LegacyAccount), [values, {"id": other.account_id, "name": "示例路人"}])
    assert session.scalars(select(CaseToIndex.case_id)).all() == [case.id]
    assert index_waiting(session) == [case.id]
    assert index_waiting(session) == []
    assert found(session, "newname2") == [case.id]
    assert found(session, "oldname") == []


def test_nobody_needs_to_remember_the_index(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The worker writes what waits, and says in its log how far it has come."""
    with database.sessions() as session:
        begin_writing(session)
        cases = [case_about(session, "旧工单里的话").id for _ in range(3)]
        session.execute(delete(CaseText))
        session.execute(delete(CaseGram))
        session.execute(insert(CaseToIndex), [{"case_id": number} for number in cases])
        session.commit()
    with caplog.at_level("INFO", logger="yihaotong.worker"):
        Worker(database.sessions, settings_for(database, tmp_path)).run(once=True)
    with database.sessions() as session:
        assert found(session, "旧工单") == cases
        assert session.scalars(select(CaseToIndex.case_id)).all() == []
    assert f"3 cases indexed, down to number {cases[0]}" in caplog.text


TEXTS = st.text(alphabet="账号密码登录ab1 ，", max_size=12)


@settings(max_examples=examples(15))
@given(
    st.lists(TEXTS, min_size=1, max_size=4), st.text(alphabet="账号密登ab1", min_size=2, max_size=4)
)
def test_what_contains_the_text_is_found_and_nothing_else(
    database: Database, statements: list[str], typed: str
) -> None:
    def plain(text: str) -> str:
        return "".join(text.split())

    with builders.scratch(database) as session:
        cases = {
            case_about(session, text, username=f"x{n}y{n}").id: text
            for n, text in enumerate(statements)
        }
        expected = [number for number, text in cases.items() if plain(typed) in plain(text)]
        also = [n for n in cases if typed.isdigit() and n == int(typed)]
        assert found(session, typed) == sorted({*expected, *also})
