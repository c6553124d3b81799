"""Notices by SMS, through a real HTTP interface: to confirmed numbers, of what merits it, short."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from admin_app.cli.worker import Worker
from admin_app.database import transaction
from admin_app.identity.models import NoticeAddress, Person
from admin_app.identity.vocabulary import Channel
from admin_app.jobs.rules import CHINA
from admin_app.notices.models import Delivery
from admin_app.notices.operations import choose, confirm_number, give_number, remove_address
from admin_app.notices.rules import CLAIM_LASTS
from admin_app.notices.sending import claim
from admin_app.notices.telling import tell_waiting
from admin_app.notices.vocabulary import (
    AskedTooOften,
    CodeOver,
    DeliveryState,
    MobileMalformed,
    NoticeKind,
)
from admin_app.policy.actor import Actor
from admin_app.policy.vocabulary import Capacity
from admin_app.settings import Settings
from tests import builders
from tests.builders_notices import address, news
from tests.databases import Database
from tests.sms_server import SmsServerAtWork, sms_server

NUMBER = "13800000001"
NIGHT = datetime(2026, 3, 3, 23, 0, tzinfo=CHINA).astimezone(UTC)


@pytest.fixture
def gateway() -> Iterator[SmsServerAtWork]:
    with sms_server() as at_work:
        yield at_work


def settings_for(database: Database, url: str, **changes: object) -> Settings:
    return Settings(
        _env_file=None,
        environment="test",
        database_url=database.url,
        identity_keys=[builders.KEY],
        index_key=builders.KEY,
        public_url="https://console.example",
        sms={
            "url": url,
            "parameters": {"to": "{number}", "say": "{text}", "id": "{reference}"},
            "secrets": {"key": "of-the-gateway"},
            "success": '"code":0',
            "timeout_seconds": 5,
            **changes,
        },
    )  # type: ignore[arg-type]  # pydantic checks them


def works(database: Database, gateway: SmsServerAtWork, **changes: object) -> None:
    Worker(database.sessions, settings_for(database, gateway.url, **changes)).run(once=True)


def as_(person: Person) -> Actor:
    return Actor(name=person.name, capacity=Capacity.NATURAL_PERSON, person_id=person.id)


def mobile(session: Session, person: Person, **more: object) -> NoticeAddress:
    """A confirmed number."""
    made = address(session, person)
    made.channel, made.address_sealed = Channel.SMS, builders.SEALER.seal(NUMBER)
    for name, value in more.items():
        setattr(made, name, value)
    session.flush()
    return made


def deliveries(database: Database) -> list[Delivery]:
    with database.sessions() as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.id)))


def test_a_number_gets_notices_once_its_code_was_typed(
    database: Database, gateway: SmsServerAtWork
) -> None:
    with transaction(database.sessions) as session:
        person = builders.person(session)
        give_number(builders.act(session, as_(person)), "+86 138-0000-0001", "zh")
        news(session, person)
    works(database, gateway)
    (code_sent,) = gateway.taken
    assert code_sent["to"] == NUMBER
    code = code_sent["say"].split("验证码 ")[1][:6]
    with transaction(database.sessions) as session:
        act = builders.act(session, as_(person))
        assert not confirm_number(act, "x" * 6)
        assert confirm_number(act, code)
        news(session, person)
    works(database, gateway)
    said = gateway.taken[1]["say"]
    assert said.startswith("【一号通】原账号的绑定已撤销。")
    assert "https://console.example" in said


@pytest.mark.parametrize("encoding", ["form", "json", "query"])
def test_what_a_request_is_made_of_is_configuration(
    database: Database, gateway: SmsServerAtWork, encoding: str
) -> None:
    with transaction(database.sessions) as session:
        person = builders.person(session)
        mobile(session, person)
        news(session, person)
    headers = {"X-App": "console", "Idempotency-Key": "{reference}"}
    works(database, gateway, encoding=encoding, headers=headers)
    (taken,) = gateway.taken
    assert (taken["to"], taken["key"]) == (NUMBER, "of-the-gateway")
    assert gateway.headers[0]["X-App"] == "console"
    assert gateway.headers[0]["Idempotency-Key"] == taken["id"]
    (delivery,) = deliveries(database)
    assert (delivery.state, delivery.mail_id) == (DeliveryState.SENT, taken["id"])


def test_a_message_names_nobody(database: Database, gateway: SmsServerAtWork) -> None:
    with transaction(database.sessions) as session:
        person = builders.person(session, "示例甲")
        mobile(session, person, language="en")
        news(session, person)
    works(database, gateway)
    said = gateway.taken[0]["say"]
    assert said.startswith("[Yihaotong] A binding was undone.")
    assert "示例甲" not in said
    assert f"old-{person.id}" not in said


@pytest.mark.parametrize(
    ("status", "answer", "state"),
    [
        (503, "busy", DeliveryState.WAITING),
        (401, "who are you", DeliveryState.WAITING),
        (200, '{"code":13}', DeliveryState.WAITING),
        (400, "no such number", DeliveryState.GIVEN_UP),
    ],
)
def test_what_isnt_taken_is_tried_again_unless_it_never_will_be(
    database: Database, gateway: SmsServerAtWork, status: int, answer: str, state: DeliveryState
) -> None:
    with transaction(database.sessions) as session:
        person = builders.person(session)
        mobile(session, person)
        news(session, person)
    gateway.status, gateway.answer = status, answer
    works(database, gateway)
    (delivery,) = deliveries(database)
    assert delivery.state is state
    assert delivery.trouble == f"{status} {answer}"
    if state is DeliveryState.WAITING:
        gateway.status, gateway.answer = 200, '{"code":0}'
        with transaction(database.sessions) as session:
            session.execute(update(Delivery).values(due_at=builders.NOON))
        works(database, gateway)
        assert [each["to"] for each in gateway.taken] == [NUMBER]


def test_whose_answer_is_late_is_sent_again_and_delivered_once(
    database: Database, gateway: SmsServerAtWork
) -> None:
    """Nobody knows whether it was taken: the same number says so to whoever looks at it."""
    with transaction(database.sessions) as session:
        person = builders.person(session)
        mobile(session, person)
        news(session, person)
    gateway.known_by, gateway.pause = "id", 2.0
    works(database, gateway, timeout_seconds=0.5)
    (delivery,) = deliveries(database)
    assert delivery.state is DeliveryState.WAITING
    gateway.pause = 0.0
    with transaction(database.sessions) as session:
        session.execute(update(Delivery).values(due_at=builders.NOON))
    works(database, gateway)
    assert deliveries(database)[0].state is DeliveryState.SENT
    assert len(gateway.taken) == 2
    assert len(gateway.delivered) == 1


def test_no_secret_and_no_number_stands_in_what_went_wrong(database: Database) -> None:
    with transaction(database.sessions) as session:
        person = builders.person(session)
        mobile(session, person)
        news(session, person)
    Worker(
        database.sessions, settings_for(database, "http://127.0.0.1:9/send", encoding="query")
    ).run(once=True)
    (delivery,) = deliveries(database)
    assert delivery.state is DeliveryState.WAITING
    assert delivery.trouble == "ConnectionError"


def test_one_channel_being_down_doesnt_hold_up_the_other(
    database: Database, gateway: SmsServerAtWork
) -> None:
    with transaction(database.sessions) as session:
        person = builders.person(session)
        mobile(session, person)
        address(session, person)
        news(session, person)
    settings = settings_for(database, gateway.url)
    settings.mail.host, settings.mail.port, settings.mail.security = "127.0.0.1", 9, "none"
    Worker(database.sessions, settings).run(once=True)
    states = {each.channel: each.state for each in deliveries(database)}
    assert states == {Channel.MAIL: DeliveryState.WAITING, Channel.SMS: DeliveryState.SENT}


def test_only_what_merits_it_is_sent_and_what_is_wanted(session: Session) -> None:
    person = builders.person(session)
    given = mobile(session, person)
    for topic in ("account.bound", "case.reviewed", "case.evidence_asked", "account.unbound"):
        news(session, person, topic)
    tell_waiting(builders.act(session))
    kinds = {each.notice.kind for each in session.scalars(select(Delivery)) if each.notice}
    assert kinds == {NoticeKind.EVIDENCE_ASKED, NoticeKind.ACCOUNT_UNBOUND}
    choose(builders.act(session, as_(person)), Channel.SMS, [])
    assert NoticeKind.EVIDENCE_ASKED.value in given.muted
    news(session, person, "case.evidence_asked")
    tell_waiting(builders.act(session))
    assert len(session.scalars(select(Delivery)).all()) == 2


def test_at_night_only_security_is_sent(session: Session) -> None:
    person = builders.person(session)
    mobile(session, person)
    news(session, person, "case.evidence_asked")
    news(session, person, "account.unbound")
    tell_waiting(builders.act(session, at=NIGHT))
    night = builders.act(session, at=NIGHT + timedelta(hours=1))
    first = claim(night, Channel.SMS)
    assert first is not None
    assert [each.kind for each in first.notices] == [NoticeKind.ACCOUNT_UNBOUND]
    assert claim(night, Channel.SMS) is None
    assert claim(builders.act(session, at=NIGHT + timedelta(hours=9)), Channel.MAIL) is None
    morning = claim(builders.act(session, at=NIGHT + timedelta(hours=9)), Channel.SMS)
    assert morning is not None


def test_a_dead_workers_message_keeps_its_number(session: Session) -> None:
    person = builders.person(session)
    mobile(session, person)
    news(session, person)
    tell_waiting(builders.act(session))
    first = claim(builders.act(session), Channel.SMS)
    again = claim(builders.act(session, at=builders.NOON + CLAIM_LASTS * 2), Channel.SMS)
    assert first is not None
    assert again is not None
    assert again.mail_id == first.mail_id


@pytest.mark.parametrize(
    "typed", ["", "12345678901", "1380000000", "138000000011", "１３８00000001"]
)
def test_what_is_no_mobile_number_is_refused(session: Session, typed: str) -> None:
    person = builders.person(session)
    with pytest.raises(MobileMalformed):
        give_number(builders.act(session, as_(person)), typed, "zh")


def test_a_code_lasts_half_an_hour_and_five_tries(session: Session) -> None:
    person = builders.person(session)
    act = builders.act(session, as_(person))
    given = give_number(act, NUMBER, "zh")
    with pytest.raises(AskedTooOften):
        give_number(act, NUMBER, "zh")
    assert given.link_sealed is not None
    code = builders.SEALER.open(given.link_sealed)
    with pytest.raises(CodeOver):
        confirm_number(builders.act(session, as_(person), minutes=31), code)
    for _ in range(5):
        assert not confirm_number(act, "wrong")
    with pytest.raises(CodeOver):
        confirm_number(act, code)
    remove_address(act, Channel.SMS)
    assert session.scalars(select(Delivery)).all() == []
