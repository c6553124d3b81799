"""Asking for a list as a long job, and letting a worker write it as whoever asked."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flask import Flask, current_app, redirect, session, url_for
from flask.typing import ResponseReturnValue

from admin_app.delegation.capacities import CapacityChoice
from admin_app.jobs.long_jobs import ask
from admin_app.jobs.models import Job
from admin_app.jobs.vocabulary import JobAuthorityGone, JobKind
from admin_app.migration.import_report import Progress
from admin_app.web.gate import permits
from admin_app.web.identity import current_capacity, make_act, visit_as
from admin_app.web.language import is_english
from admin_app.web.notices import tell
from admin_app.wording import Text

WRITING = Text("写入表格", "Writing the table")
_ASKED = Text(
    "已提交后台任务。可以离开这一页，完成后在这里下载。",
    "Handed to a worker. You may leave this page; the file will be here when it is done.",
)
_EVERY = 500


class Tally:
    """Counts rows as they pass, and tells of it now and then."""

    def __init__(self, progress: Progress, total: int | None) -> None:
        self._progress, self._total = progress, total
        self.number = 0

    def noted(self, row: Sequence[Any]) -> Sequence[Any]:
        if self.number % _EVERY == 0:
            self._progress(WRITING, self.number, self._total)
        self.number += 1
        return row


def ask_for_table(
    endpoint: str, title: Text, search: Mapping[str, str], file_format: str
) -> ResponseReturnValue:
    """Hand a list to a worker, and go where its progress is shown.

    Raises:
        TooManyJobs
    """
    ask(
        make_act(),
        JobKind.LIST_EXPORT,
        title,
        {"list": endpoint, "search": dict(search), "format": file_format},
        capacity_key=current_capacity().key,
        language="en" if is_english() else "zh",
    )
    tell(_ASKED)
    return redirect(url_for("jobs.index"))


def write_list(
    app: Flask, job: Job, capacity: CapacityChoice, path: Path, progress: Progress
) -> int:
    """Write the list a job is about: what whoever asked may see now, in their language.

    Returns:
        how many rows there are.

    Raises:
        JobAuthorityGone: they may no longer see this list.
    """
    asked = job.parameters
    with app.test_request_context(query_string=asked["search"]):
        session["lang"] = job.language
        visit_as(capacity)
        view = list_view(asked["list"])
        if not permits(view.needs):
            raise JobAuthorityGone
        rows: int = view.write_table(path, asked["format"], progress)
        return rows


def list_view(endpoint: str) -> Any:
    """The list with this name."""
    page: Any = current_app.view_functions[f"{endpoint}.index_view"]
    return page.__self__
