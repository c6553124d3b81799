"""Notices by e-mail: give an address, follow the link, choose what is mailed, take it back."""

from http.client import NOT_FOUND
from typing import cast

from flask import Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import Admin

from admin_app.errors import NotFound
from admin_app.identity.vocabulary import Channel
from admin_app.notices.operations import (
    EMAIL_MOST,
    choose,
    confirm_address,
    give_address,
    remove_address,
)
from admin_app.notices.queries import address_of, latest_mail_to
from admin_app.notices.vocabulary import DeliveryState, NoticeKind
from admin_app.settings import Settings
from admin_app.views.base import PageView, expose
from admin_app.views.own import told_actor
from admin_app.web.database import current_session
from admin_app.web.forms import Form, read_form
from admin_app.web.gate import Access
from admin_app.web.identity import make_act, sealer
from admin_app.web.language import is_english
from admin_app.web.notices import tell
from admin_app.web.transaction import writes
from admin_app.wording import Text

_ASKED = Text(
    "确认邮件马上寄出。请打开邮件里的链接，确认之后才会收到通知。",
    "A mail is on its way. Open the link in it; notices come once you have.",
)
_CONFIRMED = Text(
    "邮箱已确认，今后的通知也会寄到这里。", "Confirmed: notices are mailed from now on."
)
_CHOSEN = Text("已保存。", "Saved.")
_REMOVED = Text("邮箱已删除，不再寄邮件。", "Removed; no more mail will come.")


class MailView(PageView):
    needs = Access.SIGNED_IN

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return self._page(Form({"email": ""}))

    @expose("/give", methods=("POST",))
    def give(self) -> ResponseReturnValue:
        told_actor()
        if not offers_mail():
            raise NotFound
        form = read_form("email")
        with form.attempt():
            give_address(make_act(), form["email"], "en" if is_english() else "zh")
        if form.is_fine:
            tell(_ASKED)
            return redirect(url_for("mail.index"))
        return self._page(form)

    @expose("/confirm/<secret>")
    @writes
    def confirm(self, secret: str) -> ResponseReturnValue:
        """Answers a link, so by GET; whoever follows it must be signed in as who asked for it."""
        told_actor()
        form = Form({"email": ""})
        with form.attempt():
            confirm_address(make_act(), secret)
        if form.is_fine:
            tell(_CONFIRMED)
            return redirect(url_for("mail.index"))
        return self._page(form)[0], NOT_FOUND

    @expose("/choose", methods=("POST",))
    def choose(self) -> ResponseReturnValue:
        told_actor()
        wanted = [each for each in NoticeKind if each.value in request.form.getlist("kinds")]
        choose(make_act(), Channel.MAIL, wanted, digest=request.form.get("digest") == "yes")
        tell(_CHOSEN)
        return redirect(url_for("mail.index"))

    @expose("/remove", methods=("POST",))
    def remove(self) -> ResponseReturnValue:
        told_actor()
        remove_address(make_act())
        tell(_REMOVED)
        return redirect(url_for("mail.index"))

    def _page(self, form: Form) -> tuple[str, int]:
        session, actor = current_session(), told_actor()
        address = address_of(session, actor)
        if address is None and not offers_mail():
            raise NotFound  # an address given before can still be taken back
        is_staff = actor.person_id is None
        latest = latest_mail_to(session, address) if address else None
        page = self.render(
            "notices/mail.html",
            form=form,
            address=address,
            email=sealer().open(address.address_sealed) if address else None,
            failed=latest is not None and latest.state is DeliveryState.GIVEN_UP,
            kinds=[each for each in NoticeKind if each.is_for_staff is is_staff],
            most=EMAIL_MOST,
        )
        return page, form.status


def offers_mail() -> bool:
    return cast(Settings, current_app.extensions["yihaotong.settings"]).offers_mail


def register(app: Flask, admin: Admin) -> None:
    admin.add_view(MailView(name="mail", endpoint="mail", url="/notices/mail"))
    app.jinja_env.globals.update(offers_mail=offers_mail)
