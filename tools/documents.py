"""Writes the documents that are made from the code, and checks that nobody forgot to."""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from admin_app.cli.permissions import permissions_page
from admin_app.cli.settings_page import settings_page

DOCUMENTS: dict[Path, Callable[[], str]] = {
    Path("docs/settings.md"): settings_page,
    Path("docs/permissions.md"): permissions_page,
}


@click.group()
def main() -> None:
    """Write the generated documents, or check that they are up to date."""


@main.command()
def write() -> None:
    """Write the documents anew."""
    for path, page in DOCUMENTS.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(), encoding="utf-8")


@main.command()
def check() -> None:
    """Fail if a document differs from what the code says."""
    stale = [
        str(path)
        for path, page in DOCUMENTS.items()
        if not path.exists() or path.read_text(encoding="utf-8") != page()
    ]
    if stale:
        sys.exit(f"Out of date: {', '.join(stale)}; run `make docs`.")
    click.echo("documents: up to date with the code")


if __name__ == "__main__":
    main()
