"""“We found your account”: bind it, say it isn't yours, say the password is gone; and receipts."""

from collections.abc import Callable
from contextlib import suppress

from flask import Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import Admin

from admin_app.audit.act import Act
from admin_app.errors import NotFound
from admin_app.migration.attempts import require_unlocked
from admin_app.migration.blockers import Blocker
from admin_app.migration.models import LegacyAccount
from admin_app.migration.operations import BindingOutcome, bind, disown, forget
from admin_app.migration.progress import Progress, found_account, own_receipt, receipts_of
from admin_app.migration.vocabulary import (
    AccountKind,
    BindingLocked,
    BoundToSomebodyElse,
    RecordKind,
)
from admin_app.service_desk.case_vocabulary import AlreadyOnFile
from admin_app.service_desk.cases import file_case
from admin_app.views.base import PageView, expose
from admin_app.views.standing import own_progress, visiting_person
from admin_app.views.subjects import NUMBER
from admin_app.web.database import current_session
from admin_app.web.forms import Form, read_form
from admin_app.web.gate import Access
from admin_app.web.identity import current_actor, make_act
from admin_app.web.notices import tell
from admin_app.web.transaction import keep
from admin_app.wording import Text

_PASSWORD_MOST = 1000

_BOUND = Text(
    "绑定成功。下面是回执，可以打印，以后也随时可以再看。",
    "Bound. This is your receipt: print it if you like, it is kept for you.",
)
_DISOWNED = Text(
    "已记下：这不是您的账号。平台会核实，请保持电话畅通。",
    "Noted: this isn't your account. The platform will look into it.",
)
_FORGOTTEN = Text(
    "已为您提交人工核实申请，请打开申请上传材料。想起了原密码，仍可以随时回来绑定。",
    "Your case is on file; please open it and upload the evidence. If you remember the password, "
    "you can still bind the account.",
)


class BindingView(PageView):
    needs = Access.SIGNED_IN

    @expose("/")
    def index(self) -> ResponseReturnValue:
        if current_actor().person_id is None:
            return self.render("binding/staff.html")
        return self._page(own_progress(), Form({"consented": ""}), request.args.get("account", ""))

    @expose(f"/account/<{NUMBER}:account_id>/bind", methods=("POST",))
    def bind(self, account_id: int) -> ResponseReturnValue:
        """A wrong password is counted, so whatever comes out is committed."""
        person, form = visiting_person(), read_form("consented")
        form.values["password"] = ""  # never sent back
        outcome = BindingOutcome()
        with form.attempt():
            outcome = bind(
                make_act(),
                person.id,
                account_id,
                request.form.get("password", "")[:_PASSWORD_MOST],
                consented=form["consented"] == "yes",
            )
            if isinstance(outcome.error, BoundToSomebodyElse):
                _file(make_act(), Blocker.DISPUTED, account_id)
        if outcome.error is not None:
            keep()
            form.refuse(outcome.error)
        if not form.is_fine:
            return self._page(own_progress(), form, str(account_id))
        if outcome.receipt is None:
            return redirect(url_for("binding.index"))
        tell(_BOUND)
        return redirect(url_for("binding.receipt", receipt_id=outcome.receipt.id))

    @expose(f"/account/<{NUMBER}:account_id>/disown", methods=("POST",))
    def disown(self, account_id: int) -> ResponseReturnValue:
        return self._give_up(account_id, disown, Blocker.DISPUTED, _DISOWNED)

    @expose(f"/account/<{NUMBER}:account_id>/forget", methods=("POST",))
    def forget(self, account_id: int) -> ResponseReturnValue:
        return self._give_up(account_id, forget, Blocker.OLD_PASSWORD, _FORGOTTEN)

    @expose(f"/receipt/<{NUMBER}:receipt_id>")
    def receipt(self, receipt_id: int) -> str:
        person_id = current_actor().person_id
        if person_id is None:
            raise NotFound
        receipt = own_receipt(current_session(), person_id, receipt_id)
        return self.render("binding/receipt.html", receipt=receipt, labels=_labels())

    def _give_up(
        self,
        account_id: int,
        verb: Callable[[Act, int, int], None],
        blocker: Blocker,
        done: Text,
    ) -> ResponseReturnValue:
        """The account waits for staff, and the case says so; once it is on file, that is fine."""
        person, form = visiting_person(), read_form()
        with form.attempt():
            verb(make_act(), person.id, account_id)
            _file(make_act(), blocker, account_id)
        if form.is_fine:
            tell(done, "wait")
            return redirect(url_for("cases.index"))
        return self._page(own_progress(), form, str(account_id))

    def _page(self, progress: Progress, form: Form, asked: str) -> ResponseReturnValue:
        chosen = _chosen(progress.offers, asked)
        page = self.render(
            "binding/index.html",
            progress=progress,
            form=form,
            found=found_account(current_session(), chosen) if chosen else None,
            locked=_locked(chosen) if chosen else None,
            is_personal=chosen is not None and chosen.kind is AccountKind.PERSONAL,
            labels=_labels(),
            receipts=receipts_of(current_session(), visiting_person().id),
        )
        return page, form.status


def _chosen(offers: list[LegacyAccount], asked: str) -> LegacyAccount | None:
    """The account asked for, if it is offered; otherwise the first that is."""
    return next((each for each in offers if str(each.id) == asked), offers[0] if offers else None)


def _locked(account: LegacyAccount) -> Text | None:
    """For how long no password is looked at, in words."""
    try:
        require_unlocked(make_act(), account, visiting_person())
    except BindingLocked as error:
        return error.sentence
    return None


def _file(act: Act, blocker: Blocker, account_id: int) -> None:
    with suppress(AlreadyOnFile):  # a second press, or a second tab
        file_case(act, visiting_person(), blocker, account_id)


def _labels() -> dict[str, Text]:
    """How the receipt's kinds are called: of history, and of accounts."""
    return {each.value: each.label for each in (*RecordKind, *AccountKind)}


def register(_app: Flask, admin: Admin) -> None:
    admin.add_view(BindingView(name="binding", endpoint="binding", url="/binding"))
