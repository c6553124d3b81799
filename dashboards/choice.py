"""The reader's choice and the address that holds the whole of it, so that it can be passed on."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlencode

from admin_app.migration.counts import Counted
from admin_app.rollups.vocabulary import ALL_REGIONS, NoSuchPlace
from dashboards.values import Choice

PERIOD = timedelta(days=29)  # before the last day, unless somebody says otherwise
PERIOD_MOST = timedelta(days=366)
_EARLIEST = date(2000, 1, 1)
_ADDRESS_MOST = 2_000
_FIELDS_MOST = 20
_NUMBER_MOST = 2**31 - 1  # what both databases take for a key


def read_search(search: object, today: date, usual: Counted) -> Choice:
    """The choice in the part of an address that begins with "?"; it may come from anywhere.

    Raises:
        NoSuchPlace
    """
    text = search if isinstance(search, str) else ""
    try:
        fields = dict(
            parse_qsl(text[:_ADDRESS_MOST].removeprefix("?"), max_num_fields=_FIELDS_MOST)
        )
    except ValueError:
        fields = {}
    return read(fields, today, usual)


def read(fields: Mapping[str, str], today: date, usual: Counted) -> Choice:
    """The choice that some fields say; what makes no sense is no choice, but for the unit.

    ``usual`` is the kind that this reader begins with.

    Raises:
        NoSuchPlace: the unit isn't even a number. To show everything instead would be to show
            something else than was asked for.
    """
    last = _day(fields.get("last"), today)
    first = _day(fields.get("first"), last or today)
    if first is not None and (last or today) - first > PERIOD_MOST:
        first = (last or today) - PERIOD_MOST
    return Choice(
        unit_id=_unit(fields.get("department") or fields.get("unit") or ""),
        region=_region(fields.get("region", "")),
        counted=next((c for c in Counted if c.value == fields.get("kind")), usual),
        first=first,
        last=None if last == today else last,
        compared_with=_day(fields.get("compare"), today),
    )


def search_of(choice: Choice, **changes: object) -> str:
    """The choice as the part of an address after "?".

    What is as at the beginning is left out, but for the kind: not everybody begins with the same,
    and an address passed on must show the same.
    """
    changed = replace(choice, **changes)  # type: ignore[arg-type]  # as dataclasses would check
    fields = {
        "unit": changed.unit_id,
        "kind": changed.counted.value,
        "region": changed.region or None,
        "first": changed.first,
        "last": changed.last,
        "compare": changed.compared_with,
    }
    return urlencode({name: value for name, value in fields.items() if value is not None})


def period_of(choice: Choice, today: date) -> tuple[date, date]:
    """The first and the last day shown."""
    last = choice.last or today
    return choice.first or last - PERIOD, last


def _unit(text: str) -> int | None:
    if not text:
        return None
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(_NUMBER_MOST))
    if not is_number or not 0 < int(text) <= _NUMBER_MOST:
        raise NoSuchPlace
    return int(text)


def _region(text: str) -> str:
    return text if len(text) == 4 and text.isascii() and text.isdecimal() else ALL_REGIONS


def _day(text: str | None, latest: date) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return min(day, latest) if day >= _EARLIEST else None
