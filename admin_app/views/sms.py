"""Notices by SMS: give a number, type the code, choose what is sent, take it back."""

from typing import cast

from flask import Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import Admin

from admin_app.errors import NotFound
from admin_app.identity.vocabulary import Channel
from admin_app.notices.operations import choose, confirm_number, give_number, remove_address
from admin_app.notices.queries import address_of, latest_mail_to
from admin_app.notices.vocabulary import CodeWrong, DeliveryState, NoticeKind
from admin_app.settings import Settings
from admin_app.views.base import PageView, expose
from admin_app.views.own import own_person
from admin_app.web.database import current_session
from admin_app.web.forms import Form, read_form
from admin_app.web.gate import Access
from admin_app.web.identity import current_actor, make_act, sealer
from admin_app.web.language import is_english
from admin_app.web.notices import tell
from admin_app.web.transaction import keep
from admin_app.wording import Text

_ASKED = Text(
    "验证码短信马上发出。请在下面填写，之后才会收到通知。",
    "A text message with a code is on its way. Type the code below; notices come after that.",
)
_CONFIRMED = Text(
    "手机号已确认，今后要紧的通知也会发短信。", "Confirmed: urgent notices come by SMS."
)
_CHOSEN = Text("已保存。", "Saved.")
_REMOVED = Text("手机号已删除，不再发短信。", "Removed; no more text messages will come.")
_KINDS = [kind for kind in NoticeKind if kind.merits_sms]


class SmsView(PageView):
    needs = Access.SIGNED_IN

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return self._page(Form({"number": "", "code": ""}))

    @expose("/give", methods=("POST",))
    def give(self) -> ResponseReturnValue:
        own_person()
        if not offers_sms():
            raise NotFound
        form = read_form("number")
        with form.attempt():
            give_number(make_act(), form["number"], "en" if is_english() else "zh")
        if form.is_fine:
            tell(_ASKED)
            return redirect(url_for("sms.index"))
        return self._page(form)

    @expose("/confirm", methods=("POST",))
    def confirm(self) -> ResponseReturnValue:
        own_person()
        form = read_form("code")
        with form.attempt():
            is_right = confirm_number(make_act(), form["code"])
        if form.is_fine and is_right:
            tell(_CONFIRMED)
            return redirect(url_for("sms.index"))
        if form.is_fine:
            form.refuse(CodeWrong(field="code"))
            keep()  # a wrong code is counted
        return self._page(form)

    @expose("/choose", methods=("POST",))
    def choose(self) -> ResponseReturnValue:
        own_person()
        wanted = [each for each in _KINDS if each.value in request.form.getlist("kinds")]
        choose(make_act(), Channel.SMS, wanted)
        tell(_CHOSEN)
        return redirect(url_for("sms.index"))

    @expose("/remove", methods=("POST",))
    def remove(self) -> ResponseReturnValue:
        own_person()
        remove_address(make_act(), Channel.SMS)
        tell(_REMOVED)
        return redirect(url_for("sms.index"))

    def _page(self, form: Form) -> tuple[str, int]:
        session = current_session()
        own_person()
        address = address_of(session, current_actor(), Channel.SMS)
        if address is None and not offers_sms():
            raise NotFound  # a number given before can still be taken back
        latest = latest_mail_to(session, address) if address else None
        page = self.render(
            "notices/sms.html",
            form=form,
            address=address,
            number=_masked(sealer().open(address.address_sealed)) if address else None,
            failed=latest is not None and latest.state is DeliveryState.GIVEN_UP,
            kinds=_KINDS,
        )
        return page, form.status


def offers_sms() -> bool:
    return cast(Settings, current_app.extensions["yihaotong.settings"]).offers_sms


def _masked(number: str) -> str:
    return f"{number[:3]}****{number[-4:]}"


def register(app: Flask, admin: Admin) -> None:
    admin.add_view(SmsView(name="sms", endpoint="sms", url="/notices/sms"))
    app.jinja_env.globals.update(offers_sms=offers_sms)
