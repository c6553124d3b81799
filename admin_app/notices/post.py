"""Handing mail to an SMTP server, or to the log where none is configured; and what carries it."""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from typing import Protocol

from admin_app.notices.letters import compose
from admin_app.notices.sending import Outgoing
from admin_app.setting_kinds import MailServer


class NotTaken(Exception):
    """The server didn't take a mail; ``for_good`` if it never will, ``down`` if it isn't there."""

    def __init__(self, trouble: str, *, for_good: bool = False, down: bool = False) -> None:
        super().__init__(trouble)
        self.trouble, self.for_good, self.down = trouble, for_good, down


class Carrier(Protocol):
    """Whatever takes what goes out on one channel."""

    def carry(self, outgoing: Outgoing) -> None:
        """
        Raises:
            NotTaken
        """

    def close(self) -> None:
        """Nothing more for now."""


class ByMail:
    """Writes letters and hands them to the post."""

    def __init__(self, post: "Post", *, sender: str, public_url: str) -> None:
        self._post, self._sender, self._public_url = post, sender, public_url

    def carry(self, outgoing: Outgoing) -> None:
        self._post.send(compose(outgoing, sender=self._sender, public_url=self._public_url))

    def close(self) -> None:
        self._post.close()


class Post(Protocol):
    """Whatever takes mail."""

    def send(self, message: EmailMessage) -> None:
        """
        Raises:
            NotTaken
        """

    def close(self) -> None:
        """Nothing more for now."""


class Log:
    """Prints mail instead of sending it: for demos."""

    def send(self, message: EmailMessage) -> None:
        body = message.get_body(("plain",))
        said = body.get_content() if body else ""
        print(f"To: {message['To']}\nSubject: {message['Subject']}\n\n{said}", flush=True)

    def close(self) -> None:
        pass


class Smtp:
    """One connection, opened at the first mail and kept until the last."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._connection: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> None:
        try:
            self._connected().send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise NotTaken(_said(code, said), for_good=code >= 500) from None
        except smtplib.SMTPDataError as error:
            trouble = _said(error.smtp_code, error.smtp_error)
            raise NotTaken(trouble, for_good=error.smtp_code >= 500) from None
        except (smtplib.SMTPException, OSError) as error:
            # The sender, the password or the line: nothing to do with this mail.
            self.close()
            raise NotTaken(f"{type(error).__name__}: {error}", down=True) from None

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        server, timeout = self._server, self._server.timeout_seconds
        context = ssl.create_default_context()
        if server.security == "ssl":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=timeout, context=context
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=timeout)
        if server.security == "starttls":
            connection.starttls(context=context)
        if server.username:
            connection.login(server.username, server.password.get_secret_value())
        return connection


def _said(code: int, text: bytes | str) -> str:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {said}"
