"""Addresses within the site: where to go after signing in, and never anywhere else."""

from urllib.parse import urlencode, urlsplit

from flask import Flask, current_app, request, url_for
from werkzeug.exceptions import HTTPException

_LENGTH_MOST = 1000
# Going back to these would start or end a sign-in instead of showing a page.
_NOT_AFTERWARDS = ("/signin", "/signout", "/capacity")


def fit(app: Flask) -> None:
    app.jinja_env.globals.update(
        address_in=in_language,
        here=this_page,
        with_arguments=with_arguments,
        sort_address=sort_address,
    )


def safe_next(address: str | None) -> str | None:
    """The address, if it is a page of this site; anything else is dropped."""
    if not address or len(address) > _LENGTH_MOST:
        return None
    # Browsers read "\" as "/" and leave out control characters: "/\t/evil" is another site.
    if "\\" in address or any(ord(character) <= 32 for character in address):
        return None
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not address.startswith("/") or address.startswith("//"):
        return None
    return None if parts.path.startswith(_NOT_AFTERWARDS) else address


def this_page() -> str:
    """The address asked for, to come back to."""
    return request.full_path.rstrip("?")


def in_language(tag: str) -> str:
    """This page in another language; the start page if this one is only a form's answer."""
    path, arguments = request.path, request.args.to_dict(flat=False)
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        path, arguments = url_for("home.index"), {}
    return f"{path}?{urlencode({**arguments, 'lang': tag}, doseq=True)}"


def with_arguments(**changes: str | None) -> str:
    """This page with some arguments of its address changed; None takes one out."""
    kept = {k: v for k, v in request.args.to_dict(flat=False).items() if k not in changes}
    added = {key: value for key, value in changes.items() if value is not None}
    query = urlencode({**kept, **added}, doseq=True)
    return f"{request.path}?{query}" if query else request.path


def sort_address(key: str, is_here: bool, descending: bool) -> str:
    """This list in an order; in the other direction if it is the present one."""
    turn = is_here and not descending
    return with_arguments(sort=f"-{key}" if turn else key, at=None)
