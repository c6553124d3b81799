"""The change form to take away, filled in: for its person, and for the desk."""

from typing import cast

from flask import Flask, Response, current_app, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import Admin
from flask_babel import get_locale

from admin_app.policy.rules import reach
from admin_app.policy.vocabulary import Permission
from admin_app.service_desk.case_queries import case_within
from admin_app.service_desk.cases import own_case
from admin_app.service_desk.papers import pdf, word
from admin_app.service_desk.papers.gathering import own_paper, paper_at_desk
from admin_app.service_desk.papers.values import Issuer, Paper
from admin_app.service_desk.papers.vocabulary import FILE_NAME
from admin_app.settings import Settings
from admin_app.views.base import PageView, expose
from admin_app.views.subjects import NUMBER
from admin_app.web import gate
from admin_app.web.attachments import attachment
from admin_app.web.database import current_session
from admin_app.web.gate import Access
from admin_app.web.identity import current_actor, make_act
from admin_app.web.transaction import writes

_PDF = "application/pdf"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class PapersView(PageView):
    """Each form as PDF and as DOCX; what the desk takes is recorded."""

    needs = Access.SIGNED_IN

    @expose(f"/<{NUMBER}:scanned_id>/")
    def scanned(self, scanned_id: int) -> ResponseReturnValue:
        """Where the code on the paper leads: to one's own page of the case, or to the desk's."""
        session, actor = current_session(), current_actor()
        seen = reach(actor, Permission.CASE_VIEW)
        if seen.is_nowhere:
            case = own_case(session, actor, scanned_id)
            return redirect(url_for("cases.case", case_id=case.id))
        case = case_within(session, seen, scanned_id)
        return redirect(url_for("desk_case.index", filed_id=case.id))

    @expose(f"/<{NUMBER}:case_id>/pdf")
    def pdf(self, case_id: int) -> Response:
        return _as_pdf(own_paper(make_act(), _issuer(), case_id, _language()))

    @expose(f"/<{NUMBER}:case_id>/docx")
    def docx(self, case_id: int) -> Response:
        return _as_docx(own_paper(make_act(), _issuer(), case_id, _language()))

    @expose(f"/desk/<{NUMBER}:filed_id>/pdf")
    @writes
    @gate.needs(Permission.CASE_WORK)
    def desk_pdf(self, filed_id: int) -> Response:
        return _as_pdf(paper_at_desk(make_act(), _issuer(), filed_id, _language()))

    @expose(f"/desk/<{NUMBER}:filed_id>/docx")
    @writes
    @gate.needs(Permission.CASE_WORK)
    def desk_docx(self, filed_id: int) -> Response:
        return _as_docx(paper_at_desk(make_act(), _issuer(), filed_id, _language()))


def _as_pdf(paper: Paper) -> Response:
    return _sent(paper, pdf.drawn(paper), _PDF, "pdf")


def _as_docx(paper: Paper) -> Response:
    return _sent(paper, word.written(paper), _DOCX, "docx")


def _sent(paper: Paper, content: bytes, media_type: str, ending: str) -> Response:
    response = Response(content, mimetype=media_type)
    name = FILE_NAME.format(number=paper.number).in_language(paper.language)
    response.headers.set("Content-Disposition", attachment(f"{name}.{ending}"))
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "no-store"
    return response


def _issuer() -> Issuer:
    settings = cast(Settings, current_app.extensions["yihaotong.settings"])
    contacts = settings.contacts
    return Issuer(settings.public_url, contacts.platform_phones, contacts.platform_email)


def _language() -> str:
    return str(get_locale())


def register(_app: Flask, admin: Admin) -> None:
    admin.add_view(PapersView(name="papers", endpoint="papers", url="/papers"))
