"""A spreadsheet that comes with a form: taken by marked views alone, and never into memory.

The body is read, into a file that goes with the request, before the request opens its session: a
slow line keeps nobody waiting.
"""

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import IO, TypeVar, cast

from flask import Flask, current_app, request

from admin_app.errors import DomainError
from admin_app.settings import Settings
from admin_app.web.identity import is_known_token
from admin_app.wording import Text

View = TypeVar("View", bound=Callable[..., object])

_FIELD = "file"
_OTHER_FIELDS = 1024 * 1024
_NAME_MOST = 200


class SpreadsheetMissing(DomainError):
    code = "spreadsheet_missing"
    text = Text("请选择要导入的文件（XLSX 或 CSV）。", "Choose the file to import: XLSX or CSV.")


def fit(app: Flask) -> None:
    """To be fitted before the form's token is checked, for that reads the body."""
    app.before_request(_receive)


def takes_spreadsheet(view: View) -> View:
    """Mark a view whose form brings a spreadsheet."""
    view.takes_spreadsheet = True  # type: ignore[attr-defined]
    return view


def brought() -> tuple[str, IO[bytes]]:
    """The spreadsheet's name, without any path, and its content.

    Raises:
        SpreadsheetMissing
    """
    file = request.files.get(_FIELD)
    if file is None or not file.filename:
        raise SpreadsheetMissing(field=_FIELD)
    name = PurePosixPath(file.filename.replace("\\", "/").replace("\x00", "")).name
    return name[-_NAME_MOST:] or _FIELD, file.stream


def _receive() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method != "POST" or not getattr(view, "takes_spreadsheet", False):
        return
    if is_known_token():
        settings = cast(Settings, current_app.extensions["yihaotong.settings"])
        request.max_content_length = settings.import_megabytes * 1024 * 1024 + _OTHER_FIELDS
        request.files  # noqa: B018 - reads the body
