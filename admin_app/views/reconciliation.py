"""Enterprise reconciliation: portal × platform × old unit accounts, for those who help."""

from flask import Flask, request
from flask_admin import Admin

from admin_app.migration.reconciliation_pages import reconciled_page, reconciled_search
from admin_app.policy.rules import reach
from admin_app.policy.vocabulary import Permission
from admin_app.views.base import PageView, expose
from admin_app.views.search import TYPED_MOST
from admin_app.views.subjects import last_shown
from admin_app.web.database import current_session
from admin_app.web.identity import current_actor


class ReconciliationView(PageView):
    needs = Permission.ACCOUNT_VIEW

    @expose("/")
    def index(self) -> str:
        typed = request.args.get("q", "").replace("\x00", "").strip()[:TYPED_MOST]
        scope, after = reach(current_actor(), Permission.ACCOUNT_VIEW), last_shown()
        found = (
            reconciled_search(current_session(), scope, typed)
            if typed
            else reconciled_page(current_session(), scope, after)
        )
        return self.render(
            "diagnosis/reconciliation.html", found=found, typed=typed, further=bool(after)
        )


def register(_app: Flask, admin: Admin) -> None:
    """Not in the menu: enterprises and diagnoses lead here."""
    admin.add_view(
        ReconciliationView(name="reconciliation", endpoint="reconciliation", url="/reconciliation")
    )
