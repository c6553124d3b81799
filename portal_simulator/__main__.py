"""`python -m portal_simulator`: serves the portal until Ctrl-C or SIGTERM."""

import os
import socket
import sys

from flask import Flask
from gunicorn.app.base import BaseApplication

from portal_simulator.app import create_app
from portal_simulator.settings import RefusedToStart, Settings


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in {
            "bind": f"{self._settings.host}:{self._settings.port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": 8,
            "loglevel": "warning",
            "graceful_timeout": 3,
            "preload_app": True,
            "control_socket_disable": True,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


def main() -> None:
    try:
        settings = Settings.from_environment(os.environ)
        settings.refuse_production()
        _check_port(settings)
        app = create_app(settings)
    except RefusedToStart as reason:
        sys.exit(f"portal_simulator: {reason}")
    print(f"模拟门户 portal simulator: {settings.issuer} (Ctrl-C stops it)", flush=True)
    Server(app, settings).run()


def _check_port(settings: Settings) -> None:
    # gunicorn would retry for five seconds and say it in eleven lines.
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise RefusedToStart(
                f"cannot listen on {settings.host}:{settings.port}: {error.strerror}"
            ) from None


if __name__ == "__main__":
    main()
