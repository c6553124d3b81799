"""A Mark as the short string that a bar carries, and back: ``counted=enterprises&state=stuck``.

What comes back from a browser may be made up: what isn't a Mark is None, and who may see the list
behind one is asked where the list is read.
"""

from collections.abc import Callable
from dataclasses import fields
from enum import Enum
from urllib.parse import parse_qsl, urlencode

from admin_app.migration.blockers import Blocker
from admin_app.migration.counts import Counted
from admin_app.migration.vocabulary import AccountState
from admin_app.rollups.vocabulary import Stage
from admin_app.service_desk.form_vocabulary import case_kind
from dashboards.values import Mark, OnDesk

_WORDS: dict[str, Callable[[str], Enum]] = {
    "counted": Counted,
    "state": AccountState,
    "blocker": Blocker,
    "case_kind": case_kind,
    "stage": Stage,
    "on_desk": OnDesk,
}
_NUMBERS = ("unit_id", "listed_unit_id")
_LONGEST = 200
_REGION = 4


def written(mark: Mark | None) -> str:
    """The string for a Mark; none for what leads nowhere."""
    if mark is None:
        return ""
    values = {field.name: getattr(mark, field.name) for field in fields(mark)}
    return urlencode(
        {
            name: value.value if isinstance(value, Enum) else value
            for name, value in values.items()
            if value is not None
        }
    )


def read(text: object) -> Mark | None:
    """The Mark that a string stands for, or None."""
    if not isinstance(text, str) or not text or len(text) > _LONGEST:
        return None
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True)
        values = {name: _value(name, value) for name, value in pairs}
    except ValueError:
        return None
    return Mark(**values) if len(values) == len(pairs) else None  # type: ignore[arg-type]


def _value(name: str, text: str) -> Enum | int | str:
    if name in _WORDS:
        return _WORDS[name](text)
    if name in _NUMBERS and text.isascii() and text.isdigit():
        return int(text)
    if name == "region" and text.isascii() and (text == "" or len(text) == _REGION):
        return text
    raise ValueError(name)
