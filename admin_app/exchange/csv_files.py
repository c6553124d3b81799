"""CSV as Chinese offices save it: UTF-8 or GB18030; comma, semicolon or tab."""

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path

from admin_app.exchange.problems import BrokenQuotes, NotASpreadsheet, WrongEncoding

_BLOCK = 1 << 20
_SURE = 10  # so many characters beyond ASCII don't come out as right UTF-8 by chance
_DELIMITERS = ",;\t"


def csv_rows(path: Path) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows with the number of the line each begins at.

    Raises:
        WrongEncoding, BrokenQuotes, NotASpreadsheet
    """
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        delimiter = _delimiter(file.readline())
        file.seek(0)
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        begins = 1
        while True:
            try:
                values = next(reader, None)
            except csv.Error:
                raise BrokenQuotes(line=begins) from None
            if values is None:
                return
            yield begins, tuple(values)
            begins = reader.line_num + 1


def _encoding(path: Path) -> str:
    """UTF-8 if the whole file is, else GB18030 if the whole file is."""
    failed_at, sure = _first_failure(path, "utf-8")
    if failed_at is None:
        return "utf-8-sig"
    if sure:  # one broken line doesn't make it another encoding
        raise WrongEncoding(line=failed_at)
    other_at, _ = _first_failure(path, "gb18030")
    if other_at is not None:
        raise WrongEncoding(line=max(failed_at, other_at))
    return "gb18030"


def _first_failure(path: Path, encoding: str) -> tuple[int | None, bool]:
    """The line at which a file isn't in an encoding, and whether what came before clearly is."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines, beyond_ascii = 1, 0
    with path.open("rb") as file:
        while True:
            block = file.read(_BLOCK)
            pending = decoder.getstate()[0]
            try:
                decoded = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                right = (pending + block)[: error.start]
                before = right.decode(encoding, errors="ignore")
                beyond_ascii += sum(not character.isascii() for character in before)
                return lines + right.count(b"\n"), beyond_ascii >= _SURE
            if "\0" in decoded:
                raise NotASpreadsheet(name=path.name)
            if not decoded.isascii() and beyond_ascii < _SURE:
                beyond_ascii += sum(not character.isascii() for character in decoded)
            lines += block.count(b"\n")
            if not block:
                return None, True


def _delimiter(line: str) -> str:
    """What separates the names of the header, outside quotation marks."""
    outside = "".join(line.split('"')[::2])
    return max(_DELIMITERS, key=outside.count)
