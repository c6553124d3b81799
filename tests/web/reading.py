"""Reading a page as a visitor does: its words, its links, its forms and what they hold."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())  # noqa: SIM905 - shorter


@dataclass
class Node:
    """An element of a page."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Node | str]" = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")

    def all(self, *tags: str) -> "Iterator[Node]":
        """The elements below with these tags, or every one."""
        for child in self.children:
            if isinstance(child, Node):
                if not tags or child.tag in tags:
                    yield child
                yield from child.all(*tags)

    @property
    def text(self) -> str:
        """The words, without the white space that only lays out the source."""
        parts = (c if isinstance(c, str) else c.text for c in self.children)
        return " ".join(" ".join(parts).split())

    def __contains__(self, sentence: str) -> bool:
        return _squeezed(sentence) in _squeezed(self.text)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Node("page")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in _VOID:
            self._open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        while len(self._open) > 1 and self._open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


class Form:
    """A form as the page offers it: where it goes, and what would be sent as it stands."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.action = node["action"]
        self.is_post = node["method"] == "post"
        self.fields: dict[str, str] = {}
        self.offered: set[str] = set()
        for each in node.all("input", "textarea", "select"):
            name = each["name"]
            self.offered.add(name)
            if each["type"] in ("checkbox", "radio") and "checked" not in each.attributes:
                continue
            self.fields[name] = _value(each)

    def button(self, label: str) -> Node | None:
        return next((b for b in self.node.all("button") if label in b), None)


class Page:
    """An answer of the console: status, address, headers and what can be read on it."""

    def __init__(self, status: int, address: str, html: str) -> None:
        self.status, self.address, self.html = status, address, html
        builder = _Builder()
        builder.feed(html)
        self.root = builder.root

    def __contains__(self, sentence: str) -> bool:
        return sentence in self.root

    def __repr__(self) -> str:
        return f"<{self.status} {self.address}: {self.root.text}>"

    @property
    def heading(self) -> str:
        return next(self.root.all("h1")).text

    def part(self, identifier: str) -> Node:
        """The element with an id."""
        return next(n for n in self.root.all() if n["id"] == identifier)

    def links(self, label: str = "", within: str = "") -> list[str]:
        """Where the links with such a label lead."""
        part = self.part(within) if within else self.root
        return [a["href"] for a in part.all("a") if label in a]

    def link(self, label: str, within: str = "") -> str:
        found = self.links(label, within)
        assert found, f"no link {label!r} on {self!r}"
        return found[0]

    @property
    def forms(self) -> list[Form]:
        return [Form(node) for node in self.root.all("form")]

    def form(self, button: str) -> Form:
        """The form with such a button."""
        found = next((form for form in self.forms if form.button(button)), None)
        assert found is not None, f"no form with a button {button!r} on {self!r}"
        return found


def _value(node: Node) -> str:
    if node.tag == "textarea":
        return "".join(child for child in node.children if isinstance(child, str))
    if node.tag == "select":
        options = list(node.all("option"))
        return next((o for o in options if "selected" in o.attributes), options[0])["value"]
    return node["value"]


def _squeezed(text: str) -> str:
    return "".join(text.split())
