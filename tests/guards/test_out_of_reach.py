"""Every route × every role × rows out of reach: 404, or 403 without the right; nothing changes.

The routes come from the application itself, so that a new one is tried from its first day. What
the reviewed table of rights denies a capacity altogether is 403; whoever isn't signed in is sent
to the front door; everything else that lies out of reach isn't there: 404.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import func, select, update

from admin_app.audit.models import AuditEntry, OutboxMessage
from admin_app.delegation.models import Appointment
from admin_app.delegation.operations import appoint
from admin_app.identity.models import SignInSession, StaffAccount
from admin_app.identity.vocabulary import StaffRole
from admin_app.jobs.long_jobs import ask
from admin_app.jobs.models import Job
from admin_app.jobs.vocabulary import JobKind
from admin_app.migration.blockers import Blocker
from admin_app.migration.models import LegacyAccount, Receipt
from admin_app.migration.operations import bind
from admin_app.notices.models import Notice
from admin_app.notices.telling import tell_waiting
from admin_app.policy.actor import Actor
from admin_app.policy.vocabulary import Capacity, Permission
from admin_app.service_desk.applications import file_application
from admin_app.service_desk.cases import file_case
from admin_app.service_desk.evidence import attach_received
from admin_app.service_desk.evidence_vocabulary import EvidenceKind
from admin_app.service_desk.models import Case, Evidence, UnitApplication, Urging
from admin_app.service_desk.uploads import Upload
from admin_app.web.gate import Access
from tests import builders
from tests.builders_migration import PASSWORD, legacy_account
from tests.databases import Database
from tests.guards.digests import digest
from tests.guards.reviewed_table import grants
from tests.guards.roles import EVERY_UNIT, ROLES, Role
from tests.guards.routes import Door, doors
from tests.web.stage import Stage, Visitor, make_console, open_console
from tests.world import World, settle

# What no row has. Those that aren't numbers the database takes must not reach it at all.
MISSING = (0, 2**31 - 1)
MALFORMED = (
    "-1", "1.5", "1,2", "abc", "1;--", "０", "%00", "1%00", "1%2F2",
    str(2**31), str(2**63), "9" * 400,
)  # fmt: skip

# Routes about nothing but the visitor's own sign-in: they have no rows to be out of reach.
ABOUT_ONESELF = {
    "POST signin.switch_capacity",
    "POST signin.sign_out",
    "POST signin.staff_submit",
    "POST sessions.end_others",
    "POST cases.file",
    "POST desk_views.save",
    "POST mail.choose",
    "POST mail.give",
    "POST mail.remove",
    "POST notices.read",
    "POST sms.choose",
    "POST sms.confirm",
    "POST sms.give",
    "POST sms.remove",
}

# Pages about oneself: staff, who are no natural persons to the console, have none.
FOR_PERSONS_ALONE = {
    "GET applications.index",
    "GET my_data.export",
    "GET my_data.index",
    "GET my_history.index",
    "GET mail.index",
    "GET notices.index",
    "GET sms.index",
}
# Of these, what whoever works on cases has too.
TOLD_TO_THE_DESK_TOO = {"GET mail.index", "GET notices.index"}

# Handing in a file makes a row of one's own, and needs a right.
NEW_ROWS = {"POST imports.upload"}
# Routes that take rows from the form; a test of their own names those out of reach.
NAMED_IN_THE_FORM = {
    "POST members.decide",
    "POST urging.urge",
    "POST change_forms.file_missing",
    "POST desk_bulk.do",
}
# Routes that are sent a form and only read: what is typed has to stay out of addresses. Callbacks
# have a test of their own (tests/dashboards).
ONLY_ASKING = {"POST diagnosis.ask", "POST dashboard.callback", "POST desk.find"}

# Refusals without their page, as scripts get them: this is a long walk.
SHORT = {"X-Requested-With": "XMLHttpRequest"}

# What would make a form come true if nobody stood in its way.
FILLED_IN = {
    "name": "外人",
    "id_type": "resident_id",
    "id_number": builders.id_number(105),
    "reason": "试一试",
    "confirmed": "yes",
    "version": "1",
    "kind": "secondary",
    "uscc": "",
    "key": "natural_person",
}


@dataclass(frozen=True)
class Outside:
    """For one role, the values that lie out of reach for each argument a route can have."""

    stage: Stage
    role: Role

    def values(self, argument: str) -> Iterator[object]:
        yield from MISSING
        match argument:
            case "unit_id":
                yield from (self.stage.world[name].id for name in self.role.outside)
            case "appointment_id":
                yield from self._appointments()
            case "account_id":
                yield from self._accounts()
            case "person_id":
                yield from self._persons()
            case "session_id":
                yield from self._sessions()
            case "notice_id":
                yield from self._of_somebody_else(Notice)
            case "job_id":
                yield from self._of_somebody_else(Job)
            case "secret":
                yield "a-link-nobody-was-sent"
            case "receipt_id":
                yield from self._of_somebody_else(Receipt)
            case "case_id":
                yield from self._of_somebody_else(Case)
            case "view_id":
                pass  # nobody has saved any; a test of their own tells those of colleagues
            case "member_id":
                with self.stage.sessions() as session:
                    others = StaffAccount.role != StaffRole.PLATFORM_SUPPORT
                    yield from session.scalars(select(StaffAccount.id).where(others))
            case "filed_id":
                yield from self._cases()
            case "scanned_id" if self.role.capacity is not None and self.role.capacity.is_staff:
                yield from self._cases()
            case "scanned_id":
                yield from self._of_somebody_else(Case)
            case "evidence_id" | "own_evidence_id":
                yield from self._evidence(argument)
            case "application_id":
                yield from self._applications()
            case "joined_id":
                # Anybody may apply to any unit, but for these.
                yield from (self.stage.world[name].id for name in ("省科技厅", "青岛市科技局"))
            case "name" | "file":
                pass  # of charts and scripts: their rows are named in the address's search
            case "urging_id":
                yield from self._urgings()
            case "key" | "export_type":
                pass  # whole lists: who may see one sees all of it
            case "slug":
                pass  # articles of the help: everybody may read each of them
            case _:
                pytest.fail(f"say here what out of reach means for <{argument}>")

    def _appointments(self) -> list[int]:
        ids = [self.stage.world[name].id for name in self.role.outside]
        with self.stage.sessions() as session:
            found = session.scalars(select(Appointment.id).where(Appointment.unit_id.in_(ids)))
            return list(found)

    def _applications(self) -> list[int]:
        """Those of 邻居, who is none of the roles."""
        neighbour = self.stage.world.people["邻居"].id
        with self.stage.sessions() as session:
            filed = UnitApplication.person_id == neighbour
            return list(session.scalars(select(UnitApplication.id).where(filed)))

    def _urgings(self) -> list[int]:
        """Those of 邻居大学, of which none of the roles is in charge."""
        with self.stage.sessions() as session:
            urged = Urging.unit_id == self.stage.world["邻居大学"].id
            return list(session.scalars(select(Urging.id).where(urged)))

    def _accounts(self) -> list[int]:
        """Old accounts of those units, and the one of no unit for who doesn't see everything."""
        ids = [self.stage.world[name].id for name in self.role.outside]
        outside = LegacyAccount.unit_id.in_(ids)
        if self.role.outside:
            outside = outside | LegacyAccount.unit_id.is_(None)
        with self.stage.sessions() as session:
            return list(session.scalars(select(LegacyAccount.id).where(outside)))

    def _cases(self) -> list[int]:
        """Cases of those units, and the one about no unit for who doesn't see everything."""
        ids = [self.stage.world[name].id for name in self.role.outside]
        outside = Case.unit_id.in_(ids)
        if self.role.outside:
            outside = outside | Case.unit_id.is_(None)
        with self.stage.sessions() as session:
            return list(session.scalars(select(Case.id).where(outside)))

    def _evidence(self, argument: str) -> list[int]:
        """That of 移入; at the desk it is in reach of all who may ask for any."""
        if argument == "evidence_id" and self.role.capacity is Capacity.PLATFORM_SUPPORT:
            return []
        with self.stage.sessions() as session:
            return list(session.scalars(select(Evidence.id)))

    def _persons(self) -> list[int]:
        """The representatives of the universities beyond reach."""
        where = {"校长": "演示大学", "邻居": "邻居大学"}
        people = self.stage.world.people
        return [people[name].id for name, unit in where.items() if unit in self.role.outside]

    def _sessions(self) -> list[int]:
        """Sessions of 邻居, who is none of the roles."""
        neighbour = self.stage.world.people["邻居"].id
        with self.stage.sessions() as session:
            owned = SignInSession.person_id == neighbour
            return list(session.scalars(select(SignInSession.id).where(owned)))

    def _of_somebody_else(self, model: type[Any]) -> list[int]:
        """Those of 移入, who is none of the roles."""
        with self.stage.sessions() as session:
            return list(session.scalars(select(model.id)))


@pytest.fixture
def furnish() -> Callable[[Database], World]:
    return _people


@pytest.fixture
def peopled(settled: Stage) -> Stage:
    """The world with offices of every state on both sides of the border, and somebody signed in."""
    return settled


def _people(database: Database) -> World:
    settled = open_console(database, settle(database))
    _is_urged(settled)
    settled.arrives("路人", 301)
    for actor, unit in ((settled.world.rector, "物理学院"), (settled.world.neighbour, "邻居学院")):
        with settled.writing() as session:
            for name, sequence in (("路人", 301), ("新人", 106)):
                candidate = builders.candidate(name, sequence)
                appoint(builders.act(session, actor), settled.world[unit].id, candidate)
    with settled.writing() as session:
        for number, name in enumerate((*EVERY_UNIT, "无人公司", "物理学院", None)):
            unit = settled.world[name] if name else None
            legacy_account(session, "旧人", builders.id_number(400 + number), unit=unit)
    settled.person("邻居")
    _moves_in(settled)
    neighbour = settled.world.acting("邻居", Capacity.NATURAL_PERSON)
    with settled.writing() as session:
        for unit in ("物理学院", "邻居学院"):
            act = builders.act(session, neighbour, reason="试一试")
            file_application(act, settled.world[unit].id)
    return settled.world


def _is_urged(stage: Stage) -> None:
    """邻居大学 by its department."""
    bureau = stage.staff(StaffRole.DEPARTMENT_STAFF, "青岛市科技局")
    number = stage.world["邻居大学"].id
    page = bureau.submit(bureau.open("/urging/"), "督办所选", chosen=f"{number}:appoint")
    assert page.status == 200


def _moves_in(stage: Stage) -> None:
    """移入 has bound an account, which has a receipt, and has a case on file about another."""
    with stage.writing() as session:
        accounts = [legacy_account(session, "移入", builders.id_number(330))]
        person = builders.person(session, "移入", 330)
        act = builders.act(session)
        assert bind(act, person.id, accounts[0].id, PASSWORD, consented=True).receipt
        accounts.append(legacy_account(session, "移入", builders.id_number(330)))
        file_case(act, person, Blocker.SEVERAL_ACCOUNTS, accounts[1].id)
        for name in ("海洋学院", "邻居学院", "无人公司"):
            unit = stage.world[name]
            account = legacy_account(session, "移入", builders.id_number(330), unit=unit)
            case = file_case(act, person, Blocker.SEVERAL_ACCOUNTS, account.id)
        upload = Upload(EvidenceKind.OTHER, "a.pdf", "application/pdf", b"%PDF-1.7 %%EOF")
        storage = stage.app.extensions["yihaotong.storage"]
        attach_received(builders.act(session), storage, case.id, [upload])
        session.flush()
        own = replace(act, actor=Actor("移入", Capacity.NATURAL_PERSON, person_id=person.id))
        parameters = {"list": "units", "search": {}, "format": "csv"}
        key = Capacity.NATURAL_PERSON.value
        title = JobKind.LIST_EXPORT.label
        ask(own, JobKind.LIST_EXPORT, title, parameters, capacity_key=key, language="zh")
        # Of all that has happened only this is told: everybody else's notices are their own.
        told = OutboxMessage.payload["person_id"].as_integer() != person.id
        session.execute(update(OutboxMessage).where(told).values(told_at=builders.NOON))
        tell_waiting(act)


def _with_arguments() -> list[Door]:
    files = ("static", "dashboard.asset", "dashboard.bundle")  # the same for everybody
    return [door for door in doors(make_console()) if door.arguments and door.endpoint not in files]


def _without_arguments() -> list[Door]:
    return [door for door in doors(make_console()) if not door.arguments]


def _expected(door: Door, role: Role, *, hidden: int = 404) -> set[int]:
    """``hidden``: what somebody with the right is told."""
    if role.capacity is None and door.need is not Access.ALL:
        return {401}  # to somebody who opens a page: the front door, as a test below shows
    if isinstance(door.need, Permission) and not grants(role.capacity, door.need):
        return {403}
    return {hidden}


@pytest.fixture
def without_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that forms come as far as they can; ``test_tokens`` shows that they come no further."""
    monkeypatch.setitem(make_console().config, "WTF_CSRF_ENABLED", False)


@pytest.mark.usefixtures("without_tokens")
def test_rows_out_of_reach_are_not_there(peopled: Stage, role: Role) -> None:
    visitor, outside = role.enter(peopled), Outside(peopled, role)
    before, wrong = digest(peopled), []
    for door in _with_arguments():
        (argument,) = door.arguments
        for value in outside.values(argument):
            status = _ask(visitor, door, door.address(**{argument: value}))
            if status not in _expected(door, role):
                wrong.append(f"{door} {argument}={value}: {status}")
        former, before = before, digest(peopled)
        if before != former:
            wrong.append(f"{door} changed something")
    assert wrong == []


@pytest.mark.usefixtures("without_tokens")
@pytest.mark.parametrize("role", [ROLES[0], ROLES[8], ROLES[-1]], ids=str)
def test_malformed_and_huge_numbers_are_no_rows(peopled: Stage, role: Role) -> None:
    visitor = role.enter(peopled)
    before = digest(peopled)
    wrong = []
    for door in _with_arguments():
        (argument,) = door.arguments
        for value in MALFORMED:
            address = door.address(**{argument: quote(value, safe="%/")})
            status = _ask(visitor, door, address)
            if status not in _expected(door, role) | {404}:
                wrong.append(f"{address}: {status}")
    assert wrong == []
    assert digest(peopled) == before


@pytest.mark.usefixtures("without_tokens")
def test_whoever_is_not_signed_in_is_sent_to_the_front_door(peopled: Stage) -> None:
    """And comes back from there to the page first asked for, but not to a form once sent."""
    visitor = peopled.anonymous()
    for door in doors(peopled.app):
        if door.need is Access.ALL:
            continue
        address = door.address(**_somewhere(peopled, door))
        response = visitor.client.open(address, method=door.method)
        assert response.status_code == 302, door
        back = f"/?next={quote(address)}" if door.method == "GET" else "/"
        assert response.headers["Location"] == back, door


def test_pages_without_a_subject_open_for_whoever_has_the_right(peopled: Stage, role: Role) -> None:
    visitor = role.enter(peopled)
    before, wrong = digest(peopled), []
    for door in _without_arguments():
        if door.method != "GET" or door.endpoint.startswith("signin."):
            continue
        missing = str(door) in FOR_PERSONS_ALONE and bool(role.capacity and role.capacity.is_staff)
        told = role.capacity is Capacity.PLATFORM_SUPPORT and str(door) in TOLD_TO_THE_DESK_TOO
        missing = missing and not told
        missing = missing or door.endpoint == "dashboard.list"  # no mark leads nowhere
        hidden = 404 if missing else 200
        expected = {200} if door.need is Access.ALL else _expected(door, role, hidden=hidden)
        status = _ask(visitor, door, door.address())
        if status not in expected:
            wrong.append(f"{door}: {status} instead of {expected}")
    assert wrong == []
    assert digest(peopled) == before


def test_only_ones_own_sign_in_is_changed_without_naming_a_row() -> None:
    """A new route that writes belongs into the walk, or here with a reason."""
    written = {str(door) for door in _without_arguments() if door.method != "GET"}
    assert written == ABOUT_ONESELF | NAMED_IN_THE_FORM | ONLY_ASKING | NEW_ROWS


@pytest.mark.usefixtures("without_tokens")
def test_asking_by_form_changes_nothing_and_needs_the_right(peopled: Stage, role: Role) -> None:
    visitor = role.enter(peopled)
    before, wrong = digest(peopled), []
    for door in _without_arguments():
        if str(door) in ONLY_ASKING:
            status = _ask(visitor, door, door.address())
            if status not in _expected(door, role, hidden=200) | {302, 400, 422}:
                wrong.append(f"{door}: {status}")
    assert wrong == []
    assert digest(peopled) == before


@pytest.mark.usefixtures("without_tokens")
def test_nobody_acts_in_a_capacity_that_is_not_theirs(peopled: Stage, role: Role) -> None:
    visitor = role.enter(peopled)
    before = digest(peopled)
    world = peopled.world
    for key in (
        f"legal_representative:{world['邻居大学'].id}",
        f"unit_administrator:{world['邻居学院'].id}",
        "security_administrator:1",
        "",
        "x" * 5000,
    ):
        response = visitor.client.post("/capacity", data={"key": key})
        assert response.status_code == (404 if role.capacity else 302), key
    assert digest(peopled) == before


@pytest.mark.usefixtures("without_tokens")
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_no_route_knows_other_methods(peopled: Stage, method: str) -> None:
    visitor = peopled.rector
    before = digest(peopled)
    statuses = {
        visitor.client.open(door.address(**_somewhere(peopled, door)), method=method).status_code
        for door in doors(peopled.app)
    }
    assert statuses == {405}
    assert digest(peopled) == before


@pytest.mark.usefixtures("without_tokens")
def test_a_row_out_of_reach_can_not_be_named_in_a_form_either(peopled: Stage) -> None:
    """Such as the unit to move under, or the page of a list to go on from."""
    visitor, world = peopled.rector, peopled.world
    before = digest(peopled)
    address = f"/unit/{world['物理学院'].id}/move"
    for parent in (world["邻居大学"].id, world["无人公司"].id, *MISSING, *MALFORMED):
        moved = visitor.client.post(address, data={**FILLED_IN, "parent": str(parent)})
        assert moved.status_code == 422, parent
    assert digest(peopled) == before
    with peopled.sessions() as session:
        unit = UnitApplication.unit_id == world["邻居学院"].id
        theirs = session.scalars(select(UnitApplication.id).where(unit)).one()
    for chosen in (theirs, *MISSING, *MALFORMED):
        for verdict in ("accept", "decline", ""):
            data = {"chosen": str(chosen), "verdict": verdict, "reason": "试一试"}
            decided = visitor.client.post("/members/decide", data=data)
            assert decided.status_code == 404, chosen
    assert digest(peopled) == before
    bureau = peopled.bureau
    theirs_too = world["演示大学"].id
    before = digest(peopled)
    for number in (world["邻居大学"].id, *MISSING, *MALFORMED):
        for data in (
            {"one": f"{number}:appoint"},
            {"chosen": [f"{theirs_too}:appoint", f"{number}:appoint"]},
        ):
            assert bureau.client.post("/urging/", data=data).status_code == 404, number
    assert digest(peopled) == before
    for query in (
        f"/tree/?open={world['邻居学院'].id}",
        f"/tree/{world['演示大学'].id}/?after={world['邻居大学'].path}",
        f"/vacancies/?after={world['青岛市科技局'].path}",
        "/vacancies/?after=0",
        "/units/?name=邻居&at=tampered&size=9999&sort=-nothing",
        "/units/?name=%00&uscc=%00",
        "/search/?q=邻居",
    ):
        page = visitor.open(query)
        assert page.status in (200, 404), query
        assert not [a for a in page.links("邻居") if a.startswith("/unit/")], query


def test_the_same_appointment_answers_alike_whether_it_is_hidden_or_missing(
    peopled: Stage,
) -> None:
    """Out of reach and not there are never told apart."""
    with peopled.sessions() as session:
        neighbours = select(Appointment.id).where(
            Appointment.unit_id == peopled.world["邻居学院"].id
        )
        hidden = session.scalars(neighbours).first()
        last = session.scalar(select(func.max(Appointment.id)))
    assert hidden is not None
    assert last is not None
    visitor = peopled.rector
    told = {
        visitor.open(f"/office/appointment/{number}/end").root.text
        for number in (hidden, last + 1, last + 1000)
    }
    assert len(told) == 1


def test_an_auditor_sees_entries_and_nobody_else_does(peopled: Stage) -> None:
    with peopled.sessions() as session:
        entry = session.scalars(select(AuditEntry.id)).first()
    for role in ROLES:
        status = role.enter(peopled).get(f"/audit/{entry}/").status_code
        assert status == (200 if role.name == "auditor" else 403 if role.capacity else 302), role


def test_a_member_of_staff_who_was_disabled_is_out_at_once(peopled: Stage) -> None:
    visitor = peopled.staff(StaffRole.AUDITOR)
    assert visitor.get("/audit/").status_code == 200
    with peopled.writing() as session:
        signed_in = session.scalars(select(SignInSession).order_by(SignInSession.id.desc())).first()
        assert signed_in is not None
        assert signed_in.staff is not None
        signed_in.staff.active = False
    assert visitor.get("/audit/").status_code == 302


def _ask(visitor: Visitor, door: Door, address: str) -> int:
    data = FILLED_IN if door.method == "POST" else None
    return visitor.client.open(address, method=door.method, data=data, headers=SHORT).status_code


def _somewhere(stage: Stage, door: Door) -> dict[str, object]:
    return dict.fromkeys(door.arguments, stage.world["海洋学院"].id)
