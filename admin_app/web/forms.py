"""Forms of our own: what was typed, what is wrong with it, and nothing lost on the way back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import request
from sqlalchemy.exc import IntegrityError

from admin_app.errors import DomainError, ErrorKind
from admin_app.web.constraints import broken_rule
from admin_app.web.database import current_session
from admin_app.wording import Text

_FIELD_MOST = 4000


@dataclass
class Form:
    """What a form holds and what is wrong with it, field by field.

    ``general`` is an error about no field in particular.
    """

    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, Text] = field(default_factory=dict)
    general: Text | None = None
    refusal: DomainError | None = None

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    @property
    def status(self) -> int:
        """The answer's status: 200 for a fresh form, else what the error means."""
        if self.refusal is None:
            return 422 if self.errors or self.general else 200
        return self.refusal.kind.value

    def refuse(self, error: DomainError) -> None:
        """Show an error where it belongs: by its field, or above the form."""
        self.refusal = error
        if error.field and error.field in self.values:
            self.errors[error.field] = error.sentence
        else:
            self.general = error.sentence

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Run an operation in a savepoint; a broken rule becomes the form's error.

        What lies out of reach isn't the form's business and goes on to be a 404.
        """
        session = current_session()
        savepoint = session.begin_nested()
        try:
            yield
            savepoint.commit()
        except DomainError as error:
            savepoint.rollback()
            if error.kind is ErrorKind.OUT_OF_REACH:
                raise
            self.refuse(error)
        except IntegrityError as error:
            savepoint.rollback()
            rule = broken_rule(error)
            if rule is None:
                raise
            self.refuse(rule)

    @property
    def is_fine(self) -> bool:
        return not self.errors and self.general is None


def read_form(*names: str) -> Form:
    """The named fields as they were sent, without surrounding white space."""
    return Form({name: _typed(name) for name in names})


def _typed(name: str) -> str:
    # Browsers send a line's end as two characters, but count one against ``maxlength``.
    return request.form.get(name, "").replace("\r\n", "\n").strip()[:_FIELD_MOST]
