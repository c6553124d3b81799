"""Reading one row of a register: pure functions from cells to what may be taken and why not."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from admin_app.hierarchy.register_vocabulary import RowCode, SourceMalformed
from admin_app.hierarchy.rules import NAME_MOST, clean_name, clean_uscc, name_key
from admin_app.hierarchy.vocabulary import CodeCheckWrong, CodeMalformed, NameTooLong, UnitKind

EXTERNAL_ID_MOST = 100
NAME_KEY_MOST = NAME_MOST * 4  # compatibility forms can be longer than what was typed
USCC_SOURCE = "uscc"  # the source of units that have no number but their credit code
_DETAIL_MOST = 120
_SOURCE = re.compile(r"[a-z0-9_-]{1,20}")


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A row as it stands in the file; ``number`` is the line a person sees there.

    ``surplus``: the row has more cells than the header.
    """

    number: int
    external_id: str = ""
    name: str = ""
    english_name: str = ""
    uscc: str = ""
    parents: str = ""
    kind: str = ""
    status: str = ""
    surplus: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """How a register's words are meant; all in the form ``name_key`` gives.

    ``by_place``: words of the kind column that say nothing about the place in the tree.
    """

    separators: tuple[str, ...] = ("|",)
    in_use: frozenset[str] = frozenset()
    archived: frozenset[str] = frozenset()
    not_wanted: frozenset[str] = frozenset()
    kinds: Mapping[str, UnitKind] = field(default_factory=dict)
    by_place: frozenset[str] = frozenset()


@dataclass(slots=True)
class Reading:
    """What a row says, with the first reason not to take it and the changes if it is taken."""

    number: int
    name: str = ""
    name_key: str = ""
    external_id: str | None = None
    uscc: str | None = None
    kind: UnitKind | None = None
    status_word: str | None = None
    parents: list[str] = field(default_factory=list)
    refusal: RowCode | None = None
    detail: str = ""
    changes: list[tuple[RowCode, str]] = field(default_factory=list)

    def refuse(self, code: RowCode, detail: object = "") -> None:
        """Keep the first reason."""
        if self.refusal is None:
            self.refusal, self.detail = code, str(detail)

    def change(self, code: RowCode, detail: str = "") -> None:
        self.changes.append((code, detail))


def require_source(source: str) -> str:
    """The source's name, if it can be one.

    Raises:
        SourceMalformed
    """
    if not _SOURCE.fullmatch(source) or source == USCC_SOURCE:
        raise SourceMalformed(field="source")
    return source


def read_row(row: RegisterRow, words: Words, source: str) -> Reading:
    """Read a row by itself; whatever depends on other rows is decided later."""
    reading = Reading(row.number)
    if row.surplus:
        reading.refuse(RowCode.ROW_TOO_LONG)
    _read_name(reading, row)
    _read_code(reading, row)
    _read_external_id(reading, row, source)
    _read_status(reading, row, words)
    _read_kind(reading, row, words)
    reading.parents = split(row.parents, words.separators)
    return reading


def external_id(source: str, number: str) -> str:
    """A number as it is stored: registers may use the same numbers for different units."""
    return f"{source}:{number}"


def plain(text: str) -> str:
    """A cell without surrounding white space and without invisible characters."""
    if not text.isprintable():
        text = "".join(" " if _is_invisible(character) else character for character in text)
    return text.strip()


def split(text: str, separators: tuple[str, ...]) -> list[str]:
    """The parts of a cell that holds several values, each once, in their order."""
    for separator in separators[1:]:
        text = text.replace(separator, separators[0])
    parts = text.split(separators[0]) if separators else [text]
    return list(dict.fromkeys(cleaned for part in parts if (cleaned := plain(part))))


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _read_name(reading: Reading, row: RegisterRow) -> None:
    typed = row.name
    if not plain(typed) and plain(row.english_name):
        typed = row.english_name
        reading.change(RowCode.NAME_FROM_ENGLISH)
    if not plain(typed):
        reading.refuse(RowCode.NAME_MISSING)
        return
    if any(_is_invisible(c) for c in typed.strip()) if not typed.isprintable() else False:
        reading.change(RowCode.CONTROL_CHARACTERS)
    try:
        reading.name = clean_name(typed)
    except NameTooLong:
        reading.name = plain(typed)[:NAME_MOST]
        reading.refuse(RowCode.NAME_TOO_LONG, NAME_MOST)
    reading.name_key = name_key(reading.name)
    if len(reading.name_key) > NAME_KEY_MOST:
        reading.name_key = reading.name_key[:NAME_KEY_MOST]
        reading.refuse(RowCode.NAME_TOO_LONG, NAME_MOST)


def _read_code(reading: Reading, row: RegisterRow) -> None:
    typed = plain(row.uscc)
    if not typed:
        return
    try:
        reading.uscc = clean_uscc(typed)
    except CodeMalformed:
        reading.refuse(RowCode.CODE_MALFORMED, typed[:_DETAIL_MOST])
    except CodeCheckWrong:
        reading.refuse(RowCode.CODE_CHECK_WRONG, typed[:_DETAIL_MOST])


def _read_external_id(reading: Reading, row: RegisterRow, source: str) -> None:
    number = plain(row.external_id)
    if number:
        full = external_id(source, number)
        if len(full) > EXTERNAL_ID_MOST:
            reading.refuse(RowCode.EXTERNAL_ID_TOO_LONG, EXTERNAL_ID_MOST)
        else:
            reading.external_id = full
    elif reading.uscc:
        reading.external_id = external_id(USCC_SOURCE, reading.uscc)
    else:
        reading.refuse(RowCode.NO_EXTERNAL_ID)


def _read_status(reading: Reading, row: RegisterRow, words: Words) -> None:
    typed = plain(row.status)
    word = name_key(typed)
    if not word or word in words.in_use:
        return
    if word in words.not_wanted:
        reading.refuse(RowCode.NOT_WANTED, typed[:_DETAIL_MOST])
    elif word in words.archived:
        reading.status_word = typed[:_DETAIL_MOST]
    else:
        reading.change(RowCode.STATUS_UNKNOWN, typed[:_DETAIL_MOST])


def _read_kind(reading: Reading, row: RegisterRow, words: Words) -> None:
    for typed in split(row.kind, words.separators):
        word = name_key(typed)
        if word in words.kinds:
            reading.kind = words.kinds[word]
            return
        if word not in words.by_place:
            reading.change(RowCode.KIND_UNKNOWN, typed[:_DETAIL_MOST])
            return
