"""Which ID numbers and unified social credit codes are well formed.

Citizen numbers and permanent-residence cards end in an ISO 7064 MOD 11-2 check character
(GB 11643); credit codes carry two, their own (GB 32100) and that of the organisation code inside
(GB 11714).
"""

import re
import unicodedata
from enum import StrEnum

_CREDIT_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION_CODE = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


class IdType(StrEnum):
    RESIDENT_ID = "resident_id"
    FOREIGN_PERMANENT_RESIDENCE = "foreign_permanent_residence"
    PASSPORT = "passport"


ID_TYPE_LABELS: dict[IdType, tuple[str, str]] = {
    IdType.RESIDENT_ID: ("居民身份证", "Resident identity card"),
    IdType.FOREIGN_PERMANENT_RESIDENCE: (
        "外国人永久居留身份证",
        "Foreign permanent resident ID card",
    ),
    IdType.PASSPORT: ("护照", "Passport"),
}


def normalised(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()


def masked(number: str) -> str:
    return number[:3] + "*" * max(len(number) - 7, 0) + number[-4:]


def is_id_number(id_type: IdType, number: str) -> bool:
    match id_type:
        case IdType.RESIDENT_ID:
            return _mod_11_2(number)
        case IdType.FOREIGN_PERMANENT_RESIDENCE:
            # The old form, three letters and twelve digits, stays valid beside the new one.
            new_form = number.startswith("9") and _mod_11_2(number)
            return new_form or re.fullmatch(r"[A-Z]{3}[0-9]{12}", number) is not None
        case IdType.PASSPORT:
            return re.fullmatch(r"[A-Z0-9]{6,12}", number) is not None


def is_uscc(code: str) -> bool:
    if len(code) != 18 or any(character not in _CREDIT_CODE for character in code):
        return False
    total = sum(_CREDIT_CODE.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
    return code[17] == _CREDIT_CODE[-total % 31] and _is_organisation_code(code[8:17])


def _mod_11_2(number: str) -> bool:
    if re.fullmatch(r"[0-9]{17}[0-9X]", number) is None:
        return False
    total = sum(int(digit) * pow(2, 17 - i, 11) for i, digit in enumerate(number[:17]))
    return number[17] == "10X98765432"[total % 11]


def _is_organisation_code(code: str) -> bool:
    values = (_ORGANISATION_CODE.index(character) for character in code[:8])
    total = sum(value * weight for value, weight in zip(values, _ORGANISATION_WEIGHTS, strict=True))
    return code[8] == "0123456789X"[-total % 11]
