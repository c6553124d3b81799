"""The console as one WSGI application: what pages share, the pages, and the dashboard."""

from flask import Flask

import dashboards.application
from admin_app import views
from admin_app.settings import Settings, load_settings
from admin_app.web.app import make_app


def create_app(settings: Settings | None = None) -> Flask:
    """Put the console together; without settings they are read from the environment."""
    settings = settings or load_settings()
    app = make_app(settings)
    views.register(app)
    dashboards.application.fit(app, settings)
    return app
