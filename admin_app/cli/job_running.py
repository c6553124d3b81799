"""Doing a long job: held by a lease that a thread of its own renews, and ended once.

What a job writes, it writes in the transaction that also ends it, after looking whether it still
holds it. A worker that dies leaves nothing but parts of a file that no row knows.
"""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from admin_app.cli.acting import act_of_command
from admin_app.cli.job_keeping import Keeper, Lost, Stopped, TakenBack
from admin_app.cli.job_work import run_export, run_import
from admin_app.database import transaction
from admin_app.errors import DomainError
from admin_app.exchange.job_files import forget_old, job_storage, lost_files
from admin_app.jobs.long_jobs import claim, give_back, give_up, hold
from admin_app.jobs.models import Job
from admin_app.jobs.vocabulary import JobBroken
from admin_app.settings import Settings
from admin_app.wording import Text

_ORPHANED = timedelta(days=1)  # by then whoever was storing a file has long finished, or died
_log = logging.getLogger("yihaotong.worker")


class JobRunner:
    """Takes long jobs one after the other.

    Args:
        make_app: the console, whose lists exports are; made when the first one is asked for.
    """

    def __init__(
        self,
        sessions: sessionmaker[Session],
        settings: Settings,
        make_app: Callable[[Settings], Flask],
    ) -> None:
        self._sessions = sessions
        self._settings = settings
        self._make_app = make_app
        self._storage = job_storage(settings)

    @cached_property
    def _app(self) -> Flask:
        return self._make_app(self._settings)

    def run_next(self, stop: threading.Event) -> bool:
        """Do the next job; whether there was one.

        Raises:
            SQLAlchemyError: the database isn't there; the lease lapses, and it is begun anew.
        """
        with transaction(self._sessions) as session:
            job = claim(act_of_command(session, self._settings))
        if job is None:
            return False
        _log.info("job %s begun: %s", job.id, job.kind.value)
        with (
            Keeper(self._sessions, self._settings, job, stop) as keeper,
            TemporaryDirectory(prefix="yihaotong-job-") as folder,
        ):
            try:
                self._work(job, keeper, Path(folder))
            except Stopped:
                self._hand_back(job)
            except TakenBack:
                self._give_up(job, None)
            except Lost:
                _log.warning("job %s is somebody else's now", job.id)
            except DomainError as error:
                self._give_up(job, error.sentence)
            except SQLAlchemyError:
                raise
            except Exception as error:
                # The class alone: what a message says may be personal.
                _log.error("job %s failed: %s", job.id, type(error).__name__)
                self._give_up(job, JobBroken.text)
            else:
                _log.info("job %s done", job.id)
        return True

    def clear_up(self) -> None:
        """Delete jobs that ended long ago with their files, and files that no job knows."""
        while True:
            with transaction(self._sessions) as session:
                at = act_of_command(session, self._settings).at
                keys = forget_old(session, at - timedelta(days=self._settings.job_days))
            for key in keys:
                self._storage.delete(key)
            if not keys:
                break
        with self._sessions() as session:
            lost = lost_files(session, self._storage, at - _ORPHANED)
        for key in lost:
            self._storage.delete(key)

    def _work(self, job: Job, keeper: Keeper, folder: Path) -> None:
        if job.kind.is_import:
            run_import(self._sessions, self._settings, self._storage, job, keeper, folder)
        else:
            run_export(
                self._app, self._sessions, self._settings, self._storage, job, keeper, folder
            )

    def _hand_back(self, job: Job) -> None:
        with transaction(self._sessions) as session:
            act = act_of_command(session, self._settings)
            held, _standing = hold(act, job)
            if held is not None:
                give_back(act, held)

    def _give_up(self, job: Job, trouble: Text | None) -> None:
        with transaction(self._sessions) as session:
            act = act_of_command(session, self._settings)
            held, _standing = hold(act, job)
            if held is not None:
                give_up(act, held, trouble)
