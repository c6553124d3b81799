"""Lists: through the scope, by key, for reading only; and no list can change that."""

import csv
import io
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import event, select

from admin_app.audit.act import PLATFORM
from admin_app.audit.models import AuditEntry
from admin_app.audit.operations import record
from admin_app.audit.vocabulary import Event
from admin_app.exchange.formulas import without_formula
from admin_app.identity.vocabulary import StaffRole
from admin_app.views import export
from admin_app.views.base import GuardedModelView
from tests import builders
from tests.web.reading import Page
from tests.web.stage import Stage, Visitor, make_console

pytest_plugins = "tests.web.staging"

ADAPTABLE = {
    "needs", "title", "lead", "empty", "columns", "sorts", "filters", "unit_scoped", "rows_within",
    "count_most",
    "sorts_for",
    "with_export", "list_template", "statement", "page_values",
}  # fmt: skip


def _lists(of: type = GuardedModelView) -> Iterator[type]:
    for each in of.__subclasses__():
        yield each
        yield from _lists(each)


def test_no_list_overrides_what_only_the_base_view_decides() -> None:
    make_console()
    assert list(_lists())
    for each in _lists():
        own = {
            name
            for name, value in vars(each).items()
            # Flask-Admin puts its own notes, and inherited pages once more, into each class.
            if hasattr(GuardedModelView, name)
            and not name.startswith("__")
            and name not in ("_urls", "_default_view")
            and value is not getattr(GuardedModelView, name)
        }
        assert own <= ADAPTABLE, each


@pytest.mark.parametrize("endpoint", ["units", "staff", "audit"])
@pytest.mark.parametrize(
    "path",
    ["new/", "edit/?id=1", "details/?id=1", "delete/", "action/", "ajax/lookup/", "ajax/update/"],
)
def test_flask_admins_own_ways_in_do_not_exist(stage: Stage, endpoint: str, path: str) -> None:
    visitor = {
        "units": lambda: stage.rector,
        "staff": lambda: stage.staff(StaffRole.SECURITY_ADMINISTRATOR),
        "audit": lambda: stage.staff(StaffRole.AUDITOR),
    }[endpoint]()
    fields = visitor.open("/").form("退出登录").fields
    assert visitor.get(f"/{endpoint}/{path}").status_code == 404
    assert visitor.client.post(f"/{endpoint}/{path}", data=fields).status_code in (404, 405)


@pytest.fixture
def auditor(stage: Stage) -> Visitor:
    return stage.staff(StaffRole.AUDITOR)


@pytest.fixture
def busy(stage: Stage) -> Stage:
    """The world after sixty more events."""
    with stage.writing() as session:
        for number in range(60):
            act = builders.act(session, PLATFORM, minutes=number)
            record(act, Event.UNIT_RENAMED, subject=f"第{number:02}号")
    return stage


@pytest.mark.parametrize(
    "key", ["0", "-1", "1,2", "abc", "1.5", "999999999", "9" * 20, "9" * 5000, "¹", "%00", "１"]
)
def test_a_key_that_is_no_row_is_not_found(auditor: Visitor, key: str) -> None:
    assert auditor.open(f"/audit/{key}/").status == 404


def test_a_row_is_found_by_its_key(auditor: Visitor, busy: Stage) -> None:
    page = auditor.follow(auditor.open("/audit/?event=unit.renamed"), "2026年3月3日")
    assert (page.status, page.heading) == (200, "更改单位名称")


def _subjects(page: Page) -> list[str]:
    return re.findall(r"第\d\d号", " ".join(row.text for row in page.root.all("td")))


def test_pages_follow_one_another_without_gap_or_repetition(auditor: Visitor, busy: Stage) -> None:
    page = auditor.open("/audit/?event=unit.renamed")
    seen = _subjects(page)
    while page.links("下一页"):
        page = auditor.follow(page, "下一页")
        seen += _subjects(page)
    assert seen == [f"第{number:02}号" for number in range(59, -1, -1)]
    back = []
    while page.links("上一页"):
        page = auditor.follow(page, "上一页")
        back = _subjects(page) + back
    assert back == seen[: len(back)]
    assert len(back) == 50


def test_a_row_added_meanwhile_moves_no_page(auditor: Visitor, busy: Stage) -> None:
    page = auditor.open("/audit/?event=unit.renamed")
    following = _subjects(auditor.follow(page, "下一页"))
    with busy.writing() as session:
        record(builders.act(session), Event.UNIT_RENAMED, subject="第99号")
    assert _subjects(auditor.follow(page, "下一页")) == following


def test_the_other_direction_is_one_click(auditor: Visitor, busy: Stage) -> None:
    page = auditor.open("/audit/?event=unit.renamed")
    assert _subjects(auditor.follow(page, "时间"))[0] == "第00号"


@pytest.mark.parametrize(
    "query",
    [
        "at=nonsense",
        "at=" + "9" * 20,
        "at=WzAsWzFdXQ.c2lnbmF0dXJl",
        "size=99999999999999999999",
        "size=-1",
        "size=0",
        "sort=password_hash",
        "sort=-",
        "sort=;drop",
        "event=nothing.known",
        "days=99999999999999",
        "page=99999999999999999999",
        "actor=%00%ff",
    ],
)
def test_an_address_with_odd_values_shows_the_first_page(
    auditor: Visitor, busy: Stage, query: str
) -> None:
    page = auditor.open(f"/audit/?{query}")
    assert page.status == 200


def test_a_place_from_another_list_is_no_place(stage: Stage, busy: Stage) -> None:
    auditor = stage.staff(StaffRole.AUDITOR)
    token = auditor.open("/audit/?event=unit.renamed").link("下一页").split("at=")[1]
    security = stage.staff(StaffRole.SECURITY_ADMINISTRATOR)
    assert security.open(f"/staff/?at={token}").status == 200


def test_filters_narrow_and_say_what_they_are(auditor: Visitor, busy: Stage) -> None:
    page = auditor.open("/audit/?event=unit.renamed&actor=一号通")
    assert "共 60 条" in page
    assert auditor.open("/audit/?event=units.imported").links("清除筛选") == ["/audit/"]
    assert "没有符合条件的记录。" in auditor.open("/audit/?actor=没有这个人")


def test_what_is_typed_stays_in_its_field_and_is_only_text(auditor: Visitor) -> None:
    page = auditor.open("/audit/", query_string={"actor": '"><script>alert(1)</script>'})
    (field,) = [n for n in page.root.all("input") if n["name"] == "actor"]
    assert field["value"] == '"><script>alert(1)</script>'
    assert "<script>alert" not in page.html


def test_an_export_holds_what_the_list_shows_and_nothing_besides(stage: Stage) -> None:
    """R50's scope holds for files as well: nobody carries away what they can't see."""
    answer = stage.dean.get("/units/export/csv/")
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    written = " ".join(cell for row in rows for cell in row)
    assert "潮汐实验室" in written
    for outside in ("物理学院", "邻居大学", "无人公司"):
        assert outside not in written


def test_who_takes_a_list_along_at_once_stands_in_the_trail(stage: Stage) -> None:
    """Who, in which capacity, which list with its filters, in which format, how many rows."""
    answer = stage.bureau.get("/units/export/csv/?kind=secondary&nonsense=1")
    rows = answer.data.decode("utf-8-sig").splitlines()[1:]
    with stage.sessions() as session:
        entries = select(AuditEntry).where(AuditEntry.event == Event.LIST_EXPORTED.value)
        (entry,) = session.scalars(entries).all()
    assert (entry.actor_capacity, entry.actor_office) == ("department_staff", "济南市科技局")
    assert entry.subject == "单位列表"
    assert len(rows) > 1
    assert entry.details == {
        "list": "units",
        "search": {"kind": "secondary", "sort": "tree"},
        "format": "csv",
        "rows": len(rows),
    }


@pytest.mark.parametrize("address", ["/units/export/xlsx/", "/staff/export/csv/"])
def test_what_is_not_handed_out_is_not_in_the_trail(stage: Stage, address: str) -> None:
    assert stage.rector.get(address).status_code in (403, 404)
    with stage.sessions() as session:
        taken = AuditEntry.event == Event.LIST_EXPORTED.value
        assert session.scalars(select(AuditEntry).where(taken)).all() == []


def test_an_export_is_read_in_batches(
    auditor: Visitor, busy: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "BATCH", 7)
    answer = auditor.get("/audit/export/csv/?event=unit.renamed")
    subjects = re.findall(r"第\d\d号", answer.get_data(as_text=True))
    assert subjects == [f"第{number:02}号" for number in range(59, -1, -1)]


def test_an_export_of_another_kind_does_not_exist(auditor: Visitor) -> None:
    assert auditor.get("/audit/export/xlsx/").status_code == 404


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(begin: str) -> None:
    assert without_formula(f"{begin}1+1") == f"'{begin}1+1"
    assert without_formula("演示大学") == "演示大学"


def test_staff_are_listed_for_the_security_administrator_alone(stage: Stage) -> None:
    page = stage.staff(StaffRole.SECURITY_ADMINISTRATOR).open("/staff/")
    assert (page.status, page.heading) == (200, "本地账号")
    for role in set(StaffRole) - {StaffRole.SECURITY_ADMINISTRATOR}:
        unit = "省科技厅" if role.needs_department else None
        assert stage.staff(role, unit).open("/staff/").status == 403


def test_no_list_counts_every_row_or_skips_over_any(
    stage: Stage, busy: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No OFFSET, and every count is bounded."""
    seen: list[str] = []
    engine = make_console().extensions["yihaotong.database"].engine

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    page = stage.rector.open("/units/")
    event.remove(engine, "before_cursor_execute", note)
    assert page.status == 200
    counts = [sql for sql in seen if "count(" in sql.lower()]
    assert counts
    assert all("LIMIT" in sql for sql in counts)
    assert not [sql for sql in seen if re.search(r"OFFSET (?!0|\?)", sql)]


def test_a_mistake_in_a_view_shows_and_runs_once(console: Flask) -> None:
    """Flask-Admin calls a view again when it raises TypeError; ours don't."""
    view = next(v for v in console.extensions["admin"][0]._views if v.endpoint == "audit")
    calls = []

    def wrong(_view: object) -> None:
        calls.append(1)
        raise TypeError("mistake")

    with pytest.raises(TypeError):
        view._run_view(wrong)
    assert calls == [1]
