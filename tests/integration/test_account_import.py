"""Old accounts come in, each row accounted for; what has happened since is never overwritten."""

from collections.abc import Iterator
from pathlib import Path
from resource import getpagesize

import pytest
from argon2 import PasswordHasher
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from admin_app.audit.models import AuditEntry
from admin_app.audit.vocabulary import Event
from admin_app.delegation.arrival import note_arrival
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.register_vocabulary import Outcome
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.models import StaffAccount
from admin_app.identity.staff import check_staff_password
from admin_app.identity.vocabulary import IdType, StaffRole
from admin_app.migration import import_report
from admin_app.migration.arrivals import note_sign_in
from admin_app.migration.blockers import Blocker
from admin_app.migration.import_accounts import import_accounts
from admin_app.migration.import_rows import AccountRow
from admin_app.migration.import_vocabulary import RowCode
from admin_app.migration.models import LegacyAccount, StandingChange
from admin_app.migration.operations import bind
from admin_app.migration.standings import standing_of
from admin_app.migration.vocabulary import AccountKind, AccountState
from admin_app.policy.vocabulary import Refused
from tests import builders
from tests.builders_imports import (
    MD5,
    PASSWORD,
    SOURCE,
    WORDS,
    account,
    reasons,
    take_accounts,
)
from tests.databases import Database, scratch
from tests.effort import examples
from tests.world import build_world

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def stored(session: Session, external_id: str) -> LegacyAccount:
    session.expire_all()
    return session.scalars(
        select(LegacyAccount).where(LegacyAccount.external_id == external_id)
    ).one()


def enterprise(session: Session, parent: Unit, sequence: int = 901) -> Unit:
    code = builders.uscc(sequence)
    return builders.unit(session, parent, "演示公司", UnitKind.FIRST_LEVEL, code)


def _inner() -> str:
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(d) * w for d, w in zip("12345678", weights, strict=True))
    return "12345678" + "0123456789X0"[11 - total % 11]


def _code_with(inner: str) -> str:
    characters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = f"91990001{inner}"
    total = sum(characters.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + characters[(31 - total % 31) % 31]


INNER = _inner()
CODE_WITH_INNER = _code_with(INNER)


class TestPersonalAccounts:
    def test_an_account_is_found_by_its_number_and_waits_for_its_owner(
        self, session: Session
    ) -> None:
        counts, lines = take_accounts(session, [account(2, last_used="2019-05-06 08:00:00")])
        found = stored(session, "a2")
        assert (counts.created, lines) == (1, [])
        assert (found.username, found.name, found.kind) == ("user2", "示例2", AccountKind.PERSONAL)
        assert found.id_index == builders.SEALER.index("resident_id", builders.id_number(2))
        assert found.id_sealed is not None
        assert builders.SEALER.open(found.id_sealed) == builders.id_number(2)
        assert (found.password_scheme, found.password_hash) == ("md5", MD5)
        assert (found.state, found.blocker) == (AccountState.NOT_STARTED, Blocker.NOT_SIGNED_IN)
        assert found.last_used_at is not None
        assert found.last_used_at.isoformat() == "2019-05-06T00:00:00+00:00"

    def test_a_fifteen_digit_number_is_kept_as_the_one_the_portal_reports(
        self, session: Session
    ) -> None:
        take_accounts(session, [account(2, id_number="990001800606006")])
        found = stored(session, "a2")
        assert found.id_sealed is not None
        assert builders.SEALER.open(found.id_sealed).startswith("990001198006060")

    def test_a_wrong_check_digit_is_marked_and_taken(self, session: Session) -> None:
        right = builders.id_number(2)
        wrong = right[:17] + ("1" if right[17] != "1" else "2")
        _, lines = take_accounts(session, [account(2, id_number=wrong)])
        assert reasons(lines) == [(2, RowCode.ID_CHECK_WRONG)]
        assert stored(session, "a2").id_check_wrong

    def test_a_passport_is_stuck_from_the_start(self, session: Session) -> None:
        take_accounts(session, [account(2, id_type="passport", id_number="E12345678")])
        assert stored(session, "a2").blocker is Blocker.REGISTERED_BY_PASSPORT

    def test_somebody_who_has_come_already_is_asked_for_the_password_at_once(
        self, session: Session
    ) -> None:
        note_arrival(builders.act(session), builders.identity("示例2", 2))
        take_accounts(session, [account(2), account(3)])
        assert stored(session, "a2").state is AccountState.IN_PROGRESS
        assert stored(session, "a3").state is AccountState.NOT_STARTED

    def test_a_name_that_differs_is_told_to_somebody_who_has_come_already(
        self, session: Session
    ) -> None:
        note_arrival(builders.act(session), builders.identity("别人", 2))
        take_accounts(session, [account(2)])
        assert stored(session, "a2").blocker is Blocker.NAME_DIFFERS


class TestUnits:
    def test_a_unit_account_finds_its_unit_by_the_credit_code(self, session: Session) -> None:
        unit = enterprise(session, builders.root(session))
        take_accounts(session, [account(2, "unit", uscc=unit.uscc or "")])
        found = stored(session, "a2")
        assert (found.unit_id, found.uscc) == (unit.id, unit.uscc)
        assert found.state is AccountState.NOT_STARTED

    def test_an_account_from_before_2015_finds_it_by_the_organisation_code(
        self, session: Session
    ) -> None:
        unit = enterprise(session, builders.root(session), 3)  # the inner code is 000000030
        assert unit.uscc is not None
        session.execute(update(Unit).where(Unit.id == unit.id).values(uscc=CODE_WITH_INNER))
        take_accounts(session, [account(2, "unit", organisation_code=f"{INNER[:8]}-{INNER[8]}")])
        found = stored(session, "a2")
        assert (found.unit_id, found.uscc) == (unit.id, CODE_WITH_INNER)

    def test_it_takes_its_place_in_the_story_of_a_representative_who_has_come(
        self, session: Session
    ) -> None:
        unit = enterprise(session, builders.root(session))
        reported = (builders.enterprise(unit),)
        act = builders.act(session)
        person = note_arrival(act, builders.identity("示例甲", 1, enterprises=reported))
        assert person is not None
        note_sign_in(act, person)
        take_accounts(session, [account(2, "unit", unit=unit.name)])
        assert stored(session, "a2").state is AccountState.IN_PROGRESS
        stuck = account(3, name="别人", id_number=builders.id_number(1))
        take_accounts(session, [stuck])
        assert stored(session, "a3").blocker is Blocker.NAME_DIFFERS
        assert stored(session, "a2").blocker is Blocker.BLOCKED_BY_REPRESENTATIVE

    @pytest.mark.parametrize("code", ["", "none"])
    def test_an_enterprise_that_is_not_on_the_platform_is_stuck(
        self, session: Session, code: str
    ) -> None:
        builders.root(session)
        row = account(2, "unit", uscc=builders.uscc(77) if code else "")
        counts, lines = take_accounts(session, [row])
        assert counts.taken == 1
        assert [c for _, c in reasons(lines)] == [
            RowCode.UNIT_NOT_FOUND if code else RowCode.UNIT_MISSING
        ]
        assert stored(session, "a2").blocker is Blocker.ENTERPRISE_NOT_ON_PLATFORM

    def test_a_wrong_check_character_finds_nothing(self, session: Session) -> None:
        unit = enterprise(session, builders.root(session))
        assert unit.uscc is not None
        wrong = unit.uscc[:17] + ("0" if unit.uscc[17] != "0" else "1")
        _, lines = take_accounts(session, [account(2, "unit", uscc=wrong)])
        assert reasons(lines) == [(2, RowCode.CODE_CHECK_WRONG), (2, RowCode.UNIT_MISSING)]
        assert stored(session, "a2").unit_id is None

    def test_code_and_unit_that_contradict_each_other_are_not_guessed_about(
        self, session: Session
    ) -> None:
        root = builders.root(session)
        unit, other = (
            enterprise(session, root),
            builders.unit(session, root, "别的公司", UnitKind.FIRST_LEVEL, builders.uscc(902)),
        )
        row = account(2, "unit", uscc=unit.uscc or "", unit=other.uscc or "")
        _, lines = take_accounts(session, [row])
        assert reasons(lines) == [(2, RowCode.UNIT_CONTRADICTS)]
        assert stored(session, "a2").unit_id is None

    def test_administrators_follow_their_unit(self, session: Session) -> None:
        university = builders.unit(session, builders.root(session), None, UnitKind.FIRST_LEVEL)
        college = builders.unit(session, university, "海洋学院")
        rows = [
            account(2, "unit_administrator", unit=university.uscc or ""),
            account(3, "secondary_unit", unit=f"{university.name}/海洋学院"),
        ]
        _, lines = take_accounts(session, rows)
        assert lines == []
        found = stored(session, "a3")
        assert (found.unit_id, found.state, found.password_hash) == (college.id, None, None)

    def test_a_secondary_account_is_not_hung_on_the_unit_above(self, session: Session) -> None:
        university = builders.unit(session, builders.root(session), None, UnitKind.FIRST_LEVEL)
        row = account(3, "secondary_unit", unit=university.uscc or "")
        _, lines = take_accounts(session, [row])
        assert reasons(lines) == [(3, RowCode.UNIT_KIND_WRONG)]
        assert stored(session, "a3").unit_id is None


class TestStaff:
    @pytest.mark.parametrize(
        ("kind", "role"),
        [("department", StaffRole.DEPARTMENT_STAFF), ("manager", StaffRole.MANAGER)],
    )
    def test_departments_and_managers_carry_on_with_their_old_password(
        self, session: Session, kind: str, role: StaffRole
    ) -> None:
        root = builders.root(session)
        counts, lines = take_accounts(session, [account(2, kind, unit=root.name, username="Ｋe.J")])
        assert (counts.created, lines) == (1, [])
        clerk = session.scalars(select(StaffAccount)).one()
        assert (clerk.username, clerk.role, clerk.unit_id) == ("ke.j", role, root.id)
        found = stored(session, "a2")
        assert (found.state, found.password_hash) == (AccountState.MIGRATED, None)

        act = builders.act(session)
        wrong = check_staff_password(act, "ke.j", "wrong", "192.0.2.1", hasher=CHEAP)
        assert wrong.account is None
        right = check_staff_password(act, "KE.J", PASSWORD, "192.0.2.1", hasher=CHEAP)
        assert right.account is clerk
        assert clerk.password_hash.startswith("$argon2id$")
        again = check_staff_password(act, "ke.j", PASSWORD, "192.0.2.1", hasher=CHEAP)
        assert again.account is clerk

    @pytest.mark.parametrize("unit", ["", "没有这个局", "演示公司"])
    def test_without_its_department_it_is_refused(self, session: Session, unit: str) -> None:
        enterprise(session, builders.root(session))
        counts, lines = take_accounts(session, [account(2, "department", unit=unit)])
        assert counts.refused == 1
        assert RowCode.DEPARTMENT_NOT_FOUND in [code for _, code in reasons(lines)]
        assert session.scalar(select(func.count()).select_from(StaffAccount)) == 0

    def test_an_existing_staff_account_is_never_overwritten(self, session: Session) -> None:
        root = builders.root(session)
        clerk = StaffAccount(
            username="ke",
            name="原有",
            password_hash="!",
            role=StaffRole.PLATFORM_SUPPORT,
            created_at=builders.NOON,
        )
        session.add(clerk)
        _, lines = take_accounts(session, [account(2, "manager", unit=root.name, username="KE")])
        assert reasons(lines) == [(2, RowCode.STAFF_EXISTS)]
        session.refresh(clerk)
        assert (clerk.password_hash, clerk.role) == ("!", StaffRole.PLATFORM_SUPPORT)

    def test_a_second_import_leaves_the_new_password(self, session: Session) -> None:
        root = builders.root(session)
        row = account(2, "department", unit=root.name)
        take_accounts(session, [row])
        act = builders.act(session)
        check_staff_password(act, "user2", PASSWORD, "192.0.2.1", hasher=CHEAP)
        counts, lines = take_accounts(session, [row])
        assert (counts.unchanged, lines) == (1, [])
        clerk = session.scalars(select(StaffAccount)).one()
        assert clerk.password_hash.startswith("$argon2id$")


class TestAgain:
    def test_a_second_run_changes_nothing(self, session: Session) -> None:
        root = builders.root(session)
        unit = enterprise(session, root)
        rows = [
            account(2),
            account(3, "unit", uscc=unit.uscc or ""),
            account(4, "unit_administrator", unit=unit.name),
            account(5, "department", unit=root.name),
            account(6, id_type="passport", id_number="E12345678"),
            account(7, last_used="2020-01-01"),
        ]
        first, _ = take_accounts(session, rows)
        again, lines = take_accounts(session, rows, minutes=5)
        assert (first.created, again.unchanged, again.updated, lines) == (6, 6, 0, [])
        assert session.scalar(select(func.count()).select_from(StandingChange)) == 0

    def test_what_a_later_file_says_otherwise_is_corrected(self, session: Session) -> None:
        take_accounts(session, [account(2)])
        note_arrival(builders.act(session), builders.identity("示例2", 9))
        changed = account(2, id_number=builders.id_number(9), username="other")
        counts, _ = take_accounts(session, [changed], minutes=5)
        found = stored(session, "a2")
        assert (counts.updated, found.username) == (1, "other")
        assert found.id_index == builders.SEALER.index("resident_id", builders.id_number(9))
        assert found.state is AccountState.IN_PROGRESS

    def test_what_a_later_file_leaves_empty_stays(self, session: Session) -> None:
        take_accounts(session, [account(2, last_used="2020-01-01")])
        counts, _ = take_accounts(session, [account(2, id_number="", password_hash="")])
        assert counts.unchanged == 1
        assert stored(session, "a2").password_hash == MD5

    def test_a_corrected_number_keeps_what_kinship_is_seen_by(self, session: Session) -> None:
        take_accounts(session, [account(2)])
        before = stored(session, "a2").kin_index
        take_accounts(session, [account(2, id_number=builders.id_number(9))])  # born the same day
        assert stored(session, "a2").kin_index == before
        take_accounts(session, [account(2, id_type="passport", id_number="E12345678")])
        found = stored(session, "a2")
        assert (found.id_type, found.kin_index == before) == (IdType.PASSPORT, False)
        assert found.blocker is Blocker.REGISTERED_BY_PASSPORT

    def test_a_new_name_keeps_the_account_findable_by_kinship(self, session: Session) -> None:
        take_accounts(session, [account(2)])
        take_accounts(session, [account(2, name="改名", id_number="")])
        renamed = stored(session, "a2").kin_index
        take_accounts(session, [account(3, name="改名", id_number=builders.id_number(2))])
        assert stored(session, "a3").kin_index == renamed

    def test_a_bound_account_stays_bound_and_without_a_password(self, session: Session) -> None:
        take_accounts(session, [account(2)])
        person = note_arrival(builders.act(session), builders.identity("示例2", 2))
        note_sign_in(builders.act(session), person)
        found = stored(session, "a2")
        assert bind(builders.act(session), person.id, found.id, PASSWORD, consented=True).receipt
        assert take_accounts(session, [account(2)])[1] == []
        counts, lines = take_accounts(session, [account(2, name="别的名字")])
        assert (counts.unchanged, reasons(lines)) == (1, [(2, RowCode.BOUND_ALREADY)])
        found = stored(session, "a2")
        assert (found.name, found.password_hash) == ("示例2", None)
        assert found.state is AccountState.MIGRATED

    def test_a_unit_that_comes_later_frees_its_account(self, session: Session) -> None:
        root = builders.root(session)
        row = account(2, "unit", uscc=builders.uscc(901))
        take_accounts(session, [row])
        enterprise(session, root)
        counts, _ = take_accounts(session, [row], minutes=5)
        assert counts.updated == 1
        assert stored(session, "a2").state is AccountState.NOT_STARTED
        change = session.scalars(select(StandingChange)).one()
        assert change.former_blocker is Blocker.ENTERPRISE_NOT_ON_PLATFORM


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([account(2), account(3, external_id="a2")], [(3, RowCode.DUPLICATE_ROW)]),
        ([account(2), account(3, username="ＵSER2")], [(3, RowCode.USERNAME_TAKEN)]),
        ([account(2, kind="?")], [(2, RowCode.KIND_UNKNOWN)]),
        ([account(2, external_id="")], [(2, RowCode.NO_EXTERNAL_ID)]),
        ([account(2, external_id="x" * 101)], [(2, RowCode.EXTERNAL_ID_TOO_LONG)]),
        ([account(2, username=" ")], [(2, RowCode.USERNAME_MISSING)]),
        ([account(2, name="")], [(2, RowCode.NAME_MISSING)]),
        ([account(2, id_number="")], [(2, RowCode.ID_MISSING)]),
        ([account(2, id_number="123")], [(2, RowCode.ID_MALFORMED)]),
        ([account(2, id_type="?")], [(2, RowCode.ID_TYPE_UNKNOWN)]),
        ([account(2, password_hash="")], [(2, RowCode.PASSWORD_MISSING)]),
        ([account(2, password_scheme="rot13")], [(2, RowCode.SCHEME_UNKNOWN)]),
        ([account(2, password_hash="xyz")], [(2, RowCode.HASH_MALFORMED)]),
        ([account(2, last_used="long ago")], [(2, RowCode.DATE_UNKNOWN)]),
        ([account(2, unit="没有")], [(2, RowCode.UNIT_NOT_FOUND)]),
        ([AccountRow(2, surplus=True)], [(2, RowCode.ROW_TOO_LONG)]),
    ],
)
def test_each_oddity_is_reported(
    session: Session, rows: list[AccountRow], expected: list[tuple[int, RowCode]]
) -> None:
    builders.root(session)
    counts, lines = take_accounts(session, rows)
    refusals = [code for _, code in expected if code.outcome is Outcome.REFUSED]
    assert [(row, code) for row, code in reasons(lines)] == expected
    assert (counts.refused, counts.rows_read) == (len(refusals), len(rows))


def test_duplicates_are_found_across_batches(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_report, "BATCH", 2)
    rows = [account(n) for n in range(2, 7)] + [account(8, external_id="a2")]
    counts, lines = take_accounts(session, rows)
    assert (counts.created, counts.refused) == (5, 1)
    assert "2" in lines[0].reason.en


def test_a_kind_never_changes(session: Session) -> None:
    take_accounts(session, [account(2)])
    _, lines = take_accounts(session, [account(2, "unit")])
    assert (2, RowCode.KIND_CHANGED) in reasons(lines)
    assert "原个人账号" in lines[-1].reason.zh


def test_one_event_with_the_file_and_the_counts_is_recorded(session: Session) -> None:
    take_accounts(session, [account(2)])
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.event == Event.ACCOUNTS_IMPORTED.value)
    ).one()
    assert (entry.subject, entry.details["created"]) == ("演示账号.csv", 1)


def test_nobody_who_signs_in_imports_accounts(session: Session) -> None:
    world = build_world(session)
    with pytest.raises(Refused):
        import_accounts(builders.act(session, world.rector), iter(()), WORDS, SOURCE)


def test_no_id_number_stands_in_the_report(session: Session) -> None:
    right = builders.id_number(2)
    rows = [account(2, id_number=right[:17] + "?"), account(3, id_type="x"), account(4, unit="x")]
    _, lines = take_accounts(session, rows)
    assert right[:12] not in str(lines)


WRONG_CHECK = builders.id_number(2)[:17] + "0"
_ROWS = st.lists(
    st.builds(
        AccountRow,
        number=st.just(0),
        external_id=st.sampled_from(["1", "2", "3", ""]),
        kind=st.sampled_from([*(kind.value for kind in AccountKind), "?"]),
        username=st.sampled_from(["a", "A", "b", "c", "d", ""]),
        name=st.sampled_from(["示例甲", "甲", "", "\x00", "a" * 201]),
        id_type=st.sampled_from(["", "?", *(each.value for each in IdType)]),
        id_number=st.sampled_from([builders.id_number(1), WRONG_CHECK, "9", ""]),
        uscc=st.sampled_from(["", builders.uscc(901), builders.uscc(5), "91"]),
        organisation_code=st.sampled_from(["", INNER, "1"]),
        unit=st.sampled_from(["", "演示公司", "演示省科学技术厅", "none"]),
        password_scheme=st.sampled_from(["md5", "?"]),
        password_hash=st.sampled_from([MD5, "", "x"]),
        last_used=st.sampled_from(["", "2020-02-30", "2020-02-03"]),
        surplus=st.sampled_from([False, False, False, True]),
    ),
    max_size=10,
)  # fmt: skip


def _numbered(rows: list[AccountRow]) -> Iterator[AccountRow]:
    for number, row in enumerate(rows, start=2):
        yield AccountRow(
            number, *(getattr(row, name) for name in AccountRow.__slots__ if name != "number")
        )


@settings(max_examples=examples(40))
@given(first=_ROWS, second=_ROWS, somebody_came=st.booleans())
def test_every_row_of_any_file_is_accounted_for_and_each_account_stands_where_it_should(
    database: Database, first: list[AccountRow], second: list[AccountRow], somebody_came: bool
) -> None:
    with scratch(database) as session:
        enterprise(session, builders.root(session))
        if somebody_came:
            note_arrival(builders.act(session), builders.identity("示例甲", 1))
        for rows in (first, second):
            counts, lines = take_accounts(session, _numbered(rows))
            refused = [line.row for line in lines if line.outcome is Outcome.REFUSED]
            assert counts.rows_read == counts.taken + counts.refused == len(rows)
            assert counts.taken == counts.created + counts.updated + counts.unchanged
            assert len(refused) == len(set(refused)) == counts.refused
            changed = {line.row for line in lines if line.outcome is Outcome.CHANGED}
            assert (len(changed), changed & set(refused)) == (counts.changed, set())
        again, _ = take_accounts(session, _numbered(second))
        assert (again.created, again.refused) == (0, counts.refused)
        session.expire_all()
        for each in session.scalars(select(LegacyAccount)):
            if each.state is not None:
                now = standing_of(session, builders.SEALER, each)
                assert (each.state, each.blocker) == now


def test_many_rows_need_little_memory(session: Session) -> None:
    builders.root(session)
    most = 0

    def rows() -> Iterator[AccountRow]:
        for number in range(2, 30_002):
            yield account(number)

    def watch(*_: object) -> None:
        nonlocal most
        most = max(most, _resident_bytes())

    before = _resident_bytes()
    counts = import_accounts(builders.act(session), rows(), WORDS, SOURCE, progress=watch)
    assert counts.created == 30_000
    assert most - before < 120_000_000


def _resident_bytes() -> int:
    pages = Path("/proc/self/statm").read_text("ascii").split()[1]
    return int(pages) * getpagesize()
