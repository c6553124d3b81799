"""ID numbers: the one written form in which they are compared, and what can be wrong with one.

The check character is ISO 7064 MOD 11-2, taken from python-stdnum. Its whole rule for Chinese
numbers (``stdnum.cn.ric``) is not used: it refuses divisions that did not exist in the year of
birth, and genuine cards bear such divisions.
"""

import re
import unicodedata
from datetime import date, timedelta

from stdnum.iso7064 import mod_11_2

from admin_app.identity.vocabulary import (
    IdNumberCheckWrong,
    IdNumberMalformed,
    IdType,
    PassportNotVerifiable,
)
from admin_app.wording import Text

_SECOND_GENERATION = re.compile(r"[0-9]{17}[0-9X]")
_FIRST_GENERATION = re.compile(r"[0-9]{15}")
_PERMANENT_RESIDENCE = re.compile(r"9[0-9]{16}[0-9X]")  # cards issued from December 2023
_PERMANENT_RESIDENCE_OLD = re.compile(r"[A-Z]{3}[0-9]{12}")  # valid beside the new ones
_PERMANENT_RESIDENCE_LIKELY = re.compile(r"9[1-8][0-9]{15}[0-9X]$")  # with a real province
_PASSPORT = re.compile(r"[A-Z0-9]{5,12}")

_EARLIEST_BIRTH = date(1880, 1, 1)
_NOT_WRITTEN = {"Pd", "Zs", "Zl", "Zp", "Cc", "Cf"}  # dashes, white space, what can't be seen

_NO_CHECK_DIGIT = Text(
    "旧版外国人永久居留证号码无法自动校验，请对照证件逐位核对。",
    "Numbers of older permanent-residence cards can't be checked by computer; "
    "please compare it with the card, character by character.",
)


def clean_id_number(id_type: IdType, text: str) -> str:
    """A number as it is compared: half width, capitals, no spaces or dashes, 18 digits not 15.

    Raises:
        IdNumberMalformed: not of the form of such a number, or no possible date of birth.
        IdNumberCheckWrong: the form is right, the check character is not.
    """
    number = _written(text)
    match id_type:
        case IdType.RESIDENT_ID if _FIRST_GENERATION.fullmatch(number):
            number = resident_id_18(number)
        case IdType.RESIDENT_ID:
            _require_form(id_type, _SECOND_GENERATION, number)
            _require_check(number)
        case IdType.FOREIGN_PERMANENT_RESIDENCE if _PERMANENT_RESIDENCE_OLD.fullmatch(number):
            return number
        case IdType.FOREIGN_PERMANENT_RESIDENCE:
            _require_form(id_type, _PERMANENT_RESIDENCE, number)
            _require_check(number)
        case IdType.PASSPORT:
            _require_form(id_type, _PASSPORT, number)
            return number
    # Both kinds of 18 characters carry the date of birth in the same place.
    if not _is_plausible_birth(number[6:14]):
        raise _malformed(id_type)
    return number


def legacy_id_number(id_type: IdType, text: str) -> tuple[str, bool]:
    """A number from old data, and whether its check character is wrong: then it is kept all the
    same, for whoever it belongs to must be found.

    Raises:
        IdNumberMalformed
    """
    try:
        return clean_id_number(id_type, text), False
    except IdNumberCheckWrong:
        number = _written(text)
        if not _is_plausible_birth(number[6:14]):
            raise _malformed(id_type) from None
        return number, True


def likely_id_type(text: str) -> IdType:
    """What kind of document a number is of, by its form, where old data don't say."""
    number = _written(text)
    if _PERMANENT_RESIDENCE_OLD.fullmatch(number) or _PERMANENT_RESIDENCE_LIKELY.match(number):
        return IdType.FOREIGN_PERMANENT_RESIDENCE
    return IdType.RESIDENT_ID if len(number) in (15, 18) else IdType.PASSPORT


def resident_id_18(number: str) -> str:
    """The 18-character form of a resident ID number; one of 15 digits gets century and check."""
    if not _FIRST_GENERATION.fullmatch(number):
        return number
    body = f"{number[:6]}19{number[6:]}"
    return body + str(mod_11_2.calc_check_digit(body))


def doubt_about(id_type: IdType, number: str) -> Text | None:
    """What a page should ask to be compared again, though the number is taken."""
    is_old = _PERMANENT_RESIDENCE_OLD.fullmatch(number) is not None
    return _NO_CHECK_DIGIT if id_type is IdType.FOREIGN_PERMANENT_RESIDENCE and is_old else None


def require_verifiable(id_type: IdType) -> None:
    """Raises PassportNotVerifiable: the portal can't vouch for whoever bears it (R44)."""
    if id_type is IdType.PASSPORT:
        raise PassportNotVerifiable(field="id_type")


def mask_id_number(number: str) -> str:
    """A number as it may be shown: enough for its bearer to recognise it, and no more."""
    head, tail = (3, 4) if len(number) >= 15 else (1, 2)  # short ones would show nearly all
    hidden = max(len(number) - head - tail, 0)
    return number[:head] + "*" * hidden + number[-tail:] if hidden else "*" * len(number)


def _written(text: str) -> str:
    if text.isascii() and text.isalnum():
        return text.upper()  # nothing to even out: nearly all of ten million imported ones
    normal = unicodedata.normalize("NFKC", text).upper()
    return "".join(c for c in normal if unicodedata.category(c) not in _NOT_WRITTEN)


def _require_form(id_type: IdType, form: re.Pattern[str], number: str) -> None:
    if not form.fullmatch(number):
        raise _malformed(id_type)


def _require_check(number: str) -> None:
    if not mod_11_2.is_valid(number):
        raise IdNumberCheckWrong(field="id_number")


def _is_plausible_birth(digits: str) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    # A day's grace: the server's calendar may be behind China's.
    return _EARLIEST_BIRTH <= born <= date.today() + timedelta(days=1)


def _malformed(id_type: IdType) -> IdNumberMalformed:
    return IdNumberMalformed(field="id_number", id_type=id_type.label)
