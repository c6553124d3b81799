"""Imports in the browser: a file is handed in, tried first, and imported for good after that."""

from flask import Flask, current_app, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import Admin

from admin_app.exchange.handing_in import hand_in, import_tried
from admin_app.exchange.job_files import job_storage
from admin_app.jobs.vocabulary import JobKind
from admin_app.policy.vocabulary import Permission
from admin_app.views.base import PageView, expose
from admin_app.web.forms import Form, read_form
from admin_app.web.gate import need_of, permits
from admin_app.web.identity import current_capacity, make_act
from admin_app.web.language import is_english
from admin_app.web.navigation import MenuItem, add_to_menu
from admin_app.web.notices import tell
from admin_app.web.spreadsheet_uploads import brought, takes_spreadsheet
from admin_app.wording import Text

_KINDS = [kind for kind in JobKind if kind.is_import]
_ASKED = Text(
    "文件已提交，先试运行：只检查，不写入。完成后请看结果，再决定是否正式导入。",
    "The file is in. It is tried first and nothing is written; look at what comes of it, then "
    "decide whether to import it.",
)
_COMMITTING = Text(
    "已提交正式导入。要么全部写入，要么不留任何改动。",
    "The import is on its way: all of it is written, or nothing.",
)


class ImportsView(PageView):
    needs = Permission.DATA_IMPORT

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return self._page(Form({"kind": _KINDS[0].value, "reason": ""}))

    @expose("/upload", methods=("POST",))
    @takes_spreadsheet
    def upload(self) -> ResponseReturnValue:
        form = read_form("kind", "reason")
        form.values["file"] = ""  # so that what is wrong with it is shown beside it
        with form.attempt():
            self._take(form)
        if form.is_fine:
            tell(_ASKED)
            return redirect(url_for("jobs.index"))
        return self._page(form)

    def _take(self, form: Form) -> None:
        kind = next((each for each in _KINDS if each.value == form["kind"]), _KINDS[0])
        name, content = brought()
        storage = job_storage(current_app.extensions["yihaotong.settings"])
        hand_in(make_act(form["reason"]), storage, kind, name, content, **asked_by())

    def _page(self, form: Form) -> tuple[str, int]:
        page = self.render(
            "jobs/import.html",
            form=form,
            kinds=[(each.value, each.label) for each in _KINDS],
            most=current_app.extensions["yihaotong.settings"].import_megabytes,
        )
        return page, form.status


def may_import() -> bool:
    return permits(need_of(current_app, "imports.index"))


def import_for_good(job_id: int) -> None:
    """After a trial: the same file once more, and this time it is written."""
    import_tried(make_act(), job_id, **asked_by())
    tell(_COMMITTING)


def asked_by() -> dict[str, str]:
    """In which capacity and language something is asked of a worker."""
    language = "en" if is_english() else "zh"
    return {"capacity_key": current_capacity().key, "language": language}


def register(app: Flask, admin: Admin) -> None:
    admin.add_view(ImportsView(name="imports", endpoint="imports", url="/imports"))
    add_to_menu(app, MenuItem("imports.index", Text("导入", "Import"), order=60, covers=("jobs",)))
