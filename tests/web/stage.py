"""The console with the small named world in it, and the people who visit it.

Pages are tested on SQLite: what differs between the databases lies in the operations and queries,
and their own tests run on both. The walk along every route (``tests/guards``) runs on both too,
for there numbers out of a database's range are tried.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from itertools import count
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from admin_app.application import create_app
from admin_app.audit.act import PLATFORM, Act
from admin_app.database import begin_writing
from admin_app.delegation.arrival import arrive
from admin_app.identity.claims import ReportedEnterprise
from admin_app.identity.models import Person, StaffAccount
from admin_app.identity.sessions import open_session
from admin_app.identity.vocabulary import StaffRole
from admin_app.policy.vocabulary import AssuranceLevel, Capacity
from admin_app.service_desk.opening import note_arrival
from admin_app.settings import Settings
from admin_app.web.database import Database as WebDatabase
from tests import builders
from tests.databases import Database
from tests.web.reading import Page
from tests.world import SEQUENCES, World

COOKIE = "yihaotong"
# Nobody listens there: a sign-in that asks the portal is told at once that it doesn't answer.
_NO_PORTAL = "http://127.0.0.1:9"
_accounts = count(1)


def make_settings() -> Settings:
    """Settings with the keys that the builders seal with."""
    return Settings(
        _env_file=None,
        environment="test",
        database_url="sqlite:///unused.sqlite3",
        portal_issuer=_NO_PORTAL,
        portal_timeout_seconds=3,
        identity_keys=[builders.KEY],
        index_key=builders.KEY,
        evidence_folder=tempfile.mkdtemp(prefix="yihaotong-evidence-"),
        job_folder=tempfile.mkdtemp(prefix="yihaotong-jobs-"),
        evidence={},  # tests of evidence ask for it
    )


@cache
def make_console() -> Flask:
    """The application, put together once; each test gives it a database of its own."""
    return create_app(make_settings())


@dataclass
class Stage:
    """The console over one database, and who is on it."""

    app: Flask
    sessions: sessionmaker[Session]
    world: World

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction of the test's own."""
        with self.sessions() as session:
            begin_writing(session)
            yield session
            session.commit()

    def anonymous(self) -> "Visitor":
        return Visitor(self.app.test_client())

    def person(
        self, name: str, capacity: Capacity = Capacity.NATURAL_PERSON, unit: str | None = None
    ) -> "Visitor":
        """A person of the world, signed in and acting in a capacity."""
        key = f"{capacity.value}:{self.world[unit].id}" if unit else capacity.value
        return self._signed_in(self.world.people[name], key)

    def arrives(
        self,
        name: str,
        sequence: int | None = None,
        *,
        level: AssuranceLevel = AssuranceLevel.INTERMEDIATE,
        enterprises: tuple[ReportedEnterprise, ...] = (),
    ) -> "Visitor":
        """Somebody comes through the portal now, and is let in."""
        number = SEQUENCES[name] if sequence is None else sequence
        identity = builders.identity(name, number, level=level, enterprises=enterprises)
        with self.writing() as session:
            act = _act(session)
            person = arrive(act, identity).person
            assert person is not None
            note_arrival(act, person)
        self.world.people[name] = person
        return self._signed_in(person, "")

    def staff(self, role: StaffRole, unit: str | None = None) -> "Visitor":
        """A member of staff, signed in."""
        with self.writing() as session:
            account = StaffAccount(
                username=f"{role.value}{next(_accounts)}",
                name=f"{role.label.zh}某",
                password_hash="none",
                role=role,
                unit_id=self.world[unit].id if unit else None,
                created_at=builders.NOON,
            )
            session.add(account)
        return self._signed_in(account, "")

    @cached_property
    def rector(self) -> "Visitor":
        """Legal representative of 演示大学."""
        return self.person("校长", Capacity.LEGAL_REPRESENTATIVE, "演示大学")

    @cached_property
    def director(self) -> "Visitor":
        """Administrator of 演示大学."""
        return self.person("处长", Capacity.UNIT_ADMINISTRATOR, "演示大学")

    @cached_property
    def dean(self) -> "Visitor":
        """Administrator of 海洋学院."""
        return self.person("院长", Capacity.UNIT_ADMINISTRATOR, "海洋学院")

    @cached_property
    def bureau(self) -> "Visitor":
        """Staff of 济南市科技局."""
        return self.staff(StaffRole.DEPARTMENT_STAFF, "济南市科技局")

    def page_of(self, unit: str) -> str:
        return f"/unit/{self.world[unit].id}/"

    def _signed_in(self, owner: Person | StaffAccount, key: str) -> "Visitor":
        with self.writing() as session:
            signed_in, token = open_session(
                _act(session),
                session.merge(owner, load=True),
                address="192.0.2.1",
                user_agent="Mozilla/5.0 (Windows NT 10.0) Chrome/130.0",
                id_token=None,
                idle=timedelta(hours=1),
                lasts=timedelta(hours=12),
            )
            signed_in.capacity_key = key
        visitor = self.anonymous()
        visitor.client.set_cookie(COOKIE, token)
        return visitor


class Visitor:
    """Somebody with a browser."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, address: str, **options: Any) -> TestResponse:
        return self.client.get(address, **options)

    def open(self, address: str, **options: Any) -> Page:
        return _page(self.client.get(address, follow_redirects=True, **options))

    def follow(self, page: Page, label: str, within: str = "") -> Page:
        """Click a link."""
        return self.open(page.link(label, within))

    def submit(self, page: Page, button: str, **typed: str) -> Page:
        """Fill in the form that has such a button, and press it."""
        form = page.form(button)
        assert set(typed) <= form.offered, f"the form has no {set(typed) - form.offered}"
        pressed = form.button(button)
        extra = {pressed["name"]: pressed["value"]} if pressed and pressed["name"] else {}
        fields = {**form.fields, **typed, **extra}
        address = form.action or page.address
        if not form.is_post:
            fields.pop("csrf_token", None)
            return _page(self.client.get(address, query_string=fields, follow_redirects=True))
        return _page(self.client.post(address, data=fields, follow_redirects=True))


def _page(response: TestResponse) -> Page:
    address = response.request.full_path.rstrip("?")
    return Page(response.status_code, address, response.get_data(as_text=True))


def open_console(database: Database, world: World) -> Stage:
    """The console over a database with the world in it."""
    app = make_console()
    app.extensions["yihaotong.database"] = WebDatabase(database.engine, database.sessions)
    return Stage(app, database.sessions, world)


def _act(session: Session) -> Act:
    return Act(session, PLATFORM, datetime.now(UTC), builders.SEALER)
