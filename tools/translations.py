"""Keeps the English catalogue complete: the pages are written in Chinese, their msgids.

``check`` fails on a sentence without translation, one that is only guessed, and one no page says
any more; ``update`` brings the catalogue up to date, leaving new sentences empty.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

CATALOGUE = Path("translations/en/LC_MESSAGES/messages.po")
_EXTRACT = ["extract", "-F", "pyproject.toml", "--no-location", "--omit-header", "."]


@click.group()
def main() -> None:
    """Check the English catalogue, or bring it up to date."""


@main.command()
def check() -> None:
    """Fail if a sentence of the pages lacks its translation, or a translation its sentence."""
    said = {message.id for message in _said() if message.id}
    kept = _read(CATALOGUE) if CATALOGUE.exists() else Catalog(locale="en")
    written = {message.id: message for message in kept if message.id}
    problems = [f"not in the catalogue: {_first(key)}" for key in said - written.keys()]
    problems += [f"no page says it any more: {_first(key)}" for key in written.keys() - said]
    for key, message in written.items():
        parts = message.string if isinstance(message.string, tuple | list) else [message.string]
        if not all(parts):
            problems.append(f"not translated: {_first(key)}")
        elif message.fuzzy:
            problems.append(f"translation only guessed (fuzzy): {_first(key)}")
    problems += [f"left over (#~): {_first(key)}" for key in kept.obsolete]
    for problem in sorted(problems):
        click.echo(f"  {problem}", err=True)
    if problems:
        sys.exit(f"{CATALOGUE} is not complete: run `make translations` and fill it in.")
    click.echo(f"translations: all {len(said)} sentences are there in English")


@main.command()
def update() -> None:
    """Add new sentences to the catalogue, and drop those that no page says any more."""
    with tempfile.TemporaryDirectory() as folder:
        template = f"{folder}/messages.pot"
        _pybabel(*_EXTRACT, "-o", template)
        CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
        if CATALOGUE.exists():
            _pybabel("update", "-i", template, "-o", str(CATALOGUE), "-l", "en",
                     "--no-fuzzy-matching", "--ignore-obsolete", "--omit-header")  # fmt: skip
        else:
            _pybabel("init", "-i", template, "-o", str(CATALOGUE), "-l", "en")


def _said() -> Catalog:
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "messages.pot"
        _pybabel(*_EXTRACT, "-o", str(template))
        return _read(template)


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="en")


def _pybabel(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "babel.messages.frontend", "-q", *arguments], check=True)  # noqa: S603


def _first(key: object) -> str:
    return str(key[0] if isinstance(key, tuple | list) else key)


if __name__ == "__main__":
    main()
