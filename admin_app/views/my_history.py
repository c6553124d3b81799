"""The business history of whoever visits: over all accounts bound to them, the latest first."""

import re
from datetime import date

from flask import Flask, Response, current_app, request, stream_with_context
from flask_admin import Admin
from werkzeug.datastructures import Headers

from admin_app.errors import NotFound
from admin_app.migration.models import AccountBinding, BusinessRecord
from admin_app.migration.queries import (
    Place,
    Wanted,
    bindings_of,
    history_page,
    records_of,
    tallies_of,
    years_of,
)
from admin_app.migration.vocabulary import RecordKind
from admin_app.views import export
from admin_app.views.base import PageView, expose
from admin_app.views.columns import Column, Sort
from admin_app.views.own import own_person
from admin_app.views.paging import Pager, Rows
from admin_app.web.attachments import attachment
from admin_app.web.database import current_session, database
from admin_app.web.gate import Access
from admin_app.web.identity import now
from admin_app.web.language import say
from admin_app.wording import Text

PAGE = 50
_WORDS_MOST = 100
_PLACE = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d{1,10})", re.ASCII)
_KINDS = {kind.value: kind for kind in RecordKind}

TITLE = Text("我的业务记录", "My records")
_LATEST = Sort(
    "latest",
    Text("日期", "date"),
    (BusinessRecord.happened_on, BusinessRecord.id),
    descending=True,
)
_COLUMNS = (
    Column("kind", Text("类别", "Kind"), lambda record: record.kind),
    Column("title", Text("名称", "Title"), lambda record: record.title),
    Column("happened_on", Text("日期", "Date"), lambda record: record.happened_on.isoformat()),
    Column("role", Text("本人角色", "Role"), lambda record: record.role),
    Column("status", Text("状态", "State"), lambda record: record.status),
    Column("external_id", Text("原编号", "Number"), lambda record: record.external_id),
)


class MyHistoryView(PageView):
    needs = Access.SIGNED_IN

    @expose("/")
    def index(self) -> str:
        session, bindings, wanted = current_session(), _bindings(), _wanted()
        accounts = [binding.account_id for binding in bindings]
        after = _after()
        page = history_page(session, accounts, wanted, after, PAGE)
        return self.render(
            "mine/history.html",
            page=page,
            wanted=wanted,
            typed={name: request.args.get(name, "") for name in ("kind", "year")}
            | {"q": wanted.words},
            tallies=tallies_of(session, accounts),
            years=years_of(session, accounts),
            names={binding.account_id: binding.account.name for binding in bindings},
            after=after,
            next_after=_written(page.next_after),
        )

    @expose("/export/<export_type>/")
    def export(self, export_type: str) -> Response:
        if export_type != "csv":
            raise NotFound
        wanted = _wanted()
        parts = []
        for binding in _bindings():
            statement, conditions = records_of(binding.account_id, wanted)
            parts.append(Rows(statement, tuple(conditions)))
        pager = Pager(str(current_app.secret_key), "my_history", _LATEST, descending=True)
        lines = export.stream_parts(database().sessions, parts, pager, _COLUMNS)
        headers = Headers()
        headers.set("Content-Disposition", attachment(f"{say(TITLE)}-{now():%Y%m%d}.csv"))
        return Response(
            stream_with_context(lines), mimetype="text/csv; charset=utf-8", headers=headers
        )


def _bindings() -> list[AccountBinding]:
    return list(bindings_of(current_session(), own_person().id))


def _wanted() -> Wanted:
    """What the address asks for; what makes no sense there is no filter."""
    year = request.args.get("year", "")
    is_year = year.isascii() and year.isdigit() and len(year) == 4 and int(year) > 0
    return Wanted(
        _KINDS.get(request.args.get("kind", "")),
        int(year) if is_year else None,
        request.args.get("q", "").replace("\x00", "").strip()[:_WORDS_MOST],
    )


def _after() -> Place | None:
    match = _PLACE.fullmatch(request.args.get("after", ""))
    try:
        return (date.fromisoformat(match[1]), min(int(match[2]), 2**31 - 1)) if match else None
    except ValueError:
        return None


def _written(place: Place | None) -> str | None:
    return f"{place[0].isoformat()}.{place[1]}" if place else None


def register(_app: Flask, admin: Admin) -> None:
    admin.add_view(MyHistoryView(name="my_history", endpoint="my_history", url="/history"))
