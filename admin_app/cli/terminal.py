"""Speaking to a terminal: in its language, on its width, or as JSON for programs."""

import json
import os
from typing import Any

import click
from rich.console import Console

from admin_app.wording import Text

json_option = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")


def language() -> str:
    """The terminal's language; Chinese unless the environment asks for another."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        chosen = os.environ.get(name, "")
        if chosen:
            return "en" if chosen.lower().startswith("en") else "zh"
    return "zh"


def say(text: Text) -> str:
    """A sentence in the terminal's language."""
    return text.in_language(language())


def console() -> Console:
    """Where tables and progress are drawn; wide when nobody watches, so that nothing is cut."""
    drawn = Console()
    return drawn if drawn.is_terminal else Console(width=160)


def answer_json(value: Any) -> None:
    """The result for a program."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
