"""Notices by e-mail, with a real SMTP server: to confirmed addresses, retried, never at night."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.database import transaction
from admin_app.identity.models import NoticeAddress, Person
from admin_app.jobs.rules import CHINA
from admin_app.notices.letters import compose
from admin_app.notices.models import Delivery
from admin_app.notices.operations import confirm_address, give_address, remove_address
from admin_app.notices.rules import ATTEMPTS_MOST, CLAIM_LASTS
from admin_app.notices.sending import Outgoing, claim, note_failed, note_sent
from admin_app.notices.telling import tell_waiting
from admin_app.notices.vocabulary import (
    AskedTooOften,
    DeliveryState,
    EmailMalformed,
    LinkOver,
    NoticeKind,
)
from admin_app.policy.actor import Actor
from admin_app.policy.vocabulary import Capacity
from tests import builders
from tests.builders_notices import address, email_of, news, worker
from tests.databases import Database
from tests.mail_server import MailServerAtWork, mail_server

NIGHT = datetime(2026, 3, 3, 23, 0, tzinfo=CHINA).astimezone(UTC)


@pytest.fixture
def post() -> Iterator[MailServerAtWork]:
    with mail_server() as at_work:
        yield at_work


def _as(person: Person) -> Actor:
    return Actor(name=person.name, capacity=Capacity.NATURAL_PERSON, person_id=person.id)


def tell(session: Session, at: datetime = builders.NOON) -> None:
    while tell_waiting(builders.act(session, at=at)):
        pass


def deliveries(database: Database) -> list[Delivery]:
    with database.sessions() as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.id)))


def test_an_address_gets_notices_once_its_link_was_followed(
    database: Database, post: MailServerAtWork
) -> None:
    with transaction(database.sessions) as session:
        person = builders.person(session)
        now = datetime.now(UTC)
        give_address(builders.act(session, _as(person), at=now), "teacher@mail.example", "zh")
        news(session, person)
    worker(database, post.port).run(once=True)
    (mail,) = post.taken
    assert (mail["To"], mail["Subject"]) == ("teacher@mail.example", "请确认您的邮箱")
    body = mail.get_body(("plain",))
    assert body is not None
    link = re.search(r"https://console\.example/notices/mail/confirm/(\S+)", body.get_content())
    assert link is not None
    with transaction(database.sessions) as session:
        confirm_address(builders.act(session, _as(person), at=now), link[1])
        news(session, person)
    worker(database, post.port).run(once=True)
    assert [str(each["Subject"]) for each in post.taken[1:]] == ["原账号的绑定已撤销"]


def test_a_link_works_for_who_asked_for_it_alone_and_for_a_day(session: Session) -> None:
    mine, other = builders.person(session), builders.person(session)
    for each in (mine, other):
        give_address(builders.act(session, _as(each)), "teacher@mail.example", "zh")
    sealed = session.scalars(
        select(NoticeAddress.link_sealed).where(NoticeAddress.person_id == mine.id)
    ).one()
    assert sealed is not None
    secret = builders.SEALER.open(sealed)
    for person, minutes in ((other, 1), (mine, 24 * 60 + 1)):
        with pytest.raises(LinkOver):
            confirm_address(builders.act(session, _as(person), minutes=minutes), secret)
    confirm_address(builders.act(session, _as(mine), minutes=1), secret)
    with pytest.raises(LinkOver):
        confirm_address(builders.act(session, _as(mine), minutes=2), secret)


@pytest.mark.parametrize(
    "email",
    [
        "",
        "name",
        "name@",
        "@mail.example",
        "a b@mail.example",
        "a@b",
        "a@mail.example\nBcc: c@d.example",
    ],
)
def test_what_is_no_address_is_refused(session: Session, email: str) -> None:
    with pytest.raises(EmailMalformed):
        give_address(builders.act(session, _as(builders.person(session))), email, "zh")


def test_nobody_is_flooded_with_links(session: Session) -> None:
    person = builders.person(session)
    give_address(builders.act(session, _as(person)), "teacher@mail.example", "zh")
    with pytest.raises(AskedTooOften):
        give_address(builders.act(session, _as(person), minutes=4), "x@mail.example", "zh")
    give_address(builders.act(session, _as(person), minutes=5), "x@mail.example", "zh")


def test_an_address_taken_back_takes_what_was_still_to_go_there_with_it(
    database: Database, post: MailServerAtWork
) -> None:
    with transaction(database.sessions) as session:
        person = builders.person(session)
        address(session, person)
        news(session, person)
        tell(session)
        remove_address(builders.act(session, _as(person)))
    worker(database, post.port).run(once=True)
    assert (post.taken, deliveries(database)) == ([], [])


def test_a_mail_refused_for_now_is_tried_again_later(
    database: Database, post: MailServerAtWork
) -> None:
    _one_to_send(database)
    post.to_mails = "451 try later"
    worker(database, post.port).run(once=True)
    (waiting,) = deliveries(database)
    assert (waiting.state, waiting.attempts) == (DeliveryState.WAITING, 1)
    assert waiting.trouble == "451 try later"
    assert waiting.due_at > datetime.now(UTC) + timedelta(seconds=30)
    post.to_mails = "250 OK"
    worker(database, post.port).run(once=True)
    assert post.taken == []  # not yet
    _now_due(database)
    worker(database, post.port).run(once=True)
    (sent,) = deliveries(database)
    assert (sent.state, sent.attempts, len(post.taken)) == (DeliveryState.SENT, 2, 1)


def test_an_address_that_isnt_there_is_given_up_at_once(
    database: Database, post: MailServerAtWork
) -> None:
    _one_to_send(database)
    post.to_recipients = "550 no such user"
    worker(database, post.port).run(once=True)
    (given_up,) = deliveries(database)
    assert (given_up.state, given_up.trouble) == (DeliveryState.GIVEN_UP, "550 no such user")


def test_while_the_server_is_down_nothing_is_given_up(database: Database) -> None:
    _one_to_send(database)
    with mail_server() as gone:
        port = gone.port
    for _ in range(ATTEMPTS_MOST + 1):
        worker(database, port).run(once=True)
        _now_due(database)
    (waiting,) = deliveries(database)
    assert (waiting.state, waiting.attempts) == (DeliveryState.WAITING, ATTEMPTS_MOST + 1)


def test_what_a_dead_worker_claimed_is_claimed_again_under_the_same_number(
    session: Session,
) -> None:
    person = builders.person(session)
    address(session, person)
    news(session, person)
    tell(session)
    first = claim(builders.act(session))
    assert first is not None
    assert claim(builders.act(session, at=builders.NOON + CLAIM_LASTS)) is None
    again = claim(builders.act(session, at=builders.NOON + CLAIM_LASTS * 2))
    assert again is not None
    assert again.mail_id == first.mail_id
    assert again.address == email_of(person)


def test_who_was_thought_dead_changes_nothing_when_the_mail_is_somebody_elses_by_then(
    session: Session,
) -> None:
    person = builders.person(session)
    address(session, person)
    news(session, person)
    tell(session)
    slow = claim(builders.act(session))
    assert slow is not None
    quick = claim(builders.act(session, at=builders.NOON + CLAIM_LASTS * 2))
    assert quick is not None
    note_sent(builders.act(session), quick)
    note_failed(builders.act(session), slow, "timed out", for_good=True, down=False)
    assert session.scalars(select(Delivery.state)).all() == [DeliveryState.SENT]


def test_a_digest_is_one_mail_at_nine_and_security_doesnt_wait_for_it(session: Session) -> None:
    person = builders.person(session)
    address(session, person, digest=True)
    for topic in ("account.bound", "account.bound", "account.unbound"):
        news(session, person, topic)
    tell(session)
    at_once = _claimed(session, builders.NOON)
    assert [[each.kind for each in mail.notices] for mail in at_once] == [
        [NoticeKind.ACCOUNT_UNBOUND]
    ]
    nine = datetime(2026, 3, 4, 9, 0, tzinfo=CHINA).astimezone(UTC)
    (digest,) = _claimed(session, nine)
    assert [each.kind for each in digest.notices] == [NoticeKind.ACCOUNT_BOUND] * 2
    message = compose(digest, sender="a@b.example", public_url="https://console.example")
    assert message["Subject"] == "您有 2 条新通知"


def test_at_night_only_what_is_about_security_goes_out(session: Session) -> None:
    person = builders.person(session)
    address(session, person)
    news(session, person, "account.bound")
    tell(session)  # due at noon, but no worker ran until the night
    news(session, person, "account.unbound")
    tell(session, at=NIGHT)
    assert [mail.notices[0].kind for mail in _claimed(session, NIGHT)] == [
        NoticeKind.ACCOUNT_UNBOUND
    ]
    morning = NIGHT + timedelta(hours=9)
    assert [mail.notices[0].kind for mail in _claimed(session, morning)] == [
        NoticeKind.ACCOUNT_BOUND
    ]


def test_kinds_somebody_doesnt_want_arent_mailed_but_security_is(session: Session) -> None:
    person = builders.person(session)
    address(session, person, muted=[each.value for each in NoticeKind])
    for topic in ("account.bound", "account.unbound"):
        news(session, person, topic)
    tell(session)
    assert [mail.notices[0].kind for mail in _claimed(session, builders.NOON)] == [
        NoticeKind.ACCOUNT_UNBOUND
    ]


@pytest.mark.parametrize(
    ("language", "subject", "foot"),
    [("zh", "原账号已绑定", "请不要回复"), ("en", "Legacy account bound", "don't reply")],
)
def test_a_mail_says_the_same_in_text_and_html_and_the_readers_language(
    session: Session, language: str, subject: str, foot: str
) -> None:
    person = builders.person(session)
    address(session, person).language = language
    news(session, person, "account.bound")
    tell(session)
    (mail,) = _claimed(session, builders.NOON)
    message = compose(mail, sender="a@b.example", public_url="https://console.example")
    assert message["Subject"] == subject
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        assert part is not None
        content = part.get_content()
        assert f"old-{person.id}" in content
        assert f"https://console.example/notices/{mail.notices[0].id}/open" in content
        assert foot in content.replace("&#39;", "'")


def test_no_address_stands_in_what_is_printed_of_a_mail(session: Session) -> None:
    person = builders.person(session)
    address(session, person)
    news(session, person)
    tell(session)
    (mail,) = _claimed(session, builders.NOON)
    assert email_of(person) not in repr(mail)


def _claimed(session: Session, at: datetime) -> list[Outgoing]:
    """Every mail that goes out at a moment."""
    found = []
    while mail := claim(builders.act(session, at=at)):
        note_sent(builders.act(session, at=at), mail)
        found.append(mail)
    return found


def _one_to_send(database: Database) -> None:
    with transaction(database.sessions) as session:
        person = builders.person(session)
        address(session, person)
        news(session, person)


def _now_due(database: Database) -> None:
    with transaction(database.sessions) as session:
        for each in session.scalars(select(Delivery)):
            each.due_at = builders.NOON
