"""Which unit an imported account belongs to."""

from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.migration.import_places import Found, Place, Places
from admin_app.migration.import_rows import AccountReading
from admin_app.migration.import_vocabulary import RowCode
from admin_app.migration.vocabulary import AccountKind

_KINDS = {
    AccountKind.PERSONAL: frozenset(UnitKind),
    AccountKind.UNIT: frozenset({UnitKind.FIRST_LEVEL}),
    AccountKind.UNIT_ADMINISTRATOR: frozenset({UnitKind.FIRST_LEVEL, UnitKind.SECONDARY}),
    AccountKind.SECONDARY_UNIT: frozenset({UnitKind.SECONDARY}),
    AccountKind.DEPARTMENT: frozenset({UnitKind.DEPARTMENT}),
    AccountKind.MANAGER: frozenset({UnitKind.DEPARTMENT}),
}


def settle_unit(reading: AccountReading, places: Places) -> int | None:
    """The account's unit; what is in doubt is reported and not guessed.

    Accounts of departments and managers need theirs: without it the row is refused. A unit
    account takes over the unit's credit code if its own is missing, wrong or out of date, for by
    that code the portal reports who represents it.
    """
    if reading.refusal is not None:
        return None
    is_unit = reading.kind is AccountKind.UNIT
    place = _of_enterprise(reading, places) if is_unit else _of_others(reading, places)
    if place is not None and place.kind not in _KINDS[reading.kind]:
        reading.change(RowCode.UNIT_KIND_WRONG, place.name)
        place = None
    if place is None:
        if reading.kind.lives_on:
            reading.refuse(RowCode.DEPARTMENT_NOT_FOUND, reading.unit)
        return None
    if is_unit and place.uscc:
        reading.uscc, reading.is_code_right = place.uscc, True
    return place.id


def _of_others(reading: AccountReading, places: Places) -> Place | None:
    """By the unit given; a credit code beside it may be that of the unit above."""
    code = reading.uscc if reading.is_code_right else None
    if reading.unit:
        return _or_tell(reading, places.by_reference(reading.unit), reading.unit)
    if code:
        return _or_tell(reading, places.by_code(code), code)
    if reading.organisation_code:
        inner = reading.organisation_code
        return _or_tell(reading, places.by_inner_code(inner), inner)
    if reading.kind is not AccountKind.PERSONAL:
        reading.change(RowCode.UNIT_MISSING)
    return None


def _of_enterprise(reading: AccountReading, places: Places) -> Place | None:
    """By the credit code; else by the unit given; else by the code inside the credit code."""
    code = reading.uscc if reading.is_code_right else None
    by_code = places.by_code(code).place if code else None
    named = places.by_reference(reading.unit) if reading.unit else Found()
    if by_code is not None:
        if named.place is not None and named.place.id != by_code.id:
            reading.change(RowCode.UNIT_CONTRADICTS, named.place.name)
            return None
        return by_code
    if named.place is not None:
        if code and named.place.uscc and code[8:17] != named.place.uscc[8:17]:
            reading.change(RowCode.UNIT_CONTRADICTS, named.place.name)
            return None
        return named.place
    if reading.organisation_code:
        inner = places.by_inner_code(reading.organisation_code)
        if inner.place is not None and code:
            reading.change(RowCode.UNIT_BY_INNER_CODE, inner.place.name)
        if inner.place is not None or inner.is_ambiguous:
            return _or_tell(reading, inner, reading.organisation_code)
    what = code or reading.unit or reading.organisation_code
    if not what:
        reading.change(RowCode.UNIT_MISSING)
        return None
    return _or_tell(reading, named, what)


def _or_tell(reading: AccountReading, found: Found, what: str) -> Place | None:
    if found.place is None:
        several = found.is_ambiguous
        reading.change(RowCode.UNIT_AMBIGUOUS if several else RowCode.UNIT_NOT_FOUND, what)
    return found.place
