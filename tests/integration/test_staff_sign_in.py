"""Staff accounts and their passwords: equal answers, counted failures, no lasting lock (R19, R20).

Each attempt is a transaction of its own that is committed, as the web does.
"""

import hashlib
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app.audit.models import AuditEntry
from admin_app.database import transaction
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity import staff_passwords
from admin_app.identity.models import SignInAttempt, StaffAccount
from admin_app.identity.old_passwords import is_old_password
from admin_app.identity.queries import find_staff
from admin_app.identity.sessions import open_session
from admin_app.identity.staff import HASHER, StaffSignIn, add_staff, check_staff_password
from admin_app.identity.staff_passwords import NO_PASSWORD, legacy_hash
from admin_app.identity.throttle import (
    ACCOUNT_AT_ADDRESS_MOST,
    ACCOUNT_MOST,
    ADDRESS_MOST,
    delete_ended_windows,
    network_of,
)
from admin_app.identity.vocabulary import (
    DepartmentNeeded,
    PasswordTooWeak,
    PersonNameMissing,
    SignInFailed,
    SignInThrottled,
    StaffRole,
    UsernameMalformed,
    UsernameTaken,
)
from tests import builders
from tests.builders import NOON, act
from tests.databases import Database
from tests.races import at_once

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
RIGHT = "correct horse battery"
WRONG = "wrong horse battery"
HOME = "192.0.2.1"
QUARTER = 15


def elsewhere(number: int) -> str:
    return f"198.51.100.{number}"


def add(
    session: Session,
    username: str = "clerk",
    *,
    password: str = RIGHT,
    role: StaffRole = StaffRole.PLATFORM_SUPPORT,
    unit_id: int | None = None,
    name: str = "科员",
) -> StaffAccount:
    return add_staff(act(session), username, name, password, role, unit_id, hasher=CHEAP)


@pytest.fixture
def clerk(database: Database) -> StaffAccount:
    with transaction(database.sessions) as session:
        return add(session)


def attempt(
    database: Database,
    password: str = WRONG,
    *,
    username: str = "clerk",
    address: str = HOME,
    minutes: int = 0,
    hasher: PasswordHasher = CHEAP,
) -> StaffSignIn:
    with transaction(database.sessions) as session:
        moment = act(session, minutes=minutes)
        return check_staff_password(moment, username, password, address, hasher=hasher)


def lets_in(result: StaffSignIn) -> bool:
    return result.account is not None


def is_throttled(result: StaffSignIn) -> bool:
    assert result.account is None
    return isinstance(result.error, SignInThrottled)


def fail(database: Database, times: int, **how: object) -> None:
    for _ in range(times):
        assert isinstance(attempt(database, **how).error, SignInFailed)  # type: ignore[arg-type]


class TestAdding:
    def test_an_account_is_added_and_recorded(self, session: Session) -> None:
        account = add(session, " ＣＬＥＲＫ ")

        assert account.username == "clerk"
        assert find_staff(session, "Clerk") is account
        assert RIGHT not in account.password_hash
        entry = session.scalars(select(AuditEntry)).one()
        assert (entry.event, entry.subject) == ("staff.added", "科员 · clerk")

    def test_a_user_name_is_taken_once(self, session: Session) -> None:
        add(session)
        with pytest.raises(UsernameTaken):
            add(session, "CLERK")

        assert session.scalar(select(func.count()).select_from(StaffAccount)) == 1

    def test_two_people_who_take_a_user_name_at_once_share_one_account(
        self, database: Database
    ) -> None:
        def take(session: Session, _: int) -> bool:
            try:
                add(session)
            except UsernameTaken:
                return False
            return True

        assert sorted(at_once(database, 3, take)) == [False, False, True]

    @pytest.mark.parametrize(
        ("password", "username"),
        [("short", "clerk"), ("elevenchars", "clerk"), ("Clerk.Of.Jinan", "clerk.of.jinan")],
    )
    def test_a_weak_password_is_refused(
        self, session: Session, password: str, username: str
    ) -> None:
        with pytest.raises(PasswordTooWeak):
            add(session, username, password=password)

    @pytest.mark.parametrize("username", ["", "a", "two words", "<b>bold</b>", "x" * 101])
    def test_a_user_name_that_is_none_is_refused(self, session: Session, username: str) -> None:
        with pytest.raises(UsernameMalformed):
            add(session, username)

    def test_a_name_must_be_given(self, session: Session) -> None:
        with pytest.raises(PersonNameMissing):
            add(session, name=" ")

    def test_who_works_for_a_department_belongs_to_one(self, session: Session) -> None:
        department = builders.root(session)
        company = builders.unit(session, department, kind=UnitKind.FIRST_LEVEL)
        for role in (StaffRole.DEPARTMENT_STAFF, StaffRole.MANAGER):
            for unit_id in (None, company.id, 999_999):
                with pytest.raises(DepartmentNeeded):
                    add(session, role=role, unit_id=unit_id)
            account = add(session, role.value, role=role, unit_id=department.id)
            assert session.get_one(Unit, account.unit_id) is department

    def test_the_usual_parameters_are_argon2id_with_at_least_19_mib(self) -> None:
        stored = HASHER.hash(RIGHT)

        assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


class TestAnswers:
    def test_the_right_password_lets_in(self, database: Database, clerk: StaffAccount) -> None:
        result = attempt(database, RIGHT)

        assert result.account is not None
        assert result.account.id == clerk.id
        assert not result.needs_second_factor

    def test_a_full_width_keyboard_does_not_matter(
        self, database: Database, clerk: StaffAccount
    ) -> None:
        assert lets_in(attempt(database, "ｃｏｒｒｅｃｔ horse battery", username="ＣＬＥＲＫ"))

    def test_wrong_unknown_and_out_of_use_get_the_same_answer(
        self, database: Database, clerk: StaffAccount
    ) -> None:
        with transaction(database.sessions) as session:
            add(session, "retired").active = False

        answers = {
            str(attempt(database, password, username=username).error)
            for username, password in (
                ("clerk", WRONG),
                ("clerk", ""),
                ("nobody", RIGHT),
                ("retired", RIGHT),
                ("", ""),
            )
        }

        assert len(answers) == 1

    def test_unknown_names_cost_the_same_work(
        self, database: Database, clerk: StaffAccount, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """One check of a hash made with the same parameters, known or not."""
        checked: list[str] = []
        verify = PasswordHasher.verify

        def watch(self: PasswordHasher, stored: str, password: str) -> bool:
            checked.append(stored.rsplit("$", 2)[0])
            return verify(self, stored, password)

        monkeypatch.setattr(PasswordHasher, "verify", watch)
        attempt(database)
        attempt(database, username="nobody")

        assert len(checked) == 2
        assert checked[0] == checked[1]

    def test_a_second_factor_is_asked_for_where_there_is_one(
        self, database: Database, clerk: StaffAccount
    ) -> None:
        with transaction(database.sessions) as session:
            session.get_one(StaffAccount, clerk.id).second_factor_sealed = b"sealed"

        assert attempt(database, RIGHT).needs_second_factor
        assert not attempt(database, WRONG).needs_second_factor

    def test_a_hash_with_older_parameters_is_made_anew(
        self, database: Database, clerk: StaffAccount
    ) -> None:
        newer = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)

        assert lets_in(attempt(database, RIGHT, hasher=newer))

        with database.sessions() as session:
            stored = session.get_one(StaffAccount, clerk.id).password_hash
        assert stored != clerk.password_hash
        assert not newer.check_needs_rehash(stored)
        assert lets_in(attempt(database, RIGHT, hasher=newer))

    def test_an_account_whose_hash_is_no_hash_lets_nobody_in(
        self, database: Database, clerk: StaffAccount
    ) -> None:
        with transaction(database.sessions) as session:
            session.get_one(StaffAccount, clerk.id).password_hash = "!"
        with pytest.raises(InvalidHashError):
            CHEAP.verify("!", RIGHT)

        assert isinstance(attempt(database, RIGHT).error, SignInFailed)

    def test_refusals_are_recorded_without_names_nobody_has(
        self, database: Database, clerk: StaffAccount
    ) -> None:
        """People type their password into the field for the name."""
        attempt(database)
        attempt(database, username=RIGHT)

        with database.sessions() as session:
            entries = session.scalars(select(AuditEntry).where(AuditEntry.event.like("session.%")))
            recorded = [(entry.subject, entry.details["staff_id"]) for entry in entries]
        assert recorded == [("科员", clerk.id), ("", None)]


class TestThrottle:
    def test_after_five_failures_even_the_right_password_waits(
        self, database: Database, clerk: StaffAccount
    ) -> None:
        fail(database, ACCOUNT_AT_ADDRESS_MOST)
        result = attempt(database, RIGHT, minutes=1)

        assert is_throttled(result)
        assert result.error is not None
        assert "14 分钟" in result.error.sentence.zh

    def test_every_window_ends_by_itself(self, database: Database, clerk: StaffAccount) -> None:
        fail(database, ACCOUNT_AT_ADDRESS_MOST)
        for minutes in range(1, QUARTER):
            assert is_throttled(attempt(database, RIGHT, minutes=minutes))

        assert lets_in(attempt(database, RIGHT, minutes=QUARTER))

    def test_an_unknown_name_is_throttled_alike(self, database: Database) -> None:
        fail(database, ACCOUNT_AT_ADDRESS_MOST, username="nobody")

        assert is_throttled(attempt(database, username="NOBODY"))

    def test_success_clears_the_accounts_failures_at_the_address(
        self, database: Database, clerk: StaffAccount
    ) -> None:
        for _ in range(4):
            fail(database, ACCOUNT_AT_ADDRESS_MOST - 1)
            assert lets_in(attempt(database, RIGHT))

    def test_success_is_no_failure_of_the_address(
        self, database: Database, clerk: StaffAccount
    ) -> None:
        for _ in range(ADDRESS_MOST + 5):
            assert lets_in(attempt(database, RIGHT))

    def test_one_confused_colleague_does_not_stop_the_office(
        self, database: Database, clerk: StaffAccount
    ) -> None:
        """Attempts that were not let through to the password don't count against the address."""
        for _ in range(ADDRESS_MOST + 5):
            attempt(database, username="confused")

        assert lets_in(attempt(database, RIGHT))

    def test_an_address_that_tries_many_names_is_stopped(
        self, database: Database, clerk: StaffAccount
    ) -> None:
        for number in range(ADDRESS_MOST):
            fail(database, 1, username=f"name{number}")

        assert is_throttled(attempt(database, RIGHT))
        assert lets_in(attempt(database, RIGHT, address=elsewhere(1)))

    def test_many_addresses_against_one_account_are_stopped(
        self, database: Database, clerk: StaffAccount
    ) -> None:
        for number in range(ACCOUNT_MOST):
            fail(database, 1, address=elsewhere(number))

        assert is_throttled(attempt(database, RIGHT, address=elsewhere(99)))

    def test_nobody_can_lock_the_owner_out_at_their_usual_address(
        self, database: Database, clerk: StaffAccount
    ) -> None:
        with transaction(database.sessions) as session:
            hour = timedelta(hours=1)
            open_session(
                act(session, minutes=-60 * 24 * 30),
                session.get_one(StaffAccount, clerk.id),
                address=HOME,
                user_agent="",
                id_token=None,
                idle=hour,
                lasts=hour,
            )
        for number in range(ACCOUNT_MOST + 10):
            attempt(database, address=elsewhere(number))

        assert is_throttled(attempt(database, RIGHT, address=elsewhere(99)))
        assert lets_in(attempt(database, RIGHT, address=HOME))

    def test_being_throttled_is_recorded_once_a_window(
        self, database: Database, clerk: StaffAccount
    ) -> None:
        """A flood must not fill a trail from which nothing is deleted."""
        for _ in range(40):
            attempt(database)

        with database.sessions() as session:
            entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
            why = [e.details["why"] for e in entries if e.event == "session.refused"]
        assert why == ["wrong"] * ACCOUNT_AT_ADDRESS_MOST + ["throttled"]

    def test_counts_name_nobody_and_are_deleted_when_over(
        self, database: Database, clerk: StaffAccount
    ) -> None:
        attempt(database)
        attempt(database, address=elsewhere(1), minutes=5)
        with transaction(database.sessions) as session:
            assert all(len(b) == 32 for b in session.scalars(select(SignInAttempt.bucket)))
            delete_ended_windows(session, NOON + timedelta(minutes=QUARTER))
            left = session.scalars(select(SignInAttempt.window_ends_at)).all()
        assert left == [NOON + timedelta(minutes=QUARTER + 5)] * 2

    @pytest.mark.parametrize(
        ("address", "network"),
        [
            ("192.0.2.1", "192.0.2.1"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
            ("2001:db8::1:2:3:4", "2001:db8::/64"),
            ("", ""),
        ],
    )
    def test_a_line_that_changes_its_address_is_one(self, address: str, network: str) -> None:
        assert network_of(address) == network


@pytest.mark.usefixtures("clerk")
class TestAtTheSameMoment:
    def test_parallel_attempts_cannot_slip_through(self, database: Database) -> None:
        def guess(session: Session, _: int) -> bool:
            return is_throttled(
                check_staff_password(act(session), "clerk", WRONG, HOME, hasher=CHEAP)
            )

        throttled = at_once(database, 12, guess)

        assert throttled.count(False) == ACCOUNT_AT_ADDRESS_MOST

    def test_parallel_attempts_from_many_addresses_cannot_either(self, database: Database) -> None:
        for number in range(ACCOUNT_MOST - 3):
            fail(database, 1, address=elsewhere(number))

        def guess(session: Session, which: int) -> bool:
            address = elsewhere(100 + which)
            return is_throttled(
                check_staff_password(act(session), "clerk", WRONG, address, hasher=CHEAP)
            )

        assert at_once(database, 12, guess).count(False) == 3

    def test_right_and_wrong_passwords_together_do_not_wait_in_a_circle(
        self, database: Database
    ) -> None:
        def sign_in(session: Session, which: int) -> bool:
            password = RIGHT if which % 2 else WRONG
            address = elsewhere(which % 4)
            return lets_in(
                check_staff_password(act(session), "clerk", password, address, hasher=CHEAP)
            )

        assert at_once(database, 12, sign_in).count(True) == 6


class TestOldPasswords:
    """An account of the old platform begins with the hash it had there (R19, R20)."""

    @pytest.fixture
    def old_clerk(self, database: Database, clerk: StaffAccount) -> StaffAccount:
        with transaction(database.sessions) as session:
            account = session.get_one(StaffAccount, clerk.id)
            account.password_hash = legacy_hash("sm3", hashlib.new("sm3", b"old").hexdigest())
        return clerk

    def _hash(self, database: Database, clerk: StaffAccount) -> str:
        with database.sessions() as session:
            return session.get_one(StaffAccount, clerk.id).password_hash

    def test_the_first_good_sign_in_replaces_the_hash(
        self, database: Database, old_clerk: StaffAccount
    ) -> None:
        assert not lets_in(attempt(database, "wrong"))
        assert self._hash(database, old_clerk).startswith("legacy:sm3:")
        assert lets_in(attempt(database, "old"))
        assert self._hash(database, old_clerk).startswith("$argon2id$")
        assert lets_in(attempt(database, "old"))

    def test_the_old_hash_itself_is_no_password(
        self, database: Database, old_clerk: StaffAccount
    ) -> None:
        stored = self._hash(database, old_clerk)
        assert not lets_in(attempt(database, stored))
        assert not lets_in(attempt(database, stored.rsplit(":", 1)[1]))

    def test_whoever_has_no_password_gets_in_by_none(
        self, database: Database, clerk: StaffAccount
    ) -> None:
        with transaction(database.sessions) as session:
            session.get_one(StaffAccount, clerk.id).password_hash = NO_PASSWORD
        for typed in ("", NO_PASSWORD, "nobody has this password"):
            assert not lets_in(attempt(database, typed))

    @pytest.mark.parametrize("username", ["clerk", "old", "nobody"])
    def test_every_check_costs_one_modern_and_one_old_hash(
        self,
        database: Database,
        monkeypatch: pytest.MonkeyPatch,
        clerk: StaffAccount,
        username: str,
    ) -> None:
        """Whether the name is known, and whose hash it has, can't be told from the time."""
        with transaction(database.sessions) as session:
            old = hashlib.new("sm3", b"old").hexdigest()
            add(session, "old").password_hash = legacy_hash("sm3", old)
        done: list[str] = []

        def counted(scheme: str, stored: str, password: str) -> bool:
            if scheme:
                done.append("old")
            return is_old_password(scheme, stored, password)

        class Counting(PasswordHasher):
            def verify(self, hash: str | bytes, password: str | bytes) -> bool:
                done.append("modern")
                return bool(super().verify(hash, password))

        hasher = Counting(time_cost=1, memory_cost=8, parallelism=1)
        monkeypatch.setattr(staff_passwords, "is_old_password", counted)
        assert not lets_in(attempt(database, WRONG, username=username, hasher=hasher))
        assert sorted(done) == ["modern", "old"]
