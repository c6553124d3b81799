"""A real SMTP server on a port of its own that keeps what it takes, or refuses it when told to."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class MailServerAtWork:
    """What it took, and what it answers: to recipients, and to whole mails."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    to_recipients: str = "250 OK"
    to_mails: str = "250 OK"
    pause: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        if self.to_recipients.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.to_recipients

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.to_mails.startswith("2"):
            content = envelope.content
            assert isinstance(content, bytes)
            mail = message_from_bytes(content, policy=policy.default)
            assert isinstance(mail, EmailMessage)
            with self.lock:
                self.taken.append(mail)
            await asyncio.sleep(self.pause)
        return self.to_mails

    @property
    def addressees(self) -> list[str]:
        return [str(mail["To"]) for mail in self.taken]


@contextmanager
def mail_server() -> Iterator[MailServerAtWork]:
    """A server that takes everything until the test says otherwise."""
    at_work = MailServerAtWork()
    with socket.create_server(("127.0.0.1", 0)) as free:
        at_work.port = free.getsockname()[1]
    controller = Controller(at_work, hostname="127.0.0.1", port=at_work.port)
    controller.start()
    try:
        yield at_work
    finally:
        controller.stop()
