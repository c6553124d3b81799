"""``yihaotong serve``: the console under gunicorn, in the foreground."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import click
from gunicorn.app.base import BaseApplication

from admin_app.cli.databases import open_database
from admin_app.cli.ports import require_free
from admin_app.service_desk.storage import storage_in
from admin_app.settings import Settings, load_settings


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn, configured by our settings alone."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in {
            "bind": f"{self._settings.bind}:{self._settings.port}",
            "workers": self._settings.workers,
            "worker_class": "gthread",
            "threads": 8,
            "timeout": 60,
            "graceful_timeout": 10,
            "loglevel": "warning",
            # The application trusts as many proxies as are configured; the server trusts none.
            "forwarded_allow_ips": "",
            "control_socket_disable": True,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        # In each worker, so that no database connection crosses a fork.
        application: Callable[..., Any] = import_module("wsgi").app
        return application


@click.command()
def serve() -> None:
    """Serve the console until Ctrl-C or SIGTERM."""
    settings = load_settings()
    storage_in(settings.evidence_folder, settings.evidence_bucket)
    with open_database(settings):
        require_free(settings.bind, settings.port, "PORT")
    import_module("admin_app.application")  # once, before the workers part
    Server(settings).run()
