"""One SQLAlchemy session a request: opened at first use, closed with the request."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app, g
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.local import LocalProxy

from admin_app.database import begin_writing, make_engine, make_sessions
from admin_app.database import in_passing as passing
from admin_app.rollups.upkeep import keep_figures
from admin_app.settings import Settings


@dataclass(frozen=True)
class Database:
    """The engine and its sessions; Flask-Admin asks it for ``session``."""

    engine: Engine
    sessions: sessionmaker[Session]

    @property
    def session(self) -> Session:
        # Flask-Admin looks once, when the application is put together: hence a stand-in.
        return cast(Session, LocalProxy(current_session))


def fit(app: Flask, settings: Settings) -> None:
    engine = make_engine(settings.database_url)
    app.extensions["yihaotong.database"] = Database(engine, keep_figures(make_sessions(engine)))
    app.teardown_request(lambda _error: close_session())


def database() -> Database:
    return cast(Database, current_app.extensions["yihaotong.database"])


def current_session() -> Session:
    """The request's session; a request that may write takes its turn when it opens it."""
    session = open_session_if_any()
    if session is None:
        session = g.database_session = database().sessions()
        if g.get("writes", False):
            begin_writing(session)
    return session


def open_session_if_any() -> Session | None:
    return cast("Session | None", g.get("database_session"))


def close_session() -> None:
    """Give the request's session back; what wasn't committed is undone."""
    session = g.pop("database_session", None)
    if session is not None:
        session.close()


@contextmanager
def in_passing() -> Iterator[Session]:
    """A writing transaction for what may as well be left undone."""
    with passing(database().sessions) as session:
        begin_writing(session)
        yield session
        session.commit()
