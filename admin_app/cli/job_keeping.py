"""Keeping a job: its lease renewed and its progress told from beside the work, in passing.

The work itself may be one long transaction, so what is told of it goes through a connection of its
own. SQLite lets nobody else write meanwhile: then nothing is told, and nobody can take the job
up either, for that would be writing.
"""

import threading
from types import TracebackType
from typing import Self

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from admin_app.audit.act import Act
from admin_app.cli.acting import act_of_command
from admin_app.database import begin_writing, in_passing, transaction
from admin_app.jobs.long_jobs import Standing, beat, hold
from admin_app.jobs.models import Job
from admin_app.jobs.rules import BEAT_SECONDS
from admin_app.jobs.vocabulary import SILENT
from admin_app.settings import Settings
from admin_app.wording import Text


class Stopped(Exception):
    """The worker is to stop; somebody else begins the job anew."""


class TakenBack(Exception):
    """Whoever asked for the job has cancelled it."""


class Lost(Exception):
    """The lease lapsed, and somebody else has the job now."""


class Keeper:
    """Renews a job's lease while its ``with`` lasts; the work tells it how far it has come."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        settings: Settings,
        job: Job,
        stop: threading.Event,
    ) -> None:
        self._sessions = sessions
        self._settings = settings
        self._job = job
        self._stop = stop
        self._over = threading.Event()
        self._standing = Standing.HOLDS
        self._progress: tuple[Text | None, int, int | None] = (None, 0, None)
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.rest()

    def rest(self) -> None:
        """Tell nothing more: the job is about to be ended."""
        self._over.set()
        self._thread.join()

    def __call__(self, phase: Text, done: int, total: int | None) -> None:
        """Between two steps of the work: how far it is, and whether to go on.

        Raises:
            Stopped, TakenBack, Lost
        """
        self._progress = (phase, done, total)
        _go_on(self._standing)
        if self._stop.is_set():
            raise Stopped

    def fall_silent(self, total: int) -> None:
        """Tell for the last time before the work takes SQLite's one write lock.

        Raises:
            Stopped, TakenBack, Lost
        """
        self._progress = (SILENT, 0, total)
        with transaction(self._sessions) as session:
            self._beat(session)
        self(SILENT, 0, total)

    def held(self, act: Act) -> Job:
        """The job's row, locked, for the transaction that ends it.

        Raises:
            TakenBack, Lost
        """
        row, standing = hold(act, self._job)
        _go_on(standing)
        if row is None:
            raise Lost
        return row

    def _keep(self) -> None:
        while not self._over.wait(BEAT_SECONDS):
            try:
                with in_passing(self._sessions) as session:
                    begin_writing(session)
                    self._beat(session)
                    session.commit()
            except SQLAlchemyError:
                continue  # the next beat may get through; a lease outlasts many

    def _beat(self, session: Session) -> None:
        act = act_of_command(session, self._settings)
        self._standing = beat(act, self._job, *self._progress)


def _go_on(standing: Standing) -> None:
    if standing is Standing.CANCELLED:
        raise TakenBack
    if standing is Standing.LOST:
        raise Lost
