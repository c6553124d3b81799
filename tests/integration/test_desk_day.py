"""The desk's day: many at once, saved views, turns, what is late, one case for one thing."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app.audit.act import PLATFORM, Act, Limits
from admin_app.audit.models import AuditEntry, OutboxMessage
from admin_app.database import transaction
from admin_app.errors import NotFound
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.models import StaffAccount
from admin_app.migration.blockers import Blocker
from admin_app.migration.progress import Hold
from admin_app.policy.actor import Actor
from admin_app.policy.vocabulary import Capacity, Refused
from admin_app.service_desk import desk, saved_views
from admin_app.service_desk.bulk import BULK_MOST, Chosen, in_bulk
from admin_app.service_desk.case_queries import history_of
from admin_app.service_desk.case_vocabulary import (
    AlreadyOnFile,
    CaseChanged,
    CaseState,
    NoSuchColleague,
    Priority,
)
from admin_app.service_desk.cases import file_case_about, file_own_case
from admin_app.service_desk.desk_models import SavedView
from admin_app.service_desk.desk_vocabulary import (
    AlreadyYours,
    HeldByColleague,
    IdNumberInSearch,
    NotADepartment,
    NothingChosen,
    TooManyChosen,
    TooManyViews,
    ViewNameMissing,
    ViewNameTaken,
)
from admin_app.service_desk.escalation import escalate
from admin_app.service_desk.models import Case
from admin_app.service_desk.saved_views import change_view, remove_view, save_view, views_of
from admin_app.service_desk.turns import find_departments, set_duty
from tests import builders
from tests.builders_cases import case_about
from tests.builders_desk import by_person, by_staff, filed, in_review, supporter
from tests.builders_migration import legacy_account
from tests.databases import Database
from tests.integration.test_binding import comes
from tests.races import at_once

IN_TURN = Limits(case_assignment=True)


def seen(*cases: Case) -> list[Chosen]:
    return [Chosen(case.id, case.version) for case in cases]


# --- Many at once ---------------------------------------------------------------------------


def test_each_case_is_done_in_its_own_right(session: Session) -> None:
    """What a colleague has, what was changed, what is one's own: told, and nothing overwritten."""
    one, other = supporter(session), supporter(session, "示例同事")
    free, changed, theirs, own = (case_about(session) for _ in range(4))
    desk.take(by_staff(session, other), theirs.id, theirs.version)
    desk.take(by_staff(session, one), own.id, own.version)
    chosen = seen(free, changed, theirs, own)
    desk.note(by_staff(session, other), changed.id, "等一下")
    results = in_bulk(by_staff(session, one), chosen, desk.take_free)
    assert [type(each.refusal) for each in results] == [
        type(None), CaseChanged, HeldByColleague, AlreadyYours
    ]  # fmt: skip
    assert (free.assignee_id, changed.assignee_id) == (one.staff_id, None)
    assert theirs.assignee_id == other.staff_id
    taken = select(func.count()).select_from(AuditEntry).where(AuditEntry.event == "case.taken")
    assert session.scalar(taken) == 3


def test_what_nobody_has_may_be_handed_out_and_ranked_by_everybody(session: Session) -> None:
    one, other = supporter(session), supporter(session)
    cases = [case_about(session) for _ in range(3)]
    assert other.staff_id is not None
    staff_id = other.staff_id
    results = in_bulk(
        by_staff(session, one),
        seen(*cases),
        lambda act, case_id, version: desk.hand_over(act, case_id, version, staff_id),
    )
    assert not any(each.refusal for each in results)
    assert {each.case.assignee_id for each in results} == {staff_id}
    results = in_bulk(
        by_staff(session, one),
        seen(*cases),
        lambda act, case_id, version: desk.rank(act, case_id, version, Priority.URGENT),
    )
    assert all(each.refusal for each in results)  # they are the colleague's now
    assert {each.case.urgency for each in results} == {1}


def test_too_many_none_and_unknown_are_refused_as_a_whole(session: Session) -> None:
    act, case = by_staff(session, supporter(session)), case_about(session)
    with pytest.raises(NothingChosen):
        in_bulk(act, [], desk.take_free)
    with pytest.raises(TooManyChosen):
        in_bulk(act, [Chosen(n, 1) for n in range(1, BULK_MOST + 2)], desk.take_free)
    with pytest.raises(NotFound):
        in_bulk(act, [*seen(case), Chosen(99_999, 1)], desk.take_free)
    assert case.assignee_id is None
    department = Actor("示例科员", Capacity.DEPARTMENT_STAFF, staff_id=1)
    with pytest.raises(Refused):
        in_bulk(by_staff(session, department), seen(case), desk.take_free)


def test_two_who_take_the_same_many_share_them(database: Database) -> None:
    with transaction(database.sessions) as session:
        staff = [supporter(session) for _ in range(2)]
        chosen = seen(*(case_about(session) for _ in range(6)))

    def take(session: Session, which: int) -> int:
        mine = chosen if which == 0 else chosen[::-1]
        results = in_bulk(by_staff(session, staff[which]), mine, desk.take_free)
        return sum(each.refusal is None for each in results)

    assert sum(at_once(database, 2, take)) == 6


# --- Canned answers -------------------------------------------------------------------------


def test_a_canned_answer_is_kept_so_that_each_reads_it_in_their_language(
    session: Session,
) -> None:
    one, case = supporter(session), case_about(session)
    in_review(session, case, one)
    desk.ask(by_staff(session, one), case.id, case.version, "周五之前", "id_card")
    entry = history_of(session, case.id, internal=False)[-1]
    assert entry.text == "周五之前"
    assert entry.canned is not None
    assert "身份证" in entry.canned.in_language("zh_Hans_CN")
    assert "ID card" in entry.canned.in_language("en")


# --- Saved views ----------------------------------------------------------------------------


def test_a_view_is_kept_renamed_shared_and_removed_by_its_owner(session: Session) -> None:
    one, other = supporter(session), supporter(session)
    assert one.staff_id is not None
    assert other.staff_id is not None
    view = save_view(by_staff(session, one), "  我的 合并 ", "kind=several_accounts", shared=False)
    assert view.name == "我的 合并"
    assert views_of(session, other.staff_id) == []
    with pytest.raises(ViewNameTaken):
        save_view(by_staff(session, one), "我的 合并", "state=all", shared=False)
    change_view(by_staff(session, one), view.id, "合并", shared=True)
    assert [each.name for each in views_of(session, other.staff_id)] == ["合并"]
    with pytest.raises(NotFound):
        change_view(by_staff(session, other), view.id, "x", shared=False)
    with pytest.raises(NotFound):
        remove_view(by_staff(session, other), view.id)
    session.get_one(StaffAccount, one.staff_id).active = False
    assert views_of(session, other.staff_id) == []  # theirs who has left
    session.get_one(StaffAccount, one.staff_id).active = True
    remove_view(by_staff(session, one), view.id)
    assert views_of(session, one.staff_id) == []
    events = session.scalars(
        select(AuditEntry.event).where(AuditEntry.event.like("desk_view.%")).order_by(AuditEntry.id)
    )
    assert list(events) == ["desk_view.saved", "desk_view.saved", "desk_view.removed"]


def test_what_no_view_may_be(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    act = by_staff(session, supporter(session))
    for name in ("", "  ", "长" * 41):
        with pytest.raises(ViewNameMissing):
            save_view(act, name, "state=all", shared=False)
    with pytest.raises(IdNumberInSearch):
        save_view(act, "某人", f"q={builders.id_number(1)}", shared=False)
    monkeypatch.setattr(saved_views, "VIEWS_MOST", 1)
    save_view(act, "一", "state=all", shared=False)
    with pytest.raises(TooManyViews):
        save_view(act, "二", "state=all", shared=False)
    assert session.scalar(select(func.count()).select_from(SavedView)) == 1


# --- Turns ----------------------------------------------------------------------------------


def test_new_cases_go_round_within_departments_and_past_who_is_away(session: Session) -> None:
    top = builders.root(session)
    ours = builders.unit(session, top, "甲局", UnitKind.DEPARTMENT)
    unit = builders.unit(session, ours, kind=UnitKind.FIRST_LEVEL)
    one, two, three = (supporter(session) for _ in range(3))
    assert one.staff_id
    assert two.staff_id
    assert three.staff_id
    set_duty(by_staff(session, one), two.staff_id, [ours.id], away=False)
    set_duty(by_staff(session, one), three.staff_id, None, away=True)

    def given(**where: object) -> int | None:
        return case_about(session, limits=IN_TURN, **where).assignee_id  # type: ignore[arg-type]

    assert [given(unit=unit) for _ in range(3)] == [one.staff_id, two.staff_id, one.staff_id]
    assert [given() for _ in range(2)] == [one.staff_id, one.staff_id]
    set_duty(by_staff(session, one), three.staff_id, None, away=False)
    assert given() == three.staff_id
    entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "desk_member.changed"))
    assert entry.first().details == {  # type: ignore[union-attr]
        "staff_id": two.staff_id, "departments": [ours.id], "away": False
    }  # fmt: skip


def test_without_the_setting_or_anybody_there_a_case_waits_for_somebody(session: Session) -> None:
    one = supporter(session)
    assert one.staff_id is not None
    assert case_about(session).assignee_id is None
    set_duty(by_staff(session, one), one.staff_id, None, away=True)
    assert case_about(session, limits=IN_TURN).assignee_id is None


def test_only_departments_and_members_of_support_have_turns(session: Session) -> None:
    top, one = builders.root(session, "演示省厅"), supporter(session)
    unit = builders.unit(session, top, "甲公司", UnitKind.FIRST_LEVEL)
    assert one.staff_id is not None
    assert find_departments(session, ["演示省厅", str(top.id)]) == [top.id, top.id]
    for name in ("甲公司", "没有", str(unit.id)):
        with pytest.raises(NotADepartment):
            find_departments(session, [name])
    with pytest.raises(NotADepartment):
        set_duty(by_staff(session, one), one.staff_id, [unit.id], away=None)
    with pytest.raises(NoSuchColleague):
        set_duty(by_staff(session, one), 99_999, None, away=True)


def test_two_cases_at_once_go_to_two(database: Database) -> None:
    with transaction(database.sessions) as session:
        staff = {supporter(session).staff_id for _ in range(3)}

    def file(session: Session, _which: int) -> int | None:
        return case_about(session, limits=IN_TURN).assignee_id

    assert set(at_once(database, 3, file)) == staff


# --- What is late ---------------------------------------------------------------------------


def at(day: date, session: Session) -> Act:
    return builders.act(session, PLATFORM, at=builders.NOON + (day - builders.NOON.date()))


def test_a_late_case_becomes_urgent_and_is_told_once_for_each_level(session: Session) -> None:
    """Due on Friday 6 March; everybody hears of it when three working days have gone by."""
    one, case = supporter(session), case_about(session)
    desk.take(by_staff(session, one), case.id, case.version)
    assert case.due_on == date(2026, 3, 6)
    told = select(OutboxMessage.payload).where(OutboxMessage.topic == "desk.late")
    for day, number in ((6, 0), (7, 1), (9, 0), (10, 0), (11, 1), (12, 0)):
        assert escalate(at(date(2026, 3, day), session)) == number, day
    assert (case.priority, case.urgency, case.escalated) == (Priority.URGENT, 0, 2)
    payloads = [(each["level"], each["staff_id"]) for each in session.scalars(told)]
    assert payloads == [(1, one.staff_id), (2, None)]
    entries = [each for each in history_of(session, case.id, internal=True) if each.is_internal]
    assert [each.author for each in entries if each.event == "case.escalated"] == [
        PLATFORM.name
    ] * 2
    assert history_of(session, case.id, internal=False) == []


def test_what_waits_for_the_person_or_is_over_is_not_late(session: Session) -> None:
    one, waiting = supporter(session), case_about(session)
    in_review(session, waiting, one)
    desk.ask(by_staff(session, one), waiting.id, waiting.version, "？")
    assert escalate(at(date(2026, 4, 1), session)) == 0
    assert waiting.priority is Priority.NORMAL


def test_two_workers_tell_once(database: Database) -> None:
    with transaction(database.sessions) as session:
        for _ in range(4):
            case_about(session, due_on=date(2026, 3, 2))
    late = at_once(database, 2, lambda s, _: escalate(at(date(2026, 3, 3), s)))
    assert sum(late) == 4


# --- One case for one thing -----------------------------------------------------------------


def test_what_the_desk_files_again_is_added_to_what_is_on_file(session: Session) -> None:
    account, _ = (legacy_account(session, number=builders.id_number(1)) for _ in range(2))
    case = filed(session, comes(session), Hold(Blocker.SEVERAL_ACCOUNTS, account.id))
    one = supporter(session)
    with pytest.raises(AlreadyOnFile):
        file_case_about(by_staff(session, one), account.id, "  ")
    assert file_case_about(by_staff(session, one), account.id, "来电补充：换过手机").id == case.id
    assert session.scalar(select(func.count()).select_from(Case)) == 1
    entry = history_of(session, case.id, internal=False)[-1]
    assert (entry.event, entry.text) == ("case.joined", "来电补充：换过手机")


def test_what_was_filed_for_somebody_becomes_theirs_when_they_file_it_themselves(
    session: Session,
) -> None:
    account, _ = (legacy_account(session, number=builders.id_number(1)) for _ in range(2))
    person = comes(session)
    case = filed(session, person, Hold(Blocker.SEVERAL_ACCOUNTS, account.id))
    case.person_id = None  # as if it had been filed before they came
    session.flush()
    own = file_own_case(
        by_person(session, person), person.id, Hold(Blocker.SEVERAL_ACCOUNTS, account.id), "还有"
    )
    assert (own.id, own.person_id, own.state) == (case.id, person.id, CaseState.FILED)
    assert history_of(session, case.id, internal=False)[-1].text == "还有"
