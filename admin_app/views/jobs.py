"""One's own long jobs: how far each has come, cancelling, and taking the result away."""

from itertools import chain
from pathlib import PurePath

from flask import Flask, Response, current_app, redirect, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_admin import Admin
from werkzeug.datastructures import Headers

from admin_app.exchange.job_files import job_storage, parts_of, read_parts
from admin_app.jobs.long_jobs import cancel, get_own, jobs_of, note_taken
from admin_app.jobs.models import Job
from admin_app.jobs.vocabulary import FileRole, JobAuthorityGone, JobState
from admin_app.policy.rules import decide
from admin_app.policy.vocabulary import Permission
from admin_app.views.asking import list_view
from admin_app.views.base import PageView, expose
from admin_app.views.importing import import_for_good, may_import
from admin_app.views.subjects import NUMBER
from admin_app.web.attachments import attachment
from admin_app.web.database import current_session
from admin_app.web.gate import Access
from admin_app.web.identity import current_actor, current_capacities, make_act
from admin_app.web.notices import tell
from admin_app.web.transaction import finish_early, writes
from admin_app.wording import Text

PAGE = 25
TITLE = Text("后台任务", "Background jobs")
_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_TONES = {
    JobState.WAITING: "quiet",
    JobState.RUNNING: "wait",
    JobState.DONE: "good",
    JobState.FAILED: "bad",
    JobState.CANCELLED: "quiet",
}
_COUNTS = {
    "rows_read": Text("读取", "read"),
    "created": Text("新增", "created"),
    "updated": Text("更新", "updated"),
    "unchanged": Text("无变化", "unchanged"),
    "changed": Text("改动后导入", "taken with a change"),
    "refused": Text("未导入", "not taken"),
}
_NO_ROWS = Text(
    "文件里只有表头，没有数据行。请补上数据，再重新提交。",
    "The file has a header and no rows. Add them, and hand it in again.",
)
_NONE_TAKEN = Text(
    "没有一行能导入，所以不能正式导入。请下载未按原样导入的行，按原因改好文件，再重新提交。",
    "No row can be imported, so there is nothing to import. Take away the rows that weren't taken, "
    "correct the file as they say, and hand it in again.",
)
_ALL_THERE = Text(
    "文件里的内容系统里都已经有了，不用正式导入。",
    "Everything in the file is there already; there is nothing to import.",
)
_REST_THERE = Text(
    "能导入的行系统里都已经有了，不用正式导入。其余的行请下载后按原因改好，再重新提交。",
    "What can be imported is there already. Take away the other rows, correct them as they say, "
    "and hand them in again.",
)
_CANCELLED = Text("已取消。", "Cancelled.")
_CANCELLING = Text("正在取消，做完手上这一步就停。", "It will stop after the step it is at.")


class JobsView(PageView):
    needs = Access.SIGNED_IN

    @expose("/")
    def index(self) -> str:
        before = request.args.get("before", "")
        known = before.isascii() and before.isdigit() and len(before) < 10
        found = jobs_of(
            current_session(),
            current_actor(),
            before=int(before) if known else None,
            limit=PAGE + 1,
        )
        return self.render(
            "jobs/index.html",
            jobs=found[:PAGE],
            older=found[PAGE - 1].id if len(found) > PAGE else None,
            live=any(not each.state.is_over for each in found[:PAGE]),
            tones=_TONES,
            counts=_COUNTS,
            why_not=why_not,
            days=current_app.extensions["yihaotong.settings"].job_days,
            may_import=may_import(),
            title=TITLE,
        )

    @expose(f"/<{NUMBER}:job_id>/cancel", methods=("POST",))
    def cancel(self, job_id: int) -> ResponseReturnValue:
        job = cancel(make_act(), job_id)
        tell(_CANCELLED if job.state.is_over else _CANCELLING)
        return redirect(url_for("jobs.index"))

    @expose(f"/<{NUMBER}:job_id>/result")
    @writes
    def result(self, job_id: int) -> Response:
        """The file, for whoever asked for it and still may; that it was taken is noted."""
        act = make_act()
        job = get_own(act.session, act.actor, job_id)
        _require_entitled(job)
        storage = job_storage(current_app.extensions["yihaotong.settings"])
        parts = parts_of(act.session, job.id, FileRole.RESULT)
        content = read_parts(act, storage, parts)
        first = next(content)
        note_taken(act, job)
        finish_early()

        headers = Headers()
        headers.set("Content-Disposition", attachment(job.result_name))
        headers.set("Content-Length", str(sum(part.size for part in parts)))
        return Response(
            stream_with_context(chain([first], content)),
            mimetype=_TYPES[PurePath(job.result_name).suffix],
            headers=headers,
        )

    @expose(f"/<{NUMBER}:job_id>/commit", methods=("POST",))
    def commit(self, job_id: int) -> ResponseReturnValue:
        """After a trial: the same file once more, and for good."""
        import_for_good(job_id)
        return redirect(url_for("jobs.index"))


def why_not(job: Job) -> Text | None:
    """Why a trial that is done leads to no import, and what to do; none: it may."""
    if job.found_rows_to_write or job.outcome is None:
        return None
    read, refused = job.outcome["rows_read"], job.outcome["refused"]
    if not read:
        return _NO_ROWS
    if refused == read:
        return _NONE_TAKEN
    return _REST_THERE if refused else _ALL_THERE


def sentence_of(pair: list[str]) -> Text:
    """What the database keeps of a sentence."""
    return Text(*pair)


def percent_of(job: Job) -> int | None:
    """How far it has come, if it is known of how much; all of it only once it is done."""
    if not job.total:
        return None
    return min(99, job.done * 100 // job.total)


def _require_entitled(job: Job) -> None:
    """The capacity it was asked in is still theirs, and still has the right.

    Raises:
        JobAuthorityGone
    """
    capacity = next((each for each in current_capacities() if each.key == job.capacity_key), None)
    if capacity is None:
        raise JobAuthorityGone
    is_import = job.kind.is_import
    need = Permission.DATA_IMPORT if is_import else list_view(job.parameters["list"]).needs
    if not decide(capacity.actor, need):
        raise JobAuthorityGone


def register(app: Flask, admin: Admin) -> None:
    admin.add_view(JobsView(name="jobs", endpoint="jobs", url="/jobs"))
    app.jinja_env.globals.update(percent_of=percent_of, sentence_of_pair=sentence_of)
