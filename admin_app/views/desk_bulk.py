"""One errand on the cases ticked in the desk's list, and a page that says how each came out."""

from flask import Flask, request
from flask.typing import ResponseReturnValue
from flask_admin import Admin

from admin_app.audit.act import Act
from admin_app.errors import NotFound
from admin_app.policy.vocabulary import Permission
from admin_app.service_desk import desk
from admin_app.service_desk.bulk import BULK_MOST, Chosen, Result, Verb, in_bulk
from admin_app.service_desk.case_vocabulary import Priority
from admin_app.service_desk.desk_vocabulary import Errand
from admin_app.views.base import PageView, expose
from admin_app.views.desk_list import TONES, bulk_choices, read_query, who
from admin_app.web.forms import Form, read_form
from admin_app.web.identity import make_act
from admin_app.web.kept import CONTENT, keeps_typed


class DeskBulkView(PageView):
    needs = Permission.CASE_WORK

    @expose("/", methods=("POST",))
    @keeps_typed(text=CONTENT)
    def do(self) -> ResponseReturnValue:
        form = read_form("errand", "staff", "priority", "reply", "text", "query")
        errand = next((each for each in Errand if each.value == form["errand"]), None)
        if errand is None:
            raise NotFound
        results: list[Result] = []
        with form.attempt():
            results = in_bulk(make_act(), _chosen(), _verb(errand, form))
        done = [each for each in results if each.refusal is None]
        not_done = [each for each in results if each.refusal is not None]
        page = self.render(
            "desk/bulk.html",
            errand=errand,
            done=done,
            not_done=not_done,
            form=form,
            tones=TONES,
            who=who,
            query=read_query(form["query"]),
            **bulk_choices(),
        )
        return page, 409 if not_done and not done else form.status


def _verb(errand: Errand, form: Form) -> Verb:
    priority = next((p for p in Priority if p.value == form["priority"]), Priority.NORMAL)
    staff_id = _number(form["staff"])

    def do(act: Act, case_id: int, version: int) -> object:
        match errand:
            case Errand.TAKE:
                return desk.take_free(act, case_id, version)
            case Errand.HAND_OVER:
                return desk.hand_over(act, case_id, version, staff_id)
            case Errand.RANK:
                return desk.rank(act, case_id, version, priority)
            case Errand.ASK:
                return desk.ask(act, case_id, version, form["text"], form["reply"])
            case Errand.TELL:
                return desk.write_to_person(act, case_id, form["text"], form["reply"], version)
            case Errand.CLOSE:
                return desk.close(act, case_id, version)

    return do


def _chosen() -> list[Chosen]:
    """The cases ticked one by one, and those of the whole page if that was ticked.

    Raises:
        NotFound: not what a page of ours sends.
    """
    typed = [*request.form.getlist("case"), *request.form.get("whole_page", "").split()]
    chosen = {}
    for each in typed[: 2 * BULK_MOST + 1]:
        case_id, _, version = each.partition(":")
        if not (number := _number(case_id)) or not _number(version):
            raise NotFound
        chosen[number] = Chosen(number, _number(version))
    return list(chosen.values())


def _number(typed: str) -> int:
    """A number typed by a form; anything else is none there is."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def register(_app: Flask, admin: Admin) -> None:
    admin.add_view(DeskBulkView(name="desk_bulk", endpoint="desk_bulk", url="/desk/bulk"))
