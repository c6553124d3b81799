"""``yihaotong worker``: notices, mail, duties and long jobs; as many at once as one likes."""

import logging
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from types import FrameType

import click
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from admin_app.cli.acting import act_of_command
from admin_app.cli.databases import open_database
from admin_app.cli.job_running import JobRunner
from admin_app.cli.tidy import sweep_files, tidy_up
from admin_app.database import transaction
from admin_app.identity.vocabulary import Channel
from admin_app.jobs.operations import Duties, Work, do, enrol, put_off, take
from admin_app.jobs.rules import daily, nightly
from admin_app.notices import sending
from admin_app.notices.post import ByMail, Carrier, Log, NotTaken, Smtp
from admin_app.notices.reminding import open_walks, remind
from admin_app.notices.sms import HttpSms, SmsLog
from admin_app.notices.telling import tell_waiting
from admin_app.rollups.large import keep_large_units
from admin_app.rollups.snapshots import take_snapshot
from admin_app.service_desk.escalation import again, escalate
from admin_app.service_desk.search_index import index_waiting
from admin_app.service_desk.storage import storage_in
from admin_app.settings import Settings, load_settings

DUTIES: Duties = {
    "reminders": Work(open_walks, daily(9)),
    "tidy": Work(tidy_up, daily(2, 30)),
    "snapshot": Work(take_snapshot, daily(23, 30)),
    "large_units": Work(keep_large_units, nightly(3, 6, timedelta(minutes=5))),
    "escalate": Work(escalate, again),
}
_IDLE_SECONDS = 2.0
_BREATH_SECONDS = 0.2  # between two steps of what many cases wait for: others write too
_TROUBLED_SECONDS = 15.0
_CLEAR_UP_SECONDS = 3600.0
_log = logging.getLogger("yihaotong.worker")


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now and end; for cron and tests.")
def worker(once: bool) -> None:
    """Tell people what happened, send mail, do what is due and long jobs, until SIGTERM.

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
    """Goes through what is waiting, one transaction each, until it is asked to stop.

    Long jobs have a thread of their own, so that no mail waits for an import.
    """

    def __init__(self, sessions: sessionmaker[Session], settings: Settings) -> None:
        self._sessions = sessions
        self._settings = settings
        storage = storage_in(settings.evidence_folder, settings.evidence_bucket)
        sweep = Work(lambda act: sweep_files(act, storage), daily(3))
        self._duties: Duties = {**DUTIES, "files": sweep}
        self._stop = threading.Event()
        self._carriers = _carriers(settings)
        self._jobs = JobRunner(sessions, settings, _console)

    def run(self, *, once: bool) -> None:
        with transaction(self._sessions) as session:
            enrol(act_of_command(session, self._settings), self._duties)
        if once:
            self._round()
            while self._index() and not self._stop.is_set():
                pass
            self._do_jobs()
            return
        beside = threading.Thread(target=self._go_through_jobs)
        beside.start()
        while not self._stop.is_set():
            self._stop.wait(self._round())
        beside.join()

    def stop(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        """Stop after what it is at; a handler of signals."""
        self._stop.set()

    def _round(self) -> float:
        """Everything that is due now.

        Returns:
            how long to wait for more, in seconds.
        """
        try:
            while not self._stop.is_set() and self._do_duty():
                pass
            while not self._stop.is_set() and self._remind():
                pass
            while not self._stop.is_set() and self._tell():
                pass
            there = [self._send_all(channel) for channel in self._carriers]
            more = self._index()
        except SQLAlchemyError as error:
            # The class alone: a statement's parameters may be personal.
            _log.error("the database: %s", type(error).__name__)
            return _TROUBLED_SECONDS
        if not all(there):
            return _TROUBLED_SECONDS
        return _BREATH_SECONDS if more else _IDLE_SECONDS

    def _go_through_jobs(self) -> None:
        clear_up_at = 0.0
        while not self._stop.is_set():
            pause = self._do_jobs()
            if time.monotonic() >= clear_up_at:
                clear_up_at = time.monotonic() + _CLEAR_UP_SECONDS
                self._clear_up()
            self._stop.wait(pause)

    def _do_jobs(self) -> float:
        """Every long job that waits.

        Returns:
            how long to wait for more, in seconds.
        """
        try:
            while not self._stop.is_set() and self._jobs.run_next(self._stop):
                pass
        except SQLAlchemyError as error:
            _log.error("a job, the database: %s", type(error).__name__)
            return _TROUBLED_SECONDS
        return _IDLE_SECONDS

    def _clear_up(self) -> None:
        try:
            self._jobs.clear_up()
        except (SQLAlchemyError, OSError) as error:
            _log.error("old jobs: %s", type(error).__name__)

    def _tell(self) -> int:
        with transaction(self._sessions) as session:
            return tell_waiting(act_of_command(session, self._settings))

    def _remind(self) -> bool:
        with transaction(self._sessions) as session:
            return remind(act_of_command(session, self._settings))

    def _index(self) -> bool:
        """A step of what waits for the index of the desk's search; whether there was any."""
        with transaction(self._sessions) as session:
            done = index_waiting(session)
        if done:
            _log.info("search: %s cases indexed, down to number %s", len(done), done[-1])
        return bool(done)

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

    def _send_all(self, channel: Channel) -> bool:
        """Everything that is due on a channel; whether whoever takes it was there."""
        try:
            while not self._stop.is_set() and self._send(channel):
                pass
        except NotTaken as error:
            _log.warning("nobody takes %s: %s", channel.value, error.trouble)
            return False
        finally:
            self._carriers[channel].close()
        return True

    def _send(self, channel: Channel) -> bool:
        """The next one on a channel.

        Raises:
            NotTaken: the server isn't there, and the others can wait.
        """
        settings = self._settings
        with transaction(self._sessions) as session:
            outgoing = sending.claim(act_of_command(session, settings), channel)
        if outgoing is None:
            return False
        try:
            self._carriers[channel].carry(outgoing)
        except NotTaken as error:
            with transaction(self._sessions) as session:
                sending.note_failed(
                    act_of_command(session, settings),
                    outgoing,
                    error.trouble,
                    for_good=error.for_good,
                    down=error.down,
                )
            if error.down:
                raise
            return True
        with transaction(self._sessions) as session:
            sending.note_sent(act_of_command(session, settings), outgoing)
        return True


def _carriers(settings: Settings) -> dict[Channel, Carrier]:
    """Who takes what goes out on each channel that is offered."""
    found: dict[Channel, Carrier] = {}
    url = settings.public_url
    if settings.offers_mail:
        post = Smtp(settings.mail) if settings.mail.host else Log()
        found[Channel.MAIL] = ByMail(post, sender=settings.mail.sender, public_url=url)
    if settings.offers_sms:
        sms = HttpSms(settings.sms, public_url=url) if settings.sms.url else SmsLog(public_url=url)
        found[Channel.SMS] = sms
    return found


def _console(settings: Settings) -> Flask:
    # Not before a list is to be written: it takes a second, and most workers never need it.
    make: Callable[[Settings], Flask] = import_module("admin_app.application").create_app
    return make(settings)
