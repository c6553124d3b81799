"""Starting: what is configured, what is loaded, and when it refuses."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace

import pytest
import requests

from portal_simulator import Settings, create_app, people, ready_made
from portal_simulator.faults import Fault
from portal_simulator.settings import PEOPLE, RefusedToStart
from portal_simulator.store import Store


def started(**environment):
    return subprocess.Popen(
        [sys.executable, "-m", "portal_simulator"],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_the_environment_configures_and_the_defaults_fit_the_console():
    settings = Settings.from_environment({"PORTAL_PORT": "8123", "PORTAL_REDIRECT_URIS": "a, b"})
    assert settings.issuer == "http://localhost:8123"
    assert settings.redirect_uris == ("a", "b")
    assert Settings.from_environment({}) == Settings()


@pytest.mark.parametrize(
    "wrong",
    [
        {"PORTAL_PORT": "many"},
        {"PORTAL_ISSUER": "portal.example"},
        {"PORTAL_ISSUER": "https://portal.example/realm"},
        {"PORTAL_FAULT": "flood"},
    ],
)
def test_a_wrong_setting_is_named(wrong):
    with pytest.raises(RefusedToStart, match=next(iter(wrong))):
        Settings.from_environment(wrong)


def test_production_is_refused_in_process(tmp_path):
    settings = Settings(environment="production", database=tmp_path / "portal.sqlite3")
    with pytest.raises(RefusedToStart):
        create_app(settings)


def test_production_is_refused_in_one_line():
    process = started(PORTAL_ENV="production")
    _, said = process.communicate(timeout=10)
    assert process.returncode == 1
    assert said.count("\n") == 1
    assert "production" in said


def test_a_port_in_use_is_one_line_and_exit_code_one(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        process = started(PORTAL_PORT=port, PORTAL_DATABASE=str(tmp_path / "p.sqlite3"))
        _, said = process.communicate(timeout=10)
    assert process.returncode == 1
    assert said.count("\n") == 1
    assert port in said


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_the_process_serves_and_stops_when_told(tmp_path, stop):
    port = free_port()
    process = started(PORTAL_PORT=str(port), PORTAL_DATABASE=str(tmp_path / "p.sqlite3"))
    try:
        for _ in range(100):
            try:
                page = requests.get(f"http://127.0.0.1:{port}/", timeout=5)
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        assert page.status_code == 200
    finally:
        process.send_signal(stop)
        _, said = process.communicate(timeout=10)
    assert process.returncode == 0
    assert "Traceback" not in said


def test_keys_and_cookies_survive_a_restart(tmp_path):
    settings = Settings(database=tmp_path / "portal.sqlite3")
    first, second = create_app(settings), create_app(replace(settings, fault=Fault.NONE))
    assert first.secret_key == second.secret_key
    keys = [app.test_client().get("/jwks").get_json() for app in (first, second)]
    assert keys[0] == keys[1]


def test_loading_again_keeps_what_was_played_and_adds_what_is_new(tmp_path):
    store = Store(tmp_path / "portal.sqlite3")
    data = json.loads(PEOPLE.read_text(encoding="utf-8"))
    fewer = tmp_path / "fewer.json"
    fewer.write_text(json.dumps({**data, "people": data["people"][:9]}), encoding="utf-8")
    with store.transaction() as db:
        ready_made.load(db, fewer)
        newcomer = people.get(db, "demo-newcomer-1")
        people.rise(db, newcomer, "mobile")
        ready_made.load(db, PEOPLE)
        assert people.get(db, "demo-newcomer-1").level is people.Level.BASIC
        assert len(people.ready_made(db)) == len(data["people"])


def test_a_row_with_a_wrong_number_is_named(tmp_path):
    data = json.loads(PEOPLE.read_text(encoding="utf-8"))
    data["people"][0]["id_number"] = "990001197001010015"
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(RefusedToStart, match="示例法人一"):
        ready_made.read(wrong)
