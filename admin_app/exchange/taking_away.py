"""What the trail says of a table that somebody takes away, whichever way it is written."""

from collections.abc import Mapping
from typing import Any

from admin_app.audit.act import Act
from admin_app.audit.operations import record
from admin_app.audit.vocabulary import Event


def note_exported(
    act: Act,
    title: str,
    name: str,
    search: Mapping[str, str],
    file_format: str,
    rows: int,
    *,
    job: int | None = None,
) -> None:
    """Somebody takes a table away.

    Args:
        title: how people call the table, in Chinese as all of the trail.
        name: its endpoint.
        search: its filters and order, as the address has them.
        job: its number, if a worker wrote it.
    """
    details: dict[str, Any] = {"list": name, "search": dict(search), "format": file_format}
    if job is not None:
        details["job"] = job
    record(act, Event.LIST_EXPORTED, subject=title, rows=rows, **details)
