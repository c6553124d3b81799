"""The help: its contents, finding an article, and each article; open to all."""

from pathlib import Path

from flask import Blueprint, Flask, current_app, render_template, request
from flask_admin import Admin

from admin_app.errors import NotFound
from admin_app.help.articles import Article, Values, article, articles
from admin_app.help.contents import ENTRIES, TOPICS
from admin_app.help.search import TYPED_MOST, search
from admin_app.settings import Settings
from admin_app.web.contacts import portal_links
from admin_app.web.gate import open_to_all
from admin_app.web.language import is_english
from admin_app.web.navigation import MenuItem, add_to_menu
from admin_app.wording import Text

blueprint = Blueprint("help", __name__)


@blueprint.get("/help/")
@open_to_all
def index() -> str:
    typed = request.args.get("q", "").replace("\x00", "").strip()[:TYPED_MOST]
    by_slug = {each.slug: each for each in articles(_language(), _values(), _folder())}
    return render_template(
        "help/index.html",
        topics=TOPICS,
        articles=by_slug,
        typed=typed,
        hits=search(by_slug.values(), typed),
    )


@blueprint.get("/help/<slug>/")
@open_to_all
def show(slug: str) -> str:
    if slug not in ENTRIES:
        raise NotFound
    entry = ENTRIES[slug]
    related = [_article(other) for other in entry.related]
    return render_template(
        "help/article.html", article=_article(slug), related=related, desk=entry.desk
    )


def register(app: Flask, _admin: Admin) -> None:
    app.register_blueprint(blueprint)
    add_to_menu(app, MenuItem("help.index", Text("帮助", "Help"), order=90))


def _article(slug: str) -> Article:
    return article(slug, _language(), _values(), _folder())


def _language() -> str:
    return "en" if is_english() else "zh"


def _folder() -> Path | None:
    folder = _settings().help_folder
    return Path(folder) if folder else None


def _values() -> Values:
    """What the placeholders stand for."""
    settings, links = _settings(), portal_links()
    contacts, comma = settings.contacts, ", " if is_english() else "、"
    mail = contacts.platform_email
    return {
        "portal_phones": comma.join(f"[{phone}](tel:{phone})" for phone in contacts.portal_phones),
        "platform_phones": comma.join(
            f"[{phone}](tel:{phone})" for phone in contacts.platform_phones
        ),
        "platform_email": f"[{mail}](mailto:{mail})",
        "portal_register_url": links.register,
        "portal_help_url": links.help,
        "platform_host": contacts.platform_host,
        "pending_days": settings.pending_days,
        "administrators_per_unit": settings.administrators_per_unit,
    }


def _settings() -> Settings:
    settings: Settings = current_app.extensions["yihaotong.settings"]
    return settings
