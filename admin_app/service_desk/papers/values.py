"""What a filled-in form says, in one language, before it is drawn as PDF or written as DOCX."""

from collections.abc import Sequence
from dataclasses import dataclass

from admin_app.wording import Text


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is to change: what is registered, and what is asked for."""

    label: Text
    old: Text | str
    asked: Text | str


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who hands the form out: the console's address, and whom to ask."""

    public_url: str
    phones: Sequence[str] = ()
    email: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A form of one case; ID numbers are masked.

    ``link`` is the case's page and nothing more. ``applicant`` are labels with their values,
    ``enclosed`` what evidence has come and what is still to come.
    """

    language: str
    number: str
    filed_on: str
    link: str
    applicant: Sequence[tuple[Text, str]]
    matter: Text
    rows: Sequence[Row]
    statement: str
    enclosed: Sequence[Text]
    issuer: Issuer

    def say(self, text: Text | str) -> str:
        """A label or a value in the form's language; a label begins a line."""
        if isinstance(text, str):
            return text
        said = text.in_language(self.language)
        return said[:1].upper() + said[1:]
