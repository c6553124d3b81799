"""A real HTTP interface for text messages on its own port; it refuses, or dawdles, when told to."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


@dataclass
class SmsServerAtWork:
    """What it took, and what it answers.

    ``known_by``: the parameter by which it tells a message that is sent again, takes it, and
    delivers it no second time; as carriers do who promise that.
    """

    port: int = 0
    known_by: str = ""
    taken: list[dict[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    status: int = 200
    answer: str = '{"code":0}'
    pause: float = 0.0  # seconds between taking a message and saying so
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def delivered(self) -> list[dict[str, str]]:
        """What reached a telephone."""
        if not self.known_by:
            return self.taken
        return list({each[self.known_by]: each for each in self.taken}.values())

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/send"


@contextmanager
def sms_server() -> Iterator[SmsServerAtWork]:
    """An interface that takes everything until the test says otherwise."""
    at_work = SmsServerAtWork()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            is_json = self.headers["Content-Type"] == "application/json"
            self._answer(json.loads(body) if is_json else dict(parse_qsl(body)))

        def do_GET(self) -> None:
            self._answer(dict(parse_qsl(urlsplit(self.path).query)))

        def _answer(self, fields: dict[str, str]) -> None:
            if at_work.status == 200 and at_work.answer == '{"code":0}':
                with at_work.lock:
                    at_work.taken.append(fields)
                    at_work.headers.append(dict(self.headers))
                time.sleep(at_work.pause)
            self.send_response(at_work.status)
            self.end_headers()
            self.wfile.write(at_work.answer.encode())

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    at_work.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield at_work
    finally:
        server.shutdown()
        server.server_close()
