"""Files that come with a form: how much may come, and what is made of it before anything is locked.

Only views marked with ``@takes_files`` take more than an ordinary form does, and only from
somebody signed in. The body is read and the pictures are drawn anew before the request opens its
session: a slow line or a large picture keeps nobody waiting. Of a form whose sign-in has ended
meanwhile the files are let go as they come, for what was typed beside them (``kept``).
"""

from collections.abc import Callable
from io import BytesIO
from typing import Any, TypeVar, cast

from flask import Flask, current_app, g, request

from admin_app.errors import DomainError
from admin_app.service_desk.evidence_vocabulary import (
    FILE_BYTES_MOST,
    FILES_MOST,
    EvidenceKind,
    EvidenceTooMuch,
)
from admin_app.service_desk.storage import Storage, storage_in
from admin_app.service_desk.uploads import Upload, receive
from admin_app.settings import Settings
from admin_app.web.identity import is_known_token
from admin_app.web.kept import came_from_here

View = TypeVar("View", bound=Callable[..., object])

# Besides the files themselves: their headings, and the form's other fields.
_BODY_MOST = FILES_MOST * FILE_BYTES_MOST + 1024 * 1024
_PREFIX = "file-"


def fit(app: Flask, settings: Settings) -> None:
    """To be fitted before the form's token is checked, for that reads the body."""
    app.extensions["yihaotong.storage"] = storage_in(
        settings.evidence_folder, settings.evidence_bucket
    )
    app.before_request(_receive)


def takes_files(view: View) -> View:
    """Mark a view whose form brings files."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def storage() -> Storage:
    return cast(Storage, current_app.extensions["yihaotong.storage"])


def received() -> list[Upload]:
    """The files that came with this form.

    Raises:
        DomainError: what is wrong with one of them.
    """
    found: list[Upload] | DomainError = g.get("received", [])
    if isinstance(found, DomainError):
        raise found
    return found


def _receive() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method != "POST" or not getattr(view, "takes_files", False):
        return
    if not is_known_token():
        if came_from_here():
            request.max_content_length = _BODY_MOST
            request._get_file_stream = _Nowhere  # type: ignore[method-assign]  # meant to be
        return
    request.max_content_length = _BODY_MOST
    try:
        g.received = _files()
    except DomainError as error:
        g.received = error


class _Nowhere(BytesIO):
    """What is written into it is gone."""

    def __init__(self, *_of: Any, **_more: Any) -> None:
        super().__init__()

    def write(self, data: Any, /) -> int:
        return memoryview(data).nbytes


def _files() -> list[Upload]:
    kinds = {_PREFIX + kind.value: kind for kind in EvidenceKind}
    sent = [
        (kinds[name], file)
        for name, files in request.files.lists()
        for file in files
        if name in kinds and file.filename
    ]
    if len(sent) > FILES_MOST:
        raise EvidenceTooMuch(field="evidence")
    return [
        receive(kind, file.filename or "", file.read(FILE_BYTES_MOST + 1)) for kind, file in sent
    ]
