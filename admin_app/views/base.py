"""Flask-Admin through one guarded base: scope, single rows, writes, choices and export are ours.

Flask-Admin scopes its list but not its rows, writes without asking the rule, counts every time
and pages by OFFSET. Here the list is a keyset page through the scope; its own ways of writing
don't exist, for pages of ours write through operations. A list declares what it shows and
nothing else; a test holds every list to that.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, ClassVar, TypeAlias, TypeVar

import flask_admin
from flask import Response, current_app, request, stream_with_context
from flask_admin import BaseView
from flask_admin.contrib.sqla import ModelView
from sqlalchemy import ColumnElement, Select, false, inspect, select, true
from sqlalchemy.orm import InstrumentedAttribute
from werkzeug.datastructures import Headers

from admin_app.errors import DomainError, NotFound
from admin_app.exchange.table_files import FORMATS, write_table
from admin_app.exchange.taking_away import note_exported
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import COUNT_MOST, Count, count_up_to, within
from admin_app.migration.import_report import Progress
from admin_app.policy.reach import Reach
from admin_app.policy.rules import reach
from admin_app.policy.vocabulary import Permission
from admin_app.views import export
from admin_app.views.asking import Tally, ask_for_table
from admin_app.views.columns import Column, Filter, Sort
from admin_app.views.paging import Pager, Rows
from admin_app.web.attachments import attachment
from admin_app.web.database import Database, current_session, database
from admin_app.web.gate import Need
from admin_app.web.identity import current_actor, make_act, now
from admin_app.web.language import say
from admin_app.web.transaction import writes
from admin_app.wording import Text

View = TypeVar("View", bound=Callable[..., Any])
Conditions: TypeAlias = tuple[ColumnElement[bool], ...]

PAGE_SIZES = (25, 50, 100)
_NUMBER_MOST = 2**31 - 1  # what both databases take for a key
_TOTAL_MOST = 1_000_000  # counted no further: how far a longer export has come is told in rows
_DIGITS_MOST = len(str(_NUMBER_MOST))


def expose(url: str = "/", methods: Iterable[str] = ("GET",)) -> Callable[[View], View]:
    """Flask-Admin's decorator for a view's pages, with its types told."""
    decorator: Callable[[View], View] = flask_admin.expose(url, methods)
    return decorator


class PageView(BaseView):  # type: ignore[misc]  # Flask-Admin's views are untyped to us
    """A page of our own inside Flask-Admin's frame.

    ``needs`` is what every method needs unless it declares otherwise with a decorator.
    """

    needs: ClassVar[Need | None] = None
    _default_view: str | None

    def __init__(self, **names: Any) -> None:
        # Flask-Admin insists on a page at the view's own address; some of ours have none.
        self._default_view = self._default_view or ""
        super().__init__(**names)

    def _run_view(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        # Flask-Admin calls a view a second time when it raises TypeError, and hides the mistake.
        return fn(self, *args, **kwargs)

    def render(self, template: str, **values: Any) -> str:
        return str(super().render(template, **values))


class GuardedModelView(ModelView):  # type: ignore[misc]  # as above
    """A list over one table. Subclasses declare; only this class decides what may be reached.

    Attributes:
        needs: the permission whose reach is the list's scope.
        title, lead, empty: heading, one line below it, and what to do when there is nothing.
        columns, sorts, filters: what is shown and offered.
        unit_scoped: the statement selects from or joins ``Unit``, which the reach then bounds.
        count_most: how far rows are counted; fewer where each takes long to be found.
        with_export: whether the list may be taken away as CSV.
    """

    needs: ClassVar[Permission]
    title: ClassVar[Text]
    lead: ClassVar[Text | None] = None
    empty: ClassVar[Text] = Text("这里还没有内容。", "There is nothing here yet.")
    columns: ClassVar[tuple[Column, ...]]
    sorts: ClassVar[tuple[Sort, ...]]
    filters: ClassVar[tuple[Filter, ...]] = ()
    unit_scoped: ClassVar[bool] = False
    count_most: ClassVar[int] = COUNT_MOST
    with_export: ClassVar[bool] = True
    list_template = "list.html"

    # Flask-Admin's own ways to create, edit, show, delete, act in bulk and look up: no routes.
    create_view = edit_view = details_view = delete_view = None
    action_view = ajax_lookup = ajax_update = None
    can_create = can_edit = can_delete = can_view_details = False
    column_display_actions = False

    def __init__(self, model: type[Any], db: Database, **names: Any) -> None:
        super().__init__(model, db, **names)

    # --- What a list may adapt -------------------------------------------------------------

    def statement(self) -> Select[Any]:
        """What is selected, before the scope; a place for joins and loader options."""
        return select(self.model)

    def rows_within(self, scope: Reach) -> ColumnElement[bool]:
        """For rows that don't stand at one unit; without a place they are for who sees all."""
        return true() if scope.is_everywhere else false()

    def sorts_for(self, _scope: Reach) -> tuple[Sort, ...]:
        """The orders offered to whoever has this reach; the first is the list's own."""
        return self.sorts

    def page_values(self) -> dict[str, Any]:
        """Further values for a list's own template."""
        return {}

    # --- Guarded: no subclass overrides these ------------------------------------------------

    def get_query(self) -> Select[Any]:
        """Every row the visitor may see, and none besides."""
        return self.statement().where(self._scope())

    def get_count_query(self) -> Select[Any]:
        return self.get_query()

    def get_one(self, key: object) -> Any:
        """One row by its key, through the scope.

        Raises:
            NotFound: out of reach, not there, or not a key.
        """
        text = str(key)
        # The length first: Python itself refuses to read thousands of digits.
        is_number = text.isascii() and text.isdigit() and len(text) <= _DIGITS_MOST
        if not is_number or int(text) > _NUMBER_MOST:
            raise NotFound
        primary: InstrumentedAttribute[Any] = getattr(self.model, self._primary_key)
        statement = self.get_query().where(primary == int(text))
        row = current_session().scalars(statement).unique().one_or_none()
        if row is None:
            raise NotFound
        return row

    @expose("/")
    def index_view(self) -> Any:
        filters, typed, refused = self._filters()
        pager, sort, descending = self._order()
        count = self._count(filters)
        size = request.args.get("size", "")
        page = pager.page(
            current_session(),
            self._rows(filters, count, sort),
            pager.place(request.args.get("at", "")),
            int(size) if size in map(str, PAGE_SIZES) else PAGE_SIZES[0],
        )
        return self.render(
            self.list_template,
            page=page,
            count=count,
            typed=typed,
            refused=refused,
            sort=sort,
            sorts={each.key for each in self._sorts()},
            descending=descending,
            page_sizes=PAGE_SIZES,
            at_once=count.exact,  # more are written by a worker
            size=size,
            **self.page_values(),
        )

    @expose("/export/<export_type>/")
    @writes
    def export(self, export_type: str) -> Any:
        """The table at once; that it was taken is committed before its first line goes out."""
        if export_type != "csv" or not self.with_export:
            raise NotFound
        filters, _typed, _refused = self._filters()
        pager, sort, _descending = self._order()
        rows = self._rows(filters, self._count(filters), sort)
        number = self._count_all(filters).number
        note_exported(make_act(), self.title.zh, self.endpoint, self._asked(), export_type, number)
        lines = export.stream(database().sessions, rows, pager, self.columns)
        headers = Headers()
        name = f"{say(self.title)}-{now():%Y%m%d}.csv"
        headers.set("Content-Disposition", attachment(name))
        return Response(
            stream_with_context(lines), mimetype="text/csv; charset=utf-8", headers=headers
        )

    @expose("/export-later/<export_type>/", methods=("POST",))
    def export_later(self, export_type: str) -> Any:
        """Let a worker write the table; scope and rows are those of the moment it does."""
        if export_type not in FORMATS or not self.with_export:
            raise NotFound
        return ask_for_table(self.endpoint, self.title, self._asked(), export_type)

    def write_table(self, path: Path, file_format: str, progress: Progress) -> int:
        """Write the list of the request's filters, as the visitor may see it now.

        Returns:
            how many rows there are.
        """
        filters, _typed, _refused = self._filters()
        pager, sort, _descending = self._order()
        rows = self._rows(filters, self._count(filters), sort)
        counted = self._count_all(filters)
        done = Tally(progress, counted.number if counted.exact else None)
        with database().sessions() as session:
            cells = (
                done.noted([export.value_of(column, row) for column in self.columns])
                for row in export.all_rows(session, rows, pager)
            )
            header = [say(column.label) for column in self.columns]
            write_table(path, file_format, header, cells)
        return done.number

    def render(self, template: str, **values: Any) -> str:
        return str(super().render(template, **values))

    def is_accessible(self) -> bool:
        return True  # the gate has decided before any view runs

    def get_list(self, *_args: Any, **_kwargs: Any) -> Any:
        raise NotImplementedError("lists are keyset pages; see index_view")

    def create_model(self, _form: Any) -> Any:
        raise NotImplementedError("operations write, not Flask-Admin")

    update_model = delete_model = create_model

    def _run_view(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        return fn(self, *args, **kwargs)  # see PageView

    def _refresh_cache(self) -> None:
        """Flask-Admin would prepare its forms, filters and columns here; none are used."""

    def _scope(self, *, searched: bool = True) -> ColumnElement[bool]:
        """The visitor's reach; unless ``searched`` it is checked row by row on another way."""
        scope = reach(current_actor(), self.needs)
        if self.unit_scoped or self.model is Unit:
            return within(scope, searched=searched)
        return self.rows_within(scope)

    def _count(self, filters: Conditions) -> Count:
        found = self.get_query().where(*filters)
        return count_up_to(current_session(), found, self.count_most)

    def _count_all(self, filters: Conditions) -> Count:
        """For a table to take away: further than the page counts."""
        return count_up_to(current_session(), self.get_query().where(*filters), _TOTAL_MOST)

    def _asked(self) -> dict[str, str]:
        """The filters and the order of the address, as far as they make sense."""
        _conditions, typed, _refused = self._filters()
        _pager, sort, descending = self._order()
        order = f"{'-' if descending else ''}{sort.key}"
        return {key: value for key, value in typed.items() if value} | {"sort": order}

    def _rows(self, filters: Conditions, count: Count, sort: Sort) -> Rows:
        """Few rows are found by scope and filters, then sorted; many are met along the order."""
        along_tree = sort.columns[0] is Unit.path
        scope = self._scope(searched=along_tree or count.exact)
        few = count.exact and not (along_tree and self.model is Unit)
        return Rows(self.statement(), (scope, *filters), few=few)

    def _sorts(self) -> tuple[Sort, ...]:
        return self.sorts_for(reach(current_actor(), self.needs))

    def _filters(self) -> tuple[Conditions, dict[str, str], dict[str, Text]]:
        """The filters of the address as conditions, what was typed, what is wrong with it."""
        conditions, typed, refused = [], {}, {}
        for each in self.filters:
            typed[each.key] = each.read(request.args.get(each.key, ""))
            if not typed[each.key]:
                continue
            try:
                conditions.append(each.where(typed[each.key]))
            except DomainError as error:
                refused[each.key] = error.sentence
        return tuple(conditions), typed, refused

    def _order(self) -> tuple[Pager, Sort, bool]:
        """The order of the address, "-" in front for the other way round; else the list's own."""
        asked = request.args.get("sort", "")
        sorts = self._sorts()
        by_key = {sort.key: sort for sort in sorts}
        sort = by_key.get(asked.removeprefix("-"), sorts[0])
        descending = asked.startswith("-") if sort.key in asked else sort.descending
        secret = str(current_app.secret_key)
        return Pager(secret, self.endpoint, sort, descending=descending), sort, descending

    def scaffold_pk(self) -> str:
        """The one column of the primary key; tables with a compound key have no list."""
        (column,) = inspect(self.model).primary_key
        return str(column.key)

    def scaffold_auto_joins(self) -> list[Any]:
        return []
