"""Programs that run side by side start together and stop together, whatever ends them."""

import os
import signal
import socket
import sys
import threading
from pathlib import Path

import pytest

from admin_app.cli.companions import Program, run_together
from admin_app.cli.refusals import Refusal
from admin_app.wording import Text

SERVES = "import http.server as h, sys; h.test(h.SimpleHTTPRequestHandler, port=int(sys.argv[1]))"
DIES = "import sys, time; time.sleep(0.5); sys.exit('no more paper')"


def program(folder: Path, name: str, code: str) -> Program:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return Program(
        name=Text(name, name),
        command=[sys.executable, "-c", code, str(port)],
        environment=dict(os.environ),
        host="127.0.0.1",
        port=port,
        path="/",
        log=folder / f"{name}.log",
    )


def answers(program: Program) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((program.host, program.port)) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_all(tmp_path: Path, number: signal.Signals) -> None:
    programs = [program(tmp_path, "one", SERVES), program(tmp_path, "two", SERVES)]
    seen: list[bool] = []

    def when_ready() -> None:
        seen.extend(answers(each) for each in programs)
        threading.Timer(0.2, os.kill, (os.getpid(), number)).start()

    run_together(programs, when_ready)
    assert seen == [True, True]
    assert [answers(each) for each in programs] == [False, False]


def test_when_one_dies_the_others_stop_and_its_last_words_are_said(tmp_path: Path) -> None:
    stays, dies = program(tmp_path, "one", SERVES), program(tmp_path, "two", DIES)
    with pytest.raises(Refusal, match="two") as refused:
        run_together([stays, dies], lambda: pytest.fail("it was never ready"))
    assert "no more paper" in refused.value.message
    assert str(dies.log) in refused.value.message
    assert not answers(stays)
