"""The entry of departments and managers: local accounts, and a wall for everybody else."""

import pytest
from flask import Flask
from sqlalchemy import select

from admin_app.audit.models import AuditEntry
from admin_app.identity.models import SignInSession, StaffAccount
from admin_app.identity.staff import add_staff
from admin_app.identity.vocabulary import StaffRole
from tests import builders
from tests.web.reading import Page
from tests.web.stage import Stage, Visitor

pytest_plugins = "tests.web.staging"

PASSWORD = "correct horse battery"


@pytest.fixture
def clerk(stage: Stage) -> Stage:
    """The world with one member of a bureau's staff."""
    with stage.writing() as session:
        bureau = stage.world["济南市科技局"].id
        act = builders.act(session)
        add_staff(act, "clerk", "科员", PASSWORD, StaffRole.DEPARTMENT_STAFF, bureau)
    return stage


def _try(visitor: Visitor, username: str, password: str, address: str = "/signin/staff") -> Page:
    page = visitor.open(address)
    return visitor.submit(page, "登录", username=username, password=password)


def test_staff_sign_in_with_their_local_account(clerk: Stage) -> None:
    """R19, R20."""
    page = _try(clerk.anonymous(), "Clerk", PASSWORD)
    assert (page.status, page.heading) == (200, "科员，您好")
    assert "主管部门工作人员 济南市科技局" in next(page.root.all("summary"))


def test_they_come_to_the_page_first_asked_for(clerk: Stage) -> None:
    page = _try(clerk.anonymous(), "clerk", PASSWORD, "/signin/staff?next=/tree/")
    assert page.address == "/tree/"


@pytest.mark.parametrize(
    ("username", "password"), [("clerk", "wrong"), ("nobody", PASSWORD), ("", "")]
)
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(
    clerk: Stage, username: str, password: str
) -> None:
    """Trap 2: the answer tells everybody else where their own way in is."""
    page = _try(clerk.anonymous(), username, password)
    assert page.status == 422
    assert "用户名或密码不正确。" in page
    assert "请从“自然人与法人登录”进入" in page
    assert page.form("登录").fields["username"] == username
    assert "password" not in {k for k, v in page.form("登录").fields.items() if v}


def test_failures_are_kept_and_throttle(clerk: Stage) -> None:
    visitor = clerk.anonymous()
    statuses = [_try(visitor, "clerk", "wrong").status for _ in range(6)]
    assert statuses == [422, 422, 422, 422, 422, 429]
    assert "分钟后再试" in _try(visitor, "clerk", PASSWORD)
    with clerk.sessions() as session:
        refusals = select(AuditEntry).where(AuditEntry.event == "session.refused")
        assert len(session.scalars(refusals).all()) == 6


def test_an_account_with_a_second_factor_is_not_let_in_by_its_password_alone(
    clerk: Stage,
) -> None:
    with clerk.writing() as session:
        account = session.scalars(select(StaffAccount)).one()
        account.second_factor_sealed = b"sealed"
    page = _try(clerk.anonymous(), "clerk", PASSWORD)
    assert page.status == 403
    assert "二次验证" in page
    with clerk.sessions() as session:
        staff = select(SignInSession).where(SignInSession.staff_id.is_not(None))
        assert session.scalars(staff).all() == []


def test_the_password_is_nowhere_in_the_log(
    clerk: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    _try(clerk.anonymous(), "clerk", PASSWORD)
    assert PASSWORD not in capsys.readouterr().err


def test_signing_out_needs_no_portal(clerk: Stage) -> None:
    visitor = clerk.anonymous()
    page = visitor.submit(_try(visitor, "clerk", PASSWORD), "退出登录")
    assert page.address == "/"
    assert "您已退出。" in page


def test_the_entry_is_there_without_any_database_of_people(console: Flask) -> None:
    assert Visitor(console.test_client()).open("/signin/staff").status == 200
