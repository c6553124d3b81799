"""The one error that rules and operations raise; the web translates it in one place."""

from enum import Enum

from admin_app.wording import Text


class ErrorKind(Enum):
    """What an error means to whoever asked, and so how it is answered."""

    INVALID = 422  # what was typed can't be taken
    CONFLICT = 409  # somebody was faster, or the state doesn't allow it
    REFUSED = 403  # seen, but not allowed
    OUT_OF_REACH = 404  # not there, or not for this person: the answer is the same


class DomainError(Exception):
    """A broken rule: a code for logs, a sentence for people, and the field it is about.

    Each rule has its own subclass, so that a caller can name what it expects.
    """

    code = "error"
    kind = ErrorKind.INVALID
    text = Text("操作未能完成。", "That could not be done.")

    def __init__(self, *, field: str | None = None, **values: object) -> None:
        self.field = field
        self.sentence = self.text.format(**values) if values else self.text
        super().__init__(f"{self.code}: {self.sentence.en}")


class NotFound(DomainError):
    """Not there, or outside the actor's reach; the two are never told apart."""

    code = "not_found"
    kind = ErrorKind.OUT_OF_REACH
    text = Text("没有找到您要的内容。", "There is nothing here for you.")
