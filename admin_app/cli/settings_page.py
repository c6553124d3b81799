"""``yihaotong settings``: every setting; ``docs/settings.md`` is what ``--markdown`` prints."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import click
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from rich.table import Table

from admin_app.cli.terminal import answer_json, console, json_option
from admin_app.settings import Settings, variable_name

_HEADER = """# Settings

Made from `admin_app/settings.py` by `make docs`; change it there.

Settings are environment variables; a file `.env` in the working directory is read where the
environment says nothing. Lists and mappings are written as JSON. A missing, misspelt or nonsensical
setting stops the start with its name and what is expected. With `YIHAOTONG_ENVIRONMENT=production`
the demo's secrets, the portal simulator and addresses without https are refused, so those settings
must then be given.

| variable | default | meaning |
|---|---|---|
"""


class Entry(NamedTuple):
    """A setting as it is documented."""

    variable: str
    default: str
    meaning: str


def settings_page() -> str:
    """The documentation of every setting, as Markdown."""
    rows = (
        f"| `{e.variable}` | {f'`{e.default}`' if e.default else ''} | {e.meaning} |"
        for e in entries()
    )
    return _HEADER + "\n".join(rows) + "\n"


def entries() -> Iterator[Entry]:
    """Every setting in the order of its declaration, those inside groups one by one."""
    for name, field in Settings.model_fields.items():
        variable = variable_name(name, field)
        default = field.get_default(call_default_factory=True)
        if isinstance(default, BaseModel):
            for inner, inner_field in type(default).model_fields.items():
                yield _entry(f"{variable}__{inner.upper()}", inner_field)
        else:
            yield _entry(variable, field)


@click.command()
@json_option
@click.option("--markdown", is_flag=True, help="Print docs/settings.md.")
def settings(as_json: bool, markdown: bool) -> None:
    """List every setting with its default and meaning."""
    if markdown:
        click.echo(settings_page(), nl=False)
    elif as_json:
        answer_json([entry._asdict() for entry in entries()])
    else:
        table = Table("variable", "default", "meaning")
        for entry in entries():
            table.add_row(*entry)
        console().print(table)


def _entry(variable: str, field: FieldInfo) -> Entry:
    default = _shown(field.get_default(call_default_factory=True))
    return Entry(variable, default, field.description or "")


def _shown(value: Any) -> str:
    match value:
        case SecretStr() if not value.get_secret_value():
            return ""
        case SecretStr() | [SecretStr(), *_]:
            return "(the demo's)"
        case str() | int() | float():
            return str(value)
        case _:
            return json.dumps(value, ensure_ascii=False)
