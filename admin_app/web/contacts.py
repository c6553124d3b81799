"""Where at the portal to go, and whom to call for what: two desks that must never be mixed up."""

from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

from flask import Flask, current_app

from admin_app.setting_kinds import Contacts
from admin_app.settings import Settings


@dataclass(frozen=True)
class PortalLinks:
    """Pages of the portal that the console points to (R11, R13, R14)."""

    register: str
    help: str
    level: str
    enterprises: str


def fit(app: Flask) -> None:
    app.jinja_env.globals.update(contacts=contacts, portal_links=portal_links)


def contacts() -> Contacts:
    return _settings().contacts


def portal_links() -> PortalLinks:
    """In a demo the simulator stands in for the portal, and its pages for the portal's."""
    settings = _settings()
    if not settings.is_production and _is_local(settings.portal_issuer):
        at = settings.portal_issuer
        return PortalLinks(f"{at}/register", f"{at}/help", f"{at}/level", f"{at}/enterprises")
    register, help_page = settings.contacts.portal_register_url, settings.contacts.portal_help_url
    return PortalLinks(register, help_page, register, register)


def _settings() -> Settings:
    return cast(Settings, current_app.extensions["yihaotong.settings"])


def _is_local(url: str) -> bool:
    return urlsplit(url).hostname in ("localhost", "127.0.0.1", "::1")
