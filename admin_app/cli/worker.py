"""``yihaotong worker``: notices, mail and what is due each night; as many at once as one likes."""

import logging
import signal
import sys
import threading
from types import FrameType

import click
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from admin_app.cli.acting import act_of_command
from admin_app.cli.databases import open_database
from admin_app.cli.tidy import sweep_files, tidy_up
from admin_app.database import transaction
from admin_app.jobs.operations import Duties, Work, do, enrol, put_off, take
from admin_app.jobs.rules import daily
from admin_app.notices import mailing
from admin_app.notices.letters import compose
from admin_app.notices.post import Log, NotTaken, Post, Smtp
from admin_app.notices.telling import tell_waiting
from admin_app.rollups.snapshots import take_snapshot
from admin_app.service_desk.storage import storage_in
from admin_app.settings import Settings, load_settings

DUTIES: Duties = {
    "tidy": Work(tidy_up, daily(2, 30)),
    "snapshot": Work(take_snapshot, daily(23, 30)),
}
_IDLE_SECONDS = 2.0
_TROUBLED_SECONDS = 15.0
_log = logging.getLogger("yihaotong.worker")


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now and end; for cron and tests.")
def worker(once: bool) -> None:
    """Tell people what happened, send mail, and do what is due each night, until SIGTERM.

    Several may run at once, on one machine or many; SIGTERM ends one after what it is at.
    """
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s"
    )
    settings = load_settings()
    with open_database(settings) as sessions:
        ours = Worker(sessions, settings)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, ours.stop)
        ours.run(once=once)


class Worker:
    """Goes through what is waiting, one transaction each, until it is asked to stop."""

    def __init__(self, sessions: sessionmaker[Session], settings: Settings) -> None:
        self._sessions = sessions
        self._settings = settings
        storage = storage_in(settings.evidence_folder, settings.evidence_bucket)
        sweep = Work(lambda act: sweep_files(act, storage), daily(3))
        self._duties: Duties = {**DUTIES, "files": sweep}
        self._stop = threading.Event()
        self._post: Post | None = None
        if settings.mail.host:
            self._post = Smtp(settings.mail)
        elif settings.offers_mail:
            self._post = Log()

    def run(self, *, once: bool) -> None:
        with transaction(self._sessions) as session:
            enrol(act_of_command(session, self._settings), self._duties)
        while not self._stop.is_set():
            pause = self._round()
            if once:
                return
            self._stop.wait(pause)

    def stop(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        """Stop after what it is at; a handler of signals."""
        self._stop.set()

    def _round(self) -> float:
        """Everything that is due now.

        Returns:
            how long to wait for more, in seconds.
        """
        try:
            while not self._stop.is_set() and self._tell():
                pass
            while not self._stop.is_set() and self._do_duty():
                pass
            while not self._stop.is_set() and self._send():
                pass
        except NotTaken as error:
            _log.warning("the mail server isn't there: %s", error.trouble)
            return _TROUBLED_SECONDS
        except SQLAlchemyError as error:
            # The class alone: a statement's parameters may be personal.
            _log.error("the database: %s", type(error).__name__)
            return _TROUBLED_SECONDS
        finally:
            if self._post is not None:
                self._post.close()
        return _IDLE_SECONDS

    def _tell(self) -> int:
        with transaction(self._sessions) as session:
            return tell_waiting(act_of_command(session, self._settings))

    def _do_duty(self) -> bool:
        name = None
        try:
            with transaction(self._sessions) as session:
                act = act_of_command(session, self._settings)
                duty = take(act, self._duties)
                if duty is None:
                    return False
                name = duty.name
                do(act, self._duties, duty)
        except Exception as error:
            if name is None:
                raise
            _log.error("%s failed: %s", name, type(error).__name__)
            with transaction(self._sessions) as session:
                put_off(act_of_command(session, self._settings), name, type(error).__name__)
        else:
            _log.info("%s done", name)
        return True

    def _send(self) -> bool:
        """The next mail.

        Raises:
            NotTaken: the server isn't there, and the others can wait.
        """
        if self._post is None:
            return False
        settings = self._settings
        with transaction(self._sessions) as session:
            mail = mailing.claim(act_of_command(session, settings))
        if mail is None:
            return False
        message = compose(mail, sender=settings.mail.sender, public_url=settings.public_url)
        try:
            self._post.send(message)
        except NotTaken as error:
            with transaction(self._sessions) as session:
                mailing.note_failed(
                    act_of_command(session, settings),
                    mail,
                    error.trouble,
                    for_good=error.for_good,
                    down=error.down,
                )
            if error.down:
                raise
            return True
        with transaction(self._sessions) as session:
            mailing.note_sent(act_of_command(session, settings), mail)
        return True
