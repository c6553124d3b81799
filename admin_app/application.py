"""The console as one WSGI application: what pages share, and the pages."""

from flask import Flask

from admin_app import views
from admin_app.settings import Settings, load_settings
from admin_app.web.app import make_app


def create_app(settings: Settings | None = None) -> Flask:
    """Put the console together; without settings they are read from the environment."""
    app = make_app(settings or load_settings())
    views.register(app)
    return app
