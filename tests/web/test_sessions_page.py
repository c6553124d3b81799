"""Where somebody is signed in: listed and ended by its owner, and by nobody else."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from admin_app.identity.models import SignInSession
from admin_app.policy.vocabulary import Capacity
from admin_app.views.sessions import device
from tests.web.stage import COOKIE, Stage, Visitor

pytest_plugins = "tests.web.staging"


def _a_device(stage: Stage) -> Visitor:
    """The same person on one device more."""
    return stage.person("校长", Capacity.LEGAL_REPRESENTATIVE, "演示大学")


def test_the_page_lists_ones_own_sign_ins_and_marks_this_one(stage: Stage) -> None:
    _a_device(stage)
    stage.dean.open("/")
    page = _a_device(stage).open("/sessions/")
    rows = [li for li in page.root.all("li") if "登录于" in li]
    assert len(rows) == 2
    assert sum("本次登录" in row for row in rows) == 1
    assert all("Chrome · Windows" in row for row in rows)


def test_ending_one_signs_that_device_out(stage: Stage) -> None:
    there, here = _a_device(stage), _a_device(stage)
    forms = here.open("/sessions/").forms
    (form,) = [form for form in forms if form.action.endswith("/end")]
    here.client.post(form.action, data=form.fields)
    page = here.open("/sessions/")
    assert "该登录已结束。" in page
    assert there.open("/sessions/").address == "/?next=/sessions/"
    assert here.open("/sessions/").status == 200


def test_ending_all_others_keeps_this_one(stage: Stage) -> None:
    there, elsewhere, here = (_a_device(stage) for _ in range(3))
    page = here.submit(here.open("/sessions/"), "确认结束")
    assert "已结束其他 2 处登录。" in page
    for gone in (there, elsewhere):
        assert gone.open("/sessions/").address == "/?next=/sessions/"
    assert here.open("/sessions/").status == 200


def test_nobody_ends_somebody_elses_session(stage: Stage) -> None:
    dean = stage.dean
    with stage.sessions() as session:
        owner = stage.world.people["院长"].id
        theirs = session.scalar(select(SignInSession.id).where(SignInSession.person_id == owner))
    rector = stage.rector
    fields = rector.open("/").form("退出登录").fields
    for number in (theirs, 999_999, 2**31 - 1, 2**63):
        answer = rector.client.post(f"/sessions/{number}/end", data=fields)
        assert answer.status_code == 404
    assert dean.open("/sessions/").status == 200


@pytest.mark.parametrize(
    "change",
    [
        {"last_seen_at": datetime.now(UTC) - timedelta(minutes=61)},
        {"expires_at": datetime.now(UTC) - timedelta(seconds=1)},
        {"ended_at": datetime.now(UTC)},
    ],
    ids=["unused for an hour", "twelve hours old", "ended"],
)
def test_a_session_ends_by_itself(stage: Stage, change: dict[str, datetime]) -> None:
    visitor = stage.rector
    with stage.writing() as session:
        session.execute(update(SignInSession).values(**change))
    assert visitor.open("/sessions/").address == "/?next=/sessions/"


def test_using_a_session_keeps_it_alive(stage: Stage) -> None:
    visitor = stage.rector
    earlier = datetime.now(UTC) - timedelta(minutes=50)
    with stage.writing() as session:
        session.execute(update(SignInSession).values(last_seen_at=earlier))
    visitor.open("/sessions/")
    with stage.sessions() as session:
        seen = session.scalar(select(SignInSession.last_seen_at))
    assert seen is not None
    assert datetime.now(UTC) - seen < timedelta(minutes=1)


def test_nobody_waits_to_be_noted_while_a_register_is_imported(stage: Stage) -> None:
    visitor = stage.rector
    earlier = datetime.now(UTC) - timedelta(minutes=5)
    with stage.writing() as session:
        session.execute(update(SignInSession).values(last_seen_at=earlier))
    with stage.writing():  # SQLite's one writer is busy
        began = time.monotonic()
        assert visitor.open("/sessions/").status == 200
        assert time.monotonic() - began < 2
    visitor.open("/sessions/")
    with stage.sessions() as session:
        assert session.scalar(select(SignInSession.last_seen_at)) != earlier


def test_signing_out_takes_the_token_away(stage: Stage) -> None:
    visitor = stage.rector
    page = visitor.submit(visitor.open("/"), "退出登录")
    assert "您已退出。" in page
    assert visitor.client.get_cookie(COOKIE) is None


def test_the_header_shows_the_capacity_on_each_page_and_switches_it(stage: Stage) -> None:
    """R29: what somebody may do is a matter of the capacity they act in."""
    visitor = stage.person("校长", Capacity.LEGAL_REPRESENTATIVE, "演示大学")
    page = visitor.open("/sessions/")
    summary = next(page.root.all("summary"))
    assert "法定代表人 演示大学" in summary
    page = visitor.submit(page, "自然人")
    assert "自然人 校长" in next(page.root.all("summary"))
    assert visitor.open("/units/").status == 403


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36", "Chrome · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari · iOS"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", "Firefox · Linux"),
        ("curl/8.5", ""),
    ],
)
def test_a_device_is_named_as_people_call_it(user_agent: str, name: str) -> None:
    assert device(user_agent) == name
