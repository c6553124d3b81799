"""What the trail says of a table that somebody takes away, whichever way it is written."""

from collections.abc import Mapping

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
    **more: object,
) -> None:
    """Somebody takes a table away.

    Args:
        title: how people call the table, in Chinese as all of the trail.
        name: its endpoint.
        search: its filters and order, as the address has them.
        more: what else there is to say, such as the job that wrote it.
    """
    what = {"list": name, "search": dict(search), "format": file_format, "rows": rows}
    record(act, Event.LIST_EXPORTED, subject=title, **what, **more)
