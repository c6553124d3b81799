"""How long somebody with an empty cache waits for the dashboard.

Run with ``python -m benchmarks.first_view``.
Starts the demo with a fresh database and looks at it in headless Chromium; each run is a browser
context of its own, so that nothing is cached. Prints Markdown. ``--address`` asks consoles that run
already instead, in turn, so that two versions are measured under the same load.
"""

import math
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import click
from playwright.sync_api import Browser, sync_playwright

from admin_app.cli.demo_data import DEPARTMENT_USER, PASSWORD

Figures = dict[str, float]
_PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
QUIET = 1.5  # seconds without a long task, after which what came before was the last
PATIENCE = 60.0  # seconds
_BOOT = build_opener(ProxyHandler({}))

# Milliseconds since the page was asked for; looked at once a frame, which costs nearly nothing.
WATCH = """
(() => {
  const seen = { tasks: [] };
  window.firstView = seen;
  const note = (name, when) => { if (!(name in seen) && when()) seen[name] = performance.now(); };
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) seen.tasks.push([task.startTime, task.duration]);
  }).observe({ type: "longtask", buffered: true });
  const cards = () => document.querySelector("#cards-headlines .board-share") !== null;
  const answered = () => document.querySelector("section.board-card") !== null
    && document.querySelector("section.board-card.is-waiting") === null;
  const isDrawn = (graph) => graph.querySelector(".main-svg .infolayer text") !== null;
  const charts = () => [...document.querySelectorAll(".board-card.is-ready .board-graph")];
  const inSight = (graph) => graph.getBoundingClientRect().top < innerHeight;
  const look = () => {
    note("headlines", cards);
    note("answered", answered);
    note("visible", () => answered() && charts().filter(inSight).every(isDrawn));
    note("all", () => answered() && charts().every(isDrawn));
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""


@click.command()
@click.option("--address", multiple=True, help="A console that runs the demo; several take turns.")
@click.option("--runs", default=10, show_default=True, help="Of each.")
@click.option("--width", default=1440, show_default=True)
@click.option("--height", default=900, show_default=True)
@click.option("--search", default="", help="What follows the dashboard's address, from '?' on.")
def main(address: tuple[str, ...], runs: int, width: int, height: int, search: str) -> None:
    """Print the median and the slowest run of each console."""
    with demo() if not address else _given(address) as addresses, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=next(filter(None, map(shutil.which, _PROGRAMS)), None),
            args=["--no-sandbox", "--disable-gpu"],
        )
        found: dict[str, list[Figures]] = {each: [] for each in addresses}
        signed_in = {each: _sign_in(browser, each) for each in addresses}
        size = {"width": width, "height": height}
        for _ in range(runs):
            for each in addresses:
                view = first_view(browser, signed_in[each], f"{each}/dashboard/{search}", size)
                found[each].append(view)
        browser.close()
    print(f"{width} × {height} px, {runs} runs each, load {os.getloadavg()[0]:.1f}")
    for each, views in found.items():
        _print(each, views)


def first_view(browser: Browser, signed_in: Any, address: str, size: Any) -> Figures:
    """One visit with an empty cache, signed in beforehand."""
    context = browser.new_context(viewport=size, storage_state=signed_in)
    page = context.new_page()
    page.add_init_script(WATCH)
    session, taken = context.new_cdp_session(page), [0.0]
    session.send("Network.enable")
    session.on(
        "Network.loadingFinished",
        lambda event: taken.__setitem__(0, taken[0] + event["encodedDataLength"]),
    )
    page.goto(address)
    page.wait_for_function("() => 'visible' in window.firstView", timeout=PATIENCE * 1000)
    page.wait_for_timeout(QUIET * 1000)
    seen = page.evaluate("window.firstView")
    context.close()
    last = max((begun + long for begun, long in seen["tasks"]), default=0.0)
    lengths = [long for _, long in seen["tasks"]]
    return {
        "bytes": taken[0],
        "headlines": seen["headlines"],
        "all answers": seen["answered"],
        "visible charts drawn": seen["visible"],
        "all charts drawn": seen.get("all", float("nan")),
        "interactive": max(seen["visible"], last),
        "longest task": max(lengths, default=0.0),
        "long tasks together": sum(lengths),
    }


def _sign_in(browser: Browser, console: str) -> Any:
    """The cookies of somebody of the demo's department."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{console}/signin/staff")
    page.locator("input[name=username]").fill(DEPARTMENT_USER)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "signin" not in url)
    kept = context.storage_state()
    context.close()
    return kept


@contextmanager
def _given(addresses: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield addresses


@contextmanager
def demo() -> Iterator[tuple[str, ...]]:
    """The demo in a folder of its own, until it is no longer needed."""
    port, portal = _free_port(), _free_port()
    with TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "PORT": str(port),
            "PORTAL_PORT": str(portal),
            "PYTHONPATH": os.pathsep.join([os.getcwd(), os.environ.get("PYTHONPATH", "")]),
        }
        program = subprocess.Popen(
            [sys.executable, "-m", "admin_app.cli", "demo"],
            cwd=folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _await(f"http://localhost:{port}/healthz", program)
            yield (f"http://localhost:{port}",)
        finally:
            program.send_signal(signal.SIGINT)
            program.wait(PATIENCE)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(address: str, program: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if program.poll() is not None:
            raise click.ClickException("The demo ended before it began.")
        try:
            _BOOT.open(address, timeout=2)
        except (URLError, OSError):
            time.sleep(0.5)
        else:
            return
    raise click.ClickException("The demo doesn't answer.")


def _print(console: str, views: list[Figures]) -> None:
    print(f"\n{console}\n\n| | median | slowest |\n|---|---:|---:|")
    for name in views[0]:
        values = [each[name] for each in views]
        middle, most = statistics.median(values), max(values)
        if math.isnan(middle):
            print(f"| {name} | when scrolled to | |")
        elif name == "bytes":
            print(f"| {name} | {middle / 1000:,.0f} KB | {most / 1000:,.0f} KB |")
        else:
            print(f"| {name} | {middle:,.0f} ms | {most:,.0f} ms |")


if __name__ == "__main__":
    main()
