"""The Flask application without its pages; ``admin_app.application`` adds those."""

from pathlib import Path

from flask import Flask
from flask.typing import ResponseReturnValue
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from admin_app.settings import Settings
from admin_app.web import (
    addresses,
    contacts,
    database,
    errors,
    gate,
    health,
    identity,
    kept,
    language,
    logs,
    navigation,
    portal,
    security,
    spreadsheet_uploads,
    transaction,
    uploads,
)

_TEMPLATES = Path(__file__).parents[2] / "templates"


class Console(Flask):
    """Flask that ends the request's transaction while a broken constraint can be answered."""

    def dispatch_request(self) -> ResponseReturnValue:
        response = self.make_response(super().dispatch_request())
        transaction.finish(response)
        return response


def make_app(settings: Settings) -> Flask:
    """The application with what all pages share.

    The order is that of the questions asked of a request: how much may it bring, is the form
    ours, does it write, in which language, may they.
    """
    app = Console("admin_app.web", template_folder=str(_TEMPLATES))
    app.extensions["yihaotong.settings"] = settings
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    database.fit(app, settings)
    logs.fit(app)
    uploads.fit(app, settings)
    spreadsheet_uploads.fit(app)
    security.fit(app, settings)
    transaction.fit(app)
    language.fit(app, settings)
    identity.fit(app, settings)
    kept.fit(app)
    gate.fit(app)
    errors.fit(app)
    navigation.fit(app)
    contacts.fit(app)
    addresses.fit(app)
    portal.fit(app, settings)
    health.fit(app)
    return app
