"""The number a case has on paper and on the telephone: 20261128-000123-7; pure.

The day it was filed, the case's own number, and a check digit (ISO 7064, MOD 11,10), which finds
every digit mistyped and nearly every two that changed places.
"""

import re
import unicodedata
from datetime import date
from typing import NamedTuple

from stdnum.iso7064 import mod_11_10

_PLACES, _ID_MOST = 6, 2**31 - 1
_BETWEEN = re.compile(r"[\s\-‐‑‒–—―−]")
_WRITTEN = re.compile(r"\d{8}\D\d{6,10}\D\d", re.ASCII)
_DIGITS = re.compile(r"(\d{8})(\d{6,10})(\d)", re.ASCII)


class CaseNumber(NamedTuple):
    """What a number says; whether the case was filed that day only the database knows."""

    case_id: int
    filed_on: date


def write_number(case_id: int, filed_on: date) -> str:
    """The number as people read it."""
    day, own = f"{filed_on:%Y%m%d}", f"{case_id:0{_PLACES}d}"
    return f"{day}-{own}-{mod_11_10.calc_check_digit(day + own)}"


def is_written_as_number(typed: str) -> bool:
    """Whether it is meant for one, mistyped perhaps."""
    return _WRITTEN.fullmatch(unicodedata.normalize("NFKC", typed.strip())) is not None


def parse_number(typed: str) -> CaseNumber | None:
    """What somebody typed, in whatever width and with whatever hyphens; none if it is no number."""
    found = _DIGITS.fullmatch(_BETWEEN.sub("", unicodedata.normalize("NFKC", typed)))
    if found is None or not mod_11_10.is_valid(found[0]):
        return None
    case_id = int(found[2])
    if not 0 < case_id <= _ID_MOST or found[2] != f"{case_id:0{_PLACES}d}":
        return None
    try:
        return CaseNumber(case_id, date.fromisoformat(found[1]))
    except ValueError:
        return None
