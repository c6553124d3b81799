"""Puts the portal together: store, ready-made people, provider, pages."""

from flask import Flask

from portal_simulator import (
    account_pages,
    backstage,
    endpoints,
    faults,
    frame,
    keys,
    pages,
    ready_made,
    store,
)
from portal_simulator.provider import Provider
from portal_simulator.settings import Settings
from portal_simulator.store import Store


def create_app(settings: Settings) -> Flask:
    settings.refuse_production()
    database = Store(settings.database)
    with database.transaction() as db:
        ready_made.load(db, settings.people_file)
        keys.kid_in_use(db)
        # A restart plays the fault that the configuration names, by default none.
        faults.play(db, settings.fault)
        secret_key = store.secret_key(db)
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=secret_key,
        # Cookies don't know ports: the console on the same host must not share this one.
        SESSION_COOKIE_NAME="portal_simulator",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.issuer.startswith("https://"),
        MAX_CONTENT_LENGTH=64 * 1024,
    )
    frame.fit(app, Provider(settings, database))
    for blueprint in (endpoints.blueprint, pages.blueprint, account_pages.blueprint):
        app.register_blueprint(blueprint)
    app.register_blueprint(backstage.blueprint)
    return app
