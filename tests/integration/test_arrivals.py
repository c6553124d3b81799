"""What a sign-in through the portal leaves behind: person, level, representations (R10, R29)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app.audit.models import AuditEntry
from admin_app.errors import NotFound
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.arrivals import note_arrival, note_refusal
from admin_app.identity.claims import ReportedEnterprise
from admin_app.identity.models import (
    Person,
    PortalSubject,
    Representation,
    SignInSession,
    VerificationPeriod,
)
from admin_app.identity.queries import (
    find_person,
    get_person,
    person_id_number_masked,
    representations_of,
    representative_of,
)
from admin_app.identity.sessions import open_session
from admin_app.identity.vocabulary import AssuranceLevel, IdType, VerificationTooLow
from tests import builders
from tests.builders import act, identity
from tests.databases import Database
from tests.races import at_once

HOUR = timedelta(hours=1)


def company(sequence: int) -> ReportedEnterprise:
    """One that isn't on the platform: the builders number their own from 1."""
    return ReportedEnterprise(builders.uscc(50_000_000 + sequence), f"示例公司{sequence}")


def events(session: Session, person: Person) -> list[str]:
    session.flush()
    return list(
        session.scalars(
            select(AuditEntry.event)
            .where(AuditEntry.person_id == person.id)
            .order_by(AuditEntry.id)
        )
    )


def last_details(session: Session, event: str) -> dict[str, object]:
    session.flush()
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.event == event).order_by(AuditEntry.id.desc())
    ).first()
    assert entry is not None
    return entry.details


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def codes(session: Session, person: Person) -> list[str]:
    return [representation.uscc for representation, _ in representations_of(session, person.id)]


def signed_in(session: Session, person: Person) -> SignInSession:
    opened, _ = open_session(
        act(session),
        person,
        address="192.0.2.1",
        user_agent="test",
        id_token=None,
        idle=HOUR,
        lasts=HOUR,
    )
    return opened


class TestPerson:
    def test_the_first_sign_in_registers_the_person(self, session: Session) -> None:
        person = note_arrival(act(session), identity())

        assert (person.name, person.assurance_level) == ("示例甲", AssuranceLevel.INTERMEDIATE)
        assert find_person(
            session, builders.SEALER, IdType.RESIDENT_ID, builders.id_number(1)
        ) is get_person(session, person.id)
        assert events(session, person) == ["person.registered"]

    def test_the_number_is_stored_sealed_and_shown_masked(self, session: Session) -> None:
        person = note_arrival(act(session), identity())

        assert builders.id_number(1).encode() not in person.id_sealed
        shown = person_id_number_masked(builders.SEALER, person)
        assert shown == "990***********" + builders.id_number(1)[-4:]

    def test_coming_again_changes_the_time_alone(self, session: Session) -> None:
        first = note_arrival(act(session), identity())
        again = note_arrival(act(session, minutes=5), identity())

        assert again is first
        assert again.first_signed_in_at == builders.NOON
        assert again.last_signed_in_at == builders.NOON + timedelta(minutes=5)
        assert events(session, again) == ["person.registered"]

    def test_somebody_who_registered_anew_at_the_portal_is_the_same_person(
        self, session: Session
    ) -> None:
        """The ID number identifies, not the portal's own number."""
        first = note_arrival(act(session), identity())
        again = note_arrival(act(session), identity(subject="another"))

        assert again is first
        assert count(session, PortalSubject) == 2
        assert events(session, again) == ["person.registered", "person.changed"]

    def test_a_new_name_is_taken_and_the_former_one_recorded(self, session: Session) -> None:
        note_arrival(act(session), identity("示例甲"))
        person = note_arrival(act(session), identity("示例乙"))

        assert person.name == "示例乙"
        assert last_details(session, "person.changed") == {
            "former_name": "示例甲",
            "name": "示例乙",
        }

    def test_a_new_number_of_a_known_portal_account_is_taken(self, session: Session) -> None:
        """Such as a renewed permanent-residence card."""
        first = note_arrival(act(session), identity(sequence=1, subject="same"))
        again = note_arrival(act(session), identity(sequence=2, subject="same"))

        assert again is first
        number = builders.id_number(2)
        assert find_person(session, builders.SEALER, IdType.RESIDENT_ID, number) is again
        assert builders.SEALER.open(again.id_sealed) == number
        details = str(last_details(session, "person.changed"))
        assert builders.id_number(1) not in details
        assert number not in details

    def test_a_number_that_is_somebody_elses_leads_to_that_somebody(self, session: Session) -> None:
        one = note_arrival(act(session), identity(sequence=1, subject="one"))
        two = note_arrival(act(session), identity("示例乙", 2, subject="two"))
        session_of_one = signed_in(session, one)

        arrived = note_arrival(act(session), identity("示例乙", 2, subject="one"))

        assert arrived is two
        assert session_of_one.ended_at is not None
        link = session.get_one(PortalSubject, (builders.ISSUER, "one"))
        assert link.person_id == two.id
        assert last_details(session, "person.changed")["now_person_id"] == two.id
        assert events(session, two)[-1] == "person.changed"

    def test_nobody_below_intermediate_is_registered(self, session: Session) -> None:
        """R10, R22."""
        with pytest.raises(VerificationTooLow):
            note_arrival(act(session), identity(level=AssuranceLevel.BASIC))

        assert note_refusal(act(session), identity(level=AssuranceLevel.BASIC)) is None
        assert count(session, Person) == 0
        assert last_details(session, "session.refused") == {"level": "basic"}

    def test_somebody_unknown_is_out_of_reach(self, session: Session) -> None:
        with pytest.raises(NotFound):
            get_person(session, 1)


class TestLevel:
    def test_each_level_is_kept_with_its_time(self, session: Session) -> None:
        note_arrival(act(session), identity())
        person = note_arrival(act(session, minutes=9), identity(level=AssuranceLevel.ADVANCED))

        periods = session.scalars(select(VerificationPeriod).order_by(VerificationPeriod.id)).all()
        at = builders.NOON + timedelta(minutes=9)
        assert [(p.level, p.since, p.until) for p in periods] == [
            (2, builders.NOON, at),
            (3, at, None),
        ]
        assert last_details(session, "person.level_changed") == {
            "former": "intermediate",
            "level": "advanced",
        }
        assert person.level == 3

    def test_falling_below_ends_representations_and_sessions(self, session: Session) -> None:
        """R22, R29."""
        person = note_arrival(act(session), identity(enterprises=(company(1),)))
        before = signed_in(session, person)

        known = note_refusal(act(session), identity(level=AssuranceLevel.BASIC))

        assert known is person
        assert person.assurance_level is AssuranceLevel.BASIC
        assert codes(session, person) == []
        assert before.ended_at is not None
        assert events(session, person)[-4:] == [
            "person.level_changed",
            "representation.ended",
            "session.ended",
            "session.refused",
        ]

    def test_rising_again_lets_in_again(self, session: Session) -> None:
        note_arrival(act(session), identity())
        note_refusal(act(session), identity(level=AssuranceLevel.NONE))
        person = note_arrival(act(session), identity())

        assert person.assurance_level is AssuranceLevel.INTERMEDIATE
        assert count(session, VerificationPeriod) == 3

    def test_a_stranger_who_types_a_number_without_verification_harms_nobody(
        self, session: Session
    ) -> None:
        person = note_arrival(act(session), identity(enterprises=(company(1),)))
        stranger = identity(subject="stranger", level=AssuranceLevel.NONE)

        assert note_refusal(act(session), stranger) is None
        assert person.assurance_level is AssuranceLevel.INTERMEDIATE
        assert codes(session, person) == [company(1).uscc]

    def test_a_person_with_a_new_account_and_basic_verification_is_recognised(
        self, session: Session
    ) -> None:
        person = note_arrival(act(session), identity())
        anew = identity(subject="anew", level=AssuranceLevel.BASIC)

        assert note_refusal(act(session), anew) is person
        assert person.assurance_level is AssuranceLevel.BASIC

    def test_somebody_without_an_id_number_is_refused_and_recorded(self, session: Session) -> None:
        nobody = replace(identity(level=AssuranceLevel.NONE), id_type=None, id_number=None)

        assert note_refusal(act(session), nobody) is None


class TestRepresentations:
    def test_what_is_reported_begins_and_what_is_not_any_more_ends(self, session: Session) -> None:
        """R29: a capacity ends at the sign-in at which it is no longer reported."""
        note_arrival(act(session), identity(enterprises=(company(1), company(2))))
        person = note_arrival(
            act(session, minutes=7), identity(enterprises=(company(2), company(3)))
        )

        assert sorted(codes(session, person)) == sorted([company(2).uscc, company(3).uscc])
        ended = session.scalars(select(Representation).where(Representation.until.is_not(None)))
        assert [(row.uscc, row.until) for row in ended] == [
            (company(1).uscc, builders.NOON + timedelta(minutes=7))
        ]
        assert last_details(session, "representation.ended") == {"uscc": company(1).uscc}

    def test_the_last_report_wins_an_enterprise(self, session: Session) -> None:
        one = note_arrival(act(session), identity(enterprises=(company(1), company(2))))
        two = note_arrival(act(session), identity("示例乙", 2, enterprises=(company(1),)))

        assert codes(session, one) == [company(2).uscc]
        assert codes(session, two) == [company(1).uscc]
        assert last_details(session, "representation.ended")["successor_id"] == two.id
        assert last_details(session, "representation.began")["former_person_id"] == one.id

    def test_an_enterprise_is_found_by_its_credit_code_once_it_is_on_the_platform(
        self, session: Session
    ) -> None:
        """R54: first check whether the enterprise was ever registered."""
        department = builders.root(session)
        unit = builders.unit(session, department, "示例大学", UnitKind.FIRST_LEVEL)
        here = builders.enterprise(unit)
        person = note_arrival(act(session), identity(enterprises=(company(1), here)))

        found = {r.uscc: u for r, u in representations_of(session, person.id)}

        assert found == {company(1).uscc: None, unit.uscc: unit}
        assert representative_of(session, unit) is person
        assert representative_of(session, department) is None
        recorded = session.scalars(
            select(AuditEntry.unit_id).where(AuditEntry.event == "representation.began")
        )
        assert set(recorded) == {None, unit.id}

    def test_a_new_name_of_an_enterprise_is_taken(self, session: Session) -> None:
        renamed = ReportedEnterprise(company(1).uscc, "改名公司")
        note_arrival(act(session), identity(enterprises=(company(1),)))
        person = note_arrival(act(session), identity(enterprises=(renamed,)))

        assert [r.enterprise_name for r, _ in representations_of(session, person.id)] == [
            "改名公司"
        ]
        assert count(session, Representation) == 1


class TestAtTheSameMoment:
    def test_two_first_sign_ins_leave_one_person(self, database: Database) -> None:
        """A double click on the button is the commonest race of all."""

        def arrive(session: Session, _: int) -> int:
            return note_arrival(act(session), identity(enterprises=(company(1),))).id

        ids = at_once(database, 4, arrive)

        assert len(set(ids)) == 1
        with database.sessions() as session:
            for table in (Person, PortalSubject, VerificationPeriod, Representation):
                assert count(session, table) == 1

    def test_two_portal_accounts_of_one_number_leave_one_person(self, database: Database) -> None:
        def arrive(session: Session, which: int) -> int:
            return note_arrival(act(session), identity(subject=f"account-{which}")).id

        ids = at_once(database, 4, arrive)

        assert len(set(ids)) == 1
        with database.sessions() as session:
            assert (count(session, Person), count(session, PortalSubject)) == (1, 4)

    def test_two_people_who_report_the_same_enterprises_do_not_wait_in_a_circle(
        self, database: Database
    ) -> None:
        both = (company(1), company(2))

        def arrive(session: Session, which: int) -> int:
            mine = both if which % 2 else both[::-1]
            return note_arrival(act(session), identity(sequence=which + 1, enterprises=mine)).id

        people = at_once(database, 4, arrive)

        assert len(set(people)) == 4
        with database.sessions() as session:
            current = select(Representation.person_id).where(Representation.until.is_(None))
            assert len(set(session.scalars(current))) == 1
