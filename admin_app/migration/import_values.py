"""What a row of accounts becomes in the table, and what a later one changes there."""

from collections.abc import Mapping
from typing import Any

from admin_app.audit.act import Act
from admin_app.migration.blockers import Blocker
from admin_app.migration.import_rows import AccountReading
from admin_app.migration.matching import kin_index
from admin_app.migration.rules import AccountFacts, standing
from admin_app.migration.vocabulary import AccountKind

_FREE = {"hindrance": None, "held_for_id": None}


def values_of(act: Act, reading: AccountReading, unit_id: int | None) -> dict[str, Any]:
    """What the row says, as the table keeps it; without the number itself."""
    is_unit = reading.kind is AccountKind.UNIT
    keeps_password = reading.kind.is_bound
    id_type, number = reading.id_type, reading.id_number
    has_number = id_type is not None and number is not None
    return {
        "username": reading.username,
        "name": reading.name,
        "id_type": id_type,
        "id_index": act.sealer.index(id_type.value, number) if id_type and number else None,
        "kin_index": (
            kin_index(act.sealer, reading.name, id_type, number) if id_type and number else None
        ),
        "id_check_wrong": reading.id_check_wrong if has_number else None,
        "uscc": reading.uscc if is_unit else None,
        "organisation_code": reading.organisation_code if is_unit else None,
        "unit_id": unit_id,
        "password_scheme": reading.password_scheme if keeps_password else None,
        "password_hash": reading.password_hash if keeps_password else None,
        "last_used_at": reading.last_used_at,
    }


def differences(there: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """What a later file says otherwise; what it leaves out stays."""
    return {
        name: value
        for name, value in values.items()
        if value is not None and value != getattr(there, name)
    }


def following(
    act: Act, reading: AccountReading, there: Any, different: Mapping[str, Any]
) -> dict[str, Any]:
    """What has to change along with what differs."""
    also: dict[str, Any] = {}
    id_type, number = reading.id_type, reading.id_number
    if "id_index" in different and id_type is not None and number is not None:
        also |= {"id_type": id_type, "id_sealed": act.sealer.seal(number)}
        also |= {"kin_index": kin_index(act.sealer, reading.name, id_type, number)}
        also |= {"seen_level": None, "seen_at": None}  # that was of the former number
        if there.hindrance is not Blocker.DISPUTED:
            also |= _FREE
    elif "name" in different and number is None and there.id_sealed is not None:
        former = act.sealer.open(there.id_sealed)
        also["kin_index"] = kin_index(act.sealer, reading.name, there.id_type, former)
    if "password_hash" in different and there.hindrance is Blocker.OLD_PASSWORD:
        also |= _FREE
    return also


def new_account(act: Act, reading: AccountReading, values: Mapping[str, Any]) -> dict[str, Any]:
    """A whole row of the table, for one that isn't there yet."""
    state, blocker = _standing(reading, values["unit_id"])
    return {
        **values,
        "external_id": reading.external_id,
        "kind": reading.kind.value,
        "id_type": reading.id_type.value if reading.id_type else None,
        "id_check_wrong": reading.id_check_wrong,
        "id_sealed": act.sealer.seal(reading.id_number) if reading.id_number else None,
        "imported_at": act.at,
        "state": state,
        "blocker": blocker,
        "stated_at": act.at,
    }


def _standing(reading: AccountReading, unit_id: int | None) -> tuple[str | None, str | None]:
    """Where an account stands of whose owner nothing is known yet."""
    if not (reading.kind.is_bound or reading.kind.lives_on):
        return None, None  # follows from its unit
    facts = AccountFacts(
        kind=reading.kind, id_type=reading.id_type, on_platform=unit_id is not None
    )
    state, blocker = standing(facts)
    return state.value, blocker.value if blocker else None
