"""The console and the demo as processes of their own, under the server that production uses."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from admin_app import schema
from tests.databases import Database

ROOT = Path(__file__).parents[2]
PATIENCE = 60


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@contextmanager
def yihaotong(folder: Path, command: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """A command as a process; whatever the test leaves running is ended."""
    process = subprocess.Popen(
        [sys.executable, "-m", "admin_app.cli", *command.split()],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "LANGUAGE": "en", "YIHAOTONG_WORKERS": "1"}
        | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def get(port: int, path: str) -> tuple[int, str]:
    """The answer to a request; status 0 if nobody listens."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()
    except OSError:
        return 0, ""


def wait_until(true: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        if process.poll() is not None:
            pytest.fail(f"it ended: {process.communicate()}")
        assert time.monotonic() < deadline, "it never came up"
        time.sleep(0.1)


def stop(process: subprocess.Popen[str], number: signal.Signals) -> tuple[int, str, str]:
    process.send_signal(number)
    output, errors = process.communicate(timeout=PATIENCE)
    return process.returncode, output, errors


def test_the_console_serves_and_is_ready_only_while_the_schema_fits(
    tmp_path: Path, empty_database: Database
) -> None:
    schema.upgrade(empty_database.url)
    port = free_port()
    with yihaotong(
        tmp_path, "serve", PORT=str(port), YIHAOTONG_DATABASE_URL=empty_database.url
    ) as process:
        wait_until(lambda: get(port, "/healthz")[0] == 200, process)
        assert json.loads(get(port, "/healthz")[1])["status"] == "ok"
        status, body = get(port, "/readyz")
        assert (status, json.loads(body)["schema"]) == (200, "current")
        with empty_database.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        status, body = get(port, "/readyz")
        assert (status, json.loads(body)["schema"]) == (503, "newer")
        assert get(port, "/healthz")[0] == 200
        assert stop(process, signal.SIGTERM)[0] == 0
    assert get(port, "/healthz")[0] == 0


def test_the_demo_comes_up_says_so_in_one_line_and_keeps_its_data(tmp_path: Path) -> None:
    ports = {"PORT": str(free_port()), "PORTAL_PORT": str(free_port())}
    url = f"sqlite:///{tmp_path}/var/demo.sqlite3"
    sizes = []
    for number in (signal.SIGINT, signal.SIGTERM):
        with yihaotong(
            tmp_path, "demo --rehearsed 0", YIHAOTONG_DATABASE_URL=url, **ports
        ) as process:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert f"http://localhost:{ports['PORT']}" in line
            assert "自然人与法人登录" in line
            assert get(int(ports["PORT"]), "/readyz")[0] == 200
            issuer = json.loads(
                get(int(ports["PORTAL_PORT"]), "/.well-known/openid-configuration")[1]
            )["issuer"]
            assert issuer == f"http://localhost:{ports['PORTAL_PORT']}"
            assert stop(process, number) == (0, "", "")
        assert [get(int(port), "/")[0] for port in ports.values()] == [0, 0]
        sizes.append(_units(tmp_path / "var" / "demo.sqlite3"))
    assert sizes[0] == sizes[1] > 500


def _units(path: Path) -> int:
    answer = subprocess.run(
        [sys.executable, "-m", "admin_app.cli", "status", "--json"],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "YIHAOTONG_DATABASE_URL": f"sqlite:///{path}",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    units = json.loads(answer.stdout)["units"]
    return sum(sum(states.values()) for states in units.values())
