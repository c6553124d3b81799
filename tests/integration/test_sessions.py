"""Sessions: rows that end by themselves, by their owner, and never by anybody else."""

import hashlib
from datetime import datetime, timedelta

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from admin_app.audit.models import AuditEntry
from admin_app.errors import NotFound
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.arrivals import note_arrival
from admin_app.identity.models import Person, SignInSession, StaffAccount
from admin_app.identity.sessions import (
    choose_capacity,
    delete_old_sessions,
    end_other_sessions,
    end_session,
    find_session,
    id_token_of,
    is_touch_due,
    open_session,
    sessions_of,
    touch_session,
)
from admin_app.identity.vocabulary import StaffRole
from admin_app.policy.actor import Actor
from admin_app.policy.vocabulary import Capacity
from tests import builders
from tests.builders import NOON, act, identity

IDLE = timedelta(hours=1)
LASTS = timedelta(hours=12)


def after(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def begin(
    session: Session, owner: Person | StaffAccount, *, minutes: int = 0, id_token: str | None = None
) -> tuple[SignInSession, str]:
    return open_session(
        act(session, minutes=minutes),
        owner,
        address="192.0.2.1",
        user_agent="Mozilla/5.0 " + "x" * 400,
        id_token=id_token,
        idle=IDLE,
        lasts=LASTS,
    )


def actor_of(person: Person) -> Actor:
    return Actor(person.name, Capacity.NATURAL_PERSON, person_id=person.id)


def events(session: Session) -> list[tuple[str, int | None, int | None]]:
    session.flush()
    return [
        (entry.event, entry.actor_person_id, entry.actor_staff_id)
        for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        if entry.event.startswith("session.")
    ]


@pytest.fixture
def person(session: Session) -> Person:
    return note_arrival(act(session), identity())


@pytest.fixture
def other(session: Session) -> Person:
    return note_arrival(act(session), identity("示例乙", 2))


@pytest.fixture
def staff(session: Session) -> StaffAccount:
    """The department's clerk; the row alone, for passwords have tests of their own."""
    account = StaffAccount(
        username="clerk",
        name="科员",
        password_hash="-",
        role=StaffRole.DEPARTMENT_STAFF,
        unit_id=builders.root(session).id,
        created_at=NOON,
    )
    session.add(account)
    session.flush()
    return account


class TestOpening:
    def test_the_token_opens_it_and_is_not_stored(self, session: Session, person: Person) -> None:
        opened, token = begin(session, person)

        assert find_session(session, token, after(1), IDLE) is opened
        assert opened.token_hash == hashlib.sha256(token.encode()).digest()
        assert len(token) >= 43  # 256 bits
        assert len(opened.user_agent) == 300
        assert events(session) == [("session.signed_in", person.id, None)]

    def test_each_sign_in_has_a_token_of_its_own(self, session: Session, person: Person) -> None:
        assert begin(session, person)[1] != begin(session, person)[1]

    @pytest.mark.parametrize("token", ["", "guess", "令牌"])
    def test_a_guessed_token_opens_nothing(
        self, session: Session, person: Person, token: str
    ) -> None:
        begin(session, person)

        assert find_session(session, token, NOON, IDLE) is None

    def test_the_portals_token_is_kept_sealed_for_signing_out(
        self, session: Session, person: Person
    ) -> None:
        opened, _ = begin(session, person, id_token="header.body.signature")
        without, _ = begin(session, person)

        assert b"body" not in (opened.id_token_sealed or b"")
        assert id_token_of(builders.SEALER, opened) == "header.body.signature"
        assert id_token_of(builders.SEALER, without) is None

    def test_its_owner_comes_with_it(self, session: Session, staff: StaffAccount) -> None:
        _, token = begin(session, staff)
        session.flush()
        session.expunge_all()

        found = find_session(session, token, NOON, IDLE)

        assert found is not None
        assert found.staff is not None
        assert "unit" not in inspect(found.staff).unloaded
        assert found.staff.unit is not None
        assert found.staff.unit.kind is UnitKind.DEPARTMENT
        assert found.staff.last_signed_in_at == NOON
        assert events(session) == [("session.signed_in", None, staff.id)]


class TestEndingByItself:
    def test_it_ends_when_unused_for_too_long(self, session: Session, person: Person) -> None:
        opened, token = begin(session, person)

        assert find_session(session, token, after(59), IDLE) is opened
        assert find_session(session, token, after(60), IDLE) is None

    def test_use_prolongs_it_but_not_beyond_its_longest(
        self, session: Session, person: Person
    ) -> None:
        opened, token = begin(session, person)
        for minutes in range(30, 12 * 60, 30):
            assert touch_session(session, opened, after(minutes))
            session.refresh(opened)

        assert find_session(session, token, after(12 * 60 - 1), IDLE) is opened
        assert find_session(session, token, after(12 * 60), IDLE) is None

    def test_use_is_noted_at_most_once_a_minute(self, session: Session, person: Person) -> None:
        opened, _ = begin(session, person)
        a_moment = NOON + timedelta(seconds=59)

        assert not is_touch_due(opened, a_moment)
        assert not touch_session(session, opened, a_moment)
        assert touch_session(session, opened, after(1))
        session.refresh(opened)
        assert opened.last_seen_at == after(1)

    def test_use_does_not_revive_what_was_ended(self, session: Session, person: Person) -> None:
        opened, token = begin(session, person)
        end_session(act(session, actor_of(person)), opened.id)
        touch_session(session, opened, after(2))

        session.refresh(opened)
        assert opened.last_seen_at == NOON
        assert find_session(session, token, after(2), IDLE) is None

    def test_a_staff_account_out_of_use_opens_nothing(
        self, session: Session, staff: StaffAccount
    ) -> None:
        _, token = begin(session, staff)
        staff.active = False
        session.flush()

        assert find_session(session, token, NOON, IDLE) is None


class TestEndingByTheOwner:
    def test_the_owner_sees_their_own_live_sessions(
        self, session: Session, person: Person, other: Person
    ) -> None:
        first, _ = begin(session, person)
        begin(session, other)
        second, _ = begin(session, person, minutes=30)

        assert sessions_of(session, actor_of(person)) == [second, first]
        now = after(75)
        assert sessions_of(session, actor_of(person), now=now, idle=IDLE) == [second]
        assert sessions_of(session, Actor("路人", Capacity.NATURAL_PERSON)) == []

    def test_signing_in_closes_what_ran_out(self, session: Session, person: Person) -> None:
        stale, _ = begin(session, person)
        fresh, _ = begin(session, person, minutes=61)

        assert sessions_of(session, actor_of(person)) == [fresh]
        assert stale.ended_at == after(61)

    def test_signing_out_and_ending_are_recorded_apart(
        self, session: Session, person: Person
    ) -> None:
        here, token = begin(session, person)
        there, _ = begin(session, person)
        mine = act(session, actor_of(person))
        end_session(mine, there.id)
        end_session(mine, here.id, signing_out=True)
        end_session(mine, here.id)

        assert find_session(session, token, NOON, IDLE) is None
        assert [event for event, *_ in events(session)] == [
            "session.signed_in",
            "session.signed_in",
            "session.ended",
            "session.signed_out",
        ]

    def test_somebody_elses_session_is_not_there(
        self, session: Session, person: Person, other: Person, staff: StaffAccount
    ) -> None:
        opened, token = begin(session, person)
        strangers = (
            actor_of(other),
            # The same number, but of a member of staff; and nobody at all.
            Actor("科员", Capacity.DEPARTMENT_STAFF, staff_id=person.id),
            Actor("路人", Capacity.NATURAL_PERSON),
        )
        for stranger in strangers:
            with pytest.raises(NotFound):
                end_session(act(session, stranger), opened.id)
            with pytest.raises(NotFound):
                choose_capacity(act(session, stranger), opened, "natural_person")
            assert end_other_sessions(act(session, stranger), keep_id=0) == 0
        with pytest.raises(NotFound):
            end_session(act(session, actor_of(person)), 999_999)

        assert find_session(session, token, NOON, IDLE) is opened

    def test_all_others_end_at_once(self, session: Session, person: Person, other: Person) -> None:
        here, _ = begin(session, person)
        begin(session, person)
        begin(session, person)
        begin(session, other)

        assert end_other_sessions(act(session, actor_of(person)), keep_id=here.id) == 2
        assert sessions_of(session, actor_of(person)) == [here]
        assert len(sessions_of(session, actor_of(other))) == 1


class TestCapacity:
    def test_the_capacity_chosen_is_remembered(self, session: Session, person: Person) -> None:
        opened, token = begin(session, person)
        choose_capacity(act(session, actor_of(person)), opened, "legal_representative:17")
        session.expunge_all()

        found = find_session(session, token, NOON, IDLE)

        assert found is not None
        assert found.capacity_key == "legal_representative:17"

    def test_a_key_no_capacity_could_have_is_refused(
        self, session: Session, person: Person
    ) -> None:
        opened, _ = begin(session, person)

        with pytest.raises(NotFound):
            choose_capacity(act(session, actor_of(person)), opened, "k" * 61)


def test_sessions_over_for_long_are_deleted(session: Session, person: Person) -> None:
    ended, _ = begin(session, person)
    end_session(act(session, actor_of(person), minutes=1), ended.id)
    live, _ = begin(session, person, minutes=2)

    assert delete_old_sessions(session, before=after(1)) == 0
    assert delete_old_sessions(session, before=after(5)) == 1
    assert session.scalars(select(SignInSession.id)).all() == [live.id]
