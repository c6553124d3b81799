"""Programs that run side by side: started together, ready together, stopped together."""

import http.client
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from admin_app.cli.refusals import Refusal
from admin_app.wording import Text

_READY_WITHIN = 60
_STOPPED_WITHIN = 15

_DIED = Text(
    "{name}已意外停止：{last}（记录见 {log}）。",
    "{name} has stopped by itself: {last} (see {log}).",
)
_SLOW = Text(
    "{name}在 {seconds} 秒内没有应答（记录见 {log}）。",
    "{name} didn't answer within {seconds} seconds (see {log}).",
)


@dataclass(frozen=True)
class Program:
    """A program, the address at which it answers once it is ready, and where it writes.

    One without a port answers nobody, and is ready at once.
    """

    name: Text
    command: Sequence[str]
    environment: dict[str, str]
    host: str
    port: int | None
    path: str
    log: Path


def run_together(programs: Sequence[Program], when_ready: Callable[[], None]) -> None:
    """Run the programs until Ctrl-C or SIGTERM.

    Raises:
        Refusal: one of them died or never got ready; the others are stopped then.
    """
    with _asked_to_stop() as stop:
        running: list[tuple[Program, subprocess.Popen[bytes]]] = []
        try:
            for program in programs:
                running.append((program, _start(program)))
            if _until_ready(running, stop):
                when_ready()
            while not stop.wait(0.3):
                _require_alive(running)
        finally:
            _stop([process for _, process in running])


@contextmanager
def _asked_to_stop() -> Iterator[threading.Event]:
    stop = threading.Event()

    def handle(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    former = {number: signal.signal(number, handle) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _start(program: Program) -> subprocess.Popen[bytes]:
    program.log.parent.mkdir(parents=True, exist_ok=True)
    with program.log.open("wb") as log:
        return subprocess.Popen(  # noqa: S603 - our own programs
            program.command,
            env=program.environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def _until_ready(
    running: Sequence[tuple[Program, subprocess.Popen[bytes]]], stop: threading.Event
) -> bool:
    """Whether all got ready before somebody wanted to stop."""
    deadline = time.monotonic() + _READY_WITHIN
    for program, _ in running:
        while not _answers(program):
            _require_alive(running)
            if time.monotonic() > deadline:
                raise Refusal(_SLOW, name=program.name, seconds=_READY_WITHIN, log=program.log)
            if stop.wait(0.1):
                return False
    return True


def _answers(program: Program) -> bool:
    if program.port is None:
        return True
    connection = http.client.HTTPConnection(program.host, program.port, timeout=5)
    try:
        connection.request("GET", program.path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _require_alive(running: Sequence[tuple[Program, subprocess.Popen[bytes]]]) -> None:
    for program, process in running:
        if process.poll() is not None:
            lines = program.log.read_text(encoding="utf-8", errors="replace").splitlines()
            last = lines[-1] if lines else "—"
            raise Refusal(_DIED, name=program.name, last=last, log=program.log)


def _stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + _STOPPED_WITHIN
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
