"""No ID number in a page, an address, a header or a log: not of those appointed, not of visitors.

The one exception is the form in which somebody has just typed a number: it keeps what was typed.
"""

import io
import re
import sys
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from admin_app.audit.models import AuditEntry
from admin_app.delegation.models import Appointment
from admin_app.jobs.models import Job
from admin_app.migration.blockers import Blocker
from admin_app.migration.models import LegacyAccount, Receipt
from admin_app.notices.models import Notice
from admin_app.notices.telling import tell_waiting
from admin_app.service_desk.applications import accept, file_application
from admin_app.service_desk.cases import file_case
from admin_app.service_desk.models import Case, UnitApplication
from dashboards.panels import PANELS
from tests import builders
from tests.builders_migration import affiliation, legacy_account
from tests.guards.roles import ROLES, Role
from tests.guards.routes import doors
from tests.papers import text_of
from tests.web.stage import Stage
from tests.world import SEQUENCES

pytest_plugins = "tests.web.staging"

NUMBERS = {builders.id_number(sequence) for sequence in (*SEQUENCES.values(), 320)}
ANY_NUMBER = re.compile(r"(?<![\w.-])99000119\d{9}[\dX]")


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """All that the console logs."""
    lines = io.StringIO()
    monkeypatch.setattr(sys, "stderr", lines)
    return lines


@pytest.fixture
def appointed(stage: Stage, said: io.StringIO) -> Stage:
    """People appointed in every way: at once, pending, reassigned, ended, withdrawn, refused."""
    rector, world = stage.rector, stage.world
    with stage.writing() as session:
        for name, unit in (("外人", "物理学院"), ("校长", "演示大学")):
            number = builders.id_number(SEQUENCES[name])
            legacy_account(session, name, number, unit=world[unit])
    appointing = f"/office/unit/{world['物理学院'].id}/appoint"
    answers = []
    for name, sequence in (("外人", 105), ("外人", 103), ("新人", 106), ("某甲", 320)):
        number = builders.id_number(sequence)
        form = rector.open(appointing)
        answers.append(rector.submit(form, "指定", name=name, id_number=number))
    form = rector.follow(rector.open(stage.page_of("物理学院")), "撤回")
    answers.append(rector.submit(form, "确认撤回", reason="填错"))
    form = rector.follow(rector.open(stage.page_of("海洋学院")), "变更", within="administrators")
    number = builders.id_number(320)
    answers.append(rector.submit(form, "变更", name="某甲", id_number=number))
    assert [page.status for page in answers] == [200, 422, 200, 200, 200, 200]
    for page in answers:
        if page.status == 200:
            _require_clean(page.html, page.address)
    _members(stage)
    with stage.writing() as session:
        tell_waiting(builders.act(session))
    return stage


def _members(stage: Stage) -> None:
    """Somebody who waits to join a unit, somebody who joined, and one who belongs by an account."""
    world = stage.world
    with stage.writing() as session:
        for name in ("物理学院", "海洋学院"):
            act = builders.act(session, world.outsider, reason="试一试")
            filed = file_application(act, world[name].id)
        accept(builders.act(session, world.rector), filed.id)
        account = legacy_account(session, "某甲", builders.id_number(320))
        affiliation(session, account, world["海洋学院"])
        person = session.merge(world.people["外人"])
        file_case(builders.act(session), person, Blocker.OLD_PASSWORD, account.id)


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_no_page_shows_one(appointed: Stage, role: Role, caplog: pytest.LogCaptureFixture) -> None:
    visitor = role.enter(appointed)
    for address in _addresses(appointed):
        response = visitor.get(address)
        _require_clean(f"{response.headers}\n{text_of(response)}", address)
    _require_clean(caplog.text, "logs of libraries")


def test_no_log_holds_one(
    appointed: Stage, said: io.StringIO, caplog: pytest.LogCaptureFixture
) -> None:
    rector, number = appointed.rector, builders.id_number(105)
    for address in (
        f"/unit/{number}/",
        f"/office/appointment/{number}/end",
        f"/search/?q={number}",
        f"/units/?name={number}&at={number}",
        f"/{number}",
    ):
        page = rector.open(address)
        if page.status >= 400:
            _require_clean(page.root.text, address)
    assert said.getvalue().count('"event": "request"') > 10
    _require_clean(said.getvalue() + caplog.text, "logs")


def test_the_audit_trail_holds_none(appointed: Stage) -> None:
    with appointed.sessions() as session:
        for entry in session.scalars(select(AuditEntry)):
            _require_clean(f"{entry.subject} {entry.reason} {entry.details}", entry.event)


def test_the_database_holds_none_in_the_clear(appointed: Stage) -> None:
    with appointed.sessions() as session:
        for row in session.scalars(select(Appointment)):
            for number in NUMBERS:
                assert number.encode() not in row.id_sealed
                assert number.encode() not in row.id_index


def test_the_form_just_sent_keeps_what_was_typed_in_its_field_alone(appointed: Stage) -> None:
    rector, number = appointed.rector, builders.id_number(105)
    form = rector.open(f"/office/unit/{appointed.world['物理学院'].id}/appoint")
    page = rector.submit(form, "指定", name="", id_number=number)
    assert page.form("指定").fields["id_number"] == number
    assert page.html.count(number) == 1


# Ways to the portal, and Dash's own scripts.
_OF_NOBODY = ("signin.start", "signin.callback", "dashboard.bundle")


def _addresses(stage: Stage) -> Iterator[str]:
    """Every page there is, about every row there is."""
    units = [unit.id for unit in stage.world.units.values()]
    with stage.sessions() as session:
        appointments = list(session.scalars(select(Appointment.id)))
        applications = list(session.scalars(select(UnitApplication.id)))
        accounts = list(session.scalars(select(LegacyAccount.id)))
        entries = list(session.scalars(select(AuditEntry.id)))[-8:]
        notices = list(session.scalars(select(Notice.id)))[:20]
        receipts = list(session.scalars(select(Receipt.id)))
        cases = list(session.scalars(select(Case.id)))
        jobs = list(session.scalars(select(Job.id)))
    rows = {
        "unit_id": units[3:7],
        "joined_id": units[3:7],
        "application_id": applications,
        "appointment_id": appointments,
        "receipt_id": receipts or [1],
        "case_id": cases,
        "filed_id": cases,
        "scanned_id": cases,
        "evidence_id": [1],
        "own_evidence_id": [1],
        "account_id": accounts,
        "person_id": [person.id for person in stage.world.people.values()],
        "notice_id": notices,
        "secret": ["a-link-nobody-was-sent"],
        "key": entries,
        "export_type": ["csv"],
        "job_id": jobs or [1],
        "filename": ["console.css"],
        "slug": ["binding", "id-differs"],
        "name": ["dashboard.js"],
        "file": [f"{name}.csv" for name in PANELS],
    }
    for door in doors(stage.app):
        if door.method != "GET" or door.endpoint in _OF_NOBODY:
            continue
        if not door.arguments:
            yield door.address()
        for argument in door.arguments:
            yield from (door.address(**{argument: value}) for value in rows[argument])


def _require_clean(text: str, where: str) -> None:
    found = [number for number in NUMBERS if number in text]
    assert not found, where
    assert not ANY_NUMBER.search(text), where
