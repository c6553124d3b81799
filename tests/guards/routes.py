"""Every route of the console as it stands in the application, and what it needs."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Map, Rule

from admin_app.web.gate import Need, need_of

_ASKED_BY_BROWSERS_ALONE = {"HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Door:
    """One way in: a route and a method."""

    rule: Rule
    method: str
    need: Need | None

    @property
    def endpoint(self) -> str:
        return self.rule.endpoint

    @property
    def arguments(self) -> set[str]:
        return self.rule.arguments

    def address(self, **values: object) -> str:
        """The address with these values, though a converter would refuse them."""
        path = self.rule.rule
        for part in path.split("/"):
            if part.startswith("<"):
                name = part.strip("<>").rpartition(":")[2]
                path = path.replace(part, str(values[name]))
        return path

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint}"


def doors(app: Flask) -> Iterator[Door]:
    """Every route in every method somebody can use."""
    url_map: Map = app.url_map
    for rule in sorted(url_map.iter_rules(), key=lambda rule: rule.rule):
        for method in sorted((rule.methods or set()) - _ASKED_BY_BROWSERS_ALONE):
            yield Door(rule, method, need_of(app, rule.endpoint))
