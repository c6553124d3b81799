"""Reading one row of accounts, affiliations or history: pure functions from cells to what may be
taken and why not. Whatever depends on other rows or on the database is decided later.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

from admin_app.hierarchy.register_rules import plain
from admin_app.hierarchy.rules import clean_name, clean_uscc, name_key
from admin_app.hierarchy.vocabulary import CodeCheckWrong, CodeMalformed, NameMissing, NameTooLong
from admin_app.identity.id_numbers import legacy_id_number, likely_id_type
from admin_app.identity.names import username_key
from admin_app.identity.old_passwords import SCHEMES, is_well_formed
from admin_app.identity.vocabulary import IdNumberMalformed
from admin_app.migration.import_rows import (
    DETAIL_MOST,
    AccountReading,
    AccountRow,
    AccountWords,
    AffiliationReading,
    AffiliationRow,
    HistoryReading,
    HistoryRow,
    Reading,
)
from admin_app.migration.import_vocabulary import RowCode
from admin_app.migration.vocabulary import AccountKind, RecordKind
from admin_app.wording import Text

KEY_MOST = 100  # external numbers and user names
HASH_MOST = 300
TITLE_MOST = 500
TEXT_MOST = 100
_CHINA = timezone(timedelta(hours=8))
_DATE = re.compile(
    r"(\d{4})(?:[-/.年]?(\d{1,2})(?:[-/.月]?(\d{1,2})日?)?月?)?年?"
    r"(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|\+00:?00)?)?"
)
_ORGANISATION_CODE = re.compile(r"[0-9A-Z]{8}[0-9X]")
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714-1997


def read_account(row: AccountRow, words: AccountWords) -> AccountReading:
    """Read a row of accounts by itself."""
    reading = AccountReading(row.number)
    _read_key(reading, row.external_id, row.surplus)
    kind = words.kinds.get(name_key(plain(row.kind)))
    if kind is None:
        reading.refuse(RowCode.KIND_UNKNOWN, plain(row.kind))
    else:
        reading.kind = kind
    reading.username = username_key(plain(row.username))
    if not reading.username:
        reading.refuse(RowCode.USERNAME_MISSING)
    elif len(reading.username) > KEY_MOST:
        reading.refuse(RowCode.USERNAME_TOO_LONG, KEY_MOST)
    _read_name(reading, row.name)
    _read_id_number(reading, row, words)
    _read_codes(reading, row)
    reading.unit = plain(row.unit)
    _read_password(reading, row, words)
    if plain(row.last_used):
        found = read_date(row.last_used)
        if found is None:
            reading.change(RowCode.DATE_UNKNOWN)
        else:
            reading.last_used_at = found[0]
    return reading


def read_affiliation(row: AffiliationRow) -> AffiliationReading:
    """Read a row of affiliations by itself; a number of its own is welcome and not needed."""
    reading = AffiliationReading(row.number, name=plain(row.account) or plain(row.username))
    _read_key(reading, row.external_id, row.surplus, needed=False)
    reading.account, reading.username = plain(row.account), username_key(plain(row.username))
    if not (reading.account or reading.username):
        reading.refuse(RowCode.ACCOUNT_MISSING)
    reading.unit = plain(row.unit)
    if not reading.unit:
        reading.refuse(RowCode.UNIT_UNKNOWN, "")
    reading.position = _read_text(reading, row.position, TEXT_MOST, Text("职务", "position"))
    found = read_date(row.since)
    if found is None:
        reading.change(RowCode.DATE_UNKNOWN)
    else:
        reading.since = found[0]
    return reading


def read_record(row: HistoryRow, kinds: Mapping[str, RecordKind]) -> HistoryReading:
    """Read a row of business history by itself."""
    reading = HistoryReading(row.number)
    _read_key(reading, row.external_id, row.surplus)
    word = plain(row.kind)
    reading.kind = kinds.get(name_key(word), RecordKind.OTHER)
    if name_key(word) not in kinds:
        reading.change(RowCode.KIND_OTHER, word)
    reading.account, reading.username = plain(row.account), username_key(plain(row.username))
    if not (reading.account or reading.username):
        reading.refuse(RowCode.ACCOUNT_MISSING)
    reading.name = _read_text(
        reading, " ".join(plain(row.title).split()), TITLE_MOST, Text("标题", "title")
    )
    if not reading.name:
        reading.refuse(RowCode.TITLE_MISSING)
    found = read_date(row.date)
    if found is None:
        reading.refuse(RowCode.DATE_MALFORMED, plain(row.date))
    else:
        reading.happened_on = found[0].astimezone(_CHINA).date()
        if not found[1]:
            reading.change(RowCode.DATE_INCOMPLETE, plain(row.date))
    reading.role = _read_text(reading, row.role, TEXT_MOST, Text("角色", "role"))
    reading.status = _read_text(reading, row.status, TEXT_MOST, Text("状态", "status"))
    return reading


def read_date(text: str) -> tuple[datetime, bool] | None:
    """A moment, in China unless it says UTC, and whether the day was given; None: no date."""
    match = _DATE.fullmatch(unicodedata.normalize("NFKC", plain(text)))
    if match is None:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    try:
        moment = datetime(
            *(int(year), int(month or 1), int(day or 1)),
            *(int(hour or 0), int(minute or 0), int(second or 0)),
            tzinfo=UTC if zone else _CHINA,
        )
    except ValueError:
        return None
    if not 1900 <= moment.year <= 2200:
        return None
    return moment.astimezone(UTC), day is not None


def clean_organisation_code(text: str) -> str | None:
    """An organisation code in its written form, without the dash; None: it isn't one."""
    code = "".join(unicodedata.normalize("NFKC", text).upper().replace("-", "").split())
    if not _ORGANISATION_CODE.fullmatch(code):
        return None
    values = (int(character, 36) for character in code[:8])
    total = sum(weight * value for weight, value in zip(_WEIGHTS, values, strict=True))
    return code if code[8] == "0123456789X0"[11 - total % 11] else None


def _read_key(reading: Reading, typed: str, surplus: bool, *, needed: bool = True) -> None:
    if surplus:
        reading.refuse(RowCode.ROW_TOO_LONG)
    reading.external_id = plain(typed)
    if len(reading.external_id) > KEY_MOST:
        reading.external_id = reading.external_id[:KEY_MOST]
        reading.refuse(RowCode.EXTERNAL_ID_TOO_LONG, KEY_MOST)
    if needed and not reading.external_id:
        reading.refuse(RowCode.NO_EXTERNAL_ID)


def _read_name(reading: Reading, typed: str) -> None:
    try:
        reading.name = clean_name(typed)
    except NameMissing:
        reading.refuse(RowCode.NAME_MISSING)
    except NameTooLong:
        reading.name = plain(typed)[:DETAIL_MOST]
        reading.refuse(RowCode.NAME_TOO_LONG, 200)
    if reading.name and not typed.strip().isprintable():
        reading.change(RowCode.CONTROL_CHARACTERS)


def _read_text(reading: Reading, typed: str, most: int, column: Text) -> str:
    text = plain(typed)
    if len(text) > most:
        reading.change(RowCode.TEXT_CUT, column)
    return text[:most]


def _read_id_number(reading: AccountReading, row: AccountRow, words: AccountWords) -> None:
    typed, word = plain(row.id_number), plain(row.id_type)
    if not typed:
        if reading.kind is AccountKind.PERSONAL:
            reading.change(RowCode.ID_MISSING)
        return
    id_type = words.id_types.get(name_key(word)) if word else None
    if word and id_type is None:
        reading.change(RowCode.ID_TYPE_UNKNOWN, word)
    id_type = id_type or likely_id_type(typed)
    try:
        number, is_wrong = legacy_id_number(id_type, typed)
    except IdNumberMalformed:
        reading.change(RowCode.ID_MALFORMED)
        return
    reading.id_type, reading.id_number, reading.id_check_wrong = id_type, number, is_wrong
    if is_wrong:
        reading.change(RowCode.ID_CHECK_WRONG)


def _read_codes(reading: AccountReading, row: AccountRow) -> None:
    typed = plain(row.uscc)
    if typed:
        try:
            reading.uscc, reading.is_code_right = clean_uscc(typed), True
        except CodeMalformed:
            reading.change(RowCode.CODE_MALFORMED, typed)
        except CodeCheckWrong:
            reading.uscc = "".join(unicodedata.normalize("NFKC", typed).upper().split())
            reading.change(RowCode.CODE_CHECK_WRONG, reading.uscc)
    typed = plain(row.organisation_code)
    if typed:
        reading.organisation_code = clean_organisation_code(typed)
        if reading.organisation_code is None:
            reading.change(RowCode.ORGANISATION_CODE_WRONG, typed)
    if reading.organisation_code is None and reading.uscc and reading.is_code_right:
        reading.organisation_code = reading.uscc[8:17]


def _read_password(reading: AccountReading, row: AccountRow, words: AccountWords) -> None:
    stored, word = row.password_hash.strip(), plain(row.password_scheme)
    if not (reading.kind.is_bound or reading.kind.lives_on):
        return  # never asked for: appointments replace these accounts
    if not stored:
        reading.change(RowCode.PASSWORD_MISSING)
        return
    scheme = words.schemes.get(name_key(word), name_key(word))
    if scheme not in SCHEMES:
        reading.change(RowCode.SCHEME_UNKNOWN, word)
    elif len(stored) > HASH_MOST or not is_well_formed(scheme, stored):
        reading.change(RowCode.HASH_MALFORMED, scheme)
    else:
        reading.password_scheme, reading.password_hash = scheme, stored
