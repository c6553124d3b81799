"""What is told as what, and when its mail goes out: rules without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.jobs.rules import CHINA, daily, nightly, pause_after
from admin_app.notices.rules import (
    ATTEMPTS_MOST,
    is_quiet,
    kind_of,
    mail_due_at,
    next_attempt,
)
from admin_app.notices.vocabulary import NoticeKind

moments = st.datetimes(
    min_value=datetime(2026, 1, 1),
    max_value=datetime(2030, 1, 1),
    timezones=st.just(UTC),
)
kinds = st.sampled_from(NoticeKind)
ordinary = kinds.filter(lambda kind: not kind.is_about_security)


@given(kinds, moments, st.booleans())
def test_mail_is_never_due_before_its_news_and_at_most_a_day_after(
    kind: NoticeKind, at: datetime, digest: bool
) -> None:
    assert at <= mail_due_at(kind, at, digest=digest) <= at + timedelta(days=1)


@given(ordinary, moments, st.booleans())
def test_nothing_ordinary_is_due_at_night(kind: NoticeKind, at: datetime, digest: bool) -> None:
    assert not is_quiet(mail_due_at(kind, at, digest=digest))


@given(kinds.filter(lambda kind: kind.is_about_security), moments, st.booleans())
def test_what_is_about_security_is_due_at_once(
    kind: NoticeKind, at: datetime, digest: bool
) -> None:
    assert mail_due_at(kind, at, digest=digest) == at


@given(ordinary, moments)
def test_a_digest_is_due_at_nine(kind: NoticeKind, at: datetime) -> None:
    local = mail_due_at(kind, at, digest=True).astimezone(CHINA)
    assert (local.hour, local.minute, local.second) == (9, 0, 0)


@pytest.mark.parametrize(
    ("hour", "quiet"), [(21, False), (22, True), (0, True), (7, True), (8, False)]
)
def test_the_quiet_hours_are_those_of_china(hour: int, quiet: bool) -> None:
    assert is_quiet(datetime(2026, 3, 3, hour, 59, tzinfo=CHINA)) is quiet


@given(st.integers(1, 40), moments)
def test_each_attempt_waits_as_long_as_the_one_before_or_longer(
    attempts: int, at: datetime
) -> None:
    assert timedelta(minutes=1) <= pause_after(attempts) <= pause_after(attempts + 1)
    assert pause_after(attempts) <= timedelta(hours=6)
    again = next_attempt(attempts, at)
    assert (again is None) == (attempts >= ATTEMPTS_MOST)
    assert next_attempt(attempts, at, down=True) is not None


@given(moments, st.integers(0, 23))
def test_a_daily_duty_is_due_within_a_day_and_later(at: datetime, hour: int) -> None:
    assert at < daily(hour)(at) <= at + timedelta(days=1)


@given(moments, st.integers(0, 20), st.integers(1, 3))
def test_a_nightly_duty_is_due_at_night_alone_and_soon_again(
    at: datetime, first: int, hours: int
) -> None:
    every = timedelta(minutes=5)
    due = nightly(first, first + hours, every)(at)
    assert at < due <= at + timedelta(days=1)
    assert first <= due.astimezone(CHINA).hour < first + hours
    if first <= (at + every).astimezone(CHINA).hour < first + hours:
        assert due == at + every


@pytest.mark.parametrize(
    ("topic", "kind"),
    [
        ("appointment.began", NoticeKind.OFFICE_BEGAN),
        ("application.declined", NoticeKind.APPLICATION_DECLINED),
        ("unit.urged", NoticeKind.UNIT_URGED),
        ("case.approved", NoticeKind.CASE_MOVED),
        ("case.filed", None),
        ("case.noted", None),
        ("weather.changed", None),
    ],
)
def test_topics_are_told_as_their_kind_and_unknown_ones_not_at_all(
    topic: str, kind: NoticeKind | None
) -> None:
    assert kind_of(topic, {"person_id": 1}) is kind


def test_nobody_is_told_what_they_did_themselves() -> None:
    assert kind_of("appointment.ended", {"person_id": 1, "by_person_id": 1}) is None
    assert kind_of("appointment.ended", {"person_id": 1, "by_person_id": 2}) is not None


def test_what_comes_along_with_something_told_isnt_told_again() -> None:
    assert kind_of("evidence.added", {"person_id": 1}) is NoticeKind.DESK_ANSWERED
    assert kind_of("evidence.added", {"person_id": 1, "along": True}) is None


@pytest.mark.parametrize(
    ("topic", "kind"),
    [
        ("case.filed", NoticeKind.UNIT_FORM_FILED),
        ("case.evidence_asked", NoticeKind.UNIT_FORM_ASKED),
        ("case.reviewed", NoticeKind.UNIT_FORM_MOVED),
        ("case.withdrawn", NoticeKind.UNIT_FORM_MOVED),
        ("case.approved", NoticeKind.CASE_MOVED),
        ("case.noted", None),
        ("case.assigned", NoticeKind.DESK_GIVEN),
    ],
)
def test_of_a_form_the_desk_filed_the_unit_is_told_instead_of_a_person(
    topic: str, kind: NoticeKind | None
) -> None:
    """Approval is told by what was done; as a person's it finds nobody."""
    assert kind_of(topic, {"person_id": None, "form": "unit_renamed"}) is kind


@pytest.mark.parametrize("kind", NoticeKind, ids=lambda kind: kind.value)
def test_every_kind_says_something_in_both_languages(kind: NoticeKind) -> None:
    values = dict.fromkeys(
        (
            "unit",
            "by",
            "ending",
            "account",
            "department",
            "deadline",
            "form",
            "case",
            "about",
            "due_on",
        ),
        "甲",
    )
    said = kind.sentence.format(**values, days=7)
    assert said.zh != said.en
    assert kind.label.zh != kind.label.en
