"""Where somebody is signed in; each sign-in can be ended by its owner, and by nobody else."""

import re

from flask import Flask, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import Admin

from admin_app.identity.sessions import end_other_sessions, end_session, sessions_of
from admin_app.views.base import PageView, expose
from admin_app.web.database import current_session
from admin_app.web.gate import Access
from admin_app.web.identity import current_actor, current_visitor, idle_limit, make_act, now
from admin_app.web.notices import tell
from admin_app.wording import Text

_BROWSERS = (  # the first that fits; Edge and the others call themselves Chrome too
    (r"Edg/", "Edge"),
    (r"360SE|QIHU", "360"),
    (r"Firefox/", "Firefox"),
    (r"Chrome/", "Chrome"),
    (r"Safari/", "Safari"),
)
_SYSTEMS = (
    (r"Windows", "Windows"),
    (r"HarmonyOS", "HarmonyOS"),
    (r"Android", "Android"),
    (r"iPhone|iPad", "iOS"),
    (r"Mac OS X", "macOS"),
    (r"Linux", "Linux"),
)


class SessionsView(PageView):
    needs = Access.SIGNED_IN

    @expose("/")
    def index(self) -> str:
        visitor = current_visitor()
        return self.render(
            "sessions.html",
            own=visitor.signed_in if visitor else None,
            sessions=sessions_of(current_session(), current_actor(), now=now(), idle=idle_limit()),
            device=device,
        )

    @expose("/<int(max=2147483647):session_id>/end", methods=("POST",))
    def end(self, session_id: int) -> ResponseReturnValue:
        end_session(make_act(), session_id)
        tell(Text("该登录已结束。", "That sign-in has ended."))
        return redirect(url_for("sessions.index"))

    @expose("/end-others", methods=("POST",))
    def end_others(self) -> ResponseReturnValue:
        visitor = current_visitor()
        number = end_other_sessions(make_act(), visitor.signed_in.id if visitor else 0)
        tell(
            Text("已结束其他 {n} 处登录。", "Ended {n} other sign-ins.").format(n=number)
            if number
            else Text("没有其他登录。", "There were no other sign-ins.")
        )
        return redirect(url_for("sessions.index"))


def device(user_agent: str) -> str:
    """A browser and a system as people call them; empty if neither is known."""
    found = (
        next((name for pattern, name in table if re.search(pattern, user_agent)), "")
        for table in (_BROWSERS, _SYSTEMS)
    )
    return " · ".join(part for part in found if part)


def register(_app: Flask, admin: Admin) -> None:
    admin.add_view(SessionsView(name="sessions", endpoint="sessions", url="/sessions"))
