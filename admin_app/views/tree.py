"""The tree, opened level by level from the top of what the visitor may see.

Without a script each branch is a link to this page with that branch open; with one, the branch's
units are fetched as a fragment and put in place.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, request
from flask_admin import Admin
from sqlalchemy import select

from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import (
    Page,
    children_of,
    have_children,
    tree_page,
    within,
)
from admin_app.hierarchy.rules import ids_along
from admin_app.policy.rules import reach
from admin_app.policy.vocabulary import Permission
from admin_app.views.base import PageView, expose
from admin_app.views.subjects import NUMBER, last_shown, viewed_unit
from admin_app.web.database import current_session
from admin_app.web.identity import current_actor
from admin_app.web.navigation import MenuItem, add_to_menu
from admin_app.wording import Text

PAGE = 50


@dataclass
class Branch:
    """A unit in the tree; ``below`` is None while the branch is closed."""

    unit: Unit
    has_below: bool
    below: "Level | None" = None


@dataclass
class Level:
    """The units directly below a unit, and where to go on if there are more."""

    parent: Unit | None
    branches: list[Branch]
    next_after: str | None


class TreeView(PageView):
    needs = Permission.UNIT_VIEW

    @expose("/")
    def index(self) -> str:
        """The tree with the way to one unit open, or with the topmost units open."""
        opened = request.args.get("open", "")
        chosen = viewed_unit(int(opened)) if opened.isdecimal() and len(opened) < 10 else None
        return self.render("units/tree.html", level=_tree(chosen, last_shown()), chosen=chosen)

    @expose(f"/<{NUMBER}:unit_id>/")
    def branch(self, unit_id: int) -> str:
        """One level as a fragment of the page."""
        unit = viewed_unit(unit_id)
        return self.render("units/tree_level.html", level=_below(unit, last_shown()), chosen=None)


def _tree(chosen: Unit | None, after: str) -> Level:
    tops = _tops()
    level = current = _level(None, Page(tops, None))
    towards = ids_along(chosen.path) if chosen else [top.id for top in tops[:1]]
    while opened := next((b for b in current.branches if b.unit.id in towards), None):
        last = opened.unit.id == towards[-1]
        opened.below = current = _below(opened.unit, after if last else "", towards)
        if last:
            break
    return level


def _tops() -> Sequence[Unit]:
    """Where the visitor's part of the tree begins; their root needn't be the tree's."""
    scope = reach(current_actor(), Permission.UNIT_VIEW)
    office = current_actor().office
    if not scope.is_everywhere and office is not None:
        return [viewed_unit(office.unit_id)]
    roots = select(Unit).where(Unit.parent_id.is_(None), within(scope))
    return tree_page(current_session(), roots, PAGE).units


def _below(unit: Unit, after: str, towards: Sequence[int] = ()) -> Level:
    """A page of the units below; the one on the way to where the reader wants comes in any case."""
    session, scope = current_session(), reach(current_actor(), Permission.UNIT_VIEW)
    page = children_of(session, scope, unit, after=after, limit=PAGE)
    shown = list(page.units)
    on_way = session.scalars(select(Unit).where(Unit.parent_id == unit.id, Unit.id.in_(towards)))
    shown += [missing for missing in on_way if missing not in shown]
    return _level(unit, Page(shown, page.next_after))


def _level(parent: Unit | None, page: Page) -> Level:
    with_below = have_children(current_session(), page.units)
    branches = [Branch(unit, unit.id in with_below) for unit in page.units]
    return Level(parent, branches, page.next_after)


def register(app: Flask, admin: Admin) -> None:
    admin.add_view(TreeView(name="tree", endpoint="tree", url="/tree"))
    add_to_menu(app, MenuItem("tree.index", Text("单位树", "Tree"), order=20))
