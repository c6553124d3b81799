"""One's own notices: the bell, the list, and the way from each to where one acts."""

from flask import Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import Admin

from admin_app.notices.operations import read_all, read_notice
from admin_app.notices.queries import UNREAD_MOST, notices_of, sentence_of, unread_of
from admin_app.notices.vocabulary import NoticeKind
from admin_app.views.base import PageView, expose
from admin_app.views.own import is_told, told_actor
from admin_app.views.subjects import NUMBER
from admin_app.web.database import current_session
from admin_app.web.gate import Access
from admin_app.web.identity import current_visitor, make_act
from admin_app.web.transaction import writes

PAGE = 25
# Where one acts; the start page says what there is to do about everything else.
_PLACES = {
    NoticeKind.APPLICATION_ACCEPTED: "applications.index",
    NoticeKind.APPLICATION_DECLINED: "applications.index",
    NoticeKind.APPLICATION_TO_DECIDE: "members.index",
    NoticeKind.CASE_MOVED: "cases.index",
    NoticeKind.EVIDENCE_ASKED: "cases.index",
    NoticeKind.CASE_WAITS: "cases.index",
    NoticeKind.ACCOUNT_BOUND: "my_data.index",
    NoticeKind.ACCOUNT_TAKEN_OVER: "my_data.index",
    NoticeKind.ACCOUNT_UNBOUND: "my_data.index",
}


class NoticesView(PageView):
    needs = Access.SIGNED_IN

    @expose("/")
    def index(self) -> str:
        actor = told_actor()
        before = request.args.get("before", "")
        found = notices_of(
            current_session(),
            actor,
            before=int(before)
            if before.isascii() and before.isdigit() and len(before) < 10
            else None,
            limit=PAGE + 1,
        )
        return self.render(
            "notices/index.html",
            notices=found[:PAGE],
            older=found[PAGE - 1].id if len(found) > PAGE else None,
            unread=unread_of(current_session(), actor),
            sentence_of=sentence_of,
        )

    @expose(f"/<{NUMBER}:notice_id>/open")
    @writes
    def open(self, notice_id: int) -> ResponseReturnValue:
        """Marks it read and goes where one acts: mail links to here."""
        notice = read_notice(make_act(), notice_id)
        number = notice.values.get("case")
        if number is not None and notice.kind.is_for_staff:
            return redirect(url_for("desk_case.index", filed_id=number))
        if number is not None:
            return redirect(url_for("cases.case", case_id=number))
        return redirect(url_for(_PLACES.get(notice.kind, "home.index")))

    @expose("/read", methods=("POST",))
    def read(self) -> ResponseReturnValue:
        read_all(make_act())
        return redirect(url_for("notices.index"))


def unread_for_bell() -> str | None:
    """The number at the bell, empty for none; staff who are told nothing have no bell."""
    visitor = current_visitor()
    if visitor is None or not is_told(visitor.actor):
        return None
    number = unread_of(current_session(), visitor.actor)
    return f"{UNREAD_MOST - 1}+" if number >= UNREAD_MOST else str(number or "")


def register(app: Flask, admin: Admin) -> None:
    admin.add_view(NoticesView(name="notices", endpoint="notices", url="/notices"))
    app.jinja_env.globals.update(unread_for_bell=unread_for_bell)
