"""The menu: what the visitor may open in the capacity they act in, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from flask import Flask, current_app, request, url_for

from admin_app.web.gate import Need, need_of, permits
from admin_app.wording import Text


@dataclass(frozen=True)
class MenuItem:
    """A page in the menu; ``order`` is its place, from the left.

    With a ``hint`` the start page offers it too, with an icon of ``macros.html``.
    """

    endpoint: str
    label: Text
    order: int = 50
    # Pages that belong to this one mark it too: those of blueprints with these names.
    covers: tuple[str, ...] = ()
    hint: Text | None = None
    icon: str = "right"

    @property
    def address(self) -> str:
        return url_for(self.endpoint)

    @property
    def is_here(self) -> bool:
        own = self.endpoint.partition(".")[0]
        return request.blueprint is not None and request.blueprint in (own, *self.covers)


@dataclass(frozen=True)
class Panel:
    """A part of the start page: a template and what it is told."""

    template: str
    values: dict[str, object] = field(default_factory=dict)


# Asked for each start page; none means there is nothing to say.
PanelMaker = Callable[[], Panel | None]


@dataclass
class Navigation:
    items: list[MenuItem] = field(default_factory=list)
    panels: list[tuple[int, PanelMaker]] = field(default_factory=list)


def fit(app: Flask) -> None:
    app.extensions["yihaotong.navigation"] = Navigation()
    app.jinja_env.globals.update(menu=menu)


def add_to_menu(app: Flask, item: MenuItem) -> None:
    _of(app).items.append(item)


def add_panel(app: Flask, maker: PanelMaker, order: int = 50) -> None:
    """Let a function say something on the start page; smaller orders stand further up."""
    _of(app).panels.append((order, maker))


def menu() -> list[MenuItem]:
    items = [item for item in _of(current_app).items if permits(_need(item))]
    return sorted(items, key=lambda item: item.order)


def panels() -> list[Panel]:
    """What the start page has to say, most urgent first."""
    makers = sorted(_of(current_app).panels, key=lambda entry: entry[0])
    made = [maker() for _, maker in makers]
    return [panel for panel in made if panel is not None]


def _need(item: MenuItem) -> Need | None:
    return need_of(current_app, item.endpoint)


def _of(app: Flask) -> Navigation:
    return cast(Navigation, app.extensions["yihaotong.navigation"])
